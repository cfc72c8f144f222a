"""A person sets a field of a letter; the machine's value stays beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused
from correspondence.reading import Frozen, LetterFields
from correspondence.vocabulary import CaseState, Role, Secrecy, Urgency
from pipeline.bootstrap import House
from pipeline.case_dates import current_category, decide_case, put_due
from pipeline.case_guard import CaseUnknown
from pipeline.case_rights import act_as
from pipeline.case_view import CaseView
from pipeline.field_values import PLAIN_FIELDS, checked_value
from pipeline.page_cache import page_cache
from pipeline.permissions import CORRECTORS
from pipeline.staff import StaffMember
from registry.accounts import person_named
from registry.case_clock import due_in_force, extensions_in_force, lapse_extensions
from registry.models import AuditEvent, Case, FieldRow, Letter
from registry.transitions import Actor, check_version

CORRECT_FIELD: Final = "correct_field"
# Whoever closes or sends a case has taken its fields as they stand.
_SETTLED: Final = frozenset(
    {CaseState.DISPATCHED, CaseState.CLOSED, CaseState.DUPLICATE, CaseState.VOIDED}
)
# What dates the first letter of a case (`routing/letters.py`).
_DATING: Final = frozenset({"stated_deadline", "meeting_at", "urgency"})
_MOST_OF_A_NAME: Final = 50


class FieldCorrection(Frozen):
    """What a correction did; JSON of `case field`.

    Attributes:
        case_id: the case.
        letter_id: the letter.
        name: of the field.
        place: among the fields of its name, from 0.
        version: of the case now.
        changed: False where the field had this value from a person already.
        restricted: the case is restricted now, and was not before.
        redated: the due date was decided anew.
        due_date: the due date now.
    """

    case_id: int
    letter_id: int
    name: str
    place: int
    version: int
    changed: bool
    restricted: bool
    redated: bool
    due_date: date | None


def may_correct(staff: StaffMember, case: CaseView) -> bool:
    """Tell whether a person who has a case open may set fields of its letters as it stands."""
    if case.state in _SETTLED:
        return False
    if case.restricted:
        return staff.holds(Role.SECRET_REGISTRAR)
    return any(staff.holds_for(role, case.group) for role in CORRECTORS)


def correct_field(
    house: House,
    case_id: int,
    letter_id: int,
    name: str,
    place: int,
    value: str,
    by: str,
    expected_version: int | None,
) -> FieldCorrection:
    """Set a field of a letter for a person, in one transaction, or refuse it whole.

    The stated deadline, the meeting and the urgency date the case anew where it is running; the
    urgency of the case is the highest of its letters. A grade of secrecy restricts the case at
    once; taking the grade back does not open it again. The trail keeps dates and choices as they
    were and are, of other fields only their lengths.

    Args:
        house: the office's house.
        case_id: the case.
        letter_id: a letter of it.
        name: of the field, as `LetterFields` has it.
        place: among the fields of its name, from 0; one more than there are adds one.
        value: as typed; "" says that the letter has none.
        by: the sign-in name; the caller knows that it is that person.
        expected_version: the version of the case that the person saw; None takes what stands.

    Raises:
        CaseUnknown: no such case or letter.
        CaseRestricted: the case is restricted and not open to this person.
        ActionRefused: not for this person, or the case is settled.
        StaleVersion: somebody else changed the case first.
        FieldUnknown: no such field.
        ValueRefused: no value of this field.
        CalendarYearMissing: the new date lies in a year without holidays.
    """
    wanted = checked_value(name, value)
    now = house.clock()
    with house.sessions.begin() as session:
        case = session.get(Case, case_id, with_for_update=True, populate_existing=True)
        letter = session.get(Letter, letter_id)
        if case is None or letter is None or letter.case_id != case.id:
            raise CaseUnknown("The case has no such letter.", thai="ไม่พบหนังสือฉบับนี้ในเรื่อง")
        actor = act_as(session, by, case, CORRECTORS, bangkok_day(now))
        if CaseState(case.state) in _SETTLED:
            raise ActionRefused(
                f"Fields stand while a case is {case.state}.",
                thai=f"แก้ไขข้อมูลไม่ได้ขณะเรื่องอยู่ในสถานะ “{CaseState(case.state).thai}”",
            )
        row = _row(session, letter, name, place)
        before = row.value
        changed = row.corrected_at is None or row.person_value != wanted
        if changed:
            # Pressed twice, the second finds the field as it wants it.
            check_version(case, expected_version)
        opened = not case.restricted
        redated = False
        if changed:
            _set(session, row, wanted, actor, now)
            redated = _take_effect(house, session, case, letter, name, now)
            case.version += 1
            case.updated_at = now
            _note(session, case, row, before, actor, now)
        session.flush()
        done = FieldCorrection(
            case_id=case.id,
            letter_id=letter.id,
            name=name,
            place=row.position,
            version=case.version,
            changed=changed,
            restricted=opened and case.restricted,
            redated=redated,
            due_date=case.due_date,
        )
        files = _files(case) if done.restricted else ()
    for sha256 in files:
        # Pictures of its pages are not kept from now on.
        page_cache(house.settings).forget(sha256)
    return done


def _files(case: Case) -> tuple[str, ...]:
    return tuple(file.sha256 for letter in case.letters for file in letter.attachments)


def _row(session: Session, letter: Letter, name: str, place: int) -> FieldRow:
    """Return the row of a field, a new one where the machine found none."""
    rows = [row for row in letter.fields if row.name == name]
    found = next((row for row in rows if row.position == place), None)
    if found is not None:
        return found
    several = isinstance(LetterFields.model_fields[name].default, tuple)
    position = max((row.position for row in rows), default=-1) + 1
    if place != position or (position and not several) or position >= _MOST_OF_A_NAME:
        raise CaseUnknown("The letter has no such field.", thai="ไม่พบรายการนี้ในหนังสือ")
    row = FieldRow(
        letter_id=letter.id,
        name=name,
        position=position,
        confidence=0.0,
        needs_check=False,
    )
    letter.fields.append(row)
    return row


def _set(session: Session, row: FieldRow, value: str | None, actor: Actor, now: datetime) -> None:
    person = person_named(session, actor.name)
    row.person_value = value
    row.person_id = person.id if person is not None else None
    row.corrected_at = now


def _take_effect(
    house: House, session: Session, case: Case, letter: Letter, name: str, now: datetime
) -> bool:
    """Let the case follow its letter; returns whether it was dated anew."""
    session.flush()
    if name == "secrecy":
        case.restricted = case.restricted or any(
            row.value not in (None, Secrecy.OPEN.value) for row in letter.fields if row.name == name
        )
    if name == "urgency":
        case.urgency = _highest_urgency(session, case)
    if name not in _DATING or case.state == CaseState.ON_HOLD.value:
        return False
    return letter.id == case.letters[0].id and _date_anew(house, session, case, now)


def _highest_urgency(session: Session, case: Case) -> str:
    rows = session.scalars(
        select(FieldRow)
        .join(Letter, Letter.id == FieldRow.letter_id)
        .where(Letter.case_id == case.id, FieldRow.name == "urgency")
    )
    known = [urgency.value for urgency in Urgency]
    given = [row.value for row in rows if row.value in known]
    return max(given, key=known.index, default=Urgency.NORMAL.value)


def _date_anew(house: House, session: Session, case: Case, now: datetime) -> bool:
    before = due_in_force(session, case)
    if before is None:
        # The machine has not dated it yet; it will with the value that stands now.
        return False
    decision = decide_case(house, session, case, current_category(case))
    extensions = extensions_in_force(session, case)
    stood = extensions[0].original_due if extensions else before.due_date
    if (decision.due_date, decision.needs_person) == (stood, before.needs_person):
        return False
    lapse_extensions(session, case, at=now)
    put_due(house, session, case, decision, at=now)
    return True


def _note(
    session: Session, case: Case, row: FieldRow, before: str | None, actor: Actor, now: datetime
) -> None:
    about = {"letter": row.letter_id, "field": row.name, "place": row.position}
    session.add(
        AuditEvent(
            at=now,
            actor=actor.name,
            action=CORRECT_FIELD,
            case_id=case.id,
            reason="",
            before=_told(row.name, before),
            after={**about, **_told(row.name, row.person_value), **actor.noted},
        )
    )


def _told(name: str, value: str | None) -> dict[str, str | int | None]:
    """Return what the trail tells of a value; it is never deleted, so it quotes no letter."""
    if name in PLAIN_FIELDS:
        return {"value": value}
    return {"characters": len(value) if value is not None else None}
