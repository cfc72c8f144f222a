"""An office of tens of thousands of cases for measuring, put in at once, and people who look at it.

Letters are made of invented sentences, names and places; what they say has no meaning.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from docx import Document
from sqlalchemy import insert

from correspondence.clock import bangkok_day
from correspondence.vocabulary import CaseState, Category, Role
from pipeline.bootstrap import House
from pipeline.signing_in import enter
from registry.models import (
    Account,
    AuditEvent,
    Case,
    ClassificationRow,
    Draft,
    DueDateRow,
    FieldRow,
    IntakeItem,
    Letter,
    PageTextRow,
    Person,
    PersonRole,
)
from registry.search_index import index_letters

_CHUNK: Final = 1_000
# Of these tables a case has several rows.
_SEVERAL: Final[tuple[type[Any], ...]] = (
    *(FieldRow, PageTextRow, ClassificationRow, DueDateRow, Draft, AuditEvent),
)
_GROUPS: Final = (
    "complaints",
    "political",
    "public_relations",
    "foreign_affairs",
    "administration",
)
_CATEGORIES: Final = tuple(Category)
_STATES: Final = (
    *(CaseState.IN_REVIEW, CaseState.DRAFTING, CaseState.ASSIGNED, CaseState.SIGN_OFF),
    *(CaseState.TRIAGE, CaseState.AWAITING_CONTRIBUTION),
)
_GIVEN = (
    *("สมชาย", "วิมล", "ประเสริฐ", "มาลี", "สุรชัย", "กนกวรรณ", "ธีรเดช", "อรพิน", "ชัยวัฒน์", "รัตนา"),
    *("พิชิต", "จินตนา", "บุญส่ง", "ศิริพร", "ณรงค์", "ปราณี", "อดิศร", "เพ็ญศรี", "วีระ", "สุดา"),
)
_FAMILY = (
    *("ใจดี", "รักไทย", "มงคลกิจ", "ทองสุก", "ศรีสวัสดิ์", "บุญมาก", "วงศ์ทอง", "แก้วมณี", "พูนผล"),
    *("สุขเกษม", "ชัยมงคล", "เจริญผล", "ดวงแก้ว", "อินทร์จันทร์", "ประดิษฐ์", "คงมั่น"),
)
_PLACES = (
    *("บ้านใหม่", "หนองบัว", "ท่าเรือ", "ดอนเมือง", "สวนพลู", "บางหลวง", "คลองเตย", "ป่าตอง", "เขาดิน"),
    *("โคกสูง", "นาดี", "ทุ่งทอง", "วังน้ำเย็น", "ห้วยขวาง", "แม่สาย", "เกาะแก้ว"),
)
_WHAT = (
    *("ปัญหาน้ำเสียในคลอง", "การซ่อมถนนสายหลัก", "ค่าเล่าเรียนของบุตร", "โต๊ะเรียนที่ชำรุด"),
    *("เสียงดังจากโรงงาน", "การจัดซื้อครุภัณฑ์", "ไฟส่องสว่างริมทาง", "ที่ดินทำกินของราษฎร"),
    *("งบประมาณอาคารเรียน", "การประชุมคณะกรรมการ", "อาหารกลางวันนักเรียน", "น้ำท่วมซ้ำซาก"),
)
_ASKS = (
    *("ขอความอนุเคราะห์", "ขอให้ตรวจสอบ", "ขอหารือเรื่อง", "ขอเชิญประชุมเรื่อง"),
    *("ร้องเรียนเรื่อง", "ติดตามความคืบหน้า"),
)
_SENTENCES = (
    "ด้วยประชาชนในพื้นที่ได้รับความเดือดร้อนมาเป็นเวลานานและยังไม่ได้รับการแก้ไข",
    "หน่วยงานได้ลงพื้นที่ตรวจสอบข้อเท็จจริงร่วมกับผู้นำชุมชนแล้วเมื่อเดือนที่ผ่านมา",
    "จึงเรียนมาเพื่อโปรดพิจารณาและแจ้งผลการดำเนินการให้ทราบภายในเวลาที่เหมาะสม",
    "รายละเอียดปรากฏตามเอกสารที่ส่งมาพร้อมหนังสือฉบับนี้จำนวนหนึ่งชุด",
    "ที่ประชุมมีมติให้รวบรวมความเห็นของทุกฝ่ายก่อนเสนอผู้มีอำนาจพิจารณา",
    "ทั้งนี้ได้ประสานกับสำนักงานเขตพื้นที่และผู้รับจ้างเพื่อเร่งรัดงานตามสัญญา",
    "โรงเรียนมีนักเรียนจำนวนมากและอาคารเดิมทรุดโทรมไม่ปลอดภัยต่อการใช้งาน",
    "ขอให้ชี้แจงเหตุผลของความล่าช้าและแนวทางป้องกันมิให้เกิดขึ้นอีก",
    "คณะกรรมการจะเดินทางไปตรวจเยี่ยมและรับฟังปัญหาจากผู้ปกครองด้วยตนเอง",
    "การเบิกจ่ายงบประมาณเป็นไปตามระเบียบและผ่านการตรวจสอบภายในแล้ว",
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who looks: the token of their sign-in."""

    sign_in: str
    token: str


