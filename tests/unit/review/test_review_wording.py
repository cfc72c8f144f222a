from __future__ import annotations

import string
from datetime import UTC, date, datetime

import pytest

from correspondence.reading import LetterFields
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category
from office.configuration import read_configuration
from office.places import find_folder
from review.catalogue import TEXTS, Language
from review.wording import Wording
from review.words.names import ACTIONS, FIELD_NAMES

TODAY = date(2026, 11, 20)
CONFIGURATION = read_configuration(find_folder("config"))
THAI = Wording(Language.TH, CONFIGURATION, TODAY)
ENGLISH = Wording(Language.EN, CONFIGURATION, TODAY)


def _holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_stands_in_both_languages_with_the_same_holes() -> None:
    for catalogue in (TEXTS, FIELD_NAMES, ACTIONS):
        for key, (thai, english) in catalogue.items():
            assert thai.strip() and english.strip(), key
            assert _holes(thai) == _holes(english), key


def test_every_field_and_every_action_has_a_name() -> None:
    assert set(FIELD_NAMES) == set(LetterFields.model_fields)
    assert {action.value for action in Action} <= set(ACTIONS)


@pytest.mark.parametrize(
    ("due", "kind", "thai", "english"),
    [
        (date(2026, 11, 8), "overdue", "เกินกำหนด ๑๒ วัน", "overdue by 12 d"),
        (date(2026, 11, 19), "overdue", "เกินกำหนด ๑ วัน", "overdue by 1 d"),
        (TODAY, "today", "ครบกำหนดวันนี้", "due today"),
        (date(2026, 11, 23), "soon", "เหลือ ๓ วัน", "3 d left"),
    ],
)
def test_a_due_date_is_marked_in_words(due: date, kind: str, thai: str, english: str) -> None:
    marks = [w.due_mark(due, CaseState.IN_REVIEW) for w in (THAI, ENGLISH)]
    assert [mark and (mark.kind, mark.words) for mark in marks] == [(kind, thai), (kind, english)]


def test_far_missing_and_finished_due_dates_have_no_mark() -> None:
    assert THAI.due_mark(date(2026, 11, 24), CaseState.IN_REVIEW) is None
    assert THAI.due_mark(None, CaseState.IN_REVIEW) is None
    assert THAI.due_mark(date(2026, 11, 1), CaseState.CLOSED) is None


def test_dates_are_in_the_buddhist_era_and_moments_in_bangkok() -> None:
    late = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert THAI.moment(late) == "๑ ม.ค. ๒๕๗๐ ๐๐.๐๕ น."
    assert ENGLISH.moment(late) == "1 Jan 2570 BE 00:05"


def test_names_come_from_the_office_configuration() -> None:
    assert THAI.group("political") == "กลุ่มการเมือง"
    assert THAI.group("gone") == "gone"
    assert THAI.subcategory(Category.PARLIAMENTARY, "question") == "กระทู้ถาม"
    assert ENGLISH.subcategory(Category.PARLIAMENTARY, "question") == "Question"
    assert THAI.rule("complaint_summary") == "สรุปเรื่องพร้อมความเห็นเสนอผู้มีอำนาจตัดสินใจ"
    assert THAI.verified("no") == "ยังไม่ยืนยัน"


@pytest.mark.parametrize(
    ("name", "value", "thai"),
    [
        ("document_date", "2026-11-11", "๑๑ พ.ย. ๒๕๖๙"),
        ("meeting_at", "2026-12-02T09:30", "๒ ธ.ค. ๒๕๖๙ ๐๙.๓๐ น."),
        ("stated_deadline", "ภายในสัปดาห์นี้", "ภายในสัปดาห์นี้"),
        ("urgency", "most_urgent", "ด่วนที่สุด"),
        ("secrecy", "open", "ปกติ"),
        ("subject", "2026-11-11", "2026-11-11"),
        ("signer", None, "–"),
    ],
)
def test_values_are_written_as_people_write_them(name: str, value: str | None, thai: str) -> None:
    assert THAI.field_value(name, value) == thai
