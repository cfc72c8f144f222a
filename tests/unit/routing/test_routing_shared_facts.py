"""The shared facts, each convention mapped onto the flags of an explicit count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routing.calendar import WorkingCalendar
from routing.explicit import ExplicitCount, count_explicit

FACTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "deadlines" / "facts.json"

# Z: the anchor is day 0 as it is. R: a non-working anchor moves forward first. D1: the anchor is
# day 1. CAL and CAL_ROLL: calendar days without and with the last day moved. MONTH_ROLL: months.
CONVENTIONS: dict[str, dict[str, object]] = {
    "Z": {"unit": "working"},
    "R": {"unit": "working", "deem": "next_working_day"},
    "D1": {"unit": "working", "count_anchor": True},
    "CAL": {"unit": "calendar"},
    "CAL_ROLL": {"unit": "calendar", "roll": "next"},
    "MONTH_ROLL": {"unit": "months", "roll": "next"},
}

needs_facts = pytest.mark.skipif(not FACTS.is_file(), reason="needs ../shared/data/deadlines")


def facts() -> list[dict[str, object]]:
    return json.loads(FACTS.read_text(encoding="utf-8")) if FACTS.is_file() else []


@pytest.mark.shared
@needs_facts
def test_there_are_84_facts_and_every_convention_is_known() -> None:
    assert len(facts()) == 84
    assert {fact["convention"] for fact in facts()} <= set(CONVENTIONS)


@pytest.mark.shared
@needs_facts
@pytest.mark.parametrize("number", range(84))
def test_shared_fact_holds(number: int) -> None:
    fact = facts()[number]
    request = ExplicitCount.model_validate(
        {
            "received": fact["received"],
            "days": fact["n"],
            "holidays": fact["holidays"],
            **CONVENTIONS[str(fact["convention"])],
        }
    )
    result = count_explicit(request, WorkingCalendar.from_holidays(()))
    assert result.due_date.isoformat() == fact["expected"], fact["name"]
