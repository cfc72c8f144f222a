"""My work and triage: bands, unread, views, the next case, many at once, one key a letter."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from sqlalchemy import event, inspect, select

from correspondence.errors import ActionRefused
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, IntakeOutcome, Role, Urgency
from pipeline.bootstrap import House
from pipeline.bulk import MOST_CASES, BulkRequest, act_on_cases
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest
from pipeline.desk_counts import desk_counts
from pipeline.hands import hands_of
from pipeline.looks import note_look
from pipeline.saved_views import MOST_VIEWS, save_view, saved_views
from pipeline.secret_desk import secret_page
from pipeline.staff import StaffMember, staff_member
from pipeline.taking import take_next
from pipeline.triage_view import LONGEST_SHOWN, triage_page
from pipeline.waiting_view import Queue, waiting_page
from pipeline.work_filter import Band, WorkFilter, WorkView
from pipeline.work_view import work_page
from registry.models import (
    Assignment,
    AuditEvent,
    Campaign,
    Case,
    CaseLink,
    FieldRow,
    IntakeItem,
    Letter,
    LetterSignatureRow,
    RegisterCounter,
)
from review.forms import form_token
from tests.conftest import SetClock
from tests.seeding import Seed, employ, end_in, let_in, register, small_house
from tests.servers.review_app import running_review_app

Row = TypeVar("Row", Case, Letter, IntakeItem, FieldRow)
TODAY = date(2026, 11, 20)
PEOPLE: dict[str, tuple[tuple[Role, str | None], ...]] = {
    "ratana": ((Role.REGISTRAR, None),),
    "wichai": ((Role.OFFICER, "complaints"),),
    "nipa": ((Role.OFFICER, "complaints"),),
    "somchai": ((Role.GROUP_HEAD, "complaints"),),
    "decha": ((Role.GROUP_HEAD, "political"),),
    "prasert": ((Role.OFFICE_HEAD, None),),
    "malee": ((Role.SECRETARY, None),),
    "kamon": ((Role.SECRET_REGISTRAR, None),),
    "both": ((Role.OFFICER, "complaints"), (Role.ADMINISTRATOR, None)),
}


@dataclass
class Desk:
    """An office with its people at their browsers."""

    house: House
    client: httpx.Client
    tokens: dict[str, str]

    def get(self, who: str, path: str) -> httpx.Response:
        return self.client.get(path, headers={"cookie": f"saraban={self.tokens[who]}"})

    def page(self, who: str, path: str) -> str:
        answer = self.get(who, path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, who: str, path: str, **fields: object) -> httpx.Response:
        data = {"form_token": form_token(self.tokens[who]), **fields}
        headers = {"cookie": f"saraban={self.tokens[who]}"}
        return self.client.post(path, data=data, headers=headers)

    def staff(self, who: str) -> StaffMember:
        with self.house.sessions.begin() as session:
            found = staff_member(session, who, TODAY)
        assert found is not None
        return found

    def do(self, who: str, case_id: int, action: Action, **asked: object) -> None:
        asked = {"case_id": case_id, "action": action, "by": who, **asked}
        act_on_case(self.house, CaseRequest.model_validate(asked))

    def case(self, case_id: int) -> Case:
        with self.house.sessions.begin() as session:
            return session.get_one(Case, case_id)

    def mark(self, case_id: int, **values: object) -> int:
        with self.house.sessions.begin() as session:
            found = session.get_one(Case, case_id)
            for name, value in values.items():
                setattr(found, name, value)
        return case_id

    def ids(self, who: str, **narrowed: object) -> list[int]:
        wanted = WorkFilter.model_validate(narrowed)
        return [row.case_id for row in work_page(self.house, self.staff(who), wanted).rows]

    def events(self, case_id: int) -> list[tuple[str, str]]:
        query = select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.case_id == case_id)
        with self.house.sessions.begin() as session:
            return [tuple(row) for row in session.execute(query.order_by(AuditEvent.id))]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    house = small_house(tmp_path_factory.mktemp("work"), SetClock())
    tokens = {
        name: let_in(house, name, roles, clearance="secret" if name == "kamon" else "open")
        for name, roles in PEOPLE.items()
    }
    with ExitStack() as stack:
        client = stack.enter_context(running_review_app(house, sign_in=None))
        yield Desk(house, client, tokens)
    house.close()


@pytest.fixture
def desk(served: Desk) -> Desk:
    """The office with a clean desk: what earlier tests left is closed."""
    with served.house.sessions.begin() as session:
        for found in session.scalars(select(Case)):
            found.state = CaseState.VOIDED.value
    return served


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Yield the statements that are sent to the database."""
    engine = house.sessions.kw["bind"]
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def multiply(house: House, wanted: int) -> None:
    """Copy the open cases with their letters and fields until there are so many."""
    with house.sessions.begin() as session:
        found = session.scalars(select(Case).where(Case.state != CaseState.VOIDED.value)).all()
        counter = session.scalars(select(RegisterCounter)).one()
        for number in range(wanted - len(found)):
            case = found[number % len(found)]
            letter = case.letters[0]
            item = copy_of(session.get_one(IntakeItem, letter.intake_item_id))
            item.source_key = f"copy-{number}"
            other = copy_of(case)
            session.add_all([item, other])
            session.flush()
            twin = copy_of(letter)
            twin.intake_item_id, twin.case_id = item.id, other.id
            counter.last_number += 1
            twin.register_number = counter.last_number
            session.add(twin)
            session.flush()
            for field in letter.fields:
                same = copy_of(field)
                same.letter_id = twin.id
                session.add(same)


