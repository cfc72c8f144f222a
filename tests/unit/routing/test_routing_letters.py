from __future__ import annotations

from datetime import date, datetime

from correspondence.classification import Classification
from correspondence.clock import BANGKOK
from correspondence.reading import FieldValue, LetterFields, StatedDeadline
from correspondence.vocabulary import Category, Channel, Urgency
from office.calendar_table import load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.due import decide_due
from routing.letters import build_request

CONFIG = find_folder("config")
RECEIVED = datetime(2026, 11, 16, 10, 0, tzinfo=BANGKOK)


def classified(*, abstained: bool) -> Classification:
    return Classification(
        category=Category.COMPLAINT,
        subcategory="opinion",
        probabilities={"complaint": 0.9},
        abstained=abstained,
        model_version="test",
    )


def test_fields_and_classification_become_the_request() -> None:
    fields = LetterFields(
        stated_deadline=StatedDeadline(value="2026-11-27T16:00", phrase="ภายใน ..."),
        meeting_at=FieldValue(value="2026-12-02"),
        urgency=FieldValue(value="most_urgent"),
    )
    request = build_request(RECEIVED, Channel.SCAN, fields, classified(abstained=False))
    assert (request.category, request.subcategory) == (Category.COMPLAINT, "opinion")
    assert request.stated_deadline == datetime(2026, 11, 27, 16, 0, tzinfo=BANGKOK)
    assert request.meeting_at == date(2026, 12, 2)
    assert request.urgency is Urgency.MOST_URGENT


def test_guess_of_an_abstained_classifier_does_not_date_the_case() -> None:
    request = build_request(RECEIVED, None, LetterFields(), classified(abstained=True))
    assert request.category is None
    assert request.subcategory is None


def test_stated_value_that_is_no_date_asks_for_a_person() -> None:
    fields = LetterFields(
        stated_deadline=StatedDeadline(value="2026-02-31", raw="ภายในวันที่ ๓๑ กุมภาพันธ์ ๒๕๖๙"),
        meeting_at=FieldValue(value="พรุ่งนี้"),
        urgency=FieldValue(value="ด่วนมากที่สุด"),
    )
    request = build_request(RECEIVED, Channel.EMAIL, fields, None)
    assert request.stated_deadline is None
    assert request.meeting_at is None
    assert request.urgency is Urgency.NORMAL
    calendar = WorkingCalendar.from_table(load_calendar_table(CONFIG))
    decision = decide_due(request, load_deadlines(CONFIG), calendar)
    assert decision.needs_person
    assert decision.due_date == date(2026, 11, 25)


def test_letter_without_any_deadline_asks_nobody() -> None:
    request = build_request(RECEIVED, Channel.EMAIL, LetterFields(), classified(abstained=False))
    assert request.stated_phrase is None
    calendar = WorkingCalendar.from_table(load_calendar_table(CONFIG))
    assert not decide_due(request, load_deadlines(CONFIG), calendar).needs_person
