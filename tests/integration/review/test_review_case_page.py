"""The case page: the letter's pages beside its fields, and fields set in place."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeVar

import httpx
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import Category, Role
from pipeline.bootstrap import House
from registry.models import (
    Attachment,
    AuditEvent,
    Case,
    DueDateRow,
    FieldRow,
    IntakeItem,
    Letter,
    PageLayoutRow,
)
from review.cookies import cookies_of
from review.downloads import attachment
from review.forms import form_token
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house
from tests.servers.review_app import running_review_app

TEXT = "โรงเรียนบ้านทุ่งทองยังไม่ได้รับโต๊ะเรียนตามสัญญา จึงขอให้ตรวจสอบ"
SUBJECT = "ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน"
T = TypeVar("T")
QUESTION = Seed(category=Category.PARLIAMENTARY, subcategory="question", group="political")
PEOPLE: dict[str, tuple[tuple[Role, str | None], ...]] = {
    "chief": ((Role.OFFICE_HEAD, None),),
    "wichai": ((Role.OFFICER, "complaints"),),
    "malee": ((Role.SECRETARY, None),),
    "kamon": ((Role.SECRET_REGISTRAR, None),),
}


@dataclass
class Office:
    """A house with its app; each request is one person's own."""

    house: House
    client: httpx.Client
    clock: SetClock
    tokens: dict[str, str]
    statements: list[str] = field(default_factory=list)

    def get(self, path: str, who: str = "chief") -> httpx.Response:
        return self.client.get(path, headers=self._session(who))

    def set_field(self, case_id: int, who: str = "chief", **form: object) -> httpx.Response:
        given = {
            "form_token": form_token(self.tokens[who]),
            "letter": self.letter(case_id).id,
            "version": self.case(case_id).version,
            **form,
        }
        return self.client.post(f"/cases/{case_id}/fields", data=given, headers=self._session(who))

    def case(self, case_id: int) -> Case:
        return self.read(lambda session: session.get_one(Case, case_id))

    def letter(self, case_id: int) -> Letter:
        query = select(Letter).where(Letter.case_id == case_id)
        return self.read(lambda session: session.scalars(query).first())

    def field(self, case_id: int, name: str, place: int = 0) -> FieldRow:
        query = select(FieldRow).where(
            FieldRow.letter_id == self.letter(case_id).id,
            FieldRow.name == name,
            FieldRow.position == place,
        )
        return self.read(lambda session: session.scalars(query).one())

    def last_event(self, case_id: int) -> AuditEvent:
        query = select(AuditEvent).where(AuditEvent.case_id == case_id)
        return self.read(
            lambda session: session.scalars(query.order_by(AuditEvent.id.desc())).first()
        )

    def read(self, ask: Callable[[Session], T | None]) -> T:
        with self.house.sessions.begin() as session:
            found = ask(session)
            assert found is not None
            return found

    @contextmanager
    def watched(self) -> Iterator[list[str]]:
        """Collect the statements of the block."""
        self.statements.clear()
        yield self.statements

    def _session(self, who: str) -> dict[str, str]:
        return {"cookie": f"{cookies_of(self.house.settings).session}={self.tokens[who]}"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = SetClock()
    house = small_house(tmp_path_factory.mktemp("case-page"), clock)
    tokens = {
        name: let_in(house, name, roles, clearance="secret" if name == "kamon" else "open")
        for name, roles in PEOPLE.items()
    }
    with running_review_app(house, sign_in=None) as client:
        opened = Office(house, client, clock, tokens)
        event.listen(
            house.engine,
            "before_cursor_execute",
            lambda *told: opened.statements.append(str(told[2])),
        )
        yield opened
    house.close()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def two_pages() -> bytes:
    """Return a PDF of two pages, the first with a black bar, the second with none."""
    first, second = (Image.new("L", (620, 877), 255) for _ in range(2))
    ImageDraw.Draw(first).rectangle((62, 88, 310, 110), fill=0)
    out = io.BytesIO()
    first.save(out, "PDF", resolution=75, save_all=True, append_images=[second])
    return out.getvalue()


def with_pages(office: Office, case_id: int, content: bytes, media_type: str) -> int:
    """Give the letter of a seeded case a real file, and places; returns the letter's id."""
    with office.house.sessions.begin() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case_id)).one()
        sha256 = office.house.blobs.put(content)
        session.get_one(IntakeItem, letter.intake_item_id).sha256 = sha256
        file = session.scalars(select(Attachment).where(Attachment.letter_id == letter.id)).one()
        file.sha256, file.size, file.media_type = sha256, len(content), media_type
        session.add(
            PageLayoutRow(
                letter_id=letter.id,
                number=1,
                width=595.0,
                height=842.0,
                turn=0.0,
                stretches=[[0, 20, 0.1, 0.1, 0.5, 0.12]],
                doubts=[[0.6, 0.3, 0.7, 0.32]],
            )
        )
        for row in letter.fields:
            row.box = [0.1, 0.1, 0.5, 0.12]
        return letter.id


