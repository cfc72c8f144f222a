from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from correspondence.vocabulary import Category, Channel, IntakeOutcome
from pipeline.bootstrap import House
from registry.models import Case, Draft, FieldRow, IntakeItem
from review import register_pages
from tests.conftest import SetClock
from tests.seeding import Seed, arrive, end_in, finish, register, small_house
from tests.servers.review_app import running_review_app

# Every script is a file of ours.
FOREIGN_SCRIPT = re.compile(r'<script(?! type="module" src="/static/[a-z_-]+\.js"></script>)')
ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
QUESTION = Seed(
    category=Category.PARLIAMENTARY,
    subcategory="question",
    group="political",
    due=date(2026, 12, 9),
)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with running_review_app(house) as opened:
        yield opened


def _body_rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)


def test_the_register_shows_a_letter_in_thai_newest_first(
    house: House, client: httpx.Client, clock: SetClock
) -> None:
    register(house, Seed(due=date(2026, 11, 19)))
    clock.move(minutes=30)
    register(house, QUESTION)
    rows = _body_rows(client.get("/").text)
    assert len(rows) == 2
    assert "๒/๒๕๖๙" in rows[0] and "กระทู้ถาม" in rows[0] and "๙ ธ.ค. ๒๕๖๙" in rows[0]
    for words in (
        *("๑/๒๕๖๙", "เรื่องร้องทุกข์ร้องเรียน", "๙๑%", "กลุ่มรับเรื่องราวร้องทุกข์", "อีเมล"),
        *("๑๙ พ.ย. ๒๕๖๙", "เกินกำหนด ๑ วัน", "รอตรวจ", "/cases/1/memo/1"),
    ):
        assert words in rows[1]


def test_the_english_switch_keeps_the_filter(house: House, client: httpx.Client) -> None:
    register(house)
    page = client.get("/", params={"category": "complaint", "lang": "en"}).text
    assert '<html lang="en">' in page
    assert "Complaint" in page and "1/2569" in page and "due" in page.lower()
    thai = client.get("/", params={"category": "complaint"}).text
    assert 'href="/?category=complaint&amp;lang=en"' in thai
    assert client.get("/", params={"lang": "xx"}).text.count('<html lang="th">') == 1


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {"๑", "๒", "๓"}),
        ({"category": "parliamentary"}, {"๒"}),
        ({"group": "complaints"}, {"๑"}),
        ({"state": "triage"}, {"๓"}),
        ({"state": "in_review", "group": "political"}, {"๒"}),
        ({"outcome": "registered"}, {"๑", "๒", "๓"}),
        ({"outcome": "held"}, set()),
        ({"group": "' OR 1=1 --"}, set()),
    ],
)
def test_filters_narrow_the_register(
    house: House, client: httpx.Client, query: dict[str, str], numbers: set[str]
) -> None:
    register(house)
    register(house, QUESTION)
    register(house, Seed(abstained=True, due=None))
    end_in(house, IntakeOutcome.HELD, "damaged")
    page = client.get("/", params=query).text
    assert set(re.findall(r">([๐-๙]+)/๒๕๖๙<", page)) == numbers


@pytest.mark.parametrize("outcome", [IntakeOutcome.HELD, IntakeOutcome.QUARANTINED])
def test_what_waits_shows_its_file_and_reason(
    house: House, client: httpx.Client, outcome: IntakeOutcome
) -> None:
    end_in(house, outcome, "damaged", "หนังสือ.pdf")
    page = client.get("/", params={"outcome": outcome.value}).text
    assert "หนังสือ.pdf" in page and "เหตุผลภาษาไทย" in page
    assert "The reason in English." in client.get("/?lang=en").text


def test_a_secret_row_shows_that_it_exists_its_grade_and_whom_to_call(
    house: House, client: httpx.Client
) -> None:
    item_id = arrive(house, "แผนลับสุดยอด.pdf", house.clock(), Channel.SCAN)
    with house.sessions.begin() as session:
        # As though the row had kept its name: the page must still say nothing.
        item = session.get_one(IntakeItem, item_id)
        item.outcome = IntakeOutcome.SECRET.value
        item.reason_code = "marked_top_secret"
        item.reason_thai = "แผนลับสุดยอด"
    for query in ({}, {"outcome": "secret"}):
        page = client.get("/", params=query).text
        (row,) = _body_rows(page)
        assert "ลับที่สุด" in row
        assert "นายทะเบียนข้อมูลข่าวสารลับ" in row
        assert "แผนลับสุดยอด" not in page
        assert "href" not in row and "แฟ้มสแกน" not in row


