from __future__ import annotations

from datetime import date, datetime, timedelta

from correspondence.clock import BANGKOK
from correspondence.vocabulary import Category
from office.calendar_table import load_calendar_table
from office.deadlines import load_deadlines
from office.places import find_folder
from routing.calendar import WorkingCalendar
from routing.due import DueRequest, decide_due
from routing.redating import OpenCase, redate_cases

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
