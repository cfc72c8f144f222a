"""The due date of a letter: every rule that applied, the one that wins, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from correspondence.clock import bangkok_day
from correspondence.deadline import DueCandidate, DueDecision
from correspondence.vocabulary import Deem
from office.deadlines import DeadlineRules, Precedence
from routing.calendar import WorkingCalendar
from routing.candidates import DatedRule, date_rules
from routing.counting import deem, holidays_that_moved
from routing.moments import in_bangkok
from routing.request import DueRequest
from routing.stated import read_stated
from routing.wording import UNCONFIRMED, word_day, word_holidays, word_moment

__all__ = ["DueRequest", "decide_due"]

_BINDING = frozenset({Precedence.STATED, Precedence.ORDER, Precedence.STATUTE})
_RANK = {precedence: rank for rank, precedence in enumerate(Precedence)}
_ASK_PERSON = "ต้องให้เจ้าหน้าที่พิจารณา"


def decide_due(request: DueRequest, rules: DeadlineRules, calendar: WorkingCalendar) -> DueDecision:
    """Return the due date of a letter with all candidates and a Thai explanation.

    The earliest of the dates that bind from outside wins: stated in the letter, ordered by a
    superior, set by statute. Without any of these the office's standard holds (the earliest of
    several), then its urgency policy, then its default. Candidates stand in that order, dates
    ascending. A stated date that is past or unreadable asks for a person, and the due date
    then rests on what else applies; it is None only where nothing does.

    Args:
        request: the letter.
        rules: `deadlines.toml`.
        calendar: the working days.

    Raises:
        UnknownRule: the request names a rule that is not configured.
        CalendarYearMissing: a count reaches a year without data.
    """
    received_day = bangkok_day(request.received_at)
    rule = rules.deem_for(request.channel)
    anchor = deem(request.received_at, rule, calendar, rules.office_hours)
    stated = read_stated(request, anchor, rules, calendar)
    dated = sorted(
        (*stated.dated, *date_rules(request, anchor, rules, calendar)),
        key=lambda found: (_RANK[found.precedence], *_when(found), found.rule.id),
    )
    winner = _choose(dated)
    questions = [stated.question] if stated.question else []
    questions += [found.fault for found in dated if found.fault]
    if winner and winner.overdue:
        questions.append("ครบกำหนดตามกฎหมายก่อนวันรับหนังสือแล้ว")

    holidays: tuple[date, ...] = ()
    confirmed = calendar.confirmed_between(received_day, anchor)
    if winner:
        holidays = holidays_that_moved(
            received_day,
            anchor,
            winner.last,
            winner.due,
            winner.rule.unit,
            calendar,
            start=winner.anchor,
        )
        days = (received_day, anchor, winner.anchor, winner.last, winner.due)
        confirmed = calendar.confirmed_between(min(days), max(days))
    return DueDecision(
        received_at=request.received_at,
        anchor_date=anchor,
        due_date=winner.due if winner else None,
        due_at=winner.due_at if winner else None,
        rule=winner.rule if winner else None,
        holidays_counted=holidays,
        candidates=tuple(_candidate(found, winner) for found in dated),
        explanation=" ".join(
            part
            for part in (
                _word_receipt(request, anchor, rule),
                _word_winner(winner, holidays, calendar),
                "" if confirmed else UNCONFIRMED,
                *(f"{question} {_ASK_PERSON}".strip() for question in questions),
            )
            if part
        ),
        calendar_confirmed=confirmed,
        needs_person=bool(questions),
    )


def _choose(dated: Sequence[DatedRule]) -> DatedRule | None:
    """Return the winner; `dated` is sorted by precedence, then date."""
    usable = [found for found in dated if not found.fault]
    binding = [found for found in usable if found.precedence in _BINDING]
    if binding:
        return min(binding, key=_when)
    return usable[0] if usable else None


def _when(found: DatedRule) -> tuple[date, datetime]:
    """Return what dates are compared by; a day without an hour ends at midnight."""
    return found.due, found.due_at or in_bangkok(found.due)


def _candidate(found: DatedRule, winner: DatedRule | None) -> DueCandidate:
    return DueCandidate(
        rule=found.rule,
        anchor_date=found.anchor,
        due_date=found.due,
        due_at=found.due_at,
        chosen=found is winner,
        reason=f"{found.reason} — {_word_verdict(found, winner)}",
    )


def _word_verdict(found: DatedRule, winner: DatedRule | None) -> str:
    if found.fault:
        return f"ไม่ใช้: {found.fault} {_ASK_PERSON}"
    if found is winner:
        if found.precedence in _BINDING:
            return "ใช้: เร็วที่สุดในบรรดากำหนดตามหนังสือ คำสั่ง และกฎหมาย"
        return "ใช้: เร็วที่สุดในลำดับความสำคัญสูงสุดที่มี"
    assert winner is not None  # a usable candidate means that there is a winner
    if found.precedence in _BINDING or found.precedence is winner.precedence:
        return "ไม่ใช้: ไม่เร็วกว่ากำหนดที่เลือก"
    return "ไม่ใช้: มีกำหนดที่มีลำดับความสำคัญสูงกว่า"


def _word_receipt(request: DueRequest, anchor: date, rule: Deem) -> str:
    received = f"รับหนังสือเมื่อ{word_moment(request.received_at)}"
    if anchor == bangkok_day(request.received_at):
        return received
    return f"{received} ถือว่ารับ{word_day(anchor)} ({rule.thai})"


def _word_winner(
    winner: DatedRule | None, holidays: tuple[date, ...], calendar: WorkingCalendar
) -> str:
    if winner is None:
        return "ไม่มีกำหนดเวลาใดใช้กับเรื่องนี้"
    due = word_moment(winner.due_at) if winner.due_at else word_day(winner.due)
    return f"{winner.reason} ครบกำหนด{due} {word_holidays(holidays, calendar)}"
