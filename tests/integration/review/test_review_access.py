"""The permission matrix: every route, every role, own and other groups, restricted cases.

Routes are taken from the app, so that a new page is covered without a line here. What each role
may stands here a second time, by permission and by kind of case, written by hand. A route whose
address has a part that no case of the fixture fills, and a permission without a row, fail and say
what to add.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from starlette.routing import Mount
from starlette.testclient import TestClient

from correspondence.states import Action
from correspondence.vocabulary import IntakeOutcome, Role
from pipeline.bootstrap import House
from pipeline.permissions import Permission
from registry.models import AuditEvent, Case, FieldRow, Letter
from registry.transitions import take_action
from review.app import create_app
from review.forms import form_token
from tests.conftest import SetClock
from tests.review_routes import (
    CASE_ROUTES,
    FORMS,
    GROUP_ROUTES,
    ROUTES,
    access_of,
    address,
    parts_of,
)
from tests.seeding import HEAD, Seed, end_in, let_in, register, small_house
from tests.servers.review_app import running_review_app

WORDS = "คำที่มีอยู่ในหนังสือเท่านั้น"
SENDER = "นางสาวผู้ส่งหนังสือเท่านั้น"
FILE = "ชื่อแฟ้มที่พักไว้.pdf"

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
_OFFICE = frozenset({"registrar", "office_head"})
_READERS = _OFFICE | {"officer", "group_head", "secretary", "secret_low", "secret_high"}
_ADMINISTRATORS = frozenset({"administrator", "admin_of_all"})

# Whose a permission is. ADD A ROW for a new one: think who must not have it.
WHO: dict[Permission, frozenset[str]] = {
    Permission.SEE_REGISTER: _READERS,
    Permission.PRINT_REGISTER: _OFFICE,
    Permission.OPEN_CASE: _READERS,
    Permission.SEE_MASKED: frozenset({"officer", "group_head", "office_head"}),
    Permission.SEE_WAITING: _OFFICE,
    Permission.SEE_SECRET_DESK: _OFFICE | {"secret_low", "secret_high"},
    Permission.MANAGE_PEOPLE: _ADMINISTRATORS,
    Permission.SEE_WORK: _READERS,
    Permission.DO_TRIAGE: _OFFICE | {"group_head"},
    Permission.WORK_WAITING: frozenset({"registrar"}),
    Permission.WORK_SECRET_DESK: frozenset({"secret_low", "secret_high"}),
    Permission.SEE_FIGURES: _OFFICE | {"group_head", "secretary"},
    Permission.LIST_FIGURES: _OFFICE | {"group_head"},
    Permission.SEE_SETTINGS: _ADMINISTRATORS,
    Permission.SEE_CALENDAR_TABLE: _OFFICE | _ADMINISTRATORS,
    Permission.USE_MODELS: _ADMINISTRATORS | {"office_head"},
}
# Who may open which case, and read of it on any page.
CASES: dict[str, frozenset[str]] = {
    "own": _OFFICE | {"officer", "group_head"},
    "other": _OFFICE,
    "submitted": _OFFICE | {"secretary"},
    "triage": _OFFICE | {"group_head"},
    "restricted": frozenset({"secret_high"}),
}
LISTED = {**CASES, "restricted": CASES["own"] | {"secret_low", "secret_high"}}
# Routes that nobody is served for a kind of case, although they may open it.
CLOSED_TO_ALL = {
    ("GET /cases/{case_id}/stamped/{year}/{number}", "restricted"),
    ("GET /cases/{case_id}/forwarded", "restricted"),
}
# Each look at these starts a child process: two kinds of case tell enough.
HEAVY = (".png", "/pdf", "/{number}")
# The only routes for somebody who is not signed in. ADD NONE without need.
PUBLIC = {
    *("GET /health", "GET /metrics", "GET /sign-in", "POST /sign-in"),
    *("GET /sign-in/provider", "GET /sign-in/provider/back", "GET /first-run", "POST /first-run"),
    # Telephones have no sign-in: the token in the address is the key.
    "GET /calendar/feed/{token}.ics",
}
# Routes for everybody who is signed in, whatever their roles. ADD with care.
OWN = {
    "GET /password",
    "POST /password",
    "POST /sign-out",
    "POST /sign-out/everywhere",
    # Thai or Arabic numbers in this browser.
    "POST /digits",
    "GET /done",
    # Their own days away.
    "GET /absence",
    "POST /absence",
    # Who stands in for them.
    "POST /absence/deputy",
}
# What shows the beginning of a letter to whoever may open it. ADD NONE without need.
SHOWS_BEGINNING = {"GET /triage"}


@dataclass(frozen=True)
class Office:
    house: House
    cases: dict[str, int]
    tokens: dict[str, str]
    client: httpx.Client
    parts: dict[str, dict[str, object]] = field(default_factory=dict)

    def address(self, route: str, kind: str = "own") -> str:
        if kind not in self.parts:
            self.parts[kind] = parts_of(self.house, self.cases[kind])
        return address(route, self.parts[kind])

    def ask(self, who: str | None, route: str, kind: str = "own") -> httpx.Response:
        """Ask for a route; a form is one of the person's own, with its token and nothing in it."""
        method, _, _ = route.partition(" ")
        headers = {"cookie": f"saraban={self.tokens[who]}"} if who else {}
        if method == "GET":
            return self.client.get(self.address(route, kind), headers=headers)
        fields = {"form_token": form_token(self.tokens[who])} if who else {}
        return self.client.request(method, self.address(route, kind), headers=headers, data=fields)

    def events(self) -> int:
        with self.house.sessions.begin() as session:
            return session.scalar(select(func.count(AuditEvent.id))) or 0

    def versions(self) -> list[tuple[int, str]]:
        with self.house.sessions.begin() as session:
            rows = session.execute(select(Case.version, Case.state).order_by(Case.id)).tuples()
            return list(rows.all())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = small_house(tmp_path_factory.mktemp("access"), SetClock())

    def seed(kind: str, **more: object) -> int:
        values = {"text": WORDS, "subject": subject(kind), "sender": SENDER, **more}
        return register(house, Seed(**values))

    cases = {
        "own": seed("own"),
        "other": seed("other", group="political"),
        "submitted": seed("submitted", group="political"),
        "triage": seed("triage", abstained=True),
        "restricted": seed("restricted"),
    }
    end_in(house, IntakeOutcome.HELD, "damaged", FILE)
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


