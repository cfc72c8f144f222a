"""หน่วยงานเจ้าของหนังสือ: the sender's agency, without its address."""

from __future__ import annotations

import re

from correspondence.reading import FieldValue
from correspondence.thai_dates import find_dates
from correspondence.vocabulary import LetterKind
from extractors.fields.addresses import is_address
from extractors.fields.contacts import is_portal
from extractors.fields.document_number import LETTER_NUMBER, NUMBER_LABEL
from extractors.fields.labels import (
    Label,
    after_label,
    body_start,
    closing_index,
    find_label,
    label_of,
)
from extractors.fields.letter_lines import Letter, Line, field_value
from extractors.fields.marks import mark_line

# At the beginning of a word: โสภา is a name although it holds สภา.
_ORGANISATION = re.compile(
    r"(?:มหาวิทยาลัย|วิทยาลัย)|(?:^|[\s(/])(?:สำนัก|กระทรวง|กรม|กอง|ศาล|สภา|องค์การ|องค์กร|เทศบาล|มหาวิทยาลัย|วิทยาลัย|โรงเรียน"
    r"|สถาบัน|สถานี|สถาน|ศูนย์|คณะ|สมาคม|มูลนิธิ|"
    r"บริษัท|ห้างหุ้นส่วน|ธนาคาร|ชมรม|เครือข่าย|สหภาพ|สหกรณ์|พรรค|จังหวัด|ที่ว่าการ|ที่ทำการ"
    r"|การไฟฟ้า|การประปา|โรงพยาบาล|ราชวิทยาลัย|ราชสมาคม|ราชบัณฑิต|หอการค้า|"
    r"สพป\.|สพม\.|ศธจ\.|ศธภ\.|สพฐ|สป\.|สอศ|อบต\.|อบจ\.|กศน|กลุ่ม|ฝ่าย|หนังสือพิมพ์|วัด|มณฑล"
    r"|กองทัพ|กองบัญชาการ|รายการ|สำนักข่าว)"
)
_ORDER_TITLE = re.compile(r"^(?:คำสั่ง|ประกาศ)\s?(?=กระทรวง|สำนัก|กรม|จังหวัด|โรงเรียน|มหาวิทยาลัย|สภา)")
# The generic first word of an agency, which alone names none.
_BARE_NAME = re.compile(
    r"^(?:สำนัก|สำนักงาน|กระทรวง|กรม|กอง|โรงเรียน|มหาวิทยาลัย|สถาบัน|ศาลากลาง|สมาคม)$"
)
_UNIT = re.compile(
    r"^(?:สำนัก(?!งาน|นายก|เลขา|ข่าวกรอง|พระ|ราช|งบ|เลขาธิการ)|กอง(?!ทัพ|บัญชาการ|ทุน)|กลุ่ม"
    r"|ฝ่าย|งาน|คณะ(?!กรรม|รัฐ)|ภาควิชา|ศูนย์|สถาบัน|ส่วน)"
)
_PARENT = re.compile(
    r"^(?:มหาวิทยาลัย|กระทรวง|กรม|สำนักงาน|องค์การ|โรงเรียน|วิทยาลัย|จังหวัด|บริษัท|สถาบัน"
    r"|จุฬาลงกรณ์|ราชวิทยาลัย)"
)
_JOINS_NEXT = re.compile(r"(?:และ|แห่ง|เพื่อ|ด้าน|การ|ด้วย|ของ|ใน|-)$")
_JOINS_PREVIOUS = re.compile(r"^(?:และ|แห่ง|เขต\s?\d|ภาค|ประจำ|เพื่อ|สาขา)")
_ENGLISH_ORGANISATION = re.compile(
    r"\b(?:Embassy|Ministry|Office|University|Organi[sz]ation|Secretariat|Council|Institute"
    r"|Association|School|"
    r"Foundation|Bureau|Chamber|Fund|Bank|Agency|Consulate|Delegation|Commission|Company|Ltd"
    r"|Inc|Centre|Center|"
    r"Federation|Society|Department|Shimbun|Times|News|Post|Press|Network|Programme|College"
    r"|Mission|e\.V\.|Union|EMBASSY|Group)\b",
    re.IGNORECASE,
)
_MEMO_DEPARTMENT = re.compile(
    r"^((?:สำนักงานปลัด\S+|สำนักงานคณะกรรมการ\S+|สำนักงานเลขา\S+|กระทรวง\S+|กรม\S+"
    r"|สำนักงานรัฐมนตรี\S*))\s+\S"
)
_CALL = re.compile(r"\s*[(（]?\s*(?:โทร|โทรศัพท์|Tel)\s?[.:ฯ]?.*$")
_NOT_A_SIGNATURE = re.compile(
    r"^(?:ภาพ|ข่าว|นาย|นาง|น\.ส\.|ดร\.|ผศ|รศ|เรียน|จึง|ขอ|ด้วย|หาก|ผม|ดิฉัน|[-•]"
    r"|\(?\d+\s?[.)])|[:：?]|\.{3}|ครับ|ค่ะ|นะคะ|ได้เลย"
)
# Words of a sentence, which no letterhead holds.
_SPOKEN = re.compile(r"(?:ครับ|ค่ะ|นะคะ|พวก\s?เรา|ผม|ดิฉัน|สวัสดี|[“”\"?])")
_TITLE = re.compile(
    r"^\W*(?:aide[- ]m[ée]moire|note\s+verbale|memorandum|unofficial translation)\W*$",
    re.IGNORECASE,
)
# The first sentence of a note or an aide-mémoire names who writes it.
_NOTE_SENDER = re.compile(
    r"^The (?P<name>(?:Royal )?(?:[A-Z]\w+ )?"
    r"(?:Embassy|Ministry|Permanent Mission|Mission|Delegation|Consulate)"
    r"[\w ,'-]{3,60}?) (?:presents|refers|has the honou?r|wishes|would|avails)\b"
)
_PERSONAL_DOMAINS = re.compile(
    r"@(?:gmail|hotmail|outlook|yahoo|icloud|live|msn|proton|naver|qq|163|gmx|aol|ymail|me\.com)",
    re.IGNORECASE,
)


