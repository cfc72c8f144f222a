"""The words of the pages, Thai first, English beside; a test holds both to the same keys."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Language(StrEnum):
    """A language of the pages; Thai is the office's."""

    TH = "th"
    EN = "en"

    @property
    def other(self) -> Language:
        """The language the switch leads to."""
        return Language.EN if self is Language.TH else Language.TH


# key: (Thai, English)
TEXTS = MappingProxyType(
    {
        "office": ("สำนักงานรัฐมนตรี", "Office of the Minister"),
        "print_register": ("พิมพ์ทะเบียนวันนี้", "Print today's register"),
        "register": ("ทะเบียนรับ", "Incoming register"),
        "skip": ("ข้ามไปเนื้อหา", "Skip to the content"),
        "switch": ("English", "ภาษาไทย"),
        "read_only": ("หน้านี้ดูได้อย่างเดียว", "This page is read-only"),
        "today_is": ("วันนี้", "Today"),
        "all": ("ทั้งหมด", "All"),
        "filters": ("เลือกดู", "Narrow to"),
        "outcome": ("การรับ", "Intake"),
        "state": ("สถานะ", "State"),
        "category": ("ประเภท", "Category"),
        "group": ("กลุ่มงาน", "Group"),
        "letters": ("หนังสือที่ลงรับ", "Letters registered"),
        "overdue_count": ("เกินกำหนด", "Overdue"),
        "due_today_count": ("ครบกำหนดวันนี้", "Due today"),
        "held_count": ("พักไว้", "Holding pen"),
        "quarantine_count": ("กักไว้", "Quarantine"),
        "secret_count": ("ข้อมูลลับ", "Secret desk"),
        "register_number": ("เลขรับ", "Register no."),
        "arrived": ("มาถึง", "Arrived"),
        "channel": ("ช่องทาง", "Channel"),
        "due_date": ("ครบกำหนด", "Due"),
        "memo": ("บันทึก", "Memo"),
        "download": ("ดาวน์โหลด", "Download"),
        "version": ("ฉบับที่", "version"),
        "no_number": ("ไม่มีเลขรับ", "no number"),
        "unclassified": ("ยังไม่จำแนก", "not classified"),
        "no_group": ("ยังไม่มอบกลุ่ม", "no group yet"),
        "no_due": ("ไม่มีกำหนด", "no due date"),
        "probability": ("ความน่าจะเป็น", "probability"),
        "overdue": ("เกินกำหนด {days} วัน", "overdue by {days} d"),
        "due_today": ("ครบกำหนดวันนี้", "due today"),
        "due_soon": ("เหลือ {days} วัน", "{days} d left"),
        "empty": ("ไม่มีรายการตามที่เลือก", "Nothing matches"),
        "rows": (
            "{total} รายการ หน้า {number} จาก {pages}",
            "{total} rows, page {number} of {pages}",
        ),
        "newer": ("ใหม่กว่า", "Newer"),
        "older": ("เก่ากว่า", "Older"),
        "pages": ("หน้าของทะเบียน", "Pages of the register"),
        "secret_row": ("มีหนังสือชั้นความลับ", "A classified letter has come"),
        "secret_call": (
            "โปรดแจ้งนายทะเบียนข้อมูลข่าวสารลับให้มารับ ห้ามเปิดอ่าน",
            "Call the registrar of classified information; do not open it",
        ),
        "grade": ("ชั้นความลับ", "Grade"),
        "restricted": ("จำกัดผู้เข้าถึง", "Restricted"),
        "file": ("แฟ้ม", "File"),
        "reason": ("เหตุผล", "Reason"),
        "case": ("เรื่อง", "Case"),
        "case_title": ("เรื่องเลขรับ {number}", "Register no. {number}"),
        "back": ("กลับไปทะเบียนรับ", "Back to the register"),
        "urgency": ("ชั้นความเร็ว", "Urgency"),
        "received": ("วันเวลาที่ได้รับ", "Received"),
        "kind": ("ชนิดหนังสือ", "Kind"),
        "sender": ("ผู้ส่ง", "Sender"),
        "fields": ("ข้อมูลจากหนังสือ", "Fields of the letter"),
        "field": ("รายการ", "Field"),
        "machine_value": ("ค่าที่เครื่องอ่านได้", "Read by the machine"),
        "person_value": ("ค่าที่เจ้าหน้าที่แก้", "Set by a person"),
        "page": ("หน้า", "Page"),
        "confidence": ("ความมั่นใจ", "Confidence"),
        "needs_check": ("โปรดตรวจสอบ", "Check this"),
        "no_fields": ("ไม่พบข้อมูลในหนังสือ", "No field was found"),
        "phrase": ("ข้อความในหนังสือ", "the letter's words"),
        "classification": ("การจำแนกประเภท", "Classification"),
        "abstained": (
            "เครื่องไม่มั่นใจ ต้องให้เจ้าหน้าที่เลือกประเภท",
            "The machine is not sure: a person must choose",
        ),
        "evidence": ("คำที่ใช้ตัดสิน", "Evidence"),
        "evidence_for": ("สนับสนุน", "for"),
        "evidence_against": ("คัดค้าน", "against"),
        "decided_by": ("ตัดสินโดย", "Decided by"),
        "by_model": ("เครื่อง", "the machine"),
        "model": ("แบบจำลอง", "Model"),
        "due": ("กำหนดเวลา", "Due date"),
        "anchor": ("วันเริ่มนับ", "Counted from"),
        "explanation": ("คำอธิบาย", "Explanation"),
        "candidates": ("กติกาที่พิจารณา", "Rules considered"),
        "rule": ("กติกา", "Rule"),
        "source": ("ที่มา", "Source"),
        "verified": ("ตรวจยืนยัน", "Verified"),
        "verified_yes": ("ยืนยันแล้ว", "yes"),
        "verified_no": ("ยังไม่ยืนยัน", "no"),
        "unsure": ("เครื่องไม่มั่นใจ", "unsure"),
        "chosen": ("เลือกใช้", "chosen"),
        "not_chosen": ("ไม่ใช้", "not used"),
        "unconfirmed": (
            "ปีที่นับยังไม่ได้ยืนยันวันหยุดราชการ",
            "The holidays of a year it crosses are not confirmed",
        ),
        "needs_person": ("ต้องให้เจ้าหน้าที่กำหนดวัน", "A person must set the date"),
        "drafts": ("ร่างบันทึก", "Drafts"),
        "form": ("แบบ", "Form"),
        "made_at": ("จัดทำเมื่อ", "Made"),
        "superseded": ("มีฉบับใหม่แทนแล้ว", "superseded"),
        "in_force": ("ฉบับปัจจุบัน", "current"),
        "no_drafts": ("ยังไม่มีร่าง", "No draft yet"),
        "attachments": ("แฟ้มที่มาด้วย", "Files that came with it"),
        "perhaps_another_letter": (
            "อาจเป็นหนังสืออีกฉบับ โปรดตรวจสอบ",
            "Perhaps another letter: check it",
        ),
        "size": ("ขนาด", "Size"),
        "bytes": ("ไบต์", "bytes"),
        "text": ("ข้อความในหนังสือ (กดเพื่อเปิดอ่าน)", "Text of the letter (open to read)"),
        "history": ("ประวัติ", "History"),
        "when": ("เมื่อ", "When"),
        "who": ("ผู้กระทำ", "Who"),
        "what": ("การกระทำ", "What"),
        "machine": ("ระบบ", "the system"),
        "not_found": ("ไม่พบหน้าที่ขอ", "Not found"),
        "not_found_why": (
            "ไม่มีเรื่องหรือหน้านี้ในทะเบียน โปรดตรวจเลขแล้วลองใหม่",
            "There is no such case or page in the register. Check the number and try again.",
        ),
        "forbidden": ("เรื่องนี้จำกัดผู้เข้าถึง", "This case is restricted"),
        "forbidden_why": (
            "ยังเปิดดูในหน้านี้ไม่ได้ โปรดติดต่อกลุ่มที่รับผิดชอบ",
            "It cannot be opened here. Ask the group in charge.",
        ),
        "stamped_copy": ("สำเนาประทับตรารับ (.pdf)", "Copy with the receipt stamp (.pdf)"),
        "not_stampable": ("ทำสำเนาประทับตรารับไม่ได้", "No stamped copy can be made"),
        "not_stampable_why": (
            "หนังสือเป็นข้อความอีเมล แฟ้มเปิดไม่ได้ หรือเลขรับยกเลิกแล้ว ต้นฉบับยังอยู่ครบในระบบ",
            "The letter is a mail's own text, its file cannot be opened, or the number is void. "
            "The original is safe.",
        ),
        "blob_damaged": ("แฟ้มในที่เก็บเสียหายหรือสูญหาย", "The stored file is damaged or missing"),
        "blob_damaged_why": (
            "โปรดแจ้งผู้ดูแลระบบให้นำแฟ้มจากสำเนาสำรองกลับมา",
            "Ask the administrator to restore it from the backup.",
        ),
        "fault": ("ระบบขัดข้อง", "Something went wrong"),
        "fault_why": (
            "ลองใหม่อีกครั้ง ถ้ายังขัดข้องโปรดแจ้งผู้ดูแลระบบพร้อมเวลาที่เกิด",
            "Try again; if it stays, tell the administrator the time it happened.",
        ),
    }
)

