"""Settle a ledger row: register the letter, or end it in another named outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    RestrictedValue,
    StatedDeadline,
)
from correspondence.vocabulary import CaseState, IntakeOutcome
from registry.models import (
    Attachment,
    AuditEvent,
    Case,
    CaseLink,
    FieldRow,
    IntakeItem,
    Letter,
    PageTextRow,
)
from registry.numbers import RegisterNumber, allocate_number
from registry.restricted import keep_restricted

SECRET_FILE_NAME = ""


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file that came with a letter: `role` is `letter` or `enclosure`."""

    role: str
    file_name: str
    media_type: str
    sha256: str
    size: int
    read_outcome: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gate lets through to the register; `restricted` for the restricted store only."""

    extraction: Extraction
    carried: tuple[CarriedFile, ...]
    sender_name: str | None
    sender_address: str | None
    content_sha256: str | None
    restricted: tuple[RestrictedValue, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """The new letter."""

    letter_id: int
    case_id: int
    number: RegisterNumber


def register_letter(
    session: Session, item: IntakeItem, reading: Reading, *, at: datetime, actor: str
) -> Registered:
    """Give a register number, open a case and store what was read; settles the ledger row.

    The receipt time is the time of arrival. Nothing is committed here.
    """
    extraction = reading.extraction
    number = allocate_number(session, item.arrived_at)
    case = Case(
        state=CaseState.REGISTERED.value,
        version=1,
        urgency=extraction.fields.urgency.value or "normal",
        opened_at=item.arrived_at,
        updated_at=at,
        last_progress_at=at,
    )
    session.add(case)
    session.flush()
    letter = Letter(
        intake_item_id=item.id,
        case_id=case.id,
        register_year=number.year,
        register_number=number.number,
        received_at=item.arrived_at,
        registered_at=at,
        channel=item.channel,
        media_type=extraction.media_type,
        kind=extraction.kind.value,
        language=extraction.language,
        read_outcome=extraction.outcome.value,
        sender_name=reading.sender_name,
        sender_address=reading.sender_address,
        warnings="\n".join(extraction.warnings),
    )
    letter.pages = [
        PageTextRow(number=p.number, text=p.text, method=p.method.value, quality=p.quality)
        for p in extraction.pages
    ]
    letter.fields = _field_rows(extraction.fields)
    letter.attachments = [
        Attachment(
            position=position,
            role=carried.role,
            file_name=carried.file_name,
            media_type=carried.media_type,
            sha256=carried.sha256,
            size=carried.size,
            read_outcome=carried.read_outcome,
        )
        for position, carried in enumerate(reading.carried)
    ]
    session.add(letter)
    session.flush()
    keep_restricted(session, letter.id, reading.restricted, at=at)
    _suggest_same_file(session, case, letter, at)
    item.content_sha256 = reading.content_sha256
    _settle(session, item, IntakeOutcome.REGISTERED, at=at, actor=actor, case_id=case.id)
    return Registered(letter.id, case.id, number)


def end_item(
    session: Session,
    item: IntakeItem,
    outcome: IntakeOutcome,
    *,
    code: str,
    thai: str,
    english: str,
    at: datetime,
    actor: str,
    duplicate_of_id: int | None = None,
) -> None:
    """End a ledger row in an outcome other than registered, with its reason.

    A secret item keeps its bytes and nothing that could tell what it says.
    """
    item.reason_code, item.reason_thai, item.reason_english = code, thai, english
    item.duplicate_of_id = duplicate_of_id
    if outcome is IntakeOutcome.SECRET:
        item.file_name = SECRET_FILE_NAME
        item.message_id = None
        item.content_sha256 = None
    _settle(session, item, outcome, at=at, actor=actor, case_id=None)


def find_same_item(
    session: Session, item: IntakeItem, content_sha256: str | None
) -> IntakeItem | None:
    """Return an earlier registered item with the same bytes, or the same mail once more.

    A mail counts as the same when Message-ID and decoded content agree (mail.md, rule 2);
    one without Message-ID only when its bytes do.
    """
    earlier = (
        select(IntakeItem)
        .where(
            IntakeItem.id != item.id,
            IntakeItem.outcome == IntakeOutcome.REGISTERED.value,
        )
        .order_by(IntakeItem.id)
        .limit(1)
    )
    same = session.scalar(earlier.where(IntakeItem.sha256 == item.sha256))
    if same is not None or item.message_id is None or content_sha256 is None:
        return same
    return session.scalar(
        earlier.where(
            IntakeItem.message_id == item.message_id,
            IntakeItem.content_sha256 == content_sha256,
        )
    )


def has_message_id_twin(session: Session, item: IntakeItem) -> bool:
    """Tell whether another body came under the same Message-ID, which is suspicious."""
    return (
        item.message_id is not None
        and session.scalar(
            select(IntakeItem.id)
            .where(
                IntakeItem.id != item.id,
                IntakeItem.message_id == item.message_id,
                IntakeItem.sha256 != item.sha256,
                IntakeItem.outcome == IntakeOutcome.REGISTERED.value,
            )
            .limit(1)
        )
        is not None
    )


def _settle(
    session: Session,
    item: IntakeItem,
    outcome: IntakeOutcome,
    *,
    at: datetime,
    actor: str,
    case_id: int | None,
) -> None:
    before = item.outcome
    item.outcome = outcome.value
    item.settled_at = at
    item.leased_by = item.leased_until = item.next_attempt_at = None
    session.add(
        AuditEvent(
            at=at,
            actor=actor,
            action="settle_intake",
            case_id=case_id,
            intake_item_id=item.id,
            from_state=None,
            to_state=None,
            reason=item.reason_code,
            before={"outcome": before},
            after={"outcome": outcome.value},
        )
    )


def _field_rows(fields: LetterFields) -> list[FieldRow]:
    rows = []
    for name in type(fields).model_fields:
        found = getattr(fields, name)
        values = found if isinstance(found, tuple) else (found,)
        rows += [
            _field_row(name, position, value)
            for position, value in enumerate(values)
            if value or (isinstance(value, StatedDeadline) and value.phrase)
        ]
    return rows


def _field_row(name: str, position: int, value: FieldValue) -> FieldRow:
    return FieldRow(
        name=name,
        position=position,
        machine_value=value.value,
        machine_raw=value.raw,
        phrase=value.phrase if isinstance(value, StatedDeadline) else None,
        page=value.page,
        confidence=value.confidence,
        needs_check=value.needs_check,
    )


def _suggest_same_file(session: Session, case: Case, letter: Letter, at: datetime) -> None:
    """Link cases that carry the same letter file by two routes; a person decides."""
    hashes = [carried.sha256 for carried in letter.attachments if carried.role == "letter"]
    if not hashes:
        return
    others = session.scalars(
        select(Letter.case_id)
        .join(Attachment, Attachment.letter_id == Letter.id)
        .where(
            Attachment.sha256.in_(hashes), Attachment.role == "letter", Letter.case_id != case.id
        )
        .distinct()
    )
    for other in others:
        session.add(
            CaseLink(
                case_id=case.id,
                other_case_id=other,
                kind="same_file",
                reason="แฟ้มหนังสือเดียวกันมาถึงอีกทางหนึ่ง",
                created_at=at,
            )
        )
