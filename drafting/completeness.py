"""Whether a complaint is complete and verifiable, by the office's four marks (office.md)."""

from __future__ import annotations

import re

from correspondence.reading import Extraction
from correspondence.thai_dates import find_dates
from correspondence.thai_digits import fold_digits

# Sub-categories in which a complainant speaks; a court paper or a report has none.
CHECKED = frozenset(
    {"general_complaint", "political_complaint", "web_complaint", "request_for_help"}
)
_SEARCHED = 20_000
_NAME = re.compile(
    r"(?:ดิฉัน|ข้าพเจ้า|กระผม|ผม|หนู)\s?(?:ชื่อ|นาย|นาง|นางสาว)|(?:ร้องเรียน|คำร้อง|หนังสือ)(?:จาก|ของ)\s?(?:นาย|นาง|น\.ส\.)"
    r"|(?:นาย|นาง|นางสาว|น\.ส\.)\s?[ก-๙]{2,30}\s+[ก-๙]{2,30}|\bMy name is\b|^\s*Name\s*:\s*\S",
    re.IGNORECASE | re.MULTILINE,
)
_ANONYMOUS = re.compile(
    r"บัตรสนเท่ห์|ไม่(?:ขอ|ประสงค์จะ)?(?:เปิดเผย|ออก|ลง)(?:ชื่อ|นาม)|\banonymous", re.IGNORECASE
)
_CONTACT = re.compile(
    r"(?<!\d)0\d?[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)|\+\d{2}|[\w.+-]+@[\w-]+\.|บ้านเลขที่|ที่อยู่|หมู่(?:ที่)?\s?\d|(?:ต\.|ตำบล)\S+\s"
)
_PLACE = re.compile(
    r"โรงเรียน|วิทยาลัย|มหาวิทยาลัย|จังหวัด|จ\.|อำเภอ|อ\.|สำนักงาน|\b(?:school|college|university|province)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"เมื่อ(?:วัน|เดือน|ปี|ต้น|ปลาย|เช้า|คืน)|ปีการศึกษา|ภาคเรียน|ตั้งแต่|\b(?:since|last)\b|ที่ผ่านมา",
    re.IGNORECASE,
)
_WHOM = re.compile(
    r"ครู|ผู้อำนวยการ|ผอ\.|เจ้าหน้าที่|ข้าราชการ|อาจารย์|ผู้บริหาร|โรงเรียน|วิทยาลัย|มหาวิทยาลัย|สำนักงาน|หน่วยงาน"
    r"|\b(?:school|director|teacher|college|university|office)\b",
    re.IGNORECASE,
)
_EVIDENCE = re.compile(
    r"พยาน|หลักฐาน|ภาพถ่าย|รูปถ่าย|คลิป|สำเนา|แนบ|\b(?:attached|witness|evidence)", re.IGNORECASE
)


def missing_parts(extraction: Extraction) -> tuple[str, ...]:
    """Return in Thai what a complaint lacks to be complete and verifiable; empty if nothing.

    Looked for: the complainant's name and a way to reach them, facts with place and time, whom
    or what it is about; for an anonymous letter, evidence or witnesses.
    """
    fields = extraction.fields
    text = fold_digits(extraction.text[:_SEARCHED])
    missing: list[str] = []
    anonymous = _ANONYMOUS.search(text) is not None
    named = bool(fields.signer) or (_NAME.search(text) is not None and not anonymous)
    if not named:
        missing.append("ชื่อผู้ร้อง")
        if not (fields.enclosures or extraction.attachments or _EVIDENCE.search(text)):
            missing.append("พยานหลักฐานแวดล้อม (กรณีบัตรสนเท่ห์)")
    if not (fields.contact_phone or fields.contact_email or _CONTACT.search(text)):
        missing.append("ช่องทางติดต่อผู้ร้อง")
    if not _PLACE.search(text):
        missing.append("สถานที่เกิดเหตุ")
    if not (_WHEN.search(text) or len(find_dates(text)) > bool(fields.document_date)):
        missing.append("วันเวลาที่เกิดเหตุ")
    if not _WHOM.search(text):
        missing.append("ผู้ถูกร้องหรือหน่วยงานที่เกี่ยวข้อง")
    return tuple(missing)