def employ_staff(house: House, users: int) -> list[Visitor]:
    """Enter people of every role that reads letters and sign them in; one browser each."""
    staff = []
    with house.sessions.begin() as session:
        for number in range(users):
            role, group = _role(number)
            person = Person(
                sign_in=f"bench{number}",
                thai_name=_name(random.Random(number)),
                created_at=house.clock(),
            )
            session.add(person)
            session.flush()
            session.add(PersonRole(person_id=person.id, role=role.value, group_id=group))
            session.add(Account(person_id=person.id, must_change=False, created_at=house.clock()))
            session.flush()
            staff.append(Visitor(person.sign_in, enter(house, session, person.id)))
    return staff


def store_office(house: House, first: int, last: int) -> None:
    """Put cases with those ids into the register: letters, fields, texts, dates, memos, history."""
    memos = tuple(house.blobs.put(_memo(version)) for version in (1, 2))
    for start in range(first, last + 1, _CHUNK):
        ids = range(start, min(start + _CHUNK - 1, last) + 1)
        made = [_made(house, case_id, memos) for case_id in ids]
        with house.engine.begin() as connection:
            for model in (IntakeItem, Case, Letter):
                connection.execute(insert(model), [row[model] for row in made])
            for several in _SEVERAL:
                connection.execute(insert(several), [one for row in made for one in row[several]])
            index_letters(connection, list(ids))


def queries(cases: int) -> Iterator[str]:
    """Yield what people type, over and over: words of many and of few letters, names, numbers."""
    chance = random.Random(8)
    while True:
        yield from (
            chance.choice(_WHAT),
            f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
            f"นาย{chance.choice(_GIVEN)}",
            f"{chance.randrange(1, cases + 1)}/2569",
            f"มท {chance.randrange(1000, 9999)}/{chance.randrange(1, 3000)}",
            "อนุเคราะห์",
            f"{chance.choice(_ASKS)} {chance.choice(_PLACES)}",
            "ไม่มีคำนี้ในทะเบียน",
        )


def _role(number: int) -> tuple[Role, str | None]:
    if number % 10 == 0:
        return Role.REGISTRAR, None
    if number % 10 == 1:
        return Role.OFFICE_HEAD, None
    role = Role.GROUP_HEAD if number % 10 in (2, 3) else Role.OFFICER
    return role, _GROUPS[number % len(_GROUPS)]


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"


