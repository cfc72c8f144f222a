"""Settle a ledger row: register the letter, or end it in another named outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.letter_parts import CarriedFile, LetterPart
from correspondence.page_layout import PageLayout
from correspondence.reading import Extraction, RestrictedValue
from correspondence.vocabulary import CaseState, IntakeOutcome, LinkKind, Urgency
from registry.archive import close_as_archived, dated_of_old
from registry.letter_rows import Sender, add_letter
from registry.models import Attachment, AuditEvent, Case, CaseLink, IntakeItem, Letter
from registry.numbers import RegisterNumber

REGISTER_PART = "register_part"
SECRET_FILE_NAME = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gate lets through to the register; `restricted` for the restricted store only.

    The item's first letter stands in `extraction`, `carried`, `restricted` and `layouts`.
    `further` are other letters of the same case (several in one mail), `apart` letters of cases
    of their own (a scan with separator sheets); both in the order of the item.
    """

    extraction: Extraction
    carried: tuple[CarriedFile, ...]
    sender_name: str | None
    sender_address: str | None
    content_sha256: str | None
    restricted: tuple[RestrictedValue, ...] = field(default=(), repr=False)
    layouts: tuple[PageLayout, ...] = field(default=(), repr=False)
    further: tuple[LetterPart, ...] = ()
    apart: tuple[LetterPart, ...] = ()

    def __post_init__(self) -> None:
        """Letters of one item either share its case or have each its own.

        Raises:
            ValueError: some of both.
        """
        if self.further and self.apart:
            raise ValueError("an item's letters either share one case or stand apart")


@dataclass(frozen=True, slots=True)
class Registered:
    """The item's first letter, and all its numbers in order."""

    letter_id: int
    case_id: int
    number: RegisterNumber
    numbers: tuple[RegisterNumber, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an item is not registered: outcome, stable code, reason in both languages."""

    outcome: IntakeOutcome
    code: str
    thai: str
    english: str
    duplicate_of_id: int | None = None


def register_letter(
    session: Session,
    item: IntakeItem,
    reading: Reading,
    *,
    at: datetime,
    actor: str,
    into: Case | None = None,
    archived: bool = False,
) -> Registered:
    """Give register numbers, open the case or cases, store what was read; settles the ledger row.

    The receipt time is the time of arrival. Nothing is committed here: all the letters of an
    item are registered in the caller's one transaction, or none. `into` is a case that the
    letters join; its state stays as it is. `archived` enters old papers: cases of their own that
    have ended (`registry.archive`).
    """
    first = LetterPart(
        extraction=reading.extraction,
        carried=reading.carried,
        restricted=reading.restricted,
        layouts=reading.layouts,
    )
    sender = Sender(reading.sender_name, reading.sender_address)
    together = (first, *reading.further)
    opened: list[Case] = []

    def open_case(parts: tuple[LetterPart, ...]) -> Case:
        opened.append(_open_case(session, item, parts, at, archived=archived))
        return opened[-1]

    case = into or open_case(together)
    letters = [
        add_letter(session, item, case, part, sender, number=number, at=at)
        for number, part in enumerate(together, start=1)
    ]
    for number, part in enumerate(reading.apart, start=2):
        own = open_case((part,))
        letters.append(add_letter(session, item, own, part, sender, number=number, at=at))
    for letter in letters:
        _suggest_same_file(session, letter, at)
    item.content_sha256 = reading.content_sha256
    _settle(session, item, IntakeOutcome.REGISTERED, at=at, actor=actor, case_id=case.id)
    for one in opened if archived else ():
        close_as_archived(session, one, item, at=at, actor=actor)
    for letter in letters[1:] if reading.apart else ():
        # The history of every case begins with how it came in.
        _note_part(session, item, letter, at=at, actor=actor)
    numbers = tuple(map(RegisterNumber.of, letters))
    return Registered(letters[0].id, case.id, numbers[0], numbers)


def end_item(
    session: Session, item: IntakeItem, verdict: Verdict, *, at: datetime, actor: str
) -> None:
    """End a ledger row in an outcome other than registered, with its reason.

    A secret item keeps its bytes and nothing that could tell what it says.
    """
    item.reason_code = verdict.code
    item.reason_thai, item.reason_english = verdict.thai, verdict.english
    item.duplicate_of_id = verdict.duplicate_of_id
    if verdict.outcome is IntakeOutcome.SECRET:
        item.file_name = SECRET_FILE_NAME
        item.message_id = None
        item.content_sha256 = None
    _settle(session, item, verdict.outcome, at=at, actor=actor, case_id=None)


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


def _open_case(
    session: Session,
    item: IntakeItem,
    parts: tuple[LetterPart, ...],
    at: datetime,
    *,
    archived: bool,
) -> Case:
    """Open a case for letters; it is as urgent as the most urgent of them."""
    urgencies = [part.extraction.fields.urgency.value for part in parts]
    case = Case(
        state=CaseState.REGISTERED.value,
        version=1,
        urgency=max(urgencies, key=_urgency_rank) or Urgency.NORMAL.value,
        archived=archived,
        opened_at=dated_of_old(parts[0].extraction.fields, item.arrived_at)
        if archived
        else item.arrived_at,
        updated_at=at,
        last_progress_at=at,
    )
    session.add(case)
    session.flush()
    return case


def _urgency_rank(value: str | None) -> int:
    order = [urgency.value for urgency in Urgency]
    return order.index(value) if value in order else -1


def _note_part(
    session: Session, item: IntakeItem, letter: Letter, *, at: datetime, actor: str
) -> None:
    session.add(
        AuditEvent(
            at=at,
            actor=actor,
            action=REGISTER_PART,
            case_id=letter.case_id,
            intake_item_id=item.id,
            from_state=None,
            to_state=None,
            reason="",
            before={},
            after={"letter": letter.id, "part": letter.part},
        )
    )


def _suggest_same_file(session: Session, letter: Letter, at: datetime) -> None:
    """Link cases that carry the same letter file by two routes; a person decides."""
    # The letters of one scan share its file and nothing else.
    hashes = [
        carried.sha256
        for carried in letter.attachments
        if carried.role == "letter" and carried.first_page is None
    ]
    if not hashes:
        return
    others = session.scalars(
        select(Letter.case_id)
        .join(Attachment, Attachment.letter_id == Letter.id)
        .where(
            Attachment.sha256.in_(hashes),
            Attachment.role == "letter",
            Letter.case_id != letter.case_id,
        )
        .distinct()
    )
    for other in others:
        session.add(
            CaseLink(
                case_id=letter.case_id,
                other_case_id=other,
                kind=LinkKind.SAME_FILE.value,
                reason="แฟ้มหนังสือเดียวกันมาถึงอีกทางหนึ่ง",
                created_at=at,
            )
        )
