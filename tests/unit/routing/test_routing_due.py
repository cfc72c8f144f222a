from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from correspondence.clock import BANGKOK
from correspondence.deadline import DueDecision
from correspondence.vocabulary import Category, Channel, Deem, PeriodUnit, Urgency
from office.calendar_table import load_calendar_table
from office.deadlines import RuleEntry, load_deadlines
from office.places import find_folder
from office.taxonomy import Taxonomy
from office.toml_file import load_toml
from routing.calendar import WorkingCalendar
from routing.due import DueRequest, decide_due
from routing.faults import CalendarYearMissing, UnknownRule

CONFIG = find_folder("config")
RULES = load_deadlines(CONFIG)
OFFICE = WorkingCalendar.from_table(load_calendar_table(CONFIG))
TAXONOMY = load_toml(CONFIG / "categories.toml", Taxonomy)
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=BANGKOK)


def decide(received: datetime = MONDAY, **known: object) -> DueDecision:
    return decide_due(DueRequest.model_validate({"received_at": received, **known}), RULES, OFFICE)


def chosen(decision: DueDecision) -> tuple[str, str]:
    assert decision.rule is not None
    assert decision.due_date is not None
    return decision.rule.id, decision.due_date.isoformat()


@pytest.mark.parametrize(
    ("category", "subcategory", "rule", "due"),
    [
        ("complaint", "general_complaint", "complaint_summary", "2026-11-17"),
        ("complaint", "political_complaint", "complaint_summary", "2026-11-17"),
        ("complaint", "web_complaint", "complaint_summary", "2026-11-17"),
        ("complaint", None, "complaint_summary", "2026-11-17"),
        ("complaint", "court_summons", "civil_summons", "2026-12-01"),
        ("complaint", "appeal", "administrative_appeal", "2026-12-16"),
        ("parliamentary", "question", "written_question", "2026-12-16"),
        ("parliamentary", "motion", "cabinet_motion", "2026-12-16"),
        ("parliamentary", "bill", "bill_before_acceptance", "2027-01-15"),
        ("parliamentary", "consultation", "office_default", "2026-11-25"),
        ("foreign_affairs", "diplomatic_note", "office_default", "2026-11-25"),
        ("general", "circular", "office_default", "2026-11-25"),
        (None, None, "office_default", "2026-11-25"),
    ],
)
def test_rule_of_a_category(
    category: str | None, subcategory: str | None, rule: str, due: str
) -> None:
    decision = decide(category=category, subcategory=subcategory)
    assert chosen(decision) == (rule, due)
    assert not decision.needs_person


def test_every_subcategory_has_a_due_date_and_one_chosen_candidate() -> None:
    for entry in TAXONOMY.category:
        for subcategory in entry.subcategories:
            decision = decide(category=entry.id, subcategory=subcategory.id)
            assert decision.due_date is not None
            winners = [c for c in decision.candidates if c.chosen]
            assert [c.due_date for c in winners] == [decision.due_date]


def test_all_rules_that_apply_are_kept_with_thai_reasons() -> None:
    decision = decide(category="complaint", subcategory="opinion", urgency="very_urgent")
    assert {c.rule.id for c in decision.candidates} == {
        "complaint_summary",
        "complaint_completion",
        "answer_to_writer",
        "urgency_very_urgent",
        "office_default",
    }
    assert all("ใช้" in candidate.reason for candidate in decision.candidates)


def test_unverified_number_is_shown_as_such() -> None:
    decision = decide(category="parliamentary", subcategory="question")
    assert "สถานะการยืนยันตัวเลข: no" in decision.explanation


def test_stated_date_wins_over_the_standard_even_when_later() -> None:
    decision = decide(category="complaint", stated_deadline=date(2026, 11, 27))
    assert chosen(decision) == ("stated_deadline", "2026-11-27")


def test_earliest_of_stated_and_statutory_wins() -> None:
    early = decide(category="complaint", subcategory="appeal", stated_deadline=date(2026, 11, 27))
    late = decide(category="complaint", subcategory="appeal", stated_deadline=date(2027, 3, 1))
    assert chosen(early) == ("stated_deadline", "2026-11-27")
    assert chosen(late) == ("administrative_appeal", "2026-12-16")
    assert "stated_deadline" in {c.rule.id for c in late.candidates}


def test_urgency_counts_only_without_a_standard() -> None:
    assert chosen(decide(category="general", urgency="most_urgent"))[0] == "urgency_most_urgent"
    assert chosen(decide(category="complaint", urgency="urgent"))[0] == "complaint_summary"


