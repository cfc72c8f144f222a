from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from correspondence.clock import BANGKOK
from correspondence.vocabulary import Role, Urgency
from office.calendar_table import load_calendar_table
from office.deadlines import OfficeHours, ReminderPolicy, load_deadlines
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.reminders import (
    Assignment,
    Notice,
    NoticeKind,
    WatchedCase,
    find_notices,
    in_office_hours,
    is_overdue,
)

CONFIG = find_folder("config")
POLICY = load_deadlines(CONFIG).reminders
OFFICE = WorkingCalendar.from_table(load_calendar_table(CONFIG))
DUE = date(2026, 11, 20)
CASE = WatchedCase(7, DUE, last_progress=date(2026, 11, 2))


def notices(today: date, case: WatchedCase = CASE) -> list[Notice]:
    return list(find_notices(today, [case], POLICY, OFFICE))


def send(case: WatchedCase, sent: list[Notice]) -> WatchedCase:
    keys = {key for notice in sent for key in (notice.key, *notice.supersedes)}
    return replace(case, sent=case.sent | keys)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 16), []),
        (date(2026, 11, 17), [(NoticeKind.NEAR_DUE, 3, Role.OFFICER)]),
        (date(2026, 11, 19), [(NoticeKind.NEAR_DUE, 1, Role.OFFICER)]),
        (date(2026, 11, 20), [(NoticeKind.DUE_TODAY, 0, Role.OFFICER)]),
        (
            date(2026, 11, 23),
            [(NoticeKind.OVERDUE, 1, Role.OFFICER), (NoticeKind.OVERDUE, 2, Role.GROUP_HEAD)],
        ),
    ],
)
def test_levels_of_a_due_date(today: date, expected: list[tuple[NoticeKind, int, Role]]) -> None:
    assert [(n.kind, n.level, n.role) for n in notices(today)] == expected


def test_overdue_is_strictly_after_the_due_date() -> None:
    assert not is_overdue(DUE, DUE)
    assert is_overdue(DUE + timedelta(days=1), DUE)
    assert not is_overdue(DUE, None)


def test_second_run_sends_nothing() -> None:
    for today in (date(2026, 11, 17), date(2026, 11, 20), date(2026, 12, 30)):
        first = notices(today)
        assert first
        assert notices(today, send(CASE, first)) == []


def test_missed_days_catch_up_once_with_the_highest_level() -> None:
    found = notices(date(2026, 11, 20))
    assert [n.kind for n in found] == [NoticeKind.DUE_TODAY]
    assert len(found[0].supersedes) == 2
    assert notices(date(2026, 11, 20), send(CASE, found)) == []


def test_ladder_tells_officer_head_of_group_head_of_office() -> None:
    case = WatchedCase(8, None, last_progress=date(2026, 9, 1))
    told: list[tuple[int, Role]] = []
    for days in range(60):
        found = notices(date(2026, 9, 1) + timedelta(days=days), case)
        told += [(days, notice.role) for notice in found]
        case = send(case, found)
    assert told == [(30, Role.OFFICER), (45, Role.GROUP_HEAD), (52, Role.OFFICE_HEAD)]


def test_progress_entry_starts_the_ladder_anew() -> None:
    case = WatchedCase(8, None, last_progress=date(2026, 9, 1))
    case = send(case, notices(date(2026, 10, 1), case))
    moved_on = replace(case, last_progress=date(2026, 10, 5))
    assert notices(date(2026, 10, 20), moved_on) == []
    assert [n.level for n in notices(date(2026, 11, 4), moved_on)] == [1]


def test_new_due_date_starts_its_levels_anew() -> None:
    sent = send(CASE, notices(date(2026, 11, 20)))
    extended = replace(sent, due_date=date(2026, 11, 27))
    assert notices(date(2026, 11, 20), extended) == []
    assert [n.level for n in notices(date(2026, 11, 24), extended)] == [3]


def test_no_reminder_on_arrival_for_a_short_period() -> None:
    case = WatchedCase(9, date(2026, 11, 17), date(2026, 11, 16), opened=date(2026, 11, 16))
    assert notices(date(2026, 11, 16), case) == []
    assert [n.kind for n in notices(date(2026, 11, 17), case)] == [NoticeKind.DUE_TODAY]


