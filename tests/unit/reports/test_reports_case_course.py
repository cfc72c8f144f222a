from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, Channel
from office.deadlines import Stage
from registry.case_history import EXTEND, CaseHistory, CaseStep, DatedDue
from reports.case_course import course_of

S = CaseState
START = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
WAY = (
    (S.REGISTERED, Action.CLASSIFY, S.CLASSIFIED),
    (S.CLASSIFIED, Action.ROUTE, S.ASSIGNED),
    (S.ASSIGNED, Action.START_DRAFT, S.DRAFTING),
    (S.DRAFTING, Action.SUBMIT_DRAFT, S.IN_REVIEW),
    (S.IN_REVIEW, Action.APPROVE, S.SIGN_OFF),
    (S.SIGN_OFF, Action.SIGN, S.AWAITING_DISPATCH),
    (S.AWAITING_DISPATCH, Action.DISPATCH, S.DISPATCHED),
    (S.DISPATCHED, Action.CLOSE, S.CLOSED),
)


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def steps(count: int, *, begin: float = 0) -> tuple[CaseStep, ...]:
    """The first moves of the usual way, one a day."""
    return tuple(
        CaseStep(after(begin + number), action.value, before, to)
        for number, (before, action, to) in enumerate(WAY[:count])
    )


def move(days: float, action: Action | str, before: CaseState, to: CaseState) -> CaseStep:
    return CaseStep(after(days), str(action), before, to)


def history(*done: CaseStep, due_dates: tuple[DatedDue, ...] = (), **said: object) -> CaseHistory:
    values: dict[str, object] = {
        "case_id": 7,
        "until": after(300),
        "state": done[-1].to_state if done and done[-1].to_state else S.REGISTERED,
        "category": Category.COMPLAINT,
        "subcategory": None,
        "group": "complaints",
        "channel": Channel.EMAIL,
        "opened_at": START,
        "registered_at": START,
        "due_date": None,
        "steps": done,
        "due_dates": due_dates,
        **said,
    }
    return CaseHistory(**values)  # type: ignore[arg-type]


def test_a_case_ends_when_its_answer_leaves_not_when_somebody_closes_it() -> None:
    course = course_of(history(*steps(8)))
    assert course.ended_on == DAY + timedelta(days=6)
    assert course.reached == {
        Stage.REGISTERED: DAY,
        Stage.DRAFTED: DAY + timedelta(days=3),
        Stage.REVIEWED: DAY + timedelta(days=4),
        Stage.SIGNED: DAY + timedelta(days=5),
    }
    assert course_of(history(*steps(6))).ended_on is None


def test_a_returned_draft_is_not_drafted_any_more() -> None:
    back = move(5, Action.RETURN_DRAFT, S.IN_REVIEW, S.DRAFTING)
    course = course_of(history(*steps(4), back))
    assert course.returned == 1
    assert set(course.reached) == {Stage.REGISTERED}
    again = move(8, Action.SUBMIT_DRAFT, S.DRAFTING, S.IN_REVIEW)
    assert course_of(history(*steps(4), back, again)).reached[Stage.DRAFTED] == DAY + timedelta(8)


@pytest.mark.parametrize(
    ("action", "before", "to", "count"),
    [
        (Action.RETURN_DRAFT, S.IN_REVIEW, S.DRAFTING, 4),
        (Action.REJECT, S.SIGN_OFF, S.DRAFTING, 5),
        (Action.RETURN_TO_TRIAGE, S.ASSIGNED, S.TRIAGE, 2),
    ],
)
def test_all_three_ways_back_count_as_returned(
    action: Action, before: CaseState, to: CaseState, count: int
) -> None:
    assert course_of(history(*steps(count), move(9, action, before, to))).returned == 1


def test_a_reopened_case_is_open_and_has_a_new_clock() -> None:
    again = move(20, Action.REOPEN, S.CLOSED, S.ASSIGNED)
    course = course_of(history(*steps(8), again))
    assert course.ended_on is None
    assert (course.received_on, course.started_on) == (DAY, DAY + timedelta(days=20))
    assert course.reopened == 1
    assert set(course.reached) == {Stage.REGISTERED}
    closed = move(23, Action.CONFIRM_NO_REPLY, S.NO_REPLY_PENDING, S.CLOSED)
    assert course_of(history(*steps(8), again, closed)).ended_on == DAY + timedelta(days=23)


