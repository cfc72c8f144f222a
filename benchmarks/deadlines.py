"""What deadlines cost: counting against numpy, 100,000 open cases re-dated, a month of figures.

    python -m benchmarks.deadlines [--cases 100000] [--database URL]

Counting is checked date by date against numpy and timed against it four ways: stepping day by
day with `numpy.busday_offset`, one call of it a count, one call for all counts (dates alone, no
reasons), and `numpy` calendar days that roll. Re-dating is timed in memory (decisions with their
explanations) and in the register (one transaction, every case with its event in the trail), with
a quarter, a half and all of the cases, every one of which crosses the new holiday. Prints tables
and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.kpi_cost import KpiCost, measure_kpi
from benchmarks.kpi_cost import show as show_kpi
from benchmarks.open_cases import open_cases, store_cases
from correspondence.vocabulary import PeriodUnit, Roll
from office.calendar_changes import HolidayChange, HolidayEffect, apply_changes
from office.calendar_table import CalendarEntry, load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.calendar_changes import preview_changes, save_changes
from routing.calendar import WorkingCalendar
from routing.counting import count
from routing.redating import redate_cases

SPECIAL = HolidayChange(
    effect=HolidayEffect.ADD,
    entry=CalendarEntry(
        day=date(2026, 11, 24), name="วันหยุดราชการเพิ่มเป็นกรณีพิเศษ", source="มติคณะรัฐมนตรี"
    ),
)
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
T = TypeVar("T")
_SLOW = 2_000


@dataclass(frozen=True, slots=True)
class CountCost:
    """One way of counting: microseconds a date, and how many times as long as ours it takes."""

    way: str
    counts: int
    microseconds: float
    ratio: float


@dataclass(frozen=True, slots=True)
class RedateCost:
    """One re-dating: `where` it happened, how many cases moved, the seconds it took."""

    where: str
    cases: int
    seconds: float

    @property
    def microseconds_a_case(self) -> float:
        """Wall time a case."""
        return self.seconds / self.cases * 1e6


def measure_counting(counts: int) -> list[CountCost]:
    """Return what a date costs, ours first; every date is compared with numpy's.

    Raises:
        RuntimeError: a date differs.
    """
    calendar = WorkingCalendar.from_table(load_calendar_table(find_folder("config")))
    holidays = np.array(
        [day for year in range(2019, 2028) for day in calendar.holidays(year)], "datetime64[D]"
    )
    week = np.busdaycalendar(holidays=holidays)
    chance = random.Random(9)
    anchors = [date(2020, 1, 1) + timedelta(days=chance.randrange(2200)) for _ in range(counts)]
    periods = [chance.randrange(1, 46) for _ in range(counts)]
    days, lengths = np.array(anchors, "datetime64[D]"), np.array(periods)
    few = min(counts, _SLOW)

    def ours(unit: PeriodUnit, roll: Roll) -> list[date]:
        return [
            count(anchor, n, unit, roll, calendar)
            for anchor, n in zip(anchors, periods, strict=True)
        ]

    def stepping() -> list[date]:
        found = []
        for day, n in zip(days[:few], periods[:few], strict=True):
            for _ in range(n):
                # From a day off, forward alone would already be the first working day.
                day = np.busday_offset(
                    np.busday_offset(day, 0, roll="backward", busdaycal=week), 1, busdaycal=week
                )
            found.append(day.item())
        return found

    def one_call_a_count() -> list[date]:
        return [
            np.busday_offset(day, n, roll="backward", busdaycal=week).item()
            for day, n in zip(days, periods, strict=True)
        ]

    def one_call() -> list[date]:
        return list(np.busday_offset(days, lengths, roll="backward", busdaycal=week).tolist())

    def calendar_days() -> list[date]:
        return [
            np.busday_offset(day + n, 0, roll="forward", busdaycal=week).item()
            for day, n in zip(days, periods, strict=True)
        ]

    ours(PeriodUnit.WORKING, Roll.NONE)
    working, mine = _timed(lambda: ours(PeriodUnit.WORKING, Roll.NONE))
    straight, mine_too = _timed(lambda: ours(PeriodUnit.CALENDAR, Roll.NEXT))
    costs = [
        CountCost("ours, working days", counts, working / counts * 1e6, 1.0),
        CountCost("ours, calendar days that roll", counts, straight / counts * 1e6, 1.0),
    ]
    for way, run, size, base, expected in (
        ("numpy, day by day", stepping, few, working, mine),
        ("numpy, one call a count", one_call_a_count, counts, working, mine),
        ("numpy, one call for all", one_call, counts, working, mine),
        ("numpy, calendar days that roll", calendar_days, counts, straight, mine_too),
    ):
        seconds, found = _timed(run)
        if found != expected[:size]:
            raise RuntimeError(f"{way}: a date differs")
        costs.append(CountCost(way, size, seconds / size * 1e6, seconds / size * counts / base))
    return costs


def measure_redating(sizes: tuple[int, ...], database_url: str = "") -> list[RedateCost]:
    """Return what re-dating costs in memory and in the register, sizes ascending.

    Args:
        sizes: numbers of open cases, each of which crosses the new holiday.
        database_url: an empty database; a SQLite file in a scratch folder by default. Between
            sizes the holiday is taken back, so that the same cases move again.
    """
    costs = []
    for size in sizes:
        costs.append(_in_memory(size))
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as scratch:
        settings = Settings(home=Path(scratch), database_url=database_url)
        house = open_house(settings, clock=lambda: NOW)
        back = SPECIAL.model_copy(update={"effect": HolidayEffect.REMOVE})
        filled = 0
        try:
            for size in sizes:
                store_cases(house, filled + 1, size)
                filled = size
                seconds, seen = _timed(lambda: preview_changes(house, [SPECIAL]))
                costs.append(RedateCost("register, shown only", len(seen.redated), seconds))
                seconds, done = _timed(lambda: save_changes(house, [SPECIAL], by="bench"))
                costs.append(RedateCost("register, saved", len(done.redated), seconds))
                if len(done.redated) != size or done.redated != seen.redated:
                    raise RuntimeError("not every case was re-dated")
                if size != sizes[-1]:
                    save_changes(house, [back], by="bench")
        finally:
            house.close()
    return costs


def _in_memory(size: int) -> RedateCost:
    config = find_folder("config")
    rules, table = load_deadlines(config), load_calendar_table(config)
    old = WorkingCalendar.from_table(table)
    new = WorkingCalendar.from_table(apply_changes(table, [SPECIAL], version="bench"))
    cases = list(open_cases(1, size, rules, old))
    seconds, moved = _timed(lambda: redate_cases(cases, rules, old, new))
    if len(moved) != size:
        raise RuntimeError("not every case was re-dated")
    return RedateCost("memory", size, seconds)


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def show(counting: list[CountCost], redating: list[RedateCost], kpi: list[KpiCost]) -> None:
    """Print tables and one line of JSON."""
    out = sys.stdout.write
    out(f"{'counting':34}{'counts':>9}{'µs/date':>10}{'ratio':>9}\n")
    for cost in counting:
        out(f"{cost.way:34}{cost.counts:>9,}{cost.microseconds:>10.2f}{cost.ratio:>8.2f}×\n")
    out(f"\n{'re-dating':24}{'cases':>9}{'seconds':>9}{'µs/case':>9}\n")
    for redated in redating:
        out(
            f"{redated.where:24}{redated.cases:>9,}{redated.seconds:>9.2f}"
            f"{redated.microseconds_a_case:>9.1f}\n"
        )
    growth = {}
    for where in dict.fromkeys(cost.where for cost in redating):
        ways = [cost.microseconds_a_case for cost in redating if cost.where == where]
        growth[where] = ways[-1] / ways[0]
        out(f"cost a case, largest against smallest, {where}: {growth[where]:.2f} ×\n")
    out("\nfigures of a month\n")
    show_kpi(kpi)
    record = {
        "counting": [asdict(cost) for cost in counting],
        "redating": [asdict(cost) for cost in redating],
        "growth": growth,
    }
    out(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", default="", help="URL of an empty database for re-dating")
    options = parser.parse_args()
    sizes = (options.cases // 4, options.cases // 2, options.cases)
    show(
        measure_counting(options.cases),
        measure_redating(sizes, options.database),
        measure_kpi(sizes),
    )


if __name__ == "__main__":
    main()