def test_near_due_days_are_working_days() -> None:
    case = WatchedCase(10, date(2026, 4, 16), date(2026, 4, 1))
    assert [n.level for n in notices(date(2026, 4, 10), case)] == [1]


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2026, 11, 20, 8, 30, tzinfo=BANGKOK), True),
        (datetime(2026, 11, 20, 16, 30, tzinfo=BANGKOK), False),
        (datetime(2026, 11, 21, 10, 0, tzinfo=BANGKOK), False),
        (datetime(2026, 12, 10, 10, 0, tzinfo=BANGKOK), False),
    ],
)
def test_office_hours(moment: datetime, inside: bool) -> None:
    assert in_office_hours(moment, OfficeHours(), OFFICE) is inside


@given(st.sets(st.integers(0, 90), min_size=1))
@settings(max_examples=200, deadline=None)
def test_whatever_runs_are_missed_each_key_is_sent_at_most_once_and_the_last_level_arrives(
    runs: set[int],
) -> None:
    start = date(2026, 11, 2)
    case = CASE
    sent: list[str] = []
    for offset in sorted(runs):
        found = notices(start + timedelta(days=offset), case)
        sent += [notice.key for notice in found]
        case = send(case, found)
    assert len(sent) == len(set(sent))
    if start + timedelta(days=max(runs)) > DUE:
        assert f"overdue:2:{DUE.isoformat()}" in sent


def test_the_default_ladders_are_those_of_the_office() -> None:
    assert [(s.days, s.role) for s in ReminderPolicy().progress_ladder] == [
        (30, Role.OFFICER),
        (45, Role.GROUP_HEAD),
        (52, Role.OFFICE_HEAD),
    ]
    assert ReminderPolicy() == POLICY


def test_a_case_its_group_does_not_accept_climbs_by_working_days() -> None:
    given_on_friday = Assignment(date(2026, 11, 20), "complaints")
    case = WatchedCase(11, None, date(2026, 11, 20), unaccepted=given_on_friday)
    told: list[tuple[date, Role]] = []
    for days in range(12):
        today = date(2026, 11, 20) + timedelta(days=days)
        found = notices(today, case)
        told += [(today, notice.role) for notice in found]
        case = send(case, found)
    assert told == [(date(2026, 11, 23), Role.GROUP_HEAD), (date(2026, 11, 25), Role.OFFICE_HEAD)]
    another = replace(case, unaccepted=Assignment(date(2026, 11, 20), "political"))
    assert {n.role for n in notices(date(2026, 11, 25), another)} == {
        Role.GROUP_HEAD,
        Role.OFFICE_HEAD,
    }
    assert notices(date(2026, 12, 1), replace(case, unaccepted=None)) == []


def test_the_most_urgent_case_is_told_at_once_when_it_is_assigned() -> None:
    waiting = Assignment(date(2026, 11, 20), "complaints")
    urgent = WatchedCase(12, None, waiting.since, urgency=Urgency.MOST_URGENT, unaccepted=waiting)
    (notice,) = notices(waiting.since, urgent)
    assert (notice.kind, notice.role) == (NoticeKind.NOT_ACCEPTED, Role.GROUP_HEAD)
    assert notice.immediate
    assert notices(waiting.since, replace(urgent, urgency=Urgency.VERY_URGENT)) == []


def test_other_urgencies_wait_for_the_digest() -> None:
    (due,) = notices(DUE, replace(CASE, urgency=Urgency.VERY_URGENT))
    (urgent,) = notices(DUE, replace(CASE, urgency=Urgency.MOST_URGENT))
    assert (due.immediate, urgent.immediate) == (False, True)


def test_whoever_must_act_is_reminded_beside_the_officer() -> None:
    signing = replace(CASE, waits_for=Role.OFFICE_HEAD)
    found = notices(DUE, signing)
    assert [n.role for n in found] == [Role.OFFICER, Role.OFFICE_HEAD]
    assert len({n.key for n in found}) == 2
    assert notices(DUE, send(signing, found)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"accept_ladder": [{"level": 2, "days": 0, "role": "officer"}] * 2},
        {"near_due_days": [0]},
        {"digest_lines": 0},
    ],
)
def test_a_policy_that_cannot_be_kept_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReminderPolicy.model_validate(wrong)
