from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.errors import UsageFault
from correspondence.vocabulary import CaseState, Category, Channel
from office.deadlines import Stage, StageEntry
from reports.case_course import CaseCourse
from reports.kpi import Breakdown, KpiFilter, KpiTable, Yardstick, measure
from reports.kpi_cell import STANDINGS, Figure, KpiCell, list_of
from reports.kpi_period import Period, fiscal_year
from reports.kpi_stages import StagePlace
from reports.shares import average_of, median_of, percent_of

MARCH, APRIL = (
    Period(date(2026, 3, 1), date(2026, 3, 31)),
    Period(date(2026, 4, 1), date(2026, 4, 30)),
)
BOTH = Period(MARCH.first, APRIL.last)
_ids = itertools.count(1)


def _standard(stage: Stage, category: Category | None, sub: str | None) -> StageEntry | None:
    if stage is Stage.SIGNED:
        return None
    return StageEntry(stage=stage, days=2, source="s", verified="yes")


# Every day is a working day here: the calendar is another room's.
PLAIN = Yardstick(
    worked=lambda first, last: (last - first).days,
    last_day=lambda began, entry: began + timedelta(days=entry.days),
    standard=_standard,
)


def course(received: date, due: date | None, ended: date | None, **said: object) -> CaseCourse:
    values: dict[str, object] = {
        "case_id": next(_ids),
        "category": Category.COMPLAINT,
        "subcategory": None,
        "group": "complaints",
        "channel": Channel.EMAIL,
        "received_on": received,
        "started_on": received,
        "ended_on": ended,
        "due_date": due,
        **said,
    }
    return CaseCourse(**values)  # type: ignore[arg-type]


def cases_of(
    period: Period, in_time: int, late: int, open_in_time: int, overdue: int
) -> list[CaseCourse]:
    start, due = period.first, period.first + timedelta(days=10)
    return [
        *(course(start, due, due) for _ in range(in_time)),
        *(course(start, due, due + timedelta(days=1)) for _ in range(late)),
        *(course(start, period.last, None) for _ in range(open_in_time)),
        *(course(start, due, None) for _ in range(overdue)),
    ]


def figures(courses: list[CaseCourse], period: Period, *by: Breakdown) -> KpiTable:
    return measure(courses, period, period.last, PLAIN, by=by)


def test_the_worked_example() -> None:
    courses = [*cases_of(MARCH, 2, 1, 0, 2), *cases_of(APRIL, 4, 0, 2, 1)]
    table = figures(courses, BOTH, Breakdown.MONTH)
    assert [(key.month, cell.in_time_percent) for key, cell in table.rows] == [
        ("2026-03", 40.0),
        ("2026-04", 85.7),
    ]
    assert table.total.in_time_percent == 66.7
    assert figures(courses, MARCH).total.in_time_percent == 40.0
    assert figures(courses, APRIL).total.in_time_percent == 85.7
    march = dict((key.month, cell) for key, cell in table.rows)["2026-03"]
    numbers = [march.number(figure) for figure in STANDINGS[:4]]
    assert numbers == [2, 1, 0, 2]
    lists = [list_of(march, name) for name in ("in_time", "late", "open_in_time", "open_overdue")]
    assert [len(ids) for ids in lists] == numbers
    assert sorted(itertools.chain(*lists)) == sorted(c.case_id for c in courses[:5])


def test_a_share_of_nothing_is_blank() -> None:
    empty = figures([], MARCH).total
    assert empty.in_time_percent is None
    assert empty.average_days is None and empty.median_days is None
    undated = figures([course(MARCH.first, None, None)], MARCH).total
    assert undated.in_time_percent is None
    assert undated.number(Figure.RECEIVED) == undated.number(Figure.OPEN_UNDATED) == 1


def test_shares_averages_and_medians_round_half_up() -> None:
    assert percent_of(1, 16) == 6.3  # 6.25; a float would be rounded to the even 6.2
    assert percent_of(2, 3) == 66.7
    assert percent_of(0, 5) == 0.0
    assert percent_of(0, 0) is None
    assert average_of({1: 3, 2: 1}) == 1.3  # 1.25
    assert median_of({1: 1, 2: 1}) == 1.5
    assert median_of({7: 3, 1: 2}) == 7


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_average_and_median_are_those_of_the_single_values(values: list[int]) -> None:
    import statistics
    from collections import Counter
    from decimal import ROUND_HALF_UP, Decimal
    from fractions import Fraction

    mean = Fraction(sum(values), len(values))
    exact = Decimal(mean.numerator) / Decimal(mean.denominator)
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert average_of(Counter(values)) == float(rounded)
    assert median_of(Counter(values)) == statistics.median(values)


def test_void_numbers_and_duplicates_count_nowhere_but_in_their_own_list() -> None:
    day = MARCH.first
    gone = [
        course(day, day, day, uncounted=CaseState.VOIDED, extended=1, returned=1, reopened=1),
        course(day, day, None, uncounted=CaseState.DUPLICATE),
    ]
    cell = figures(gone, MARCH).total
    assert cell.cases(Figure.VOIDED) == (gone[0].case_id,)
    assert cell.cases(Figure.DUPLICATE) == (gone[1].case_id,)
    assert sum(cell.number(figure) for figure in Figure) == 2
    assert cell.worked == {}
    assert not any(stage.lists for stage in cell.stages.values())


