"""The office's own calendar table (`calendar.toml`): what it adds to and takes from the seed.

The cabinet declares special days late and moves substitutes, so no package of holidays is the
truth for a ministry. The office keeps its corrections here, each with its source.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import ConfigDict, Field, model_validator

from correspondence.reading import Frozen
from office.toml_file import load_toml

NATIONAL = "national"


class CalendarEntry(Frozen):
    """One correction of the calendar (วันหยุดราชการที่เพิ่มหรือยกเลิก).

    `day` is CE; `region` is `national` or a cabinet region (north, northeast, central, south);
    `source` names the resolution or announcement it rests on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    day: date = Field(alias="date")
    name: str = Field(min_length=1)
    region: str = NATIONAL
    source: str = Field(min_length=1)
    note: str = ""


class CalendarTable(Frozen):
    """The whole of `calendar.toml`.

    `version` is recorded with each due date; `region` is where the office works;
    `confirmed_years` are the CE years whose holidays a person has checked.
    """

    version: str = Field(min_length=1)
    region: str = "central"
    confirmed_years: tuple[int, ...] = ()
    add: tuple[CalendarEntry, ...] = ()
    remove: tuple[CalendarEntry, ...] = ()

    @model_validator(mode="after")
    def _no_day_twice(self) -> CalendarTable:
        for entries in (self.added(), self.removed()):
            days = [entry.day for entry in entries]
            twice = sorted({day for day in days if days.count(day) > 1})
            if twice:
                raise ValueError(f"{twice[0]} stands twice")
        both = {entry.day for entry in self.added()} & {entry.day for entry in self.removed()}
        if both:
            raise ValueError(f"{min(both)} is both added and removed")
        return self

    def added(self) -> tuple[CalendarEntry, ...]:
        """Return the added holidays that hold where the office works."""
        return tuple(entry for entry in self.add if self.holds_here(entry))

    def removed(self) -> tuple[CalendarEntry, ...]:
        """Return the removed holidays that hold where the office works."""
        return tuple(entry for entry in self.remove if self.holds_here(entry))

    def holds_here(self, entry: CalendarEntry) -> bool:
        """Tell whether an entry holds where the office works."""
        return entry.region in (NATIONAL, self.region)


def load_calendar_table(folder: Path) -> CalendarTable:
    """Return `calendar.toml` of the config folder.

    Raises:
        ConfigurationFault: missing, not TOML, or a wrong key; names file, key and remedy.
    """
    return load_toml(folder / "calendar.toml", CalendarTable)
