from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.thai_dates import Digits, short_thai_date, thai_date
from drafting.faithfulness import UnfaithfulDraft, check_faithful, gather_sources

LETTER = "เมื่อวันที่ ๙ มิ.ย. ๖๙ นายสมมุติ ใจดี จ่ายเงิน ๑,๒๐๐ บาท เวลา ๐๙.๓๐ น. ตามหนังสือ ศธ ๐๑๐๐/๖๖"


@pytest.mark.parametrize(
    "draft",
    [
        "ลงวันที่ 9 มิถุนายน 2569",
        "2026-06-09",
        "๙ มิ.ย. ๖๙",
        "จ่ายเงิน 1200 บาท",
        "เวลา 09:30 น.",
        "ศธ ๐๑๐๐/๖๖",
        "นายสมมุติ  ใจดี",
        "ไม่มีตัวเลข",
    ],
)
def test_facts_of_the_letter_pass_in_any_digits_and_era(draft):
    check_faithful(draft, gather_sources([LETTER]))


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("๑๐ มิถุนายน ๒๕๖๙", "dates"),
        ("๙ มิถุนายน ๒๕๖๘", "dates"),
        ("จ่ายเงิน ๑,๓๐๐ บาท", "numbers"),
        ("จ่ายเงิน ๒๐๐ บาท", "numbers"),
        ("เวลา ๑๓.๓๐ น.", "numbers"),
        ("นายสมมุติ ใจร้าย", "names"),
        ("ส่งที่ other@example.org", "names"),
    ],
)
def test_what_the_letter_does_not_say_is_refused(draft, kind):
    with pytest.raises(UnfaithfulDraft) as fault:
        check_faithful(draft, gather_sources([LETTER]))
    assert fault.value.kind == kind
    assert "๑" not in str(fault.value) and "ใจ" not in str(fault.value)


@given(st.dates(date(1960, 1, 1), date(2100, 12, 31)))
def test_a_known_date_passes_in_every_form(day):
    sources = gather_sources([], [day])
    for text in (thai_date(day), short_thai_date(day, Digits.THAI), day.isoformat()):
        check_faithful(text, sources)


@given(st.integers(1000, 9_999_999), st.integers(1000, 9_999_999))
def test_an_amount_passes_only_if_it_is_the_letters(told, drafted):
    sources = gather_sources([f"เป็นเงิน {told:,} บาท"])
    if told == drafted:
        check_faithful(f"{drafted} บาท", sources)
    else:
        with pytest.raises(UnfaithfulDraft):
            check_faithful(f"{drafted} บาท", sources)
