"""The calendar of due dates and meetings, the overdue list, and the feeds by a secret address."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import delete, event, select

from correspondence.errors import ActionRefused
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.calendar_feed import FeedUnknown, make_feed, read_feed, revoke_feed
from pipeline.due_calendar import Month, month_calendar, read_month
from pipeline.overdue_view import overdue_page
from pipeline.search_view import WHOLE_SEARCH, search_scope
from pipeline.staff import StaffMember, staff_member
from registry.models import AuditEvent, CalendarFeed, Case, FieldRow, Letter, Person, PersonRole
from review.forms import form_token
from review.serving import HideAddresses
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house
from tests.servers.review_app import running_review_app

TODAY = date(2026, 11, 20)
SUBJECT = "เรื่องที่อยู่ในหนังสือ"


class Office:
    """Cases of two groups, one restricted, one with a meeting; SetClock stands on 20 Nov 2026."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.cases = {
            "late": register(house, Seed(subject=SUBJECT, due=date(2026, 11, 16))),
            "soon": register(house, Seed(subject=SUBJECT, due=date(2026, 11, 24))),
            "other": register(
                house, Seed(subject=SUBJECT, due=date(2026, 11, 24), group="political")
            ),
            "restricted": register(house, Seed(subject=SUBJECT, due=date(2026, 11, 24))),
            "december": register(house, Seed(subject=SUBJECT, due=date(2026, 12, 9))),
        }
        self.meet("other", "2026-11-27T09:30")
        with house.sessions.begin() as session:
            session.get_one(Case, self.cases["restricted"]).restricted = True
        self.tokens = {
            "officer": let_in(house, "officer", ((Role.OFFICER, "complaints"),)),
            "registrar": let_in(house, "registrar", ((Role.REGISTRAR, None),)),
            "keeper": let_in(house, "keeper", ((Role.SECRET_REGISTRAR, None),), clearance="secret"),
        }

    def meet(self, name: str, value: str, person: str | None = None) -> None:
        with self.house.sessions.begin() as session:
            letter = session.scalars(
                select(Letter.id).where(Letter.case_id == self.cases[name])
            ).one()
            session.add(
                FieldRow(
                    letter_id=letter,
                    name="meeting_at",
                    position=0,
                    machine_value=value,
                    person_value=person,
                    confidence=1.0,
                    needs_check=False,
                    corrected_at=self.house.clock() if person else None,
                )
            )

    def staff(self, name: str) -> StaffMember:
        with self.house.sessions.begin() as session:
            found = staff_member(session, name, TODAY)
            assert found is not None
            return found

    def feed(self, token: str) -> list[tuple[str, date | datetime]]:
        read = Calendar.from_ical(read_feed(self.house, token))
        return [(str(one["summary"]), one.decoded("dtstart")) for one in read.walk("VEVENT")]


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> Iterator[Office]:
    house = small_house(tmp_path, clock)
    yield Office(house)
    house.close()


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    with running_review_app(office.house, sign_in=None) as opened:
        yield opened


def get(client: httpx.Client, office: Office, who: str, path: str, **asked: str) -> httpx.Response:
    return client.get(path, params=asked, headers={"cookie": f"saraban={office.tokens[who]}"})


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2569-11", Month(2026, 11)),
        ("๒๕๖๙-๑๒", Month(2026, 12)),
        ("2027-1", Month(2027, 1)),
        *((odd, Month(2026, 11)) for odd in ("", "2569-13", "9999-12", "x", "2569-11-1")),
    ],
)
def test_a_month_is_read_in_either_era_and_anything_else_is_this_month(
    text: str, month: Month
) -> None:
    assert read_month(text, TODAY) == month


def test_a_month_counts_due_dates_and_meetings_of_open_cases_by_day(office: Office) -> None:
    shown = month_calendar(office.house, Month(2026, 11), scope=WHOLE_SEARCH)
    cells = {cell.day: cell for week in shown.weeks for cell in week}
    assert {day.day: cell.due for day, cell in cells.items() if cell.due} == {16: 1, 24: 2}
    assert {day.day: cell.meetings for day, cell in cells.items() if cell.meetings} == {27: 1}
    assert cells[date(2026, 11, 21)].working is False
    assert (shown.due, shown.meetings, shown.day) == (3, 1, date(2026, 11, 16))
    assert all(len(week) == 7 for week in shown.weeks)
    december = month_calendar(office.house, Month(2026, 12), scope=WHOLE_SEARCH)
    named = {cell.day.day for week in december.weeks for cell in week if cell.holiday and cell.own}
    assert {5, 10, 31} <= named


