"""Change the office's calendar: what it does to open cases is shown first, then saved whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Role
from office.calendar_changes import CalendarChange, HolidayChange, YearChange, apply_changes
from office.calendar_table import CalendarTable
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from pipeline.calendar_watch import catch_up_dates
from pipeline.redating import CalendarMove, CaseDate, concerned_cases, redate_open_cases
from registry.calendar import calendar_mark, corrected_table, enter_changes, lock_calendar
from registry.engine import open_snapshot
from registry.models import AuditEvent
from registry.redating import count_open_cases
from registry.transitions import MACHINE, Actor
from routing.calendar import WorkingCalendar

# Who may change the days that every due date rests on.
MAY_CHANGE = (Role.ADMINISTRATOR, Role.OFFICE_HEAD, Role.REGISTRAR)
MOST_CHANGES = 5_000


class ChangedDay(Frozen):
    """A weekday that is worked in one state and off in the other; `name` of the holiday (Thai)."""

    day: date
    off: bool
    name: str


class CalendarEffect(Frozen):
    """What a change of the calendar does, or has done where `saved`.

    `days` are the weekdays it changes, `years` those it confirms or takes back. `redated` cases
    get another date; `kept` ones cross a changed day, but their dates were set by a person.
    """

    saved: bool
    version: str
    changes: int
    days: tuple[ChangedDay, ...]
    years: tuple[int, ...]
    open_cases: int
    redated: tuple[CaseDate, ...]
    kept: tuple[CaseDate, ...]


def preview_changes(house: House, changes: Sequence[CalendarChange]) -> CalendarEffect:
    """Return what changes would do to the calendar and to open cases; nothing is written.

    Raises:
        UsageFault: no change, too many, or days no calendar can hold.
        CalendarYearMissing: an open case's count would reach a year without data.
    """
    _check(changes)
    with open_snapshot(house.sessions) as session:
        table = corrected_table(session, house.configuration.calendar)
        move = _move(table, apply_changes(table, changes, version="preview"), MACHINE, house)
        cases = concerned_cases(session, house.configuration.deadlines, move)
        return _effect(session, changes, move, cases, saved=False)


def save_changes(house: House, changes: Sequence[CalendarChange], *, by: str) -> CalendarEffect:
    """Enter changes into the calendar's history and re-date open cases, in one transaction.

    The trail has one event for each change and one for each case with its old date, its new date
    and the reason.

    Args:
        house: the office's house.
        changes: what changes, in order.
        by: the sign-in name of a registrar, an administrator or the head of the office.

    Raises:
        ActionRefused: the person may not.
        UsageFault: no change, or too many.
        CalendarYearMissing: an open case's count would reach a year without data; nothing is
            saved.

    Dates that were found with an older state of the calendar are brought up to this one first.
    """
    _check(changes)
    catch_up_dates(house)
    base = house.configuration.calendar
    now = house.clock()
    with house.sessions.begin() as session:
        actor = acting_person(session, by, MAY_CHANGE)
        lock_calendar(session)
        before = calendar_mark(session)
        table = corrected_table(session, base, before)
        mark = enter_changes(session, changes, by=actor.name, at=now)
        for change in changes:
            session.add(_event(change, table, actor, house))
        new = corrected_table(session, base, mark)
        move = _move(table, new, actor, house, why=_word(changes))
        cases = redate_open_cases(session, house.configuration.deadlines, move, table.version)
        effect = _effect(session, changes, move, cases, saved=True)
    house.calendars.refresh()
    return effect


def no_effect(house: House) -> CalendarEffect:
    """Return the effect of changing nothing, where a file brings nothing new."""
    with open_snapshot(house.sessions) as session:
        return CalendarEffect(
            saved=False,
            version=house.calendars.refresh().version,
            changes=0,
            days=(),
            years=(),
            open_cases=count_open_cases(session),
            redated=(),
            kept=(),
        )


def _check(changes: Sequence[CalendarChange]) -> None:
    if not changes:
        raise UsageFault("There is nothing to change.", thai="ไม่มีรายการที่จะเปลี่ยนปฏิทิน")
    if len(changes) > MOST_CHANGES:
        raise UsageFault("Too many changes at once.", thai="เปลี่ยนปฏิทินครั้งละมากเกินไป")


def _move(
    old: CalendarTable, new: CalendarTable, actor: Actor, house: House, *, why: str = ""
) -> CalendarMove:
    return CalendarMove(
        old=WorkingCalendar.from_table(old),
        new=WorkingCalendar.from_table(new),
        by=actor,
        at=house.clock(),
        why=why,
    )


def _effect(
    session: Session,
    changes: Sequence[CalendarChange],
    move: CalendarMove,
    cases: tuple[CaseDate, ...],
    *,
    saved: bool,
) -> CalendarEffect:
    return CalendarEffect(
        saved=saved,
        version=move.new.version,
        changes=len(changes),
        days=tuple(_changed_days(changes, move)),
        years=tuple(sorted({c.year for c in changes if isinstance(c, YearChange)})),
        open_cases=count_open_cases(session),
        redated=tuple(case for case in cases if case.moved),
        kept=tuple(case for case in cases if not case.moved),
    )


def _changed_days(changes: Sequence[CalendarChange], move: CalendarMove) -> list[ChangedDay]:
    if move.difference is None:
        return []
    names = {c.entry.day: c.entry.name for c in changes if isinstance(c, HolidayChange)}
    days = sorted(names)
    differing = move.difference.among(days)
    return [
        ChangedDay(
            day=day,
            off=not move.new.is_working_day(day),
            name=names.get(day, ""),
        )
        for day in differing
    ]


def _event(change: CalendarChange, table: CalendarTable, actor: Actor, house: House) -> AuditEvent:
    if isinstance(change, YearChange):
        action = "calendar_confirm" if change.confirmed else "calendar_unconfirm"
        before: dict[str, object] = {
            "year": change.year,
            "confirmed": change.year in table.confirmed_years,
        }
        after: dict[str, object] = {
            "year": change.year,
            "confirmed": change.confirmed,
            "note": change.note,
        }
        reason = change.source
    else:
        entry = change.entry
        action = f"calendar_{change.effect}"
        standing = [
            {"effect": effect, "name": other.name, "region": other.region}
            for effect, entries in (("add", table.add), ("remove", table.remove))
            for other in entries
            if other.day == entry.day
        ]
        before = {"day": entry.day.isoformat(), "entries": standing}
        after = {"day": entry.day.isoformat(), "name": entry.name, "region": entry.region}
        after |= {"note": entry.note}
        reason = entry.source
    return AuditEvent(
        at=house.clock(),
        actor=actor.name,
        action=action,
        case_id=None,
        from_state=None,
        to_state=None,
        reason=reason,
        before=before,
        after={**after, "role": actor.role.value},
    )


def _word(changes: Sequence[CalendarChange]) -> str:
    """Return on what authority the calendar changes: its sources, each once."""
    sources = dict.fromkeys(
        change.source if isinstance(change, YearChange) else change.entry.source
        for change in changes
    )
    return "ตาม" + "; ".join(list(sources)[:3])
