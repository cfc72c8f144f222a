"""The memo on the case page: edited by parts, accepted, handed in as a file, compared, drawn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import httpx
import lxml.html
import pytest
from docx import Document
from sqlalchemy import select

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Role
from registry.models import Draft
from tests.case_office import SECOND, STAFF, CaseOffice, staff_office
from tests.conftest import SetClock
from tests.seeding import let_in, small_house
from tests.servers.review_app import running_review_app

OFFICER, HEAD, REGISTRAR = STAFF[Role.OFFICER], STAFF[Role.GROUP_HEAD], STAFF[Role.REGISTRAR]


class MemoDesk:
    """People of the office with a memo before them."""

    def __init__(self, office: CaseOffice, client: httpx.Client, tokens: dict[str, str]) -> None:
        self.office, self.client, self.tokens = office, client, tokens

    def drafted(self) -> int:
        """Return a case in review with a memo that the machine drafted of its letter."""
        case_id = self.office.reach(CaseState.IN_REVIEW)
        self.office.do(case_id, Action.REDRAFT, HEAD)
        return case_id

    def get(self, who: str, path: str) -> httpx.Response:
        return self.client.get(path, headers={"cookie": f"saraban={self.tokens[who]}"})

    def form(self, who: str, case_id: int, page: str = "") -> dict[str, Any]:
        """Return the memo's form as it stands on the page, or on an answer."""
        text = page or self.get(who, f"/cases/{case_id}").text
        wanted = f"/cases/{case_id}/memo"
        [form] = [f for f in lxml.html.fromstring(text).forms if f.get("action") == wanted]
        values: dict[str, Any] = {"ok": []}
        for name, value in form.form_values():
            if name == "ok":
                values["ok"].append(value)
            else:
                values[name] = (value or "").removeprefix("\n").replace("\r\n", "\n")
        values["buttons"] = [b.get("value") for b in form.iter("button") if b.get("name") == "do"]
        return values

    def send(self, who: str, case_id: int, form: dict[str, Any], do: str) -> httpx.Response:
        data = {name: value for name, value in form.items() if name != "buttons"}
        return self.client.post(
            f"/cases/{case_id}/memo",
            data={**data, "do": do},
            headers={"cookie": f"saraban={self.tokens[who]}"},
        )

    def drafts(self, case_id: int) -> list[Draft]:
        query = select(Draft).where(Draft.case_id == case_id).order_by(Draft.version)
        with self.office.house.sessions.begin() as session:
            return list(session.scalars(query))

    def text(self, draft: Draft) -> str:
        sheet = Document(BytesIO(self.office.house.blobs.get(draft.sha256)))
        cells = (cell.text for table in sheet.tables for row in table.rows for cell in row.cells)
        return "\n".join([*(p.text for p in sheet.paragraphs), *cells])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoDesk]:
    clock = SetClock()
    house = small_house(tmp_path_factory.mktemp("memo"), clock)
    staff_office(house)
    names = {*STAFF.values(), *SECOND.values()}
    tokens = {name: let_in(house, name) for name in names}
    with ExitStack() as stack:
        client = stack.enter_context(running_review_app(house, sign_in=None))
        yield MemoDesk(CaseOffice(house, clock), client, tokens)
    house.close()


