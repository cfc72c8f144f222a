"""The mail that the house does not open: no database, no outbox, straight to the mail server."""

from __future__ import annotations

import logging
import secrets
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from correspondence.errors import SarabanError
from office.settings import Settings
from pipeline.mail_templates import fill_template
from pipeline.postbox import Postbox, read_address
from registry.outbox import WaitingMessage

# Between two such mails.
PAUSE: Final = timedelta(hours=1)
_STAMP = "alarm.sent"
_log = logging.getLogger(__name__)


def sound_alarm(settings: Settings, code: str) -> int:
    """Mail the addresses of SARABAN_ALARM_TO that the house does not open, once an hour at most.

    Args:
        settings: the addresses, the mail server and the data folder.
        code: of the fault.

    Returns:
        How many were mailed; a mail server that is away too stands in the log.
    """
    recipients = settings.alarm_addresses
    url = settings.smtp_url.get_secret_value()
    stamp = settings.home_folder / _STAMP
    if not recipients or not url or _is_fresh(stamp):
        return 0
    sent = 0
    try:
        text = fill_template("house_away", code=code, host=socket.gethostname())
        with Postbox(read_address(url)) as postbox:
            for number, recipient in enumerate(recipients):
                postbox.send(
                    WaitingMessage(
                        id=number,
                        key=f"house_away:{code}",
                        token=secrets.token_hex(16),
                        recipient=recipient,
                        subject=text.subject,
                        body=text.body,
                    )
                )
                sent += 1
    except SarabanError as fault:
        _log.error("the alarm was not sent: %s", fault.code)
    if sent:
        stamp.touch()
    return sent


def _is_fresh(stamp: Path) -> bool:
    try:
        return time.time() - stamp.stat().st_mtime < PAUSE.total_seconds()
    except OSError:
        return False
