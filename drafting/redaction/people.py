"""Who the complainant is, by every name the letter gives them and their children."""

from __future__ import annotations

import re
from collections.abc import Iterable

from correspondence.reading import Extraction
from correspondence.vocabulary import LetterKind

# Letters of offices: their signer is an official, the complainant stands in the text.
_OF_OFFICES = frozenset(
    {
        LetterKind.INTERNAL_MEMO, LetterKind.STAMPED_LETTER, LetterKind.CIRCULAR,
        LetterKind.COURT_DOCUMENT, LetterKind.NEWS_RELEASE, LetterKind.ORDER,
        LetterKind.NOTE_VERBALE,
    }
)  # fmt: skip
_SEARCHED = 120_000
_THAI = "[ก-ฮะ-ฺเ-๎]"
_RANK = (
    r"(?:ว่าที่\s?)?(?:(?:พล|พัน|ร้อย|จ่า|สิบ)(?:ตำรวจ|เรือ|อากาศ)?(?:ตรี|โท|เอก)(?:หญิง)?"
    r"|(?:พล|พ|ร|ส|จ|ด)\.(?:[ตทอ]\.){1,3}(?:หญิง)?)"
)
# นายก…, นายอำเภอ and the like are no titles of a name.
_POST = r"กรัฐ|กสภา|กเทศ|กองค์|กสมาคม|กอบ|อำเภอ|ทะเบียน|จ้าง|แพทย์|ช่าง|ตำรวจ|ทหาร|หน้า"
TITLE = (
    rf"(?:นางสาว|นาย(?!{_POST})|นาง(?!าน)|น\.\s?ส\.|เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.|คุณ|(?:ผู้ช่วย|รอง)?ศาสตราจารย์(?:\s?ดร\.)?|ดร\.|ผศ\.|รศ\.|{_RANK}"
    r"|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)"
)
_NAME = rf"{_THAI}{{2,30}}\s+{_THAI}{{2,40}}|[A-Z][\w'-]{{1,30}}(?:\s[A-Z][\w'.-]{{0,30}}){{1,3}}"
_SELF = r"(?:ข้าพเจ้า|ดิฉัน|ดิชั้น|กระผม|ผม|หนู|ฉัน|My name is|I am|I,)"
_TELLS = (
    r"(?:ผู้ร้อง|ได้?(?:มีหนังสือ|ร้อง|ยื่น|แจ้ง|ขอ|ส่ง)|ร้องเรียน|ร้องทุกข์|ร้องขอ|ขอความ|ขอให้|ยื่น|มีหนังสือ|แจ้งว่า"
    r"|ในฐานะผู้ร้อง|\(?ผู้เสียหาย)"
)
_COMPLAINANT = (
    r"(?:ผู้ร้อง(?:เรียน|ทุกข์|ขอ)?|ผู้เสียหาย|ผู้แจ้ง(?:เรื่อง|เบาะแส)?|ผู้ให้ข้อมูล|ผู้ขอ(?:ความช่วยเหลือ)?|ผู้เขียน|ผู้ปกครอง(?:ของ\S{0,20})?"
    r"|(?:คำร้อง|เรื่อง|หนังสือ|ข้อ)(?:ร้องเรียน|ร้องทุกข์|ร้อง)?(?:ทุกข์)?(?:จาก|ของ)|(?:ร้องเรียน|ร้องทุกข์)(?:จาก|ของ|โดย)|ราษฎร(?:ชื่อ|ราย)?|ประชาชน(?:ชื่อ|ราย))"
)
_PATTERNS = (
    re.compile(rf"{_SELF}\s*(?:ชื่อ\s*(?:{TITLE}\s*)?|{TITLE}\s*)(?P<name>{_NAME})"),
    re.compile(
        rf"(?:ข้าพเจ้า|ดิฉัน|ดิชั้น|กระผม|ผม|หนู)\s?(?P<name>{_THAI}{{2,24}}(?:\s{_THAI}{{2,30}})?)"
        r"\s{1,3}(?:โทร|เบอร์|มือถือ|ติดต่อ|ไลน์|Line)"
    ),
    re.compile(rf"{_SELF}\s+(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)+)"),
    re.compile(rf"{_COMPLAINANT}\s*(?:คือ|ชื่อ|ราย|[:：])?\s*{TITLE}\s*(?P<name>{_NAME})"),
    re.compile(
        rf"{TITLE}\s*(?P<name>{_THAI}{{2,30}}\s+{_THAI}{{2,30}}?)(?:\s*\([^()\n]{{1,40}}\))?\s*{_TELLS}"
    ),
    re.compile(
        rf"{TITLE}\s*(?P<name>{_THAI}{{2,30}}\s+{_THAI}{{2,40}})(?:(?!{TITLE})[^\n]){{0,90}}?"
        r"(?:ได้มีหนังสือ|มีหนังสือร้อง|ได้ร้อง(?:เรียน|ทุกข์|ขอ)|(?:ได้)?ยื่น(?:เรื่อง|คำร้อง|หนังสือ)|ขอความเป็นธรรม)"
    ),
    re.compile(rf"(?:เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.)\s*(?P<name>{_NAME}|{_THAI}{{2,30}})"),
    re.compile(
        rf"(?:บุตร|ลูก|หลาน|ภรรยา|สามี|มารดา|บิดา)(?:ชาย|สาว|หญิง)?(?:ของ(?:{_SELF}|ผู้ร้อง))?\s*(?:ชื่อ|คือ)\s*(?:{TITLE}\s*)?(?P<name>{_NAME}|{_THAI}{{2,30}})"
    ),
    re.compile(
        r"^[ \t]*(?:ชื่อ(?:\s?[-–]?\s?(?:นาม)?สกุล)?(?:ผู้ร้อง\S{0,8})?|ผู้ร้อง\S{0,8}|ผู้ส่ง|จาก"
        r"|From|Name|Full name|Sender)"
        rf"[ \t]*[:：][ \t]*(?:{TITLE}[ \t]*)?(?P<name>[^\n<@:,]{{3,60}})",
        re.MULTILINE | re.IGNORECASE,
    ),
)
# Only where a private person signs: an official's name stands there otherwise.
_SIGNED = (
    re.compile(rf"^[ \t]*\([ \t]*(?:{TITLE}\s*)?(?P<name>{_NAME})[ \t]*\)", re.MULTILINE),
    # Under the closing of a letter or mail the name often stands bare.
    re.compile(
        r"(?:ขอแสดงความ|ด้วยความ(?:เคารพ|นับถือ)|ขอบ(?:พระ)?คุณ|sincerely|faithfully"
        r"|regards|respectfully)"
        r"[^\n]{0,40}\n\s*"
        rf"\(?\s*(?:{TITLE}\s*)?(?P<name>{_THAI}{{2,24}}(?:[ ]{{1,2}}{_THAI}{{2,30}})?|{_NAME})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:ลงชื่อ|ลงนาม)\)?[ \t.…]*(?:{TITLE}\s*)?(?P<name>{_NAME})"),
)
# What stands where names do and is none.
_NO_NAME = re.compile(
    r"(?:ขอ(?:แสดง|บ|ให้)|ด้วยความ|ผู้|รอง|หัวหน้า|ประธาน|นายก|เลขา|กรรมการ|สมาชิก|กลุ่ม|ตัวแทน|ชมรม|สมาคม"
    r"|ลงชื่อ|โทร|สำนักงาน|กระทรวง|โรงเรียน"
    r"|office|department|student|ministry|embassy)",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"^\s*(?:{TITLE}\s*)+")
