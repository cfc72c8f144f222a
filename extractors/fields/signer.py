"""ผู้ลงนาม: who signed and as what; the name in brackets under the closing, or a sign-off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from correspondence.reading import FieldValue
from correspondence.thai_dates import find_dates
from correspondence.vocabulary import LetterKind
from extractors.fields.addresses import is_address
from extractors.fields.agency import looks_like_organisation
from extractors.fields.contacts import before_contacts, has_contact, is_portal
from extractors.fields.labels import CLOSING, body_start, closing_index, label_of
from extractors.fields.letter_lines import Letter, field_value
from extractors.fields.line_breaks import append_line
from extractors.fields.marks import mark_line

_TITLES = (
    r"(?:นาย(?!ก(?:สมาคม|เทศ|องค์|รัฐ|สโมสร|ส|อบ|อ\.|ชมรม|สภา|เมือง|ฯ|\s|$))|นางสาว|นาง"
    r"|น\.\s?ส\.|ด\.\s?[ชญ]\.|เด็ก(?:ชาย|หญิง)|ดร\.|ผศ\.|รศ\.|ศ\.|ผู้ช่วยศาสตราจารย์"
    r"|รองศาสตราจารย์|ศาสตราจารย์|"
    r"พล(?:เอก|โท|ตรี|ตำรวจ|เรือ|อากาศ)|พัน(?:เอก|โท|ตรี|ตำรวจ)|ร้อย(?:เอก|โท|ตรี|ตำรวจ)"
    r"|ว่าที่|จ่า|สิบ|ดาบ|พ\.ต\.|ร\.ต\.|หม่อม|ม\.ร\.ว\.|ม\.ล\.|คุณหญิง|"
    r"พระ|สามเณร|แพทย์|นพ\.|พญ\.|ทนาย|ครู|อาจารย์|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?|Prof\.?)"
)
_TITLED = re.compile(rf"^{_TITLES}\s?\S")
_BRACKETED = re.compile(
    r"^[(（]\s*(?P<name>[^()（）]{3,70}?)\s*[)）]?\.?$|^(?P<half>[^()（）]{3,70}?)\s*[)）]$"
)
_SIGNED = re.compile(
    r"^(?:ลง(?:ชื่อ|นาม)|\(?ลงชื่อ\)?"
    r"|Signed:?)[\s.:…_]*(?P<name>[^.…_]{3,60}?)?[\s.…_]*(?P<role>ผู้\S{2,24})?$"
)
_NOT_A_NAME = re.compile(
    r"(?:ประทับตรา|L\.?S\.?|ลายมือชื่อ|ลงชื่อ|ลงนาม|signed|signature|สำเนา|วาด|หมายเหตุ"
    r"|ผู้ปกครอง|เอกสาร|\.{3}|…|_{3}|\d{3})",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"(?:ไม่ประสงค์|พลเมืองดี|ผู้หวังดี|ประชาชน|ชาวบ้าน|ผู้เดือดร้อน|ขอสงวน|บัตรสนเท่ห์"
    r"|ผู้ปกครอง|ครูคนหนึ่ง|คนหนึ่ง|นิรนาม|Anonymous|ข้าราชการ|กลุ่ม|บุคลากร|ผู้รัก)",
    re.IGNORECASE,
)
_POSITION_WORD = re.compile(
    r"(?:ผู้อำนวยการ|ผู้ช่วย(?!ศาสตราจารย์)|ผอ\.|รอง(?!ศาสตราจารย์)|หัวหน้า|เจ้าหน้าที่|เลขา"
    r"|ประธาน|นายก(?:สมาคม|เทศ|องค์|รัฐ|สโมสร|สภา|อบ|ชมรม|เมือง)|ปลัด|อธิบดี|ผู้ว่า|กรรมการ"
    r"|เลขาธิการ|นักวิชา|นิติกร|วิทยากร|"
    r"ผู้ดำเนิน|บรรณาธิการ|ผู้สื่อข่าว|รักษาการ|ปฏิบัติ|ข้าราชการ|ครูใหญ่|ทนายความ|ผู้จัดการ"
    r"|ที่ปรึกษา|ผู้ประสานงาน|Director|Head|Secretary|Officer|Manager|Editor|Correspondent"
    r"|Ambassador|Minister|Chair|President|Attach)",
    re.IGNORECASE,
)
_SELF_NAMED = re.compile(
    rf"(?:^|[\s(])(?:ดิฉัน|กระผม|ผม|หนู|ข้าพเจ้า"
    rf"|เรา)\s?(?:ชื่อ\s*)?(?P<name>(?:{_TITLES})?\s?[ก-ฮเ-ไ][ก-๙]{{2,20}}(?:\s[ก-ฮเ-ไ][ก-๙]{{2,24}})?)\s*(?=โทร|เบอร์|มือถือ|ครับ|ค่ะ|\(|$)"
)
_FORM_NAME = re.compile(
    r"^(?:Name|Full name|Your name|ชื่อ(?:\s?[-–/]?\s?(?:นาม)?สกุล|ผู้ร้อง(?:เรียน)?|ผู้แจ้ง"
    r"|ผู้ส่ง|ผู้ติดต่อ)?(?:ผู้ร้อง(?:เรียน)?|ผู้แจ้ง|ผู้ส่ง)?|ผู้ร้อง(?:เรียน|ทุกข์)?|ผู้แจ้ง"
    r"|ผู้ส่ง|ผู้ยื่น)\s*[:：]\s*(?P<name>.{2,60})$",
    re.IGNORECASE,
)
# Police and army ranks and academic titles written above the bracketed name.
_RANK = re.compile(
    r"^(?:(?:ว่าที่\s?)?(?:พล|พ|ร|จ|ส|ด|น|นาวา)\.?\s?[ก-ฮ]{1,2}\.(?:\s?[ก-ฮ]{1,2}\.)?"
    r"|(?:ว่าที่\s?)?(?:พล|พัน|ร้อย|ดาบ|สิบ|จ่า|นาวา|เรือ)\S{2,12}(?:\s?หญิง)?|(?:รศ|ผศ|ศ|ดร)\..{0,8})$"
)
_ENGLISH_POST = re.compile(r"\b(?:Deputy|Prime|Chief|Section|Team|Office|Note|Page)\b")
# Words of sentences, which no name holds.
_PROSE = re.compile(
    r"^(?:เรียน|กราบ|ถึง)|(?:ครับ|ค่ะ|ขอ|จะ|ให้|ไม่|แล้ว|ด้วย|มาก|นี้|กรุณา|ได้|ทราบ|เรื่อง|ท่าน|โปรด"
    r"|สวัสดี|หวัง)"
)
# What stands below a position: copies, notes in brackets, the words of a device.
_AFTER_POSITION = re.compile(
    r"^(?:cc\b|c\.c\.|encl|attach|สำเนา|หมายเหตุ|ส่งจาก|sent from|ผู้ประสานงาน|[(（\[*>])",
    re.IGNORECASE,
)
# The office that answers for the letter begins its own line.
_OFFICE_LINE = re.compile(
    r"^(?:สำนัก|กอง(?!ทุน)|กลุ่ม|ฝ่าย|งาน|ศูนย์|ส่วน(?!ตัว)|สถานี|สถาบัน|กรม|กระทรวง|คณะ(?!กรรม)|ภาควิชา|สาขา"
    r"|วิทยาลัย|มหาวิทยาลัย|โรงเรียน|บริษัท|สมาคม|มูลนิธิ|องค์การ|เทศบาล|สภา|ศาลา|สนง\.)"
)
# A position that names nobody yet: the next line tells of what or for whom.
_OPEN_POSITION = re.compile(
    r"(?:แทน|ผู้อำนวยการ|หัวหน้า|เลขาธิการ|เลขานุการ|อธิบดี|ประธาน|ปลัด|คณบดี|อธิการบดี|นายก|เจ้าหน้าที่|ครู|ของ|แห่ง|ประจำ)$"
)
_COURT_OFFICER = re.compile(
    r"^(?:ผู้พิพากษา|ตุลาการ|รองอธิบดีผู้พิพากษา|อธิบดีผู้พิพากษา|พนักงานคดี|เจ้าหน้าที่|จ่าศาล)"
)
_POSITION_LABEL = re.compile(r"^ตำแหน่ง\s*[:：]?\s*")
_ACTING = re.compile(r"^(?:ปฏิบัติ|รักษา|ทำการแทน|ทำหน้าที่)")
_JUNK = re.compile(r"^(?:[-–—_=*.\s]+|.*(?:\*\*\*|http).*)$")


@dataclass(frozen=True, slots=True)
class Signature:
    """The signer and the position as fields."""

    signer: FieldValue
    position: FieldValue


_LOOSELY_SIGNED = frozenset(
    {
        LetterKind.CITIZEN_LETTER,
        LetterKind.UNKNOWN,
        LetterKind.EXTERNAL_LETTER,
        LetterKind.ENGLISH_LETTER,
    }
)
_NOBODY = Signature(FieldValue(), FieldValue())


def read_signature(letter: Letter, kind: LetterKind) -> Signature:
    """Return who signed: bracketed name, signed line, sign-off of a mail or a citizen's letter.

    A stamped letter, a news release and a note verbale carry no name. A mail without a sign-off
    falls back to its sender's name, marked for checking.
    """
    if kind is LetterKind.NOTE_VERBALE:
        return _NOBODY
    form = _form_name(letter)
    if form is not None:
        return Signature(form, FieldValue())
    if letter.mail is None or kind in (LetterKind.EXTERNAL_LETTER, LetterKind.INTERNAL_MEMO):
        found = _bracketed(letter)
        if found is not None:
            return found
    if kind in (LetterKind.STAMPED_LETTER, LetterKind.NEWS_RELEASE):
        return _NOBODY
    found = _after_closing(letter, kind)
    if found is not None:
        return found
    if letter.mail is not None:
        return _mail_sign_off(letter)
    if kind is LetterKind.COURT_DOCUMENT:
        return _judge(letter)
    if kind in _LOOSELY_SIGNED:
        return _last_name(letter) or _NOBODY
    return _NOBODY


def _form_name(letter: Letter) -> FieldValue | None:
    for line in letter.lines[:25]:
        match = _FORM_NAME.match(line.text)
        if match and (letter.mail is not None or is_portal(letter)):
            name = match["name"].strip()
            if _ANONYMOUS.search(name) or re.match(r"^[-.(]", name):
                return FieldValue()
            return field_value(name, line.raw, line, 0.85)
    return None


def _bracketed(letter: Letter) -> Signature | None:
    """Return the first name alone in brackets behind the closing (or in the last lines)."""
    closing = closing_index(letter)
    start = closing + 1 if closing is not None else max(body_start(letter), len(letter.lines) - 25)
    best: tuple[int, str, bool] | None = None
    for index in range(start, len(letter.lines)):
        line = letter.lines[index]
        following = letter.lines[index + 1].text if index + 1 < len(letter.lines) else ""
        for cell in dict.fromkeys((" ".join(line.text.split()), *line.cells)):
            if cell.startswith("(") and ")" not in cell and re.match(r"^[^()]{2,40}\)$", following):
                cell = f"{cell} {following}"
            name = _name_in_brackets(cell)
            if name is None:
                continue
            titled = bool(_TITLED.match(name))
            if best is None or (titled and not best[2]):
                best = (index, name, titled)
        if closing is not None and best and best[2]:
            break
    if best is None and closing is None:
        return None
    if best is None:
        return _signed_line(letter, start)
    index, name, titled = best
    line = letter.lines[index]
    above = letter.lines[index - 1].text if index else ""
    if not titled and _RANK.match(above):
        name, titled = f"{above} {name}", True
    torn = ")" not in line.text and letter.lines[index + 1 : index + 2]
    below = index + 2 if torn and torn[0].text.endswith(")") else index + 1
    signer = field_value(" ".join(name.split()), line.raw, line, 0.95 if titled else 0.7)
    return Signature(signer, _position(letter, below))


def _name_in_brackets(cell: str) -> str | None:
    match = _BRACKETED.match(cell)
    if not match:
        return None
    name = match["name"] or match["half"]
    # One bracket lost to the recogniser is tolerated only where a title proves a name.
    whole = cell.endswith((")", ")", ".")) and cell.startswith(("(", "（"))
    if _NOT_A_NAME.search(name) or (not whole and not _TITLED.match(name)):
        return None
    if not _TITLED.match(name) and (len(name.split()) < 2 or len(name.split()) > 5):
        return None
    return name


def _signed_line(letter: Letter, start: int) -> Signature | None:
    for index in range(start, len(letter.lines)):
        line = letter.lines[index]
        match = _SIGNED.match(line.text)
        if match and match["name"] and not _NOT_A_NAME.search(match["name"]):
            signer = field_value(match["name"].strip(), line.raw, line, 0.75)
            return Signature(signer, _position(letter, index + 1))
    return None


def _position(letter: Letter, index: int) -> FieldValue:
    """Return the position under a name: its lines up to the office, a blank line or a contact."""
    value = ""
    last = index
    for at in range(index, min(index + 6, len(letter.lines))):
        line = letter.lines[at]
        text = line.text
        if (value and line.gap) or has_contact(text) or is_address(text) or _JUNK.match(text):
            break
        if find_dates(text) or label_of(text) or mark_line(text) or _AFTER_POSITION.match(text):
            break
        if _OFFICE_LINE.match(text) and not _names_office(letter, at, value):
            break
        # A line that begins no position of its own is the rest of the one above.
        begins = _POSITION_WORD.match(text) or _ACTING.match(text)
        value = append_line(value, _POSITION_LABEL.sub("", line.raw), broken=not begins)
        last = at
    if not value:
        return FieldValue()
    raw = "\n".join(line.raw for line in letter.lines[index : last + 1])
    return field_value(value, raw, letter.lines[index], 0.8)


def _names_office(letter: Letter, at: int, value: str) -> bool:
    """Tell whether an office's line belongs to the position above: that one still names nobody.

    An office right above its telephone is the one that answers for the letter.
    """
    following = letter.lines[at + 1].text if at + 1 < len(letter.lines) else ""
    return bool(_OPEN_POSITION.search(value)) and (
        value.endswith("แทน") or not has_contact(following)
    )


def _after_closing(letter: Letter, kind: LetterKind) -> Signature | None:
    """Return the name under a closing without brackets (mails, English and citizens' letters)."""
    closing = closing_index(letter)
    if closing is None or (closing < len(letter.lines) - 14 and kind is LetterKind.EMAIL):
        return None
    names: list[tuple[int, str, str]] = []
    for index in range(closing + 1, min(closing + 6, len(letter.lines))):
        parts = _split_name(letter.lines[index].text, letter)
        if parts is not None:
            names.append((index, *parts))
        elif names:
            break
    if not names:
        return None
    index, name, role = names[0]
    # "Caoimhe" and then the block "Caoimhe Ní Dhonnagáin": the fuller one names the signer.
    for later, fuller, later_role in names[1:3]:
        if fuller.split()[0] == name.split()[0] and len(fuller) > len(name):
            index, name, role = later, fuller, later_role
    return _named(letter, index, name, role)


def _named(letter: Letter, index: int, name: str, role: str) -> Signature:
    line = letter.lines[index]
    sure = 0.8 if _TITLED.match(name) or len(name.split()) >= 2 else 0.6
    position = field_value(role, line.raw, line, 0.6) if role else _position(letter, index + 1)
    return Signature(field_value(name, line.raw, line, sure), position)


def _split_name(text: str, letter: Letter) -> tuple[str, str] | None:
    """Return name and role of a sign-off line, None where it holds no name."""
    text = re.sub(r"^(?:[(（][^()（）]{2,30}[)）]\s*)+(?=\S)", "", before_contacts(text))
    role = ""
    nickname = re.match(r"^(?P<nick>[ก-๙A-Za-z]{2,15})\s*[-–]\s+(?P<name>[ก-๙ ]{3,40})$", text)
    if nickname:
        text = nickname["name"]
    text = re.sub(r"^(?:ลงชื่อ|จาก|โดย)\s*[:：.]*\s*", "", text)
    after = re.match(r"^(?P<name>[^()]{2,50}?)\s*\([^)]{1,30}\)\s*(?P<role>.*)$", text)
    if after:
        text, role = after["name"], after["role"].strip()
    words = re.match(rf"^(?P<name>\S+(?:\s+\S+)?)\s+(?P<role>{_POSITION_WORD.pattern}.*)$", text)
    if words and not role:
        text, role = words["name"], words["role"]
    text = re.sub(r"\s+(?:เลขที่|ชั้น|อายุ|ป\.|ม\.)\s?\d.*$", "", text)
    text = re.sub(r"^(?:ผม|ดิฉัน|หนู|กระผม)\s?(?=[ก-๙]{3,})", "", text)
    text = re.sub(r"\s*(?:ครับ|ค่ะ|คะ)$", "", text).strip(" ,.-–/")
    return (" ".join(text.split()), role) if _name_like(text) else None


def _name_like(text: str) -> bool:
    if not re.search(r"[ก-๎A-Za-zÀ-ÿ]{2}", text):
        return False
    if not 2 <= len(text) <= 60 or re.search(r"[\d:：@?!\"“”;]", text) or _NOT_A_NAME.search(text):
        return False
    if _TITLED.match(text):
        return len(text.split()) <= 6
    if _ANONYMOUS.search(text) or looks_like_organisation(text) or is_address(text):
        return False
    if CLOSING.match(text) or _POSITION_WORD.match(text) or label_of(text + " x"):
        return False
    words = text.split()
    if re.match(r"^[A-Za-zÀ-ÿ]", text):
        if _POSITION_WORD.search(text) or _ENGLISH_POST.search(text):
            return False
        return len(words) <= 5 and all(
            w[0].isupper() or w in ("de", "van", "von", "bin", "al", "der") for w in words
        )
    if _PROSE.search(text):
        return False
    return len(words) <= 3 and all(2 <= len(w) <= 26 for w in words)


def _mail_sign_off(letter: Letter) -> Signature:
    """Return the signer of a mail without a closing: named in its last lines, else the sender."""
    first = max(1, body_start(letter), len(letter.lines) - 6)
    lines = letter.lines
    for index in range(first, len(lines)):
        text = lines[index].text
        parts = _split_name(text, letter)
        if parts is None or (index + 1 < len(lines) and len(text) > 70):
            continue
        near_end = index >= len(lines) - 5
        contact = has_contact(text) or any(
            has_contact(x.text) for x in lines[index + 1 : index + 4]
        )
        role = any(_POSITION_WORD.search(x.text) for x in lines[index + 1 : index + 2])
        if _TITLED.match(parts[0]) or (near_end and (contact or role)) or index == len(lines) - 1:
            return _named(letter, index, *parts)
    for line in reversed(lines[-8:]):
        match = _SELF_NAMED.search(line.text)
        if match and _name_like(match["name"].strip()):
            return Signature(field_value(match["name"].strip(), line.raw, line, 0.6), FieldValue())
    name = (letter.mail.sender_name if letter.mail else None) or ""
    if (
        not name
        or looks_like_organisation(name)
        or "@" in name
        or _ANONYMOUS.search(name)
        or re.search(r"\d|ระบบ|no-?reply", name)
    ):
        return _NOBODY
    return Signature(
        FieldValue(value=name, raw=name, confidence=0.4, needs_check=True), FieldValue()
    )


def _judge(letter: Letter) -> Signature:
    """Return the name written without brackets above ผู้พิพากษา, ตุลาการ or a court's officer."""
    for index in range(len(letter.lines) - 1, max(1, len(letter.lines) - 12), -1):
        line, above = letter.lines[index], letter.lines[index - 1]
        if _COURT_OFFICER.match(line.text) and _TITLED.match(above.text) and len(above.text) < 60:
            return _named(letter, index - 1, " ".join(above.raw.split()), "")
    return _NOBODY


def _last_name(letter: Letter) -> Signature | None:
    """Return a name among the last lines of a letter without a closing."""
    for index in range(len(letter.lines) - 1, max(1, len(letter.lines) - 7), -1):
        parts = _split_name(letter.lines[index].text, letter)
        line = letter.lines[index]
        if parts is None or re.match(r"^[(（]", line.text):
            continue
        if _TITLED.match(parts[0]) or line.indent >= 16 or len(line.text) <= 40:
            signature = _named(letter, index, *parts)
            return Signature(
                signature.signer.model_copy(update={"confidence": 0.5, "needs_check": True}),
                signature.position,
            )
    return None
