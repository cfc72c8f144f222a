"""What is done to a case through its page: every action of the table, refusals, stale pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import lxml.html
import pytest
from sqlalchemy import select

from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Role
from pipeline.case_actions import possible_actions
from pipeline.case_desk import case_of_number
from registry.models import AuditEvent, Case, Contribution, CoordinationEntry, Letter
from registry.numbers import RegisterNumber
from review.action_fields import read_day
from tests.case_office import SECOND, STAFF, CaseOffice, plain_docx, staff_office
from tests.conftest import SetClock
from tests.seeding import let_in, register, small_house
from tests.servers.review_app import running_review_app

OFFICER, HEAD, CHIEF = STAFF[Role.OFFICER], STAFF[Role.GROUP_HEAD], STAFF[Role.OFFICE_HEAD]
REGISTRAR, SECRETARY = STAFF[Role.REGISTRAR], STAFF[Role.SECRETARY]
STATES = sorted({state for state, _ in STATE_TABLE})


@dataclass
class Desk:
    """People of the office at their browsers."""

    office: CaseOffice
    client: httpx.Client
    tokens: dict[str, str]

    def get(self, who: str, path: str) -> httpx.Response:
        return self.client.get(path, headers=self._cookie(who))

    def page(self, who: str, case_id: int) -> Page:
        answer = self.get(who, f"/cases/{case_id}")
        assert answer.status_code == 200, answer.text
        return Page(self, who, case_id, answer.text)

    def post(
        self,
        who: str,
        path: str,
        data: dict[str, str],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        return self.client.post(path, data=data, files=files, headers=self._cookie(who))

    def _cookie(self, who: str) -> dict[str, str]:
        return {"cookie": f"saraban={self.tokens[who]}"}


@dataclass
class Page:
    """A case's page as one person has it open."""

    desk: Desk
    who: str
    case_id: int
    text: str

    def actions(self) -> set[str]:
        return {form.get("action").rpartition("/")[2] for form in self._forms()}

    def form(self, action: Action) -> dict[str, str]:
        """Return the fields of an action's form as they stand."""
        [form] = [f for f in self._forms() if f.get("action").endswith(f"/{action}")]
        fields = {name: (value or "").removeprefix("\n") for name, value in form.form_values()}
        assert {"form_token", "version", "key"} <= set(fields)
        return fields

    def names(self, action: Action) -> set[str]:
        [form] = [f for f in self._forms() if f.get("action").endswith(f"/{action}")]
        return {f.name for f in form.inputs if f.name} - {"form_token", "version", "key"}

    def send(self, action: Action, **typed: Any) -> httpx.Response:
        path = f"/cases/{self.case_id}/actions/{action}"
        memo = typed.pop("draft", None)
        data = {**self.form(action), **{name: str(value) for name, value in typed.items()}}
        data.pop("draft", None)
        files = {"draft": ("memo.docx", memo)} if memo else None
        return self.desk.post(self.who, path, data, files)

    def _forms(self) -> list[lxml.html.FormElement]:
        forms = lxml.html.fromstring(self.text).forms
        return [
            form
            for form in forms
            if f"/cases/{self.case_id}/actions/" in (form.get("action") or "")
        ]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clock = SetClock()
    house = small_house(tmp_path_factory.mktemp("actions"), clock)
    staff_office(house)
    names = {*STAFF.values(), *SECOND.values(), "pranee", "decha"}
    tokens = {name: let_in(house, name) for name in names}
    with ExitStack() as stack:
        client = stack.enter_context(running_review_app(house, sign_in=None))
        yield Desk(CaseOffice(house, clock), client, tokens)
    house.close()


def number_of(desk: Desk, case_id: int) -> str:
    with desk.office.house.sessions.begin() as session:
        letter = session.scalars(
            select(Letter).where(Letter.case_id == case_id).order_by(Letter.id).limit(1)
        ).one()
        return str(RegisterNumber.of(letter))


