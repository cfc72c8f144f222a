"""Calendar feeds (.ics) of a group's due dates and meetings, by a person's own secret address.

An address is 256 random bits, kept as a hash, good for reading one group's dates and nothing else.
It ends when its person revokes it, makes a new one, leaves, or no longer sees the group's cases.
Who subscribes from a telephone leaves copies at others' servers: an entry is register number,
category and date, and says what a letter is about only where the office has allowed it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event
from sqlalchemy import and_
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, SarabanError
from correspondence.reading import Frozen
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.dated_entries import CalendarEntry, dated_entries
from pipeline.passwords import keyless_hash, new_token
from pipeline.permissions import Permission, may, register_scope
from pipeline.search_view import SearchScope, openable
from pipeline.staff import StaffMember, as_staff
from registry.accounts import note_about_person
from registry.engine import open_snapshot
from registry.feeds import end_feeds, feeds_of_person, find_feed, keep_feed
from registry.models import Case, GroupRow, Person
from registry.transitions import Actor

_BACK = timedelta(days=60)
_AHEAD = timedelta(days=370)
_MOST: Final = 2_000
_LONGEST_TOKEN: Final = 100
_MEETING = timedelta(hours=1)


class FeedUnknown(SarabanError):
    """The address is nobody's, or not any more."""

    code = "feed_unknown"


class FeedLine(Frozen):
    """An address that is in force; `group` None is the whole office."""

    group: str | None
    created_at: datetime


def feed_groups(house: House, staff: StaffMember) -> tuple[str | None, ...]:
    """Return the groups a person may have an address for; None is the whole office."""
    # What is held for somebody who is away is no reason to have an address.
    alone = _alone(staff)
    if not may(alone, Permission.SEE_REGISTER):
        return ()
    scope = register_scope(alone)
    groups = tuple(group.id for group in house.configuration.groups.group)
    if scope.every_case:
        return (None, *groups)
    return tuple(group for group in groups if group in scope.groups)


def feeds_of(house: House, staff: StaffMember) -> tuple[FeedLine, ...]:
    """Return a person's addresses in force, without their tokens: those are kept by nobody."""
    with open_snapshot(house.sessions) as session:
        return tuple(
            FeedLine(group=feed.group_id, created_at=feed.created_at)
            for feed in feeds_of_person(session, staff.person_id)
        )


def make_feed(house: House, staff: StaffMember, group: str | None) -> str:
    """Return a new token of a person for a group; the one before it ends.

    Raises:
        ActionRefused: the person does not see that group's cases.
    """
    if group not in feed_groups(house, staff):
        raise ActionRefused(
            "This person does not see the cases of that group.",
            thai="ท่านไม่มีสิทธิ์เห็นเรื่องของกลุ่มงานนี้",
        )
    token, now = new_token(), house.clock()
    with house.sessions.begin() as session:
        keep_feed(session, staff.person_id, group, keyless_hash(token), at=now)
        note_about_person(
            session,
            _self(staff),
            "make_calendar_feed",
            staff.person_id,
            at=now,
            after={"group": group},
        )
    return token


def revoke_feed(house: House, staff: StaffMember, group: str | None) -> None:
    """End a person's address for a group; where there is none, nothing is done."""
    now = house.clock()
    with house.sessions.begin() as session:
        if end_feeds(session, staff.person_id, group, at=now):
            note_about_person(
                session,
                _self(staff),
                "revoke_calendar_feed",
                staff.person_id,
                at=now,
                after={"group": group},
            )


def read_feed(house: House, token: str) -> bytes:
    """Return the .ics of an address: from two months ago to a year ahead.

    Raises:
        FeedUnknown: the token is nobody's, was revoked, or its person may not see this any more.
    """
    if not token or len(token) > _LONGEST_TOKEN:
        raise _unknown()
    now = house.clock()
    today = bangkok_day(now)
    with open_snapshot(house.sessions) as session:
        feed = find_feed(session, keyless_hash(token))
        person = session.get(Person, feed.person_id) if feed is not None else None
        if feed is None or person is None or person.retired_at is not None:
            raise _unknown()
        group = feed.group_id
        staff = as_staff(session, person, today)
        if group not in feed_groups(house, staff):
            raise _unknown()
        # Restricted cases are no feed's.
        seen = openable(SearchScope(register_scope(_alone(staff))))
        if group is not None:
            seen = and_(seen, Case.group_id == group)
        entries = dated_entries(session, seen, today - _BACK, today + _AHEAD, most=_MOST)
        name = _name(session, group)
    return _calendar(house, entries, name, now)


def _calendar(house: House, entries: tuple[CalendarEntry, ...], name: str, now: datetime) -> bytes:
    subjects = house.configuration.casework.feed.subjects
    calendar = Calendar()
    calendar.add("prodid", "-//Saraban//due dates//TH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Bangkok")
    calendar.add("refresh-interval;value=duration", "PT1H")
    for entry in entries:
        calendar.add_component(_event(house, entry, now, subjects=subjects))
    return bytes(calendar.to_ical())


def _event(house: House, entry: CalendarEntry, now: datetime, *, subjects: bool) -> Event:
    what = "ประชุม" if entry.meeting else "ครบกำหนด"
    words = [what, f"เลขรับ {thai_digits(entry.register_number)}"]
    if entry.category is not None:
        words.append(entry.category.thai)
    if subjects and entry.subject:
        words.append(" ".join(entry.subject.split())[:200])
    event = Event()
    kind = f"meeting-{entry.at or entry.day:%Y%m%dT%H%M}" if entry.meeting else "due"
    event.add("uid", f"{kind}-{entry.case_id}@saraban")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    if entry.at is not None:
        event.add("dtstart", entry.at.astimezone(UTC))
        event.add("dtend", (entry.at + _MEETING).astimezone(UTC))
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", " ".join(words))
    if house.settings.review_url:
        event.add("url", f"{house.settings.review_url}/cases/{entry.case_id}")
    return event


def _name(session: Session, group: str | None) -> str:
    row = session.get(GroupRow, group) if group is not None else None
    return f"วันครบกำหนด {row.thai if row is not None else 'ทั้งสำนักงาน'}"


def _alone(staff: StaffMember) -> StaffMember:
    own = staff.held[: len(staff.held) - len(staff.deputised)]
    return replace(staff, held=own, deputised=())


def _self(staff: StaffMember) -> Actor:
    return Actor(staff.sign_in, next(iter(staff.held), (Role.OFFICER, None))[0])


def _unknown() -> FeedUnknown:
    return FeedUnknown("There is no such calendar.", thai="ไม่พบปฏิทินนี้")
