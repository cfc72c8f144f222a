"""Cases put into a house through the registry's own functions, as the stages would."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from correspondence.classification import Classification, Evidence
from correspondence.clock import BANGKOK
from correspondence.deadline import DeadlineRule, DueCandidate, DueDecision
from correspondence.letter_parts import CarriedFile
from correspondence.memo import MemoDraft, MemoSection
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.states import Action
from correspondence.vocabulary import (
    Category,
    Channel,
    IntakeOutcome,
    LetterKind,
    MemoForm,
    PeriodUnit,
    ReadMethod,
    ReadOutcome,
    Role,
)
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.signing_in import enter
from registry.accounts import person_named
from registry.casework import record_classification, record_draft, record_due_date
from registry.ledger import Arrival
from registry.models import Account, Case, IntakeItem, Person, PersonRole
from registry.registration import Reading, Verdict, end_item, register_letter
from registry.transitions import MACHINE, Actor, CaseChange, take_action
from tests.conftest import SetClock
from tests.ready_databases import ready_sqlite

_numbers = itertools.count(1)

HEAD = Actor("head", Role.OFFICE_HEAD)
REGISTRAR = Actor("registrar", Role.REGISTRAR)
OFFICER = Actor("officer", Role.OFFICER)


@dataclass(frozen=True, slots=True)
class Seed:
    """A letter to register; `due` None leaves the case without a due date."""

    subject: str = "ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน"
    text: str = "โรงเรียนบ้านทุ่งทองยังไม่ได้รับโต๊ะเรียนตามสัญญา จึงขอให้ตรวจสอบ"
    file_name: str = "letter.pdf"
    category: Category = Category.COMPLAINT
    subcategory: str = "general_complaint"
    group: str = "complaints"
    due: date | None = date(2026, 11, 24)
    abstained: bool = False
    channel: Channel = Channel.EMAIL
    sender: str = "นางมะลิ ทองดี"


def small_house(home: Path, clock: SetClock, **settings: object) -> House:
    """Open a house with its own SQLite database and blobs in a folder."""
    chosen = {"home": home, "database_url": "", "blob_url": "", "smtp_url": "", **settings}
    if not chosen["database_url"] and not (home / "saraban.db").exists():
        ready_sqlite(home / "saraban.db")
    return open_house(Settings.model_validate(chosen), clock=clock)


def arrive(house: House, file_name: str, arrived_at: datetime, channel: Channel) -> int:
    """Store an item in the ledger and return its id."""
    number = next(_numbers)
    arrival = Arrival(
        source="seed",
        source_key=f"seed-{number}",
        channel=channel,
        file_name=file_name,
        message_id=f"<{number}@example.org>",
        data=f"letter {number}".encode(),
        arrived_at=arrived_at,
    )
    return house.ledger.store(arrival).id


def end_in(house: House, outcome: IntakeOutcome, code: str, file_name: str = "x.pdf") -> int:
    """Store an item and end it in an outcome other than registered."""
    item_id = arrive(house, file_name, house.clock(), Channel.EMAIL)
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        verdict = Verdict(outcome, code, "เหตุผลภาษาไทย", "The reason in English.")
        end_item(session, item, verdict, at=house.clock(), actor="saraban")
    return item_id


def register(house: House, seed: Seed = Seed()) -> int:
    """Register a letter and take it to review (or triage); returns the case's id."""
    now = house.clock()
    item_id = arrive(house, seed.file_name, now, seed.channel)
    page = PageText(number=1, text=seed.text, method=ReadMethod.TEXT_LAYER, quality=0.98)
    extraction = Extraction(
        file=seed.file_name,
        outcome=ReadOutcome.OK,
        media_type="application/pdf",
        kind=LetterKind.CITIZEN_LETTER,
        pages=(page,),
        text=seed.text,
        fields=LetterFields(
            subject=FieldValue(value=seed.subject, raw=seed.subject, page=1, confidence=0.93),
            signer=FieldValue(
                value=seed.sender, raw=seed.sender, page=1, confidence=0.41, needs_check=True
            ),
        ),
    )
    carried = CarriedFile(
        role="letter",
        file_name=seed.file_name,
        media_type="application/pdf",
        sha256="ab" * 32,
        size=1200,
        read_outcome="ok",
    )
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        reading = Reading(extraction, (carried,), seed.sender, "mali@example.org", None)
        made = register_letter(session, item, reading, at=now, actor="saraban")
        case = session.get_one(Case, made.case_id)
        decided = Classification(
            category=seed.category,
            subcategory=seed.subcategory,
            probabilities={seed.category.value: 0.91, "general": 0.09},
            abstained=seed.abstained,
            evidence=(Evidence(text="จัดซื้อ", weight=1.2), Evidence(text="ตรวจสอบ", weight=-0.4)),
            model_version="test-1",
        )
        record_classification(session, case, decided, at=now)
        change = CaseChange(category=seed.category.value, subcategory=seed.subcategory)
        take_action(session, case, Action.CLASSIFY, MACHINE, at=now, change=change)
        due = _due(seed, now)
        record_due_date(session, case, due, calendar_version="test", at=now)
        if seed.abstained:
            take_action(session, case, Action.ABSTAIN, MACHINE, at=now)
            return case.id
        take_action(
            session, case, Action.ROUTE, MACHINE, at=now, change=CaseChange(group_id=seed.group)
        )
        take_action(session, case, Action.START_DRAFT, MACHINE, at=now)
        memo = MemoDraft(
            form=MemoForm.SUMMARY_MEMO,
            template_version="summary_memo:test",
            sections=(MemoSection(label="เรื่อง", text=seed.subject),),
            sentences=(),
            docx=b"PK memo of case %d" % case.id,
        )
        version = record_draft(
            session, case, memo, sha256=house.blobs.put(memo.docx), made_by="machine", at=now
        )
        submitted = CaseChange(draft_version=version)
        take_action(session, case, Action.SUBMIT_DRAFT, MACHINE, at=now, change=submitted)
        return case.id


