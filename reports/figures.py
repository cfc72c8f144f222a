"""The monthly figures (ทันเวลา): what was received in a month and what became of it in time.

The share in time counts answered in time and still open within the time, over all cases that
have a due date. Two in time, one late and two open past the date are 40.0 %; a month without
such cases has no share, which is not the same as none in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import computed_field

from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from reports.month import Month


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case as the figures see it; all days are Bangkok's, CE.

    Attributes:
        case_id: id of the case.
        register_number: its first letter's number, for citing.
        received_on: the day it came.
        closed_on: the day the answer left or the case was closed, None while open.
        due_date: None where none was set.
        category: None while nobody has chosen one.
        group: id of the group, None before it was assigned.
        past_hour: the due date has an hour, and it was closed, or still is open, after it.
    """

    case_id: int
    register_number: str
    received_on: date
    closed_on: date | None
    due_date: date | None
    category: Category | None
    group: str | None
    past_hour: bool = False


class Timeliness(StrEnum):
    """Where a case stands against its due date on the day the figures are taken."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"
    CLOSED_UNDATED = "closed_undated"
    OPEN_UNDATED = "open_undated"


class FigureCell(Frozen):
    """Cases by timeliness. Each number is the length of its list of case ids."""

    in_time: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    open_in_time: tuple[int, ...] = ()
    open_overdue: tuple[int, ...] = ()
    closed_undated: tuple[int, ...] = ()
    open_undated: tuple[int, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def received(self) -> int:
        """How many cases in all."""
        return self.dated + len(self.closed_undated) + len(self.open_undated)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def closed(self) -> int:
        """How many of them are answered or closed."""
        return len(self.in_time) + len(self.late) + len(self.closed_undated)

    @property
    def dated(self) -> int:
        """How many have a due date: what the share is of."""
        return sum(
            len(cases) for cases in (self.in_time, self.late, self.open_in_time, self.open_overdue)
        )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def in_time_percent(self) -> float | None:
        """The share in time, 0 to 100 with one decimal; None for no case at all."""
        if not self.dated:
            return None
        # Whole tenths, halves up: binary floats must not decide what a report says.
        kept = len(self.in_time) + len(self.open_in_time)
        return (kept * 2000 + self.dated) // (2 * self.dated) / 10


class FigureRow(Frozen):
    """The figures of one category in one group."""

    category: Category | None
    group: str | None
    cell: FigureCell


class MonthlyFigures(Frozen):
    """The figures of the cases received in a month, as they stood on `as_of`.

    `rows` are by category in the office's order, then by group, only where there are cases;
    `closed_in_month` are ids of cases closed in the month, whenever received.
    """

    month: str
    as_of: date
    rows: tuple[FigureRow, ...]
    total: FigureCell
    closed_in_month: tuple[int, ...]


def monthly_figures(
    cases: Iterable[CaseFact], month: Month, as_of: date | None = None
) -> MonthlyFigures:
    """Return the figures of a month.

    Args:
        cases: cases of any month; those received in others count only as closed in this one.
        month: the month.
        as_of: the day the figures are of; the month's last day by default, so that the same
            report made later says the same. What was closed after it was open then.
    """
    day = as_of or month.last
    by_row: dict[tuple[Category | None, str | None], list[CaseFact]] = defaultdict(list)
    received: list[CaseFact] = []
    closed: list[int] = []
    for case in cases:
        if month.holds(case.closed_on):
            closed.append(case.case_id)
        if month.holds(case.received_on):
            received.append(case)
            by_row[case.category, case.group].append(case)
    order = list(Category)
    keys = sorted(
        by_row,
        key=lambda key: (order.index(key[0]) if key[0] else len(order), key[1] or "\uffff"),
    )
    return MonthlyFigures(
        month=str(month),
        as_of=day,
        rows=tuple(
            FigureRow(category=key[0], group=key[1], cell=_cell(by_row[key], day)) for key in keys
        ),
        total=_cell(received, day),
        closed_in_month=tuple(sorted(closed)),
    )


def timeliness(case: CaseFact, as_of: date) -> Timeliness:
    """Return how a case stands against its due date on a day; the due date itself is in time."""
    closed = case.closed_on is not None and case.closed_on <= as_of
    if case.due_date is None:
        return Timeliness.CLOSED_UNDATED if closed else Timeliness.OPEN_UNDATED
    if closed and case.closed_on is not None:
        late = case.past_hour or case.closed_on > case.due_date
        return Timeliness.LATE if late else Timeliness.IN_TIME
    overdue = case.past_hour or as_of > case.due_date
    return Timeliness.OPEN_OVERDUE if overdue else Timeliness.OPEN_IN_TIME


def _cell(cases: Iterable[CaseFact], as_of: date) -> FigureCell:
    found: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        found[timeliness(case, as_of).value].append(case.case_id)
    return FigureCell(**{name: tuple(sorted(ids)) for name, ids in found.items()})