def read_agency(letter: Letter, kind: LetterKind) -> FieldValue:
    """Return the sender's agency, none for a citizen's letter.

    Head first (right column or lines under ที่), the memo's ส่วนราชการ, the line above a stamp,
    the court's name, the first line of an English letterhead; for a mail its signature.
    """
    office = find_label(letter, Label.OFFICE, limit=16)
    if office is not None:
        return _memo_office(letter.lines[office])
    if kind is LetterKind.COURT_DOCUMENT:
        return _court(letter)
    if letter.mail is not None:
        return _mail_agency(letter, kind)
    if kind is LetterKind.CITIZEN_LETTER:
        return _in_sign_off(letter)
    if kind in (LetterKind.ENGLISH_LETTER, LetterKind.NOTE_VERBALE):
        return _english_head(letter) or _in_sign_off(letter)
    return _head_block(letter) or _above_stamp(letter) or _in_sign_off(letter)


def _in_sign_off(letter: Letter) -> FieldValue:
    """Return the organisation a letter without letterhead is signed for, to be checked.

    A form's sender, and one who gives an address above the letter, writes for nobody else.
    """
    if is_portal(letter) or any(is_address(line.text) for line in letter.lines[:4]):
        return FieldValue()
    found = _signature_organisation(letter)
    return found.model_copy(update={"needs_check": True}) if found else found


def looks_like_organisation(text: str) -> bool:
    """Tell whether a line or a sender's name is an organisation's, not a person's."""
    return bool(_ORGANISATION.search(text) or _ENGLISH_ORGANISATION.search(text))


def _memo_office(line: Line) -> FieldValue:
    text = _CALL.sub("", after_label(line.text, Label.OFFICE)).strip()
    department = _MEMO_DEPARTMENT.match(text)
    value = department[1] if department else text
    return field_value(value or None, line.raw, line, 0.85 if department else 0.9)