def be(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"


def typed_for(desk: Desk, case_id: int, action: Action) -> dict[str, Any]:
    """Return what a person types so that an action can be carried out."""
    asked = desk.office.fields(case_id, action)
    typed = {k: str(v) for k, v in asked.items() if k not in ("memo", "category", "subcategory")}
    if "category" in asked:
        typed["category"] = f"{asked['category'].value}/{asked['subcategory']}"
    if "memo" in asked:
        typed["draft"] = asked["memo"]
    if "due" in asked:
        typed["due"] = be(asked["due"])
    for name in ("other_case", "duplicate_of"):
        if name in asked:
            typed[name] = number_of(desk, asked[name])
    return typed


@pytest.mark.parametrize("state", STATES)
def test_the_buttons_are_exactly_what_the_table_allows_each_person(
    desk: Desk, state: CaseState
) -> None:
    case_id = desk.office.untouched(state, Action.CLOSE)[0]
    house = desk.office.house
    for who in (OFFICER, HEAD, CHIEF, REGISTRAR, SECRETARY):
        answer = desk.get(who, f"/cases/{case_id}")
        if answer.status_code == 403:
            continue
        allowed = {entry.action.value for entry in possible_actions(house, case_id, who)}
        assert Page(desk, who, case_id, answer.text).actions() == allowed, (state, who)


ONE_EACH = sorted(
    {action: state for (state, action), edge in STATE_TABLE.items() if edge.roles - {Role.MACHINE}}
    .items()
)  # fmt: skip


@pytest.mark.parametrize(("action", "state"), ONE_EACH)
def test_every_action_is_done_through_the_page(
    desk: Desk, action: Action, state: CaseState
) -> None:
    case_id = desk.office.reach(state)
    typed = typed_for(desk, case_id, action)
    edge = STATE_TABLE[state, action]
    proposer = desk.office.case(case_id).proposed_by
    who = next(
        STAFF[role]
        for role in (Role.OFFICER, Role.GROUP_HEAD, Role.REGISTRAR, Role.OFFICE_HEAD)
        if role in edge.roles and STAFF[role] != proposer
    )
    page = desk.page(who, case_id)
    names = page.names(action)
    assert edge.required - {"draft"} <= names | {"draft"}
    answer = page.send(action, **{name: text for name, text in typed.items() if name in names})
    assert answer.status_code == 303, answer.text
    assert desk.office.case(case_id).state == edge.to.value
    shown = desk.get(who, answer.headers["location"])
    assert shown.status_code == 200
    assert action.thai in shown.text and 'role="status"' in shown.text
    trail = [event for event in desk.office.events(case_id) if event.action == action.value]
    assert trail and trail[-1].actor == who


def test_nobody_does_what_the_page_offers_no_button_for(desk: Desk) -> None:
    case_id = desk.office.untouched(CaseState.SIGN_OFF, Action.SIGN)[0]
    page = desk.page(OFFICER, case_id)
    hidden = {**page.form(Action.LOG_COORDINATION)}
    answer = desk.post(OFFICER, f"/cases/{case_id}/actions/sign", hidden)
    assert answer.status_code == 422
    assert "ไม่มีบทบาทที่ทำรายการนี้" in answer.text
    assert desk.office.case(case_id).state == "sign_off"
    assert desk.post(OFFICER, f"/cases/{case_id}/actions/fly", hidden).status_code == 404
    # The machine's own edges are nobody's.
    assert desk.post(OFFICER, f"/cases/{case_id}/actions/route", hidden).status_code == 422


def test_a_missing_field_is_named_and_what_was_typed_stays(desk: Desk) -> None:
    case_id = desk.office.untouched(CaseState.IN_REVIEW, Action.HOLD)[0]
    page = desk.page(OFFICER, case_id)
    answer = page.send(Action.PROPOSE_TRANSFER, agency="กรมสมมุติ <b>", reason=" ")
    assert answer.status_code == 422
    assert "โปรดกรอกช่องนี้" in answer.text and "กรมสมมุติ &lt;b&gt;" in answer.text
    again = Page(desk, OFFICER, case_id, answer.text)
    assert again.form(Action.PROPOSE_TRANSFER)["agency"] == "กรมสมมุติ <b>"
    assert desk.office.case(case_id).state == "in_review"


@pytest.mark.parametrize("due", ["31/02/2569", "พรุ่งนี้", "1/1/2566 x", "๓๑/๑๑/๒๕๖๙", "9" * 500])
def test_a_day_that_is_none_is_refused_with_what_was_typed(desk: Desk, due: str) -> None:
    case_id = desk.office.untouched(CaseState.IN_REVIEW, Action.HOLD)[0]
    answer = desk.page(HEAD, case_id).send(Action.SET_DUE, due=due, reason="คำสั่ง")
    assert answer.status_code == 422 and due in answer.text and "คำสั่ง" in answer.text


@pytest.mark.parametrize(
    "written",
    ["24/11/2569", "๒๔/๑๑/๒๕๖๙", "24-11-2026", "24.11.69", "2569-11-24", "24 พ.ย. 2569",
     "24 พฤศจิกายน ๒๕๖๙"],
)  # fmt: skip
def test_days_are_read_as_people_write_them(written: str) -> None:
    assert read_day(written) == date(2026, 11, 24)


def test_register_numbers_are_read_in_either_digits_and_era(desk: Desk) -> None:
    case_id = register(desk.office.house)
    written = number_of(desk, case_id)
    number = written.partition("/")[0]
    for text in (
        written,
        number,
        f" {number} / 2026",
        written.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    ):
        assert case_of_number(desk.office.house, text) == case_id


def test_a_refusal_of_the_office_s_rules_comes_back_as_the_form(desk: Desk) -> None:
    case_id = desk.office.untouched(CaseState.IN_REVIEW, Action.HOLD)[0]
    page = desk.page(HEAD, case_id)
    due = desk.office.case(case_id).due_date
    assert due is not None
    answer = page.send(Action.EXTEND, due=be(due), reason="รอข้อเท็จจริง")
    assert answer.status_code == 422
    assert "วันที่ขอขยายต้องหลังวันครบกำหนดเดิม" in answer.text and "รอข้อเท็จจริง" in answer.text
    answer = page.send(Action.LINK, other_case="99999/2569")
    assert answer.status_code == 422 and "ไม่มีหนังสือเลขรับนี้" in answer.text


def test_a_stale_page_says_who_changed_what_and_keeps_the_text(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    seen = desk.page(HEAD, case_id)
    desk.office.do(case_id, Action.EXTEND, SECOND[Role.GROUP_HEAD],
                   **desk.office.fields(case_id, Action.EXTEND))  # fmt: skip
    answer = seen.send(Action.RETURN_DRAFT, reason="ขอให้เพิ่มข้อกฎหมาย")
    assert answer.status_code == 409
    assert "มีผู้ทำรายการกับเรื่องนี้ก่อนท่าน" in answer.text
    assert SECOND[Role.GROUP_HEAD] in answer.text and "ขยายเวลา" in answer.text
    assert desk.office.case(case_id).state == "in_review"
    # The page that tells it has the new version ready.
    again = Page(desk, HEAD, case_id, answer.text)
    assert again.form(Action.RETURN_DRAFT)["reason"] == "ขอให้เพิ่มข้อกฎหมาย"
    assert again.send(Action.RETURN_DRAFT).status_code == 303
    assert desk.office.case(case_id).state == "drafting"


def test_a_stale_page_whose_action_is_gone_gives_the_text_back(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    seen = desk.page(HEAD, case_id)
    desk.office.do(case_id, Action.APPROVE, CHIEF)
    answer = seen.send(Action.RETURN_DRAFT, reason="เหตุผลยาวที่พิมพ์ไว้นาน")
    assert answer.status_code == 409
    assert "เหตุผลยาวที่พิมพ์ไว้นาน" in answer.text and CHIEF in answer.text
    assert Page(desk, HEAD, case_id, answer.text).actions() == set()
    assert desk.office.case(case_id).state == "sign_off"


def test_a_double_click_and_the_back_button_do_it_once(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    page = desk.page(OFFICER, case_id)
    typed = {"contact": "คุณสมศรี", "channel": "telephone", "note": "จะส่งข้อมูล",
             "promised_by": "1/12/2569"}  # fmt: skip
    first = page.send(Action.LOG_COORDINATION, **typed)
    second = page.send(Action.LOG_COORDINATION, **typed)
    assert (first.status_code, second.status_code) == (303, 303)
    assert "once=before" in second.headers["location"]
    assert "ทำไปแล้วครั้งเดียว" in desk.get(OFFICER, second.headers["location"]).text
    with desk.office.house.sessions.begin() as session:
        entries = session.scalars(
            select(CoordinationEntry).where(CoordinationEntry.case_id == case_id)
        ).all()
        assert [entry.promised_by for entry in entries] == [date(2026, 12, 1)]
    # Back, something else typed, sent again: told, not done.
    other = page.send(Action.LOG_COORDINATION, **{**typed, "note": "อีกเรื่องหนึ่ง"})
    assert other.status_code == 409 and "อีกเรื่องหนึ่ง" in other.text
    again = Page(desk, OFFICER, case_id, other.text)
    assert again.send(Action.LOG_COORDINATION).status_code == 303
    shown = desk.page(OFFICER, case_id).text
    assert "คุณสมศรี" in shown and "๑ ธ.ค. ๒๕๖๙" in shown and "อีกเรื่องหนึ่ง" in shown


def test_a_pasted_megabyte_comes_back_whole_enough_to_shorten(desk: Desk) -> None:
    case_id = desk.office.untouched(CaseState.IN_REVIEW, Action.HOLD)[0]
    page = desk.page(HEAD, case_id)
    pasted = "ข้อความยาว " * 32_000
    assert len(pasted.encode()) > 900_000
    answer = page.send(Action.RETURN_DRAFT, reason=pasted)
    assert answer.status_code == 422
    assert "ยาวเกินไป" in answer.text and "ข้อความยาว " * 30_000 in answer.text
    assert desk.office.case(case_id).state == "in_review"
    answer = page.send(Action.RETURN_DRAFT, reason="ก" * 2_000_000)
    assert answer.status_code == 413 and "ยังไม่มีการบันทึกใด ๆ" in answer.text


def test_whoever_proposed_is_told_why_the_button_is_missing(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    desk.office.do(case_id, Action.PROPOSE_NO_REPLY, HEAD, reason="บัตรสนเท่ห์")
    page = desk.page(HEAD, case_id)
    assert Action.CONFIRM_NO_REPLY.value not in page.actions()
    assert "ท่านเป็นผู้เสนอ ต้องให้ผู้อื่นเป็นผู้ยืนยัน" in page.text
    other = desk.page(SECOND[Role.GROUP_HEAD], case_id)
    assert "ท่านเป็นผู้เสนอ" not in other.text
    assert other.send(Action.CONFIRM_NO_REPLY).status_code == 303
    assert desk.office.case(case_id).state == "closed"


def test_a_case_that_leaves_somebody_s_sight_says_so(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    answer = desk.page(HEAD, case_id).send(Action.REASSIGN, group="political", reason="งานการเมือง")
    assert answer.headers["location"] == "/done?done=reassign"
    shown = desk.get(HEAD, answer.headers["location"])
    assert "มิได้อยู่กับท่านแล้ว" in shown.text and "มอบให้กลุ่มอื่น" in shown.text
    assert desk.get(HEAD, "/done?done=<script>").status_code == 404
    with desk.office.house.sessions.begin() as session:
        refused = session.scalars(
            select(AuditEvent).where(
                AuditEvent.case_id == case_id, AuditEvent.action == "refuse_case"
            )
        ).all()
        assert refused == []


def test_several_agencies_are_asked_and_answer_one_by_one(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    for agency in ("สำนักงานเขตหนึ่ง", "สำนักงานเขตสอง"):
        answer = desk.page(OFFICER, case_id).send(
            Action.ASK_CONTRIBUTION, agency=agency, note="ขอข้อเท็จจริง", due="30/11/2569"
        )
        assert answer.status_code == 303
    page = desk.page(OFFICER, case_id)
    assert page.send(Action.RECEIVE_CONTRIBUTION, note="ครบ").status_code == 422
    with desk.office.house.sessions.begin() as session:
        rows = session.scalars(
            select(Contribution).where(Contribution.case_id == case_id).order_by(Contribution.id)
        ).all()
        assert [row.due_date for row in rows] == [date(2026, 11, 30)] * 2
        first = rows[0].id
    page.send(Action.RECEIVE_CONTRIBUTION, contribution=first, note="ส่งแล้ว")
    assert desk.office.case(case_id).state == "awaiting_contribution"
    assert desk.page(OFFICER, case_id).send(Action.RECEIVE_CONTRIBUTION).status_code == 303
    assert desk.office.case(case_id).state == "drafting"
    assert "ส่งแล้ว" in desk.page(OFFICER, case_id).text


def test_a_restricted_case_is_nobody_else_s_to_act_on(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    page = desk.page(HEAD, case_id)
    with desk.office.house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    assert page.send(Action.APPROVE).status_code == 403
    assert desk.office.case(case_id).state == "in_review"


def test_the_whole_way_to_the_end(desk: Desk) -> None:
    case_id = desk.office.reach(CaseState.IN_REVIEW)
    steps = (
        (HEAD, Action.RETURN_DRAFT, {"reason": "ขอให้แก้"}),
        (OFFICER, Action.SUBMIT_DRAFT, {"draft": plain_docx("แก้แล้ว")}),
        (HEAD, Action.APPROVE_WITH_EDITS, {"draft": plain_docx("แก้อีก")}),
        (SECRETARY, Action.SIGN, {}),
        (REGISTRAR, Action.DISPATCH, {}),
        (OFFICER, Action.CLOSE, {}),
    )
    for who, action, typed in steps:
        answer = desk.page(who, case_id).send(action, **typed)
        assert answer.status_code == 303, (action, answer.text)
    assert desk.office.case(case_id).state == "closed"


def test_what_is_no_docx_is_refused_and_what_is_too_large_is_not_read(desk: Desk) -> None:
    case_id = desk.office.untouched(CaseState.IN_REVIEW, Action.HOLD)[0]
    page = desk.page(HEAD, case_id)
    answer = page.send(Action.APPROVE_WITH_EDITS, draft=b"%PDF-1.7 no memo")
    assert answer.status_code == 422 and ".docx" in answer.text
    answer = page.send(Action.APPROVE_WITH_EDITS, draft=b"P" * (6 * 2**20))
    assert answer.status_code == 413
    assert page.send(Action.APPROVE_WITH_EDITS).status_code == 422
    assert desk.office.case(case_id).state == "in_review"