@pytest.fixture(scope="module")
def shown(office: Office) -> int:
    """A case whose letter has two pages; tests only look at it."""
    case_id = register(office.house)
    with_pages(office, case_id, two_pages(), "application/pdf")
    return case_id


def test_what_is_to_be_checked_stands_first_and_leads_to_its_place(
    office: Office, shown: int
) -> None:
    page = office.get(f"/cases/{shown}").text
    letter = office.letter(shown).id
    rows = re.findall(rf'<li id="field-{letter}-([a-z_]+)-\d+"', page)
    assert rows == ["signer", "subject"]
    for name in rows:
        assert f'id="mark-{letter}-{name}-0" href="#field-{letter}-{name}-0"' in page
        assert f'href="#mark-{letter}-{name}-0"' in page
    assert page.count('<rect class="doubt"') == 1
    assert 'width="1000" height="1415"' in page
    assert "style=" not in page and "onclick" not in page


def test_the_page_of_a_case_says_nothing_of_the_letter_s_text_and_asks_for_none(
    office: Office, shown: int
) -> None:
    with office.watched() as statements:
        page = office.get(f"/cases/{shown}").text
    assert TEXT not in page
    assert not [one for one in statements if "page_texts.text" in one]
    with office.watched() as statements:
        text = office.get(f"/cases/{shown}/letters/{office.letter(shown).id}/text").text
    assert TEXT in text
    assert [one for one in statements if "page_texts.text" in one]


def test_a_page_needs_as_many_queries_whatever_the_office_holds(office: Office, shown: int) -> None:
    with office.watched() as statements:
        office.get(f"/cases/{shown}")
        before = len(statements)
    for _ in range(4):
        register(office.house)
    with office.house.sessions.begin() as session:
        letter = session.get_one(Letter, office.letter(shown).id)
        for place in range(5):
            letter.fields.append(
                FieldRow(
                    name="enclosures",
                    position=place,
                    machine_value="บัญชี",
                    confidence=0.9,
                    needs_check=False,
                )
            )
    with office.watched() as statements:
        office.get(f"/cases/{shown}")
        assert len(statements) == before
    with office.house.sessions.begin() as session:
        session.query(FieldRow).filter_by(letter_id=letter.id, name="enclosures").delete()


