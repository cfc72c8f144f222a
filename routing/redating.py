"""What a changed calendar does to open cases: each old and new date with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from correspondence.clock import bangkok_day
from correspondence.deadline import DueDecision
from correspondence.thai_dates import thai_date
from office.deadlines import DeadlineRules
from routing.calendar import WorkingCalendar
from routing.calendar_difference import CalendarDifference
from routing.clocks import CaseClock, EndedPause, GivenTime, decide_clock
from routing.request import DueRequest


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as far as re-dating needs it: its id, its letter, the decision in force.

    The rest is what people gave its clock, as `routing.clocks.CaseClock` has it.
    """

    case_id: int
    request: DueRequest
    decision: DueDecision
    pauses: tuple[EndedPause, ...] = ()
    ordered_at: datetime | None = None
    extended: GivenTime | None = None

    @property
    def clock(self) -> CaseClock:
        """All that its date is decided from."""
        return CaseClock(self.request, self.pauses, self.ordered_at, self.extended)

    def span(self) -> tuple[date, date]:
        """Return the first and the last day the decision rests on, candidates and pauses too."""
        decision = self.decision
        days = [bangkok_day(decision.received_at), decision.anchor_date]
        days += [bangkok_day(pause.resumed_at) for pause in self.pauses]
        if decision.due_date is not None:
            days.append(decision.due_date)
        for candidate in decision.candidates:
            days += (candidate.anchor_date, candidate.due_date)
        return min(days), max(days)


@dataclass(frozen=True, slots=True)
class DateChange:
    """A case whose decision changes; `reason` is Thai and names the holidays that changed it.

    `decision` is the new one; where the old and the new date are the same, it differs in what it
    rests on: a holiday's name, a year that is confirmed now. `by_rule` is False where the date
    stays as it is: a person has extended it to that very day, or counting with the old calendar
    does not give it, and a person must look.
    """

    case_id: int
    old_due: date | None
    new_due: date | None
    decision: DueDecision
    reason: str
    by_rule: bool = True

    @property
    def moved(self) -> bool:
        """Tell whether the due date itself is another one."""
        return self.by_rule and self.old_due != self.new_due