def _court(letter: Letter) -> FieldValue:
    for line in letter.lines[:20]:
        for cell in line.cells:
            if re.match(r"^(?:ใน|ที่\s)?ศาล[ก-๙]", cell) and len(cell) < 60:
                return field_value(cell.strip(), line.raw, line, 0.9)
    return FieldValue()


def _head_cells(letter: Letter) -> list[tuple[str, Line, bool]]:
    """Return the cells of the head that may be agency or address, and whether each follows ที่."""
    cells: list[tuple[str, Line, bool]] = []
    seen_number = False
    stop = find_label(letter, Label.SUBJECT, limit=30)
    for label in (Label.ADDRESSEE, Label.TO):
        if stop is None:
            stop = find_label(letter, label, limit=30)
    for line in letter.lines[: stop if stop is not None else min(12, len(letter.lines))]:
        for cell in line.cells:
            if NUMBER_LABEL.match(cell) or LETTER_NUMBER.match(cell):
                seen_number = True
                rest = _behind_number(cell)
                if len(rest) > 3:
                    cells.append((rest, line, True))
                continue
            if mark_line(cell) or label_of(cell) in (Label.TO, Label.DATE):
                continue
            dates = find_dates(cell)
            if dates and dates[0].start < 12:
                continue
            cells.append((_ORDER_TITLE.sub("", cell).strip(), line, seen_number))
    return cells


def _behind_number(cell: str) -> str:
    """Return what stands behind a letter's number on its line."""
    number = LETTER_NUMBER.search(cell)
    if number:
        return cell[number.end() :].strip()
    # ที่ พิเศษ/๒๕๖๙: a number of words, one token.
    other = re.match(r"^\S+\s+\S*/\s?\S+\s+(?P<rest>.+)$", cell)
    return other["rest"].strip() if other else ""


def _head_block(letter: Letter) -> FieldValue:
    cells = _head_cells(letter)
    names = [(text, line) for text, line, _ in cells if not is_address(text)]
    names = [item for item in names if not re.match(r"^[(（][^()]*[)）]$", item[0])]
    names = [item for item in names if re.search(r"[ก-๙A-Za-z]{3}", item[0])]
    names = [item for item in names if not _SPOKEN.search(item[0])]
    chosen = next(
        (n for n, (text, _) in enumerate(names) if looks_like_organisation(text)),
        0 if names else None,
    )
    if chosen is None:
        return FieldValue()
    text, line = names[chosen]
    following = names[chosen + 1][0] if chosen + 1 < len(names) else ""
    if not following:
        following = next(
            (t for t, _, _ in cells[_position(cells, text) + 1 :] if _JOINS_PREVIOUS.match(t)), ""
        )
    if re.search(r"(?:ประถมศึกษา|มัธยมศึกษา)$", text) and not following:
        following = next(
            (
                t
                for t, _, _ in cells[_position(cells, text) + 1 :]
                if re.match(r"^\S+\s+เขต\s?\d", t)
            ),
            "",
        )
    if re.search(r"(?:ประถมศึกษา|มัธยมศึกษา)$", text) and re.match(r"^[ก-๙]+\s+เขต\s?\d", following):
        text += re.sub(r"\s+(?:อำเภอ|อ\.|ถนน|ตำบล|จังหวัด).*$", "", following)
        following = ""
    sure = 0.9 if looks_like_organisation(text) else 0.5
    if following and (_JOINS_NEXT.search(text) or _JOINS_PREVIOUS.match(following)):
        space = (
            " " if _JOINS_PREVIOUS.match(following) and following.startswith(("เขต", "ภาค")) else ""
        )
        text = f"{text}{space}{following}"
    elif following and _UNIT.match(text) and _PARENT.match(following):
        text, sure = following, 0.8
    elif following and _torn(text, following, names[chosen + 1][1], line):
        text, sure = text + following, 0.8
    return field_value(_without_seat(text), line.raw, line, sure)


