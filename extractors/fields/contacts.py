"""Telephone and e-mail of the sender, as written with digits folded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from correspondence.reading import FieldValue
from correspondence.thai_digits import fold_digits
from extractors.fields.labels import body_start, closing_index
from extractors.fields.letter_lines import Letter, Line, field_value

_THAI_EXTENSION = "ต[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}อ"
_EXTENSION = (
    rf"(?:\s*(?:{_THAI_EXTENSION}|extension|ext\.?|x)\s*\d{{1,6}}"
    r"(?:\s?[-–,]\s?\d{1,6}){0,6})"
)
# A recogniser reads ต่อ as a few Latin letters; digits behind a whole number are its extension.
_TORN_EXTENSION = re.compile(
    r"\s*[^\s\d,;/|(@][^\s,;/|(@]{0,3}\s+(?P<digits>\d{2,6}(?:\s?[-–]\s?\d{1,6})?)(?=\s*(?:$|[(\n,]))"
)
# Numbers are written in groups; a PDF may break a line between two of them.
_GAP = r"(?:[ -]| - |\n(?=\d{3,4}(?!\d)))?"
_NUMBER = (
    rf"(?:\(?\+\d{{1,3}}\)?[ -]?(?:\(0\)\s?)?\d{{1,3}}(?:{_GAP}\d){{5,9}}"
    rf"|\(66[ -]?\d{{1,2}}\)(?:{_GAP}\d){{6,8}}(?!\d)"
    rf"|66[ -](?:\(0\)\s?)?[2-9](?:{_GAP}\d){{7,8}}(?!\d)"
    rf"|0[689](?:{_GAP}\d){{8}}(?!\d)|\(?0\)?\d{{0,2}}\)?(?:{_GAP}\d){{6,8}}(?:\s?-\s?\d{{1,2}}(?!\d))?|1\d{{3}}(?!\d))"
)
_PHONE = re.compile(
    rf"(?<![\d.+-])(?<!\d/)(?P<number>{_NUMBER}{_EXTENSION}?)(?![\d/])", re.IGNORECASE
)
# Behind its label a number needs no look at what stands before it.
_LABELLED_PHONE = re.compile(rf"(?P<number>{_NUMBER}{_EXTENSION}?)(?![\d/])", re.IGNORECASE)
_INTERNAL = re.compile(r"[ ]*(?P<number>\d{4,5}(?:\s?[-–,]\s?\d{1,4})*)(?!\d)")
_PHONE_LABEL = re.compile(
    r"(?:โทร(?:ศัพท์?|\.|ฯ)?(?!\s?สาร|เลข|ทัศน์|คมนาคม|ม)|โทรศัพท์(?:มือถือ|เคลื่อนที่)?"
    r"|(?:เบอร์|โทรศัพท์|หมายเลข)ภายใน|เบอร์(?:โทร(?:ศัพท์)?|ติดต่อ|มือถือ)?|มือถือ|(?<![A-Za-z])(?:Tel(?:ephone)?|Phone"
    r"|Mobile|Cell|WhatsApp|T|M|P|Call))"
    r"\s*(?:\.|[:：]|no\.?|ศัพท์)*(?:\s?(?:/|และ)\s?(?:โทรสาร|แฟกซ์|แฟ็กซ์|Fax)\.?)?\s*(?:[:：]|ได้ที่|คือ|ที่)?\s*",
    re.IGNORECASE,
)
_FAX_LABEL = re.compile(r"(?<!/)(?:โทร\s?สาร|แฟกซ์|แฟ็กซ์|Fax)\s*[.:：]*\s*$", re.IGNORECASE)
_OFFICE_NOTE = re.compile(r"^\s*\((?:ธุรการ|สำนักงาน|ที่ทำงาน|office|โรงเรียน)", re.IGNORECASE)
_OTHER_PERSON = re.compile(r"(?:ผู้ปกครอง|สายด่วน|ฉุกเฉิน|hotline|แจ้งเบาะแส)", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<address>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)", re.ASCII
)
# A scan may part an address by blanks, lose its dot, or read its first letter as a Thai one.
_TORN_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<name>[\w.+-]{1,64}) ?@ ?(?P<host>[\w-]{1,63}(?: ?[.,] ?[\w-]{1,63}){1,4})"
    r"(?=$|[\s,;)/|])",
    re.ASCII,
)
_DOTLESS_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<name>[\w.+-]{1,64})@(?P<host>[\w.-]{2,60}?)(?P<end>(?:go|ac|or|co|in|mi)\s?[.]?\s?th|com)"
    r"(?=$|[\s,;)/|])",
    re.ASCII,
)
# Signs that recognisers put for Latin letters, Thai zeros within words, and torn .go.th.
_LATIN_FOR_SIGNS = str.maketrans("¢|©€", "clce")
_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-z])๐(?=[A-Za-z._@-])|(?<=[.@_-])๐(?=[A-Za-z])")
_TORN_DOMAIN = re.compile(r"\.(?P<first>[gaoci])\.th$")
_THAI_DOMAINS = {"g": ".go.th", "a": ".ac.th", "o": ".or.th", "c": ".co.th", "i": ".in.th"}
_SPOILT = re.compile(r"[¢©€]|[A-Za-z]๐|\|[a-z]|\.[gaoci]\.th\b")
_THAI_FOR_LATIN = str.maketrans("กถทนบมสลรธอดตพฟผ", "nnnuuuaassoaawww")
_CONTACT = re.compile(
    rf"(?:{_PHONE_LABEL.pattern})?{_PHONE.pattern}|{_EMAIL.pattern}", re.IGNORECASE
)
_EMAIL_LABEL = re.compile(
    r"(?:e-?\s?mail|อีเมล์?|ไปรษณีย์\s?อิเล็กทรอนิกส์|สารบรรณอิเล็กทรอนิกส์"
    r"|ตอบกลับที่)\s*(?:address)?\s*[:：.]?\s*(?:ที่|ของผู้ร้อง)?\s*$",
    re.IGNORECASE,
)
# A signature or contact line is shorter than a paragraph.
_LONG_LINE = 110
_SIGNATURE_LINE = 75
# A stamp or a name alone in brackets: what stands below is the foot.
_SIGNED = re.compile(r"ประทับตรา|^\((?:นาย|นาง|น\.ส\.|ดร\.|ผู้ช่วย|รอง|พล|พ\.|ร\.)[^()]{3,60}\)$")
_NO_REPLY = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|noreply|mailer-daemon|system|notification)", re.IGNORECASE
)
_PORTAL = re.compile(
    r"^(?:Ticket|Submitted|Reference|Case|เลขที่(?:คำร้อง|เรื่อง)|รหัส(?:เรื่อง|ติดตาม)"
    r"|เลขรับเรื่อง|ช่องทาง|แบบฟอร์ม|ระบบ|ประเภทเรื่อง)[^:：]{0,24}[:：]",
    re.IGNORECASE,
)


def read_phone(letter: Letter) -> FieldValue:
    """Return the sender's telephone: the foot first, then the head, then a labelled one anywhere.

    A fax is none; a number noted as another's (ธุรการ, ผู้ปกครอง) yields to the next.
    """
    closing = closing_index(letter)
    foot = closing if closing is not None else _foot_start(letter)
    head = max(12, body_start(letter))
    long = {i for i, line in enumerate(letter.lines) if len(line.text) > _LONG_LINE}
    found = sorted(
        _labelled_phones(letter),
        key=lambda item: (
            not item.own,
            0 if item.line >= foot else 1 if item.line < head and item.line not in long else 2,
        ),
    )
    if found and (found[0].own or found[0].line >= foot):
        return found[0].value
    for line in letter.lines[foot:]:
        for match in _PHONE.finditer(line.text):
            if not _FAX_LABEL.search(line.text[: match.start()]):
                return _phone_value(match["number"], line, 0.6)
    return found[0].value if found else FieldValue()


@dataclass(frozen=True, slots=True)
class _Phone:
    """A labelled telephone, the line of its label, and whether it is the sender's own."""

    value: FieldValue
    line: int
    own: bool


