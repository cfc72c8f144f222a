"""ที่: the sender's number, digits folded, as `ศธ 0237/2121` (patterns counted in thai.md)."""

from __future__ import annotations

import re

from correspondence.reading import FieldValue
from correspondence.thai_digits import fold_digits
from extractors.fields.addresses import is_address
from extractors.fields.agency_codes import code_of, is_code_of
from extractors.fields.labels import Label, after_label, body_start, find_label
from extractors.fields.letter_lines import Letter, Line, field_value

_CODE = r"(?:[ก-ฮ](?:[ก-ฮ]|\.\s?|[ะ-ู็-์]){0,9}\s*(?:\([^()\n]{1,15}\)\s*)?)"
_SERIES = r"(?:\s?\.?\s?\([^()\n]{1,15}\)\s?){0,2}"
LETTER_NUMBER = re.compile(
    rf"(?P<code>{_CODE}|พิเศษ\s*)?(?P<number>\d{{1,7}}(?:\s?[.]\s?\d{{1,5}})*{_SERIES}\s*/\s*"
    r"(?:[วลรปชพนท]\s?\.?\s?(?:\(?[ก-ฮ]\)?\s?)?|\([ก-ฮ]{1,4}\.?(?:\s?\d{1,2})?\)\s?)?\d{1,7}(?:/\d{4})?)"
)
_CIRCULAR = re.compile(r"/\s*ว\s?\.?\s?\d")
_ENGLISH_LABEL = re.compile(
    r"^(?:(?:Our\s+)?Ref(?:erence)?\.?(?:\s*No)?\.?|Note\s+(?:Verbale\s+)?No\.?|No\.?"
    r"|Letter\s+No\.?)\s*[:：]?\s*"
    r"(?P<number>[A-Za-z0-9][\w./()\- ]{1,38}\d[\w./)-]*)\s*$",
    re.IGNORECASE,
)
_ENGLISH_ALONE = re.compile(r"^(?P<number>[A-Z]{2,8}[ /.-]{0,2}\d[\w./-]{2,24})$")
_CASE_NUMBER = re.compile(
    r"(?:คดี)?หมายเลขดำ\s*(?:ที่)?\s*(?P<number>(?:[ก-ฮ]{1,4}\.?\s?)?\d{1,6}\s*/\s*\d{4})"
)
_NEWS_NUMBER = re.compile(r"^(?:ข่าว|ฉบับ|ข่าวที่|ลำดับ)\s*ที่\s*(?P<number>\d{1,5}\s*/\s*\d{4})")
_TICKET = re.compile(
    r"^(?:Ticket(?:\s*(?:No|ID|number))?\.?|Case\s*(?:ID|No\.?|number)|Reference(?:\s*(?:No"
    r"|number))?\.?|"
    r"(?:เลขที่|เลข|รหัส|หมายเลข)\s*(?:เรื่อง|คำร้อง|รับเรื่อง|ติดตาม|ร้องเรียน"
    r"|เรื่องร้องเรียน|อ้างอิง|รับแจ้ง|ทะเบียน|Ticket)[ก-๙]*)"
    r"\s*[:：#]?\s*(?P<number>[\w][\w./-]{2,30})",
    re.IGNORECASE,
)
NUMBER_LABEL = re.compile(
    r"^(?:(?:ด่วนที่สุด|ด่วนมาก|ด่วน)\s*)?(?:เลข)?ท[ีิึื]{0,2}[่้]?(?:\s*[:：]\s*|\s+)(?=\S)"
    r"|^ท[ีิึื]{1,2}[่้]?(?=[ก-ฮ]{1,4}[\s.(]|\d)"
)
# A recogniser may read label and code as Latin letters; the number behind them holds.
_TORN_NUMBER = re.compile(
    r"^(?:[^\s\d/]{1,5}\s)?(?P<code>[^\s\d/]{1,5})?\s?(?P<number>\d{4,6}(?:\.\d{1,3})*"
    r"(?:\s?\([^()]{1,8}\))?\s?/\s?(?:[วลรปชพนท]\s?)?\d{1,6})(?=\s|$)"
)
# ส ร 0017: two letters of a code that a blank parts.
_PARTED_CODE = re.compile(r"(?<![ก-๙])([ก-ฮ])\s([ก-ฮ])(?=\s?\(|\s?\d)")
# 0504/ว 188 read as 05041ว 188, 0001/) 1602 or 0001/7 1602.
_LOST_CIRCULAR = re.compile(r"(?<=\d{4})[1Il|]\s?ว\s?(?=\d)|(?<=\d)\s?/\s?[)\]}>]\s?(?=\d)")
_THAI = re.compile(r"[ก-ฮ]{3}")
_SHORT = 60
_CITED = re.compile(r"(?:^|(?<=[\s,;])|(?<=สุด)|(?<=มาก)|(?<=ด่วน)|(?<=และ)|(?<=เลข))ที[่้]?\s*")
# กระทู้ถามที่ ๑๑๘ ร.: a question of the House has a running number and letters of its own.
_QUESTION = re.compile(
    r"(?:กระทู้ถาม|กระทู้|ญัตติ)(?:สด|ทั่วไป|แยกเฉพาะ)?(?:ด้วยวาจา)?\s?ที่\s?"
    r"(?P<number>\d{1,4}(?:\s?/\s?\d{4})?(?:\s?[ก-ฮ]\.)?)"
)
_ENGLISH_CITED = re.compile(
    r"\b(?:(?:Ref\.?\s*)?No\.?|Ref\.?)\s*[:：]?\s*(?P<number>[A-Za-z0-9][A-Za-z0-9./()-]{0,30}"
    r"(?: \d[\d./-]{0,20})?\d)(?=[\s,;.]|$)"
)
_ORIGINAL_FOLLOWS = re.compile(r"(?:ตัวจริง|หนังสือจริง|ต้นฉบับ|ฉบับจริง|หนังสือนำ|หนังสือส่ง|ตามส่ง|ส่งตาม)")