def test_one_page_is_drawn_at_a_time_and_kept(office: Office, shown: int) -> None:
    address = f"/cases/{shown}/letters/{office.letter(shown).id}/pages"
    answer = office.get(f"{address}/1.png")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    drawn = Image.open(io.BytesIO(answer.content)).convert("L")
    assert abs(drawn.width - 1240) <= 2
    # The bar stands where the original has it.
    assert drawn.getpixel((drawn.width * 3 // 10, drawn.height * 11 // 100)) < 30
    assert drawn.getpixel((drawn.width * 8 // 10, drawn.height * 11 // 100)) > 220
    kept = list((office.house.settings.home_folder / "cache" / "pages").iterdir())
    assert len(kept) == 1 and kept[0].read_bytes() == answer.content
    assert office.get(f"{address}/2.png").content != answer.content
    assert office.get(f"{address}/3.png").status_code == 404
    for odd in ("0.png", "-1.png", "x.png", "1001.png", "1.pdf"):
        assert office.get(f"{address}/{odd}").status_code == 404


def test_pages_and_files_of_another_case_are_not_there(office: Office, shown: int) -> None:
    other = register(office.house)
    letter = office.letter(shown).id
    for rest in ("pages/1.png", "text", "files/1"):
        assert office.get(f"/cases/{other}/letters/{letter}/{rest}").status_code == 404


def test_a_letter_without_pages_says_so(office: Office) -> None:
    case_id = register(office.house)
    letter = office.letter(case_id).id
    answer = office.get(f"/cases/{case_id}/letters/{letter}/pages/1.png")
    assert answer.status_code == 422 and "แสดงภาพหน้านี้ไม่ได้" in answer.text


def test_a_file_is_saved_never_opened(office: Office, shown: int) -> None:
    letter = office.letter(shown).id
    for place in (0, 1):
        answer = office.get(f"/cases/{shown}/letters/{letter}/files/{place}")
        assert answer.content == two_pages()
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert office.get(f"/cases/{shown}/letters/{letter}/files/2").status_code == 404


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("letter.pdf", "attachment; filename=\"letter.pdf\"; filename*=UTF-8''letter.pdf"),
        (
            "หนังสือ.pdf",
            "attachment; filename=\"letter.pdf\"; filename*=UTF-8''"
            "%E0%B8%AB%E0%B8%99%E0%B8%B1%E0%B8%87%E0%B8%AA%E0%B8%B7%E0%B8%AD.pdf",
        ),
        ("../../etc/passwd", "attachment; filename=\"passwd.bin\"; filename*=UTF-8''passwd"),
        (
            'a".html\r\nX: y',
            "attachment; filename=\"a.bin\"; filename*=UTF-8''a_.html__X_%20y",
        ),
        ("", "attachment; filename=\"file.bin\"; filename*=UTF-8''file"),
    ],
)
def test_a_file_name_breaks_out_of_no_header(name: str, told: str) -> None:
    assert attachment(name) == told


def test_a_person_s_value_stands_and_the_machine_s_is_kept(office: Office) -> None:
    case_id = register(office.house)
    version = office.case(case_id).version
    answer = office.set_field(case_id, "wichai", field="signer:0", value="นางมะลิ ทองดีมาก")
    letter = office.letter(case_id).id
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/cases/{case_id}#field-{letter}-signer-0"
    row = office.field(case_id, "signer")
    assert (row.person_value, row.machine_value) == ("นางมะลิ ทองดีมาก", "นางมะลิ ทองดี")
    assert row.corrected_at is not None and row.person_id is not None
    assert office.case(case_id).version == version + 1
    page = office.get(f"/cases/{case_id}").text
    assert "แก้โดย wichai" in page and "ทองดีมาก" in page and ">นางมะลิ ทองดี<" in page
    told = office.last_event(case_id)
    assert told.action == "correct_field" and told.actor == "wichai"
    assert told.before == {"characters": 13} and told.after["characters"] == 16
    assert "มะลิ" not in f"{told.before}{told.after}{told.reason}"


def test_a_doubt_is_settled_by_saying_that_it_is_right(office: Office) -> None:
    case_id = register(office.house)
    page = office.get(f"/cases/{case_id}", "wichai").text
    assert "ถูกต้องแล้ว" in page
    office.set_field(case_id, "wichai", field="signer:0", value="นางมะลิ ทองดี")
    row = office.field(case_id, "signer")
    assert row.person_value == row.machine_value
    assert "ถูกต้องแล้ว" not in office.get(f"/cases/{case_id}", "wichai").text


def test_a_stale_form_changes_nothing_and_keeps_what_was_typed(office: Office) -> None:
    case_id = register(office.house)
    old = office.case(case_id).version
    office.set_field(case_id, field="signer:0", value="นางมะลิ หนึ่ง")
    answer = office.set_field(case_id, field="signer:0", value="นางมะลิ สอง", version=old)
    assert answer.status_code == 409
    assert 'value="นางมะลิ สอง"' in answer.text and "ข้อความที่พิมพ์ยังอยู่" in answer.text
    assert f'name="version" value="{old + 1}"' in answer.text
    assert office.field(case_id, "signer").person_value == "นางมะลิ หนึ่ง"


def test_what_is_no_value_is_told_and_kept_in_the_form(office: Office) -> None:
    case_id = register(office.house)
    version = office.case(case_id).version
    answer = office.set_field(case_id, field="document_date:0", value='"><script>เมื่อวาน')
    assert answer.status_code == 422 and "อ่านเป็นวันที่ไม่ได้" in answer.text
    assert "&#34;&gt;&lt;script&gt;เมื่อวาน" in answer.text
    assert office.case(case_id).version == version


@pytest.mark.parametrize("form", [{"field": "nothing:0"}, {"field": "subject:9"}, {"letter": "x"}])
def test_a_form_of_nobody_s_is_not_found(office: Office, form: dict[str, str]) -> None:
    case_id = register(office.house)
    assert office.set_field(case_id, **{"value": "x", **form}).status_code == 404


def test_a_stated_deadline_dates_the_case_anew(office: Office) -> None:
    case_id = register(office.house, QUESTION)
    answer = office.set_field(case_id, field="stated_deadline:0", value="๒๕ พ.ย. ๒๕๖๙")
    assert "said=redated" in answer.headers["location"]
    assert office.field(case_id, "stated_deadline").person_value == "2026-11-25"
    assert office.case(case_id).due_date == date(2026, 11, 25)
    in_force = office.read(
        lambda session: session.scalars(
            select(DueDateRow).where(
                DueDateRow.case_id == case_id, DueDateRow.superseded_at.is_(None)
            )
        ).one()
    )
    assert in_force.due_date == date(2026, 11, 25)
    assert office.last_event(case_id).after["value"] == "2026-11-25"
    page = office.get(answer.headers["location"]).text
    assert "คำนวณวันครบกำหนดใหม่: ๒๕ พ.ย. ๒๕๖๙" in page
    # Taken back, the case is dated as though the letter had never said so.
    office.set_field(case_id, field="stated_deadline:0", value="")
    assert office.case(case_id).due_date != date(2026, 11, 25)


def test_the_case_is_as_urgent_as_its_letter(office: Office) -> None:
    case_id = register(office.house)
    office.set_field(case_id, field="urgency:0", value="most_urgent")
    assert office.case(case_id).urgency == "most_urgent"
    office.set_field(case_id, field="urgency:0", value="normal")
    assert office.case(case_id).urgency == "normal"


def test_a_grade_of_secrecy_restricts_the_case_at_once_and_says_so(office: Office) -> None:
    case_id = register(office.house)
    letter = with_pages(office, case_id, two_pages(), "application/pdf")
    picture = f"/cases/{case_id}/letters/{letter}/pages/1.png"
    assert office.get(picture, "wichai").status_code == 200
    answer = office.set_field(case_id, "wichai", field="secrecy:0", value="secret")
    assert answer.status_code == 200 and "เรื่องนี้ถูกจำกัดผู้เข้าถึง" in answer.text
    assert SUBJECT not in answer.text
    assert office.case(case_id).restricted
    kept = office.house.settings.home_folder / "cache" / "pages"
    assert not list(kept.glob(f"{sha256_of(two_pages())}*"))
    for path in (f"/cases/{case_id}", picture, f"/cases/{case_id}/letters/{letter}/text"):
        assert office.get(path, "wichai").status_code == 403
        assert office.get(path, "kamon").status_code == 200
        looked = office.last_event(case_id)
        assert (looked.actor, looked.action) == ("kamon", "view_case")
    assert looked.after["what"] == "letter_text"
    # The grade taken back does not open it again.
    office.set_field(case_id, "kamon", field="secrecy:0", value="open")
    assert office.case(case_id).restricted


def test_who_only_reads_sets_nothing(office: Office) -> None:
    case_id = register(office.house)
    with office.house.sessions.begin() as session:
        session.get_one(Case, case_id).state = "sign_off"
    assert "แก้ไข</span>" not in office.get(f"/cases/{case_id}", "malee").text
    assert f"/cases/{case_id}/fields" not in office.get(f"/cases/{case_id}", "malee").text
    answer = office.set_field(case_id, "malee", field="signer:0", value="ใครก็ได้")
    assert answer.status_code == 422 and office.field(case_id, "signer").corrected_at is None


def test_the_fields_of_a_closed_case_stand(office: Office) -> None:
    case_id = register(office.house)
    with office.house.sessions.begin() as session:
        session.get_one(Case, case_id).state = "closed"
    assert f"/cases/{case_id}/fields" not in office.get(f"/cases/{case_id}").text
    answer = office.set_field(case_id, field="signer:0", value="ใครก็ได้")
    assert answer.status_code == 422 and office.field(case_id, "signer").corrected_at is None


MAIL = """From: mali@example.org
To: office@example.go.th
Subject: test
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

ข้อความธรรมดา
--b
Content-Type: text/html; charset=utf-8

<html><body onload="alert(1)"><script>alert(2)</script>
<p style="color:red">ขอ<b>ความอนุเคราะห์</b></p>
<img src="https://tracker.example/pixel.gif" alt="ตรา"><a href="javascript:alert(3)">คลิก</a>
<a href="https://example.org/x">ที่นี่</a> เลข 1101700203450
<form action="/sign-out"><button>x</button></form>
</body></html>
--b--
"""


def test_a_mail_is_shown_as_laid_out_with_nothing_active(office: Office) -> None:
    case_id = register(office.house)
    letter = with_pages(office, case_id, MAIL.encode(), "message/rfc822")
    with office.house.sessions.begin() as session:
        session.get_one(Letter, letter).media_type = "message/rfc822"
    address = f"/cases/{case_id}/letters/{letter}"
    assert f'href="{address}/mail"' in office.get(f"{address}/text").text
    page = office.get(f"{address}/mail").text
    body = page.partition('<article class="mail">')[2].partition("</article>")[0]
    assert "<b>ความอนุเคราะห์</b>" in body and "https://example.org/x" in body
    assert "ปิดกั้นภาพ ๑ ภาพ" in page
    for active in ("alert(", "tracker.example", "style=", "<form", "<img", "onload"):
        assert active not in body
    assert "1101700203450" not in body
    # A letter that no mail brought has none.
    other = register(office.house)
    page = office.get(f"/cases/{other}/letters/{office.letter(other).id}/mail").text
    assert "ไม่มีเนื้อหาแบบ HTML" in page


def test_a_turned_scan_is_drawn_as_it_was_read(office: Office) -> None:
    case_id = register(office.house)
    upright = Image.new("L", (877, 1240), 255)
    ImageDraw.Draw(upright).rectangle((88, 124, 438, 155), fill=0)
    out = io.BytesIO()
    upright.rotate(90, expand=True).save(out, "PNG")
    letter = with_pages(office, case_id, out.getvalue(), "image/png")
    with office.house.sessions.begin() as session:
        row = session.scalars(select(PageLayoutRow).where(PageLayoutRow.letter_id == letter)).one()
        row.turn = -90.0
        session.get_one(Letter, letter).pages[0].method = "ocr"
    answer = office.get(f"/cases/{case_id}/letters/{letter}/pages/1.png")
    drawn = Image.open(io.BytesIO(answer.content)).convert("L")
    assert drawn.size == upright.size
    assert drawn.getpixel((260, 140)) < 60 and drawn.getpixel((700, 140)) > 200
