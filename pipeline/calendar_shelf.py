"""The calendar in force: `calendar.toml` and what people have corrected, read when changed."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from office.calendar_table import CalendarTable
from office.settings import Settings
from registry.calendar import CalendarMark, calendar_mark, corrected_table, read_mark
from registry.engine import Sessions, open_engine, open_sessions, open_snapshot
from routing.calendar import WorkingCalendar

_log = logging.getLogger(__name__)


def standing_calendar(settings: Settings, base: CalendarTable) -> WorkingCalendar:
    """Return the calendar in force for a command that needs no database.

    Where there is a registry, its corrections count, too; it is only read and never made or
    migrated. Where there is none, or it does not answer, `calendar.toml` alone counts.

    Args:
        settings: says where the registry is.
        base: `calendar.toml`.
    """
    file = make_url(settings.database).database if settings.database.startswith("sqlite") else ""
    if file and not Path(file).is_file():
        return WorkingCalendar.from_table(base)
    engine = open_engine(settings.database)
    try:
        with open_snapshot(open_sessions(engine)) as session:
            return WorkingCalendar.from_table(corrected_table(session, base))
    except DBAPIError as fault:
        _log.warning("the registry's calendar was not read: %s", type(fault).__name__)
        return WorkingCalendar.from_table(base)
    finally:
        engine.dispose()


class CalendarShelf:
    """Holds the calendar between passes; `refresh` looks whether anybody has changed it."""

    def __init__(self, base: CalendarTable, sessions: Sessions) -> None:
        """Keep where to read; nothing is read yet.

        Args:
            base: `calendar.toml`.
            sessions: the registry.
        """
        self.base = base
        self._sessions = sessions
        self._mark: CalendarMark | None = None
        self._table = base
        self._calendar = WorkingCalendar.from_table(base)

    @property
    def table(self) -> CalendarTable:
        """The table in force at the last look."""
        self._look_once()
        return self._table

    @property
    def in_force(self) -> WorkingCalendar:
        """The working days at the last look."""
        self._look_once()
        return self._calendar

    def refresh(self) -> WorkingCalendar:
        """Look at the registry and return the working days in force now."""
        with open_snapshot(self._sessions) as session:
            mark = calendar_mark(session)
            if mark != self._mark:
                self._table = corrected_table(session, self.base, mark)
                self._calendar = WorkingCalendar.from_table(self._table)
                self._mark = mark
        return self._calendar

    def of_version(self, version: str) -> WorkingCalendar | None:
        """Return the calendar as a due date recorded it; None where it cannot be had again."""
        mark = read_mark(version, self.base)
        if mark is None:
            return None
        if mark == self._mark:
            return self._calendar
        with open_snapshot(self._sessions) as session:
            return WorkingCalendar.from_table(corrected_table(session, self.base, mark))

    def _look_once(self) -> None:
        if self._mark is None:
            self.refresh()
