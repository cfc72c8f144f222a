"""The permission matrix: every route, every role, own and other groups, restricted cases.

What each role may stands here a second time, written by hand; a route without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from starlette.routing import Mount

from correspondence.states import Action
from correspondence.vocabulary import IntakeOutcome, Role
from pipeline.bootstrap import House
from registry.models import AuditEvent, Case, FieldRow, Letter
from registry.numbers import RegisterNumber
from registry.transitions import take_action
from review.access import ACCESS
from review.app import create_app
from tests.conftest import SetClock
from tests.seeding import HEAD, Seed, end_in, let_in, register, small_house
from tests.servers.review_app import running_review_app

WORDS = "คำที่มีอยู่ในหนังสือเท่านั้น"

PEOPLE: dict[str, tuple[tuple[Role, str | None], ...]] = {
    "registrar": ((Role.REGISTRAR, None),),
    "officer": ((Role.OFFICER, "complaints"),),
    "group_head": ((Role.GROUP_HEAD, "complaints"),),
    "office_head": ((Role.OFFICE_HEAD, None),),
    "secretary": ((Role.SECRETARY, None),),
    "secret_low": ((Role.SECRET_REGISTRAR, None),),
    "secret_high": ((Role.SECRET_REGISTRAR, None),),
    "administrator": ((Role.ADMINISTRATOR, None),),
    "admin_of_all": tuple((role, None) for role in Role if role is not Role.MACHINE),
    "nobody": (),
}
CLEARANCE = {"secret_low": "confidential", "secret_high": "secret", "admin_of_all": "top_secret"}

ALL = frozenset(PEOPLE)
_OFFICE = {"registrar", "office_head"}
_READERS = {*_OFFICE, "officer", "group_head", "secretary", "secret_low", "secret_high"}
# Who may open which case.
CASES = {
    "own": {*_OFFICE, "officer", "group_head"},
    "other": _OFFICE,
    "submitted": {*_OFFICE, "secretary"},
    "triage": {*_OFFICE, "group_head"},
    "restricted": {"secret_high"},
}
LISTED = {**CASES, "restricted": {*CASES["own"], "secret_low", "secret_high"}}

# Who may open what is not about one case.
PAGES: dict[str, set[str] | frozenset[str]] = {
    "GET /": _READERS,
    "GET /register/print": _OFFICE,
    "GET /register/book.xlsx": _OFFICE,
    "GET /people": {"administrator", "admin_of_all"},
    "GET /health": ALL,
    # Open to no role: a monitor's token opens it, see test_review_health.py.
    "GET /metrics": ALL,
    "GET /sign-in": ALL,
    "POST /sign-in": ALL,
    "GET /first-run": ALL,
    "POST /first-run": ALL,
    "GET /password": ALL,
    "POST /password": ALL,
    "POST /sign-out": ALL,
}
PUBLIC = {
    name for name in PAGES if name.endswith(("/health", "/metrics", "/sign-in", "/first-run"))
}
CASE_ROUTES = {
    "GET /cases/{case_id}",
    "GET /cases/{case_id}/memo/{version}",
    "GET /cases/{case_id}/stamped/{year}/{number}",
}


@dataclass(frozen=True)
class Office:
    house: House
    cases: dict[str, int]
    tokens: dict[str, str]
    client: httpx.Client

    def ask(self, who: str | None, method: str, path: str) -> httpx.Response:
        headers = {"cookie": f"saraban={self.tokens[who]}"} if who else {}
        return self.client.request(method, path, headers=headers)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = small_house(tmp_path_factory.mktemp("access"), SetClock())
    cases = {
        "own": register(house, Seed(text=WORDS)),
        "other": register(house, Seed(text=WORDS, group="political")),
        "submitted": register(house, Seed(text=WORDS, group="political")),
        "triage": register(house, Seed(text=WORDS, abstained=True)),
        "restricted": register(house, Seed(text=WORDS)),
    }
    end_in(house, IntakeOutcome.HELD, "damaged", "ชื่อแฟ้มที่พักไว้.pdf")
    end_in(house, IntakeOutcome.SECRET, "marked_secret")
    with house.sessions.begin() as session:
        submitted = session.get_one(Case, cases["submitted"])
        take_action(session, submitted, Action.APPROVE, HEAD, at=house.clock())
        session.get_one(Case, cases["restricted"]).restricted = True
        letter = session.scalars(
            select(Letter.id).where(Letter.case_id == cases["restricted"])
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
    tokens = {
        name: let_in(house, name, roles, clearance=CLEARANCE.get(name, "open"))
        for name, roles in PEOPLE.items()
    }
    with ExitStack() as stack:
        client = stack.enter_context(running_review_app(house, sign_in=None))
        yield Office(house, cases, tokens, client)
    house.close()


def outcome(answer: httpx.Response) -> str:
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
        return "door"
    return "refused" if answer.status_code == 403 else "in"


def address(office: Office, route: str, case_id: int) -> str:
    with office.house.sessions.begin() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case_id)).one()
        number = RegisterNumber.of(letter)
    values = {"case_id": case_id, "version": 1, "year": 2569, "number": number.number}
    return route.partition(" ")[2].format(**values)


def test_every_route_has_its_access_and_its_row_in_the_matrix(tmp_path: Path) -> None:
    house = small_house(tmp_path, SetClock())
    app = create_app(house)
    paths = app.openapi()["paths"]
    found = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    mounted = [route.path for route in app.routes if isinstance(route, Mount)]
    assert mounted == ["/static/fonts", "/static"]
    house.close()
    assert found == {f"{method} {path}" for method, path in ACCESS}
    assert found == set(PAGES) | CASE_ROUTES


def test_a_route_that_has_no_access_is_closed(tmp_path: Path) -> None:
    house = small_house(tmp_path, SetClock())
    let_in(house, "office_head", PEOPLE["office_head"])
    app = create_app(house)
    app.add_api_route("/new", lambda: "open", methods=["GET"])
    from starlette.testclient import TestClient

    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/new").status_code == 403
    house.close()


@pytest.mark.parametrize("who", sorted(PEOPLE))
@pytest.mark.parametrize("page", sorted(PAGES))
def test_pages_open_to_whom_the_table_says(office: Office, who: str, page: str) -> None:
    method, _, path = page.partition(" ")
    answer = office.ask(who, method, path)
    if method == "POST":
        # Without a token of its form nothing is done, whoever asks.
        assert answer.status_code == 403
        return
    assert outcome(answer) == ("in" if who in PAGES[page] else "refused")
    assert WORDS not in answer.text


@pytest.mark.parametrize("who", sorted(PEOPLE))
@pytest.mark.parametrize("kind", sorted(CASES))
@pytest.mark.parametrize("route", sorted(CASE_ROUTES))
def test_cases_open_to_whom_the_table_says(office: Office, who: str, kind: str, route: str) -> None:
    answer = office.ask(who, "GET", address(office, route, office.cases[kind]))
    opens = who in CASES[kind]
    if "stamped" in route and kind == "restricted":
        opens = False  # no copy of a classified letter is made here
    assert outcome(answer) == ("in" if opens else "refused")
    assert (WORDS in answer.text) is (opens and route == "GET /cases/{case_id}")


@pytest.mark.parametrize("page", sorted(set(PAGES) | CASE_ROUTES))
def test_strangers_stay_at_the_door(office: Office, page: str) -> None:
    method, _, path = page.partition(" ")
    if page in CASE_ROUTES:
        path = address(office, page, office.cases["own"])
    answer = office.ask(None, method, path)
    if method == "POST":
        assert answer.status_code == 403
    elif page in PUBLIC:
        assert outcome(answer) != "refused" and "๒๕๖๙" not in re.sub(
            r"<header.*?</header>", "", answer.text, flags=re.S
        )
    else:
        assert outcome(answer) == "door"


@pytest.mark.parametrize("who", sorted(_READERS))
def test_the_register_lists_what_the_table_says(office: Office, who: str) -> None:
    page = office.ask(who, "GET", "/").text
    listed = {int(found) for found in re.findall(r'href="/cases/(\d+)"', page)}
    assert listed == {office.cases[kind] for kind in CASES if who in LISTED[kind]}
    assert ("ชื่อแฟ้มที่พักไว้" in page) is (who in _OFFICE)
    assert ("มีหนังสือชั้นความลับ" in page) is (who in {*_OFFICE, "secret_low", "secret_high"})
    assert "รายการ หน้า ๑ จาก ๑" in page


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_looks_and_denied_looks_at_a_restricted_case_stand_in_the_trail(
    office: Office, who: str
) -> None:
    case_id = office.cases["restricted"]

    def noted() -> list[tuple[str, str]]:
        with office.house.sessions.begin() as session:
            return [
                (event.action, event.after["what"])
                for event in session.scalars(
                    select(AuditEvent)
                    .where(AuditEvent.case_id == case_id, AuditEvent.actor == who)
                    .order_by(AuditEvent.id)
                )
            ]

    before = len(noted())
    office.ask(who, "GET", f"/cases/{case_id}")
    office.ask(who, "GET", f"/cases/{case_id}/memo/1")
    action = "view_case" if who in CASES["restricted"] else "refuse_case"
    assert noted()[before:] == [(action, "page"), (action, "memo")]


def test_a_denied_look_at_another_group_s_case_stands_in_the_trail(office: Office) -> None:
    office.ask("officer", "GET", f"/cases/{office.cases['other']}")
    with office.house.sessions.begin() as session:
        found = session.scalars(
            select(AuditEvent).where(
                AuditEvent.case_id == office.cases["other"], AuditEvent.actor == "officer"
            )
        ).all()
    assert found and {event.action for event in found} == {"refuse_case"}


def test_health_tells_strangers_no_counts(office: Office) -> None:
    assert office.ask(None, "GET", "/health").json() == {"status": "ok", "database": "reachable"}
    assert office.ask("officer", "GET", "/health").json()["letters"] == 5
