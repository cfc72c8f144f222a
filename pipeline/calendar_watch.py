"""Tend the calendar between passes: dates that rest on an older state, the year nobody checked."""

from __future__ import annotations

from datetime import date

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.thai_dates import BE_OFFSET
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.mail_templates import fill_template
from pipeline.recipients import RecipientList
from pipeline.redating import CalendarMove, CaseDate, redate_open_cases
from registry.engine import open_snapshot
from registry.outbox import MessageKey, NewMessage, put_message
from registry.redating import versions_in_use
from registry.transitions import MACHINE

CALENDAR_YEAR = "calendar_year"
# The cabinet settles the next year's holidays in the months before; the office asks in October.
_ASK_FROM_MONTH = 10


class CalendarTending(Frozen):
    """What a pass did: counts only; `unconfirmed_year` (CE) waits for somebody to check it."""

    redated: int
    kept: int
    asked: int
    unconfirmed_year: int | None


def tend_calendar(house: House) -> CalendarTending:
    """Bring dates up to the calendar in force and ask for the year that must be checked."""
    cases = catch_up_dates(house)
    year, asked = ask_for_year(house)
    return CalendarTending(
        redated=sum(case.moved for case in cases),
        kept=sum(not case.moved for case in cases),
        asked=asked,
        unconfirmed_year=year,
    )


def catch_up_dates(house: House) -> tuple[CaseDate, ...]:
    """Re-date open cases whose dates were found with another state of the calendar.

    That happens when `calendar.toml` was changed by hand, or a case was dated while the calendar
    was being changed. Each older state is one transaction; without one, nothing is written.

    Raises:
        CalendarYearMissing: a count reaches a year without data; that transaction is undone.
    """
    calendar = house.calendars.refresh()
    with open_snapshot(house.sessions) as session:
        stale = sorted(set(versions_in_use(session)) - {calendar.version})
    concerned: list[CaseDate] = []
    for version in stale:
        move = CalendarMove(
            old=house.calendars.of_version(version),
            new=calendar,
            by=MACHINE,
            at=house.clock(),
            why=f"ปฏิทินรุ่น {calendar.version} แทนรุ่น {version}",
        )
        with house.sessions.begin() as session:
            concerned += redate_open_cases(session, house.configuration.deadlines, move, version)
    return tuple(concerned)


def year_to_check(today: date, confirmed: frozenset[int]) -> int | None:
    """Return the CE year whose calendar the office must check now; None where there is none.

    This year's is always due; the next year's from 1 October. By "from", not "on": a month in
    which nothing ran catches up.
    """
    wanted = [today.year]
    if today.month >= _ASK_FROM_MONTH:
        wanted.append(today.year + 1)
    return next((year for year in wanted if year not in confirmed), None)


def ask_for_year(house: House) -> tuple[int | None, int]:
    """Put a notice to each registrar and administrator into the outbox, once for each year.

    Returns the year that waits (CE, None for none) and how many notices were put now.
    """
    now = house.clock()
    today = bangkok_day(now)
    house.calendars.refresh()
    year = year_to_check(today, frozenset(house.calendars.table.confirmed_years))
    if year is None:
        return None, 0
    with house.sessions.begin() as session:
        people = RecipientList(session, house.configuration.groups, today)
        addresses = dict.fromkeys(
            address
            for role in (Role.ADMINISTRATOR, Role.REGISTRAR)
            for address in people.addresses(role, None)
        )
        put = sum(put_message(session, _message(year, address), at=now) for address in addresses)
    return year, put


def _message(year: int, address: str) -> NewMessage:
    text = fill_template("calendar_year", year_be=thai_digits(year + BE_OFFSET), year=year)
    key = MessageKey(CALENDAR_YEAR, str(year), None, address)
    return NewMessage(key, text.subject, text.body)
