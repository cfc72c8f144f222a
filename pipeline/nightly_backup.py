"""The backup that is made unattended: a folder of its own each time, an alert where it fails."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from correspondence.clock import BANGKOK
from correspondence.errors import SarabanError
from pipeline.alerts import BACKUP
from pipeline.backup import BackupReport, back_up
from pipeline.bootstrap import House
from pipeline.verifying import Tell
from registry.alerts import clear_alerts, raise_alert

INCOMPLETE = "backup_incomplete"
_NAME = "saraban-"
# What a killed backup left half-written is its own waste, and goes after so long.
_ABANDONED_SECONDS = 24 * 3600


def back_up_nightly(house: House, tell: Tell) -> BackupReport:
    """Make a backup named by its moment in Bangkok; raises or clears the alert of backups.

    Earlier backups stay: how many are kept is the office's to decide.

    Raises:
        SarabanError: as `back_up`; the alert stands by then.
    """
    folder = house.settings.backups
    target = folder / f"{_NAME}{house.clock().astimezone(BANGKOK):%Y%m%dT%H%M%S}"
    _sweep(folder)
    try:
        report = back_up(house.settings, target, tell, house.clock)
    except SarabanError as fault:
        _alert(house, fault.code)
        raise
    _alert(house, None if report.outcome == "whole" else INCOMPLETE)
    return report


def _alert(house: House, code: str | None) -> None:
    now = house.clock()
    with house.sessions.begin() as session:
        if code is not None:
            raise_alert(session, BACKUP, code, at=now)
        clear_alerts(session, BACKUP, at=now, but=[code] if code else [])


def _sweep(folder: Path) -> None:
    with suppress(OSError):
        for partial in folder.glob(f".{_NAME}*.partial-*"):
            if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(partial, ignore_errors=True)
