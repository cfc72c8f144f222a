from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.national_ids import find_national_ids
from correspondence.thai_dates import Digits, short_thai_date, thai_date
from pipeline.field_values import LONGEST_VALUE, FieldUnknown, ValueRefused, checked_value

DAYS = st.integers(0, 20_000).map(lambda days: date(1990, 1, 1) + timedelta(days=days))


@given(DAYS, st.sampled_from(list(Digits)))
def test_a_date_is_read_however_the_office_writes_it(day: date, digits: Digits) -> None:
    be = day.year + 543
    for written in (
        thai_date(day, digits),
        short_thai_date(day, digits),
        f"{day.day:02}/{day.month:02}/{be}",
        day.isoformat(),
    ):
        assert checked_value("document_date", written) == day.isoformat()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("๒๕ พ.ย. ๒๕๖๙ เวลา ๐๙.๓๐ น.", "2026-11-25T09:30"),
        ("25/11/2569 09:30", "2026-11-25T09:30"),
        ("25 Nov 2569 BE 13:05", "2026-11-25T13:05"),
        ("2026-11-25T16:00", "2026-11-25T16:00"),
        ("๒๕ พฤศจิกายน ๒๕๖๙", "2026-11-25"),
    ],
)
def test_a_deadline_may_have_an_hour(typed: str, kept: str) -> None:
    assert checked_value("stated_deadline", typed) == kept
    assert checked_value("meeting_at", typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("document_date", "เมื่อวานนี้"),
        ("document_date", "31/02/2569"),
        ("stated_deadline", "โดยเร็ว"),
        ("stated_deadline", "2026-11-25T25:00"),
        ("contact_phone", "ไม่มี"),
        ("contact_phone", "12"),
        ("contact_phone", "0" * 200),
        ("contact_email", "มะลิ at example.org"),
        ("contact_email", "a@b@example.org"),
        ("contact_email", "a@example.org\r\nBcc: b@example.org"),
        ("urgency", "ด่วนจี๋"),
        ("secrecy", "ลับสุดยอด"),
        ("subject", "ก" * (LONGEST_VALUE + 1)),
    ],
)
def test_what_is_no_value_of_the_field_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        checked_value(name, typed)
    assert typed not in f"{refused.value} {refused.value.thai}"


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("urgency", "very_urgent", "very_urgent"),
        ("urgency", "ด่วนมาก", "very_urgent"),
        ("secrecy", "ลับ", "confidential"),
        ("contact_phone", "๐ ๒๒๘๑ ๕๕๕๕ ต่อ ๑๒", "0 2281 5555 ต่อ 12"),
        ("contact_phone", "+66 2 281 5555", "+66 2 281 5555"),
        ("contact_email", "mali@example.go.th", "mali@example.go.th"),
        ("subject", "  ขอเชิญ\r\n ประชุม\tด่วน\x00 ", "ขอเชิญ ประชุม ด่วน"),
        ("subject", " \n ", None),
        ("document_date", "", None),
    ],
)
def test_a_value_is_kept_tidily(name: str, typed: str, kept: str | None) -> None:
    assert checked_value(name, typed) == kept


def test_a_national_number_is_masked() -> None:
    typed = "ขอความช่วยเหลือ 1-1017-00203-45-0 และ 1101700203450"
    assert len(find_national_ids(typed)) == 2
    kept = checked_value("subject", typed)
    assert kept is not None and kept != typed and not find_national_ids(kept)


def test_a_field_that_no_letter_has_is_refused() -> None:
    with pytest.raises(FieldUnknown):
        checked_value("machine_value", "x")
