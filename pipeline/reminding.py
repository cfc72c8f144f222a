"""Remind people of due dates, of cases that do not move and of those no group has accepted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from pipeline.alerts import NOTICES
from pipeline.bootstrap import House
from pipeline.case_rights import case_facts
from pipeline.channels import channel_recipient
from pipeline.notice_mails import WEIGHT, NoticedCase, write_digest, write_reminder
from pipeline.recipients import RecipientList
from pipeline.watched_cases import OpenCases, group_in_charge, register_numbers, watch_cases
from registry.alerts import clear_alerts, raise_alert
from registry.models import Case
from registry.notices import PutNotice, digest_recipients, lock_notices, record_notices
from registry.outbox import NewMessage, insert_message
from routing.reminders import (
    Notice,
    NoticeKind,
    find_notices,
    in_office_hours,
    lacks_calendar,
)

NOBODY = "nobody_to_notify"


class ReminderCounts(Frozen):
    """What a pass of reminders did: counts only.

    `watched` cases had `due` notices that were never put; they went into `put` messages, the
    `digests` among them. `later` notices wait for the next digest, `unreachable` ones have
    nobody to go to and are tried again at every pass. Of `unclear` cases the reminders before a
    date wait, because it lies in a year without a calendar. Outside office hours nothing is
    looked at and `office_open` is False.
    """

    office_open: bool
    watched: int = 0
    due: int = 0
    put: int = 0
    digests: int = 0
    later: int = 0
    unreachable: int = 0
    unclear: int = 0


class DueNotice(Frozen):
    """A notice that the next pass would put: no word of the letter in it."""

    case_id: int
    register_number: str
    kind: NoticeKind
    level: int
    role: str
    recipients: int
    immediate: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    """Notices to put, the heaviest first, with their cases and addresses."""

    open: OpenCases
    notices: list[tuple[NoticedCase, tuple[str, ...]]]
    unclear: int


@dataclass(slots=True)
class _Digests:
    """What goes into each person's digest; full at `most` lines, closed once one went today."""

    most: int
    gone: frozenset[str]
    lines: dict[str, dict[tuple[int, NoticeKind], NoticedCase]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    levels: dict[str, list[PutNotice]] = field(default_factory=lambda: defaultdict(list))

    def closed(self, addresses: tuple[str, ...]) -> bool:
        """Tell whether one of them has had the digest of today."""
        return not self.gone.isdisjoint(addresses)

    def take(self, noticed: NoticedCase, addresses: tuple[str, ...]) -> bool:
        """Take a notice for all its recipients; False where it must wait for the next digest.

        All or none: a level put to one of them counts as put.
        """
        place = (noticed.case.id, noticed.notice.kind)
        full = any(
            len(self.lines[address]) >= self.most and place not in self.lines[address]
            for address in addresses
        )
        if full or self.closed(addresses):
            return False
        for address in addresses:
            # One line where somebody stands for two roles.
            self.lines[address].setdefault(place, noticed)
            self.levels[address] += _levels(noticed.notice)
        return True


@dataclass(slots=True)
class _Singles:
    """What goes out case by case: one message where somebody stands for two roles."""

    messages: dict[tuple[str, int, NoticeKind], tuple[NoticedCase, list[PutNotice]]] = field(
        default_factory=dict
    )

    def take(self, noticed: NoticedCase, addresses: tuple[str, ...]) -> None:
        """Take a notice for all its recipients."""
        for address in addresses:
            place = (address, noticed.case.id, noticed.notice.kind)
            _, levels = self.messages.setdefault(place, (noticed, []))
            levels += _levels(noticed.notice)


def remind(house: House) -> ReminderCounts:
    """Put every notice that is due and was not put before into the outbox, in one transaction.

    Everything goes into one digest a person a day; cases of an urgency named in `immediate`, and
    what is due today but came up after the day's digest, go at once. A missed day catches up
    once; a second pass puts nothing. Where nobody can be told an alert is raised. Of a restricted
    case only those are told who may open it.

    Raises:
        ConfigurationFault: a mail template is missing or wrong.
    """
    now = house.clock()
    if not _office_is_open(house, now):
        return ReminderCounts(office_open=False)
    today = bangkok_day(now)
    policy = house.configuration.deadlines.reminders
    later = unreachable = 0
    with house.sessions.begin() as session:
        lock_notices(session)
        found = _find(house, session, today)
        bags = _Digests(policy.digest_lines, digest_recipients(session, today))
        singles = _Singles()
        channels = tuple(channel_recipient(url) for url in house.settings.channels)
        for noticed, addresses in found.notices:
            notice = noticed.notice
            late = notice.kind is NoticeKind.DUE_TODAY and bags.closed(addresses)
            if not addresses:
                unreachable += 1
            elif notice.immediate or late:
                singles.take(noticed, addresses)
                if notice.immediate and not noticed.case.restricted:
                    singles.take(noticed, channels)
            elif not bags.take(noticed, addresses):
                later += 1
        office = house.configuration
        single = sum(
            _put(session, write_reminder(office, noticed, address), levels, now)
            for (address, _, _), (noticed, levels) in singles.messages.items()
        )
        digests = sum(
            _put(
                session,
                write_digest(office, list(bags.lines[address].values()), address, today),
                levels,
                now,
            )
            for address, levels in bags.levels.items()
        )
        if unreachable:
            raise_alert(session, NOTICES, NOBODY, at=now)
        else:
            clear_alerts(session, NOTICES, at=now)
    return ReminderCounts(
        office_open=True,
        watched=len(found.open.cases),
        due=len(found.notices),
        put=single + digests,
        digests=digests,
        later=later,
        unreachable=unreachable,
        unclear=found.unclear,
    )


def due_notices(house: House) -> list[DueNotice]:
    """Return what `remind` would put now, at any hour, and put nothing."""
    with house.sessions.begin() as session:
        found = _find(house, session, bangkok_day(house.clock()))
        return [
            DueNotice(
                case_id=noticed.case.id,
                register_number=noticed.register_number,
                kind=noticed.notice.kind,
                level=noticed.notice.level,
                role=noticed.notice.role.value,
                recipients=len(addresses),
                immediate=noticed.notice.immediate,
                reason=noticed.notice.reason,
            )
            for noticed, addresses in found.notices
        ]


def _office_is_open(house: House, now: datetime) -> bool:
    return in_office_hours(now, house.configuration.deadlines.office_hours, house.calendar)


def _find(house: House, session: Session, today: date) -> _Found:
    policy = house.configuration.deadlines.reminders
    opened = watch_cases(session)
    notices: list[Notice] = []
    unclear = 0
    for watched in opened.watched:
        notices += find_notices(today, [watched], policy, house.calendar)
        unclear += lacks_calendar(watched, policy, house.calendar)
    numbers = register_numbers(session, [notice.case_id for notice in notices])
    recipients = RecipientList(session, house.configuration.groups, today)
    found = []
    for notice in sorted(notices, key=lambda n: _weight(n, opened.cases[n.case_id])):
        case = opened.cases[notice.case_id]
        addresses = (
            recipients.cleared(case_facts(session, case).grade)
            if case.restricted
            else recipients.addresses(notice.role, group_in_charge(case), case.id)
        )
        found.append((NoticedCase(notice, case, numbers.get(case.id, "")), addresses))
    return _Found(opened, found, unclear)


def _weight(notice: Notice, case: Case) -> tuple[int, date, int, int]:
    return (WEIGHT[notice.kind], case.due_date or date.max, case.id, -notice.level)


def _put(session: Session, message: NewMessage, levels: list[PutNotice], now: datetime) -> bool:
    """Put a message and note the levels it holds; False where it was put before."""
    message_id = insert_message(session, message, at=now)
    if message_id is None:
        return False
    record_notices(session, levels, recipient=message.key.recipient, message_id=message_id, at=now)
    return True


def _levels(notice: Notice) -> list[PutNotice]:
    """Return the level of a notice and the lower ones it stands for."""
    return [PutNotice(notice.case_id, key) for key in (notice.key, *notice.supersedes)]
