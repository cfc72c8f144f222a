"""Remind people of due dates and of cases that do not move; send what waits in the outbox."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from string import Template

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ConfigurationFault, SourceUnavailable
from correspondence.reading import Frozen
from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState
from office.places import find_folder
from pipeline.bootstrap import House
from pipeline.postbox import MessagePutOff, MessageRefused, Postbox, read_address
from pipeline.recipients import RecipientList
from pipeline.standing import DONE_STATES
from registry.models import Case, Letter
from registry.numbers import RegisterNumber
from registry.outbox import (
    MessageKey,
    NewMessage,
    claim_messages,
    defer_messages,
    mark_refused,
    mark_sent,
    noticed_levels,
    outbox_standing,
    put_message,
)
from routing.faults import CalendarYearMissing
from routing.reminders import Notice, NoticeKind, WatchedCase, find_notices, in_office_hours

# While a case rests, its clocks rest too.
UNWATCHED = (*DONE_STATES, CaseState.ON_HOLD)
LEASE = timedelta(minutes=15)
BATCH = 20

_SHORT = {
    NoticeKind.NEAR_DUE: "ใกล้ครบกำหนด",
    NoticeKind.DUE_TODAY: "ครบกำหนดวันนี้",
    NoticeKind.OVERDUE: "เกินกำหนด",
    NoticeKind.NO_PROGRESS: "ไม่มีความคืบหน้า",
}


class ReminderCounts(Frozen):
    """What a pass of reminders did: counts only.

    `unreachable` notices have nobody to go to and are tried again at every pass; `unclear` cases
    have dates in a year without a calendar. Outside office hours nothing is looked at and
    `office_open` is False.
    """

    office_open: bool
    watched: int = 0
    put: int = 0
    unreachable: int = 0
    unclear: int = 0


class SendCounts(Frozen):
    """What a pass over the outbox did: counts only; `fault` names why the server took nothing."""

    sent: int
    refused: int
    waiting: int
    given_up: int
    fault: str | None = None


def remind(house: House) -> ReminderCounts:
    """Put every notice that is due and was not put before into the outbox, in one transaction.

    A missed day catches up once; a second pass puts nothing.
    """
    now = house.clock()
    rules = house.configuration.deadlines
    if not in_office_hours(now, rules.office_hours, house.calendar):
        return ReminderCounts(office_open=False)
    today = bangkok_day(now)
    put = unreachable = 0
    with house.sessions.begin() as session:
        cases = _watched_cases(session)
        notices, unclear = _notices(house, today, _as_watched(session, cases))
        numbers = _register_numbers(session, [notice.case_id for notice in notices])
        recipients = RecipientList(session, house.configuration.groups, today)
        for notice in notices:
            case = cases[notice.case_id]
            addresses = recipients.addresses(notice.role, case.group_id)
            unreachable += not addresses
            for address in addresses:
                message = _message(house, case, notice, numbers.get(case.id, ""), address)
                put += put_message(session, message, at=now)
    return ReminderCounts(
        office_open=True, watched=len(cases), put=put, unreachable=unreachable, unclear=unclear
    )


def send_outbox(house: House) -> SendCounts:
    """Send what waits through SARABAN_SMTP_URL; without one, messages wait.

    Reminders leave in office hours only. A server that is away defers everything and refuses
    nothing.

    Raises:
        ConfigurationFault: SARABAN_SMTP_URL is wrong.
    """
    url = house.settings.smtp_url.get_secret_value()
    if not url:
        return _standing(house, sent=0, refused=0, fault=None)
    address = read_address(url)
    office_open = in_office_hours(
        house.clock(), house.configuration.deadlines.office_hours, house.calendar
    )
    withheld = () if office_open else tuple(kind.value for kind in NoticeKind)
    sent = refused = 0
    fault: str | None = None
    while fault is None:
        batch = claim_messages(
            house.sessions, now=house.clock(), limit=BATCH, lease=LEASE, withheld=withheld
        )
        if not batch:
            break
        open_ids = [message.id for message in batch]
        try:
            with Postbox(address) as postbox:
                for message in batch:
                    try:
                        postbox.send(message)
                    except MessageRefused as refusal:
                        mark_refused(house.sessions, message.id, refusal.code, at=house.clock())
                        refused += 1
                    except MessagePutOff as later:
                        defer_messages(house.sessions, [message.id], later.code, at=house.clock())
                    else:
                        mark_sent(house.sessions, message.id, at=house.clock())
                        sent += 1
                    open_ids.remove(message.id)
        except SourceUnavailable as away:
            defer_messages(house.sessions, open_ids, away.code, at=house.clock())
            fault = away.code
    return _standing(house, sent=sent, refused=refused, fault=fault)


def _standing(house: House, *, sent: int, refused: int, fault: str | None) -> SendCounts:
    standing = outbox_standing(house.sessions)
    return SendCounts(
        sent=sent,
        refused=refused,
        waiting=standing.waiting,
        given_up=standing.given_up,
        fault=fault,
    )


def _watched_cases(session: Session) -> dict[int, Case]:
    query = select(Case).where(Case.state.not_in([state.value for state in UNWATCHED]))
    return {case.id: case for case in session.scalars(query.order_by(Case.id))}


def _as_watched(session: Session, cases: dict[int, Case]) -> list[WatchedCase]:
    noticed = noticed_levels(session, cases)
    return [
        WatchedCase(
            case_id=case.id,
            due_date=case.due_date,
            last_progress=bangkok_day(case.last_progress_at),
            opened=bangkok_day(case.opened_at),
            sent=noticed.get(case.id, frozenset()),
        )
        for case in cases.values()
    ]


def _notices(house: House, today: date, cases: list[WatchedCase]) -> tuple[list[Notice], int]:
    """Return the notices due and how many cases have none for want of a calendar year."""
    policy = house.configuration.deadlines.reminders
    found: list[Notice] = []
    unclear = 0
    for case in cases:
        try:
            found += find_notices(today, [case], policy, house.calendar)
        except CalendarYearMissing:
            # One far date must not keep everybody else from being reminded.
            unclear += 1
    return found, unclear


def _register_numbers(session: Session, case_ids: list[int]) -> dict[int, str]:
    first = select(func.min(Letter.id)).group_by(Letter.case_id)
    numbers: dict[int, str] = {}
    for start in range(0, len(case_ids), 500):
        query = select(Letter).where(
            Letter.id.in_(first), Letter.case_id.in_(case_ids[start : start + 500])
        )
        for letter in session.scalars(query):
            number = RegisterNumber(letter.register_year, letter.register_number)
            numbers[letter.case_id] = thai_digits(str(number))
    return numbers


def _message(
    house: House, case: Case, notice: Notice, register_number: str, address: str
) -> NewMessage:
    groups = {group.id: group.thai for group in house.configuration.groups.group}
    subject, _, body = (
        _template()
        .substitute(
            reason_short=_SHORT[notice.kind],
            reason=notice.reason,
            register_number=register_number,
            case_id=case.id,
            group=groups.get(case.group_id or "", "ยังไม่มอบกลุ่ม"),
            due_date=_written(case.due_date),
            state=CaseState(case.state).thai,
        )
        .partition("\n\n")
    )
    alert, _, level = notice.key.partition(":")
    return NewMessage(MessageKey(alert, level, case.id, address), subject.strip(), body)


def _written(day: date | None) -> str:
    return thai_date(day) if day else "ยังไม่ได้กำหนด"


@lru_cache(maxsize=1)
def _template() -> Template:
    path = find_folder("templates") / "mail" / "reminder.txt"
    try:
        return Template(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationFault(
            f"{path} is missing.", remedy="Copy it from the shipped templates/ folder."
        ) from None
