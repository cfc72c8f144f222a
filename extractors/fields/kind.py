"""ชนิดของหนังสือ and its language, from the marks of its form."""

from __future__ import annotations

import re

from correspondence.vocabulary import LetterKind
from extractors.fields.addresses import is_address
from extractors.fields.agency import looks_like_organisation
from extractors.fields.contacts import is_portal
from extractors.fields.document_number import is_circular
from extractors.fields.labels import Label, find_label
from extractors.fields.letter_lines import Letter

_MEMO = re.compile(r"^บ\s?ั?\s?นทึก\s?ข\s?้?อ\s?ความ")
_COURT = re.compile(r"^\W*(?:ใน)?ศาล(?!ากลาง|า\b|าว่า|ากลา|าประ)(?:\s?[ก-๙])")
_COURT_WORDS = re.compile(
    r"(?:คดีหมายเลข(?:ดำ|แดง)|หมายเรียก|หมายนัด|คำสั่งเรียก|คำบังคับ|โจทก์|จำเลย|ผู้ฟ้องคดี"
    r"|ผู้ถูกฟ้องคดี|คำพิพากษา)"
)
_ORDER = re.compile(
    r"^คำสั่ง\s?(?:สำนัก|กระทรวง|กรม|คณะ|นายก|จังหวัด|โรงเรียน|ศธ|สป|คสช|ศึกษา|องค์การ|มหาวิทยาลัย)"
)
_NEWS = re.compile(
    r"^(?:ข่าว(?:ประชาสัมพันธ์|แจก|สาร)?\s?(?:สำนัก|กระทรวง|กรม|โรงเรียน|มหาวิทยาลัย|เพื่อ"
    r"|ที่\s?\d|$|สมาคม|มูลนิธิ)|ข่าวประชาสัมพันธ์|ข่าวแจก|ภาพ/ข่าว|PRESS RELEASE"
    r"|Press Release|NEWS RELEASE|For immediate release)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:presents\s+its\s+compliments|avails\s+itself\s+of\s+this\s+opportunity"
    r"|^\W*note\s+verbale\W*$|aide[- ]m[ée]moire)",
    re.IGNORECASE | re.MULTILINE,
)
_THAI_NOTE = re.compile(r"ขอแสดงความ(?:คำนับ|นับถือ)มายัง(?:กระทรวง|สถาน)")
_FIRST_PERSON = re.compile(r"(?:ข้าพเจ้า|ดิฉัน|กระผม|(?<![ก-๙])ผม|หนู|พวกเรา|ลูกชาย|ลูกสาว|ยาย)")
_CIRCULATED = re.compile(r"(?:แจ้ง|หนังสือ)เวียน")


def read_kind(letter: Letter, number: str | None) -> LetterKind:
    """Return the kind of letter from its form; the matter does not decide it.

    Args:
        letter: the lines.
        number: the document number read, as its ว tells a circular.
    """
    top = letter.lines[:12]
    if find_label(letter, Label.OFFICE, limit=16) is not None or any(
        _MEMO.match(line.text) for line in top
    ):
        return LetterKind.INTERNAL_MEMO
    if _NOTE.search(letter.text) or _THAI_NOTE.search(letter.text):
        return LetterKind.NOTE_VERBALE
    head = "\n".join(line.text for line in letter.lines[:20])
    if any(
        _COURT.match(cell) and len(cell) < 60 for line in top for cell in line.cells
    ) and _COURT_WORDS.search(head):
        return LetterKind.COURT_DOCUMENT
    if any(_ORDER.match(line.text) for line in top[:5]) and "สั่ง" in letter.text:
        return LetterKind.ORDER
    if any(_NEWS.match(line.text) for line in (*letter.lines[:8], *letter.lines[-3:])):
        return LetterKind.NEWS_RELEASE
    if letter.mail is not None:
        return _mail_kind(letter, number)
    return _paper_kind(letter, number)


def read_language(letter: Letter) -> str:
    """Return "th", "en" or "mixed" by the share of Thai letters among Thai and Latin ones."""
    text = letter.text + "".join(line.text for line in letter.quoted)
    thai = sum("ก" <= c <= "๛" for c in text)
    latin = sum(c.isascii() and c.isalpha() for c in text)
    if thai + latin == 0:
        return "th"
    share = thai / (thai + latin)
    if share > 0.75:
        return "th"
    return "en" if share < 0.15 else "mixed"


def _mail_kind(letter: Letter, number: str | None) -> LetterKind:
    subject = (letter.mail.subject if letter.mail else None) or ""
    if is_portal(letter):
        return LetterKind.CITIZEN_LETTER
    if _CIRCULATED.search(subject) or is_circular(number):
        return LetterKind.CIRCULAR
    return LetterKind.EMAIL


def _paper_kind(letter: Letter, number: str | None) -> LetterKind:
    addressee = find_label(letter, Label.ADDRESSEE, limit=40)
    to = find_label(letter, Label.TO, limit=25)
    if is_portal(letter):
        return LetterKind.CITIZEN_LETTER
    if is_circular(number):
        return LetterKind.CIRCULAR
    if number and to is not None and addressee is None:
        return LetterKind.STAMPED_LETTER
    if any("ประทับตรา" in line.text for line in letter.lines[-10:]):
        return LetterKind.STAMPED_LETTER
    if read_language(letter) == "en":
        return LetterKind.ENGLISH_LETTER
    if number and addressee is not None:
        return LetterKind.EXTERNAL_LETTER
    if addressee is None and to is None and not _FIRST_PERSON.search(letter.text):
        return LetterKind.UNKNOWN
    if _organisation_heads(letter, addressee) and not _FIRST_PERSON.search(letter.text[:400]):
        return LetterKind.EXTERNAL_LETTER
    return LetterKind.CITIZEN_LETTER


def _organisation_heads(letter: Letter, addressee: int | None) -> bool:
    stop = find_label(letter, Label.SUBJECT, limit=20)
    end = min(x for x in (stop, addressee, 10) if x is not None)
    return any(
        looks_like_organisation(line.text)
        and not is_address(line.text)
        and not line.text.startswith("เขียนที่")
        for line in letter.lines[:end]
    )
