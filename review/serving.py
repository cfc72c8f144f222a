"""Serve the review app on the loopback: `python -m review.serving`."""

from __future__ import annotations

import signal
import sys

import uvicorn

from correspondence.errors import SarabanError
from office.logs import set_up_logs
from office.settings import read_settings
from pipeline.bootstrap import open_house
from review.app import create_app

HOST = "127.0.0.1"
STOP_SECONDS = 10


def main() -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code.

    The access log holds paths with ids, never what a page shows.
    """
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_form)
        house = open_house(settings)
    except SarabanError as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code
    # The server raises the signal once more when it has stopped; that must not kill us then.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
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
    try:
        server.run()
    finally:
        house.close()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
