from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from correspondence.clock import BANGKOK
from correspondence.vocabulary import Category, Channel, Deem, Urgency
from office.calendar_changes import HolidayChange, HolidayEffect, YearChange, apply_changes
from office.calendar_table import CalendarEntry, load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.due import DueRequest, decide_due
from routing.redating import OpenCase, redate_cases, redecide_cases

CONFIG = find_folder("config")
RULES = load_deadlines(CONFIG)
TABLE = load_calendar_table(CONFIG)
AFTER = WorkingCalendar.from_table(TABLE)
SPECIAL = date(2023, 7, 31)
BEFORE = WorkingCalendar.from_table(
    TABLE.model_copy(
        update={
            "add": tuple(e for e in TABLE.add if e.day != SPECIAL),
            "remove": (
                *TABLE.remove,
                next(e for e in TABLE.add if e.day == SPECIAL),
            ),
        }
    )
)


def open_case(case_id: int, received: date, **known: object) -> OpenCase:
    moment = datetime.combine(received, datetime.min.time(), tzinfo=BANGKOK)
    request = DueRequest.model_validate(
        {"received_at": moment + timedelta(hours=9), "category": Category.GENERAL, **known}
    )
    return OpenCase(case_id, request, decide_due(request, RULES, BEFORE))


def test_special_day_announced_late_redates_exactly_the_cases_that_cross_it() -> None:
    cases = [
        open_case(1, date(2023, 7, 10)),  # due 19 July: before it
        open_case(2, date(2023, 7, 21)),  # counts across it
        open_case(3, date(2023, 7, 31)),  # received on it: it is day 0, not counted
        open_case(4, date(2023, 7, 21), stated_deadline=date(2023, 8, 4)),  # a fixed date
        open_case(5, date(2023, 7, 27)),  # counts across it
    ]
    changes = redate_cases(cases, RULES, BEFORE, AFTER)
    assert [change.case_id for change in changes] == [2, 5]
    for change in changes:
        assert change.old_due is not None
        assert change.new_due is not None
        assert change.new_due > change.old_due
        assert change.decision.due_date == change.new_due
        assert "เพิ่มวันหยุด ๓๑ กรกฎาคม ๒๕๖๖" in change.reason


def test_holiday_taken_away_is_named_and_dates_come_forward() -> None:
    request = DueRequest(
        received_at=datetime(2023, 7, 21, 9, tzinfo=BANGKOK), category=Category.GENERAL
    )
    case = OpenCase(9, request, decide_due(request, RULES, AFTER))
    (change,) = redate_cases([case], RULES, AFTER, BEFORE)
    assert change.old_due is not None
    assert change.new_due is not None
    assert change.new_due < change.old_due
    assert "ยกเลิกวันหยุด ๓๑ กรกฎาคม ๒๕๖๖" in change.reason


def test_same_calendar_changes_nothing() -> None:
    cases = [open_case(1, date(2023, 7, 21))]
    assert redate_cases(cases, RULES, BEFORE, BEFORE) == ()


MARKS = st.builds(
    DueRequest,
    received_at=st.datetimes(
        datetime(2023, 6, 1), datetime(2023, 9, 1), timezones=st.just(BANGKOK)
    ),
    category=st.sampled_from(list(Category)),
    subcategory=st.sampled_from(["court_summons", "appeal", "question", "motion", "meeting"]),
    channel=st.sampled_from(list(Channel)),
    stated_phrase=st.sampled_from([None, "ภายใน ๗ วัน", "ภายใน 5 วันทำการ", "ภายใน ๑ เดือน"]),
    meeting_at=st.none() | st.dates(date(2023, 6, 1), date(2023, 9, 20)),
    urgency=st.sampled_from(list(Urgency)),
    event_date=st.none() | st.dates(date(2023, 5, 1), date(2023, 8, 30)),
)
WEEKDAYS = st.dates(date(2023, 6, 1), date(2023, 10, 31)).filter(lambda day: day.weekday() < 5)
LATE_MAIL = RULES.model_copy(update={"deem": dict.fromkeys(Channel, Deem.NEXT_WORKING_DAY)})


@given(MARKS, st.lists(WEEKDAYS, max_size=4), st.lists(WEEKDAYS, max_size=3))
@settings(max_examples=2_000, deadline=None)
def test_cases_the_change_does_not_touch_would_be_decided_the_same(
    request: DueRequest, added: list[date], removed: list[date]
) -> None:
    changes = [
        HolidayChange(effect=effect, entry=CalendarEntry(day=day, name="วันหยุดพิเศษ", source="ทดสอบ"))
        for effect, days in ((HolidayEffect.ADD, added), (HolidayEffect.REMOVE, removed))
        for day in days
    ]
    old = WorkingCalendar.from_table(TABLE)
    new = WorkingCalendar.from_table(apply_changes(TABLE, changes, version="changed"))
    before, after = decide_due(request, LATE_MAIL, old), decide_due(request, LATE_MAIL, new)
    found = list(redecide_cases([OpenCase(1, request, before)], LATE_MAIL, old, new))
    assert bool(found) == (before != after)
    if found:
        assert found[0].decision == after
        assert found[0].moved == (before.due_date != after.due_date)


def test_date_that_a_person_has_set_stays_and_asks_for_a_look() -> None:
    case = open_case(4, date(2023, 7, 21))
    extended = case.decision.model_copy(update={"due_date": date(2023, 9, 1)})
    (change,) = redecide_cases([OpenCase(4, case.request, extended)], RULES, BEFORE, AFTER)
    assert not change.by_rule
    assert not change.moved
    assert change.new_due == date(2023, 9, 1)
    assert "ให้เจ้าหน้าที่พิจารณา" in change.reason


def test_year_confirmed_now_changes_what_dates_of_it_rest_on_and_no_date() -> None:
    request = DueRequest(
        received_at=datetime(2027, 2, 1, 9, tzinfo=BANGKOK), category=Category.GENERAL
    )
    checked = YearChange(year=2027, source="ประกาศวันหยุดปี 2570")
    confirmed = WorkingCalendar.from_table(apply_changes(TABLE, [checked], version="2"))
    case = OpenCase(1, request, decide_due(request, RULES, AFTER))
    (change,) = redecide_cases([case], RULES, AFTER, confirmed)
    assert not change.moved
    assert not case.decision.calendar_confirmed
    assert change.decision.calendar_confirmed
    assert redate_cases([case], RULES, AFTER, confirmed) == ()
