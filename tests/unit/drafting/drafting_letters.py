"""Invented letters for the tests of drafting."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from correspondence.classification import Classification
from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    PageText,
    StatedDeadline,
    join_pages,
)
from correspondence.vocabulary import Category, LetterKind, ReadMethod, ReadOutcome
from drafting.request import DraftRequest
from office.wording import Wording, read_wording

CONFIG = Path(__file__).resolve().parents[3] / "config"
WORDING: Wording = read_wording(CONFIG)

COMPLAINT = """ด่วน
ที่ รท ๐๑๐๕/๗๗๑

สำนักงานตัวอย่างรับเรื่องราว
ถนนสมมุติ กรุงเทพฯ ๑๐๓๐๐

๓ สิงหาคม ๒๕๖๙

เรื่อง  ขอส่งเรื่องร้องเรียนการเก็บเงินบำรุงห้องสมุด

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

สิ่งที่ส่งมาด้วย  สำเนาคำร้อง จำนวน ๒ แผ่น

\tด้วยนางสาวปาริชาต ทองสมมุติ ได้ร้องเรียนว่า เมื่อวันที่ ๑๕ กรกฎาคม ๒๕๖๙ โรงเรียนบ้านสมมุติวิทยา อำเภอตัวอย่าง \
จังหวัดลพบุรี เรียกเก็บเงินค่าบำรุงห้องสมุดจากนักเรียนคนละ ๖๕๐ บาท โดยไม่ออกใบเสร็จรับเงิน ทั้งนี้ \
ผู้ร้องได้สอบถามครูประจำชั้นแล้ว \
ได้รับคำตอบว่าเป็นเงินบริจาคโดยสมัครใจ อย่างไรก็ดี นักเรียนที่ไม่ชำระไม่ได้รับบัตรห้องสมุด

\tสำนักงานตัวอย่างพิจารณาแล้วเห็นว่าเรื่องดังกล่าวอยู่ในอำนาจหน้าที่ของกระทรวงศึกษาธิการ จึงขอส่งเรื่องมาเพื่อ
\t๑. ตรวจสอบการเรียกเก็บเงินของโรงเรียนว่าชอบด้วยระเบียบหรือไม่
\t๒. แจ้งผลให้ผู้ร้องทราบภายในวันที่ ๓๑ สิงหาคม ๒๕๖๙

\tจึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ จะขอบคุณยิ่ง

ขอแสดงความนับถือ

(นายเอกอุดม นามสมมุติ)
ผู้อำนวยการสำนักงานตัวอย่าง

โทร. ๐ ๒๑๑๑ ๐๐๐๐
"""

INVITATION = """Embassy of Examplia
Bangkok

5 March 2026

Dear Minister,

I have the honour to invite Your Excellency to the Forum on Small Schools in Exampletown \
from 4 to 6 May 2026. The Forum brings together 40 ministers. Accommodation for 3 delegates \
will be provided by the host.

We would be grateful for a reply by 10 April 2026 to forum@examplia.example.

Please accept, Excellency, the assurances of my highest consideration.

Yours sincerely,
Ada Example
Ambassador
"""


def field(value: str | None, *, check: str = "") -> FieldValue:
    """Return a field as a reader gives it; `check` marks it for a person."""
    return FieldValue(value=value, raw=value, page=1, confidence=0.9, needs_check=bool(check))


def extraction(*pages: str, fields: LetterFields | None = None) -> Extraction:
    """Return a read letter of native pages."""
    read = tuple(
        PageText(number=n, text=text, method=ReadMethod.NATIVE, quality=1.0)
        for n, text in enumerate(pages, 1)
    )
    return Extraction(
        file="letter.txt", outcome=ReadOutcome.OK, media_type="text/plain",
        kind=LetterKind.EXTERNAL_LETTER, pages=read, text=join_pages(read),
        fields=fields or LetterFields(),
    )  # fmt: skip


def complaint_fields() -> LetterFields:
    """Return the fields of COMPLAINT."""
    return LetterFields(
        document_number=field("รท ๐๑๐๕/๗๗๑"), document_date=field("2026-08-03"),
        agency=field("สำนักงานตัวอย่างรับเรื่องราว"), urgency=field("urgent"),
        subject=field("ขอส่งเรื่องร้องเรียนการเก็บเงินบำรุงห้องสมุด"),
        addressee=field("รัฐมนตรีว่าการกระทรวงศึกษาธิการ"), signer=field("นายเอกอุดม นามสมมุติ"),
        contact_phone=field("๐ ๒๑๑๑ ๐๐๐๐"),
        stated_deadline=StatedDeadline(value="2026-08-31", phrase="ภายในวันที่ ๓๑ สิงหาคม ๒๕๖๙"),
    )  # fmt: skip


def request(
    letter: Extraction,
    category: Category = Category.COMPLAINT,
    subcategory: str = "general_complaint",
    **more: object,
) -> DraftRequest:
    """Return a request to draft a letter of a category, received 3 August 2026, 09:15."""
    values: dict[str, object] = {
        "extraction": letter,
        "classification": Classification(
            category=category, subcategory=subcategory, abstained=False, model_version="test",
            probabilities={category.value: 0.9},
        ),
        "category_thai": category.thai, "subcategory_thai": "ประเภทย่อย",
        "group_thai": "กลุ่มรับเรื่องราวร้องทุกข์", "due": None, "register_number": "123/2569",
        "received_at": datetime(2026, 8, 3, 2, 15, tzinfo=UTC), "wording": WORDING,
    }  # fmt: skip
    return DraftRequest.model_validate(values | more)


def complaint_request(**more: object) -> DraftRequest:
    """Return a request for COMPLAINT."""
    return request(extraction(COMPLAINT, fields=complaint_fields()), **more)


def document_text(content: bytes) -> str:
    """Return every paragraph of a .docx body, tables and loops in order."""
    body = Document(BytesIO(content)).element.body
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    )
