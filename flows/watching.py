"""The process that watches mailboxes beside the scheduled pulls: `python -m flows.watching`."""

from __future__ import annotations

import logging
import sys

from correspondence.errors import SarabanError
from flows.mailbox_secrets import read_mailbox_secret
from flows.stopping import stop_on_signals
from office.logs import set_up_logs
from pipeline.bootstrap import open_house
from pipeline.watching import watch_mailboxes


def main() -> int:
    """Watch until SIGTERM or SIGINT; 1 where the house cannot be opened (it is started again)."""
    stopping = stop_on_signals()
    try:
        house = open_house()
    except SarabanError as fault:
        logging.getLogger(__name__).error("%s", fault.code)
        return fault.exit_code
    set_up_logs(house.settings.log_level, house.settings.log_form)
    watch_mailboxes(house, stopping, read_password=read_mailbox_secret)
    house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
