from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from correspondence.clock import BANGKOK
from office.calendar_table import load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from routing.batch import BatchDecision, BatchFault, count_lines
from routing.calendar import WorkingCalendar
from routing.explicit import ExplicitCount, ExplicitResult, count_explicit

CONFIG = find_folder("config")
RULES = load_deadlines(CONFIG)
OFFICE = WorkingCalendar.from_table(load_calendar_table(CONFIG))


def ask(**keys: object) -> ExplicitResult:
    return count_explicit(ExplicitCount.model_validate(keys), OFFICE)


@pytest.mark.parametrize(
    ("keys", "due"),
    [
        ({"received": "2026-11-16", "days": 3, "holidays": []}, "2026-11-19"),
        ({"received": "2026-11-16", "days": 3, "holidays": ["2026-11-18"]}, "2026-11-20"),
        ({"received": "2026-11-16", "days": 3, "holidays": "2026-11-17,2026-11-18"}, "2026-11-23"),
        ({"received": "2026-11-14", "days": 1}, "2026-11-16"),
        ({"received": "2026-11-14", "days": 1, "deem": "next_working_day"}, "2026-11-17"),
        ({"received": "2026-11-16T18:00", "days": 1, "deem": "next_working_day"}, "2026-11-18"),
        ({"received": "2026-11-15T23:30:00Z", "days": 1}, "2026-11-17"),
        ({"received": "2026-11-16T06:30:00+07:00", "days": 1}, "2026-11-17"),
        ({"received": "2026-04-10", "days": 1}, "2026-04-16"),
        ({"received": "2026-04-10", "days": 1, "holidays": []}, "2026-04-13"),
        ({"received": "2026-11-06", "days": 15, "unit": "calendar"}, "2026-11-21"),
        ({"received": "2026-11-06", "n": 15, "unit": "calendar", "roll": "next"}, "2026-11-23"),
        (
            {"received": "2026-11-06", "days": 15, "unit": "calendar", "roll": "previous"},
            "2026-11-20",
        ),
        ({"received": "2026-01-31", "days": 1, "unit": "months"}, "2026-02-28"),
        ({"received": "2026-11-23", "days": -2, "holidays": []}, "2026-11-19"),
        # the anchor counted as day 1
        ({"received": "2026-11-16", "days": 3, "count_anchor": True}, "2026-11-18"),
        ({"received": "2026-11-14", "days": 3, "count_anchor": True}, "2026-11-18"),
        (
            {"received": "2026-11-16", "days": 3, "count_anchor": True, "unit": "calendar"},
            "2026-11-18",
        ),
        (
            {"received": "2026-03-01", "days": 1, "count_anchor": True, "unit": "months"},
            "2026-03-31",
        ),
        (
            {"received": "2026-01-31", "days": 1, "count_anchor": True, "unit": "months"},
            "2026-02-28",
        ),
        (
            {"received": "2026-11-18", "days": -3, "count_anchor": True, "holidays": []},
            "2026-11-16",
        ),
    ],
)
def test_explicit_count(keys: dict[str, object], due: str) -> None:
    assert ask(**keys).due_date.isoformat() == due


def test_result_carries_anchor_holidays_and_a_thai_sentence() -> None:
    result = ask(received="2026-11-14", days=3, holidays=["2026-11-17"], deem="next_working_day")
    assert result.received_at == datetime(2026, 11, 14, tzinfo=BANGKOK)
    assert result.anchor_date == date(2026, 11, 16)
    assert result.due_date == date(2026, 11, 20)
    assert result.holidays_counted == (date(2026, 11, 17),)
    assert "๓ วันทำการ" in result.explanation
    assert result.calendar_confirmed


def test_office_calendar_says_when_a_year_is_not_confirmed() -> None:
    result = ask(received="2026-12-28", days=5)
    assert result.due_date == date(2027, 1, 6)
    assert not result.calendar_confirmed
    assert "ยังไม่ได้ยืนยัน" in result.explanation


@pytest.mark.parametrize(
    "keys",
    [
        {"received": "2026-11-16"},
        {"received": "16/11/2026", "days": 1},
        {"received": "2569-11-16", "days": 1},
        {"received": 20261116, "days": 1},
        {"received": "2026-11-16", "days": "1"},
        {"received": "2026-11-16", "days": True},
        {"received": "2026-11-16", "days": 99_999_999},
        {"received": "2026-11-16", "days": 0, "count_anchor": True},
        {"received": "2026-11-16", "days": 1, "unit": "fortnights"},
        {"received": "2026-11-16", "days": 1, "holidays": [20260101]},
        {"received": "2026-11-16", "days": 1, "holidays": ["2026-02-30"]},
        {"received": "2026-11-16", "days": 1, "holidays": 5},
        {"received": "2026-11-16", "days": 1, "holiday": []},
    ],
)
def test_wrong_flag_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ExplicitCount.model_validate(keys)


def test_batch_goes_on_after_a_line_that_cannot_be_counted() -> None:
    lines = [
        '{"id": "a", "received": "2026-11-16", "days": 1}',
        '{"received": "2026-11-16", "days": 1, "wrong": "ข้อความลับ"}',
        "",
        "[1, 2]",
        "not json",
        '{"received": "2101-11-16", "days": 1}',
        '{"received": "2026-11-16", "named_rules": ["no_such_rule"]}',
        '{"id": "b", "received": "2026-11-16", "category": "complaint",'
        ' "subcategory": "opinion", "channel": "web", "urgency": "urgent",'
        ' "stated_deadline": "2026-11-30"}',
    ]
    results = list(count_lines(lines, RULES, OFFICE))
    assert [type(result) for result in results] == [
        ExplicitResult,
        BatchFault,
        BatchFault,
        BatchFault,
        BatchFault,
        BatchFault,
        BatchDecision,
    ]
    faults = [result for result in results if isinstance(result, BatchFault)]
    assert [(fault.line, fault.outcome) for fault in faults] == [
        (2, "wrong_count"),
        (4, "wrong_count"),
        (5, "wrong_count"),
        (6, "calendar_year_missing"),
        (7, "unknown_rule"),
    ]
    assert "wrong" in faults[0].reason
    assert "ข้อความลับ" not in faults[0].reason
    last = results[-1]
    assert isinstance(last, BatchDecision)
    assert (last.id, last.due_date) == ("b", date(2026, 11, 30))


def test_decision_of_a_batch_line_is_json_of_the_due_contract() -> None:
    line = '{"received": "2026-11-16T09:00", "category": "general", "meeting_at": "2026-11-27"}'
    (result,) = count_lines([line], RULES, OFFICE)
    keys = json.loads(result.model_dump_json())
    assert keys["due_date"] == "2026-11-24"
    assert keys["rule"]["id"] == "meeting_papers"
    assert {
        "received_at",
        "anchor_date",
        "due_date",
        "rule",
        "holidays_counted",
        "candidates",
        "explanation",
        "calendar_confirmed",
    } <= set(keys)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["received", "days", "n", "unit", "deem", "roll", "holidays", "category", "stated_deadline"]
)


@given(st.dictionaries(KEYS, JSON | st.just("2026-11-16"), max_size=6) | JSON, st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_hostile_lines_end_in_a_named_outcome(keys: object, noise: str) -> None:
    for result in count_lines([json.dumps(keys), noise.replace("\n", " ")], RULES, OFFICE):
        if isinstance(result, BatchFault):
            assert result.outcome
            assert result.reason_thai