def copy_of(row: Row) -> Row:
    """Return a row of the same values without an id."""
    columns = [column.key for column in inspect(type(row)).columns if column.key != "id"]
    return type(row)(**{name: getattr(row, name) for name in columns})


def test_work_stands_in_bands_by_due_date_the_urgent_first(desk: Desk) -> None:
    later = register(desk.house, Seed(due=date(2026, 12, 30)))
    undated = register(desk.house, Seed(due=None))
    soon = register(desk.house, Seed(due=date(2026, 11, 23)))
    calm = register(desk.house, Seed(due=TODAY))
    urgent = desk.mark(register(desk.house, Seed(due=TODAY)), urgency=Urgency.URGENT.value)
    late = register(desk.house, Seed(due=date(2026, 11, 2)))
    register(desk.house, Seed(group="political"))
    found = work_page(desk.house, desk.staff("wichai"), WorkFilter())
    assert [row.case_id for row in found.rows] == [late, urgent, calm, soon, later, undated]
    assert [row.band for row in found.rows] == [
        *(Band.OVERDUE, Band.TODAY, Band.TODAY, Band.SOON, Band.LATER, Band.LATER)
    ]
    assert found.counts.bands == {"overdue": 1, "today": 2, "soon": 1, "later": 2}
    page = desk.page("wichai", "/work")
    links = [int(one) for one in re.findall(r'<th scope="row"><a href="/cases/(\d+)"', page)]
    assert links == [late, urgent, calm, soon, later, undated]
    assert page.count("<tr data-row") == 6 and page.count('class="band"') == 4
    assert [int(one) for one in desk.ids("wichai", band="soon")] == [soon]


def test_everybody_finds_what_waits_for_them(desk: Desk) -> None:
    house = desk.house
    review, sign, triage = register(house), register(house), register(house, Seed(abstained=True))
    sent, given, own = register(house), register(house), register(house)
    desk.do("somchai", sign, Action.APPROVE)
    desk.do("somchai", sent, Action.APPROVE)
    desk.do("prasert", sent, Action.SIGN)
    desk.do("wichai", given, Action.PROPOSE_TRANSFER, reason="นอกอำนาจ", agency="กรมอื่น")
    desk.do("somchai", own, Action.PROPOSE_NO_REPLY, reason="ซ้ำหลายครั้ง")
    waiting = {who: set(desk.ids(who, view="waiting")) for who in PEOPLE}
    assert waiting == {
        "ratana": {triage, sent},
        # What one has proposed somebody else decides.
        "somchai": {review, given},
        "prasert": {sign, given, own},
        "malee": {sign},
        **{who: set() for who in ("wichai", "nipa", "decha", "kamon", "both")},
    }
    assert set(desk.ids("somchai")) == {review, sign, sent, given, own}
    assert desk.ids("both") == [] and set(desk.ids("malee")) == {sign}
    assert set(desk.ids("prasert", view="group")) == {review, sign, triage, sent, given, own}
    desk.do("somchai", review, Action.RETURN_DRAFT, reason="แก้ชื่อ")
    desk.do("somchai", review, Action.ASSIGN, person="wichai")
    assert desk.ids("wichai", view="waiting") == [review] == desk.ids("wichai", view="mine")
    assert "ทั้งสำนักงาน" in desk.page("prasert", "/work")


