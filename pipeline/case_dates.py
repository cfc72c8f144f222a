"""The due date of a case decided anew when a person changes what it rests on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from correspondence.classification import Classification
from correspondence.clock import bangkok_day
from correspondence.deadline import DueDecision
from correspondence.reading import FieldValue, StatedDeadline
from correspondence.vocabulary import Channel, PeriodUnit, Roll
from pipeline.bootstrap import House
from registry.case_clock import due_in_force, ended_pauses, reopened_at
from registry.casework import record_due_date
from registry.letter_file import letter_extraction
from registry.models import Case, Letter
from routing.due import decide_due
from routing.letters import build_request
from routing.pausing import shift_due
from routing.request import DueRequest
from routing.stated import ORDER_RULE
from routing.wording import word_date


def decide_case(
    house: House,
    session: Session,
    case: Case,
    decided: Classification | None,
    *,
    started: datetime | None = None,
    ordered: date | None = None,
) -> DueDecision:
    """Return the due date of a case by the rules, as if it were decided now.

    The clock counts from receipt of the first letter, or from the moment the case was opened
    again: what the letter itself demands then no longer holds. An order of a superior and the
    time of pauses are kept.

    Args:
        house: the office's house.
        session: an open transaction.
        case: the case, with its letters.
        decided: its category, None while nobody has chosen one.
        started: the moment the case is opened again, just now.
        ordered: the day a superior has ordered.

    Raises:
        CalendarYearMissing: a count reaches a year without data.
    """
    again = started or reopened_at(session, case)
    request = _request(case.letters[0], decided, again)
    if started is None:
        ordered = ordered or _ordered(session, case)
    request = request.model_copy(update={"ordered_date": ordered})
    decision = decide_due(request, house.configuration.deadlines, house.calendar)
    if started is not None:
        return decision
    for pause in ended_pauses(session, case, again):
        assert pause.resumed_at is not None  # it is over
        decision = restore_time(
            house, decision, bangkok_day(pause.paused_at), bangkok_day(pause.resumed_at)
        )
    return decision


def decide_letter(house: House, letter: Letter) -> DueDecision:
    """Return the due date of a letter that stands alone and has no category yet."""
    return decide_due(_request(letter, None, None), house.configuration.deadlines, house.calendar)


def restore_time(
    house: House, decision: DueDecision, paused_on: date, resumed_on: date
) -> DueDecision:
    """Return a decision with the time given back that a case stood still (days in Bangkok)."""
    if decision.due_date is None:
        return decision
    unit = decision.rule.unit if decision.rule else PeriodUnit.WORKING
    rolls = {entry.id: entry.roll for entry in house.configuration.deadlines.rule}
    roll = rolls.get(decision.rule.id, Roll.PREVIOUS) if decision.rule else Roll.PREVIOUS
    if unit is PeriodUnit.HOURS:
        roll = Roll.NONE
    due = shift_due(decision.due_date, unit, paused_on, resumed_on, house.calendar, roll)
    said = f"พักเรื่องตั้งแต่ {word_date(paused_on)} ถึง {word_date(resumed_on)}"
    moved = f"วันครบกำหนดจึงเลื่อนจาก {word_date(decision.due_date)} เป็น {word_date(due)}"
    if due == decision.due_date:
        moved = "วันครบกำหนดไม่เปลี่ยน"
    return move_due(decision, due, f"{said} {moved}")


def move_due(decision: DueDecision, due: date | None, why: str) -> DueDecision:
    """Return a decision with another date, and why in Thai; its hour moves along."""
    at = decision.due_at
    if at is not None:
        at = None if due is None or decision.due_date is None else at + (due - decision.due_date)
    return decision.model_copy(
        update={
            "due_date": due,
            "due_at": at,
            "explanation": f"{decision.explanation} {why}".strip(),
        }
    )


def put_due(
    house: House, session: Session, case: Case, decision: DueDecision, *, at: datetime
) -> None:
    """Put a decision in force; the one before is kept as superseded."""
    record_due_date(session, case, decision, calendar_version=house.calendar.version, at=at)


def _request(letter: Letter, decided: Classification | None, again: datetime | None) -> DueRequest:
    fields = letter_extraction(letter, f"letter-{letter.id}").fields
    if again is not None:
        gone = {"stated_deadline": StatedDeadline(), "meeting_at": FieldValue()}
        fields = fields.model_copy(update=gone)
    return build_request(again or letter.received_at, Channel(letter.channel), fields, decided)


def _ordered(session: Session, case: Case) -> date | None:
    """Return the day a superior has ordered, where the decision in force knows of one."""
    decision = due_in_force(session, case)
    for candidate in decision.candidates if decision else ():
        if candidate.rule.id == ORDER_RULE:
            return candidate.due_date
    return None
