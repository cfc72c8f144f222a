"""The clock of a case: pauses, orders and extensions over the rules of its letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.clock import BANGKOK
from correspondence.vocabulary import Category, Urgency
from office.calendar_changes import HolidayChange, HolidayEffect, apply_changes
from office.calendar_table import CalendarEntry, load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.clocks import CaseClock, EndedPause, GivenTime, decide_clock
from routing.due import decide_due
from routing.redating import OpenCase, redecide_cases
from routing.request import DueRequest
from routing.stated import ORDER_RULE

CONFIG = find_folder("config")
RULES = load_deadlines(CONFIG)
TABLE = load_calendar_table(CONFIG)
OFFICE = WorkingCalendar.from_table(TABLE)
START = datetime(2023, 7, 3, 9, tzinfo=BANGKOK)
WEEKDAYS = st.dates(date(2023, 6, 20), date(2023, 10, 31)).filter(lambda day: day.weekday() < 5)


@st.composite
def clocks(draw: st.DrawFn) -> CaseClock:
    """A letter of July 2023 with up to three pauses, an order and an extension."""
    received = START + timedelta(hours=draw(st.integers(0, 400)))
    moment, pauses = received, []
    for _ in range(draw(st.integers(0, 3))):
        began = moment + timedelta(hours=draw(st.integers(0, 200)))
        moment = began + timedelta(hours=draw(st.integers(0, 300)))
        pauses.append(EndedPause(began, moment))
    ordered_at = draw(st.none() | st.just(received) | st.just(moment))
    day = received.date() + timedelta(days=draw(st.integers(10, 60)))
    request = DueRequest(
        received_at=received,
        category=draw(st.sampled_from([Category.GENERAL, Category.COMPLAINT])),
        subcategory=draw(st.sampled_from(["other", "court_summons", "appeal"])),
        urgency=draw(st.sampled_from(list(Urgency))),
        ordered_date=day if ordered_at else None,
    )
    to = OFFICE.previous_working_day(received.date() + timedelta(days=draw(st.integers(20, 60))))
    extended = draw(st.none() | st.just(GivenTime(to, received + timedelta(hours=50))))
    return CaseClock(request, tuple(pauses), ordered_at, extended)


@given(clocks())
@settings(max_examples=1_000, deadline=None)
def test_without_pauses_and_extensions_the_rules_alone_decide(clock: CaseClock) -> None:
    plain = CaseClock(clock.request, ordered_at=clock.ordered_at)
    assert decide_clock(plain, RULES, OFFICE) == decide_due(clock.request, RULES, OFFICE)


@given(clocks())
@settings(max_examples=1_000, deadline=None)
def test_a_pause_never_brings_a_date_forward(clock: CaseClock) -> None:
    unpaused = CaseClock(clock.request, (), clock.ordered_at, clock.extended)
    before = decide_clock(unpaused, RULES, OFFICE).due_date
    after = decide_clock(clock, RULES, OFFICE).due_date
    assert before is not None and after is not None
    assert after >= before


@given(clocks(), st.lists(WEEKDAYS, min_size=1, max_size=3), st.sampled_from(HolidayEffect))
@settings(max_examples=2_000, deadline=None)
def test_what_a_changed_calendar_does_not_touch_would_be_decided_the_same(
    clock: CaseClock, days: list[date], effect: HolidayEffect
) -> None:
    changes = [
        HolidayChange(effect=effect, entry=CalendarEntry(day=day, name="พิเศษ", source="ทดสอบ"))
        for day in days
    ]
    new = WorkingCalendar.from_table(apply_changes(TABLE, changes, version="changed"))
    before, after = decide_clock(clock, RULES, OFFICE), decide_clock(clock, RULES, new)
    case = OpenCase(1, clock.request, before, clock.pauses, clock.ordered_at, clock.extended)
    found = list(redecide_cases([case], RULES, OFFICE, new))
    if before != after:
        (change,) = found
        assert change.new_due == after.due_date
        # Counting gave the date, so no case asks for a person but one with a fixed day.
        assert change.by_rule or clock.extended is not None
    elif found:
        # The day extended to is off now.
        assert clock.extended is not None and not new.is_working_day(clock.extended.to)


@given(clocks())
@settings(max_examples=500, deadline=None)
def test_a_day_ordered_after_all_pauses_is_never_passed(clock: CaseClock) -> None:
    last = clock.pauses[-1].resumed_at if clock.pauses else clock.request.received_at
    day = last.date() + timedelta(days=2)
    request = clock.request.model_copy(update={"ordered_date": day})
    later = CaseClock(request, clock.pauses, last + timedelta(minutes=1))
    decision = decide_clock(later, RULES, OFFICE)
    assert decision.due_date is not None and decision.due_date <= day
    chosen = [part for part in decision.candidates if part.chosen]
    assert [part.rule for part in chosen] == [decision.rule]
    if decision.due_date == day and decision.rule is not None and decision.rule.days == 0:
        assert decision.rule.id == ORDER_RULE
