from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.media import XLSX, media_type
from extractors.reader import read_document
from extractors.request import ReadingLimits, ReadingRequest

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(*sheets: list[list[str | float]], padding: int = 0) -> bytes:
    """Return a small .xlsx with the sheets' rows."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + "</Relationships>",
    }
    for number, rows in zip(numbers, sheets, strict=True):
        body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        if padding:
            archive.writestr("xl/media/padding.bin", bytes(padding))
    return raw.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


ROWS: list[list[str | float]] = [["ลำดับ", "โรงเรียน", "จำนวนเงิน"], [1, "บ้านทดสอบ", 1250.5], ["", ""]]


def test_rows_are_lines_and_cells_stand_apart() -> None:
    data = workbook(ROWS, [["แผ่นที่สอง"]])
    found = read_document(data, "บัญชี.xlsx", ReadingRequest())
    assert (media_type(data), found.media_type) == (XLSX, XLSX)
    assert found.outcome is ReadOutcome.OK
    assert [page.method for page in found.pages] == [ReadMethod.NATIVE]
    assert [line.split() for line in found.text.splitlines()] == [
        ["ลำดับ", "โรงเรียน", "จำนวนเงิน"],
        ["1", "บ้านทดสอบ", "1250.5"],
        ["แผ่นที่สอง"],
    ]


def test_a_marked_sheet_is_withheld() -> None:
    found = read_document(workbook([["ลับมาก"], *ROWS]), "a.xlsx", ReadingRequest())
    assert (found.outcome, found.text) == (ReadOutcome.SECRET, "")


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (workbook([[]]), ReadOutcome.EMPTY),
        (workbook(ROWS)[:-40], ReadOutcome.DAMAGED),
        (workbook(ROWS, padding=3_000_000), ReadOutcome.TOO_LARGE),
    ],
)
def test_bad_workbooks_end_in_a_named_outcome(data: bytes, outcome: ReadOutcome) -> None:
    request = ReadingRequest(limits=ReadingLimits(bytes=500_000))
    assert read_document(data, "a.xlsx", request).outcome is outcome