def test_the_case_page_shows_everything_recorded(house: House, client: httpx.Client) -> None:
    case_id = register(house, Seed(due=date(2026, 11, 20)))
    page = client.get(f"/cases/{case_id}").text
    for words in (
        *("เรื่องเลขรับ ๑/๒๕๖๙", "ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน", "โปรดตรวจสอบ", "๔๑%", "๙๑%"),
        *("จัดซื้อ", "คัดค้าน", "นับ ๑ วันทำการจากวันที่ได้รับ", "มีกำหนดที่ถึงก่อน", "ยังไม่ยืนยัน"),
        *("ครบกำหนดวันนี้", f"/cases/{case_id}/memo/1", "มอบกลุ่มแล้ว → กำลังร่าง", "ลงทะเบียนรับ"),
    ):
        assert words in page
    assert "โรงเรียนบ้านทุ่งทองยังไม่ได้รับโต๊ะเรียน" not in page


def test_a_person_s_value_stands_beside_the_machine_s(house: House, client: httpx.Client) -> None:
    case_id = register(house)
    with house.sessions.begin() as session:
        row = session.query(FieldRow).filter_by(name="signer").one()
        row.person_value, row.corrected_at = "นางมะลิ ทองดีมาก", house.clock()
    page = client.get(f"/cases/{case_id}").text
    assert "นางมะลิ ทองดีมาก" in page and ">นางมะลิ ทองดี<" in page
    assert "โปรดตรวจสอบ" not in page


def test_hostile_words_are_shown_not_run(house: House, client: httpx.Client) -> None:
    seed = Seed(subject=ATTACK, text=ATTACK, file_name=f"{ATTACK}.pdf", sender=ATTACK)
    case_id = register(house, seed)
    end_in(house, IntakeOutcome.HELD, "damaged", f"{ATTACK}.pdf")
    own = f"/cases/{case_id}"
    paths = ("/", own, f"/?group={ATTACK}", f"{own}/letters/1/text")
    pages = [client.get(path).text for path in paths]
    for page in pages:
        assert not FOREIGN_SCRIPT.search(page)
        assert "<img src=x" not in page and "onerror=alert(2)>" not in page
    assert "&lt;script&gt;" in pages[0] and pages[1].count("&lt;script&gt;") >= 4


def test_a_memo_downloads_as_an_attachment_with_a_plain_name(
    house: House, client: httpx.Client
) -> None:
    case_id = register(house)
    answer = client.get(f"/cases/{case_id}/memo/1")
    assert answer.content == b"PK memo of case %d" % case_id
    assert answer.headers["content-disposition"] == 'attachment; filename="memo-1-2569-v1.docx"'
    assert answer.headers["content-type"].startswith("application/vnd.openxml")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_damaged_memo_is_a_clear_page(house: House, client: httpx.Client) -> None:
    case_id = register(house)
    with house.sessions.begin() as session:
        session.query(Draft).one().sha256 = "0" * 64
    answer = client.get(f"/cases/{case_id}/memo/1")
    assert answer.status_code == 500
    assert "แฟ้มในที่เก็บเสียหาย" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/cases/99", "/cases/0", "/cases/-1", "/cases/abc", "/cases/99999999999999999999"),
        *("/cases/1/memo/2", "/cases/1/memo/x", "/nowhere", "/docs", "/openapi.json"),
        *("/static/../app.py", "/static/%2e%2e/app.py", "/?state=lost", "/?page=0"),
    ],
)
def test_what_is_not_there_is_a_clear_page(house: House, client: httpx.Client, path: str) -> None:
    register(house)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "ไม่พบหน้าที่ขอ" in answer.text
    assert "script-src" not in answer.text
    assert "Not found" in client.get(path, params={"lang": "en"}).text or "?" in path