def test_the_hour_of_a_deadline_decides_on_its_day() -> None:
    day = MARCH.last
    closed, waiting = course(day, day, day, past_hour=True), course(day, day, None, past_hour=True)
    cell = figures([closed, waiting, course(day, day, day)], MARCH).total
    assert cell.cases(Figure.LATE) == (closed.case_id,)
    assert cell.cases(Figure.OPEN_OVERDUE) == (waiting.case_id,)
    assert cell.number(Figure.IN_TIME) == 1


def test_what_was_closed_by_extension_is_told_apart() -> None:
    day = MARCH.first
    due, ended = day + timedelta(days=9), day + timedelta(days=5)
    kept = course(day, due, ended, original_due=day + timedelta(days=3), extended=1)
    needless = course(day, due, ended, original_due=day + timedelta(days=6), extended=2)
    late = course(day, due, due + timedelta(days=1), original_due=day, extended=1)
    cell = figures([kept, needless, late], MARCH).total
    assert cell.cases(Figure.EXTENDED) == (kept.case_id, needless.case_id, late.case_id)
    assert cell.cases(Figure.KEPT_BY_EXTENSION) == (kept.case_id,)
    assert cell.cases(Figure.LATE) == (late.case_id,)


def test_a_case_received_before_counts_only_as_closed_in_the_period() -> None:
    early = course(date(2026, 2, 2), date(2026, 3, 3), date(2026, 3, 4))
    cell = figures([early], MARCH).total
    assert dict(cell.lists) == {Figure.CLOSED_IN_PERIOD: (early.case_id,)}
    assert cell.average_days is None


def test_a_day_in_the_middle_of_the_period_knows_nothing_later() -> None:
    first = course(MARCH.first, MARCH.last, None)
    later = course(date(2026, 3, 20), MARCH.last, None)
    table = measure([first, later], MARCH, date(2026, 3, 10), PLAIN)
    assert table.total.cases(Figure.RECEIVED) == (first.case_id,)


def test_stages_count_from_the_one_before_and_waiting_ones_are_judged() -> None:
    day = MARCH.first

    def at(days: int) -> date:
        return day + timedelta(days=days)

    done = course(
        day,
        None,
        at(9),
        reached={Stage.REGISTERED: day, Stage.DRAFTED: at(2), Stage.REVIEWED: at(5),
                 Stage.SIGNED: at(6)},
    )  # fmt: skip
    waiting = course(at(29), None, None, reached={Stage.REGISTERED: at(29)})
    stuck = course(day, None, None, reached={Stage.REGISTERED: day})
    handed_over = course(day, None, at(1), reached={Stage.REGISTERED: at(1)})
    cell = figures([done, waiting, stuck, handed_over], MARCH).total
    drafted, reviewed = cell.stages[Stage.DRAFTED], cell.stages[Stage.REVIEWED]
    assert len(cell.stages[Stage.REGISTERED].cases("within")) == 4
    assert drafted.cases("within") == (done.case_id,)
    assert drafted.cases("waiting_within") == (waiting.case_id,)
    assert drafted.cases("waiting_beyond") == (stuck.case_id,)
    assert drafted.within_percent == 66.7
    assert drafted.average_days == 2.0
    assert reviewed.cases("beyond") == (done.case_id,)
    assert cell.stages[Stage.SIGNED].cases("without") == (done.case_id,)
    assert cell.stages[Stage.SIGNED].within_percent is None
    assert list_of(cell, "drafted.waiting_beyond") == (stuck.case_id,)


def test_drafting_of_a_reopened_case_counts_from_the_reopening() -> None:
    again = course(
        MARCH.first,
        None,
        date(2026, 3, 12),
        started_on=date(2026, 3, 10),
        reopened=1,
        reached={Stage.REGISTERED: MARCH.first, Stage.DRAFTED: date(2026, 3, 11)},
    )
    cell = figures([again], MARCH).total
    assert cell.stages[Stage.DRAFTED].worked == {1: 1}
    assert cell.worked == {2: 1}


def test_an_unknown_list_names_the_known_ones() -> None:
    cell = figures([], MARCH).total
    for name in ("nothing", "drafted", "drafted.nothing", "late.within", ""):
        with pytest.raises(UsageFault, match="open_overdue"):
            list_of(cell, name)


def test_rows_follow_the_office_order_and_the_unknown_come_last() -> None:
    day = MARCH.first
    table = figures(
        [
            course(day, day, None, category=None, group=None, channel=None),
            course(day, day, None, category=Category.GENERAL, group="administration"),
            course(day, day, None, channel=Channel.WEB),
            course(day, day, None),
        ],
        MARCH,
        Breakdown.CATEGORY,
        Breakdown.GROUP,
        Breakdown.CHANNEL,
    )
    assert [(key.category, key.group, key.channel) for key, _ in table.rows] == [
        ("complaint", "complaints", "email"),
        ("complaint", "complaints", "web"),
        ("general", "administration", "email"),
        (None, None, None),
    ]