def subject(kind: str) -> str:
    return f"หัวเรื่องของเรื่อง-{kind}-เท่านั้น"


def outcome(answer: httpx.Response) -> str:
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"):
        return "door"
    if answer.status_code == 403:
        # A form that lacks its token is refused before anybody's roles are asked for.
        return "foreign" if "แบบฟอร์มนี้หมดอายุแล้ว" in answer.text else "refused"
    # The one file of the fixture that was never stored is a fault with a page of its own.
    if answer.status_code >= 500 and "แฟ้มในที่เก็บเสียหายหรือสูญหาย" not in answer.text:
        return "broken"
    return "in"


def test_every_route_stands_in_the_access_table_and_nothing_else_does(office: Office) -> None:
    app = create_app(office.house)
    paths = app.openapi()["paths"]
    found = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert all(route.path.startswith("/static") for route in app.routes if isinstance(route, Mount))
    assert found == set(ROUTES), "give every route its line in review/access.py"


def test_the_table_by_hand_covers_every_permission_and_every_open_route() -> None:
    unlisted = set(Permission) - set(WHO)
    assert not unlisted, f"say in WHO of {Path(__file__).name} whose {unlisted} are"
    assert {name for name in ROUTES if access_of(name).public} <= PUBLIC
    own = {
        name
        for name in ROUTES
        if not access_of(name).public
        and access_of(name).case is None
        and access_of(name).permission is None
    }
    assert own <= OWN, "a route without a permission is open to whoever is signed in: see OWN"
    for name in CASE_ROUTES:
        access = access_of(name)
        assert access.case is not None and access.permission is Permission.OPEN_CASE, (
            f"{name} names a case: _case(...) in review/access.py opens it by its rights"
        )
    assert all(access_of(name).case is None for name in GROUP_ROUTES)


def test_a_route_that_has_no_access_is_closed(tmp_path: Path) -> None:
    house = small_house(tmp_path, SetClock())
    let_in(house, "office_head", PEOPLE["office_head"])
    app = create_app(house)
    app.add_api_route("/new", lambda: "open", methods=["GET"])
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/new").status_code == 403
    house.close()


def whose(route: str) -> frozenset[str]:
    permission = access_of(route).permission
    return ALL if permission is None else WHO[permission]


@pytest.mark.parametrize("route", GROUP_ROUTES)
def test_pages_open_to_whom_the_table_says_and_show_no_more(office: Office, route: str) -> None:
    before = office.events(), office.versions()
    for who in sorted(PEOPLE):
        allowed = who in whose(route)
        if not route.startswith("GET "):
            # Doing what is allowed is for the tests of each form; here nothing may be done.
            assert allowed or outcome(office.ask(who, route)) == "refused", (route, who)
            continue
        answer = office.ask(who, route)
        assert outcome(answer) == ("in" if allowed else "refused"), (route, who)
        # The letter's text stands on the case's own pages only, its beginning in triage, too.
        shown = allowed and route in SHOWS_BEGINNING
        assert shown or WORDS not in answer.text, (route, who)
        for kind, readers in CASES.items():
            if who not in readers or kind == "restricted":
                assert subject(kind) not in answer.text, (route, who, kind)
        if who not in WHO[Permission.SEE_WAITING]:
            assert FILE not in answer.text, (route, who)
        if who not in _READERS:
            assert SENDER not in answer.text, (route, who)
    # Looking changes nothing, and a refused form does nothing.
    assert (office.events(), office.versions()) == before, route


