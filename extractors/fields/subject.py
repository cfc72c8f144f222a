"""เรื่อง, เรียน and the salutation: from the head, or from the mail's own subject."""

from __future__ import annotations

import re

from correspondence.reading import FieldValue
from correspondence.thai_dates import find_dates
from correspondence.vocabulary import LetterKind
from extractors.fields.contacts import is_portal
from extractors.fields.labels import Label, find_label, label_of, labelled_block
from extractors.fields.letter_lines import Letter, Line, field_value
from extractors.fields.marks import without_urgency_tag

_REPLY_PREFIX = re.compile(
    r"^(?:\s*(?:RE|FW|FWD|AW|WG|SV|ตอบกลับ|ตอบ|ส่งต่อ)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_DEAR = re.compile(
    r"^(?:Dear|To:?|Attention:?|Attn\.?:?)\s+(?P<name>[^,:;]{2,90}?)\s*[,:;]?\s*$", re.IGNORECASE
)
_SALUTATION_ONLY = re.compile(
    r"^(?:(?:Your\s+)?Excellenc(?:y|ies)|Sirs?|Madam|Sir or Madam|Sir/Madam|All|Team"
    r"|Colleagues?|Friends?|Sir / Madam|To whom it may concern)$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:สวัสดี|กราบสวัสดี|เรียนสวัสดี)(?:ครับ|ค่ะ|คะ|ค่า)?\s*(?P<name>.*?)\s*(?:ครับ|ค่ะ|คะ"
    r"|ค่า)?$"
)
_COPY = re.compile(r"\s*\(\s*สำเนา\s*(?:เรียน|ถึง|ส่ง).*?\)\s*$")
_FORM_SUBJECT = re.compile(
    r"^(?:หัวข้อ(?:เรื่อง|ร้องเรียน|ข้อร้องเรียน)?|ชื่อเรื่อง|เรื่องที่(?:ร้องเรียน|แจ้ง"
    r"|ร้องทุกข์)|Subject|Topic|Title)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
# A subject that ends in one of these has lost its end.
_CUT_SHORT = re.compile(r"(?:ครั้งที่|ฉบับที่|รุ่นที่|วันที่|ปีที่|ข้อที่|เรื่อง|และ|หรือ|ของ|เพื่อ|ระหว่าง|ประจำปี|[-/(,])$")
_THAI_COMPLIMENTS = re.compile(
    r"ขอแสดงความ(?:คำนับ|นับถือ)มายัง\s?(?P<name>[ก-๙]{4,60}?)(?=\s|และ(?:ขอ|มี|ใคร่)|ขอ(?:เรียน|แจ้ง)|$)"
)
_POLITE_END = re.compile(r"\s+(?:ครับ|ค่ะ|คะ|นะคะ|นะครับ)$")
_ENGLISH_OFFICE = re.compile(
    r"\b(?:Minister|Ministry|Permanent Secretary|Office|Director|Secretary|Chief)\b", re.IGNORECASE
)
# The first line of an inside address: a person or an office.
_INSIDE_NAME = re.compile(
    r"^(?:H\.?\s?E\.?|His Excellency|Her Excellency"
    r"|The (?:Honou?rable|Minister|Director|Secretary|Permanent)|Minister|Ministry"
    r"|Permanent Secretary|Office of|(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Khun)\.?(?=\s[A-Z])"
    r"|(?:Deputy |Acting )?(?:Director|Secretary)(?:[ -]General)?)\b"
)
_SENTENCE = re.compile(
    r"\b(?:assurances|wishes|has|have|refers?|requests?|presents?|avails|is|was|would|will)\b|[:;.]$"
)
_COMPLIMENTS = re.compile(
    r"presents\s+its\s+compliments\s+to\s+(?:the\s+)?(?P<name>.{4,120}?)(?=\s+and\s+(?:has"
    r"|wishes|would|,)|\s*,|\s+and\b(?=\s+has))",
    re.DOTALL | re.IGNORECASE,
)


def read_subject(letter: Letter, kind: LetterKind) -> FieldValue:
    """Return the subject; a stamped letter and a note verbale have none.

    A mail's body may carry its own เรื่อง line, which then is the letter's; else the mail's
    subject without RE:/FW: and without bracketed urgency marks.
    """
    found = _labelled_subject(letter)
    if found:
        return found
    if letter.mail and letter.mail.subject:
        value = mail_subject(letter.mail.subject)
        return FieldValue(
            value=value or None, raw=letter.mail.subject, confidence=0.95 if value else 0.0
        )
    if kind is LetterKind.ENGLISH_LETTER:
        return _english_heading(letter)
    return FieldValue()


def mail_subject(subject: str) -> str:
    """Return a mail's subject without reply and forward prefixes and urgency tags."""
    previous, text = "", " ".join(subject.split())
    while previous != text:
        previous, text = text, without_urgency_tag(_REPLY_PREFIX.sub("", text).strip())
    return text


def read_addressee(letter: Letter, kind: LetterKind) -> FieldValue:
    """Return whom the letter addresses: เรียน or ถึง, Dear …, or the inside address."""
    for label in (Label.ADDRESSEE, Label.TO):
        index = find_label(letter, label, limit=40)
        # In a mail ถึง and เรียน are greetings of its first lines, never of its body.
        if index is not None and (not letter.mail or index < 8):
            value = labelled_block(letter, index, label).text
            line = letter.lines[index]
            if label is Label.TO and not (letter.mail or kind in _TO_KINDS):
                continue
            value = _COPY.sub("", _POLITE_END.sub("", value)).strip()
            informal = letter.mail is not None and label is Label.TO
            sure = 0.95 if label is Label.ADDRESSEE else 0.5 if informal else 0.85
            return field_value(value or None, line.raw, line, sure, check=informal)
    if kind is LetterKind.NOTE_VERBALE:
        return _note_addressee(letter)
    return _english_addressee(letter) or _greeted(letter)


_TO_KINDS = frozenset(
    {
        LetterKind.STAMPED_LETTER,
        LetterKind.CIRCULAR,
        LetterKind.COURT_DOCUMENT,
        LetterKind.CITIZEN_LETTER,
        LetterKind.UNKNOWN,
    }
)


def read_salutation(letter: Letter) -> FieldValue:
    """Return the salutation line as written (กราบเรียน …, Dear …, Excellency,)."""
    for line in letter.lines[:40]:
        if label_of(line.text) is Label.ADDRESSEE:
            word = re.match(r"^(?:กราบ\s?)?\S+", line.raw)
            return field_value(word.group() if word else None, line.raw, line, 0.9)
        if _DEAR.match(line.text) or _SALUTATION_ONLY.match(line.text.rstrip(",: ")):
            return field_value(line.raw.rstrip(", :"), line.raw, line, 0.9)
        if _GREETING.match(line.text):
            return field_value(line.raw, line.raw, line, 0.7)
    return FieldValue()


def _labelled_subject(letter: Letter) -> FieldValue | None:
    for line in letter.lines[:14]:
        form = _FORM_SUBJECT.match(line.text)
        if form and (letter.mail or is_portal(letter)) and "http" not in form["value"]:
            return field_value(_raw_part(line, form.start("value")), line.raw, line, 0.85)
    limit = 10 if letter.mail else 40
    index = find_label(letter, Label.SUBJECT, limit=limit)
    if index is None:
        return None
    block = labelled_block(letter, index, Label.SUBJECT)
    raw = "\n".join(item.raw for item in letter.lines[index : block.end])
    cut = bool(_CUT_SHORT.search(block.text))
    return field_value(block.raw or None, raw, letter.lines[index], 0.95, check=cut)


def _raw_part(line: Line, start: int) -> str:
    return line.raw[start:].strip()


def _english_heading(letter: Letter) -> FieldValue:
    """Return an unlabelled heading: a line alone just above or below Dear …"""
    for index, line in enumerate(letter.lines[:25]):
        plain = line.text.rstrip(",: ")
        if not (_DEAR.match(line.text) or _SALUTATION_ONLY.match(plain)) or not index:
            continue
        for candidate in (index - 1, index + 1):
            if candidate < len(letter.lines) and _heading_like(letter, candidate):
                near = letter.lines[candidate]
                before = letter.lines[candidate - 1]
                if near.text[0].islower() and not near.gap:
                    return field_value(f"{before.raw} {near.raw}", near.raw, before, 0.6)
                return field_value(near.raw, near.raw, near, 0.6)
    return FieldValue()


def _heading_like(letter: Letter, index: int) -> bool:
    line = letter.lines[index]
    following = letter.lines[index + 1] if index + 1 < len(letter.lines) else None
    text = line.text
    if not 15 < len(text) < 140 or text.endswith((".", ",", ":")) or re.search(r"\d{5}", text):
        return False
    if _ENGLISH_OFFICE.match(text) or re.match(r"^(?:The |H\.?E\.?|His |Her )", text):
        return False
    apart = bool(line.gap or (following is not None and following.gap))
    return len(text.split()) >= 3 if apart else text[0].islower() or len(text.split()) >= 5


def _english_addressee(letter: Letter) -> FieldValue | None:
    """Return the inside address's first line, else the name behind Dear."""
    for index, line in enumerate(letter.lines[:30]):
        text = line.text.rstrip(",: ")
        dear = _DEAR.match(line.text)
        bare = bool(_SALUTATION_ONLY.match(dear["name"] if dear else text))
        if not dear and not bare:
            continue
        if not letter.mail:
            above = _inside_address(letter, index)
            if above is not None:
                return field_value(above.raw, above.raw, above, 0.8)
        if dear and not bare:
            return field_value(dear["name"].strip(), line.raw, line, 0.85)
        return None
    return None


def _inside_address(letter: Letter, salutation: int) -> Line | None:
    for line in letter.lines[2:salutation]:
        if _INSIDE_NAME.match(line.text) and not find_dates(line.text):
            return line
    return None


def _note_addressee(letter: Letter) -> FieldValue:
    """Return the ministry at the note's foot, else whom it presents its compliments to."""
    match = _COMPLIMENTS.search(letter.text) or _THAI_COMPLIMENTS.search(letter.text)
    for line in letter.lines[-14:]:
        if (
            re.match(r"^(?:The\s+)?(?:Ministry|MINISTRY|Office of|OFFICE OF|H\.E\.)", line.text)
            and len(line.text) < 80
            and not _SENTENCE.search(line.text)
        ):
            return field_value(line.raw.strip(), line.raw, line, 0.75)
    if match:
        return letter.value_at(
            match.start("name"), match.end("name"), " ".join(match["name"].split()), 0.85
        )
    return FieldValue()


def _greeted(letter: Letter) -> FieldValue:
    for line in letter.lines[:3]:
        match = _GREETING.match(line.text)
        if match and match["name"] and len(match["name"]) < 50:
            return field_value(match["name"], line.raw, line, 0.5, check=True)
        if re.match(r"^To\s*[:：]?\s+[A-Z]", line.text) and len(line.text) < 80:
            return field_value(re.sub(r"^To\s*[:：]?\s+", "", line.text), line.raw, line, 0.6)
    return FieldValue()