def test_a_case_is_unread_until_it_was_opened_since_its_last_change(desk: Desk) -> None:
    case_id = register(desk.house)
    assert "ใหม่</span>" in desk.page("wichai", "/work")
    assert desk.ids("wichai", unread=True) == [case_id]
    desk.page("wichai", f"/cases/{case_id}")
    assert desk.ids("wichai", unread=True) == []
    assert "ใหม่</span>" not in desk.page("wichai", "/work")
    # Somebody else's look is not one's own.
    assert desk.ids("nipa", unread=True) == [case_id]
    desk.do("somchai", case_id, Action.RETURN_DRAFT, reason="แก้ชื่อ")
    assert desk.ids("wichai", unread=True) == [case_id]
    assert work_page(desk.house, desk.staff("wichai"), WorkFilter()).counts.unread == 1


def test_filters_are_links_that_add_up(desk: Desk) -> None:
    register(desk.house, Seed(due=TODAY))
    register(desk.house, Seed(category=Category.GENERAL, subcategory="other", due=TODAY))
    third = register(desk.house, Seed(due=date(2026, 11, 30)))
    desk.mark(third, urgency=Urgency.URGENT.value)
    page = unescape(desk.page("wichai", "/work?band=today"))
    assert 'href="/work?category=general&band=today"' in page
    assert 'href="/work"' in page and 'aria-current="true">ครบกำหนดวันนี้' in page
    assert len(desk.ids("wichai", band="today", category="general")) == 1
    assert desk.ids("wichai", urgency="urgent") == [third]
    assert len(desk.ids("wichai", state="in_review")) == 3
    assert desk.get("wichai", "/work?state=nonsense").status_code == 404
    assert desk.get("wichai", "/work?unread=yes").status_code == 404
    assert "เรื่อง หน้า ๑ จาก ๑" in desk.page("wichai", "/work?page=999")


def test_of_a_restricted_case_the_list_tells_nothing_and_only_to_the_cleared(desk: Desk) -> None:
    words = "หัวเรื่องที่ต้องปกปิดไว้"
    case_id = desk.mark(register(desk.house, Seed(subject=words)), restricted=True)
    for who in ("wichai", "somchai", "prasert", "ratana"):
        assert desk.ids(who) == [] and desk.ids(who, view="group") == []
    assert desk.ids("kamon") == [case_id]
    page = desk.page("kamon", "/work")
    assert words not in page and "ร้องทุกข์" not in page and "จำกัดผู้เข้าถึง" in page
    assert desk.ids("kamon", category="complaint") == []
    with desk.house.sessions.begin() as session:
        letter = session.scalars(select(Letter.id).where(Letter.case_id == case_id)).one()
        session.add(
            FieldRow(
                letter_id=letter,
                name="secrecy",
                position=0,
                machine_value="top_secret",
                confidence=1.0,
                needs_check=False,
            )
        )
    # It is above their clearance now.
    assert desk.ids("kamon") == []