def test_superiors_order_binds_when_earlier_than_statute() -> None:
    decision = decide(category="complaint", subcategory="appeal", ordered_date=date(2026, 11, 19))
    assert chosen(decision) == ("superior_order", "2026-11-19")


@pytest.mark.parametrize(
    "stated",
    [
        date(2026, 11, 15),
        datetime(2026, 11, 16, 9, 59),
        datetime(2026, 11, 16, 2, 59, tzinfo=UTC),
        date(2569, 11, 27),
    ],
)
def test_stated_date_past_or_beyond_belief_goes_to_a_person_and_is_kept(
    stated: date | datetime,
) -> None:
    decision = decide(category="general", stated_deadline=stated)
    assert decision.needs_person
    assert chosen(decision)[0] == "office_default"
    kept = next(c for c in decision.candidates if c.rule.id == "stated_deadline")
    assert not kept.chosen
    assert "เจ้าหน้าที่พิจารณา" in decision.explanation


@pytest.mark.parametrize("stated", [date(2026, 11, 16), datetime(2026, 11, 16, 14, 0)])
def test_stated_for_later_the_same_day_is_not_past(stated: date | datetime) -> None:
    decision = decide(stated_deadline=stated)
    assert not decision.needs_person
    assert chosen(decision) == ("stated_deadline", "2026-11-16")


def test_stated_hour_stands_in_the_explanation() -> None:
    decision = decide(stated_deadline=datetime(2026, 11, 18, 13, 30))
    assert "เวลา ๑๓.๓๐ น." in decision.explanation


def test_stated_day_off_keeps_its_date_and_names_the_last_working_day() -> None:
    decision = decide(stated_deadline=date(2026, 11, 21))
    assert chosen(decision) == ("stated_deadline", "2026-11-21")
    assert "๒๐ พฤศจิกายน ๒๕๖๙" in decision.explanation


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("ภายใน ๗ วัน", "2026-11-23"),
        ("ภายใน 5 วันทำการนับแต่วันที่ได้รับหนังสือ", "2026-11-23"),
        ("ภายในสิบห้าวันนับแต่วันได้รับแจ้ง", "2026-12-01"),
        ("ภายใน ๓๐ (สามสิบ) วัน", "2026-12-16"),
        ("ภายใน ๒ สัปดาห์", "2026-11-30"),
        ("ภายใน 1 เดือน", "2026-12-16"),
        ("ภายใน 1 เดือนนับแต่วันที่หน่วยงานได้รับแจ้ง", "2026-12-16"),
        ("ขอคำตอบภายในวันนี้ก่อนเที่ยง", "2026-11-16"),
        ("พรุ่งนี้เช้า", "2026-11-17"),
        ("within ten (10) working days of receipt", "2026-11-30"),
        ("within 2 weeks", "2026-11-30"),
    ],
)
def test_period_in_words_counts_from_receipt(phrase: str, due: str) -> None:
    decision = decide(stated_phrase=phrase)
    assert chosen(decision) == ("stated_deadline", due)
    assert not decision.needs_person


@pytest.mark.parametrize(
    "phrase",
    [
        "ภายในวันที่ ๓๑ กุมภาพันธ์ ๒๕๖๙",
        "ภายใน ๗ วัน นับแต่วันที่มีมติ",
        "ก่อนวันเปิดภาคเรียน",
        "ภายใน ๑๕ วัน นับแต่วันที่ได้รับแต่งตั้ง",
        "ภายใน ๑๕ วัน นับแต่วันลงนามในคำสั่งนี้",
        "ภายใน ๓ วัน ก่อนวันประชุม",
        "within 30 days of the date of this Note",
        "within 5 days after the meeting",
        "ภายใน ๙๙๙๙ วัน",
    ],
)
def test_unreadable_phrase_goes_to_a_person(phrase: str) -> None:
    decision = decide(category="complaint", stated_phrase=phrase)
    assert decision.needs_person
    assert chosen(decision)[0] == "complaint_summary"


def test_wish_for_haste_is_no_date_and_no_question() -> None:
    decision = decide(stated_phrase="โดยด่วนที่สุด")
    assert not decision.needs_person
    assert chosen(decision)[0] == "office_default"


