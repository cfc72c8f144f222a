"""The composition root: settings, database, blobs, calendar and model for flows, web and CLI."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from correspondence.clock import Clock, utc_now
from office.configuration import Configuration, read_configuration
from office.settings import Settings, read_settings
from pipeline.alerts import keep_alert, tend_alerts
from pipeline.calendar_shelf import CalendarShelf
from pipeline.item_reading import JOB, READING_LIMITS
from registry.audit_chain import AuditBroken, AuditKeyMissing, check_key, read_head
from registry.audit_form import AuditKeys
from registry.blobs import BlobStore
from registry.connections import OF_A_PROCESS
from registry.engine import Sessions, open_engine, open_sessions
from registry.faults import DATABASE_FAULTS, name_database_fault
from registry.ledger import Ledger
from registry.migrate import schema_is_usable, upgrade_schema
from registry.models import GroupRow
from routing.calendar import WorkingCalendar
from sandbox.pool import SandboxPool

if TYPE_CHECKING:
    from classifiers.model import Classifier

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class House:
    """Everything a stage needs, built once per process."""

    settings: Settings
    configuration: Configuration
    engine: Engine
    sessions: Sessions
    blobs: BlobStore
    ledger: Ledger
    clock: Clock

    @cached_property
    def calendars(self) -> CalendarShelf:
        """The office's calendar with what people have corrected; `refresh` it before a pass."""
        return CalendarShelf(self.configuration.calendar, self.sessions)

    @property
    def calendar(self) -> WorkingCalendar:
        """The government's working days with the office's corrections, as last looked at."""
        return self.calendars.in_force

    @property
    def audit_keys(self) -> AuditKeys:
        """The keys of the audit trail's chain."""
        return AuditKeys.of(self.settings.audit_secrets)

    @cached_property
    def classifier(self) -> Classifier:
        """The classifier in force; trained from the shipped letters on first use."""
        # Loading numpy and the model takes a second that most commands need not spend.
        from pipeline.models import verified_classifier

        return verified_classifier(self.settings, self.sessions, self.blobs, self.clock)

    def readers(self) -> SandboxPool:
        """Return a pool of child processes that read letters; use as a context manager."""
        return SandboxPool(JOB, workers=self.settings.worker_count, limits=READING_LIMITS)

    def close(self) -> None:
        """Give connections back, of the database and of the blob store."""
        self.engine.dispose()
        self.blobs.close()

    def __enter__(self) -> House:
        """Return the house; it is closed at the end of the block."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Close the house."""
        self.close()


def open_house(
    settings: Settings | None = None,
    *,
    clock: Clock = utc_now,
    connections: int = OF_A_PROCESS,
) -> House:
    """Return the house with its database at the current schema.

    Args:
        settings: of the office; by default those in force.
        clock: gives the present moment.
        connections: the most that this process opens to a database server.

    Raises:
        ConfigurationFault: a setting or a file of `config/` is wrong.
        DatabaseAway: the database does not answer or is locked; kept as an alert.
        StorageFull: it has no room.
        AuditKeyMissing: the audit trail has a key that this process was not given.
    """
    settings = settings or read_settings()
    configuration = read_configuration(settings.config_folder)
    engine = open_engine(settings.database, connections=connections)
    keys = AuditKeys.of(settings.audit_secrets)
    sessions = open_sessions(engine, keys)
    try:
        if not schema_is_usable(engine):
            upgrade_schema(engine)
        _look_for_audit_key(engine, keys)
        tend_alerts(settings, configuration, sessions, clock)
    except DATABASE_FAULTS as fault:
        named = name_database_fault(fault)
        keep_alert(settings, named.code, clock())
        engine.dispose()
        raise named from fault
    blobs = BlobStore(settings.blobs)
    blobs.sweep_partial()
    house = House(
        settings=settings,
        configuration=configuration,
        engine=engine,
        sessions=sessions,
        blobs=blobs,
        ledger=Ledger(sessions, blobs, clock),
        clock=clock,
    )
    _mirror_groups(house)
    return house


def _look_for_audit_key(engine: Engine, keys: AuditKeys) -> None:
    """Refuse to open a house that could not write one audit event."""
    try:
        with engine.connect() as connection:
            check_key(keys, read_head(connection))
    except AuditKeyMissing:
        engine.dispose()
        raise
    except AuditBroken as fault:
        # It opens, so that it can be looked at and mended; the check raises the alert.
        _log.critical("%s", fault)


def _mirror_groups(house: House) -> None:
    """Make the groups of `groups.toml` referable; a vanished one is retired, never deleted."""
    now = house.clock()
    with house.sessions.begin() as session:
        rows = {row.id: row for row in session.scalars(select(GroupRow))}
        for group in house.configuration.groups.group:
            row = rows.pop(group.id, None)
            if row is None:
                session.add(GroupRow(id=group.id, thai=group.thai))
            else:
                row.thai, row.retired_at = group.thai, None
        for row in rows.values():
            row.retired_at = row.retired_at or now
