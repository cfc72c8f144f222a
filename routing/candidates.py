"""The rules of `deadlines.toml` that apply to a letter, each with the date it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from correspondence.clock import bangkok_day
from correspondence.deadline import DeadlineRule
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import PeriodUnit, Roll
from office.deadlines import DeadlineRules, Precedence, RuleEntry, RuleStart
from routing.calendar import WorkingCalendar
from routing.counting import count, count_hours, roll_day
from routing.faults import UnknownRule
from routing.moments import in_bangkok
from routing.request import DueRequest
from routing.wording import word_day

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FROM_EVENT = {
    RuleStart.NOTIFIED: "วันที่ได้รับแจ้ง",
    RuleStart.RESOLUTION: "วันที่มีมติ",
    RuleStart.SERVICE: "วันที่ได้รับหมาย",
}


@dataclass(frozen=True, slots=True)
class DatedRule:
    """A rule that applied and the date it gives, before one of them is chosen.

    Attributes:
        rule: what is stored of the rule.
        precedence: its class in deadlines.md.
        anchor: the day it counts from.
        last: the last day before rolling.
        due: the due date it gives.
        reason: Thai.
        fault: Thai reason why a person must look before it is used; empty where it may be used.
        due_at: the aware moment where the rule gives an hour.
        overdue: True where the period had run out before the letter came, but binds all the same.
    """

    rule: DeadlineRule
    precedence: Precedence
    anchor: date
    last: date
    due: date
    reason: str
    fault: str = ""
    overdue: bool = False
    due_at: datetime | None = None


def date_rules(
    request: DueRequest, anchor: date, rules: DeadlineRules, calendar: WorkingCalendar
) -> tuple[DatedRule, ...]:
    """Return every configured rule that applies, dated.

    Args:
        request: the letter.
        anchor: the day it is deemed received.
        rules: the office's rules.
        calendar: the working days.

    Raises:
        UnknownRule: the request names a rule that is not in `deadlines.toml`.
        CalendarYearMissing: a count reaches a year without data.
    """
    dated = []
    for entry in _matching(request, rules):
        if entry.start.is_lead:
            found = _date_lead(entry, request, anchor, rules, calendar)
            if found:
                dated.append(found)
        else:
            dated.append(_date_period(entry, request, anchor, rules, calendar))
    return tuple(dated)


def word_verified(rule: DeadlineRule) -> str:
    """Return the Thai remark on a number that is not settled; empty for a verified one."""
    return "" if rule.verified == "yes" else f" (สถานะการยืนยันตัวเลข: {rule.verified})"


def _matching(request: DueRequest, rules: DeadlineRules) -> tuple[RuleEntry, ...]:
    known = {entry.id for entry in rules.rule}
    for name in request.named_rules:
        if name not in known:
            raise UnknownRule(name)
    chosen = [entry for entry in rules.rule if _applies(entry, request)]
    replaced = {
        other for entry in chosen if entry.id in request.named_rules for other in entry.replaces
    }
    return tuple(entry for entry in chosen if entry.id not in replaced)


def _applies(entry: RuleEntry, request: DueRequest) -> bool:
    if entry.on_request:
        return entry.id in request.named_rules
    if entry.urgency is not None and entry.urgency is not request.urgency:
        return False
    category = request.category.value if request.category else ""
    names = {category, f"{category}/{request.subcategory}"} if category else set()
    if not names.isdisjoint(entry.except_for):
        return False
    return not entry.applies_to or not names.isdisjoint(entry.applies_to)


def _date_period(
    entry: RuleEntry,
    request: DueRequest,
    anchor: date,
    rules: DeadlineRules,
    calendar: WorkingCalendar,
) -> DatedRule:
    start, start_words = anchor, "วันรับหนังสือ"
    event = _FROM_EVENT.get(entry.start)
    if event and request.event_date:
        start, start_words = request.event_date, event
    elif event:
        start_words = f"วันรับหนังสือ เพราะไม่ทราบ{event}"
    due_at = None
    if entry.unit is PeriodUnit.HOURS:
        due_at = count_hours(request.received_at, anchor, entry.days, rules.office_hours)
        last = bangkok_day(due_at)
    else:
        last = count(start, entry.days, entry.unit, Roll.NONE, calendar)
    if entry.unit is not PeriodUnit.WORKING:
        due = roll_day(last, entry.roll, calendar, anchor=start)
    else:
        due = last
    reason = (
        f"{entry.thai} ภายใน {thai_digits(entry.days)} {entry.unit.thai} "
        f"นับจาก{start_words} ตาม{entry.source}"
    )
    rule = entry.as_rule()
    return DatedRule(
        rule=rule,
        precedence=entry.precedence,
        anchor=start,
        last=last,
        due=due,
        reason=reason + word_verified(rule),
        overdue=due < anchor,
        due_at=due_at,
    )


def _date_lead(
    entry: RuleEntry,
    request: DueRequest,
    anchor: date,
    rules: DeadlineRules,
    calendar: WorkingCalendar,
) -> DatedRule | None:
    """Date a rule that counts back from a meeting; None where no such meeting is known."""
    if request.meeting_at is None:
        return None
    meeting = in_bangkok(request.meeting_at)
    day = meeting.date()
    if entry.sitting_weekday and _WEEKDAYS[day.weekday()] != entry.sitting_weekday:
        return None
    rule = entry.as_rule()
    reason = (
        f"{entry.thai} ล่วงหน้า {thai_digits(entry.days)} {entry.unit.thai} "
        f"ก่อนวันประชุม ({word_day(day)}) ตาม{entry.source}{word_verified(rule)}"
    )
    fault = ""
    if meeting < request.received_at:
        fault = "การประชุมผ่านไปแล้วเมื่อรับหนังสือ"
    elif day - anchor > timedelta(days=rules.stated_horizon_days):
        fault = "วันประชุมอยู่ไกลเกินกว่าจะเชื่อได้"
    if fault:
        return DatedRule(rule, entry.precedence, day, day, day, reason, fault)
    last = count(day, -entry.days, entry.unit, Roll.NONE, calendar)
    due = roll_day(last, Roll.PREVIOUS, calendar) if entry.days else day
    if due < anchor:
        due = min(calendar.next_working_day(anchor), day)
        reason += " เวลาเตรียมเหลือน้อยกว่าที่กำหนด จึงให้ดำเนินการทันที"
    return DatedRule(rule, entry.precedence, day, last, due, reason)