def _torn(text: str, following: str, below: Line, line: Line) -> bool:
    """Tell whether the next line is the rest of a name that the right column tore apart."""
    if _BARE_NAME.match(text) or (
        text.endswith("พื้นที่การศึกษา") and following.startswith(("ประถม", "มัธยม"))
    ):
        return True
    plain = re.match(r"^[ก-๙]+$", following) is not None
    begins_anew = looks_like_organisation(following) or is_address(following)
    return plain and not begins_anew and not below.gap and below is not line


def _position(cells: list[tuple[str, Line, bool]], text: str) -> int:
    return next((n for n, (cell, _, _) in enumerate(cells) if cell == text), len(cells))


def _without_seat(text: str) -> str:
    return re.sub(r"^ที่ทำการ(?=องค์การ|เทศบาล|สมาคม|พรรค)", "", text).strip(" ,")


def _above_stamp(letter: Letter) -> FieldValue:
    """Return the agency of a stamped letter: the line above its stamp or its date."""
    for index in range(len(letter.lines) - 1, max(0, len(letter.lines) - 12), -1):
        line = letter.lines[index]
        if "ประทับตรา" in line.text or (find_dates(line.text) and len(line.text) < 40):
            above = letter.lines[index - 1]
            if looks_like_organisation(above.text) and len(above.text) < 90:
                return field_value(_without_seat(above.text), above.raw, above, 0.85)
    return FieldValue()


def _english_head(letter: Letter) -> FieldValue:
    lines: list[tuple[str, Line]] = []
    for line in letter.lines[:6]:
        cell = line.cells[0]
        sender = _NOTE_SENDER.match(line.text)
        if sender and not lines:
            return field_value(sender["name"], line.raw, line, 0.8)
        if find_dates(cell) or re.match(r"^(?:Ref|No\.|Note|Our|Subject|Dear)\b", cell):
            break
        if not is_address(cell) and not mark_line(cell) and not _TITLE.match(cell):
            lines.append((cell, line))
    if not lines:
        return FieldValue()
    text, line = lines[0]
    # A secretariat writes for its organisation and is the one to answer.
    if len(lines) > 1 and re.match(
        r"^(?:ORGANI[SZ]ATION|Organi[sz]ation|Association)$", lines[1][0]
    ):
        text = f"{text} {lines[1][0]}"
    for below in lines[1:3]:
        if re.search(r"\bSecretariat$", below[0]):
            text, line = below
    return field_value(text.rstrip(" .,;"), line.raw, line, 0.8)


def _mail_agency(letter: Letter, kind: LetterKind) -> FieldValue:
    head = _letterhead_in_mail(letter)
    if head:
        return head
    if kind is LetterKind.CITIZEN_LETTER:
        return FieldValue()
    first = letter.lines[0].text
    if kind is LetterKind.ENGLISH_LETTER or (
        re.match(r"^[A-Z]", first)
        and _ENGLISH_ORGANISATION.search(first)
        and len(first) < 80
        and not first.endswith((",", "."))
    ):
        return _english_head(letter)
    mail = letter.mail
    address = (mail.sender_address if mail else None) or ""
    name = (mail.sender_name if mail else None) or ""
    personal = bool(_PERSONAL_DOMAINS.search(address))
    for reader in (_news_office, _signature_organisation, _opening_organisation):
        found = reader(letter)
        if found and not (personal and reader is not _signature_organisation):
            return found
    if name and not personal and (looks_like_organisation(name) or not _person_like(name)):
        return FieldValue(value=name, raw=name, confidence=0.5, needs_check=True)
    return FieldValue()


def _letterhead_in_mail(letter: Letter) -> FieldValue:
    number = find_label(letter, Label.NUMBER, limit=6)
    if number is None or not LETTER_NUMBER.search(letter.lines[number].text):
        return FieldValue()
    return _head_block(letter)