def test_house_question_is_due_before_the_thursday_sitting() -> None:
    decision = decide(
        category="parliamentary",
        subcategory="question",
        meeting_at=datetime(2026, 11, 26, 10, 0),
    )
    ids = {c.rule.id: c.due_date for c in decision.candidates}
    assert ids["house_question"] == date(2026, 11, 24)
    assert "senate_question" not in ids
    assert chosen(decision) == ("meeting_papers", "2026-11-23")


def test_senate_question_is_due_before_the_monday_sitting() -> None:
    decision = decide(
        category="parliamentary", subcategory="question", meeting_at=date(2026, 11, 30)
    )
    ids = {c.rule.id: c.due_date for c in decision.candidates}
    assert ids["senate_question"] == date(2026, 11, 26)
    assert "house_question" not in ids


def test_meeting_sooner_than_the_lead_time_is_due_at_once_not_before_receipt() -> None:
    decision = decide(category="general", meeting_at=datetime(2026, 11, 17, 9, 0))
    assert chosen(decision) == ("meeting_papers", "2026-11-16")
    weekend = decide(datetime(2026, 11, 21, 9, tzinfo=BANGKOK), meeting_at=date(2026, 11, 22))
    assert chosen(weekend) == ("meeting_papers", "2026-11-22")


def test_meeting_that_is_over_goes_to_a_person() -> None:
    decision = decide(category="general", meeting_at=datetime(2026, 11, 16, 9, 0))
    assert decision.needs_person
    assert chosen(decision)[0] == "office_default"


def test_meeting_later_on_the_day_of_receipt_is_not_over() -> None:
    decision = decide(category="general", meeting_at=date(2026, 11, 16))
    assert chosen(decision) == ("meeting_papers", "2026-11-16")


def test_posted_summons_named_by_a_person_replaces_the_shorter_period() -> None:
    decision = decide(
        category="complaint",
        subcategory="court_summons",
        named_rules=("civil_summons_posted",),
        event_date=date(2026, 11, 9),
    )
    assert "civil_summons" not in {c.rule.id for c in decision.candidates}
    assert decision.rule is not None
    posted = next(c for c in decision.candidates if c.rule.id == "civil_summons_posted")
    assert (posted.anchor_date, posted.due_date) == (date(2026, 11, 9), date(2026, 12, 9))


def test_period_that_ran_out_before_receipt_asks_for_a_person() -> None:
    decision = decide(
        category="complaint", subcategory="court_summons", event_date=date(2026, 10, 1)
    )
    assert chosen(decision) == ("civil_summons", "2026-10-16")
    assert decision.needs_person


def test_rule_nobody_configured_is_refused() -> None:
    with pytest.raises(UnknownRule):
        decide(named_rules=("no_such_rule",))


def test_half_past_six_belongs_to_that_day() -> None:
    decision = decide(datetime(2026, 11, 15, 23, 30, tzinfo=UTC), category="complaint")
    assert decision.anchor_date == date(2026, 11, 16)
    assert decision.due_date == date(2026, 11, 17)


def test_channel_setting_moves_the_anchor_and_both_times_are_kept() -> None:
    rules = RULES.model_copy(update={"deem": {Channel.EMAIL: Deem.NEXT_WORKING_DAY}})
    received = datetime(2026, 11, 20, 18, 0, tzinfo=BANGKOK)
    request = DueRequest(received_at=received, channel=Channel.EMAIL, category=Category.COMPLAINT)
    decision = decide_due(request, rules, OFFICE)
    assert decision.received_at == received
    assert decision.anchor_date == date(2026, 11, 23)
    assert decision.due_date == date(2026, 11, 24)
    assert "ถือว่ารับวันจันทร์ที่ ๒๓ พฤศจิกายน ๒๕๖๙" in decision.explanation


def test_holidays_counted_are_named_in_the_explanation() -> None:
    decision = decide(datetime(2026, 4, 10, 9, tzinfo=BANGKOK), category="complaint")
    assert decision.holidays_counted == (
        date(2026, 4, 13),
        date(2026, 4, 14),
        date(2026, 4, 15),
    )
    assert "๑๓ เมษายน ๒๕๖๙ (วันสงกรานต์)" in decision.explanation


def test_holiday_that_rolled_a_calendar_period_back_is_counted() -> None:
    # 15 calendar days from Monday 30 March 2026 end on Tuesday 14 April, in Songkran.
    decision = decide(datetime(2026, 3, 30, 9, tzinfo=BANGKOK), stated_phrase="ภายใน ๑๕ วัน")
    assert decision.due_date == date(2026, 4, 10)
    assert decision.holidays_counted == (date(2026, 4, 13), date(2026, 4, 14))


