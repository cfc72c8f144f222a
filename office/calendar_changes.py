"""Changes of the office's calendar and the table they give; pure, so a change can be tried."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from correspondence.reading import Frozen
from office.calendar_table import CalendarEntry, CalendarTable


class HolidayEffect(StrEnum):
    """What an entry does to its day."""

    ADD = "add"
    REMOVE = "remove"


class HolidayChange(Frozen):
    """A day that becomes a holiday (add) or a working day (remove)."""

    effect: HolidayEffect
    entry: CalendarEntry


class YearChange(Frozen):
    """A CE year whose holidays a person has compared with the cabinet's, or no longer vouches for.

    `source` names what it was compared with.
    """

    year: int = Field(ge=1900, le=2400)
    confirmed: bool = True
    source: str = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=1000)


CalendarChange = HolidayChange | YearChange


def apply_changes(
    table: CalendarTable, changes: Iterable[CalendarChange], *, version: str
) -> CalendarTable:
    """Return the table with the changes made, in their order.

    A later decision replaces an earlier one of the same day and region. Where both hold at the
    office's place (one national, one of its region), the later one alone stays in force.

    Args:
        table: the table so far.
        changes: what people have decided, the earliest first.
        version: the name of the new state.
    """
    entries = {(entry.day, entry.region): (HolidayEffect.ADD, entry) for entry in table.add} | {
        (entry.day, entry.region): (HolidayEffect.REMOVE, entry) for entry in table.remove
    }
    by_day: dict[object, set[str]] = {}
    for day, region in entries:
        by_day.setdefault(day, set()).add(region)
    years = set(table.confirmed_years)
    for change in changes:
        if isinstance(change, YearChange):
            (years.add if change.confirmed else years.discard)(change.year)
            continue
        entry = change.entry
        regions = by_day.setdefault(entry.day, set())
        here = table.holds_here(entry)
        for region in sorted(regions):
            rival = entries[entry.day, region][1]
            if region == entry.region or (here and table.holds_here(rival)):
                del entries[entry.day, region]
                regions.discard(region)
        entries[entry.day, entry.region] = (change.effect, entry)
        regions.add(entry.region)
    in_order = sorted(entries.items(), key=lambda item: item[0])
    return CalendarTable(
        version=version,
        region=table.region,
        confirmed_years=tuple(sorted(years)),
        add=tuple(entry for _, (effect, entry) in in_order if effect is HolidayEffect.ADD),
        remove=tuple(entry for _, (effect, entry) in in_order if effect is HolidayEffect.REMOVE),
    )
