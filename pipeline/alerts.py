"""Alerts of the house: kept in the database, in a file beside it while the database is away."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, ValidationError
from sqlalchemy import select

from correspondence.clock import Clock
from correspondence.reading import Frozen
from office.configuration import Configuration
from office.settings import Settings
from registry.alerts import clear_alerts, open_alerts, raise_alert
from registry.engine import Sessions, open_snapshot
from registry.models import Alert

DATABASE = "database"
# Parts of the house that raise and clear alerts of their own.
OUTBOX = "outbox"
NOTICES = "notices"
AUDIT = "audit"
CLASSIFIER = "classifier"
CLASSIFIER_WEEK = "classifier_week"
VERIFY = "verify"
BACKUP = "backup"
WATCHDOG = "watchdog"
SWEEP = "sweep"
_OWN = frozenset(
    {OUTBOX, NOTICES, AUDIT, CLASSIFIER, CLASSIFIER_WEEK, VERIFY, BACKUP, WATCHDOG, SWEEP}
)
# The deployments of the orchestrator, `flow/pull-main`; no source may be called so.
FLOW = "flow/"
_WAITING = "alerts.waiting"
_log = logging.getLogger(__name__)


class AlertLine(Frozen):
    """An alert in force: which source, what fault, since when, how often met."""

    source: str
    code: str
    since: datetime
    last_seen: datetime
    count: int


class _Waiting(Frozen):
    source: str
    code: str
    at: AwareDatetime


def alerts_in_force(sessions: Sessions) -> tuple[AlertLine, ...]:
    """Return the open alerts, oldest first."""
    with open_snapshot(sessions) as session:
        return tuple(
            AlertLine(
                source=alert.source,
                code=alert.code,
                since=alert.since,
                last_seen=alert.last_seen,
                count=alert.count,
            )
            for alert in open_alerts(session)
        )


def keep_alert(settings: Settings, code: str, at: datetime) -> None:
    """Keep an alert of the database until it answers again; never raises.

    It goes to a file in the data folder; on a full disk it stands in the log alone.
    """
    line = _Waiting(source=DATABASE, code=code, at=at).model_dump_json() + "\n"
    try:
        path = _waiting_file(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as fault:
        _log.critical("alert %s of the database was not kept: %s", code, type(fault).__name__)


def tend_alerts(
    settings: Settings, configuration: Configuration, sessions: Sessions, clock: Clock
) -> None:
    """Bring alerts up to date now that the database answers.

    Those that waited in the file are entered and cleared, for the database is back; those of
    sources that `sources.toml` no longer names are cleared.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away again; what waited waits on.
    """
    now = clock()
    known = {source.name for source in configuration.sources.enabled}
    taken = list(_take_waiting(settings))
    waiting = [alert for path in taken for alert in _read_waiting(path)]
    with sessions.begin() as session:
        for code in sorted({alert.code for alert in waiting}):
            met = [alert.at for alert in waiting if alert.code == code]
            raise_alert(session, DATABASE, code, at=max(met), since=min(met), count=len(met))
        alerted = session.scalars(select(Alert.source).where(Alert.cleared_at.is_(None)).distinct())
        for source in set(alerted) - known - _OWN:
            if not source.startswith(FLOW):
                clear_alerts(session, source, at=now)
    # Killed before this, the same are counted once more: an alert too many, never one too few.
    for path in taken:
        path.unlink(missing_ok=True)


def _waiting_file(settings: Settings) -> Path:
    return settings.home_folder / _WAITING


def _take_waiting(settings: Settings) -> Iterator[Path]:
    """Yield the files of waiting alerts, put aside so that no other process adds to them."""
    path = _waiting_file(settings)
    yield from sorted(path.parent.glob(f"{_WAITING}.*"))
    if path.exists():
        aside = path.with_name(f"{_WAITING}.{os.getpid()}-{path.stat().st_mtime_ns}")
        try:
            yield path.rename(aside)
        except FileNotFoundError:
            # Another process takes them.
            return


def _read_waiting(path: Path) -> Iterator[_Waiting]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield _Waiting.model_validate_json(line)
        except ValidationError:
            # Half a line of a full disk.
            continue
