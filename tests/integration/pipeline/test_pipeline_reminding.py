"""What is put when: clocks, digests, recipients; a missed day once, a rerun nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from correspondence.states import Action
from correspondence.vocabulary import Category, Role, Urgency
from office.places import find_folder
from pipeline.bootstrap import House
from pipeline.posting import as_it_stands
from pipeline.reminding import due_notices, remind
from registry.alerts import open_alerts
from registry.models import Assignment, Case, Contribution, NoticeRow, OutboxMessage, Person
from registry.outbox import WaitingMessage, claim_messages, outbox_standing
from registry.transitions import CaseChange, take_action
from tests.conftest import SetClock
from tests.seeding import HEAD, OFFICER, Seed, employ, register, small_house

# Friday 20 November 2026, 12:00 in Bangkok, is when cases come.
DUE = date(2026, 11, 24)
NEXT_DRAFT = CaseChange(draft_version=1)
SEED = Seed(subject="เรื่องลับเฉพาะตัว", text="ข้อความในจดหมาย", due=DUE)


@pytest.fixture
def small(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock)
    yield opened
    opened.close()


def notices(house: House) -> list[tuple[str, str]]:
    """Return alert and recipient of everything in the sent table."""
    with house.sessions.begin() as session:
        rows = session.query(NoticeRow).order_by(NoticeRow.id)
        return [(row.level.partition(":")[0], row.recipient.partition("@")[0]) for row in rows]


def mails(house: House) -> list[tuple[str, str, str]]:
    """Return alert, recipient and the whole text of everything in the outbox."""
    with house.sessions.begin() as session:
        rows = session.query(OutboxMessage).order_by(OutboxMessage.id)
        return [
            (row.alert, row.recipient.partition("@")[0], f"{row.subject}\n{row.body}")
            for row in rows
        ]


def at(day: int, hour: int = 5, month: int = 11) -> datetime:
    """Return a moment of 2026; 5:00 in UTC is noon in Bangkok."""
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def accepted(house: House, seed: Seed = SEED, urgency: Urgency = Urgency.NORMAL) -> int:
    """Register a case that an officer of its group has taken on."""
    case_id = register(house, seed)
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.RETURN_DRAFT, HEAD, at=house.clock(), reason="แก้ไข")
        case.urgency = urgency.value
    return case_id


def complaints_staff(house: House) -> None:
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "head", Role.GROUP_HEAD, "complaints")
    employ(house, "stranger", Role.OFFICER, "political")
    employ(house, "chief", Role.OFFICE_HEAD, None)


def test_each_person_has_one_digest_a_day_and_a_rerun_puts_nothing(
    house: House, clock: SetClock
) -> None:
    complaints_staff(house)
    for _ in range(3):
        accepted(house)
    clock.now = at(25)
    first = remind(house)
    assert (first.put, first.digests, first.due) == (2, 2, 6)
    assert {mail[:2] for mail in mails(house)} == {("digest", "head"), ("digest", "officer")}
    clock.move(hours=1)
    again = remind(house)
    assert (again.put, again.due, again.later) == (0, 0, 0)
    assert len(mails(house)) == 2


def test_what_comes_up_after_the_digest_waits_for_the_next_day(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small)
    clock.now = at(23, 2)
    assert remind(small).digests == 1
    late = accepted(small)
    with small.sessions.begin() as session:
        session.get_one(Case, late).opened_at = at(2)
    counts = remind(small)
    assert (counts.put, counts.later) == (0, 1)
    clock.now = at(24, 2)
    assert remind(small).digests == 1
    assert ("digest", "officer") in {mail[:2] for mail in mails(small)}
    assert [mail[0] for mail in mails(small)].count("digest") == 2


def test_what_is_due_today_but_came_up_after_the_digest_goes_at_once(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small)
    clock.now = at(24, 2)
    assert remind(small).digests == 1
    accepted(small)
    counts = remind(small)
    assert (counts.put, counts.digests, counts.later) == (1, 0, 0)
    assert mails(small)[-1][0] == "due_today"
    assert remind(small).put == 0


def test_the_most_urgent_case_is_told_by_itself_and_not_in_the_digest(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small, urgency=Urgency.MOST_URGENT)
    accepted(small)
    clock.now = at(24)
    counts = remind(small)
    assert (counts.put, counts.digests) == (2, 1)
    single, digest = sorted(mails(small), key=lambda mail: mail[0] == "digest")
    assert single[:2] == ("due_today", "officer") and "ด่วนที่สุด" in single[2]
    assert "เลขรับ ๒/๒๕๖๙" in digest[2] and "เลขรับ ๑/๒๕๖๙" not in digest[2]
    assert remind(small).put == 0


def test_the_most_urgent_is_told_when_it_is_assigned_until_somebody_accepts_it(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    case_id = register(small, Seed(due=date(2026, 12, 24)))
    with small.sessions.begin() as session:
        session.get_one(Case, case_id).urgency = Urgency.MOST_URGENT.value
    assert remind(small).put == 1
    assert notices(small) == [("not_accepted", "head")]
    clock.now = at(23)
    assert remind(small).put == 1
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.RETURN_DRAFT, HEAD, at=clock(), reason="แก้ไข")
    clock.now = at(27)
    assert remind(small).due == 0


def test_a_case_nobody_accepts_climbs_to_the_head_of_the_office(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    register(small, Seed(due=date(2026, 12, 24)))
    assert remind(small).due == 0
    clock.now = at(23)
    remind(small)
    clock.now = at(25)
    remind(small)
    assert notices(small) == [("not_accepted", "head"), ("not_accepted", "chief")]


def test_the_machines_draft_accepts_nothing_and_reopening_asks_anew(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    case_id = accepted(small, Seed(due=date(2026, 12, 24)))
    clock.now = at(25)
    assert remind(small).due == 0
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        case.state = "closed"
        take_action(session, case, Action.REOPEN, HEAD, at=clock(), reason="มีข้อมูลใหม่")
    clock.now = at(30)
    remind(small)
    assert ("not_accepted", "head") in notices(small)


def test_no_progress_climbs_at_30_45_and_52_days_once_and_an_entry_starts_anew(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    case_id = accepted(small, Seed(due=None))
    told: list[tuple[date, list[tuple[str, str]]]] = []
    known = 0
    for _ in range(79):
        clock.move(days=1)
        remind(small)
        now = notices(small)
        if len(now) > known:
            told.append((clock.now.date(), now[known:]))
            known = len(now)
    # Day 30 is a Sunday, day 45 a Monday, day 52 a Monday.
    assert told == [
        (date(2026, 12, 21), [("no_progress", "officer")]),
        (date(2027, 1, 4), [("no_progress", "head")]),
        (date(2027, 1, 11), [("no_progress", "chief")]),
    ]
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.SUBMIT_DRAFT, OFFICER, at=clock(), change=NEXT_DRAFT)
    clock.move(days=31)
    remind(small)
    assert notices(small)[known:] == [("no_progress", "officer")]


def test_missed_days_catch_up_once_with_the_highest_level_only(
    house: House, clock: SetClock
) -> None:
    complaints_staff(house)
    accepted(house)
    clock.now = at(30)
    assert remind(house).put == 2
    lines = [text for alert, to, text in mails(house) if to == "officer"]
    assert len(lines) == 1
    assert "เกินกำหนด (๑ รายการ)" in lines[0] and "ใกล้ครบกำหนด" not in lines[0]
    clock.move(days=1)
    assert remind(house).due == 0


def test_a_new_due_date_starts_the_levels_anew(small: House, clock: SetClock) -> None:
    complaints_staff(small)
    case_id = accepted(small)
    clock.now = at(25)
    remind(small)
    before = len(notices(small))
    with small.sessions.begin() as session:
        session.get_one(Case, case_id).due_date = date(2026, 11, 27)
    clock.now = at(26)
    assert remind(small).put == 1
    assert len(notices(small)) > before


def test_two_passes_at_once_put_each_notice_once(house: House, clock: SetClock) -> None:
    complaints_staff(house)
    for _ in range(4):
        accepted(house)
    clock.now = at(25)
    counts = []
    threads = [threading.Thread(target=lambda: counts.append(remind(house))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(count.put for count in counts) == [0, 0, 0, 2]
    assert len(mails(house)) == 2


@given(days=st.sets(st.integers(0, 20), min_size=1))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_passes_are_missed_no_level_is_put_twice_and_none_of_the_last_is_lost(
    tmp_path_factory: pytest.TempPathFactory, days: set[int]
) -> None:
    clock = SetClock()
    home = tmp_path_factory.mktemp("missed")
    opened = small_house(home, clock)
    complaints_staff(opened)
    accepted(opened)
    register(opened, Seed(due=DUE))
    for day in sorted(days):
        clock.now = at(20)
        clock.move(days=day)
        for _ in range(2):
            remind(opened)
    with opened.sessions.begin() as session:
        keys = [row.key for row in session.query(NoticeRow)]
        digests = [row.key for row in session.query(OutboxMessage)]
    assert len(keys) == len(set(keys)) and len(digests) == len(set(digests))
    dates = (at(20).date() + timedelta(days=day) for day in days if day >= 5)
    if any(opened.calendar.is_working_day(day) for day in dates):
        assert f"overdue:2:{DUE.isoformat()}/1/head@office.example" in keys
        assert f"overdue:1:{DUE.isoformat()}/1/officer@office.example" in keys
    opened.close()


def test_outside_office_hours_and_on_holidays_nobody_is_reminded(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small)
    for moment in (at(25, 13), at(25, 1), at(28), at(7, month=12)):
        clock.now = moment
        assert not remind(small).office_open
    assert len(due_notices(small)) > 0
    assert mails(small) == []


def test_closed_and_resting_cases_are_left_alone(small: House, clock: SetClock) -> None:
    complaints_staff(small)
    case_id = accepted(small)
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.HOLD, HEAD, at=clock(), reason="รอผล")
    clock.now = at(25)
    assert remind(small).watched == 0


def test_a_full_digest_leaves_the_rest_for_the_next_one(tmp_path: Path, clock: SetClock) -> None:
    config = tmp_path / "config"
    config.mkdir()
    for file in find_folder("config").glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace("digest_lines = 200", "digest_lines = 2")
        (config / file.name).write_text(text, encoding="utf-8")
    opened = small_house(tmp_path / "home", clock, config=config)
    employ(opened, "officer", Role.OFFICER, "complaints")
    for _ in range(5):
        accepted(opened)
    clock.now = at(24)
    first = remind(opened)
    assert (first.digests, first.later) == (1, 3)
    assert remind(opened).digests == 0
    for day in (25, 26, 27, 30, 1):
        clock.now = at(day, month=11 if day > 1 else 12)
        remind(opened)
    overdue = [level for level, _ in notices(opened) if level == "overdue"]
    assert len(overdue) == 5
    opened.close()


def test_a_reminder_holds_no_word_of_the_letter_and_a_restricted_one_no_category(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small)
    hidden = accepted(small, urgency=Urgency.MOST_URGENT)
    open_urgent = accepted(small, urgency=Urgency.MOST_URGENT)
    with small.sessions.begin() as session:
        session.get_one(Case, hidden).restricted = True
    employ(small, "kamon", Role.SECRET_REGISTRAR, None, clearance="secret")
    employ(small, "low", Role.SECRET_REGISTRAR, None, clearance="open")
    clock.now = at(25)
    remind(small)
    texts = mails(small)
    whole = "\n".join(text for _, _, text in texts)
    for word in (SEED.subject, SEED.text, SEED.sender, "mali@example.org"):
        assert word not in whole
    assert "๒๔ พฤศจิกายน ๒๕๖๙" in whole and "กลุ่มรับเรื่องราวร้องทุกข์" in whole
    category = Category.COMPLAINT.thai
    told = [(to, text) for _, to, text in texts if f"(เรื่องที่ {hidden})" in text]
    # Who may open it, and nobody else, has its number and its date.
    assert {to for to, _ in told} == {"kamon"}
    for _, text in told:
        assert "เรื่องจำกัดผู้เข้าถึง" in text and "เลขรับ ๒/๒๕๖๙" in text
        assert category not in text and "กลุ่มรับเรื่องราวร้องทุกข์" not in text
    assert category in "".join(text for _, _, text in texts if f"(เรื่องที่ {open_urgent})" in text)


def test_a_restricted_case_reaches_nobody_who_may_not_open_it(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    employ(small, "low", Role.SECRET_REGISTRAR, None, clearance="open")
    case_id = accepted(small)
    with small.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    clock.now = at(24)
    counts = remind(small)
    assert (counts.put, counts.unreachable) == (0, 1)
    away = {"absent_from": date(2026, 11, 1), "absent_until": None}
    employ(small, "kamon", Role.SECRET_REGISTRAR, None, clearance="top_secret", **away)
    assert remind(small).put == 1
    assert {to for _, to in notices(small)} == {"kamon"}


def test_a_contribution_reminds_by_its_own_due_date(small: House, clock: SetClock) -> None:
    complaints_staff(small)
    case_id = accepted(small, Seed(due=None))
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        asked = CaseChange(agency="เขต")
        take_action(session, case, Action.ASK_CONTRIBUTION, OFFICER, at=clock(), change=asked)
        part = Contribution(
            case_id=case_id, agency="สำนักงานเขต", due_date=date(2026, 11, 26),
            asked_by="officer", asked_at=clock(),
        )  # fmt: skip
        session.add(part)
    told = []
    for day in (23, 24, 25, 26, 27, 30):
        clock.now = at(day)
        remind(small)
        told.append((day, [one for one in notices(small) if one[0] == "contribution"]))
    near, today, late = [("contribution", "officer")], [("contribution", "officer")] * 2, 4
    assert told[:4] == [(23, []), (24, []), (25, near), (26, today)]
    assert [len(found) for _, found in told[4:]] == [late, late]
    assert told[-1][1].count(("contribution", "head")) == 1
    assert "สำนักงานเขต" not in "".join(text for _, _, text in mails(small))


def test_a_year_without_calendar_stops_neither_ladder_nor_overdue(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    accepted(small, Seed(due=date(9000, 1, 4)))
    clock.now = datetime(2026, 12, 21, 3, tzinfo=UTC)
    counts = remind(small)
    assert (counts.unclear, counts.put) == (1, 1)
    assert notices(small) == [("no_progress", "officer")]


def test_a_case_voided_while_a_digest_waits_is_left_out_of_it(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    cases = [accepted(small) for _ in range(3)]
    clock.now = at(24)
    remind(small)

    def void(case_id: int) -> None:
        with small.sessions.begin() as session:
            case = session.get_one(Case, case_id)
            take_action(session, case, Action.VOID, HEAD, at=clock(), reason="ลงซ้ำ")

    def claim() -> WaitingMessage | None:
        (one,) = claim_messages(small.sessions, now=clock(), limit=9, lease=timedelta(minutes=1))
        clock.move(minutes=2)
        return as_it_stands(small, one)

    whole = claim()
    assert whole is not None and "จำนวน ๓ รายการ" in whole.subject
    void(cases[1])
    left = claim()
    assert left is not None and "จำนวน ๒ รายการ" in left.subject
    expected = [f"(เรื่องที่ {case_id})" in left.body for case_id in cases]
    assert expected == [True, False, True]
    assert "๒. เลขรับ ๓/๒๕๖๙" in left.body and "(๒ รายการ)" in left.body
    assert left.body.count("ครบกำหนดวันนี้ (ครบกำหนด") == 2
    stored = mails(small)[0][2]
    assert stored == f"{left.subject}\n{left.body}"
    void(cases[0])
    void(cases[2])
    assert claim() is None
    assert outbox_standing(small.sessions).withdrawn == 1


def test_an_absent_officer_is_stood_in_for_by_the_deputy_of_the_deputy(
    small: House, clock: SetClock
) -> None:
    away = {"absent_from": date(2026, 11, 23), "absent_until": date(2026, 11, 27)}
    last = employ(small, "last", Role.OFFICER, "political")
    first = employ(small, "first", Role.OFFICER, "political", deputy_id=last, **away)
    employ(small, "officer", Role.OFFICER, "complaints", deputy_id=first, **away)
    accepted(small)
    clock.now = at(24)
    remind(small)
    assert {to for _, to in notices(small)} == {"last"}
    clock.now = at(30)
    remind(small)
    assert ("overdue", "officer") in notices(small)


def test_where_all_deputies_are_away_the_notice_climbs(small: House, clock: SetClock) -> None:
    away = {"absent_from": date(2026, 11, 1), "absent_until": None}
    officer = employ(small, "officer", Role.OFFICER, "complaints", **away)
    other = employ(small, "other", Role.OFFICER, "political", deputy_id=officer, **away)
    with small.sessions.begin() as session:
        session.get_one(Person, officer).deputy_id = other  # a ring
    accepted(small)
    employ(small, "chief", Role.OFFICE_HEAD, None)
    clock.now = at(24)
    assert remind(small).unreachable == 0
    assert {to for _, to in notices(small)} == {"chief"}


def test_where_everybody_is_away_those_asked_first_get_it(small: House, clock: SetClock) -> None:
    away = {"absent_from": date(2026, 11, 1), "absent_until": None}
    employ(small, "officer", Role.OFFICER, "complaints", **away)
    employ(small, "chief", Role.OFFICE_HEAD, None, **away)
    accepted(small)
    clock.now = at(24)
    remind(small)
    assert {to for _, to in notices(small)} == {"officer"}


def test_with_nobody_at_all_an_alert_stands_until_somebody_is_there(
    small: House, clock: SetClock
) -> None:
    accepted(small)
    clock.now = at(25)
    assert remind(small).unreachable == 2
    with small.sessions.begin() as session:
        assert [(a.source, a.code) for a in open_alerts(session)] == [
            ("notices", "nobody_to_notify")
        ]
    employ(small, "secretary", Role.SECRETARY, None)
    again = remind(small)
    assert (again.put, again.unreachable) == (1, 0)
    with small.sessions.begin() as session:
        assert open_alerts(session) == []


def test_the_one_who_has_the_case_is_told_and_not_the_whole_group(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    owner = employ(small, "owner", Role.OFFICER, "complaints")
    case_id = accepted(small)
    with small.sessions.begin() as session:
        session.add(
            Assignment(case_id=case_id, person_id=owner, assigned_by="head", assigned_at=clock())
        )
    clock.now = at(24)
    remind(small)
    assert {to for _, to in notices(small)} == {"owner"}


def test_a_case_that_waits_for_a_signature_reminds_the_signer_too(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    case_id = register(small, SEED)
    with small.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.APPROVE, HEAD, at=clock())
    clock.now = at(24)
    remind(small)
    assert {to for kind, to in notices(small) if kind == "due_today"} == {"officer", "chief"}


def test_a_triage_case_reminds_the_registrar(small: House, clock: SetClock) -> None:
    register(small, Seed(abstained=True, due=DUE))
    employ(small, "desk", Role.REGISTRAR, None)
    clock.now = at(25)
    remind(small)
    assert {recipient for _, recipient in notices(small)} == {"desk"}


def test_a_date_beyond_the_calendar_keeps_nobody_else_from_being_reminded(
    small: House, clock: SetClock
) -> None:
    accepted(small, Seed(due=date(9000, 1, 4)))
    accepted(small)
    employ(small, "officer", Role.OFFICER, "complaints")
    clock.now = at(25)
    counts = remind(small)
    assert (counts.unclear, counts.put) == (1, 1)


def test_channels_get_the_most_urgent_but_nothing_restricted(
    tmp_path: Path, clock: SetClock
) -> None:
    opened = small_house(tmp_path, clock, notify_urls=SecretStr("json://127.0.0.1:1/x"))
    complaints_staff(opened)
    hidden = accepted(opened, urgency=Urgency.MOST_URGENT)
    accepted(opened, urgency=Urgency.MOST_URGENT)
    accepted(opened)
    with opened.sessions.begin() as session:
        session.get_one(Case, hidden).restricted = True
    clock.now = at(24)
    remind(opened)
    channels = [text for _, to, text in mails(opened) if to.startswith("channel:")]
    assert len(channels) == 1 and f"(เรื่องที่ {hidden})" not in channels[0]
    assert "127.0.0.1" not in str(mails(opened))
    opened.close()


def test_a_coordination_entry_is_progress_and_an_extension_is_not(
    small: House, clock: SetClock
) -> None:
    complaints_staff(small)
    asked = accepted(small, Seed(due=None))
    extended = accepted(small, Seed(due=None))
    clock.now = at(15, month=12)
    with small.sessions.begin() as session:
        for case_id, action, given in (
            (asked, Action.LOG_COORDINATION, {"contact", "channel"}),
            (extended, Action.EXTEND, {"due"}),
        ):
            case = session.get_one(Case, case_id)
            change = CaseChange(besides=frozenset(given))
            take_action(session, case, action, HEAD, at=clock(), change=change, reason="รอผล")
    clock.now = at(21, month=12)
    remind(small)
    with small.sessions.begin() as session:
        rows = session.query(NoticeRow).filter(NoticeRow.level.startswith("no_progress"))
        assert {row.case_id for row in rows} == {extended}
