"""Register by hand what the machine cannot read: a person types the letter, or what it is about.

Two steps, so that nothing is registered twice: the first shows what would stand in the register
and which letters look the same; the second repeats the same words with the first's `confirm`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.errors import StaleVersion
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome, Secrecy
from pipeline.acting import acting_person
from pipeline.admission import duplicate_verdict, secret_verdict
from pipeline.bootstrap import House
from pipeline.held import MAY_WORK, follow_files, item_result, letter_of, number_of
from pipeline.likeness import relate_letters
from pipeline.typed_letter import TypedLetter, TypedReading, read_typed
from registry.held import PLACE, Seen, item_picture, lock_item, note_item
from registry.ledger import NO_BYTES
from registry.models import FieldRow, IntakeItem, Letter, Person
from registry.numbers import queue_for_register
from registry.registration import end_item, find_same_item, register_letter
from registry.transitions import Actor

_HELD = (IntakeOutcome.HELD,)
_MOST_ALIKE = 5


class ConfirmationOutdated(StaleVersion):
    """What is confirmed is not what was shown: other words, or the item changed since."""

    code = "confirmation_outdated"


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
        return _shown(session, item, typed, read_typed(house, item, typed))


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
        placed = read_typed(house, item, typed)
        before = item_picture(item)
        case_id = _settle(session, item, placed, actor, now)
        if case_id is not None:
            relate_letters(house, session, item, placed.reading, at=now)
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


def _settle(
    session: Session,
    item: IntakeItem,
    placed: TypedReading,
    actor: Actor,
    now: datetime,
) -> int | None:
    """End the item as it was shown; returns its case, if it has one now."""
    if placed.grade is not Secrecy.OPEN:
        end_item(session, item, secret_verdict(placed.grade), at=now, actor=actor.name)
        return None
    queue_for_register(session)
    same = _same_item(session, item)
    if same is not None:
        end_item(session, item, duplicate_verdict(item, same), at=now, actor=actor.name)
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


def _shown(
    session: Session, item: IntakeItem, typed: TypedLetter, placed: TypedReading
) -> Placement:
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
