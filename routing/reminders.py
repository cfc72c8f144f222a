"""Which notices are due today: around the due date, without progress, and not accepted.

Everything is by `<=` with the set of levels already sent, never by equality, so that a missed
day catches up once and a second run sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from correspondence.clock import BANGKOK
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import Role, Urgency
from office.deadlines import OfficeHours, ReminderPolicy
from routing.awaited import AwaitedPart, part_steps
from routing.calendar import WorkingCalendar
from routing.faults import CalendarYearMissing
from routing.wording import word_day


class NoticeKind(StrEnum):
    """Why a person is reminded."""

    NEAR_DUE = "near_due"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    NO_PROGRESS = "no_progress"
    NOT_ACCEPTED = "not_accepted"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A group was given a case on this day (Bangkok), and nobody there has accepted it yet."""

    since: date
    group_id: str


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """An open case as the clocks see it.

    Attributes:
        case_id: id of the case.
        due_date: None where a person has not set one.
        last_progress: day (Bangkok) of the last progress entry, or of receipt.
        opened: day (Bangkok) it came; reminders that lay before it are not sent after the fact.
        sent: keys of notices already sent for this case (`Notice.key`).
        urgency: how urgent it is; some are told at once.
        unaccepted: the assignment that waits to be accepted; None once it is.
        waits_for: who must act now, where that is neither officer nor head of the group.
        awaited: what agencies were asked for and still owe.
    """

    case_id: int
    due_date: date | None
    last_progress: date
    opened: date | None = None
    sent: frozenset[str] = frozenset()
    urgency: Urgency = Urgency.NORMAL
    unaccepted: Assignment | None = None
    waits_for: Role | None = None
    awaited: tuple[AwaitedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to send once; `key` goes to the sent table, `reason` is Thai without letter text.

    `supersedes` holds keys of lower levels missed in the meantime: they count as sent too. An
    `immediate` notice does not wait for the daily digest.
    """

    case_id: int
    kind: NoticeKind
    level: int
    role: Role
    key: str
    reason: str
    supersedes: tuple[str, ...] = ()
    immediate: bool = False


def is_overdue(today: date, due_date: date | None) -> bool:
    """Tell whether a case is overdue: today is strictly after the due date."""
    return due_date is not None and today > due_date


def in_office_hours(moment: datetime, hours: OfficeHours, calendar: WorkingCalendar) -> bool:
    """Tell whether an aware moment lies in office hours of a working day in Bangkok."""
    local = moment.astimezone(BANGKOK)
    return hours.opens <= local.time() < hours.closes and calendar.is_working_day(local.date())


def find_notices(
    today: date,
    cases: Iterable[WatchedCase],
    policy: ReminderPolicy,
    calendar: WorkingCalendar,
) -> tuple[Notice, ...]:
    """Return the notices due today.

    Of several levels of one clock that one role should have had, only the highest is sent; the
    lower ones are in its `supersedes`, so a missed week does not arrive as a pile. Keys hold
    the due date, the day of the last progress or of the assignment: a new date, a progress entry
    or another group starts the levels anew.

    A level that needs working days of a year without data is left out (`lacks_calendar` tells of
    it); what is due today or overdue, and the ladder without progress, need none.

    Args:
        today: the day in Bangkok.
        cases: open cases.
        policy: levels and recipients.
        calendar: working days, for the days before a due date.
    """
    notices = []
    for case in cases:
        for clock in (
            _due_levels(today, case, policy, calendar),
            _progress_levels(today, case, policy),
            _accept_levels(today, case, policy, calendar),
            *(_part_levels(today, case, part, policy, calendar) for part in case.awaited),
        ):
            for role in dict.fromkeys(notice.role for notice in clock):
                reached = [notice for notice in clock if notice.role is role]
                lower = tuple(n.key for n in reached[:-1] if n.key not in case.sent)
                if reached[-1].key not in case.sent:
                    immediate = case.urgency in policy.immediate
                    notices.append(replace(reached[-1], supersedes=lower, immediate=immediate))
    return tuple(notices)


def lacks_calendar(case: WatchedCase, policy: ReminderPolicy, calendar: WorkingCalendar) -> bool:
    """Tell whether a level of a case lies in a year without data, so that it cannot be reached."""
    days = [(day, -n) for n in policy.near_due_days for day in (case.due_date,) if day]
    days += [(part.due, -_nearest(policy)) for part in case.awaited if policy.near_due_days]
    if case.unaccepted is not None:
        days += [(case.unaccepted.since, step.days) for step in policy.accept_ladder if step.days]
    return any(_working_day(day, n, calendar) is None for day, n in days)


def _due_levels(
    today: date, case: WatchedCase, policy: ReminderPolicy, calendar: WorkingCalendar
) -> list[Notice]:
    """Return the levels of the due date reached by today, lowest first."""
    due = case.due_date
    if due is None:
        return []
    told = tuple(dict.fromkeys((Role.OFFICER, case.waits_for or Role.OFFICER)))
    reached: list[tuple[NoticeKind, int, Role, str]] = []
    for days in sorted(set(policy.near_due_days), reverse=True):
        near = _working_day(due, -days, calendar)
        if near is not None and near <= today and (case.opened is None or near > case.opened):
            words = f"ใกล้ครบกำหนด เหลือไม่เกิน {thai_digits(days)} วันทำการ"
            reached += [(NoticeKind.NEAR_DUE, days, role, words) for role in told]
    if due <= today:
        reached += [(NoticeKind.DUE_TODAY, 0, role, "ครบกำหนดวันนี้") for role in told]
    if is_overdue(today, due):
        reached += [(NoticeKind.OVERDUE, 1, role, "เกินกำหนดแล้ว") for role in told]
        reached.append((NoticeKind.OVERDUE, 2, Role.GROUP_HEAD, "เกินกำหนดแล้ว"))
    return [
        Notice(
            case_id=case.case_id,
            kind=kind,
            level=level,
            role=role,
            key=_key(kind, level, due, role if role is case.waits_for else None),
            reason=f"{words} (ครบกำหนด{word_day(due)})",
        )
        for kind, level, role, words in reached
    ]


def _progress_levels(today: date, case: WatchedCase, policy: ReminderPolicy) -> list[Notice]:
    """Return the steps of the no-progress ladder reached by today, lowest first."""
    since = case.last_progress
    return [
        Notice(
            case_id=case.case_id,
            kind=NoticeKind.NO_PROGRESS,
            level=step.level,
            role=step.role,
            key=_key(NoticeKind.NO_PROGRESS, step.level, since, None),
            reason=f"ไม่มีความคืบหน้ามาแล้ว {thai_digits((today - since).days)} วัน",
        )
        for step in policy.progress_ladder
        if since + timedelta(days=step.days) <= today
    ]


def _accept_levels(
    today: date, case: WatchedCase, policy: ReminderPolicy, calendar: WorkingCalendar
) -> list[Notice]:
    """Return the steps reached by a case that its group has not accepted, lowest first."""
    waiting = case.unaccepted
    if waiting is None:
        return []
    return [
        Notice(
            case_id=case.case_id,
            kind=NoticeKind.NOT_ACCEPTED,
            level=step.level,
            role=step.role,
            key=_key(NoticeKind.NOT_ACCEPTED, step.level, waiting.since, waiting.group_id),
            reason=f"กลุ่มยังไม่รับเรื่อง มอบเมื่อ{word_day(waiting.since)}",
        )
        for step in policy.accept_ladder
        if (not step.urgency or case.urgency in step.urgency)
        and (reached := _working_day(waiting.since, step.days, calendar)) is not None
        and reached <= today
    ]


def _part_levels(
    today: date,
    case: WatchedCase,
    part: AwaitedPart,
    policy: ReminderPolicy,
    calendar: WorkingCalendar,
) -> list[Notice]:
    """Return the steps reached by what an agency owes, lowest first."""
    near = _working_day(part.due, -_nearest(policy), calendar) if policy.near_due_days else None
    return [
        Notice(
            case_id=case.case_id,
            kind=NoticeKind.CONTRIBUTION,
            level=step.level,
            role=step.role,
            key=f"{NoticeKind.CONTRIBUTION}:{step.key}",
            reason=step.reason,
        )
        for step in part_steps(today, part, near)
    ]


def _nearest(policy: ReminderPolicy) -> int:
    return min(policy.near_due_days)


def _working_day(day: date, n: int, calendar: WorkingCalendar) -> date | None:
    """Return the n-th working day from a day, the day for 0; None in a year without data."""
    if n == 0:
        return day
    try:
        return calendar.add_working_days(day, n)
    except CalendarYearMissing:
        return None


def _key(kind: NoticeKind, level: int, since: date, of: str | None) -> str:
    return f"{kind}:{level}:{since.isoformat()}" + (f":{of}" if of else "")