def test_hostile_subjects_are_shown_not_run(desk: Desk) -> None:
    attack = '"><script>alert(1)</script>'
    register(desk.house, Seed(subject=attack))
    register(desk.house, Seed(subject=attack, text=attack, abstained=True, sender=attack))
    for page in (desk.page("somchai", "/work"), desk.page("somchai", "/triage")):
        assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_number_of_queries_does_not_grow_with_the_cases(desk: Desk) -> None:
    def queries(path: str) -> int:
        with counted(desk.house) as sent:
            desk.page("somchai", path)
        return len(sent)

    for number in range(5):
        register(desk.house, Seed(abstained=number == 0))
    few = {path: queries(path) for path in ("/work", "/triage", "/")}
    multiply(desk.house, 200)
    assert len(desk.ids("somchai")) == 50 and "๒๐๐ เรื่อง" not in desk.page("somchai", "/triage")
    assert {path: queries(path) for path in few} == few
    assert few["/work"] < 25


def test_a_view_is_saved_used_and_removed_by_its_owner_alone(desk: Desk) -> None:
    answer = desk.post("wichai", "/work/views", name="  ด่วน  วันนี้ ", band="today", view="mine")
    assert answer.headers["location"] == "/work?view=mine&band=today"
    (view,) = saved_views(desk.house, desk.staff("wichai"))
    assert view.name == "ด่วน วันนี้"
    assert view.filters == WorkFilter(view=WorkView.MINE, band=Band.TODAY)
    page = unescape(desk.page("wichai", "/work"))
    assert 'href="/work?view=mine&band=today">ด่วน วันนี้</a>' in page
    assert "ด่วน วันนี้" not in desk.page("nipa", "/work")
    desk.post("wichai", "/work/views", name="ด่วน วันนี้", urgency="urgent", state="nonsense")
    (view,) = saved_views(desk.house, desk.staff("wichai"))
    assert view.filters == WorkFilter(urgency=Urgency.URGENT)
    desk.post("nipa", "/work/views/remove", view_id=view.id)
    assert saved_views(desk.house, desk.staff("wichai"))
    desk.post("wichai", "/work/views/remove", view_id=view.id)
    assert saved_views(desk.house, desk.staff("wichai")) == ()


@pytest.mark.parametrize("name", ["", "   ", "ก" * 61])
def test_a_view_needs_a_short_name(desk: Desk, name: str) -> None:
    answer = desk.post("nipa", "/work/views", name=name, band="today")
    assert answer.status_code == 422 and "ต้องตั้งชื่อมุมมอง" in answer.text
    assert saved_views(desk.house, desk.staff("nipa")) == ()


def test_nobody_has_views_without_end(desk: Desk) -> None:
    staff = desk.staff("decha")
    for number in range(MOST_VIEWS):
        save_view(desk.house, staff, str(number), WorkFilter(unread=True))
    answer = desk.post("decha", "/work/views", name="อีกหนึ่ง", band="today")
    assert answer.status_code == 422 and len(saved_views(desk.house, staff)) == MOST_VIEWS


def test_the_next_case_is_the_most_urgent_that_nobody_has(desk: Desk) -> None:
    calm = register(desk.house, Seed(due=date(2026, 11, 2)))
    urgent = desk.mark(register(desk.house), urgency=Urgency.MOST_URGENT.value)
    desk.mark(register(desk.house), urgency=Urgency.MOST_URGENT.value, restricted=True)
    register(desk.house, Seed(group="political"))
    answer = desk.post("wichai", "/work/next")
    assert answer.status_code == 303 and answer.headers["location"] == f"/cases/{urgent}"
    assert ("assign", "wichai") in desk.events(urgent)
    assert desk.ids("wichai", view="mine") == [urgent]
    assert desk.post("nipa", "/work/next").headers["location"] == f"/cases/{calm}"
    empty = desk.post("nipa", "/work/next").headers["location"]
    assert "ไม่มีเรื่องของกลุ่มที่ยังไม่มีผู้รับ" in desk.page("nipa", empty)
    # Who has no group has nothing to take.
    assert take_next(desk.house, desk.staff("ratana")).case_id is None
    assert "/work/next" not in desk.page("ratana", "/work")