def read_document_number(letter: Letter) -> FieldValue:
    """Return the sender's number; a court paper's black case number, a form's ticket."""
    head = letter.lines[: max(body_start(letter), 14)]
    for reader in (
        _lettered_number,
        _case_number,
        _labelled_number,
        _ticket,
        _english_number,
        _news_number,
    ):
        found = reader(letter, head)
        if found is not None:
            return found
    return _mentioned_number(letter)


def is_circular(number: str | None) -> bool:
    """Tell whether a number is a circular's (ว before the running number)."""
    return bool(number and _CIRCULAR.search(number))


def find_letter_number(text: str) -> str | None:
    """Return the first letter number of a citation (ด่วนที่สุด ที่ นร 0503/ว61 ลงวันที่ …)."""
    return next(iter(find_letter_numbers(text)), None)


def find_letter_numbers(text: str) -> tuple[str, ...]:
    """Return the letter numbers of a citation in order, those of English letters too."""
    folded = fold_digits(text)
    found: list[str] = []
    for label in _CITED.finditer(folded):
        match = LETTER_NUMBER.match(folded, label.end())
        if match:
            found.append(tidy(match.group()))
    if not found:
        found += [" ".join(match["number"].split()) for match in _QUESTION.finditer(folded)]
    if not found:
        found += [tidy(match["number"]) for match in _ENGLISH_CITED.finditer(folded)]
    return tuple(found)


def tidy(number: str) -> str:
    """Return a number with its blanks evened out: `กค 0402.5/ว 138`."""
    number = re.sub(r"\s+", " ", number).strip(" .,-")
    number = re.sub(r"\s*/\s*", "/", number)
    return re.sub(r"(?<=\d)\s?\.\s?(?=\d)", ".", number)


def _lettered_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    """Return a number behind ที่ with an office's letters: a court writes letters too."""
    for line in head[:20]:
        for cell in line.cells:
            match = NUMBER_LABEL.match(cell)
            number = LETTER_NUMBER.match(cell, match.end()) if match and not line.ocr else None
            if number and number["code"]:
                return field_value(tidy(number.group()), line.raw, line, 0.95)
    return None


def _case_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    court = any(
        line.text.lstrip("(").startswith("ศาล") and len(line.text) < _SHORT for line in head
    ) or any("หมาย" in line.text[:60] and len(line.text) < _SHORT for line in head[:3])
    for line in head:
        match = _CASE_NUMBER.search(line.text)
        if match and court and len(line.text) < 2 * _SHORT:
            return field_value(tidy(match["number"]), line.raw, line, 0.95)
    return None


