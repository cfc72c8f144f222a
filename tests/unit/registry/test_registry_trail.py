"""What a person wrote, as the audit trail keeps it."""

from __future__ import annotations

from registry.trail import as_noted


def test_a_reason_has_its_national_number_masked_and_no_nul() -> None:
    noted = as_noted(" ผู้ร้อง 1-1014-00000-00-6\0 ขอแก้ไข \n")
    assert "\0" not in noted and "00000" not in noted
    assert noted.startswith("ผู้ร้อง ") and noted.endswith(" ขอแก้ไข")
    assert as_noted(noted) == noted


def test_other_words_stay() -> None:
    assert as_noted("ลงรับซ้ำกับเลขรับ 12/2569") == "ลงรับซ้ำกับเลขรับ 12/2569"