@pytest.mark.parametrize("route", CASE_ROUTES)
def test_cases_open_to_whom_the_table_says(office: Office, route: str) -> None:
    before = office.versions()
    for kind, openers in CASES.items():
        shown = sorted(openers) if route.count("/") == 2 else sorted(openers)[:1]
        if route.endswith(HEAVY) and kind not in ("own", "restricted"):
            shown = []
        for who in [*sorted(ALL - openers), *shown]:
            allowed = who in openers and (route, kind) not in CLOSED_TO_ALL
            if allowed and not route.startswith("GET "):
                continue
            answer = office.ask(who, route, kind)
            assert outcome(answer) == ("in" if allowed else "refused"), (route, kind, who)
            if not allowed:
                for told in (WORDS, subject(kind), SENDER):
                    assert told not in answer.text, (route, kind, who)
    assert office.versions() == before


@pytest.mark.parametrize("route", ROUTES)
def test_strangers_stay_at_the_door(office: Office, route: str) -> None:
    before = office.events(), office.versions()
    answer = office.ask(None, route)
    if not route.startswith("GET "):
        # Without a token of its form nothing is done, whoever asks.
        assert answer.status_code == 403
    elif route not in PUBLIC:
        assert outcome(answer) == "door"
    told = [WORDS, SENDER, FILE, *map(subject, CASES)]
    assert not any(word in answer.text for word in told)
    if route != "GET /sign-in/provider/back":
        assert (office.events(), office.versions()) == before


@pytest.mark.parametrize("route", FORMS)
def test_no_form_of_another_page_does_anything(office: Office, route: str) -> None:
    """CSRF: with a session and without its token, a foreign token, or from another site."""
    before = office.events(), office.versions()
    who = "admin_of_all" if "people" in route else "office_head"
    session = {"cookie": f"saraban={office.tokens[who]}"}
    token = form_token(office.tokens[who])
    path = office.address(route)
    tries: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"form_token": ""}, {}),
        ({"form_token": form_token(office.tokens["officer"])}, {}),
        ({"form_token": office.tokens[who]}, {}),
        ({"form_token": "ก" * 43}, {}),
        ({"form_token": token}, {"sec-fetch-site": "cross-site"}),
        ({"form_token": token}, {"sec-fetch-site": "same-site"}),
    ]
    for fields, headers in tries:
        answer = office.client.post(path, data=fields, headers={**session, **headers})
        assert outcome(answer) == "foreign", (route, fields, headers)
    for odd in ({"json": {"form_token": token}}, {"content": b"form_token=" + token.encode()}):
        assert office.client.post(path, headers=session, **odd).status_code == 403
    assert (office.events(), office.versions()) == before


@pytest.mark.parametrize("who", sorted(_READERS))
def test_the_register_lists_what_the_table_says(office: Office, who: str) -> None:
    page = office.ask(who, "GET /").text
    listed = {int(found) for found in re.findall(r'href="/cases/(\d+)"', page)}
    assert listed == {office.cases[kind] for kind in CASES if who in LISTED[kind]}
    assert (FILE in page) is (who in _OFFICE)
    assert ("มีหนังสือชั้นความลับ" in page) is (who in WHO[Permission.SEE_SECRET_DESK])
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
    office.ask(who, "GET /cases/{case_id}", "restricted")
    office.ask(who, "GET /cases/{case_id}/memo/{version}", "restricted")
    action = "view_case" if who in CASES["restricted"] else "refuse_case"
    assert noted()[before:] == [(action, "page"), (action, "memo")]


def test_a_denied_look_at_another_group_s_case_stands_in_the_trail(office: Office) -> None:
    office.ask("officer", "GET /cases/{case_id}", "other")
    with office.house.sessions.begin() as session:
        found = session.scalars(
            select(AuditEvent).where(
                AuditEvent.case_id == office.cases["other"], AuditEvent.actor == "officer"
            )
        ).all()
    assert found and {event.action for event in found} == {"refuse_case"}


def test_health_tells_strangers_no_counts(office: Office) -> None:
    assert office.ask(None, "GET /health").json() == {"status": "ok", "database": "reachable"}
    assert office.ask("officer", "GET /health").json()["letters"] == 5
