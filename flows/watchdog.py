"""The process that sees whether the house does its rounds: `python -m flows.watchdog`.

It needs no Prefect, for it has to tell when that is away; while it is there, it is asked what
failed, is late or is stuck.
"""

from __future__ import annotations

import sys

from correspondence.errors import SarabanError
from flows.run_watch import watch_runs
from flows.stopping import stop_on_signals
from office.logs import get_log, set_up_logs
from office.settings import read_settings
from pipeline.watchdog import watch_house

SECONDS = 60.0


def main() -> int:
    """Look every minute until SIGTERM or SIGINT; the exit code of a fault in the settings."""
    stopping = stop_on_signals()
    try:
        settings = read_settings()
    except SarabanError as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code
    set_up_logs(settings.log_level, settings.log_form)
    log = get_log(__name__)
    # The first rounds after a start take longer than a minute.
    while not stopping.wait(SECONDS):
        # First the runs: what is wrong with them leaves with the mail of the same look.
        for trouble in watch_runs(settings):
            log.warning("a flow needs a look", source=trouble.deployment, code=trouble.code)
        for missed in watch_house(settings).missed:
            log.warning("the house misses something", source=missed.source, code=missed.code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
