"""The clock of a case in people's hands: hold and resume, orders, extensions, reopening."""

from __future__ import annotations

from datetime import date

from correspondence.clock import bangkok_day
from correspondence.deadline import DueDecision
from correspondence.errors import ActionRefused, SarabanError
from correspondence.thai_dates import thai_date
from office.deadlines import Precedence
from pipeline.case_dates import current_category, decide_case, put_due, redecide_row
from pipeline.case_turn import CaseTurn
from registry.case_clock import (
    as_decision,
    due_row_in_force,
    extensions_in_force,
    lapse_extensions,
    running_pause,
)
from registry.casework import supersede_drafts
from registry.models import DueDateRow, Extension, Pause
from routing.clocks import move_due, restore_time
from routing.stated import ORDER_RULE, STATED_RULE

_BINDING = frozenset({Precedence.STATED, Precedence.ORDER, Precedence.STATUTE})


class ExtensionRefused(SarabanError):
    """The time cannot be extended so: too often, too far, or not the office's own to extend."""

    code = "extension_refused"


def hold(turn: CaseTurn) -> None:
    """Let a case rest: no date is in force until it goes on, and the reason stands in its place."""
    row = due_row_in_force(turn.session, turn.case)
    before = as_decision(row) if row else _decide(turn)
    pause = Pause(
        case_id=turn.case.id,
        due_row_id=row.id if row else None,
        due_before=before.due_date,
        reason=turn.reason,
        paused_by=turn.actor.name,
        paused_at=turn.now,
    )
    turn.take(detail={"due_date": None})
    turn.session.add(pause)
    why = f"พักเรื่องตั้งแต่ {thai_date(turn.today)} ({turn.reason}) วันครบกำหนดจะคืนให้เมื่อดำเนินเรื่องต่อ"
    _put(turn, move_due(before, None, why))


def resume(turn: CaseTurn) -> None:
    """Go on with a case: the time that was left when it was put on hold is restored."""
    pause = running_pause(turn.session, turn.case)
    row = turn.session.get(DueDateRow, pause.due_row_id) if pause and pause.due_row_id else None
    if pause is None or row is None:
        # Held before pauses were kept: the rules decide.
        restored = _decide(turn)
    else:
        paused_on = min(bangkok_day(pause.paused_at), turn.today)
        # The calendar may have changed in the meantime.
        before = redecide_row(turn.house, turn.session, turn.case, row)
        rules = turn.house.configuration.deadlines
        restored = restore_time(before, paused_on, turn.today, rules, turn.house.calendar)
    turn.take(detail={"due_date": _iso(restored.due_date)})
    if pause is not None:
        pause.resumed_by, pause.resumed_at = turn.actor.name, turn.now
        pause.due_after = restored.due_date
    _put(turn, restored)


def set_due(turn: CaseTurn) -> None:
    """Date a case by an order of a superior; an earlier date that binds the office still wins.

    Raises:
        ActionRefused: the day is past.
    """
    ordered = turn.request.due
    assert ordered is not None  # the table demands it
    if ordered < turn.today:
        raise ActionRefused("The day is past.", thai="วันที่กำหนดผ่านไปแล้ว")
    decided = decide_case(
        turn.house, turn.session, turn.case, current_category(turn.case), ordered=ordered
    ).model_copy(update={"needs_person": False})
    turn.take(detail={"due_date": _iso(decided.due_date), "ordered": ordered.isoformat()})
    lapse_extensions(turn.session, turn.case, at=turn.now)
    _put(turn, decided)


def extend(turn: CaseTurn) -> None:
    """Extend the time of a case; the date before the first extension is kept and reported.

    A day off moves back to the working day before it.

    Raises:
        ActionRefused: the case has no date to extend.
        ExtensionRefused: not later than now, too often, too far, or the date was set by others
            whose agreement (`agency`) is not named.
    """
    asked = turn.request.due
    assert asked is not None  # the table demands it
    row = due_row_in_force(turn.session, turn.case)
    if row is None or row.due_date is None:
        raise ActionRefused("There is no date to extend.", thai="เรื่องนี้ยังไม่มีวันครบกำหนดให้ขยาย")
    decision, current = as_decision(row), row.due_date
    rules = turn.house.configuration.casework.extension
    calendar = turn.house.calendar
    earlier = extensions_in_force(turn.session, turn.case)
    original = earlier[0].original_due if earlier else current
    to = calendar.previous_working_day(asked)
    agreed = (turn.request.agency or "").strip()
    if len(earlier) >= rules.most_times:
        raise _refuse(
            "The time was extended as often as the office allows.", "ขยายเวลาครบจำนวนครั้งแล้ว"
        )
    if to <= current or to < turn.today:
        raise _refuse(
            "The new date is not later.", "วันที่ขอขยายต้องหลังวันครบกำหนดเดิมและไม่เป็นวันที่ผ่านไปแล้ว"
        )
    if to > calendar.add_working_days(original, rules.most_working_days):
        raise _refuse("The new date is too far.", "วันที่ขอขยายไกลเกินกว่าที่สำนักงานกำหนด")
    if _binds(turn, decision) and not agreed:
        raise _refuse(
            "The date is not the office's own: name who agreed.",
            "วันครบกำหนดนี้สำนักงานมิได้เป็นผู้กำหนด ต้องระบุผู้ที่ยินยอมให้ขยาย",
        )
    turn.take(
        detail={
            "due_date": to.isoformat(),
            "original_due": original.isoformat(),
            "times": len(earlier) + 1,
        }
    )
    turn.session.add(
        Extension(
            case_id=turn.case.id,
            original_due=original,
            from_due=current,
            to_due=to,
            reason=turn.reason,
            agreed_by=agreed,
            granted_by=turn.actor.name,
            granted_at=turn.now,
        )
    )
    why = f"ขยายเวลาจาก {thai_date(current)} เป็น {thai_date(to)} (กำหนดเดิม {thai_date(original)})"
    _put(turn, move_due(decision, to, why))


def reopen(turn: CaseTurn) -> None:
    """Open a closed case again: its clock counts anew from now, the count of reopenings is kept."""
    decision = decide_case(
        turn.house, turn.session, turn.case, current_category(turn.case), started=turn.now
    )
    turn.take(detail={"due_date": _iso(decision.due_date)})
    lapse_extensions(turn.session, turn.case, at=turn.now)
    _put(turn, decision)
    supersede_drafts(turn.session, turn.case, at=turn.now)


def _binds(turn: CaseTurn, decision: DueDecision) -> bool:
    """Tell whether the date was set by somebody else than the office."""
    rule = decision.rule
    if rule is None:
        return False
    if rule.id in (STATED_RULE, ORDER_RULE):
        return True
    entries = turn.house.configuration.deadlines.rule
    return any(entry.id == rule.id and entry.precedence in _BINDING for entry in entries)


def _decide(turn: CaseTurn) -> DueDecision:
    return decide_case(turn.house, turn.session, turn.case, current_category(turn.case))


def _put(turn: CaseTurn, decision: DueDecision) -> None:
    put_due(turn.house, turn.session, turn.case, decision, at=turn.now)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _refuse(english: str, thai: str) -> ExtensionRefused:
    return ExtensionRefused(english, thai=thai)