def test_an_officer_takes_for_themselves_and_only_what_nobody_has(desk: Desk) -> None:
    case_id = register(desk.house)
    with pytest.raises(ActionRefused):
        desk.do("wichai", case_id, Action.ASSIGN, person="nipa")
    desk.do("wichai", case_id, Action.ASSIGN, person="wichai")
    with pytest.raises(ActionRefused):
        desk.do("nipa", case_id, Action.ASSIGN, person="nipa")
    desk.do("somchai", case_id, Action.ASSIGN, person="nipa")
    assert desk.ids("nipa", view="mine") == [case_id] and desk.ids("wichai", view="mine") == []


def test_chosen_cases_are_given_one_by_one_and_each_tells_its_outcome(desk: Desk) -> None:
    done, stale, signed = register(desk.house), register(desk.house), register(desk.house)
    desk.do("somchai", signed, Action.APPROVE)
    versions = {f"case-{one}": desk.case(one).version for one in (done, stale, signed)}
    desk.do("somchai", stale, Action.RETURN_DRAFT, reason="แก้ชื่อ")
    fields = {**versions, "do": "group", "group": "political", "reason": "งานการเมือง", "key": "k1"}
    page = desk.post("somchai", "/work/bulk", **fields).text
    assert "ทำแล้ว ๑ เรื่อง ไม่ได้ทำ ๒ เรื่อง" in page
    assert "มีผู้แก้ไขเรื่องนี้ก่อนแล้ว" in page and "ทำรายการนี้ไม่ได้ขณะเรื่องอยู่ในสถานะ" in page
    assert [desk.case(one).group_id for one in (done, stale, signed)] == [
        *("political", "complaints", "complaints")
    ]
    count = len(desk.events(done))
    # The same form again does nothing twice, and says the same.
    again = desk.post("somchai", "/work/bulk", **fields).text
    assert "ทำแล้ว ๑ เรื่อง ไม่ได้ทำ ๒ เรื่อง" in again and len(desk.events(done)) == count
    fields = {f"case-{stale}": desk.case(stale).version, "do": "person", "person": "wichai"}
    assert "ทำแล้ว ๑ เรื่อง" in desk.post("somchai", "/work/bulk", **fields).text
    assert desk.ids("wichai", view="mine") == [stale]


def test_what_cannot_be_given_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    case_id = register(desk.house)
    version = desk.case(case_id).version
    none = desk.post("somchai", "/work/bulk", do="group", group="political", reason="เพราะงาน")
    assert none.status_code == 422 and "ยังไม่ได้เลือกเรื่อง" in none.text
    nobody = desk.post(
        "somchai", "/work/bulk", do="group", reason="เพราะงาน", **{f"case-{case_id}": version}
    )
    assert "ยังไม่ได้เลือกว่าจะมอบให้ใคร" in nobody.text and 'value="เพราะงาน"' in nobody.text
    assert re.search(rf'name="case-{case_id}"[^>]* checked', nobody.text)
    fields = {f"case-{case_id}": version, "do": "group", "group": "political", "reason": "ลอง"}
    for who in ("wichai", "decha", "ratana"):
        page = desk.post(who, "/work/bulk", **fields).text
        assert "ทำแล้ว ๐ เรื่อง ไม่ได้ทำ ๑ เรื่อง" in page
    assert desk.case(case_id).group_id == "complaints"
    long = desk.post("somchai", "/work/bulk", **{**fields, "reason": "ก" * 5000})
    assert long.status_code == 422
    for wrong in ({"case-x": "1"}, {"case-99999999999": "1"}, {"case-7": "ไม่ใช่เลข"}):
        assert desk.post("somchai", "/work/bulk", **wrong, do="group").status_code in (200, 422)


def test_many_cases_at_once_have_limits() -> None:
    too_many = dict.fromkeys(range(1, MOST_CASES + 2))
    for cases, action in (
        ({}, Action.REASSIGN),
        (too_many, Action.ASSIGN),
        ({1: None}, Action.SIGN),
    ):
        request = BulkRequest(cases=cases, action=action, by="x")
        with pytest.raises(Exception, match="case"):
            act_on_cases(None, request)  # type: ignore[arg-type]


