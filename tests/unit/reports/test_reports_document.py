from __future__ import annotations

from datetime import date
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from correspondence.vocabulary import Category
from reports.document import write_report
from reports.figures import CaseFact, monthly_figures
from reports.month import Month

MARCH = Month(2026, 3)
NAMES = {"complaints": "กลุ่มรับเรื่องราวร้องทุกข์"}


def _cases() -> list[CaseFact]:
    day, due = date(2026, 3, 2), date(2026, 3, 4)
    late = date(2026, 3, 9)
    ends = [due, due, late, None, None]
    return [
        CaseFact(n, f"{n}/2569", day, end, due, Category.COMPLAINT, "complaints")
        for n, end in enumerate(ends, 11)
    ]


def _table(content: bytes) -> list[list[str]]:
    return [[c.text for c in row.cells] for row in Document(BytesIO(content)).tables[0].rows]


def test_the_table_has_thai_numbers_names_and_the_total() -> None:
    cases = _cases()
    content = write_report(monthly_figures(cases, MARCH), NAMES, {})
    rows = _table(content)
    assert len(rows) == 3
    assert rows[1] == [
        *("เรื่องร้องทุกข์ร้องเรียน", "กลุ่มรับเรื่องราวร้องทุกข์"),
        *("๕", "๓", "๒", "๑", "๐", "๒", "๐", "๔๐.๐"),
    ]
    assert rows[2][0] == "รวม"
    assert rows[2][2:] == rows[1][2:]


def test_what_is_past_its_date_is_cited_by_register_number() -> None:
    cases = _cases()
    numbers = {case.case_id: case.register_number for case in cases}
    content = write_report(monthly_figures(cases, MARCH), NAMES, numbers)
    text = "\n".join(p.text for p in Document(BytesIO(content)).paragraphs)
    assert "เลขรับ ๑๔/๒๕๖๙, ๑๕/๒๕๖๙" in text
    assert "มีนาคม ๒๕๖๙" in text


def test_an_empty_month_has_a_blank_share() -> None:
    rows = _table(write_report(monthly_figures([], MARCH), NAMES, {}))
    assert rows[1][0] == "รวม"
    assert rows[1][2] == "๐"
    assert rows[1][-1] == ""


def test_every_run_has_the_office_font_in_all_slots_and_a_complex_script_size() -> None:
    document = Document(BytesIO(write_report(monthly_figures(_cases(), MARCH), NAMES, {})))
    runs = list(document.element.body.iter(qn("w:r")))
    assert len(runs) > 20
    for run in runs:
        properties = run.find(qn("w:rPr"))
        fonts = properties.find(qn("w:rFonts"))
        for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
            assert fonts.get(qn(f"w:{slot}")) == "TH SarabunPSK"
        assert properties.find(qn("w:szCs")) is not None
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
