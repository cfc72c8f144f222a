"""ลงวันที่: the date of the letter itself, ISO (CE)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from correspondence.reading import FieldValue
from correspondence.thai_dates import DateProblem, FoundDate, find_dates
from extractors.fields.labels import Label, body_start, closing_index, find_label
from extractors.fields.letter_lines import Letter, Line, field_value
from extractors.fields.line_breaks import is_broken

# What may stand beside a letter's own date on its line: a label, a weekday, a place and a comma.
_BEFORE = re.compile(
    r"^(?:(?:ลง)?ว[ัิ]?นที?[่้]?|วัน\S{0,12}ที่|ณ วันที่|(?:สั่ง|ประกาศ|ให้ไว้) ?ณ ?วันที่|Date[d]?|เขียนเมื่อ"
    r"|[A-Z][A-Za-z .]{2,24},|กรุงเทพ(?:ฯ|มหานคร),?|[ก-๙]{3,16},|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?|the|วัน\S{3,10}|(?:ข่าว|ฉบับ)?ที่ \d+/\d{4}"
    r"|\(|ออก ณ)?[\s:：.]*"
    r"(?:วันที่|ที่)?\s*$"
)
_AFTER = re.compile(r"^[\s.,)]*(?:เวลา.{0,16}|,?\s*\d{1,2}[:.]\d{2}.{0,6})?$")
_SENT_LABEL = re.compile(
    r"^(?:Submitted(?: on| at)?|Received|Date(?: sent)?|วัน(?:ที่)?(?:และเวลา|/เวลา"
    r"|\s?เวลา)?\s?(?:ที่)?(?:ยื่น|แจ้ง|ส่ง|ร้องเรียน|รับแจ้ง|บันทึก|เขียน|รับเรื่อง)?[ก-๙/]{0,12})"
    r"\s*[:：]\s*"
)
# The words of a decree or an act for its own day; the head of its page has the Gazette's.
_ENACTED = re.compile(r"^ให้ไว้ ?ณ ?วันที่\s")
_STAMP = re.compile(r"(?:รับที่|เลขรับ|เลขที่รับ|วันที่รับ|received|RECEIVED)", re.IGNORECASE)


def read_document_date(letter: Letter) -> FieldValue:
    """Return the letter's date; a page's head is looked at first, then what follows the body.

    A decree's own day (ให้ไว้ ณ วันที่ …) comes before all, wherever it stands.

    A mail's Date is not the letter's date. An impossible or incomplete date has no value but
    keeps `raw`, so that a person sees what stands there.
    """
    enacted = _enacted(letter)
    if enacted is not None:
        return enacted
    head_end = max(body_start(letter), _head_end(letter), 6 if letter.mail else 8)
    tail_start = _tail_start(letter)
    cited = _cited(letter, head_end)
    seen: FieldValue | None = None
    for index in [*range(min(head_end, len(letter.lines))), *range(tail_start, len(letter.lines))]:
        line = letter.lines[index]
        if _STAMP.search(line.text) or _ends_sentence(letter, index) or index in cited:
            continue
        found = _date_of_line(line)
        if found and found[0].problem is DateProblem.YEAR_MISSING:
            following = letter.lines[index + 1].text if index + 1 < len(letter.lines) else ""
            if re.match(r"^(?:พ\.ศ\.\s*)?\d{4}$", following):
                text = f"{line.text} {following}"
                found = _date_of_line(replace(line, text=text, raw=f"{line.raw} {following}"))
        if found is None:
            continue
        item, trust = found
        value = _value(item, line, trust)
        if value.value is not None:
            return value
        seen = value if seen is None else seen
    return seen if seen is not None else FieldValue()


def _cited(letter: Letter, head_end: int) -> range:
    """Return the lines of อ้างถึง: a day alone on one of them is a cited letter's."""
    begin = find_label(letter, Label.REFERENCE, limit=min(head_end, len(letter.lines)))
    return range(begin, body_start(letter)) if begin is not None else range(0)


def _enacted(letter: Letter) -> FieldValue | None:
    for line in letter.lines:
        if _ENACTED.match(line.text):
            dates = find_dates(line.text)
            if len(dates) == 1 and dates[0].value:
                return _value(dates[0], line, 0.95)
    return None


def found_day(field: FieldValue) -> date | None:
    """Return the field as a day, None where the letter has no date."""
    return date.fromisoformat(field.value) if field.value else None


def _head_end(letter: Letter) -> int:
    subject = find_label(letter, Label.SUBJECT, limit=40)
    return subject if subject is not None else 0


def _tail_start(letter: Letter) -> int:
    closing = closing_index(letter)
    last_lines = max(0, len(letter.lines) - 9)
    return min(closing, last_lines) if closing is not None else last_lines


def _ends_sentence(letter: Letter, index: int) -> bool:
    """Tell whether a line is the wrapped end of a sentence (… not later than / 12 August 2026.)."""
    line = letter.lines[index]
    wrapped = index > 0 and is_broken(letter, index - 1)
    return wrapped and not line.gap and line.text.endswith((".", ","))


def _date_of_line(line: Line) -> tuple[FoundDate, float] | None:
    labelled = _SENT_LABEL.match(line.text)
    if labelled:
        dates = find_dates(line.text[labelled.end() :])
        return (dates[0], 0.85) if dates else None
    for cell in dict.fromkeys((line.text, *line.cells, *re.split(r"\s{2,}", line.text))):
        dates = find_dates(cell)
        if len(dates) != 1 or dates[0].is_range:
            continue
        before, after = cell[: dates[0].start], cell[dates[0].end :]
        if _BEFORE.match(before) and _AFTER.match(after):
            return dates[0], 0.95
        label = re.search(r"(?:^|\s)ว[ัิ]?นที?[่้]?\s*$", before)
        number_before = re.match(r"^(?:ท[ีิึ]?[่้]?\s|ข่าว|ฉบับ)", before)
        if label and number_before and _AFTER.match(after):
            return dates[0], 0.9
    return None


def _value(item: FoundDate, line: Line, trust: float) -> FieldValue:
    value = item.value.isoformat() if item.value else None
    return field_value(
        value, line.raw, line, trust if value else 0.0, check=item.problem is not None
    )