def _made(house: House, number: int, memos: Sequence[str]) -> dict[type[Any], Any]:
    """Return the rows of one case by table; every seventh is closed long ago, most of them are."""
    chance = random.Random(number)
    now = house.clock()
    today = bangkok_day(now)
    is_open = chance.random() < 0.15
    at = now - timedelta(days=chance.randrange(1, 20 if is_open else 700), minutes=number % 600)
    due = today + timedelta(days=chance.randrange(-6, 30)) if is_open else bangkok_day(at)
    state = chance.choice(_STATES) if is_open else CaseState.CLOSED
    group = None if state is CaseState.TRIAGE else chance.choice(_GROUPS)
    category = chance.choice(_CATEGORIES)
    subject = f"{chance.choice(_ASKS)}{chance.choice(_WHAT)} ตำบล{chance.choice(_PLACES)}"
    name = _name(chance)
    fields = {
        "subject": subject,
        "agency": f"องค์การบริหารส่วนตำบล{chance.choice(_PLACES)}",
        "document_number": f"มท {chance.randrange(1000, 9999)}/{chance.randrange(1, 3000)}",
        "document_date": bangkok_day(at).isoformat(),
        "addressee": "รัฐมนตรีว่าการกระทรวงตัวอย่าง",
        "signer": f"นาย{name}",
    }
    if number % 12 == 0:
        met = today + timedelta(days=chance.randrange(-300, 40))
        fields["meeting_at"] = f"{met.isoformat()}T09:30"
    return {
        IntakeItem: {
            "id": number, "source": "bench", "source_key": str(number), "channel": "email",
            "file_name": f"{number}.pdf", "sha256": f"{number:064x}", "size": 90_000,
            "arrived_at": at, "stored_at": at, "outcome": "registered",
        },
        Case: {
            "id": number, "state": state.value, "version": 5, "urgency": "normal",
            "category": category.value, "subcategory": "other", "group_id": group,
            "restricted": number % 200 == 0, "due_date": due, "opened_at": at,
            "updated_at": at, "last_progress_at": at,
        },
        Letter: {
            "id": number, "intake_item_id": number, "case_id": number, "part": 1,
            "register_year": 2026, "register_number": number, "received_at": at,
            "registered_at": at, "channel": "email", "media_type": "application/pdf",
            "kind": "external_letter", "language": "th", "read_outcome": "ok", "warnings": "",
            "sender_name": name, "sender_address": f"post{number % 900}@example.org",
        },
        FieldRow: [
            {
                "letter_id": number, "name": field, "position": 0, "machine_value": value,
                "machine_raw": value, "page": 1, "confidence": 0.9, "needs_check": False,
            }
            for field, value in fields.items()
        ],
        PageTextRow: [
            {
                "letter_id": number, "number": page, "text": _page(chance, subject, name),
                "method": "text_layer", "quality": 0.97,
            }
            for page in range(1, 2 + (number % 4 == 0))
        ],
        ClassificationRow: [
            {
                "case_id": number, "decided_by": "model", "category": category.value,
                "subcategory": "other", "probabilities": {category.value: 0.9}, "evidence": [],
                "abstained": state is CaseState.TRIAGE, "model_version": "bench",
                "decided_at": at,
            }
        ],
        DueDateRow: [
            {
                "case_id": number, "received_at": at, "anchor_date": bangkok_day(at),
                "due_date": due, "candidates": [], "holidays_counted": [],
                "explanation": "นับจากวันที่ได้รับ", "calendar_confirmed": True,
                "needs_person": False, "calendar_version": "bench", "computed_at": at,
            }
        ],
        Draft: [
            {
                "case_id": number, "version": version, "form": "summary_memo",
                "template_version": "bench", "made_by": "machine", "sha256": sha256,
                "sections": _sections(subject, version), "sentences": [], "made_at": at,
                "superseded_at": at if version < len(memos) else None,
            }
            for version, sha256 in enumerate(memos, start=1)
        ],
        AuditEvent: list(_history(number, at)),
    }  # fmt: skip


def _sections(subject: str, version: int) -> list[dict[str, Any]]:
    said = " ".join(_SENTENCES[version : version + 5])
    return [
        {"label": label, "text": text, "accepted_by": "", "unfounded": []}
        for label, text in (("เรื่อง", subject), ("สรุปสาระ", said), ("ข้อเสนอ", _SENTENCES[2]))
    ]


def _memo(version: int) -> bytes:
    """Return a memo of two pages; the versions differ in some of its lines."""
    document = Document()
    for number in range(30):
        document.add_paragraph(_SENTENCES[(number + (number % 5 == 0) * version) % 10])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _page(chance: random.Random, subject: str, name: str) -> str:
    said = chance.choices(_SENTENCES, k=14)
    return "\n".join((f"เรื่อง {subject}", *said, f"(นาย{name})"))


def _history(number: int, at: datetime) -> Iterator[dict[str, Any]]:
    steps: Sequence[str] = ("settle_intake", "classify", "route", "start_draft", "submit_draft")
    for action in steps:
        yield {
            "at": at, "actor": "saraban", "action": action, "case_id": number, "reason": "",
            "from_state": None, "to_state": None, "before": {}, "after": {},
        }  # fmt: skip