def test_the_due_date_in_force_at_the_end_is_judged_by() -> None:
    first = DatedDue(after(0), date(2026, 11, 5))
    extended = DatedDue(after(4), date(2026, 11, 12))
    redated = DatedDue(after(30), date(2026, 11, 6))
    course = course_of(history(*steps(8), due_dates=(first, extended, redated)))
    assert course.due_date == date(2026, 11, 12)
    still_open = course_of(history(*steps(4), due_dates=(first, extended, redated)))
    assert still_open.due_date == date(2026, 11, 6)
    early = history(*steps(4), due_dates=(first, extended, redated), until=after(10))
    assert course_of(early).due_date == date(2026, 11, 12)


def test_the_hour_decides_where_a_deadline_has_one() -> None:
    day = date(2026, 11, 8)
    # The answer of the usual way leaves on the sixth day at the hour of receipt.
    dues = [DatedDue(after(0), day, after(6) + timedelta(hours=hours)) for hours in (-1, 0, 1)]
    past = [course_of(history(*steps(8), due_dates=(due,))).past_hour for due in dues]
    assert past == [True, False, False]
    still_open = history(*steps(4), due_dates=(dues[1],), until=after(6.5))
    assert course_of(still_open).past_hour
    assert not course_of(still_open, after(6) - timedelta(minutes=1)).past_hour
    assert course_of(still_open, after(99)).past_hour


def test_a_first_due_date_reckoned_later_holds_from_receipt() -> None:
    late = history(*steps(1), due_dates=(DatedDue(after(2), DAY),), until=after(1))
    assert course_of(late).due_date == DAY


def test_a_case_without_kept_due_dates_has_the_one_it_carries() -> None:
    assert course_of(history(*steps(2), due_date=DAY)).due_date == DAY


def test_the_original_date_is_that_before_the_first_extension_of_this_clock() -> None:
    dues = (
        DatedDue(after(0), date(2026, 11, 5)),
        DatedDue(after(2.5), date(2026, 11, 12)),
        DatedDue(after(2.7), date(2026, 11, 19)),
    )
    one, two = (CaseStep(after(at), EXTEND, S.DRAFTING, S.DRAFTING) for at in (2.5, 2.7))
    course = course_of(history(*steps(3), one, two, due_dates=dues))
    assert course.extended == 2
    assert course.original_due == date(2026, 11, 5)
    assert course.due_date == date(2026, 11, 19)
    again = move(20, Action.REOPEN, S.CLOSED, S.ASSIGNED)
    new_clock = course_of(history(*steps(3), one, *steps(8)[3:], again, due_dates=dues))
    assert (new_clock.extended, new_clock.original_due) == (1, None)


def test_an_extension_in_the_moment_of_the_first_date_still_knows_it() -> None:
    dues = (DatedDue(after(3), date(2026, 11, 5)), DatedDue(after(3), date(2026, 11, 12)))
    course = course_of(history(*steps(3), CaseStep(after(3), EXTEND, None, None), due_dates=dues))
    assert course.original_due == date(2026, 11, 5)


def test_an_extension_is_no_move_and_undoes_no_stage() -> None:
    stays = CaseStep(after(6), EXTEND, S.IN_REVIEW, S.IN_REVIEW)
    bare = CaseStep(after(7), EXTEND, None, None)
    course = course_of(history(*steps(4), stays, bare))
    assert course.extended == 2
    assert course.reached[Stage.DRAFTED] == DAY + timedelta(days=3)


def test_days_are_those_of_bangkok() -> None:
    evening = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)
    course = course_of(history(opened_at=evening, registered_at=evening))
    assert course.received_on == course.reached[Stage.REGISTERED] == date(2026, 11, 3)


def test_a_registration_after_the_day_asked_for_is_not_known_yet() -> None:
    course = course_of(history(registered_at=after(2), until=after(1)))
    assert course.reached == {}


@pytest.mark.parametrize("state", [S.VOIDED, S.DUPLICATE])
def test_void_and_duplicate_are_no_matters(state: CaseState) -> None:
    assert course_of(history(state=state)).uncounted is state
    assert course_of(history()).uncounted is None