def redate_cases(
    cases: Iterable[OpenCase],
    rules: DeadlineRules,
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> tuple[DateChange, ...]:
    """Return the cases whose due date the new calendar changes, in the order given.

    A case whose date stays is left out, so adding a holiday re-dates exactly the cases that
    cross it. So is one whose date the rules did not give.

    Args:
        cases: open cases.
        rules: `deadlines.toml`.
        old: the calendar the decisions were made with.
        new: the calendar from now on.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    return tuple(change for change in redecide_cases(cases, rules, old, new) if change.moved)


def redecide_cases(
    cases: Iterable[OpenCase],
    rules: DeadlineRules,
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> Iterator[DateChange]:
    """Yield every case whose decision the new calendar changes, its date or what it rests on.

    Only cases whose span of days the change touches are decided anew; the others cannot differ.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    difference = CalendarDifference(old, new)
    for case in cases:
        if not difference.touches(*case.span()):
            continue
        change = redecide_case(case, rules, old, new)
        if change is not None:
            yield change


def redecide_case(
    case: OpenCase, rules: DeadlineRules, old: WorkingCalendar, new: WorkingCalendar
) -> DateChange | None:
    """Return what the new calendar changes in one case; None where nothing changes.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    before = decide_clock(case.clock, rules, old)
    after = decide_clock(case.clock, rules, new)
    lost = _lost_day(case, old, new)
    if before == after and not lost:
        return None
    reason = _word_change(before, after, old, new)
    kept = case.decision.due_date
    if _date_of(before) != _date_of(case.decision):
        reason = (
            f"{reason} แต่วันครบกำหนดที่ใช้อยู่ ({_word(kept)}) "
            "มิได้มาจากการนับตามกติกา จึงคงไว้ ให้เจ้าหน้าที่พิจารณา"
        )
        return DateChange(case.case_id, kept, kept, case.decision, reason, by_rule=False)
    if case.extended is not None and before.due_date == after.due_date:
        why = lost or f"การนับกำหนดเดิมเปลี่ยนไป เพราะ{_word_days(before, after, old, new)}"
        reason = f"{why} แต่เรื่องนี้ได้ขยายเวลาถึง {_word(kept)} ไว้แล้ว จึงคงวันที่ขยายไว้"
        if lost:
            reason += " ให้เจ้าหน้าที่พิจารณา"
        return DateChange(case.case_id, kept, kept, case.decision, reason, by_rule=False)
    return DateChange(case.case_id, before.due_date, after.due_date, after, reason)


def _lost_day(case: OpenCase, old: WorkingCalendar, new: WorkingCalendar) -> str:
    """Return in Thai that the day extended to is off now; empty where it is not."""
    day = case.decision.due_date
    if case.extended is None or day is None:
        return ""
    differs = bool(CalendarDifference(old, new).among((day,)))
    if not differs or new.is_working_day(day):
        return ""
    return f"วันที่ขยายเวลาถึง {thai_date(day)} เป็นวันหยุด ({new.name_of(day)})"


def redecide_stored(
    case: OpenCase, rules: DeadlineRules, new: WorkingCalendar
) -> DateChange | None:
    """Return what the calendar changes in a case whose former calendar cannot be had again.

    Only a date that one of the rules gave, as the decision in force itself says, or that the end
    of a pause gave back, is decided anew; any other stays without a word, for nothing is known
    of what changed.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    before = case.decision
    chosen = next((part for part in before.candidates if part.chosen), None)
    if chosen is None or case.extended is not None:
        return None
    restored = case.pauses[-1].restored if case.pauses else None
    if before.due_date not in (chosen.due_date, restored or chosen.due_date):
        return None
    after = decide_clock(case.clock, rules, new)
    if after.rule is None or after.rule.id != chosen.rule.id:
        return None
    if after.model_dump(exclude={"rule"}) == before.model_dump(exclude={"rule"}):
        return None
    reason = _word_moved(before.due_date, after.due_date, "ปฏิทินของสำนักงานเปลี่ยนไป")
    return DateChange(case.case_id, before.due_date, after.due_date, after, reason)


def _date_of(decision: DueDecision) -> tuple[str | None, date | None]:
    return decision.rule.id if decision.rule else None, decision.due_date


def _word_change(
    before: DueDecision, after: DueDecision, old: WorkingCalendar, new: WorkingCalendar
) -> str:
    return _word_moved(before.due_date, after.due_date, _word_days(before, after, old, new))


def _word_days(
    before: DueDecision, after: DueDecision, old: WorkingCalendar, new: WorkingCalendar
) -> str:
    days = [
        day
        for day in (before.due_date, after.due_date, before.anchor_date, after.anchor_date)
        if day
    ]
    first, last = min(days), max(days)
    was, now = set(old.holidays_between(first, last)), set(new.holidays_between(first, last))
    parts = [f"เพิ่มวันหยุด {thai_date(day)} ({new.name_of(day)})" for day in sorted(now - was)]
    parts += [f"ยกเลิกวันหยุด {thai_date(day)} ({old.name_of(day)})" for day in sorted(was - now)]
    return ", ".join(parts) or "ปฏิทินที่ใช้นับเปลี่ยนไป"


def _word_moved(old: date | None, new: date | None, cause: str) -> str:
    if old == new:
        return f"วันครบกำหนดคงเดิม {_word(old)} แต่เหตุผลของการนับเปลี่ยนไป เพราะ{cause}"
    return f"วันครบกำหนดเปลี่ยนจาก {_word(old)} เป็น {_word(new)} เพราะ{cause}"


def _word(day: date | None) -> str:
    return thai_date(day) if day else "ไม่มีกำหนด"