def _news_office(letter: Letter) -> FieldValue:
    for line in letter.lines[:8]:
        match = re.match(
            r"^ข่าว(?:ประชาสัมพันธ์|แจก)?\s*(?P<name>(?:สำนัก|โรงเรียน|มหาวิทยาลัย|กรม|กระทรวง"
            r"|สมาคม|มูลนิธิ|วิทยาลัย)\S.*)$",
            line.text,
        )
        if match and len(line.text) < 90:
            return field_value(match["name"].strip(), line.raw, line, 0.8)
    return FieldValue()


def _signature_organisation(letter: Letter) -> FieldValue:
    """Return the organisation of a mail's signature: its own line, or the end of a position."""
    for line in reversed(_sign_off_lines(letter)):
        text = _CALL.sub("", line.text).strip(" *•|")
        if not text or len(text) > 80 or _NOT_A_SIGNATURE.search(text):
            continue
        english = re.search(r"(?:^|,\s)(?P<name>(?:The |Embassy|Royal|[A-Z]).*)$", text)
        if re.match(r"^[A-Za-z]", text):
            if not _ENGLISH_ORGANISATION.search(text):
                continue
            parts = [p.strip() for p in text.split(",")]
            at = next(
                n
                for n, p in enumerate(parts)
                if _ENGLISH_ORGANISATION.search(p) or n == len(parts) - 1
            )
            if at == 0 and len(parts) > 1 and re.match(r"^\w+ (?:Bureau|Office|Desk)$", parts[0]):
                at = 1
            value = ", ".join(parts[at:]) if english else text
            return field_value(value, line.raw, line, 0.6)
        match = re.search(
            r"(?:^|\s|(?<=[ก-๙]))(?P<name>(?:สำนักงาน|กระทรวง|กรม(?!การ)|มหาวิทยาลัย|โรงเรียน"
            r"|วิทยาลัย|สมาคม|มูลนิธิ|บริษัท|องค์การ|เทศบาล|สพป\.|สพม\.|ศธจ\.|สถาบัน|ศูนย์"
            r"|กลุ่ม|สำนัก|กอง).*)$",
            text,
        )
        if match:
            return field_value(match["name"].strip(), line.raw, line, 0.6)
    return FieldValue()


def _sign_off_lines(letter: Letter) -> tuple[Line, ...]:
    """Return the lines under a mail's closing, else its last paragraph of short lines."""
    closing = closing_index(letter)
    if closing is not None and closing >= len(letter.lines) - 10:
        return letter.lines[closing + 1 :]
    start = len(letter.lines)
    for index in range(len(letter.lines) - 1, max(0, len(letter.lines) - 8), -1):
        line = letter.lines[index]
        if len(line.text) > 75 or _NOT_A_SIGNATURE.match(line.text):
            break
        start = index
        if line.gap and len(letter.lines) - index >= 3:
            break
    return letter.lines[max(start, 1) :]


def _opening_organisation(letter: Letter) -> FieldValue:
    """Return the organisation that is the subject of a mail's first sentence (… ขอรายงาน)."""
    for line in letter.lines[body_start(letter) : body_start(letter) + 2]:
        match = re.match(
            r"^(?:ด้วย|ตามที่|เนื่องด้วย)?\s?(?P<name>(?:สพป\.|สพม\.|ศธจ\.|ศธภ\.|สำนักงาน"
            r"|โรงเรียน|มหาวิทยาลัย|กรม|สมาคม|มูลนิธิ)\S{2,60}?(?:\s?เขต\s?\d+)?)\s+(?:ขอ|ใคร่"
            r"|กำหนด|จะ|ได้|มี|ร่วมกับ)",
            line.text,
        )
        if match:
            return field_value(match["name"], line.raw, line, 0.6)
    return FieldValue()


def _person_like(name: str) -> bool:
    words = name.split()
    return 1 <= len(words) <= 4 and not re.search(
        r"\d|Podcast|Team|ทีม|ระบบ|no-?reply", name, re.IGNORECASE
    )
