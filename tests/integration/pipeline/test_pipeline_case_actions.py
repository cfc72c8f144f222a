"""What each action of people does beside moving the case, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, ContactChannel, LinkKind, Role
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.case_actions import KeyReused, act_on_case, possible_actions
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_record import case_record
from pipeline.case_request import CaseRequest
from pipeline.case_view import case_view
from pipeline.casework import claim_work, draft_cases
from pipeline.edited_memo import MemoRefused
from pipeline.link_decisions import LinkDecided
from pipeline.pacing import ExtensionRefused
from pipeline.watched_cases import watch_cases
from registry.models import (
    ActionKey,
    Assignment,
    AuditEvent,
    Case,
    CaseLink,
    ClassificationRow,
    Contribution,
    CoordinationEntry,
    Draft,
    DueDateRow,
    Extension,
    FieldRow,
    Letter,
    OutboxMessage,
    Pause,
)
from registry.voiding import void_reasons
from tests.case_office import SECOND, STAFF, CaseOffice, plain_docx, staff_office
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register

OFFICER, HEAD, CHIEF = STAFF[Role.OFFICER], STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICE_HEAD]
REGISTRAR = STAFF[Role.REGISTRAR]
NATIONAL_ID = "1-1037-02345-67-1"


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[CaseOffice]:
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database_url, "blob_url": "", "smtp_url": ""}
    )
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()


def draft_by_machine(office: CaseOffice) -> Counter[str]:
    ids = claim_work(office.house, "tests")
    return Counter(draft_cases(office.house, "tests", ids))


def told(office: CaseOffice, case_id: int) -> set[tuple[str, str]]:
    with office.house.sessions.begin() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.case_id == case_id))
        return {(row.alert, row.recipient) for row in rows}


# Choosing and changing the category.


def test_a_persons_choice_stands_beside_the_models_for_the_classifier(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.TRIAGE)
    done = office.do(
        case_id, Action.CHOOSE_CATEGORY, REGISTRAR,
        category=Category.PARLIAMENTARY, subcategory="consultation",
    )  # fmt: skip
    assert (done.state, done.group, done.category) == ("assigned", "political", "parliamentary")
    with office.house.sessions.begin() as session:
        model, person = session.scalars(
            select(ClassificationRow)
            .where(ClassificationRow.case_id == case_id)
            .order_by(ClassificationRow.id)
        ).all()
        assert (model.decided_by, person.decided_by) == ("model", REGISTRAR)
        assert (person.category, person.subcategory) == ("parliamentary", "consultation")
        assert person.model_version == model.model_version == "test-1"
        assert not person.abstained
    assert draft_by_machine(office)["drafted"] == 1
    assert office.case(case_id).state == "in_review"


def test_approving_teaches_the_classifier_nothing(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.CLOSED)
    with office.house.sessions.begin() as session:
        rows = session.scalars(
            select(ClassificationRow).where(ClassificationRow.case_id == case_id)
        ).all()
    assert [row.decided_by for row in rows] == ["model"]


def test_recategorising_reroutes_redates_and_supersedes_the_memo(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    before = office.case(case_id)
    done = office.do(
        case_id, Action.RECATEGORISE, HEAD, **office.fields(case_id, Action.RECATEGORISE)
    )
    assert (done.state, done.group, done.draft_version) == ("assigned", "political", None)
    assert done.due_date != before.due_date
    with office.house.sessions.begin() as session:
        dates = session.scalars(select(DueDateRow).where(DueDateRow.case_id == case_id)).all()
        drafts = session.scalars(select(Draft).where(Draft.case_id == case_id)).all()
    assert [row.superseded_at is None for row in dates] == [False, True]
    assert [row.superseded_at is None for row in drafts] == [False]
    assert draft_by_machine(office)["drafted"] == 1
    assert [draft.version for draft in case_view(office.house, case_id).drafts] == [1, 2]
    event = next(e for e in office.events(case_id) if e.action == "recategorise")
    assert (event.before["group"], event.after["group"]) == ("complaints", "political")
    assert event.before["due_date"] == "2026-11-24"
    assert event.after["due_date"] == done.due_date.isoformat() if done.due_date else None
    with pytest.raises(ActionRefused, match="already"):
        office.do(
            case_id, Action.RECATEGORISE, "decha", **office.fields(case_id, Action.RECATEGORISE)
        )


def test_a_category_needs_a_subcategory_that_it_has(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.TRIAGE)
    with pytest.raises(ActionRefused, match="consultation"):
        office.do(case_id, Action.CHOOSE_CATEGORY, REGISTRAR, category=Category.PARLIAMENTARY)
    with pytest.raises(ActionRefused):
        office.do(
            case_id, Action.CHOOSE_CATEGORY, REGISTRAR,
            category=Category.PARLIAMENTARY, subcategory="opinion",
        )  # fmt: skip
    # The model's own guess has one.
    done = office.do(case_id, Action.CHOOSE_CATEGORY, REGISTRAR, category=Category.COMPLAINT)
    assert done.subcategory == "general_complaint"


def test_a_case_in_triage_is_no_groups_and_the_registrar_is_told(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, Action.ASSIGN, HEAD, person=OFFICER)
    done = office.do(case_id, Action.RETURN_TO_TRIAGE, HEAD, reason="มิใช่งานของกลุ่ม")
    assert (done.state, done.group) == ("triage", None)
    assert done.due_date is not None
    assert ("case_return_to_triage", f"{REGISTRAR}@office.example") in told(office, case_id)
    with office.house.sessions.begin() as session:
        assert session.scalars(select(Assignment)).one().ended_at is not None


def test_a_case_that_the_machine_gave_up_is_taken_over_with_a_date(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.REGISTERED)
    with office.house.sessions.begin() as session:
        session.execute(DueDateRow.__table__.delete().where(DueDateRow.case_id == case_id))
        session.get_one(Case, case_id).due_date = None
    done = office.do(case_id, Action.RETURN_TO_TRIAGE, REGISTRAR, reason="ระบบจำแนกไม่สำเร็จ")
    assert done.due_date is not None


# Memo and review.


def test_an_edited_memo_is_a_version_of_its_own(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    memo = plain_docx("แก้โดยหัวหน้ากลุ่ม")
    done = office.do(case_id, Action.APPROVE_WITH_EDITS, HEAD, memo=memo)
    assert (done.state, done.draft_version) == ("sign_off", 2)
    with office.house.sessions.begin() as session:
        draft = session.scalars(
            select(Draft).where(Draft.case_id == case_id, Draft.version == 2)
        ).one()
    assert draft.made_by == HEAD
    assert office.house.blobs.get(draft.sha256) == memo
    signed = office.do(case_id, Action.SIGN, CHIEF)
    assert office.events(case_id)[-1].after["draft_version"] == signed.draft_version == 2


@pytest.mark.parametrize("memo", [b"", b"PK\x03\x04 no zip", b"%PDF-1.7"])
def test_what_is_no_docx_is_refused_whole(office: CaseOffice, memo: bytes) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    with pytest.raises(MemoRefused):
        office.do(case_id, Action.APPROVE_WITH_EDITS, HEAD, memo=memo)
    assert office.case(case_id).state == "in_review"


def test_a_returned_memo_is_submitted_anew_by_a_person(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.DRAFTING)
    assert claim_work(office.house, "tests") == []
    done = office.do(case_id, Action.SUBMIT_DRAFT, OFFICER, memo=plain_docx())
    assert (done.state, done.draft_version) == ("in_review", 2)
    assert ("case_submit_draft", f"{HEAD}@office.example") in told(office, case_id)


# Clocks.


def test_a_pause_gives_back_the_time_that_was_left(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    due = office.case(case_id).due_date
    assert due is not None
    held = office.do(case_id, Action.HOLD, HEAD, reason="รอคำพิพากษา")
    assert held.due_date is None
    view = case_view(office.house, case_id)
    assert view.due is not None and "รอคำพิพากษา" in view.due.explanation
    office.clock.move(days=14)
    done = office.do(case_id, Action.RESUME, HEAD)
    calendar = office.house.calendar
    lost = calendar.working_days_between(date(2026, 11, 20), date(2026, 12, 4))
    assert done.due_date == calendar.add_working_days(due, lost)
    with office.house.sessions.begin() as session:
        pause = session.scalars(select(Pause)).one()
    assert (pause.due_before, pause.due_after) == (due, done.due_date)
    # Another category counts from receipt, and the pause still counts.
    changed = office.do(
        case_id, Action.RECATEGORISE, HEAD, **office.fields(case_id, Action.RECATEGORISE)
    )
    with office.house.sessions.begin() as session:
        row = session.scalars(
            select(DueDateRow).where(DueDateRow.case_id == case_id).order_by(DueDateRow.id.desc())
        ).first()
    assert row is not None and "พักเรื่อง" in row.explanation
    assert changed.due_date is not None and changed.due_date > due


def test_a_pause_of_no_day_changes_nothing(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    due = office.case(case_id).due_date
    office.do(case_id, Action.HOLD, HEAD, reason="เข้าใจผิด")
    assert office.do(case_id, Action.RESUME, HEAD).due_date == due


def test_an_extension_keeps_the_original_date_and_has_limits(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    original = office.case(case_id).due_date
    assert original is not None
    calendar = office.house.calendar
    first, second = (calendar.add_working_days(original, n) for n in (5, 12))

    def extend(day: date) -> date | None:
        return office.do(case_id, Action.EXTEND, HEAD, due=day, reason="รอข้อเท็จจริง").due_date

    for wrong in (original, original - timedelta(days=3), calendar.add_working_days(original, 31)):
        with pytest.raises(ExtensionRefused):
            extend(wrong)
    saturday = first + timedelta(days=5 - first.weekday())
    assert extend(saturday) == calendar.previous_working_day(saturday)
    assert extend(second) == second
    with pytest.raises(ExtensionRefused):
        extend(calendar.add_working_days(original, 15))
    with office.house.sessions.begin() as session:
        rows = session.scalars(select(Extension).order_by(Extension.id)).all()
    assert [row.original_due for row in rows] == [original, original]
    events = [e for e in office.events(case_id) if e.action == "extend"]
    assert [e.after["original_due"] for e in events] == [original.isoformat()] * 2
    assert events[0].before["due_date"] == original.isoformat()
    assert events[1].after["due_date"] == second.isoformat()
    # A date decided anew is an original of its own.
    office.do(case_id, Action.RECATEGORISE, HEAD, **office.fields(case_id, Action.RECATEGORISE))
    fields = office.fields(case_id, Action.EXTEND)
    office.do(case_id, Action.EXTEND, "decha", **fields)
    with office.house.sessions.begin() as session:
        last = session.scalars(select(Extension).order_by(Extension.id.desc())).first()
    assert last is not None and last.original_due == last.from_due


def test_a_date_that_others_set_is_extended_with_their_agreement_only(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    ordered = office.house.calendar.add_working_days(bangkok_day(office.clock()), 1)
    dated = office.do(case_id, Action.SET_DUE, HEAD, due=ordered, reason="รมว. สั่ง")
    assert dated.due_date == ordered
    later = office.house.calendar.add_working_days(ordered, 2)
    with pytest.raises(ExtensionRefused, match="who agreed"):
        office.do(case_id, Action.EXTEND, HEAD, due=later, reason="ไม่ทัน")
    done = office.do(case_id, Action.EXTEND, HEAD, due=later, reason="ไม่ทัน", agency="รมว.")
    assert done.due_date == later


def test_a_reopened_case_has_a_new_clock_and_its_count(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.CLOSED)
    old = office.case(case_id).due_date
    office.clock.move(days=60)
    done = office.do(case_id, Action.REOPEN, HEAD, reason="ผู้ร้องโต้แย้ง")
    case = office.case(case_id)
    assert (done.state, case.reopen_count, done.draft_version) == ("assigned", 1, None)
    assert done.due_date is not None and old is not None
    assert done.due_date > bangkok_day(office.clock()) > old
    with office.house.sessions.begin() as session:
        numbers = session.scalars(select(Letter.register_number)).all()
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert draft_by_machine(office)["drafted"] == 1
    # Changing the category now counts from the reopening, too.
    again = office.do(
        case_id, Action.RECATEGORISE, HEAD, category=Category.COMPLAINT, subcategory="opinion",
        reason="เป็นความเห็น",
    )  # fmt: skip
    assert again.due_date is not None and again.due_date > bangkok_day(office.clock())


# Contributions and coordination.


def test_a_case_goes_on_with_the_last_contribution(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    soon = date(2026, 11, 25)
    office.do(case_id, Action.ASK_CONTRIBUTION, OFFICER, agency="เขต 1", note="ขอข้อมูล", due=soon)
    second = office.do(case_id, Action.ASK_CONTRIBUTION, OFFICER, agency="เขต 2")
    assert second.state is CaseState.AWAITING_CONTRIBUTION
    with office.house.sessions.begin() as session:
        rows = session.scalars(select(Contribution).order_by(Contribution.id)).all()
    assert [row.due_date for row in rows] == [soon, date(2026, 11, 27)]
    with pytest.raises(ActionRefused, match="awaited"):
        office.do(case_id, Action.RECEIVE_CONTRIBUTION, OFFICER)
    one = office.do(
        case_id, Action.RECEIVE_CONTRIBUTION, OFFICER, contribution=rows[1].id, note="ได้แล้ว"
    )
    assert one.state is CaseState.AWAITING_CONTRIBUTION
    with pytest.raises(ActionRefused, match="awaited"):
        office.do(case_id, Action.RECEIVE_CONTRIBUTION, OFFICER, contribution=rows[1].id)
    assert office.do(case_id, Action.RECEIVE_CONTRIBUTION, OFFICER).state is CaseState.DRAFTING


def test_a_call_is_progress_and_an_extension_is_none(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.clock.move(days=2)
    office.do(case_id, Action.EXTEND, HEAD, **office.fields(case_id, Action.EXTEND))
    assert office.case(case_id).last_progress_at < office.clock()
    office.do(
        case_id, Action.LOG_COORDINATION, OFFICER, contact="ผอ.เขต", channel=ContactChannel.LINE,
        note=f"เลขประจำตัวประชาชน {NATIONAL_ID}\0", promised_by=date(2026, 11, 27),
    )  # fmt: skip
    assert office.case(case_id).last_progress_at == office.clock()
    with office.house.sessions.begin() as session:
        entry = session.scalars(select(CoordinationEntry)).one()
    assert (entry.contact, entry.promised_by) == ("ผอ.เขต", date(2026, 11, 27))
    assert "02345" not in entry.note
    event = office.events(case_id)[-1]
    assert "ผอ.เขต" not in str(event.after) and event.after["entry"] == entry.id


# Cases that belong together.


def test_links_stand_on_both_trails_and_once(office: CaseOffice) -> None:
    case_id, earlier = office.reach(CaseState.IN_REVIEW), register(office.house)
    office.do(case_id, Action.LINK, OFFICER, other_case=earlier, link=LinkKind.EARLIER_MATTER)
    with pytest.raises(LinkDecided):
        office.do(case_id, Action.LINK, OFFICER, other_case=earlier, link=LinkKind.EARLIER_MATTER)
    office.do(case_id, Action.LINK, OFFICER, other_case=earlier)
    with pytest.raises(LinkDecided):
        office.do(earlier, Action.LINK, OFFICER, other_case=case_id)
    for wrong in ({"other_case": case_id}, {"other_case": earlier, "link": LinkKind.SAME_FILE}):
        with pytest.raises(ActionRefused):
            office.do(case_id, Action.LINK, OFFICER, **wrong)
    assert [e.action for e in office.events(earlier)][-1] == "link"
    links = case_view(office.house, case_id).likeness.links
    own = [link for link in links if link.kind is not LinkKind.SAME_FILE]
    assert [link.kind for link in own] == [LinkKind.EARLIER_MATTER, LinkKind.RELATED]
    assert all(link.accepted and link.decided_by == OFFICER for link in own)


def test_a_split_letter_keeps_its_number_and_has_a_case_and_a_date(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    letter_id = office.add_letter(case_id)
    with office.house.sessions.begin() as session:
        number = session.get_one(Letter, letter_id).register_number
        first = session.scalars(select(Letter.id).where(Letter.case_id == case_id)).first()
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.SPLIT, HEAD, letter=first, reason="แยก")
    done = office.do(case_id, Action.SPLIT, HEAD, letter=letter_id, reason="แยก")
    assert done.new_case_id is not None
    new = office.case(done.new_case_id)
    assert (new.state, new.due_date is not None) == ("registered", True)
    with office.house.sessions.begin() as session:
        letter = session.get_one(Letter, letter_id)
        assert (letter.case_id, letter.register_number) == (new.id, number)
    assert [e.action for e in office.events(new.id)] == ["split"]
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.SPLIT, HEAD, letter=letter_id, reason="แยก")


def test_a_void_number_is_not_brought_back_by_split_or_merge(office: CaseOffice) -> None:
    from pipeline.voiding import void_letter
    from registry.numbers import RegisterNumber

    case_id = office.reach(CaseState.IN_REVIEW)
    letter_id = office.add_letter(case_id)
    with office.house.sessions.begin() as session:
        number = session.get_one(Letter, letter_id).register_number
    void_letter(office.house, RegisterNumber(2026, number), reason="ลงซ้ำ", by=REGISTRAR)
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.SPLIT, HEAD, letter=letter_id, reason="แยก")
    other = register(office.house)
    with office.house.sessions.begin() as session:
        low = session.scalars(select(Letter).where(Letter.case_id == case_id)).first()
        high = session.scalars(select(Letter).where(Letter.case_id == other)).one()
        assert low is not None
        low.case_id, high.case_id = other, case_id
    office.do(case_id, Action.MERGE, HEAD, other_case=other, reason="เรื่องเดียวกัน")
    with office.house.sessions.begin() as session:
        letter = session.get_one(Letter, letter_id)
        assert letter.case_id == case_id
        assert set(void_reasons(session, session.scalars(select(Letter.id)))) == {letter_id}


def test_a_merged_case_leads_to_the_earlier_one_with_the_earlier_date(office: CaseOffice) -> None:
    early = register(office.house, Seed(due=date(2026, 12, 1)))
    late = register(office.house, Seed(due=date(2026, 11, 25)))
    third = register(office.house)
    office.do(late, Action.LINK, OFFICER, other_case=third)
    with pytest.raises(ActionRefused, match="later"):
        office.do(early, Action.MERGE, HEAD, other_case=late, reason="เรื่องเดียวกัน")
    version = office.case(early).version
    done = office.do(late, Action.MERGE, HEAD, other_case=early, reason="เรื่องเดียวกัน")
    assert done.state is CaseState.DUPLICATE
    merged, into = office.case(late), office.case(early)
    assert (merged.duplicate_of_id, into.due_date) == (early, date(2026, 11, 25))
    assert into.version == version + 1
    view = case_view(office.house, early)
    assert len(view.letters) == 2
    led = {(link.kind, link.other_case_id) for link in view.likeness.links}
    assert led == {
        (LinkKind.RELATED, third),
        (LinkKind.SAME_FILE, third),
        (LinkKind.SAME_FILE, late),
    }
    assert case_view(office.house, late).letters == ()
    numbers = {link.other_number for link in case_view(office.house, third).likeness.links}
    assert numbers == {"1/2569"}
    event = office.events(early)[-1]
    assert (event.action, event.after["from_case"]) == ("merge", late)
    assert (event.before["due_date"], event.after["due_date"]) == ("2026-12-01", "2026-11-25")


def test_merging_needs_the_right_to_both_cases(office: CaseOffice) -> None:
    theirs = register(office.house, Seed(group="political", category=Category.PARLIAMENTARY))
    mine = register(office.house)
    with pytest.raises(ActionRefused):
        office.do(mine, Action.MERGE, HEAD, other_case=theirs, reason="เรื่องเดียวกัน")
    assert (
        office.do(mine, Action.MERGE, CHIEF, other_case=theirs, reason="เดียวกัน").state
        == "duplicate"
    )


def test_a_duplicate_of_a_duplicate_is_one_of_the_first(office: CaseOffice) -> None:
    first, second, third = (register(office.house) for _ in range(3))
    office.do(second, Action.MARK_DUPLICATE, HEAD, duplicate_of=first)
    office.do(third, Action.MARK_DUPLICATE, HEAD, duplicate_of=second)
    assert office.case(third).duplicate_of_id == first
    for wrong in (second, first):
        with pytest.raises(ActionRefused):
            office.do(first, Action.MARK_DUPLICATE, HEAD, duplicate_of=wrong)


# Groups and people.


def test_another_group_accepts_anew_with_a_memo_of_its_own(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, Action.ASSIGN, HEAD, person=OFFICER)
    done = office.do(case_id, Action.REASSIGN, HEAD, group="political", reason="เป็นงานการเมือง")
    assert (done.state, done.group, done.draft_version) == ("assigned", "political", None)
    assert ("case_reassign", "decha@office.example") in told(office, case_id)
    assert draft_by_machine(office)["drafted"] == 1
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.APPROVE, HEAD)
    for wrong in ("political", "none"):
        with pytest.raises(ActionRefused):
            office.do(case_id, Action.REASSIGN, CHIEF, group=wrong, reason="ลอง")


def test_a_case_is_in_the_hands_of_one_person_of_its_group(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    for name in (OFFICER, SECOND[Role.OFFICER]):
        office.do(case_id, Action.ASSIGN, HEAD, person=name)
        assert ("case_assign", f"{name}@office.example") in told(office, case_id)
    with office.house.sessions.begin() as session:
        rows = session.scalars(select(Assignment).order_by(Assignment.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]
    for stranger in ("pranee", "nobody", REGISTRAR):
        with pytest.raises(ActionRefused):
            office.do(case_id, Action.ASSIGN, HEAD, person=stranger)


def test_a_denial_outweighs_every_role(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    employ(office.house, "both", Role.OFFICE_HEAD, None)
    assert possible_actions(office.house, case_id, "both")
    with office.house.sessions.begin() as session:
        from registry.models import Person, PersonRole

        person = session.scalars(select(Person).where(Person.sign_in == "both")).one()
        session.add(PersonRole(person_id=person.id, role="administrator", group_id=None))
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.APPROVE, "both")
    assert possible_actions(office.house, case_id, "both") == ()


def test_a_restricted_case_is_for_registrars_of_secrets_with_the_clearance(
    office: CaseOffice,
) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    with office.house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        case.restricted = True
        case.letters[0].fields.append(
            FieldRow(
                name="secrecy", position=0, machine_value="secret", confidence=1, needs_check=False
            )
        )
    employ(office.house, "low", Role.SECRET_REGISTRAR, None, clearance="confidential")
    for name in (HEAD, CHIEF, REGISTRAR, "low", STAFF[Role.ADMINISTRATOR], "nobody"):
        with pytest.raises(CaseRestricted):
            office.do(case_id, Action.APPROVE, name)
        with pytest.raises(CaseRestricted):
            possible_actions(office.house, case_id, name)
    kamon = STAFF[Role.SECRET_REGISTRAR]
    employ(office.house, "high", Role.SECRET_REGISTRAR, None, clearance="top_secret")
    office.do(case_id, Action.APPROVE, kamon)
    with office.house.sessions.begin() as session:
        notes = session.scalars(select(OutboxMessage).where(OutboxMessage.case_id == case_id)).all()
    # Who may open it has its number and date, and nothing of what it is about.
    (note,) = notes
    assert note.recipient == "high@office.example"
    assert "เลขรับ ๑/๒๕๖๙" in note.subject and "๒๔ พฤศจิกายน ๒๕๖๙" in note.body
    for hidden in ("ร้องทุกข์", "โต๊ะเรียน", Category.COMPLAINT.thai):
        assert hidden not in note.subject + note.body
    with pytest.raises(CaseRestricted):
        office.do(case_id, Action.LINK, kamon, other_case=register(office.house))


def test_an_office_without_people_is_run_by_whoever_starts_the_command(
    database_url: str, tmp_path: Path, clock: SetClock
) -> None:
    settings = Settings.model_validate({"home": tmp_path, "database_url": database_url})
    house = open_house(settings, clock=clock)
    case_id = register(house)
    done = act_on_case(house, CaseRequest(case_id=case_id, action=Action.APPROVE, by="ใครก็ได้"))
    assert done.state is CaseState.SIGN_OFF
    house.close()


# Notices.


def test_notices_say_nothing_of_the_letter_and_come_once(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    request = CaseRequest(case_id=case_id, action=Action.APPROVE, by=HEAD, key="k-1")
    act_on_case(office.house, request)
    act_on_case(office.house, request)
    with office.house.sessions.begin() as session:
        notes = session.scalars(select(OutboxMessage).where(OutboxMessage.case_id == case_id)).all()
    assert {note.recipient for note in notes} == {f"{CHIEF}@office.example", "anong@office.example"}
    assert len(notes) == 2
    for note in notes:
        assert "โต๊ะเรียน" not in note.subject + note.body
        assert "เห็นชอบ" in note.subject


def test_who_acts_is_not_told_of_it(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, Action.APPROVE, CHIEF)
    assert told(office, case_id) == {("case_approve", "anong@office.example")}


# Keys, versions, writers side by side.


def test_a_repeated_key_does_nothing_twice_and_gets_the_first_result(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    version = office.case(case_id).version
    request = CaseRequest(
        case_id=case_id, action=Action.APPROVE, by=HEAD, key="once", expected_version=version
    )
    first = act_on_case(office.house, request)
    office.do(case_id, Action.SIGN, CHIEF)
    events = office.count()
    again = act_on_case(office.house, request)
    assert again == first.model_copy(update={"repeated": True})
    assert (office.count(), office.case(case_id).state) == (events, "awaiting_dispatch")
    for other in ({"by": CHIEF}, {"case_id": register(office.house)}, {"reason": "อื่น"}):
        with pytest.raises(KeyReused):
            act_on_case(office.house, request.model_copy(update=other))


def test_a_refused_request_leaves_its_key_free(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    with pytest.raises(ActionRefused):
        office.do(case_id, Action.RETURN_DRAFT, HEAD, key="again")
    done = office.do(case_id, Action.RETURN_DRAFT, HEAD, key="again", reason="ขาดวันที่")
    assert not done.repeated
    with office.house.sessions.begin() as session:
        assert session.scalars(select(ActionKey.key)).all() == ["again"]


def test_unknown_cases_are_named(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    for wrong in (
        CaseRequest(case_id=10**6, action=Action.APPROVE, by=HEAD),
        CaseRequest(case_id=10**6, action=Action.APPROVE, by=HEAD, key="x"),
        CaseRequest(case_id=case_id, action=Action.LINK, by=HEAD, other_case=10**6),
    ):
        with pytest.raises(CaseUnknown):
            act_on_case(office.house, wrong)


def side_by_side(count: int, work: object) -> Counter[str]:
    """Run `work(n)` in threads that start together; count how each ended."""
    together, ended = threading.Barrier(count), Counter[str]()
    lock = threading.Lock()

    def run(number: int) -> None:
        together.wait()
        try:
            outcome = work(number)  # type: ignore[operator]
        except Exception as fault:
            outcome = type(fault).__name__
        with lock:
            ended[outcome] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_of_eight_writers_one_wins_and_the_others_are_told(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    version, events = office.case(case_id).version, office.count()
    ways = [Action.APPROVE, Action.RETURN_DRAFT, Action.HOLD, Action.RECATEGORISE]
    filled = {action: office.fields(case_id, action) for action in ways}

    def act(number: int) -> str:
        action = ways[number % len(ways)]
        done = office.do(case_id, action, HEAD, expected_version=version, **filled[action])
        return f"won {done.version}"

    assert side_by_side(8, act) == {f"won {version + 1}": 1, "StaleVersion": 7}
    assert office.count() == events + 1
    assert StaleVersion.code == "stale_version"


def test_eight_writers_who_take_what_stands_lose_no_event(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    version = office.case(case_id).version

    def call(number: int) -> str:
        office.do(
            case_id, Action.LOG_COORDINATION, OFFICER, contact=f"คนที่ {number}",
            channel=ContactChannel.TELEPHONE,
        )  # fmt: skip
        return "done"

    assert side_by_side(8, call) == {"done": 8}
    assert office.case(case_id).version == version + 8
    calls = [e for e in office.events(case_id) if e.action == "log_coordination"]
    assert [e.after["version"] for e in calls] == list(range(version + 1, version + 9))
    with office.house.sessions.begin() as session:
        assert len(session.scalars(select(CoordinationEntry)).all()) == 8


def test_eight_requests_under_one_key_are_one(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    events = office.count()

    def approve(_: int) -> str:
        done = office.do(case_id, Action.APPROVE, HEAD, key="one")
        return "repeated" if done.repeated else "done"

    assert side_by_side(8, approve) == {"done": 1, "repeated": 7}
    assert office.count() == events + 1


def test_two_cases_named_in_either_order_do_not_wait_for_each_other(office: CaseOffice) -> None:
    first, second = register(office.house), register(office.house)

    def tie(number: int) -> str:
        pair = (first, second) if number % 2 else (second, first)
        kind = LinkKind.RELATED if number < 4 else LinkKind.EARLIER_MATTER
        office.do(pair[0], Action.LINK, OFFICER, other_case=pair[1], link=kind)
        return "linked"

    assert side_by_side(8, tie) == {"linked": 3, "LinkDecided": 5}
    with office.house.sessions.begin() as session:
        own = select(CaseLink).where(CaseLink.kind != LinkKind.SAME_FILE.value)
        assert len(session.scalars(own).all()) == 3
        trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "link")).all()
    assert len(trail) == 6


def test_a_group_that_was_given_a_case_has_to_accept_it_anew(office: CaseOffice) -> None:
    def unaccepted() -> str | None:
        with office.house.sessions.begin() as session:
            (watched,) = watch_cases(session).watched
        return watched.unaccepted.group_id if watched.unaccepted else None

    case_id = office.reach(CaseState.ASSIGNED)
    assert unaccepted() is None
    office.do(case_id, Action.REASSIGN, CHIEF, group="political", reason="เป็นงานการเมือง")
    assert unaccepted() == "political"
    office.do(case_id, Action.ASSIGN, "decha", person="pranee")
    assert unaccepted() is None


def test_a_look_at_a_restricted_case_stands_in_the_trail(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.ON_HOLD)
    assert case_record(office.house, case_id).pauses[0].resumed_at is None
    with office.house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    events = office.count()
    for name in (None, HEAD, CHIEF, STAFF[Role.ADMINISTRATOR]):
        with pytest.raises(CaseRestricted):
            case_record(office.house, case_id, name)
    assert office.count() == events
    kamon = STAFF[Role.SECRET_REGISTRAR]
    record = case_record(office.house, case_id, kamon)
    assert [entry.action for entry in record.actions][:1] == [Action.RESUME]
    seen = office.events(case_id)[-1]
    assert (seen.action, seen.actor, seen.to_state) == ("view_case", kamon, None)


def test_a_case_of_several_numbers_is_voided_with_all_of_them(office: CaseOffice) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    letter_id = office.add_letter(case_id)
    done = office.do(case_id, Action.VOID, REGISTRAR, reason="ลงรับผิด")
    assert done.state is CaseState.VOIDED
    with office.house.sessions.begin() as session:
        mine = session.scalars(select(Letter.id).where(Letter.case_id == case_id)).all()
        assert letter_id in mine
        assert set(void_reasons(session, mine)) == set(mine)
        waiting = select(OutboxMessage).where(
            OutboxMessage.case_id == case_id, OutboxMessage.withdrawn_at.is_(None)
        )
        assert session.scalars(waiting).all() == []
