"""Serve the review app on the loopback: `python -m review.serving`."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType

import uvicorn

from correspondence.errors import SarabanError
from office.logs import set_up_logs
from office.settings import read_settings
from pipeline.bootstrap import open_house
from registry.connections import OF_THE_REVIEW_APP
from registry.search_words import cut_words
from review.app import create_app
from review.calendar_pages import FEED

HOST = "127.0.0.1"
STOP_SECONDS = 10
# An access record has client, method, path, version and status.
_ARGUMENTS, _PATH = 5, 2


class HideAddresses(logging.Filter):
    """Takes out of the access log what must not stand there: what was asked, feeds' addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the path of a record; every record is kept."""
        if isinstance(record.args, tuple) and len(record.args) == _ARGUMENTS:
            path = str(record.args[_PATH]).partition("?")[0]
            shown = f"{FEED}-" if path.startswith(FEED) else path
            record.args = (*record.args[:_PATH], shown, *record.args[_PATH + 1 :])
        return True


def main() -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code.

    The access log holds paths with ids, never what a page shows.
    """
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_form)
        house = open_house(settings, connections=OF_THE_REVIEW_APP)
    except SarabanError as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code
    logging.getLogger("uvicorn.access").addFilter(HideAddresses())
    # Nobody's first search should wait for the dictionary.
    threading.Thread(target=cut_words, args=("ค้นหา",), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(house),
            host=HOST,
            port=settings.review_port,
            log_level=settings.log_level.lower(),
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )

    def leave(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # Before the server listens to signals itself, and after: it raises them once more when it has
    # stopped, and that must not kill us then.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    try:
        server.run()
    finally:
        house.close()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