def test_a_restricted_case_is_listed_but_not_opened(house: House, client: httpx.Client) -> None:
    case_id = register(house)
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    (row,) = _body_rows(client.get("/").text)
    assert "จำกัดผู้เข้าถึง" in row and "memo" not in row
    for path in (f"/cases/{case_id}", f"/cases/{case_id}/memo/1"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "มะลิ" not in answer.text


@pytest.mark.parametrize("path", ["/", "/cases/1", "/cases/77", "/health", "/static/saraban.css"])
def test_every_answer_carries_the_headers(house: House, client: httpx.Client, path: str) -> None:
    register(house)
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_style_or_foreign_address(house: House, client: httpx.Client) -> None:
    register(house)
    for path in ("/", "/cases/1", "/cases/77"):
        page = client.get(path).text
        assert "style=" not in page and "<style" not in page and not FOREIGN_SCRIPT.search(page)
        assert re.findall(r'(?:href|src)="(?!/|#)[^"]*"', page) == []


def test_another_host_name_is_refused(client: httpx.Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers
    assert client.get("/", headers={"host": "localhost:8700"}).status_code == 200


def test_only_reading_is_possible(house: House, client: httpx.Client) -> None:
    register(house)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/", "/cases/1", "/cases/1/memo/1", "/health"):
            assert client.request(method, path).status_code == 405


def test_health_gives_counts_and_says_when_the_database_is_away(
    house: House, client: httpx.Client
) -> None:
    register(house, Seed(due=date(2026, 11, 2)))
    end_in(house, IntakeOutcome.HELD, "damaged")
    found = client.get("/health").json()
    assert (found["status"], found["letters"], found["overdue"], found["holding_pen"]) == (
        *("ok", 1, 1, 1),
    )
    with house.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE letters RENAME TO lost")
    away = client.get("/health")
    assert away.status_code == 503
    assert away.json() == {"status": "fault", "database": "unreachable"}


def test_an_unexpected_fault_is_a_page_and_its_message_is_not_logged(
    house: House,
    client: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def burst(*_: object) -> None:
        raise ValueError("นางมะลิ ทองดี")

    monkeypatch.setattr(register_pages, "register_counts", burst)
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "ระบบขัดข้อง" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ValueError" in caplog.text
    assert "มะลิ" not in caplog.text and "มะลิ" not in answer.text


def test_the_register_turns_pages(
    house: House, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.register_view.PAGE_SIZE", 2)
    for number in range(5):
        register(house, replace(Seed(), subject=f"เรื่องที่ {number}"))
    seen: list[str] = []
    for page in (1, 2, 3):
        seen += re.findall(r">([๐-๙]+)/๒๕๖๙<", client.get("/", params={"page": page}).text)
    assert seen == ["๕", "๔", "๓", "๒", "๑"]
    past_the_end = client.get("/", params={"page": 99}).text
    assert "หน้า ๓ จาก ๓" in past_the_end


def test_overdue_and_due_today_are_filters(house: House, client: httpx.Client) -> None:
    register(house, Seed(due=date(2026, 11, 19)))
    register(house, Seed(due=date(2026, 11, 20)))
    register(house, Seed(due=date(2026, 11, 21)))
    finish(house, register(house, Seed(due=date(2026, 11, 19))))
    for window, number in (("overdue", "๑"), ("today", "๒")):
        page = client.get("/", params={"due": window}).text
        assert re.findall(r">([๐-๙]+)/๒๕๖๙<", page) == [number]


def test_a_closed_case_is_not_called_overdue(house: House, client: httpx.Client) -> None:
    case_id = register(house, Seed(due=date(2026, 11, 2)))
    finish(house, case_id)
    (row,) = _body_rows(client.get("/").text)
    assert "ยุติเรื่อง" in row and "เกินกำหนด" not in row


def test_a_reader_may_have_arabic_digits_and_comes_back_to_the_page(
    house: House, client: httpx.Client
) -> None:
    case_id = register(house)
    page = client.get(f"/cases/{case_id}?done=x").text
    assert "เรื่องเลขรับ ๑/๒๕๖๙" in page
    token = re.findall(r'name="form_token" value="([^"]+)"', page)[0]
    chosen = {"form_token": token, "digits": "arabic", "next": f"/cases/{case_id}"}
    answer = client.post("/digits", data=chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}")
    page = client.get(f"/cases/{case_id}").text
    # Numbers that the letter itself writes stay as they are.
    assert "เรื่องเลขรับ 1/2569" in page and "20 พ.ย. 2569" in page
    client.post("/digits", data={**chosen, "digits": "thai"})
    assert "เรื่องเลขรับ ๑/๒๕๖๙" in client.get(f"/cases/{case_id}").text
    foreign = client.post("/digits", data={**chosen, "next": "https://elsewhere.example/"})
    assert foreign.headers["location"] == "/"
    client.cookies.delete("saraban-digits")
