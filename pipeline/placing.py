"""Register by hand what the machine cannot read: a person types the letter, or what it is about.

Two steps, so that nothing is registered twice: the first shows what would stand in the register
and which letters look the same; the second repeats the same words with the first's `confirm`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field, model_validator
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import BlobDamaged, StaleVersion
from correspondence.reading import Extraction, Frozen, PageText, RestrictedValue, join_pages
from correspondence.vocabulary import IntakeOutcome, ReadMethod, ReadOutcome, Secrecy
from extractors.fields import distinct, read_fields, restrict_pages, restrict_words, secrecy_mark
from extractors.media import UNKNOWN, media_type
from pipeline.acting import acting_person
from pipeline.admission import secret_verdict
from pipeline.bootstrap import House
from pipeline.held import MAY_WORK, follow_files, item_result, letter_of, number_of
from registry.held import PLACE, Seen, item_picture, lock_item, note_item
from registry.ledger import NO_BYTES
from registry.models import FieldRow, IntakeItem, Letter, Person
from registry.registration import (
    CarriedFile,
    Reading,
    end_item,
    find_same_item,
    register_letter,
)
from registry.transitions import Actor

TYPED = "typed_by_hand"
_HELD = (IntakeOutcome.HELD,)
_FIELDS = ("subject", "document_number", "document_date", "agency")
_LONGEST = 1_000
_MOST_ALIKE = 5


class ConfirmationOutdated(StaleVersion):
    """What is confirmed is not what was shown: other words, or the item changed since."""

    code = "confirmation_outdated"


class TypedLetter(Frozen):
    """What a person typed of a letter: its text, or at least its subject.

    `text` has a form feed between pages. `sender` is who sent it, `agency` of which agency.
    """

    text: str = Field(default="", max_length=400_000, repr=False)
    subject: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    sender: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    document_number: str | None = Field(default=None, max_length=_LONGEST, repr=False)
    document_date: date | None = Field(default=None, repr=False)
    agency: str | None = Field(default=None, max_length=_LONGEST, repr=False)

    @model_validator(mode="after")
    def _says_something(self) -> TypedLetter:
        if not self.text.strip() and not (self.subject or "").strip():
            raise ValueError("the text or the subject is needed")
        return self


class ShownField(Frozen):
    """A field as it would stand in the register: `by` is `person` or `machine`."""

    name: str
    value: str
    by: str


class Placement(Frozen):
    """JSON of `held place`: before it is confirmed what would happen, afterwards what did.

    Attributes:
        outcome: `registered`; `duplicate` of a letter with the same bytes; `secret` for a mark in
            what was typed, of which nothing else is then shown or kept.
        done: whether it was done; False for the first step.
        confirm: what to give back to do it; None once done.
        same_number: register numbers of letters of the same document number.
        fields: what would stand in the register, national numbers masked.
    """

    id: int
    outcome: IntakeOutcome
    done: bool
    confirm: str | None = None
    register_number: str | None = None
    case_id: int | None = None
    reason: str | None = None
    same_number: tuple[str, ...] = ()
    fields: tuple[ShownField, ...] = ()


def preview_placement(
    house: House, item_id: int, typed: TypedLetter, *, by: str, seen: Seen | None = None
) -> Placement:
    """Return what would become of a held item; changes nothing.

    Raises:
        ActionRefused: the person may not.
        ItemUnknown, ItemMovedOn: it is not (or no longer) in the holding pen.
    """
    with house.sessions.begin() as session:
        acting_person(session, by, MAY_WORK)
        item = lock_item(session, item_id, _HELD, now=house.clock(), seen=seen)
        return _shown(session, item, typed, _read(house, item, typed))


def place_item(
    house: House,
    item_id: int,
    typed: TypedLetter,
    *,
    by: str,
    confirm: str,
    seen: Seen | None = None,
) -> Placement:
    """Register a held item with what a person typed; its bytes as they came are its file.

    A secrecy mark in the words sends the item to the secret desk, and the words are not kept.

    Raises:
        ActionRefused: the person may not.
        ConfirmationOutdated: `confirm` belongs to other words or to an earlier standing.
        ItemUnknown, ItemMovedOn: it is not (or no longer) in the holding pen.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        actor = acting_person(session, by, MAY_WORK)
        item = lock_item(session, item_id, _HELD, now=now, seen=seen)
        if confirm != _token(item, typed):
            raise ConfirmationOutdated(
                "What is confirmed is not what was shown.",
                thai="ข้อมูลที่ยืนยันไม่ตรงกับที่แสดงไว้",
                remedy="Take the first step again.",
            )
        placed = _read(house, item, typed)
        before = item_picture(item)
        case_id = _settle(session, item, typed, placed, actor, now)
        note_item(session, item, actor, PLACE, reason="", at=now, before=before, case_id=case_id)
    follow_files(house)
    result = item_result(house, item_id)
    outcome = result.outcome or IntakeOutcome.HELD
    return Placement(
        id=item_id,
        outcome=outcome,
        done=True,
        register_number=result.register_number,
        case_id=result.case_id,
        reason=result.reason,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """What was typed, masked and read; `grade` above open says that none of it may be kept."""

    grade: Secrecy
    reading: Reading
    fields: dict[str, str]


def _read(house: House, item: IntakeItem, typed: TypedLetter) -> _Placed:
    texts = [text.strip() for text in typed.text.split("\f") if text.strip()]
    pages = tuple(
        PageText(number=number, text=text, method=ReadMethod.NATIVE, quality=1.0)
        for number, text in enumerate(texts, start=1)
    )
    grade = secrecy_mark(pages, subject=typed.subject, file_name=item.file_name)
    pages, restricted = restrict_pages(pages)
    words: dict[str, str] = {}
    for name in (*_FIELDS, "sender"):
        value = getattr(typed, name)
        if value is not None and str(value).strip():
            words[name], found = restrict_words(str(value).strip())
            restricted += found
    read = read_fields(pages, received_on=bangkok_day(item.arrived_at))
    kind = _media_type(house, item)
    extraction = Extraction(
        file=item.file_name,
        outcome=ReadOutcome.OK,
        media_type=kind,
        kind=read.kind,
        language=read.language,
        pages=pages,
        text=join_pages(pages),
        fields=read.fields,
        warnings=(TYPED,),
    )
    reading = Reading(
        extraction=extraction,
        carried=_carried(item, kind),
        sender_name=words.pop("sender", None),
        sender_address=None,
        content_sha256=None,
        restricted=_distinct(restricted),
    )
    return _Placed(grade, reading, words)


def _distinct(values: tuple[RestrictedValue, ...]) -> tuple[RestrictedValue, ...]:
    return tuple(distinct(values))


def _media_type(house: House, item: IntakeItem) -> str:
    if item.sha256 == NO_BYTES:
        return UNKNOWN
    try:
        return media_type(house.blobs.get(item.sha256), item.file_name)
    except BlobDamaged:
        # Often that is why a person types it; the file still is what came.
        return UNKNOWN


def _carried(item: IntakeItem, kind: str) -> tuple[CarriedFile, ...]:
    if item.sha256 == NO_BYTES:
        return ()
    # Its reading failed for this reason, where it has the name of one.
    outcomes = {outcome.value for outcome in ReadOutcome}
    outcome = item.reason_code if item.reason_code in outcomes else ReadOutcome.UNSUPPORTED.value
    file = CarriedFile("letter", item.file_name, kind, item.sha256, item.size, outcome)
    return (file,)


def _settle(
    session: Session,
    item: IntakeItem,
    typed: TypedLetter,
    placed: _Placed,
    actor: Actor,
    now: datetime,
) -> int | None:
    """End the item as it was shown; returns its case, if it has one now."""
    if placed.grade is not Secrecy.OPEN:
        verdict = secret_verdict(placed.grade)
        end_item(
            session,
            item,
            IntakeOutcome.SECRET,
            code=verdict.code,
            thai=verdict.thai,
            english=verdict.english,
            at=now,
            actor=actor.name,
        )
        return None
    same = _same_item(session, item)
    if same is not None:
        end_item(
            session,
            item,
            IntakeOutcome.DUPLICATE,
            code="same_bytes",
            thai="รับรายการนี้ไว้แล้ว",
            english="The same item was registered before.",
            at=now,
            actor=actor.name,
            duplicate_of_id=same.id,
        )
        return None
    made = register_letter(session, item, placed.reading, at=now, actor=actor.name)
    item.reason_code = item.reason_thai = item.reason_english = ""
    _set_fields(session, made.letter_id, placed.fields, actor, now)
    return made.case_id


def _set_fields(
    session: Session, letter_id: int, fields: dict[str, str], actor: Actor, now: datetime
) -> None:
    person_id = session.scalar(select(Person.id).where(Person.sign_in == actor.name))
    rows = {
        row.name: row
        for row in session.scalars(
            select(FieldRow).where(FieldRow.letter_id == letter_id, FieldRow.position == 0)
        )
    }
    for name, value in fields.items():
        row = rows.get(name)
        if row is None:
            row = FieldRow(
                letter_id=letter_id, name=name, position=0, confidence=0.0, needs_check=False
            )
            session.add(row)
        row.person_value, row.person_id, row.corrected_at = value, person_id, now
    session.flush()


def _shown(session: Session, item: IntakeItem, typed: TypedLetter, placed: _Placed) -> Placement:
    token = _token(item, typed)
    if placed.grade is not Secrecy.OPEN:
        verdict = secret_verdict(placed.grade)
        return Placement(
            id=item.id,
            outcome=IntakeOutcome.SECRET,
            done=False,
            confirm=token,
            reason=f"{verdict.thai} / {verdict.english}",
        )
    same = _same_item(session, item)
    machine = placed.reading.extraction.fields
    number = placed.fields.get("document_number") or machine.document_number.value
    shown = [ShownField(name=n, value=v, by="person") for n, v in placed.fields.items()]
    if placed.reading.sender_name:
        shown.append(ShownField(name="sender", value=placed.reading.sender_name, by="person"))
    for name in type(machine).model_fields:
        found = getattr(machine, name)
        if not isinstance(found, tuple) and found.value and name not in placed.fields:
            shown.append(ShownField(name=name, value=found.value, by="machine"))
    return Placement(
        id=item.id,
        outcome=IntakeOutcome.DUPLICATE if same else IntakeOutcome.REGISTERED,
        done=False,
        confirm=token,
        register_number=number_of(letter_of(session, same)) if same else None,
        same_number=_same_number(session, number) if number else (),
        fields=tuple(shown),
    )


def _same_item(session: Session, item: IntakeItem) -> IntakeItem | None:
    return find_same_item(session, item, None) if item.sha256 != NO_BYTES else None


def _same_number(session: Session, number: str) -> tuple[str, ...]:
    letters = session.scalars(
        select(Letter)
        .join(FieldRow, FieldRow.letter_id == Letter.id)
        .where(
            FieldRow.name == "document_number",
            or_(FieldRow.machine_value == number, FieldRow.person_value == number),
        )
        .order_by(Letter.id.desc())
        .limit(_MOST_ALIKE)
    )
    return tuple(filter(None, map(number_of, letters)))


def _token(item: IntakeItem, typed: TypedLetter) -> str:
    """Return what ties the second step to the first: the item as it stands, and every word."""
    settled = item.settled_at.isoformat() if item.settled_at else ""
    told = f"{item.id}|{settled}|{item.reason_code}|{typed.model_dump_json()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]
