"""Names every room shares, in one spelling, each with its Thai term (the vocabulary table)."""

from __future__ import annotations

from enum import StrEnum


class ThaiTerm(StrEnum):
    """An enumeration whose members know their Thai term."""

    thai: str

    def __new__(cls, value: str, thai: str = "") -> ThaiTerm:
        """Make a member from its stored value and its Thai term."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.thai = thai
        return member


class Urgency(ThaiTerm):
    """ชั้นความเร็ว."""

    NORMAL = "normal", "ปกติ"
    URGENT = "urgent", "ด่วน"
    VERY_URGENT = "very_urgent", "ด่วนมาก"
    MOST_URGENT = "most_urgent", "ด่วนที่สุด"


class Secrecy(ThaiTerm):
    """ชั้นความลับ. Everything above OPEN stops at the gate."""

    OPEN = "open", "ปกติ"
    CONFIDENTIAL = "confidential", "ลับ"
    SECRET = "secret", "ลับมาก"
    TOP_SECRET = "top_secret", "ลับที่สุด"


class Category(ThaiTerm):
    """ประเภทเรื่อง."""

    COMPLAINT = "complaint", "เรื่องร้องทุกข์ร้องเรียน"
    PARLIAMENTARY = "parliamentary", "งานการเมืองและรัฐสภา"
    PUBLIC_RELATIONS = "public_relations", "ประชาสัมพันธ์"
    FOREIGN_AFFAIRS = "foreign_affairs", "วิเทศสัมพันธ์"
    GENERAL = "general", "บริหารงานทั่วไป"


class Channel(ThaiTerm):
    """ช่องทางที่หนังสือมาถึง."""

    EMAIL = "email", "อีเมล"
    SCAN = "scan", "แฟ้มสแกน"
    HAND = "hand", "ยื่นด้วยตนเอง"
    WEB = "web", "เว็บไซต์"


class LetterKind(ThaiTerm):
    """ชนิดของหนังสือ."""

    EXTERNAL_LETTER = "external_letter", "หนังสือภายนอก"
    INTERNAL_MEMO = "internal_memo", "บันทึกข้อความ"
    STAMPED_LETTER = "stamped_letter", "หนังสือประทับตรา"
    CIRCULAR = "circular", "หนังสือเวียน"
    CITIZEN_LETTER = "citizen_letter", "จดหมายของประชาชน"
    EMAIL = "email", "อีเมล"
    ENGLISH_LETTER = "english_letter", "หนังสือภาษาอังกฤษ"
    NOTE_VERBALE = "note_verbale", "หนังสือกลาง (Note Verbale)"
    COURT_DOCUMENT = "court_document", "เอกสารศาล"
    NEWS_RELEASE = "news_release", "ข่าว"
    ORDER = "order", "คำสั่ง"
    UNKNOWN = "unknown", "ไม่ทราบชนิด"


class ReadMethod(ThaiTerm):
    """How the text of a page was obtained."""

    TEXT_LAYER = "text_layer", "ชั้นข้อความ"
    OCR = "ocr", "อ่านจากภาพ"
    NATIVE = "native", "ข้อความในแฟ้ม"


class ReadOutcome(ThaiTerm):
    """How the reading of one file ended."""

    OK = "ok", "อ่านได้"
    PARTIAL = "partial", "อ่านได้บางส่วน"
    ENCRYPTED = "encrypted", "แฟ้มมีรหัสผ่าน"
    DAMAGED = "damaged", "แฟ้มเสียหาย"
    EMPTY = "empty", "ไม่มีเนื้อหา"
    UNSUPPORTED = "unsupported", "ไม่รองรับแฟ้มชนิดนี้"
    TOO_LARGE = "too_large", "แฟ้มใหญ่เกินกำหนด"
    TIMED_OUT = "timed_out", "อ่านนานเกินกำหนด"
    SECRET = "secret", "มีชั้นความลับ"


READABLE = frozenset({ReadOutcome.OK, ReadOutcome.PARTIAL})


class RestrictedKind(ThaiTerm):
    """ข้อมูลที่จำกัดผู้เข้าถึง: what of a letter is masked and kept in the restricted store."""

    NATIONAL_ID = "national_id", "เลขประจำตัวประชาชน"


class IntakeOutcome(ThaiTerm):
    """Where one incoming item ended at the gate; every ledger row carries one."""

    PENDING = "pending", "รอดำเนินการ"
    REGISTERED = "registered", "ลงทะเบียนรับแล้ว"
    DUPLICATE = "duplicate", "ซ้ำกับที่รับไว้แล้ว"
    QUARANTINED = "quarantined", "กักไว้ (ข้อความอัตโนมัติ)"
    HELD = "held", "พักไว้รอเจ้าหน้าที่"
    SECRET = "secret", "ส่งนายทะเบียนข้อมูลข่าวสารลับ"
    REJECTED = "rejected", "ไม่รับ"


class CaseState(ThaiTerm):
    """สถานะเรื่อง. Overdue, urgent and secret are computed or flags, never states."""

    REGISTERED = "registered", "ลงทะเบียนรับแล้ว"
    CLASSIFIED = "classified", "จำแนกแล้ว"
    TRIAGE = "triage", "รอเลือกประเภท"
    ASSIGNED = "assigned", "มอบกลุ่มแล้ว"
    DRAFTING = "drafting", "กำลังร่าง"
    IN_REVIEW = "in_review", "รอตรวจ"
    SIGN_OFF = "sign_off", "รอลงนาม"
    AWAITING_DISPATCH = "awaiting_dispatch", "รอส่งออก"
    DISPATCHED = "dispatched", "ส่งออกแล้ว"
    CLOSED = "closed", "ยุติเรื่อง"
    ON_HOLD = "on_hold", "พักเรื่อง"
    AWAITING_CONTRIBUTION = "awaiting_contribution", "รอข้อมูลจากหน่วยงาน"
    TRANSFER_PENDING = "transfer_pending", "รออนุมัติโอนเรื่อง"
    NO_REPLY_PENDING = "no_reply_pending", "รออนุมัติไม่ตอบ"
    DUPLICATE = "duplicate", "เรื่องซ้ำ"
    VOIDED = "voided", "ยกเลิกเลขรับ"


class Role(ThaiTerm):
    """บทบาท. MACHINE is the house itself; every other role is held by people."""

    MACHINE = "machine", "ระบบ"
    REGISTRAR = "registrar", "เจ้าหน้าที่สารบรรณ"
    OFFICER = "officer", "เจ้าหน้าที่กลุ่ม"
    GROUP_HEAD = "group_head", "หัวหน้ากลุ่ม"
    OFFICE_HEAD = "office_head", "หัวหน้าสำนักงานรัฐมนตรี"
    SECRETARY = "secretary", "เลขานุการรัฐมนตรี/คณะทำงาน"
    SECRET_REGISTRAR = "secret_registrar", "นายทะเบียนข้อมูลข่าวสารลับ"
    ADMINISTRATOR = "administrator", "ผู้ดูแลระบบ"


class MemoForm(ThaiTerm):
    """แบบบันทึก."""

    SUMMARY_MEMO = "summary_memo", "บันทึกสรุปเรื่อง"
    DECISION_MEMO = "decision_memo", "บันทึกข้อความ"


class LinkKind(ThaiTerm):
    """ความเกี่ยวข้องระหว่างเรื่อง: suggestions until a person has decided.

    RELATED and EARLIER_MATTER are people's own; the other case is the earlier matter.
    """

    SAME_FILE = "same_file", "แฟ้มเดียวกัน"
    PERHAPS_DUPLICATE = "perhaps_duplicate", "อาจเป็นหนังสือฉบับเดียวกัน"
    PERHAPS_RELATED = "perhaps_related", "อาจเกี่ยวข้องกัน"
    RELATED = "related", "เกี่ยวข้องกัน"
    EARLIER_MATTER = "earlier_matter", "เรื่องเดิม"


class ContactChannel(ThaiTerm):
    """ช่องทางประสานงาน, as the office's coordination log has it."""

    TELEPHONE = "telephone", "โทรศัพท์"
    FAX = "fax", "โทรสาร"
    EMAIL = "email", "อีเมล"
    LINE = "line", "ไลน์"
    IN_PERSON = "in_person", "ด้วยตนเอง"
    LETTER = "letter", "หนังสือ"


class PeriodUnit(ThaiTerm):
    """หน่วยนับระยะเวลา."""

    WORKING = "working", "วันทำการ"
    CALENDAR = "calendar", "วัน"
    MONTHS = "months", "เดือน"
    HOURS = "hours", "ชั่วโมง"


class Deem(ThaiTerm):
    """On which day an item is taken as received (deadlines.md, deem)."""

    AS_IS = "as_is", "วันที่มาถึง"
    NEXT_WORKING_DAY = "next_working_day", "วันทำการถัดไป"


class Roll(ThaiTerm):
    """What happens to a last day that is not a working day."""

    NONE = "none", "ไม่เลื่อน"
    NEXT = "next", "เลื่อนเป็นวันทำการถัดไป"
    PREVIOUS = "previous", "เลื่อนเป็นวันทำการก่อนหน้า"
