from __future__ import annotations

import re
from pathlib import Path

import pytest

from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.orthography import count_violations
from extractors.reader import read_document
from extractors.request import ReadingRequest


@pytest.mark.shared
def test_a_page_of_the_royal_gazette_has_its_am_and_its_date(shared: Path) -> None:
    path = shared / "data" / "pdf" / "fixthaipdf__140A022N0000000000100.pdf"
    found = read_document(path.read_bytes(), path.name, ReadingRequest())
    assert found.outcome is ReadOutcome.OK
    assert {page.method for page in found.pages} == {ReadMethod.TEXT_LAYER}
    assert found.fields.document_date.value == "2023-03-17"
    for words in ("ได้นำความกราบบังคมทูล", "ประจำปีที่สี่", "คืนอำนาจการ", "ดำเนินไปอย่างต่อเนื่อง"):
        assert words in found.text
    assert not re.search(r"[ก-ฮ][่-๋]?\s+า", found.text)
    assert count_violations(found.text) == 0
    assert "17 มีนาคม พ.ศ. 2566" in fold_digits(found.text)