# A word that ran into the surname where no blank parts them.
_RUN_ON = re.compile(
    r"(?<=.{2})(?:ได้(?:ร้อง|มี|ยื่น|แจ้ง|ขอ|ส่ง)|ซึ่ง|อายุ|ผู้ร้อง|ร้องเรียน|ร้องทุกข์|ขอความ|ขอให้|มีหนังสือ|แจ้งว่า|อยู่บ้าน|ที่อยู่|ตำแหน่ง).*"
)


def complainant_names(extraction: Extraction, given: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names to hide, without titles: the complainant's and children's.

    Args:
        extraction: the letter.
        given: names known otherwise: the sender of a mail, what a person has added.
    """
    text = extraction.text[:_SEARCHED]
    found = [*given]
    private = is_private(extraction)
    patterns = (*_PATTERNS, *_SIGNED) if private else _PATTERNS
    for pattern in patterns:
        found.extend(match["name"] for match in pattern.finditer(text))
    signer = extraction.fields.signer
    if private:
        found.extend(filter(None, (signer.value, signer.raw)))
    return tuple(dict.fromkeys(filter(None, (_bare(name) for name in found))))


def is_private(extraction: Extraction) -> bool:
    """Tell whether a private person may have written: in doubt it is one."""
    if extraction.kind is LetterKind.EXTERNAL_LETTER:
        return not (extraction.fields.document_number and extraction.fields.agency)
    return extraction.kind not in _OF_OFFICES


def _bare(name: str) -> str:
    flat = " ".join(_TITLED.sub("", name).strip(" .()[]\"'").split())
    name = _RUN_ON.sub("", flat).strip()
    return "" if _NO_NAME.match(name) else name
