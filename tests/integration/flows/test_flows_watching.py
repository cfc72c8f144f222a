"""The watching process as `saraban serve` starts it: pulls at once, ends when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from registry.models import IntakeItem
from tests.integration.conftest import MailOffice

pytestmark = pytest.mark.timeout(180)


def test_the_process_pulls_at_once_and_ends_on_sigterm(mail_office: MailOffice) -> None:
    house = mail_office.open()
    environment = {
        **os.environ,
        "SARABAN_HOME": str(mail_office.home),
        "SARABAN_DATABASE_URL": mail_office.database_url,
    }
    process = subprocess.Popen([sys.executable, "-m", "flows.watching"], env=environment)
    try:
        mail_office.server.append(mail_office.user, b"Subject: one\r\n\r\nletter\r\n")
        deadline = time.monotonic() + 60
        count = 0
        while not count and time.monotonic() < deadline:
            with house.sessions.begin() as session:
                count = session.scalar(select(func.count()).select_from(IntakeItem)) or 0
            time.sleep(0.1)
        assert count == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
    finally:
        process.kill()
        process.wait()