def test_a_meeting_stands_on_the_day_a_person_has_set(office: Office) -> None:
    office.meet("soon", "2026-11-25", "2026-11-26T14:00")
    office.meet("late", "ไม่ใช่วันที่")
    listed = month_calendar(
        office.house, Month(2026, 11), scope=WHOLE_SEARCH, day=date(2026, 11, 26)
    )
    (entry,) = listed.entries
    assert entry.meeting and entry.at is not None and f"{entry.at:%H:%M}" == "14:00"
    assert {cell.day.day for week in listed.weeks for cell in week if cell.meetings} == {26, 27}


def test_people_see_what_they_may_open(office: Office, client: httpx.Client) -> None:
    def listed(who: str, **asked: str) -> set[str]:
        page = get(client, office, who, "/calendar", day="2026-11-24", **asked).text
        ids = {int(one) for one in re.findall(r'href="/cases/(\d+)"', page)}
        assert (SUBJECT in page) is bool(ids) or who == "keeper"
        return {name for name, case_id in office.cases.items() if case_id in ids}

    assert listed("officer") == {"soon"}
    assert listed("registrar") == {"soon", "other"}
    assert listed("registrar", group="political") == {"other"}
    assert listed("officer", group="political") == set()
    assert listed("keeper") == {"restricted"}
    page = get(client, office, "keeper", "/calendar", day="2026-11-24").text
    assert SUBJECT not in page and "จำกัดผู้เข้าถึง" in page


def test_the_page_is_in_thai_and_english_with_holidays_and_months_beside(
    office: Office, client: httpx.Client
) -> None:
    page = get(client, office, "registrar", "/calendar", month="2569-12").text
    for words in ("ธันวาคม พ.ศ. ๒๕๖๙", "month=2569-11", "month=2570-01", "วันรัฐธรรมนูญ", "ครบกำหนด ๑"):
        assert words in page
    english = get(client, office, "registrar", "/calendar", month="2026-11", lang="en").text
    assert "November 2569 BE" in english and "2 due" in english
    for odd in ("1999-01", "ก", "2643-12", "-", "2569-11\0"):
        assert get(client, office, "registrar", "/calendar", month=odd).status_code == 200
    assert get(client, office, "registrar", "/calendar", day="2026-99-99").status_code == 200


def test_overdue_cases_come_latest_first_in_working_days(
    office: Office, client: httpx.Client
) -> None:
    older = register(office.house, Seed(due=date(2026, 11, 12), group="political"))
    shown = overdue_page(office.house, scope=WHOLE_SEARCH)
    assert [entry.case_id for entry in shown.entries] == [older, office.cases["late"]]
    assert shown.working_days == {older: 6, office.cases["late"]: 4}
    page = get(client, office, "officer", "/overdue").text
    assert f"/cases/{office.cases['late']}" in page and f"/cases/{older}" not in page
    assert "๔ วันทำการ" in page
    scope = search_scope(office.staff("registrar"))
    assert overdue_page(office.house, scope=scope, group="political").total == 1


def test_queries_do_not_grow_with_the_cases(office: Office) -> None:
    statements: list[str] = []

    def count() -> int:
        statements.clear()
        month_calendar(office.house, Month(2026, 11), scope=WHOLE_SEARCH, day=date(2026, 11, 24))
        overdue_page(office.house, scope=WHOLE_SEARCH)
        return len(statements)

    event.listen(
        office.house.engine,
        "before_cursor_execute",
        lambda _c, _r, sql, *_: statements.append(sql),
    )
    count()
    before = count()
    for _ in range(60):
        register(office.house, Seed(due=date(2026, 11, 24)))
    register(office.house, Seed(due=date(2026, 11, 13)))
    assert count() == before
    shown = month_calendar(
        office.house, Month(2026, 11), scope=WHOLE_SEARCH, day=date(2026, 11, 24), number=9
    )
    assert (shown.total, shown.pages, shown.number, len(shown.entries)) == (62, 2, 2, 12)


def test_a_feed_has_numbers_categories_and_dates_and_nothing_a_letter_says(office: Office) -> None:
    token = make_feed(office.house, office.staff("officer"), "complaints")
    entries = office.feed(token)
    assert entries == [
        ("ครบกำหนด เลขรับ ๑/๒๕๖๙ เรื่องร้องทุกข์ร้องเรียน", date(2026, 11, 16)),
        ("ครบกำหนด เลขรับ ๒/๒๕๖๙ เรื่องร้องทุกข์ร้องเรียน", date(2026, 11, 24)),
        ("ครบกำหนด เลขรับ ๕/๒๕๖๙ เรื่องร้องทุกข์ร้องเรียน", date(2026, 12, 9)),
    ]
    whole = office.feed(make_feed(office.house, office.staff("registrar"), None))
    assert len(whole) == 5 and "๔/๒๕๖๙" not in str(whole)
    met = datetime.fromisoformat("2026-11-27T02:30:00+00:00")
    assert ("ประชุม เลขรับ ๓/๒๕๖๙ เรื่องร้องทุกข์ร้องเรียน", met) in whole
    assert SUBJECT not in read_feed(office.house, token).decode()