def test_unconfirmed_year_is_said() -> None:
    decision = decide(datetime(2026, 12, 28, 9, tzinfo=BANGKOK), category="general")
    assert decision.due_date == date(2027, 1, 8)
    assert not decision.calendar_confirmed
    assert "ยังไม่ได้ยืนยัน" in decision.explanation
    assert decide(category="general").calendar_confirmed


def test_year_without_data_is_refused() -> None:
    with pytest.raises(CalendarYearMissing):
        decide(datetime(2100, 12, 30, 9, tzinfo=BANGKOK), category="complaint")


def test_receipt_needs_a_zone() -> None:
    with pytest.raises(ValidationError):
        DueRequest(received_at=datetime(2026, 11, 16))


@given(
    received=st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 1), timezones=st.just(BANGKOK)),
    place=st.sampled_from(
        [(None, None)] + [(e.id, s.id) for e in TAXONOMY.category for s in e.subcategories]
    ),
    urgency=st.sampled_from(Urgency),
    channel=st.sampled_from([None, *Channel]),
    stated=st.none() | st.dates(date(2019, 1, 1), date(2030, 1, 1)),
    meeting=st.none() | st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1)),
    phrase=st.none() | st.text(max_size=60) | st.just("ภายใน ๗ วันทำการ"),
)
@settings(max_examples=400, deadline=None)
def test_every_letter_gets_a_date_or_a_reason_and_never_one_before_receipt(
    received: datetime,
    place: tuple[Category | None, str | None],
    urgency: Urgency,
    channel: Channel | None,
    stated: date | None,
    meeting: datetime | None,
    phrase: str | None,
) -> None:
    decision = decide(
        received,
        category=place[0],
        subcategory=place[1],
        urgency=urgency,
        channel=channel,
        stated_deadline=stated,
        meeting_at=meeting,
        stated_phrase=phrase,
    )
    assert decision.due_date is not None
    assert decision.due_date >= decision.anchor_date
    assert sum(candidate.chosen for candidate in decision.candidates) == 1
    assert decision.explanation
    if stated and stated < received.date():
        assert decision.needs_person


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("ภายใน ๒๔ ชั่วโมง นับแต่ได้รับหนังสือ", "2026-11-17T09:00"),
        ("within 48 hours", "2026-11-18T09:00"),
    ],
)
def test_hours_in_words_give_the_moment(phrase: str, due: str) -> None:
    moment = datetime(2026, 11, 16, 9, tzinfo=BANGKOK)
    decision = decide_due(DueRequest(received_at=moment, stated_phrase=phrase), RULES, OFFICE)
    assert decision.due_at == datetime.fromisoformat(due).replace(tzinfo=BANGKOK)
    assert decision.due_date == decision.due_at.date()
    assert "เวลา ๐๙.๐๐ น." in decision.explanation
    assert decision.rule is not None
    assert decision.rule.unit is PeriodUnit.HOURS


def test_of_two_on_one_day_the_earlier_hour_wins() -> None:
    moment = datetime(2026, 11, 16, 9, tzinfo=BANGKOK)
    request = DueRequest(
        received_at=moment,
        stated_deadline=datetime(2026, 11, 17, 15, 0),
        ordered_date=date(2026, 11, 17),
    )
    decision = decide_due(request, RULES, OFFICE)
    assert decision.rule is not None
    assert decision.rule.id == "stated_deadline"
    assert decision.due_at == datetime(2026, 11, 17, 15, tzinfo=BANGKOK)


def test_urgency_policy_may_be_in_hours() -> None:
    hours = [
        entry.model_copy(update={"days": 4, "unit": PeriodUnit.HOURS})
        if entry.id == "urgency_most_urgent"
        else entry
        for entry in RULES.rule
    ]
    request = DueRequest(
        received_at=datetime(2026, 11, 16, 9, tzinfo=BANGKOK), urgency=Urgency.MOST_URGENT
    )
    decision = decide_due(request, RULES.model_copy(update={"rule": tuple(hours)}), OFFICE)
    assert decision.due_at == datetime(2026, 11, 16, 13, tzinfo=BANGKOK)
    assert "ภายใน ๔ ชั่วโมง" in decision.explanation


def test_rule_in_hours_from_anything_but_receipt_is_refused() -> None:
    entry = next(entry for entry in RULES.rule if entry.id == "civil_summons")
    with pytest.raises(ValidationError, match="from receipt only"):
        RuleEntry.model_validate({**dict(entry), "unit": "hours"})
