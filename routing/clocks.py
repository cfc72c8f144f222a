"""The clock of a case: its letter's rules, then what people gave it: orders, pauses, extensions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from correspondence.clock import bangkok_day
from correspondence.deadline import DueDecision
from correspondence.thai_dates import thai_date
from correspondence.vocabulary import PeriodUnit, Roll
from office.deadlines import DeadlineRules
from routing.calendar import WorkingCalendar
from routing.due import decide_due
from routing.pausing import shift_due
from routing.request import DueRequest
from routing.stated import ORDER_RULE


@dataclass(frozen=True, slots=True)
class EndedPause:
    """A time in which a case stood still (aware moments), and the date put in force at its end."""

    paused_at: datetime
    resumed_at: datetime
    restored: date | None = None


@dataclass(frozen=True, slots=True)
class GivenTime:
    """An extension in force (ขยายเวลา): the day it reaches to, and when it was given (aware)."""

    to: date
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClock:
    """All that the due date of a case is decided from.

    Attributes:
        request: the letter; of a case opened again, received at that moment.
        pauses: those of this clock that are over, oldest first.
        ordered_at: when a superior ordered the day in `request`; None where that is not known.
        extended: the last extension in force.
    """

    request: DueRequest
    pauses: tuple[EndedPause, ...] = ()
    ordered_at: datetime | None = None
    extended: GivenTime | None = None


def decide_clock(clock: CaseClock, rules: DeadlineRules, calendar: WorkingCalendar) -> DueDecision:
    """Return the due date of a case by its clock.

    A pause gives back its time to whatever date was in force when it began: a day that was
    ordered, or extended to, after a pause is not moved by that pause.

    Raises:
        UnknownRule: the request names a rule that is not configured.
        CalendarYearMissing: a count reaches a year without data.
    """
    decision = decide_due(clock.request, rules, calendar)
    if clock.extended is not None:
        given = clock.extended
        extended = move_due(decision, given.to, f"ขยายเวลาถึง {thai_date(given.to)}")
        return _restore_all(extended, _begun_after(clock.pauses, given.at), rules, calendar)
    restored = _restore_all(decision, clock.pauses, rules, calendar)
    later = _begun_after(clock.pauses, clock.ordered_at)
    if len(later) == len(clock.pauses):
        return restored
    by_order = _by_order(decision)
    if by_order is None:
        return restored
    by_order = _restore_all(by_order, later, rules, calendar)
    return by_order if _day(by_order) < _day(restored) else restored


def restore_time(
    decision: DueDecision,
    paused_on: date,
    resumed_on: date,
    rules: DeadlineRules,
    calendar: WorkingCalendar,
) -> DueDecision:
    """Return a decision with the time given back that a case stood still (days in Bangkok).

    Raises:
        CalendarYearMissing: the count reaches a year without data.
    """
    if decision.due_date is None:
        return decision
    unit = decision.rule.unit if decision.rule else PeriodUnit.WORKING
    rolls = {entry.id: entry.roll for entry in rules.rule}
    roll = rolls.get(decision.rule.id, Roll.PREVIOUS) if decision.rule else Roll.PREVIOUS
    if unit is PeriodUnit.HOURS:
        roll = Roll.NONE
    due = shift_due(decision.due_date, unit, paused_on, resumed_on, calendar, roll)
    said = f"พักเรื่องตั้งแต่ {thai_date(paused_on)} ถึง {thai_date(resumed_on)}"
    moved = f"วันครบกำหนดจึงเลื่อนจาก {thai_date(decision.due_date)} เป็น {thai_date(due)}"
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


def _restore_all(
    decision: DueDecision,
    pauses: Iterable[EndedPause],
    rules: DeadlineRules,
    calendar: WorkingCalendar,
) -> DueDecision:
    for pause in pauses:
        began, ended = bangkok_day(pause.paused_at), bangkok_day(pause.resumed_at)
        decision = restore_time(decision, min(began, ended), ended, rules, calendar)
    return decision


def _begun_after(pauses: tuple[EndedPause, ...], at: datetime | None) -> tuple[EndedPause, ...]:
    if at is None:
        return pauses
    return tuple(pause for pause in pauses if pause.paused_at >= at)


def _by_order(decision: DueDecision) -> DueDecision | None:
    """Return the decision with the superior's day chosen; None where none is ordered."""
    order = next((part for part in decision.candidates if part.rule.id == ORDER_RULE), None)
    if order is None or order.chosen:
        return decision if order else None
    candidates = tuple(
        part.model_copy(update={"chosen": part is order}) for part in decision.candidates
    )
    why = f"ใช้วันที่ผู้บังคับบัญชากำหนด {thai_date(order.due_date)} เพราะเร็วกว่ากำหนดที่เลื่อนตามการพักเรื่อง"
    update = {"rule": order.rule, "candidates": candidates, "due_at": None}
    return move_due(decision.model_copy(update=update), order.due_date, why)


def _day(decision: DueDecision) -> date:
    return decision.due_date or date.max