def test_the_menu_counts_what_waits_and_only_for_whom_it_is(desk: Desk) -> None:
    register(desk.house, Seed(abstained=True))
    register(desk.house)
    counts = {who: desk_counts(desk.house, desk.staff(who)) for who in PEOPLE}
    assert (counts["somchai"].work, counts["somchai"].triage) == (1, 1)
    assert counts["somchai"].held is None and counts["somchai"].secret is None
    assert (counts["ratana"].work, counts["ratana"].held) == (1, 0)
    assert counts["ratana"].secret is None and counts["kamon"].secret == 0
    assert set(counts["both"].model_dump().values()) == {None}
    page = desk.page("somchai", "/work")
    assert re.search(r'href="/triage" data-key="t">เลือกประเภท <small class="count">๑<', page)
    assert "/waiting/held" not in page and 'href="/secret"' not in page
    with counted(desk.house) as sent:
        desk_counts(desk.house, desk.staff("ratana"))
    assert sum("count(" in one for one in sent) == 1


def test_one_key_chooses_and_the_next_letter_comes(desk: Desk) -> None:
    text = "ขอให้ตรวจสอบเรื่องนี้โดยเร็ว " * 60
    first = desk.mark(
        register(desk.house, Seed(abstained=True, text=text, file_name="a.pdf")),
        urgency=Urgency.URGENT.value,
    )
    second = register(desk.house, Seed(abstained=True, file_name="b.pdf", subject="เรื่องที่สอง"))
    page = desk.page("ratana", "/triage")
    assert 'value="complaint/general_complaint" data-key="1"' in page
    assert 'value="general" data-key="2"' in page and 'data-key="5"' in page
    shown = triage_page(desk.house).letter
    assert shown is not None and (shown.case_id, len(shown.asked)) == (first, LONGEST_SHOWN)
    assert text[: LONGEST_SHOWN + 20] not in page
    form = {"case_id": first, "version": shown.version, "choice": "complaint/general_complaint"}
    answer = desk.post("ratana", "/triage", **form)
    assert answer.headers["location"] == f"/triage?done={first}-1-0"
    assert desk.case(first).state == "assigned" and desk.case(first).group_id == "complaints"
    after = desk.page("ratana", answer.headers["location"])
    assert "เรื่องที่สอง" in after and f'href="/cases/{first}/actions/recategorise"' in after
    # Pressed twice, or chosen by somebody else first.
    stale = desk.post("ratana", "/triage", **form).headers["location"]
    assert "มีผู้เลือกประเภทของเรื่องนั้นไปก่อนแล้ว" in desk.page("ratana", stale)
    assert desk.case(second).state == "triage"


def test_a_category_that_was_not_guessed_asks_for_its_sub_category(desk: Desk) -> None:
    case_id = register(desk.house, Seed(abstained=True))
    version = desk.case(case_id).version
    step = desk.post("somchai", "/triage", case_id=case_id, version=version, choice="parliamentary")
    where = step.headers["location"]
    assert where == f"/triage?case={case_id}&category=parliamentary"
    page = desk.page("somchai", where)
    assert 'value="parliamentary/question" data-key="2"' in page
    assert desk.case(case_id).state == "triage"
    for odd in ("nonsense", "parliamentary/nonsense", "", "complaint/../x"):
        desk.post("somchai", "/triage", case_id=case_id, version=version, choice=odd)
        assert desk.case(case_id).state == "triage"
    desk.post(
        "somchai", "/triage", case_id=case_id, version=version, choice="parliamentary/question"
    )
    assert desk.case(case_id).group_id == "political"


def test_a_letter_is_skipped_and_comes_again(desk: Desk) -> None:
    first, second = (
        register(desk.house, Seed(abstained=True, file_name=name)) for name in ("a", "b")
    )
    page = desk.page("ratana", f"/triage?skip={first}")
    assert f'name="case_id" value="{second}"' in page and "ข้ามไป ๑ เรื่อง" in page
    answer = desk.post(
        "ratana", "/triage", case_id=second, choice="complaint/opinion", skip=str(first)
    )
    assert answer.headers["location"].startswith(f"/triage?skip={first}&")
    assert "ไม่มีเรื่องรอเลือกประเภท" in desk.page("ratana", f"/triage?skip={first}")
    assert f'name="case_id" value="{first}"' in desk.page("ratana", "/triage?skip=x,,9e9,-1")


