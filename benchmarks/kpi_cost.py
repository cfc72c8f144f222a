"""The figures of a month over many cases: seconds, seconds a case, memory, and case by case.

    python -m benchmarks.kpi_cost [--cases 100000] [--database URL]

The register is filled with a quarter, a half and all of the cases, every one received in the
month asked for, with the events and due dates of its whole way. The same figures are also taken
case by case, three queries each, from a sample: how many times as long that takes is shown.
`measure_kpi` is for `benchmarks.deadlines`. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, Channel, ReadOutcome
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.kpi_view import KpiQuery, kpi_table, yardstick_of
from registry.case_history import EXTEND, histories_of
from registry.engine import open_snapshot
from registry.models import AuditEvent, Case, DueDateRow, IntakeItem, Letter
from reports.case_course import CaseCourse, course_of
from reports.kpi import Breakdown, measure
from reports.kpi_cell import Figure
from reports.kpi_period import Period, read_kpi_period

MONTH = read_kpi_period(month="2026-10")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BY = (Breakdown.CATEGORY, Breakdown.GROUP, Breakdown.CHANNEL)
_SAMPLE = 500
# The best of so many: other work on the machine only ever adds.
_TIMES = 3
_CHUNK = 5000
_S, _A = CaseState, Action
_WAY = (
    (_S.REGISTERED, _A.CLASSIFY, _S.CLASSIFIED),
    (_S.CLASSIFIED, _A.ROUTE, _S.ASSIGNED),
    (_S.ASSIGNED, _A.START_DRAFT, _S.DRAFTING),
    (_S.DRAFTING, _A.SUBMIT_DRAFT, _S.IN_REVIEW),
    (_S.IN_REVIEW, _A.APPROVE, _S.SIGN_OFF),
    (_S.SIGN_OFF, _A.SIGN, _S.AWAITING_DISPATCH),
    (_S.AWAITING_DISPATCH, _A.DISPATCH, _S.DISPATCHED),
    (_S.DISPATCHED, _A.CLOSE, _S.CLOSED),
)
_GROUPS = ("complaints", "political", "public_relations", "foreign_affairs", "administration")


@dataclass(frozen=True, slots=True)
class KpiCost:
    """One measured month; `one_by_one` is the time of the same cases asked for one by one."""

    database: str
    cases: int
    seconds: float
    one_by_one: float
    peak_mb: float

    @property
    def microseconds_a_case(self) -> float:
        """Wall time a case."""
        return self.seconds / self.cases * 1e6

    @property
    def ratio(self) -> float:
        """How many times as long the cases take one by one."""
        return self.one_by_one / self.seconds


def measure_kpi(sizes: tuple[int, ...], database_url: str = "") -> list[KpiCost]:
    """Return what the figures of a month cost with so many cases, ascending.

    Args:
        sizes: numbers of cases, ascending; the register grows from one to the next.
        database_url: an empty database; a SQLite file in a scratch folder by default.
    """
    costs = []
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as scratch:
        settings = Settings(home=Path(scratch), database_url=database_url)
        house = open_house(settings, clock=lambda: NOW)
        filled = 0
        try:
            for size in sizes:
                fill(house, filled + 1, size)
                filled = size
                costs.append(_cost(house, size))
        finally:
            house.close()
    return costs


def fill(house: House, first: int, last: int) -> None:
    """Put cases into the register, each with the events and due dates of its way so far."""
    for start in range(first, last + 1, _CHUNK):
        ids = range(start, min(start + _CHUNK, last + 1))
        with house.engine.begin() as connection:
            rows = [_rows(case_id) for case_id in ids]
            connection.execute(insert(IntakeItem), [row.item for row in rows])
            connection.execute(insert(Case), [row.case for row in rows])
            connection.execute(insert(Letter), [row.letter for row in rows])
            connection.execute(insert(DueDateRow), [due for row in rows for due in row.dues])
            connection.execute(insert(AuditEvent), [event for row in rows for event in row.events])


@dataclass(frozen=True, slots=True)
class _Rows:
    item: dict[str, object]
    case: dict[str, object]
    letter: dict[str, object]
    dues: list[dict[str, object]]
    events: list[dict[str, object]]


def _rows(case_id: int) -> _Rows:
    chance = random.Random(case_id)
    opened = datetime(2026, 10, 1, 1, 0, tzinfo=UTC) + timedelta(minutes=chance.randrange(43_000))
    channel = chance.choice(list(Channel)).value
    done = chance.choice((4, 4, 5, 6, 8, 8, 8, 8))
    moments = [opened + timedelta(hours=20 * step) for step in range(len(_WAY))]
    due = opened.date() + timedelta(days=chance.randrange(1, 12))
    extended = chance.random() < 0.1
    item = {
        "id": case_id, "source": "bench", "source_key": str(case_id), "channel": channel,
        "file_name": "x.pdf", "sha256": f"{case_id:064x}", "size": 1, "arrived_at": opened,
        "stored_at": opened, "outcome": "registered",
    }  # fmt: skip
    case = {
        "id": case_id, "state": _WAY[done - 1][2].value, "version": done, "urgency": "normal",
        "category": chance.choice(list(Category)).value, "subcategory": None,
        "group_id": chance.choice(_GROUPS), "restricted": False, "due_date": due,
        "opened_at": opened, "updated_at": opened, "last_progress_at": opened,
    }  # fmt: skip
    letter = {
        "id": case_id, "intake_item_id": case_id, "case_id": case_id, "part": 1,
        "register_year": 2026, "register_number": case_id, "received_at": opened,
        "registered_at": opened, "channel": channel, "media_type": "application/pdf",
        "kind": "unknown", "language": "th", "read_outcome": ReadOutcome.OK.value,
        "warnings": "",
    }  # fmt: skip
    dues = [
        {
            "case_id": case_id, "received_at": opened, "anchor_date": opened.date(),
            "due_date": day, "rule_id": None, "candidates": [], "holidays_counted": [],
            "explanation": "", "calendar_confirmed": True, "needs_person": False,
            "calendar_version": "bench", "computed_at": at, "superseded_at": None,
        }
        for day, at in ((due, opened), (due + timedelta(days=5), moments[3]))[: 1 + extended]
    ]  # fmt: skip
    events = [
        _event(case_id, at, action.value, before.value, to.value)
        for at, (before, action, to) in zip(moments, _WAY[:done], strict=False)
    ]
    if extended:
        events.append(_event(case_id, moments[3], EXTEND, None, None))
    return _Rows(item, case, letter, dues, events)


def _event(
    case_id: int, at: datetime, action: str, before: str | None, to: str | None
) -> dict[str, object]:
    return {
        "at": at, "actor": "bench", "action": action, "case_id": case_id, "from_state": before,
        "to_state": to, "reason": "", "before": {}, "after": {},
    }  # fmt: skip


def _cost(house: House, cases: int) -> KpiCost:
    query = KpiQuery(MONTH, by=BY)
    kpi_table(house, query)
    seconds = float("inf")
    for _ in range(_TIMES):
        started = time.perf_counter()
        table = kpi_table(house, query)
        seconds = min(seconds, time.perf_counter() - started)
    if table.total.number(Figure.RECEIVED) != cases:
        raise RuntimeError("not every case was counted")
    # Apart from the timed run: watching memory takes time.
    tracemalloc.start()
    kpi_table(house, query)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return KpiCost(
        database=house.engine.dialect.name,
        cases=cases,
        seconds=seconds,
        one_by_one=_one_by_one(house, min(cases, _SAMPLE)) * cases / min(cases, _SAMPLE),
        peak_mb=peak / 1e6,
    )


def _one_by_one(house: House, cases: int) -> float:
    """Return the seconds that the first cases take when each is asked for alone."""
    until = Period(MONTH.last, MONTH.last).bounds()[1]
    started = time.perf_counter()
    with open_snapshot(house.sessions) as session:
        courses: Iterator[CaseCourse] = (
            course_of(history)
            for case_id in range(1, cases + 1)
            for history in histories_of(session, [case_id], until=until)
        )
        measure(courses, MONTH, MONTH.last, yardstick_of(house), by=BY)
    return time.perf_counter() - started


def show(costs: list[KpiCost]) -> None:
    """Print a table and one line of JSON."""
    out = sys.stdout.write
    out(
        f"{'database':12}{'cases':>9}{'seconds':>9}{'µs/case':>9}{'peak MB':>9}{'one by one':>12}\n"
    )
    for cost in costs:
        out(
            f"{cost.database:12}{cost.cases:>9,}{cost.seconds:>9.2f}"
            f"{cost.microseconds_a_case:>9.1f}{cost.peak_mb:>9.0f}{cost.ratio:>11.1f}×\n"
        )
    growth = costs[-1].microseconds_a_case / costs[0].microseconds_a_case
    out(f"cost a case, {costs[-1].cases:,} against {costs[0].cases:,} cases: {growth:.2f} ×\n")
    record = {"kpi": [asdict(cost) for cost in costs], "growth": growth}
    out(json.dumps(record) + "\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--database", default="", help="URL of an empty database")
    options = parser.parse_args()
    sizes = (options.cases // 4, options.cases // 2, options.cases)
    show(measure_kpi(sizes, options.database))


if __name__ == "__main__":
    main()
