"""The monthly report as a .docx: the figures by category and group, and what is past its date."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from reports.figures import FigureCell, MonthlyFigures
from reports.memo_quality import MemoFigure, MemoQuality
from reports.month import read_month
from reports.sheet import add_line, add_table, blank_sheet

_HEAD = (
    "ประเภทเรื่อง",
    "กลุ่มงาน",
    "รับ",
    "ยุติแล้ว",
    "ทันกำหนด",
    "ล่าช้า",
    "ค้าง ในกำหนด",
    "ค้าง เกินกำหนด",
    "ไม่มีกำหนด",
    "ร้อยละ ทันเวลา",
)
_WIDTHS_CM = (4.6, 5.4, 1.6, 1.8, 2.0, 1.8, 2.1, 2.2, 2.1, 2.1)
_UNKNOWN = "ยังไม่จำแนก"
_NO_GROUP = "ยังไม่มอบกลุ่ม"


def write_report(
    figures: MonthlyFigures,
    groups: Mapping[str, str],
    register_numbers: Mapping[int, str],
    memos: MemoQuality | None = None,
) -> bytes:
    """Return the report of a month as .docx bytes.

    Args:
        figures: the month's figures.
        groups: Thai name of each group by its id.
        register_numbers: number of each case by its id, for the list of what is past its date.
        memos: what the month's reviews left of the machine's memos; None leaves it out.
    """
    month = read_month(figures.month).thai
    title = f"รายงานผลการดำเนินงานเรื่องที่ได้รับ ประจำเดือน{month}"
    sheet = blank_sheet(title)
    add_line(sheet, title, points=20, weight="bold", centred="centred")
    add_line(sheet, f"ข้อมูล ณ วันที่ {thai_date(figures.as_of)}", centred="centred")
    add_line(sheet, "")
    rows = [
        (
            row.category.thai if row.category else _UNKNOWN,
            groups.get(row.group, row.group) if row.group else _NO_GROUP,
            *_numbers(row.cell),
        )
        for row in figures.rows
    ]
    rows.append(("รวม", "", *_numbers(figures.total)))
    add_table(sheet, _HEAD, rows, _WIDTHS_CM, words=2, last_row="bold")
    add_line(sheet, "")
    closed = thai_digits(len(figures.closed_in_month))
    add_line(sheet, f"เรื่องที่ยุติในเดือนนี้ (รวมที่รับไว้ก่อนหน้า) {closed} เรื่อง")
    overdue = sorted(figures.total.open_overdue)
    if overdue:
        cited = ", ".join(thai_digits(register_numbers.get(case, "-")) for case in overdue)
        add_line(sheet, f"ค้างเกินกำหนด {thai_digits(len(overdue))} เรื่อง เลขรับ {cited}")
    if memos is not None:
        add_line(sheet, _memo_line(memos))
    add_line(
        sheet,
        "ร้อยละทันเวลา = (ทันกำหนด + ค้างในกำหนด) ÷ เรื่องที่มีวันครบกำหนด ช่องว่างหมายถึงไม่มีเรื่องให้คิด "
        "วันครบกำหนดพอดีถือว่าทันกำหนด",
        points=14,
    )
    target = BytesIO()
    sheet.save(target)
    return target.getvalue()


def _memo_line(memos: MemoQuality) -> str:
    counts = "  ".join(
        f"{figure.thai} {thai_digits(getattr(memos, figure.value))} เรื่อง" for figure in MemoFigure
    )
    share = memos.survived_percent
    kept = "" if share is None else f"  ประโยคที่คงอยู่ร้อยละ {thai_digits(f'{share:.1f}')}"
    return f"ร่างบันทึกของระบบหลังการตรวจ: {counts}{kept}"


def _numbers(cell: FigureCell) -> tuple[str, ...]:
    counts = (
        cell.received,
        cell.closed,
        len(cell.in_time),
        len(cell.late),
        len(cell.open_in_time),
        len(cell.open_overdue),
        len(cell.closed_undated) + len(cell.open_undated),
    )
    percent = cell.in_time_percent
    share = "" if percent is None else thai_digits(f"{percent:.1f}")
    return (*(thai_digits(count) for count in counts), share)