def test_what_was_chosen_is_taken_back_where_the_table_allows(desk: Desk) -> None:
    case_id = register(desk.house, Seed(abstained=True))
    done = desk.post("somchai", "/triage", case_id=case_id, choice="complaint/opinion")
    page = desk.page("somchai", done.headers["location"])
    assert "เรียกคืนเพื่อเลือกใหม่" in page
    # Nobody else is told of it.
    assert "เรียกคืนเพื่อเลือกใหม่" not in desk.page("decha", done.headers["location"])
    back = desk.post("somchai", "/triage/undo", case_id=case_id, version=desk.case(case_id).version)
    assert back.headers["location"] == f"/triage?case={case_id}&said=triage_returned"
    assert desk.case(case_id).state == "triage"
    desk.post("somchai", "/triage", case_id=case_id, choice="complaint/opinion")
    refused = desk.post("ratana", "/triage/undo", case_id=case_id)
    assert refused.status_code == 422 and desk.case(case_id).state == "assigned"


def test_a_petition_of_many_senders_is_chosen_at_once_each_by_itself(desk: Desk) -> None:
    cases = [
        register(desk.house, Seed(abstained=True, file_name=f"{number}.pdf")) for number in range(4)
    ]
    other = register(desk.house, Seed(abstained=True, file_name="other.pdf"))
    with desk.house.sessions.begin() as session:
        letters = session.scalars(select(Letter).where(Letter.case_id.in_(cases))).all()
        campaign = Campaign(first_letter_id=letters[0].id, created_at=desk.house.clock())
        session.add(campaign)
        session.flush()
        for letter in letters:
            row = session.get(LetterSignatureRow, letter.id) or LetterSignatureRow(
                letter_id=letter.id, scheme=1, shingles=0, pages=1
            )
            row.campaign_id = campaign.id
            session.add(row)
    page = desk.page("ratana", f"/triage?case={cases[0]}")
    assert "คำร้องข้อความเดียวกันอีก ๓ เรื่องรออยู่" in page
    (fellows,) = re.findall(r'name="fellows" value="([^"]*)"', page)
    desk.do(
        "somchai", cases[3], Action.CHOOSE_CATEGORY, category="complaint", subcategory="opinion"
    )
    answer = desk.post(
        "ratana",
        "/triage",
        case_id=cases[0],
        choice="complaint/general_complaint",
        alike="1",
        fellows=fellows,
    )
    assert answer.headers["location"].startswith(f"/triage?done={cases[0]}-3-1&also=")
    told = desk.page("ratana", answer.headers["location"])
    assert "แล้ว ๓ เรื่อง ไม่ได้ทำ ๑ เรื่อง" in told
    for case_id in cases[:3]:
        assert desk.events(case_id)[-1] == ("choose_category", "ratana")
    assert desk.case(cases[3]).subcategory == "opinion" and desk.case(other).state == "triage"
    # Whoever may take one back takes back the petition.
    for case_id in cases:
        desk.do("somchai", case_id, Action.RETURN_TO_TRIAGE, reason="ลองใหม่")
    fields = {"choice": "complaint/opinion", "alike": "1", "fellows": " ".join(map(str, cases[1:]))}
    answer = desk.post("somchai", "/triage", case_id=cases[0], **fields)
    assert answer.headers["location"] == f"/triage?done={cases[0]}-1-0"
    desk.post("somchai", "/triage/undo", case_id=cases[0])
    (fellows,) = re.findall(
        r'name="fellows" value="([^"]*)"', desk.page("somchai", f"/triage?case={cases[0]}")
    )
    answer = desk.post("somchai", "/triage", case_id=cases[0], **{**fields, "fellows": fellows})
    page = desk.page("somchai", answer.headers["location"])
    (also,) = re.findall(r'name="also" value="([^"]*)"', page)
    desk.post("somchai", "/triage/undo", case_id=cases[0], also=also)
    assert {desk.case(case_id).state for case_id in cases} == {"triage"}