FIELD_NAMES = MappingProxyType(
    {
        "document_number": ("ที่ (เลขที่หนังสือ)", "Document number"),
        "document_date": ("ลงวันที่", "Document date"),
        "agency": ("ส่วนราชการ/หน่วยงาน", "Agency"),
        "subject": ("เรื่อง", "Subject"),
        "addressee": ("เรียน", "Addressee"),
        "salutation": ("คำขึ้นต้น", "Salutation"),
        "references": ("อ้างถึง", "Reference"),
        "enclosures": ("สิ่งที่ส่งมาด้วย", "Enclosure"),
        "urgency": ("ชั้นความเร็ว", "Urgency"),
        "secrecy": ("ชั้นความลับ", "Secrecy"),
        "signer": ("ผู้ลงนาม", "Signer"),
        "signer_position": ("ตำแหน่งผู้ลงนาม", "Signer's position"),
        "contact_phone": ("โทรศัพท์", "Telephone"),
        "contact_email": ("อีเมล", "E-mail"),
        "stated_deadline": ("กำหนดที่หนังสือระบุ", "Stated deadline"),
        "meeting_at": ("วันเวลาประชุม", "Meeting"),
        "requested_action": ("สิ่งที่ขอ", "Requested action"),
        "amounts": ("จำนวนเงิน", "Amount"),
    }
)

