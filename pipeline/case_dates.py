"""The due date of a case decided anew when a person changes what it rests on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import FieldValue, LetterFields, StatedDeadline
from correspondence.vocabulary import Category, Channel
from pipeline.bootstrap import House
from registry.case_clock import (
    NO_FACTS,
    ClockFacts,
    as_decision,
    clock_facts,
    due_in_force,
    reopened_at,
)
from registry.casework import record_due_date
from registry.letter_file import letter_extraction
from registry.models import Case, DueDateRow, Letter
from routing.clocks import CaseClock, EndedPause, GivenTime, decide_clock
from routing.due import decide_due
from routing.letters import build_request
from routing.redating import OpenCase, redecide_case, redecide_stored
from routing.request import DueRequest
from routing.stated import ORDER_RULE


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
    ordered_at = None
    if started is not None:
        pauses: tuple[EndedPause, ...] = ()
    else:
        pauses, ordered_at, _ = clock_parts(clock_facts(session, [case.id]).get(case.id, NO_FACTS))
        if ordered is not None:
            # Ordered just now: no pause before it moves the day.
            ordered_at = house.clock()
        ordered = ordered or ordered_day(due_in_force(session, case))
    request = _request(case, decided, again).model_copy(update={"ordered_date": ordered})
    clock = CaseClock(request, pauses, ordered_at)
    return decide_clock(clock, house.configuration.deadlines, house.calendar)


def decide_letter(house: House, letter: Letter) -> DueDecision:
    """Return the due date of a letter that stands alone and has no category yet."""
    request = build_request(letter.received_at, Channel(letter.channel), _fields(letter), None)
    return decide_due(request, house.configuration.deadlines, house.calendar)


def redecide_row(house: House, session: Session, case: Case, row: DueDateRow) -> DueDecision:
    """Return a decision of this clock as it would be with the calendar in force.

    A date that counting had given is counted anew; one extended to or set by a person stays.

    Raises:
        CalendarYearMissing: a count reaches a year without data.
    """
    stored = as_decision(row)
    if row.calendar_version == house.calendar.version:
        return stored
    open_case = OpenCase(
        case.id,
        _request(case, current_category(case), reopened_at(session, case)).model_copy(
            update={"ordered_date": ordered_day(stored)}
        ),
        stored,
        *clock_parts(clock_facts(session, [case.id]).get(case.id, NO_FACTS)),
    )
    rules, old = house.configuration.deadlines, house.calendars.of_version(row.calendar_version)
    change = (
        redecide_case(open_case, rules, old, house.calendar)
        if old is not None
        else redecide_stored(open_case, rules, house.calendar)
    )
    return change.decision if change is not None else stored


def clock_parts(
    facts: ClockFacts,
) -> tuple[tuple[EndedPause, ...], datetime | None, GivenTime | None]:
    """Return what people gave a clock: its pauses, when its day was ordered, its extension."""
    pauses = tuple(
        EndedPause(pause.paused_at, pause.resumed_at, pause.due_after)
        for pause in facts.pauses
        if pause.resumed_at is not None
    )
    extension = facts.extension
    extended = GivenTime(extension.to_due, extension.granted_at) if extension else None
    return pauses, facts.ordered_at, extended


def ordered_day(decision: DueDecision | None) -> date | None:
    """Return the day a superior has ordered, where a decision knows of one."""
    for candidate in decision.candidates if decision else ():
        if candidate.rule.id == ORDER_RULE:
            return candidate.due_date
    return None


def current_category(case: Case) -> Classification | None:
    """Return the category as it stands on the case; None in triage."""
    if case.category is None or case.group_id is None:
        return None
    return Classification(
        category=Category(case.category),
        subcategory=case.subcategory or "",
        probabilities={},
        abstained=False,
        model_version="",
    )


def put_due(
    house: House, session: Session, case: Case, decision: DueDecision, *, at: datetime
) -> None:
    """Put a decision in force; the one before is kept as superseded."""
    record_due_date(session, case, decision, calendar_version=house.calendar.version, at=at)


def _request(case: Case, decided: Classification | None, again: datetime | None) -> DueRequest:
    letter = case.letters[0]
    return build_clock_request(
        again, letter.received_at, Channel(letter.channel), _fields(letter), decided
    )


def build_clock_request(
    again: datetime | None,
    received_at: datetime,
    channel: Channel,
    fields: LetterFields,
    decided: Classification | None,
) -> DueRequest:
    """Return what dates the first letter of a case, or the case opened again (`again`)."""
    if again is not None:
        gone = {"stated_deadline": StatedDeadline(), "meeting_at": FieldValue()}
        fields = fields.model_copy(update=gone)
    return build_request(again or received_at, channel, fields, decided)


def _fields(letter: Letter) -> LetterFields:
    return letter_extraction(letter, f"letter-{letter.id}").fields
