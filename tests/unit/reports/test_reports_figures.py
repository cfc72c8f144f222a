from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.errors import UsageFault
from correspondence.vocabulary import Category
from reports.figures import CaseFact, FigureCell, monthly_figures, timeliness
from reports.month import Month, month_before, month_of, read_month

MARCH = Month(2026, 3)
APRIL = Month(2026, 4)
_ids = itertools.count(1)


def fact(
    received: date,
    due: date | None,
    closed: date | None,
    category: Category | None = Category.COMPLAINT,
    group: str | None = "complaints",
) -> CaseFact:
    number = next(_ids)
    return CaseFact(number, f"{number}/2569", received, closed, due, category, group)


def month_of_cases(
    month: Month, in_time: int, late: int, open_in_time: int, overdue: int
) -> list[CaseFact]:
    start, due = month.first, month.first + timedelta(days=10)
    return [
        *(fact(start, due, due) for _ in range(in_time)),
        *(fact(start, due, due + timedelta(days=1)) for _ in range(late)),
        *(fact(start, month.last, None) for _ in range(open_in_time)),
        *(fact(start, due, None) for _ in range(overdue)),
    ]


def test_the_worked_example_of_two_months() -> None:
    cases = [*month_of_cases(MARCH, 2, 1, 0, 2), *month_of_cases(APRIL, 4, 0, 2, 1)]
    march, april = monthly_figures(cases, MARCH), monthly_figures(cases, APRIL)
    assert march.total.in_time_percent == 40.0
    assert april.total.in_time_percent == 85.7
    both = FigureCell(
        in_time=march.total.in_time + april.total.in_time,
        late=march.total.late + april.total.late,
        open_in_time=march.total.open_in_time + april.total.open_in_time,
        open_overdue=march.total.open_overdue + april.total.open_overdue,
    )
    assert both.in_time_percent == 66.7


def test_no_case_has_no_share() -> None:
    assert monthly_figures([], MARCH).total.in_time_percent is None
    undated = [fact(date(2026, 3, 2), None, None)]
    assert monthly_figures(undated, MARCH).total.in_time_percent is None


def test_the_due_date_itself_is_in_time() -> None:
    day = date(2026, 3, 10)
    assert timeliness(fact(day, day, day), MARCH.last) == "in_time"
    assert timeliness(fact(day, day, None), day) == "open_in_time"
    assert timeliness(fact(day, day, None), day + timedelta(days=1)) == "open_overdue"


def test_what_was_closed_after_the_month_was_open_in_it() -> None:
    case = fact(date(2026, 3, 30), date(2026, 4, 3), date(2026, 4, 2))
    figures = monthly_figures([case], MARCH)
    assert figures.total.open_in_time == (case.case_id,)
    assert figures.closed_in_month == ()
    assert monthly_figures([case], APRIL).closed_in_month == (case.case_id,)
    assert monthly_figures([case], APRIL).total.received == 0


def test_rows_follow_the_office_order_and_the_unclassified_come_last() -> None:
    day = date(2026, 3, 3)
    cases = [
        fact(day, day, None, None, None),
        fact(day, day, None, Category.GENERAL, "administration"),
        fact(day, day, None, Category.COMPLAINT, "political"),
        fact(day, day, None, Category.COMPLAINT, "complaints"),
    ]
    rows = monthly_figures(cases, MARCH).rows
    assert [(row.category, row.group) for row in rows] == [
        ("complaint", "complaints"),
        ("complaint", "political"),
        ("general", "administration"),
        (None, None),
    ]


days = st.dates(date(2026, 2, 1), date(2026, 5, 31))
facts = st.builds(
    fact,
    days,
    st.none() | days,
    st.none() | days,
    st.none() | st.sampled_from(Category),
    st.none() | st.sampled_from(["complaints", "political"]),
)


@given(st.lists(facts, max_size=40))
def test_every_case_of_the_month_is_in_exactly_one_list_of_the_total_and_of_one_row(
    cases: list[CaseFact],
) -> None:
    figures = monthly_figures(cases, MARCH)
    wanted = sorted(case.case_id for case in cases if MARCH.holds(case.received_on))

    def listed(cell: FigureCell) -> list[int]:
        lists = (
            *(cell.in_time, cell.late, cell.open_in_time, cell.open_overdue),
            *(cell.closed_undated, cell.open_undated),
        )
        return [case_id for ids in lists for case_id in ids]

    assert sorted(listed(figures.total)) == wanted
    assert sorted(case for row in figures.rows for case in listed(row.cell)) == wanted
    assert figures.total.received == len(wanted)
    percent = figures.total.in_time_percent
    assert percent is None or 0 <= percent <= 100


def test_months_are_read_in_the_common_era_only() -> None:
    assert read_month("2026-03") == MARCH
    assert str(MARCH) == "2026-03"
    assert month_before(date(2026, 1, 31)) == Month(2025, 12)
    assert month_of(date(2026, 3, 31)) == MARCH
    assert MARCH.thai == "มีนาคม ๒๕๖๙"
    for wrong in ("2569-03", "2026-13", "2026-3", "March", "", "2026-00"):
        with pytest.raises(UsageFault):
            read_month(wrong)