def _labelled_phones(letter: Letter) -> list[_Phone]:
    """Return the labelled telephones in order; label and number may lie on two lines."""
    found: list[_Phone] = []
    for label in _PHONE_LABEL.finditer(letter.text):
        match = _LABELLED_PHONE.match(letter.text, label.end()) or _INTERNAL.match(
            letter.text, label.end()
        )
        if match is None or _FAX_LABEL.search(
            letter.text[max(0, label.start() - 12) : label.end()]
        ):
            continue
        index = letter.line_at(label.start())
        own = not _OFFICE_NOTE.match(letter.text[match.end() : match.end() + 24])
        before = letter.text[max(letter.offset_of(index), label.start() - 30) : label.start()]
        own = own and not _OTHER_PERSON.search(before)
        line = letter.lines[index]
        torn = (
            _torn_extension(letter.text, match.end(), line)
            if match.group()[-1:].isdigit() and "อ" not in match.group()
            else None
        )
        found.append(_Phone(_phone_value(match["number"], line, 0.9, torn), index, own))
    return found


def _foot_start(letter: Letter) -> int:
    """Return where the last short lines begin: a paragraph above them is body, not foot."""
    lines = letter.lines
    for index in range(len(lines) - 1, max(0, len(lines) - 14), -1):
        if _SIGNED.search(lines[index].text):
            return index
    index = len(lines)
    while index > 0 and len(lines) - index < 8:
        if len(lines[index - 1].text) > _SIGNATURE_LINE:
            break
        index -= 1
    return index if index < len(lines) else max(0, len(lines) - 1)