def finish(house: House, case_id: int) -> None:
    """Approve, sign, dispatch and close a case that is in review, at the house's time."""
    now = house.clock()
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.APPROVE, HEAD, at=now)
        take_action(session, case, Action.SIGN, HEAD, at=now)
        take_action(session, case, Action.DISPATCH, REGISTRAR, at=now)
        take_action(session, case, Action.CLOSE, OFFICER, at=now)


def employ(house: House, sign_in: str, role: Role, group: str | None, **person: object) -> int:
    """Give a person a role and return the person's id."""
    values: dict[str, object] = {
        "thai_name": sign_in,
        "email": f"{sign_in}@office.example",
        "created_at": house.clock(),
        **person,
    }
    with house.sessions.begin() as session:
        row = Person(sign_in=sign_in, **values)
        session.add(row)
        session.flush()
        session.add(PersonRole(person_id=row.id, role=role.value, group_id=group))
        return row.id


def let_in(
    house: House,
    sign_in: str,
    roles: tuple[tuple[Role, str | None], ...] = (),
    **person: object,
) -> str:
    """Sign a person in and return the token; enters them with these roles where they are new."""
    with house.sessions.begin() as session:
        row = person_named(session, sign_in)
        if row is None:
            values = {"thai_name": sign_in, "created_at": house.clock(), **person}
            row = Person(sign_in=sign_in, **values)
            session.add(row)
            session.flush()
            session.add_all(
                PersonRole(person_id=row.id, role=role.value, group_id=group)
                for role, group in roles
            )
        if session.get(Account, row.id) is None:
            session.add(Account(person_id=row.id, must_change=False, created_at=house.clock()))
            session.flush()
        return enter(house, session, row.id)


def _due(seed: Seed, now: datetime) -> DueDecision:
    rule = DeadlineRule(
        id="complaint_summary",
        days=1,
        unit=PeriodUnit.WORKING,
        start="receipt",
        source="แผนปฏิบัติงาน",
        verified="yes",
    )
    received = now.astimezone(BANGKOK)
    anchor = received.date()
    later = DueCandidate(
        rule=rule.model_copy(update={"id": "answer_to_writer", "days": 15, "verified": "no"}),
        anchor_date=anchor,
        due_date=anchor + timedelta(days=15),
        chosen=False,
        reason="มีกำหนดที่ถึงก่อน",
    )
    chosen = [
        DueCandidate(
            rule=rule, anchor_date=anchor, due_date=seed.due, chosen=True, reason="ถึงกำหนดก่อน"
        )
        for _ in range(1)
        if seed.due is not None
    ]
    return DueDecision(
        received_at=received,
        anchor_date=anchor,
        due_date=seed.due,
        rule=rule if seed.due else None,
        holidays_counted=(),
        candidates=(*chosen, later),
        explanation="นับ ๑ วันทำการจากวันที่ได้รับ" if seed.due else "ไม่มีกำหนด",
        calendar_confirmed=False,
        needs_person=seed.due is None,
    )