ACTIONS = MappingProxyType(
    {
        "settle_intake": ("ลงทะเบียนรับ", "Registered"),
        "register_part": ("ลงทะเบียนรับ (สแกนรวมหลายฉบับ)", "Registered, from a scan of several"),
        "classify": ("จำแนกประเภท", "Classified"),
        "abstain": ("ส่งให้เจ้าหน้าที่เลือกประเภท", "Sent to triage"),
        "route": ("มอบกลุ่ม", "Assigned"),
        "choose_category": ("เลือกประเภท", "Category chosen"),
        "return_to_triage": ("ส่งคืนเพื่อเลือกประเภท", "Returned to triage"),
        "start_draft": ("เริ่มร่าง", "Draft begun"),
        "submit_draft": ("เสนอร่าง", "Draft submitted"),
        "approve": ("เห็นชอบ", "Approved"),
        "approve_with_edits": ("เห็นชอบโดยแก้ไข", "Approved with edits"),
        "return_draft": ("ส่งคืนร่าง", "Draft returned"),
        "sign": ("ลงนาม", "Signed"),
        "reject": ("ไม่ลงนาม", "Rejected"),
        "dispatch": ("ส่งออก", "Dispatched"),
        "close": ("ยุติเรื่อง", "Closed"),
        "reopen": ("เปิดเรื่องใหม่", "Reopened"),
        "hold": ("พักเรื่อง", "Put on hold"),
        "resume": ("ดำเนินการต่อ", "Resumed"),
        "ask_contribution": ("ขอข้อมูลจากหน่วยงาน", "Contribution asked"),
        "receive_contribution": ("ได้รับข้อมูล", "Contribution received"),
        "propose_transfer": ("เสนอโอนเรื่อง", "Transfer proposed"),
        "confirm_transfer": ("อนุมัติโอนเรื่อง", "Transfer confirmed"),
        "refuse_transfer": ("ไม่อนุมัติโอนเรื่อง", "Transfer refused"),
        "propose_no_reply": ("เสนอไม่ตอบ", "No reply proposed"),
        "confirm_no_reply": ("อนุมัติไม่ตอบ", "No reply confirmed"),
        "refuse_no_reply": ("ไม่อนุมัติไม่ตอบ", "No reply refused"),
        "mark_duplicate": ("ระบุว่าซ้ำ", "Marked a duplicate"),
        "void": ("ยกเลิกเลขรับ", "Voided"),
        "release_message": ("ปล่อยข้อความตอบ", "Answer released"),
        "withdraw_message": ("ถอนข้อความตอบ", "Answer withdrawn"),
        "void_number": ("ยกเลิกเลขรับของหนังสือฉบับหนึ่ง", "Number of one letter voided"),
    }
)
