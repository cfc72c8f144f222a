"""The search page: within what a person may open, marked, short, never at fault."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select

from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.search_view import index_letters_missing, search_letters
from registry.models import Case, FieldRow, Letter, LetterSearchRow
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house
from tests.servers.review_app import running_review_app

ROLES: dict[str, tuple[tuple[Role, str | None], ...]] = {
    "registrar": ((Role.REGISTRAR, None),),
    "officer": ((Role.OFFICER, "complaints"),),
    "secretary": ((Role.SECRETARY, None),),
    "secret_low": ((Role.SECRET_REGISTRAR, None),),
    "secret_high": ((Role.SECRET_REGISTRAR, None),),
    "administrator": ((Role.ADMINISTRATOR, None),),
}
CLEARANCE = {"secret_low": "confidential", "secret_high": "secret"}
WORD = "กระเช้าลอยฟ้า"
ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


class Office:
    def __init__(self, house: House, client: httpx.Client) -> None:
        self.house, self.client = house, client
        self.cases = {
            "own": register(
                house, Seed(subject=f"คัดค้าน{WORD}", text=f"ชาวบ้านไม่ต้องการ{WORD} " * 30)
            ),
            "other": register(house, Seed(text=f"เรื่อง{WORD}ของอีกกลุ่ม", group="political")),
            "restricted": register(house, Seed(subject="ชื่อเรื่องปกปิด", text=f"ปกปิด {WORD}")),
            "attack": register(house, Seed(subject=ATTACK, text=f"ท่าเรือ {ATTACK} ท้าย")),
        }
        with house.sessions.begin() as session:
            session.get_one(Case, self.cases["restricted"]).restricted = True
            letter = session.scalars(
                select(Letter.id).where(Letter.case_id == self.cases["restricted"])
            ).one()
            session.add(
                FieldRow(
                    letter_id=letter,
                    name="secrecy",
                    position=0,
                    machine_value="secret",
                    confidence=1.0,
                    needs_check=False,
                )
            )
        self.tokens = {
            name: let_in(house, name, roles, clearance=CLEARANCE.get(name, "open"))
            for name, roles in ROLES.items()
        }

    def search(self, who: str, query: str, **asked: str) -> httpx.Response:
        headers = {"cookie": f"saraban={self.tokens[who]}"}
        return self.client.get("/search", params={"q": query, **asked}, headers=headers)

    def found(self, who: str, query: str) -> set[str]:
        page = self.search(who, query).text
        ids = {int(one) for one in re.findall(r'<h2><a href="/cases/(\d+)', page)}
        return {name for name, case_id in self.cases.items() if case_id in ids}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = small_house(tmp_path_factory.mktemp("search"), SetClock())
    with running_review_app(house, sign_in=None) as client:
        yield Office(house, client)
    house.close()


def test_people_find_what_they_may_open(office: Office) -> None:
    found = {who: office.found(who, WORD) for who in ROLES if who != "administrator"}
    assert found == {
        "registrar": {"own", "other"},
        "officer": {"own"},
        "secretary": set(),
        "secret_low": set(),
        "secret_high": {"restricted"},
    }
    assert office.search("administrator", WORD).status_code == 403
    assert office.found("registrar", "๓/๒๕๖๙") == set()
    assert office.found("secret_high", "๓/๒๕๖๙") == {"restricted"}


def test_a_restricted_case_shows_nothing_of_its_text(office: Office) -> None:
    page = office.search("secret_high", f"ปกปิด {WORD}").text
    assert "จำกัดผู้เข้าถึง" in page and "ชื่อเรื่องปกปิด" not in page
    assert "<mark>" not in page and "มะลิ" not in page


def test_a_hit_has_a_short_marked_piece_of_its_text_and_the_rest_stays_away(office: Office) -> None:
    page = office.search("officer", WORD).text
    assert f"คัดค้าน<mark>{WORD}</mark>" in page
    (snippet,) = re.findall(r'<p class="snippet">(.*?)</p>', page)
    shown = html.unescape(re.sub(r"</?mark>", "", snippet))
    assert f"<mark>{WORD}</mark>" in snippet and len(shown) <= 160
    assert page.count(WORD) < 20


def test_the_field_is_in_the_head_of_whoever_may_search(office: Office) -> None:
    def page(who: str, path: str) -> str:
        headers = {"cookie": f"saraban={office.tokens[who]}"}
        return office.client.get(path, headers=headers).text

    assert "data-search" in page("officer", "/") and "data-search" in page("registrar", "/password")
    assert "data-search" not in page("administrator", "/people")
    assert "data-search" not in office.client.get("/sign-in").text


@pytest.mark.parametrize(
    "query",
    ["", '"', "\0", "่้๊", "a OR b*) NEAR(", "%", ATTACK, "๙" * 3000, "\\ ' ; --", "\u202e🙂"],
    ids=ascii,
)
def test_hostile_queries_get_a_page(office: Office, query: str) -> None:
    answer = office.search("registrar", query)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "<img" not in answer.text


def test_a_query_longer_than_a_server_takes_is_refused_and_a_megabyte_is_no_fault(
    office: Office,
) -> None:
    assert office.search("registrar", "ก" * 5_000).status_code == 200
    page = search_letters(office.house, f"{WORD} " * 100_000)
    assert page.asked and page.total == 2


def test_what_a_letter_says_is_escaped_where_it_is_marked(office: Office) -> None:
    page = office.search("registrar", "ท่าเรือ").text
    assert "<mark>ท่าเรือ</mark>" in page and "&lt;script&gt;" in page
    assert "<script>alert" not in page and "<img" not in page


def test_pages_of_hits_are_linked_and_a_page_past_the_end_is_the_last(
    tmp_path: Path, clock: SetClock
) -> None:
    house = small_house(tmp_path, clock)
    for number in range(23):
        register(house, Seed(subject=f"ซ่อมสะพานที่ {number}", text="สะพาน"))
    statements: list[str] = []
    event.listen(
        house.engine, "before_cursor_execute", lambda _c, _r, sql, *_: statements.append(sql)
    )
    first = search_letters(house, "สะพาน")
    asked = len(statements)
    last = search_letters(house, "สะพาน", 99)
    assert (len(first.hits), first.total, first.pages) == (20, 23, 2)
    assert (len(last.hits), last.number) == (3, 2)
    # However many hits: one query for words, one for rows, fields and texts each.
    assert asked <= 5 and len(statements) - asked == asked
    with house.sessions.begin() as session:
        session.query(LetterSearchRow).delete()
    assert index_letters_missing(house) == 23 and index_letters_missing(house) == 0
    assert search_letters(house, "สะพาน").total == 23
    house.close()