days = st.dates(date(2026, 2, 1), date(2026, 5, 31))


@st.composite
def courses(draw: st.DrawFn) -> CaseCourse:
    received = draw(days)
    started = draw(st.just(received) | st.dates(received, date(2026, 6, 1)))
    ended = draw(st.none() | st.dates(started, date(2026, 6, 30)))
    reached: dict[Stage, date] = {}
    since = received
    for stage in list(Stage)[: draw(st.integers(0, 4))]:
        since = draw(st.dates(since, date(2026, 7, 30)))
        reached[stage] = since
    return course(
        received,
        draw(st.none() | days),
        ended,
        started_on=started,
        category=draw(st.none() | st.sampled_from(Category)),
        group=draw(st.none() | st.sampled_from(["complaints", "political"])),
        channel=draw(st.none() | st.sampled_from(Channel)),
        original_due=draw(st.none() | days),
        extended=draw(st.integers(0, 2)),
        returned=draw(st.integers(0, 2)),
        reopened=draw(st.integers(0, 2)),
        uncounted=draw(st.sampled_from([None, None, CaseState.VOIDED, CaseState.DUPLICATE])),
        reached=reached,
    )


breakdowns = st.lists(st.sampled_from(Breakdown), unique=True).map(tuple)


@settings(max_examples=300)
@given(st.lists(courses(), max_size=30), breakdowns)
def test_every_case_of_the_period_is_in_exactly_one_disjoint_list(
    cases: list[CaseCourse], by: tuple[Breakdown, ...]
) -> None:
    table = measure(cases, MARCH, MARCH.last, PLAIN, by=by)
    wanted = sorted(case.case_id for case in cases if MARCH.holds(case.received_on))

    def listed(cell: KpiCell) -> list[int]:
        return [case_id for figure in STANDINGS for case_id in cell.cases(figure)]

    assert sorted(listed(table.total)) == wanted
    if by:
        assert sorted(case_id for _, cell in table.rows for case_id in listed(cell)) == wanted
    uncounted = table.total.number(Figure.VOIDED, Figure.DUPLICATE)
    assert table.total.number(Figure.RECEIVED) == len(wanted) - uncounted
    percent = table.total.in_time_percent
    assert percent is None or 0 <= percent <= 100


@settings(max_examples=300)
@given(st.lists(courses(), max_size=30), breakdowns.filter(bool))
def test_rows_add_up_to_the_total_and_lists_are_as_long_as_numbers(
    cases: list[CaseCourse], by: tuple[Breakdown, ...]
) -> None:
    table = measure(cases, MARCH, MARCH.last, PLAIN, by=by)
    names = [
        *Figure,
        *(f"{stage}.{place}" for stage in Stage for place in StagePlace),
    ]
    for name in names:
        of_total = list_of(table.total, name)
        of_rows = sorted(case for _, cell in table.rows for case in list_of(cell, name))
        assert sorted(of_total) == of_rows
        assert len(set(of_total)) == len(of_total)
    total = table.total
    assert sum(total.worked.values()) == total.number(Figure.CLOSED)
    ended = total.number(Figure.IN_TIME, Figure.LATE, Figure.CLOSED_UNDATED)
    assert total.number(Figure.CLOSED) == ended
    for cell in (total, *(cell for _, cell in table.rows)):
        for place_lists in cell.stages.values():
            listed = [case for ids in place_lists.lists.values() for case in ids]
            assert len(listed) == len(set(listed)) <= cell.number(Figure.RECEIVED)


@settings(max_examples=100)
@given(st.lists(courses(), max_size=20))
def test_a_filter_gives_the_row_it_names(cases: list[CaseCourse]) -> None:
    by = (Breakdown.CATEGORY, Breakdown.GROUP, Breakdown.CHANNEL)
    for key, cell in measure(cases, MARCH, MARCH.last, PLAIN, by=by).rows:
        if None in (key.category, key.group, key.channel):
            continue
        only = KpiFilter(key.category, key.group, key.channel)
        assert measure(cases, MARCH, MARCH.last, PLAIN, only=only).total == cell


@settings(max_examples=100)
@given(st.lists(courses(), max_size=20))
def test_a_fiscal_year_is_the_sum_of_its_months(cases: list[CaseCourse]) -> None:
    year = fiscal_year(2026)
    table = measure(cases, year, year.last, PLAIN, by=(Breakdown.MONTH,))
    received = {key.month: cell.number(Figure.RECEIVED) for key, cell in table.rows}
    for month in (2, 3, 4, 5):
        first = date(2026, month, 1)
        period = Period(first, date(2026, month + 1, 1) - timedelta(days=1))
        alone = measure(cases, period, year.last, PLAIN).total
        assert alone.number(Figure.RECEIVED) == received.get(f"2026-{month:02d}", 0)
