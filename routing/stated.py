"""Dates that come with the letter: what it states itself, and what a superior has ordered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from correspondence.deadline import DeadlineRule
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import PeriodUnit, Roll
from office.deadlines import DeadlineRules, Precedence
from routing.calendar import WorkingCalendar
from routing.candidates import DatedRule
from routing.counting import count, count_hours, roll_day
from routing.moments import in_bangkok
from routing.phrases import PhraseKind, PhraseReading, read_phrase
from routing.request import DueRequest
from routing.wording import word_day, word_moment

STATED_RULE = "stated_deadline"
ORDER_RULE = "superior_order"


@dataclass(frozen=True, slots=True)
class StatedReading:
    """Dates of the letter, and in Thai what a person must look at (empty: nothing)."""

    dated: tuple[DatedRule, ...]
    question: str = ""


def read_stated(
    request: DueRequest, anchor: date, rules: DeadlineRules, calendar: WorkingCalendar
) -> StatedReading:
    """Return the dates the letter and a superior set.

    A date that is past on receipt, or too far ahead to be believed, is kept with its fault. A
    phrase without a date becomes a period from receipt where it is one; a mere wish for speed
    gives none; any other phrase is a question to a person.

    Args:
        request: the letter.
        anchor: the day it is deemed received.
        rules: for the horizon of belief.
        calendar: the working days.

    Raises:
        CalendarYearMissing: a period in words reaches a year without data.
    """
    dated: list[DatedRule] = []
    question = ""
    if request.stated_deadline is not None:
        dated.append(_date_stated(request, request.stated_deadline, rules, calendar))
    elif request.stated_phrase and request.stated_phrase.strip():
        reading = read_phrase(request.stated_phrase)
        if reading.kind is PhraseKind.PERIOD:
            dated.append(_date_phrase(request, reading, anchor, rules, calendar))
        elif reading.kind is PhraseKind.UNREADABLE:
            question = "หนังสือกำหนดเวลาไว้แต่อ่านเป็นวันที่ไม่ได้"
    if request.ordered_date is not None:
        dated.append(_date_order(request, request.ordered_date))
    return StatedReading(tuple(dated), question)


def _date_stated(
    request: DueRequest, stated: date | datetime, rules: DeadlineRules, calendar: WorkingCalendar
) -> DatedRule:
    moment = in_bangkok(stated)
    day = moment.date()
    words = word_moment(moment) if isinstance(stated, datetime) else word_day(day)
    reason = f"หนังสือกำหนดให้ดำเนินการภายใน{words}"
    fault = ""
    if moment < request.received_at:
        fault = "วันที่หนังสือกำหนดผ่านไปแล้วเมื่อรับหนังสือ"
    elif moment - request.received_at > timedelta(days=rules.stated_horizon_days):
        fault = "วันที่หนังสือกำหนดอยู่ไกลเกินกว่าจะเชื่อได้"
    elif not calendar.is_working_day(day):
        before = calendar.previous_working_day(day)
        reason += f" ซึ่งตรงกับวันหยุด วันทำการสุดท้ายก่อนนั้นคือ{word_day(before)}"
    return DatedRule(
        _letter_rule(STATED_RULE, 0, PeriodUnit.CALENDAR, "หนังสือที่ได้รับ"),
        Precedence.STATED,
        in_bangkok(request.received_at).date(),
        day,
        day,
        reason,
        fault,
        due_at=moment if isinstance(stated, datetime) else None,
    )


def _date_phrase(
    request: DueRequest,
    reading: PhraseReading,
    anchor: date,
    rules: DeadlineRules,
    calendar: WorkingCalendar,
) -> DatedRule:
    days, unit = reading.days, reading.unit
    rule = _letter_rule(STATED_RULE, days, unit, "หนังสือที่ได้รับ")
    if unit is PeriodUnit.HOURS:
        due_at = count_hours(request.received_at, anchor, days, rules.office_hours)
        day = due_at.date()
        reason = (
            f"หนังสือกำหนดให้ดำเนินการภายใน {thai_digits(days)} {unit.thai} "
            f"นับจากเวลาที่รับหนังสือ คือ{word_moment(due_at)}"
        )
        return DatedRule(rule, Precedence.STATED, anchor, day, day, reason, due_at=due_at)
    last = count(anchor, days, unit, Roll.NONE, calendar)
    due = last
    if unit is not PeriodUnit.WORKING:
        due = roll_day(last, Roll.PREVIOUS, calendar, anchor=anchor)
    reason = "หนังสือกำหนดให้ดำเนินการภายในวันรับหนังสือ"
    if days:
        reason = f"หนังสือกำหนดให้ดำเนินการภายใน {thai_digits(days)} {unit.thai} นับจากวันรับหนังสือ"
    return DatedRule(rule, Precedence.STATED, anchor, last, due, reason)


def _date_order(request: DueRequest, ordered: date) -> DatedRule:
    received = in_bangkok(request.received_at).date()
    fault = "วันที่ผู้บังคับบัญชาสั่งผ่านไปแล้วเมื่อรับหนังสือ" if ordered < received else ""
    reason = f"ผู้บังคับบัญชาสั่งให้ดำเนินการภายใน{word_day(ordered)}"
    rule = _letter_rule(ORDER_RULE, 0, PeriodUnit.CALENDAR, "คำสั่งผู้บังคับบัญชา")
    return DatedRule(rule, Precedence.ORDER, received, ordered, ordered, reason, fault)


def _letter_rule(rule_id: str, days: int, unit: PeriodUnit, source: str) -> DeadlineRule:
    return DeadlineRule(
        id=rule_id, days=days, unit=unit, start="receipt", source=source, verified="yes"
    )