def test_suggested_links_are_decided_in_triage(desk: Desk) -> None:
    earlier, later = (register(desk.house, Seed(abstained=True, file_name=n)) for n in ("a", "b"))
    with desk.house.sessions.begin() as session:
        session.query(CaseLink).delete()
        for kind in ("perhaps_duplicate", "perhaps_related"):
            session.add(
                CaseLink(
                    case_id=later,
                    other_case_id=earlier,
                    kind=kind,
                    reason="ข้อความเหมือนกัน",
                    created_at=desk.house.clock(),
                )
            )
        session.flush()
        duplicate, related = session.scalars(select(CaseLink.id).order_by(CaseLink.id))
    assert desk.page("ratana", f"/triage?case={later}").count('value="accept"') == 2
    desk.post("ratana", "/triage/link", case_id=later, link_id=related, decide="decline")
    assert desk.page("ratana", f"/triage?case={later}").count('value="accept"') == 1
    done = desk.post("ratana", "/triage/link", case_id=later, link_id=duplicate, decide="accept")
    assert desk.case(later).state == "duplicate"
    assert f'name="case_id" value="{earlier}"' in desk.page("ratana", done.headers["location"])
    again = desk.post("ratana", "/triage/link", case_id=later, link_id=duplicate, decide="accept")
    assert "triage_stale" in again.headers["location"]
    desk.post("ratana", "/triage/link", link_id="", decide="accept")


def test_home_is_where_one_s_work_is(desk: Desk) -> None:
    assert desk.get("wichai", "/sign-in").headers["location"] == "/work"
    assert desk.get("kamon", "/sign-in").headers["location"] == "/work"
    assert desk.get("both", "/sign-in").headers["location"] == "/people"
    assert "data-row" in desk.page("prasert", "/?state=voided")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_officers_at_once_each_takes_another_case(database_url: str, tmp_path: Path) -> None:
    house = small_house(tmp_path, SetClock(), database_url=database_url)
    names = [f"officer{number}" for number in range(4)]
    for name in names:
        employ(house, name, Role.OFFICER, "complaints")
    cases = {register(house, Seed(file_name=f"{number}.pdf")) for number in range(3)}
    start, taken = threading.Barrier(len(names)), []

    def take(name: str) -> None:
        with house.sessions.begin() as session:
            staff = staff_member(session, name, TODAY)
        assert staff is not None
        start.wait(timeout=20)
        taken.append(take_next(house, staff).case_id)

    threads = [threading.Thread(target=take, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with house.sessions.begin() as session:
        hands = session.scalars(select(Assignment).where(Assignment.ended_at.is_(None))).all()
        staff = staff_member(session, names[0], TODAY)
    assert staff is not None
    waiting = register(house, Seed(abstained=True))
    note_look(house, staff, waiting)
    note_look(house, staff, min(cases))
    save_view(house, staff, "มุมมอง", WorkFilter(unread=True))
    # What the pages ask, this database answers, too.
    found = work_page(house, staff, WorkFilter(category=Category.COMPLAINT))
    assert found.total == 3 == len(found.rows) and found.counts.unread == 2
    assert desk_counts(house, staff).work == 3 and saved_views(house, staff)
    letter = triage_page(house, skipped=(1,)).letter
    assert letter is not None and letter.case_id == waiting
    employ(house, "head", Role.GROUP_HEAD, "complaints")
    employ(house, "kamon", Role.SECRET_REGISTRAR, None, clearance="secret")
    end_in(house, IntakeOutcome.SECRET, "marked_secret")
    with house.sessions.begin() as session:
        head, kamon = (staff_member(session, name, TODAY) for name in ("head", "kamon"))
    assert head is not None and kamon is not None
    assert len(hands_of(house, head)) == 5 and work_page(house, head, WorkFilter()).total == 3
    assert secret_page(house, kamon).total == 1 == desk_counts(house, kamon).secret
    assert waiting_page(house, Queue.HELD).total == 0
    house.close()
    assert {one for one in taken if one is not None} == cases and taken.count(None) == 1
    assert len(hands) == 3 and len({one.person_id for one in hands}) == 3