def _labelled_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    for line in head[:20]:
        for cell in line.cells:
            text = _as_printed(cell) if line.ocr else cell
            match = NUMBER_LABEL.match(text)
            number = LETTER_NUMBER.match(text, match.end()) if match else None
            if number is None or (line.ocr and not number["code"]):
                continue
            if line.ocr:
                return _with_likely_code(letter, line, number["code"], number["number"])
            return field_value(tidy(number.group()), line.raw, line, 0.8)
    return _torn_number(letter, head) or _number_beside_label(letter)


def _number_beside_label(letter: Letter) -> FieldValue | None:
    """Return the number where columns were torn apart and the label stands alone in its cell."""
    index = find_label(letter, Label.NUMBER, limit=min(20, len(letter.lines)))
    if index is None:
        return None
    line = letter.lines[index]
    number = LETTER_NUMBER.search(after_label(line.text, Label.NUMBER)[:40])
    if number and number.start() < 12:
        return field_value(tidy(number.group()), line.raw, line, 0.7, check=True)
    return None


def _torn_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    """Return the number of a scan whose label or letters could not be read, with likely ones."""
    subject = find_label(letter, Label.SUBJECT, limit=20)
    if not _THAI.search(letter.text):
        return None
    for line in head[: subject if subject is not None else 8]:
        if not line.ocr or is_address(line.text):
            continue
        for cell in line.cells:
            match = _TORN_NUMBER.match(_as_printed(cell))
            if match:
                return _with_likely_code(letter, line, match["code"] or "", match["number"])
    return None


def _with_likely_code(letter: Letter, line: Line, read: str, number: str) -> FieldValue:
    """Return a scanned number; letters that could not be read are those of the agency's name."""
    subject = find_label(letter, Label.SUBJECT, limit=20)
    head = letter.lines[: subject if subject is not None else 10]
    likely = code_of("\n".join(item.text for item in head))
    plain = re.sub(r"[\s.]", "", read)
    thai = bool(re.fullmatch(r"[ก-ฮ][ก-๙]{1,9}(?:\([^()]*\))?", plain))
    if likely and plain != likely and is_code_of(plain, likely):
        return field_value(tidy(f"{likely} {number}"), line.raw, line, 0.4, check=True)
    code = read if thai else ""
    # A blank behind the stroke is where a letter was lost: /ว 12 read as / 12.
    lost = bool(re.search(r"/\s+\d", number))
    sure = 0.9 if thai and not lost else 0.4
    return field_value(tidy(f"{code} {number}"), line.raw, line, sure, check=not thai or lost)


def _as_printed(cell: str) -> str:
    """Return a recognised cell with what recognisers do to numbers undone."""
    cell = _PARTED_CODE.sub(r"\1\2", cell)
    return _LOST_CIRCULAR.sub("/ว ", cell)


def _ticket(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    for line in head:
        match = _TICKET.match(line.text)
        if match and any(c.isdigit() for c in match["number"]):
            return field_value(tidy(match["number"]), line.raw, line, 0.9)
    return None


def _english_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    for line in head[:14]:
        for cell in line.cells:
            match = _ENGLISH_LABEL.match(cell)
            if match:
                return field_value(tidy(match["number"]), line.raw, line, 0.9)
    for line in head[:10]:
        for cell in line.cells:
            match = _ENGLISH_ALONE.match(cell)
            if match and not letter.mail:
                return field_value(tidy(match["number"]), line.raw, line, 0.7)
    return None


def _news_number(letter: Letter, head: tuple[Line, ...]) -> FieldValue | None:
    for line in head:
        match = _NEWS_NUMBER.match(line.text)
        if match:
            return field_value(tidy(match["number"]), line.raw, line, 0.85)
    return None


def _mentioned_number(letter: Letter) -> FieldValue:
    """Return the number of the paper that a mail announces (ตัวจริง ที่ ศธ …)."""
    for match in re.finditer(rf"ที่\s*(?P<all>{LETTER_NUMBER.pattern})", letter.text):
        before = letter.text[max(0, match.start() - 60) : match.start()]
        if match["code"] and _ORIGINAL_FOLLOWS.search(before):
            start, end = match.span("all")
            sure = 0.7 if letter.mail else 0.5
            return letter.value_at(start, end, tidy(match["all"]), sure)
    return FieldValue()