def test_the_buttons_are_those_of_the_table(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    assert desk.form(OFFICER, case_id)["buttons"] == ["edit_draft"]
    assert desk.form(HEAD, case_id)["buttons"] == ["approve_with_edits", "edit_draft"]
    shown = desk.get(REGISTRAR, f"/cases/{case_id}").text
    assert f'action="/cases/{case_id}/memo"' not in shown and "สรุปประเด็นสำคัญ" in shown


def test_an_officer_edits_and_submits_and_the_head_approves_with_an_edit(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    desk.office.do(case_id, Action.RETURN_DRAFT, HEAD, reason="ขอให้เพิ่มข้อเสนอ")
    form = desk.form(OFFICER, case_id)
    assert form["buttons"] == ["submit_draft", "edit_draft"]
    form["part-proposals"] = "เห็นควรส่งเขตพื้นที่ตรวจสอบ\nเห็นควรแจ้งผู้ร้องทราบ"
    form["ok"] = ["subject", "summary"]
    assert desk.send(OFFICER, case_id, form, "submit_draft").status_code == 303
    assert desk.office.case(case_id).state == "in_review"
    made = desk.drafts(case_id)[-1]
    assert made.made_by == OFFICER and made.superseded_at is None
    # Points are numbered anew, in the office's digits.
    proposals = next(s for s in made.sections if s["label"] == "ข้อเสนอ")
    assert proposals["text"] == "๑. เห็นควรส่งเขตพื้นที่ตรวจสอบ\n๒. เห็นควรแจ้งผู้ร้องทราบ"
    accepted = {s["label"]: s["accepted_by"] for s in made.sections}
    assert (accepted["เรื่อง"], accepted["จาก"]) == (OFFICER, "")
    assert "เห็นควรส่งเขตพื้นที่ตรวจสอบ" in desk.text(made)

    form = desk.form(HEAD, case_id)
    assert sorted(form["ok"]) == ["subject", "summary"]
    form["part-purpose"] = "พิจารณาสั่งการ"
    answer = desk.send(HEAD, case_id, form, "approve_with_edits")
    assert answer.status_code == 303
    assert desk.office.case(case_id).state == "sign_off"
    last = desk.drafts(case_id)[-1]
    assert (last.made_by, last.version) == (HEAD, made.version + 1)
    assert "พิจารณาสั่งการ" in desk.text(last) and "เห็นควรแจ้งผู้ร้องทราบ" in desk.text(last)
    event = desk.office.events(case_id)[-1]
    assert (event.action, event.after["draft_version"]) == ("approve_with_edits", last.version)


def test_a_kept_edit_moves_nothing_and_is_kept_once(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    before = len(desk.drafts(case_id))
    form = desk.form(OFFICER, case_id)
    form["part-subject"] = "ขอให้ตรวจสอบการจัดซื้อ"
    first = desk.send(OFFICER, case_id, form, "edit_draft")
    second = desk.send(OFFICER, case_id, form, "edit_draft")
    assert (first.status_code, second.status_code) == (303, 303)
    assert "once=before" in second.headers["location"]
    assert desk.office.case(case_id).state == "in_review"
    assert len(desk.drafts(case_id)) == before + 1
    # The back button, and another text under the same key: told, not done.
    form["part-subject"] = "ขอให้ตรวจสอบอีกครั้ง"
    third = desk.send(OFFICER, case_id, form, "edit_draft")
    assert third.status_code == 409 and "ขอให้ตรวจสอบอีกครั้ง" in third.text
    again = desk.form(OFFICER, case_id, third.text)
    assert desk.send(OFFICER, case_id, again, "edit_draft").status_code == 303
    assert "ขอให้ตรวจสอบอีกครั้ง" in desk.text(desk.drafts(case_id)[-1])


def test_accepting_parts_makes_no_version(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    before = len(desk.drafts(case_id))
    form = desk.form(OFFICER, case_id)
    form["ok"] = ["summary"]
    answer = desk.send(OFFICER, case_id, form, "edit_draft")
    assert answer.headers["location"].endswith("done=accept_memo")
    assert len(desk.drafts(case_id)) == before
    page = desk.get(OFFICER, answer.headers["location"]).text
    assert "บันทึกส่วนที่ยอมรับแล้ว" in page and f"({OFFICER})" in page
    # Another one takes it back; who approves unedited is told to approve as it is.
    form = desk.form(HEAD, case_id)
    assert form["ok"] == ["summary"]
    form["ok"] = []
    answer = desk.send(HEAD, case_id, form, "approve_with_edits")
    assert answer.status_code == 422 and "ยังไม่ได้แก้ไขร่าง" in answer.text
    assert desk.office.case(case_id).state == "in_review"
    assert desk.form(HEAD, case_id)["ok"] == ["summary"]


def test_values_of_no_source_are_warned_of_and_kept_on_a_word(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    before = len(desk.drafts(case_id))
    form = desk.form(OFFICER, case_id)
    form["part-summary"] += "\nผู้ร้องเสียหาย ๘๑,๒๓๔ บาท"
    answer = desk.send(OFFICER, case_id, form, "edit_draft")
    assert answer.status_code == 422 and "มีค่าที่ไม่พบในหนังสือ: ตัวเลข" in answer.text
    assert "๘๑,๒๓๔" in answer.text and len(desk.drafts(case_id)) == before
    form = desk.form(OFFICER, case_id, answer.text)
    assert "keep" not in form
    assert desk.send(OFFICER, case_id, {**form, "keep": "yes"}, "edit_draft").status_code == 303
    made = desk.drafts(case_id)[-1]
    marked = {s["label"]: s["unfounded"] for s in made.sections if s["unfounded"]}
    assert marked == {"สรุปประเด็นสำคัญ": ["numbers"]}
    assert "มีค่าที่ไม่พบในหนังสือ" in desk.get(HEAD, f"/cases/{case_id}").text


def test_a_stale_memo_keeps_what_was_typed(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    form = desk.form(HEAD, case_id)
    desk.office.do(case_id, Action.REDRAFT, SECOND[Role.GROUP_HEAD])
    form["part-purpose"] = "พิจารณาโดยด่วน"
    answer = desk.send(HEAD, case_id, form, "approve_with_edits")
    assert answer.status_code == 409
    assert "พิจารณาโดยด่วน" in answer.text and SECOND[Role.GROUP_HEAD] in answer.text
    assert desk.office.case(case_id).state == "in_review"
    again = desk.form(HEAD, case_id, answer.text)
    assert desk.send(HEAD, case_id, again, "approve_with_edits").status_code == 303
    stale = desk.send(HEAD, case_id, again, "approve_with_edits")
    assert stale.status_code == 303  # the same click again
    form["part-purpose"] = "อีกอย่างหนึ่ง"
    answer = desk.send(HEAD, case_id, form, "approve_with_edits")
    assert answer.status_code == 409 and "อีกอย่างหนึ่ง" in answer.text


def test_a_part_that_is_too_long_is_named_and_kept(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    form = desk.form(OFFICER, case_id)
    form["part-subject"] = "ย" * 5_000
    answer = desk.send(OFFICER, case_id, form, "edit_draft")
    assert answer.status_code == 422 and "ย" * 5_000 in answer.text
    assert "มีบรรทัดที่ยาวเกิน" in answer.text


def test_a_memo_that_runs_over_its_page_is_kept_and_said(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    form = desk.form(OFFICER, case_id)
    form["part-summary"] = "\n".join(["โรงเรียนยังไม่ได้รับโต๊ะเรียนตามสัญญา"] * 45)
    answer = desk.send(OFFICER, case_id, {**form, "keep": "yes"}, "edit_draft")
    assert answer.status_code == 303, answer.text
    assert "บันทึกยาวเกินหนึ่งหน้า" in desk.get(OFFICER, answer.headers["location"]).text


def test_a_file_edited_in_word_becomes_a_version(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    sheet = Document(BytesIO(desk.office.house.blobs.get(desk.drafts(case_id)[-1].sha256)))
    sheet.add_paragraph("เพิ่มใน Word")
    target = BytesIO()
    sheet.save(target)
    page = desk.get(OFFICER, f"/cases/{case_id}").text
    path = f"/cases/{case_id}/actions/edit_draft"
    [form] = [f for f in lxml.html.fromstring(page).forms if f.get("action") == path]
    assert form.get("enctype") == "multipart/form-data"
    fields = {n: v or "" for n, v in form.form_values() if n != "draft"}
    answer = desk.client.post(
        path, data=fields, files={"draft": ("../../บันทึก.docx", target.getvalue())},
        headers={"cookie": f"saraban={desk.tokens[OFFICER]}"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    made = desk.drafts(case_id)[-1]
    assert made.made_by == OFFICER and desk.office.house.blobs.get(made.sha256) == target.getvalue()
    shown = desk.get(OFFICER, f"/cases/{case_id}").text
    assert "ฉบับนี้ทำขึ้นในโปรแกรม Word" in shown and "เพิ่มใน Word" in shown
    assert f"/cases/{case_id}/memo/{made.version}" in shown

    difference = desk.get(
        OFFICER, f"/cases/{case_id}/difference?before={made.version - 1}&after={made.version}"
    ).text
    [added] = lxml.html.fromstring(difference).xpath("//tr[@class='added']")
    assert "เพิ่มใน Word" in added.text_content() and added.xpath(".//ins")
    assert desk.get(OFFICER, f"/cases/{case_id}/difference?before=1&after=99").status_code == 404


def test_words_that_changed_are_marked_and_named(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    form = desk.form(OFFICER, case_id)
    form["part-subject"] = form["part-subject"].replace("โต๊ะเรียน", "เก้าอี้นักเรียน")
    assert desk.send(OFFICER, case_id, form, "edit_draft").status_code == 303
    page = lxml.html.fromstring(desk.get(OFFICER, f"/cases/{case_id}/difference").text)
    [line] = page.xpath("//tr[@class='changed']")
    assert line.xpath("string(th)").strip() == "แก้ไข"
    assert "โต๊ะ" in line.xpath("string(.//del)") and "เก้าอี้" in line.xpath("string(.//ins)")


def test_the_machine_drafts_anew_and_the_earlier_version_is_kept(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    before = desk.drafts(case_id)
    page = desk.get(HEAD, f"/cases/{case_id}").text
    path = f"/cases/{case_id}/actions/redraft"
    [form] = [f for f in lxml.html.fromstring(page).forms if f.get("action") == path]
    answer = desk.client.post(
        path, data=dict(form.form_values()), headers={"cookie": f"saraban={desk.tokens[HEAD]}"}
    )
    assert answer.status_code == 303
    after = desk.drafts(case_id)
    assert len(after) == len(before) + 1 and after[-1].made_by == "machine"
    assert path not in desk.get(OFFICER, f"/cases/{case_id}").text


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_version_is_drawn_as_pdf_and_what_is_no_document_is_not(desk: MemoDesk) -> None:
    case_id = desk.drafted()
    last = desk.drafts(case_id)[-1].version
    answer = desk.get(OFFICER, f"/cases/{case_id}/memo/{last}/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"].endswith(f'-v{last}.pdf"')
    # The first version of a seeded case is no document at all.
    answer = desk.get(OFFICER, f"/cases/{case_id}/memo/1/pdf")
    assert answer.status_code == 422 and "ทำ PDF ของร่างฉบับนี้ไม่ได้" in answer.text
    assert desk.get(OFFICER, f"/cases/{case_id}/memo/99/pdf").status_code == 404
