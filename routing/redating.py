"""What a changed calendar does to open cases: each old and new date with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from correspondence.deadline import DueDecision
from office.deadlines import DeadlineRules
from routing.calendar import WorkingCalendar
from routing.due import decide_due
from routing.request import DueRequest
from routing.wording import word_date


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as far as re-dating needs it: its id, its letter, the decision in force."""

    case_id: int
    request: DueRequest
    decision: DueDecision


@dataclass(frozen=True, slots=True)
class DateChange:
    """A case whose due date moves; `reason` is Thai and names the holidays that moved it."""

    case_id: int
    old_due: date | None
    new_due: date | None
    decision: DueDecision
    reason: str


def redate_cases(
    cases: Iterable[OpenCase],
    rules: DeadlineRules,
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> tuple[DateChange, ...]:
    """Return the cases whose due date the new calendar changes, in the order given.

    A case whose date stays is left out, so adding a holiday re-dates exactly the cases that
    cross it. Cases are decided anew by the rules given; pass those in force.

    Args:
        cases: open cases.
        rules: `deadlines.toml`.
        old: the calendar the decisions were made with.
        new: the calendar from now on.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    changes = []
    for case in cases:
        decision = decide_due(case.request, rules, new)
        if decision.due_date == case.decision.due_date:
            continue
        changes.append(
            DateChange(
                case_id=case.case_id,
                old_due=case.decision.due_date,
                new_due=decision.due_date,
                decision=decision,
                reason=_word_change(case.decision, decision, old, new),
            )
        )
    return tuple(changes)


def _word_change(
    before: DueDecision, after: DueDecision, old: WorkingCalendar, new: WorkingCalendar
) -> str:
    days = [
        day
        for day in (before.due_date, after.due_date, before.anchor_date, after.anchor_date)
        if day
    ]
    first, last = min(days), max(days)
    was, now = set(old.holidays_between(first, last)), set(new.holidays_between(first, last))
    parts = [f"เพิ่มวันหยุด {word_date(day)} ({new.name_of(day)})" for day in sorted(now - was)]
    parts += [f"ยกเลิกวันหยุด {word_date(day)} ({old.name_of(day)})" for day in sorted(was - now)]
    moved = f"วันครบกำหนดเปลี่ยนจาก {_word(before.due_date)} เป็น {_word(after.due_date)}"
    cause = ", ".join(parts) or "กติกาหรือปฏิทินที่ใช้ตัดสินเปลี่ยนไป"
    return f"{moved} เพราะ{cause}"


def _word(day: date | None) -> str:
    return word_date(day) if day else "ไม่มีกำหนด"
