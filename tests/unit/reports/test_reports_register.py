from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from correspondence.errors import UsageFault
from reports.register_book import COLUMNS, EntryKind, RegisterBook, RegisterEntry
from reports.register_period import RegisterPeriod, read_period
from reports.register_sheet import FONT, write_register

DAY = date(2026, 11, 21)


def _entry(number: int = 1, subject: str = "ขอเชิญประชุม", day: date = DAY) -> RegisterEntry:
    return RegisterEntry(
        *(
            number,
            day,
            "ศธ ๐๒๐๖/๑",
            "๑๘ พ.ย. ๒๕๖๙",
            "สำนักงานปลัด",
            "รมว.ศธ.",
            subject,
            "กลุ่มบริหาร",
            "",
        ),
        kind=EntryKind.PLAIN,
    )


def _book(*entries: RegisterEntry, day: date | None = DAY, secret: int = 0) -> RegisterBook:
    return RegisterBook("สำนักงานรัฐมนตรี", RegisterPeriod(2026, day), entries, secret, DAY)


def _rows(content: bytes) -> list[list[str]]:
    (sheet,) = CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def _part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return file.read(name).decode()


@pytest.mark.parametrize("written", ["2569-11-21", "2026-11-21", "๒๕๖๙-๑๑-๒๑", " 2569-11-21 "])
def test_a_day_is_read_in_either_era(written: str) -> None:
    assert read_period(written, None) == RegisterPeriod(2026, DAY)


@pytest.mark.parametrize("written", ["2569", "2026", "๒๕๖๙"])
def test_a_year_is_read_in_either_era(written: str) -> None:
    assert read_period(None, written) == RegisterPeriod(2026)


def test_a_leap_day_of_the_buddhist_era_is_a_day() -> None:
    assert read_period("2567-02-29", None).day == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        *((None, None), ("2569-11-21", "2569"), ("21-11-2569", None), ("2569-02-29", None)),
        *(("69-11-21", None), (None, "69"), (None, "9999"), (None, "x"), ("", None), (None, "")),
    ],
)
def test_what_is_no_period_is_refused(day: str | None, year: str | None) -> None:
    with pytest.raises(UsageFault):
        read_period(day, year)


def test_a_period_begins_and_ends_at_midnight_in_bangkok() -> None:
    begin, after = RegisterPeriod(2026, DAY).bounds()
    assert begin.isoformat() == "2026-11-21T00:00:00+07:00"
    assert after.isoformat() == "2026-11-22T00:00:00+07:00"
    assert [m.isoformat()[:10] for m in RegisterPeriod(2026).bounds()] == [
        "2026-01-01",
        "2027-01-01",
    ]


def test_the_sheet_has_exactly_the_columns_of_the_form() -> None:
    rows = _rows(write_register(_book(_entry())))
    assert rows[0][0] == "ทะเบียนหนังสือรับ"
    assert rows[1][0] == "สำนักงานรัฐมนตรี  วันที่ ๒๑ พฤศจิกายน ๒๕๖๙"
    assert tuple(rows[2]) == COLUMNS
    assert rows[3] == list(_entry().cells()) and rows[3][0] == "๑"


def test_a_year_names_each_day_once_and_a_day_none() -> None:
    other = date(2026, 11, 23)
    entries = (_entry(1), _entry(2), _entry(3, day=other))
    first = [row[0] for row in _rows(write_register(_book(*entries, day=None)))[3:8]]
    assert first == ["วันที่ ๒๑ พฤศจิกายน ๒๕๖๙", "๑", "๒", "วันที่ ๒๓ พฤศจิกายน ๒๕๖๙", "๓"]
    assert [row[0] for row in _rows(write_register(_book(*entries)))[3:6]] == ["๑", "๒", "๓"]


@pytest.mark.parametrize("start", ["=1+1", "+66", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_stays_text(start: str) -> None:
    content = write_register(_book(_entry(subject=start)))
    assert _rows(content)[3][5] == start
    sheet = _part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    assert 'quotePrefix="1"' in _part(content, "xl/styles.xml")


@given(st.text(max_size=80))
def test_any_text_is_kept_as_text(subject: str) -> None:
    content = write_register(_book(_entry(subject=subject)))
    assert "<f>" not in _part(content, "xl/worksheets/sheet1.xml")
    assert len(_rows(content)) >= 4


def test_the_sheet_prints_across_with_its_head_on_every_page_and_page_numbers() -> None:
    content = write_register(_book(_entry()))
    sheet = _part(content, "xl/worksheets/sheet1.xml")
    assert 'orientation="landscape"' in sheet and 'paperSize="9"' in sheet
    assert "&amp;P" in sheet and 'fitToHeight="0"' in sheet
    assert re.search(r"Print_Titles[^<]*>[^<]*\$3:\$3<", _part(content, "xl/workbook.xml"))
    styles = _part(content, "xl/styles.xml")
    assert f'<name val="{FONT}"/>' in styles and '<charset val="222"/>' in styles


def test_a_row_is_high_enough_for_its_longest_cell() -> None:
    heights = {}
    for subject in ("สั้น", "เรื่องยาวมาก" * 20):
        sheet = _part(write_register(_book(_entry(subject=subject))), "xl/worksheets/sheet1.xml")
        found = re.search(r'<row r="4"[^>]* ht="([\d.]+)"', sheet)
        assert found
        heights[subject] = float(found[1])
    low, high = heights.values()
    assert high >= 3 * low


def test_the_foot_counts_and_names_what_is_kept_elsewhere() -> None:
    book = _book(_entry(1), _entry(2), secret=3)
    assert "รวม ๒ เลขรับ" in book.foot and "ชั้นความลับ ๓ รายการ" in book.foot
    assert "ยกเลิก" not in book.foot


def test_five_thousand_letters_make_a_sheet() -> None:
    content = write_register(_book(*(_entry(n) for n in range(1, 5001)), day=None))
    rows = _rows(content)
    assert rows[4 + 4999][0] == "๕๐๐๐"
