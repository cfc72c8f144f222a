"""The dead man's check: has the house done its rounds? It needs neither Prefect nor a flow.

What it misses becomes an alert; the alert leaves through the outbox at once. Where the
house does not open, nothing can be queued: `alarm` mails at once.
"""

from __future__ import annotations

import logging
import shutil
from datetime import datetime, timedelta
from typing import Final

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.clock import Clock, utc_now
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome
from office.settings import Settings
from pipeline.alarm import sound_alarm
from pipeline.alert_notices import tell_alerts
from pipeline.alerts import DATABASE, WATCHDOG, keep_alert
from pipeline.bootstrap import House, open_house
from pipeline.posting import send_outbox
from registry.alerts import clear_alerts, raise_alert
from registry.faults import DATABASE_FAULTS, name_database_fault
from registry.ledger import ARCHIVE
from registry.models import IntakeItem, SourceState
from routing.reminders import in_office_hours

NO_GOOD_PULL: Final = "no_good_pull"
LETTER_WAITS: Final = "letter_waits"
DISK_LOW: Final = "disk_low"
PREFECT_AWAY: Final = "prefect_away"
SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class Missed(Frozen):
    """Something that should have happened: which part of the house, and the alert's code."""

    source: str
    code: str


class WatchReport(Frozen):
    """JSON of `watchdog`: what is missed now, and whether anybody was mailed."""

    missed: tuple[Missed, ...]
    mailed: int = 0


def watch_house(settings: Settings, *, clock: Clock = utc_now) -> WatchReport:
    """Look once, raise or clear alerts, and send them on; never raises for what it finds.

    Args:
        settings: of the house; it is opened here, for it may not open.
        clock: gives the present moment.
    """
    try:
        with open_house(settings, clock=clock) as house:
            missed = look(house)
            enter(house, missed)
            tell_alerts(house)
            return WatchReport(missed=missed, mailed=_send(house))
    except DATABASE_FAULTS as fault:
        code = name_database_fault(fault).code
        keep_alert(settings, code, clock())
    except SarabanError as fault:
        # Opening the house has kept it, where it can be.
        code = fault.code
    away = Missed(source=DATABASE, code=code)
    return WatchReport(missed=(away,), mailed=sound_alarm(settings, code))


def look(house: House) -> tuple[Missed, ...]:
    """Return what is missed now.

    A mailbox or folder that nobody could pull for `watch_pull_minutes` counts in office hours
    only, for servers are mended at night; what waits to be read, the disk and Prefect's server
    count at any hour.
    """
    now, settings = house.clock(), house.settings
    missed: list[Missed] = []
    with house.sessions.begin() as session:
        hours = house.configuration.deadlines.office_hours
        if in_office_hours(now, hours, house.calendar):
            since = now - timedelta(minutes=settings.watch_pull_minutes)
            missed += _not_pulled(house, session, since)
        oldest = session.scalar(
            select(func.min(IntakeItem.arrived_at)).where(
                IntakeItem.outcome == IntakeOutcome.PENDING.value, IntakeItem.source != ARCHIVE
            )
        )
    if oldest and oldest < now - timedelta(minutes=settings.watch_letter_minutes):
        missed.append(Missed(source=WATCHDOG, code=LETTER_WAITS))
    if shutil.disk_usage(settings.home_folder).free < settings.watch_disk_megabytes << 20:
        missed.append(Missed(source=WATCHDOG, code=DISK_LOW))
    if not prefect_answers(settings):
        missed.append(Missed(source=WATCHDOG, code=PREFECT_AWAY))
    return tuple(missed)


def enter(house: House, missed: tuple[Missed, ...]) -> None:
    """Raise an alert for all that is missed and clear the watchdog's own that is not.

    The alert of a mailbox is cleared by its next good pull, as every other of that mailbox.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        for one in missed:
            raise_alert(session, one.source, one.code, at=now)
        standing = [one.code for one in missed if one.source == WATCHDOG]
        clear_alerts(session, WATCHDOG, at=now, but=standing)


def prefect_answers(settings: Settings) -> bool:
    """Tell whether Prefect's server says that it is well; its word needs no sign-in."""
    try:
        answer = httpx.get(
            f"http://127.0.0.1:{settings.prefect_port}/api/health", timeout=SECONDS, trust_env=False
        )
    except httpx.HTTPError:
        return False
    # A server behind a password answers 401: it lives.
    return answer.status_code < 500


def _not_pulled(house: House, session: Session, since: datetime) -> list[Missed]:
    good = {row.source: row.last_good_poll_at for row in session.scalars(select(SourceState))}
    return [
        Missed(source=source.name, code=NO_GOOD_PULL)
        for source in house.configuration.sources.enabled
        if (last := good.get(source.name)) is None or last < since
    ]


def _send(house: House) -> int:
    try:
        return send_outbox(house).sent
    except SarabanError as fault:
        # The alerts wait in the outbox; what is wrong with it is an alert of its own.
        _log.error("alerts were not sent: %s", fault.code)
        return 0