def test_subjects_are_in_a_feed_only_where_the_office_allows_it(office: Office) -> None:
    rules = office.house.configuration.casework
    allowed = rules.model_copy(update={"feed": rules.feed.model_copy(update={"subjects": True})})
    object.__setattr__(office.house.configuration, "casework", allowed)
    token = make_feed(office.house, office.staff("registrar"), "political")
    assert all(SUBJECT in summary for summary, _ in office.feed(token))


def test_an_address_ends_when_it_is_renewed_revoked_or_its_person_loses_the_role(
    office: Office,
) -> None:
    def works(token: str) -> bool:
        try:
            read_feed(office.house, token)
        except FeedUnknown:
            return False
        return True

    officer = office.staff("officer")
    first = make_feed(office.house, officer, "complaints")
    second = make_feed(office.house, officer, "complaints")
    assert (works(first), works(second)) == (False, True)
    revoke_feed(office.house, officer, "complaints")
    assert not works(second)
    third = make_feed(office.house, officer, "complaints")
    with office.house.sessions.begin() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == officer.person_id))
        session.add(PersonRole(person_id=officer.person_id, role="officer", group_id="political"))
    assert not works(third)
    with office.house.sessions.begin() as session:
        session.add(PersonRole(person_id=officer.person_id, role="officer", group_id="complaints"))
    assert works(third)
    with office.house.sessions.begin() as session:
        session.get_one(Person, officer.person_id).retired_at = office.house.clock()
    assert not works(third)
    assert not any(map(works, ("", "x" * 43, "x" * 5_000, "\0", "ก", third + "=")))


def test_who_does_not_see_a_group_gets_no_address_and_only_hashes_are_kept(office: Office) -> None:
    for who, group in (("officer", "political"), ("officer", None), ("keeper", None)):
        with pytest.raises(ActionRefused):
            make_feed(office.house, office.staff(who), group)
    token = make_feed(office.house, office.staff("registrar"), None)
    with office.house.sessions.begin() as session:
        (feed,) = session.scalars(select(CalendarFeed))
        assert token not in str(vars(feed)) and len(feed.token_hash) == 64
        made = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "make_calendar_feed")
        ).all()
    assert [one.actor for one in made] == ["registrar"] and token not in str(made[0].after)


def test_a_person_makes_and_revokes_an_address_on_the_page(
    office: Office, client: httpx.Client
) -> None:
    headers = {"cookie": f"saraban={office.tokens['officer']}"}
    form = {"form_token": form_token(office.tokens["officer"]), "group": "complaints"}
    made = client.post("/calendar/feeds", data=form, headers=headers)
    (address,) = re.findall(r'value="(http[^"]+\.ics)"', made.text)
    assert made.status_code == 200
    feed = client.get(address)
    assert feed.headers["content-type"].startswith("text/calendar")
    assert feed.headers["cache-control"] == "no-store" and b"VEVENT" in feed.content
    calendar_page = get(client, office, "officer", "/calendar").text
    assert "สร้างใหม่แทนที่อยู่เดิม" in calendar_page and address not in calendar_page
    assert client.post("/calendar/feeds/revoke", data=form, headers=headers).status_code == 303
    assert client.get(address).status_code == 404
    for group in ("political", "", "x" * 200):
        answer = client.post("/calendar/feeds", data={**form, "group": group}, headers=headers)
        assert answer.status_code == 404


def test_the_access_log_keeps_neither_addresses_of_feeds_nor_what_was_looked_for() -> None:
    def shown(path: str) -> str:
        record = logging.LogRecord(
            "uvicorn.access",
            logging.INFO,
            "x",
            1,
            '%s - "%s %s HTTP/%s" %d',
            ("127.0.0.1:1", "GET", path, "1.1", 200),
            None,
        )
        assert HideAddresses().filter(record)
        return record.getMessage()

    assert "secret" not in shown("/calendar/feed/secret.ics")
    assert "somchai" not in shown("/search?q=somchai&page=2") and "/search" in shown("/search?q=x")
    assert "/cases/7" in shown("/cases/7")