def read_email(letter: Letter) -> FieldValue:
    """Return the sender's e-mail: labelled or in the foot; for a mail the sender's address.

    A portal's mail comes from the portal, so the address within its form counts; the same holds
    for a no-reply sender.
    """
    mail = letter.mail
    sender = (mail.sender_address if mail else None) or ""
    portal = is_portal(letter)
    if sender and not portal and not _NO_REPLY.match(sender):
        return FieldValue(value=sender, raw=sender, confidence=0.95)
    closing = closing_index(letter)
    foot = closing if closing is not None else max(0, len(letter.lines) - 8)
    candidates: list[tuple[int, FieldValue]] = []
    for index, line in enumerate(letter.lines):
        for address in _addresses(line):
            labelled = bool(_EMAIL_LABEL.search(line.text[: address.start]))
            in_foot = index >= foot and not _NO_REPLY.match(address.value)
            rank = 0 if in_foot else 1 if labelled else 2
            check = address.repaired or (rank == 2 and portal)
            value = field_value(address.value, line.raw, line, 0.9 - 0.15 * rank, check=check)
            candidates.append((rank, value))
    if candidates:
        return min(candidates, key=lambda item: item[0])[1]
    return FieldValue()


@dataclass(frozen=True, slots=True)
class _Address:
    """An e-mail address on a line, and whether it had to be put right."""

    start: int
    value: str
    repaired: bool


def _addresses(line: Line) -> list[_Address]:
    """Return the e-mail addresses of a line; those a scan tore are put right."""
    found = [
        _Address(match.start(), match["address"].rstrip(".-"), repaired=False)
        for match in _EMAIL.finditer(line.text)
    ]
    if not line.ocr or "@" not in line.text:
        return found
    if found and not _SPOILT.search(line.raw):
        return [_with_first_letter(address, line.text) for address in found]
    text = fold_digits(_BETWEEN_LATIN.sub("o", line.raw).translate(_LATIN_FOR_SIGNS))
    for pattern in (_EMAIL, _TORN_EMAIL, _DOTLESS_EMAIL):
        torn = pattern.search(text)
        if torn:
            return [_Address(torn.start(), _mended(torn), repaired=True)]
    return []


def _mended(torn: re.Match[str]) -> str:
    """Return an address without blanks, commas for dots, and with its last dots."""
    if "address" in torn.groupdict():
        return _TORN_DOMAIN.sub(lambda m: _THAI_DOMAINS[m["first"]], torn["address"].rstrip(".-"))
    end = torn.groupdict().get("end") or ""
    host = re.sub(r"\s", "", torn["host"]).replace(",", ".").rstrip(".")
    if end:
        host = f"{host}.{end.replace(' ', '').replace('.', '')}".replace("th", ".th")
    return f"{torn['name']}@{host}"


def _with_first_letter(address: _Address, text: str) -> _Address:
    """Return an address with the first letter that was read as a Thai one standing alone."""
    before = text[: address.start]
    lost = re.search(r"(?:^|[\s:.])(?P<letter>[ก-ฮ])$", before)
    if lost is None:
        return address
    first = lost["letter"].translate(_THAI_FOR_LATIN)
    value = (first if first.isascii() else "") + address.value
    return _Address(address.start - 1, value, repaired=True)


def is_portal(letter: Letter) -> bool:
    """Tell whether a letter is a web form's: a form's labels at its top, more of them on paper."""
    labels = sum(bool(_PORTAL.match(line.text)) for line in letter.lines[:20])
    return labels >= (1 if letter.mail is not None else 2)


def has_contact(text: str) -> bool:
    """Tell whether a line holds a telephone or an e-mail address."""
    return bool(_EMAIL.search(text) or _PHONE.search(text) or re.match(r"^(?:โทร|Tel)", text))


def before_contacts(text: str) -> str:
    """Return what stands on a line before its first telephone or address, else behind them."""
    first = _CONTACT.search(text)
    if first is None:
        return text.strip(" ,/-|")
    before = text[: first.start()].strip(" ,/-|(")
    return before or _CONTACT.sub("", text).strip(" ,/-|()")


def _phone_value(number: str, line: Line, sure: float, torn: str | None = None) -> FieldValue:
    """Return a telephone; `torn` is an extension whose ต่อ a recogniser lost."""
    value = re.sub(
        r"\s*ต[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}อ\s*", " ต่อ ", " ".join(number.split())
    ).strip(" ,-")
    if value.startswith("66"):
        value = f"+{value}"
    if torn:
        value = f"{value} ต่อ {torn}"
    repaired = bool(torn) or (value.startswith("+") and not number.startswith("+"))
    return field_value(value, line.raw, line, sure, check=repaired)


def _torn_extension(text: str, end: int, line: Line) -> str | None:
    """Return the digits behind a scanned number whose ต่อ was read as something else."""
    match = _TORN_EXTENSION.match(text, end, end + 24) if line.ocr else None
    return " ".join(match["digits"].split()) if match else None
