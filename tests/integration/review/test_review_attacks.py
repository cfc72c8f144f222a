"""What a scanner would try, on every route of the app: scripts in letters, headers, paths, forms.

Routes are taken from the access table, so that a new page is attacked without a line here.
"""

from __future__ import annotations

import http.client
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import func, select, update

from correspondence.states import Action
from correspondence.vocabulary import IntakeOutcome, Role
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest
from pipeline.permissions import PERMISSIONS
from registry.models import Attachment, AuditEvent, Case, IntakeItem, Letter
from review.cookies import cookies_of
from review.forms import form_token
from review.security import HEADERS, SANDBOX
from tests.conftest import SetClock
from tests.review_routes import FORMS, READS, ROUTES, access_of, address, parts_of
from tests.seeding import Seed, end_in, let_in, register, small_house
from tests.servers.review_app import running_review_app

pytestmark = pytest.mark.usefixtures("cheap_passwords")

# Each has the mark, so that it is found wherever it comes out.
MARK = "xss7"
SCRIPTS = (
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"' onmouseover='{MARK}()' x='",
    f"</textarea></title></style><svg/onload={MARK}()>",
    f"javascript:{MARK}()",
    f"{{{{7*7}}}}{{% {MARK} %}}${{{MARK}}}",
)
SUBJECT = " ".join(SCRIPTS)
FORMULAS = ('=HYPERLINK("http://e","f7f7")', "+f7f7", "-2+f7f7", "@SUM(f7f7)", "\t=f7f7")
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{MARK}()"><script>{MARK}()</script></svg>'
FILE = f'a"\r\nSet-Cookie: {MARK}=1;\u202egvs."><script>{MARK}()</script>.svg'
ODD = (
    "\0",
    "\ufffd",
    "\u202e\u2066ก",
    "๑" * 20,
    "-1",
    "9" * 30,
    "' OR 1=1 --",
    "a" * 3000,
    "%",
    "\\",
)
# Each look at these starts a child process; one look is enough.
LIGHT = [name for name in READS if not name.endswith(("/pdf", ".png")) and "stamped" not in name]
EVIL = "https://evil.example/"
# Everything that one person may be given, and the administrator.
STAFF = tuple((role, None) for role in Role if role not in (Role.MACHINE, Role.ADMINISTRATOR))
SEEN = {one for one, roles in PERMISSIONS.items() if roles & {role for role, _ in STAFF}}
MEMBERS = {"everybody": STAFF, "leaver": STAFF, "admin": ((Role.ADMINISTRATOR, None),)}


@dataclass(frozen=True)
class Target:
    house: House
    client: httpx.Client
    case_id: int
    parts: dict[str, object]

    tokens: dict[str, str] = field(default_factory=dict)

    def session(self, route: str) -> dict[str, str]:
        """A cookie of somebody who may use a route."""
        return {"cookie": f"saraban={self.kept(route)}"}

    def kept(self, route: str) -> str:
        who = self.who(route)
        return self.tokens.setdefault(who, "") or self.renewed(who)

    def renewed(self, who: str) -> str:
        self.tokens[who] = let_in(self.house, who)
        return self.tokens[who]

    def token(self, route: str) -> str:
        return let_in(self.house, self.who(route))

    def who(self, route: str) -> str:
        if "sign-out" in route or "password" in route:
            return "leaver"
        permission = access_of(route).permission
        return "admin" if permission and permission not in SEEN else "everybody"

    def get(self, route: str, **query: str) -> httpx.Response:
        path = address(route, self.parts)
        return self.client.get(path, params=query or None, headers=self.session(route))

    def counts(self) -> tuple[int | None, int | None]:
        with self.house.sessions.begin() as session:
            events = session.scalar(
                select(func.count(AuditEvent.id)).where(AuditEvent.action != "sign_in")
            )
            return events, session.scalar(select(func.sum(Case.version)))


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    house = small_house(tmp_path_factory.mktemp("attacks"), SetClock())
    for name, roles in MEMBERS.items():
        let_in(house, name, roles, thai_name=f"{name} {SCRIPTS[0]}", clearance="secret")
    case_id = register(house, Seed(subject=SUBJECT, text=SUBJECT, sender=SUBJECT, file_name=FILE))
    for formula in FORMULAS:
        register(house, Seed(subject=formula, sender=formula))
    end_in(house, IntakeOutcome.HELD, "damaged", FILE)
    end_in(house, IntakeOutcome.QUARANTINED, "loop", FILE)
    _make_it_a_mail(house, case_id)
    for action, more in (
        (Action.LOG_COORDINATION, {"contact": SUBJECT[:200], "channel": "telephone"}),
        (Action.ASK_CONTRIBUTION, {"agency": SUBJECT[:200]}),
    ):
        request = {"case_id": case_id, "action": action, "by": "everybody", **more}
        act_on_case(
            house, CaseRequest.model_validate({**request, "reason": SUBJECT, "note": SUBJECT})
        )
    with running_review_app(house, sign_in=None) as client:
        yield Target(house, client, case_id, parts_of(house, case_id))
    house.close()


def _make_it_a_mail(house: House, case_id: int) -> None:
    """Let the letter's item be a mail with HTML and a drawing with a script in it."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "x", "a@example.org", "b@example.org"
    mail.set_content(SUBJECT)
    mail.add_alternative(f"<html><body>{SUBJECT}<b>{MARK}</b></body></html>", subtype="html")
    mail.add_attachment(SVG.encode(), maintype="image", subtype="svg+xml", filename="a.svg")
    raw, drawing = house.blobs.put(mail.as_bytes()), house.blobs.put(SVG.encode())
    with house.sessions.begin() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case_id)).one()
        session.execute(
            update(IntakeItem).where(IntakeItem.id == letter.intake_item_id).values(sha256=raw)
        )
        session.execute(
            update(Attachment)
            .where(Attachment.letter_id == letter.id)
            .values(sha256=drawing, media_type="image/svg+xml", file_name=FILE)
        )


class Page(HTMLParser):
    """What a browser would run: elements and attributes, as parsed."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if MARK in tag or any(MARK in name for name in values):
            self.faults.append(f"<{tag}> is the letter's")
        if tag == "script" and not values.get("src", "").startswith("/static/"):
            self.faults.append("a script that is not a file of ours")
        if tag in {"iframe", "object", "embed", "base", "style"} or "style" in values:
            self.faults.append(f"<{tag}> with what the policy forbids")
        for name, value in values.items():
            if name.startswith("on"):
                self.faults.append(f"{name} on <{tag}>")
            if name in {"href", "src", "action", "formaction"} and not re.match(
                r"/(?!/)|#|\?|mailto:|tel:|https?://|$", value
            ):
                self.faults.append(f"{name}={value[:40]!r} on <{tag}>")
            if tag in {"script", "link", "img"} and re.match("https?:|//", value):
                self.faults.append(f"<{tag}> of another host")


def check_page(answer: httpx.Response, route: str) -> None:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        page = Page()
        page.feed(answer.text)
        assert not page.faults, (route, page.faults)
        assert "{{7*7}}" in answer.text or "49" not in re.findall(r"\b49\b(?=\{%)", answer.text)


def check_way(answer: httpx.Response, route: str) -> None:
    assert answer.status_code < 500, route
    led = answer.headers.get("location", "/")
    assert led.startswith("/") and not led.startswith(("//", "/\\")), (route, led)
    assert "a=b" not in answer.headers.get("set-cookie", ""), route


def mixed(names: tuple[str, ...], first: int) -> dict[str, str]:
    """Give every name another odd word, others at each turn."""
    return {name: ODD[(first * 3 + place) % len(ODD)] for place, name in enumerate(names)}


def test_fixture_has_what_is_looked_for(target: Target) -> None:
    page = target.get("GET /cases/{case_id}").text
    assert f"&lt;script&gt;{MARK}()" in page and f"<script>{MARK}" not in page


@pytest.mark.parametrize("route", LIGHT)
def test_no_script_of_a_letter_runs_on_any_page(target: Target, route: str) -> None:
    for query in ({}, {"q": SUBJECT, "next": SUBJECT, "group": SUBJECT, "lang": "en"}):
        check_page(target.get(route, **query), route)


@pytest.mark.parametrize("route", READS)
def test_every_answer_is_dressed_and_what_is_no_page_is_a_download(
    target: Target, route: str
) -> None:
    answer = target.get(route)
    assert answer.status_code < 500, route
    disposition = answer.headers.get("content-disposition", "")
    kind = answer.headers.get("content-type", "").partition(";")[0]
    for name, value in HEADERS.items():
        if name != "Content-Security-Policy":
            assert answer.headers[name] == value, (route, name)
    policy = answer.headers["content-security-policy"]
    if disposition:
        assert disposition.startswith("attachment") and policy == SANDBOX, route
        assert "set-cookie" not in answer.headers, route
    else:
        assert policy == HEADERS["Content-Security-Policy"], route
        assert kind in {"", "text/html", "application/json", "text/plain", "text/calendar"} or (
            kind.startswith("image/") and "svg" not in kind
        ), (route, kind)
    if kind.startswith("image/"):
        # A picture is one that we have drawn: never the bytes that were sent.
        assert MARK.encode() not in answer.content
    assert f"{MARK}=1" not in str(answer.cookies), route


@pytest.mark.parametrize("route", [name for name in READS if "xlsx" in name])
def test_no_cell_of_a_sheet_is_a_formula(target: Target, route: str) -> None:
    answer = target.get(route)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    whole = b"".join(parts.values())
    assert b"f7f7" in whole
    # A text that begins like a formula is a text: no cell has a formula, and nothing leads out.
    assert not re.search(rb"<f[ >]|<hyperlink|<ddeLink|TargetMode=\"External\"", whole)
    assert not re.search("vba|external|activex|connections", " ".join(parts).lower())


@pytest.mark.parametrize("route", LIGHT)
def test_nobody_is_led_elsewhere_and_no_header_is_broken(target: Target, route: str) -> None:
    for evil in (EVIL, "/x\r\nSet-Cookie: a=b"):
        query = dict.fromkeys(("next", "back", "return", "to", "url", "lang", "page"), evil)
        check_way(target.get(route, **query), route)


@pytest.mark.parametrize("route", LIGHT)
def test_odd_words_in_an_address_are_no_fault(target: Target, route: str) -> None:
    names = ("q", "page", "group", "state", "category", "outcome", "month", "year", "from", "until")
    more = ("sort", "view", "number", "day", "lang", "period", "version", "owner", "due", "old")
    for first in range(3):
        answer = target.get(route, **mixed((*names, *more), first))
        assert answer.status_code < 500, (route, first)
        check_page(answer, route)
    path = address(route, target.parts)
    raw = "q=%ff%fe&page=%00&group=%ED%A0%80&state=%C0%AF&&==&%&month=%u0e01&year=%"
    answer = target.client.get(f"{path}?{raw}", headers=target.session(route))
    assert answer.status_code < 500, route


@pytest.mark.parametrize("route", [name for name in READS if "{" in name])
def test_odd_parts_of_an_address_are_no_fault(target: Target, route: str) -> None:
    session = target.session(route)
    for odd in (
        "%00",
        "%ff",
        "..%2f..%2fetc%2fpasswd",
        "-1",
        "0",
        "9" * 30,
        "1e9",
        "%E0%B9%91",
        "'",
    ):
        parts = dict.fromkeys(target.parts, odd)
        answer = target.client.get(address(route, parts), headers=session)
        assert 400 <= answer.status_code < 500, (route, odd, answer.status_code)
        assert "root:" not in answer.text


@pytest.mark.parametrize("route", FORMS)
def test_odd_large_and_foreign_values_in_a_form_are_no_fault(target: Target, route: str) -> None:
    names = ("version", "reason", "note", "category", "subcategory", "group", "person", "due")
    more = ("name", "key", "value", "case", "letter", "text", "until", "from", "agency", "next")
    every = (*names, *more, "back", "return", "to")
    forms = [
        *(mixed(every, first) for first in range(2)),
        dict.fromkeys(every, SUBJECT),
        dict.fromkeys(every, EVIL) | {"next": "/x\r\nSet-Cookie: a=b", "reason": FILE},
        # A megabyte, pasted into one field.
        {"reason": "ก" * 350_000, "note": "x"},
    ]
    for fields in forms:
        token = target.token(route)
        answer = target.client.post(
            address(route, target.parts),
            data={"form_token": form_token(token), **fields},
            headers={"cookie": f"saraban={token}"},
        )
        check_way(answer, route)
        check_page(answer, route)


@pytest.mark.parametrize("route", FORMS)
def test_what_is_far_too_large_gets_a_clear_page(target: Target, route: str) -> None:
    token = target.kept(route)
    before = target.counts()
    answer = target.client.post(
        address(route, target.parts),
        content=b"reason=" + b"x" * 6_000_000,
        headers={
            "cookie": f"saraban={token}",
            "content-type": "application/x-www-form-urlencoded",
        },
    )
    assert answer.status_code == 413 and "ข้อมูลที่ส่งมามากเกินไป" in answer.text
    assert target.counts() == before


@pytest.mark.parametrize("path", ["/", "/cases/1", "/sign-in", "/static/saraban.css"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT"])
def test_no_other_method_is_answered(target: Target, method: str, path: str) -> None:
    before = target.counts()
    answer = target.client.request(
        method, path, headers=target.session("GET /"), content=b"form_token=x"
    )
    assert answer.status_code in (403, 404, 405) and target.counts() == before


def test_no_header_or_field_turns_a_look_into_an_act(target: Target) -> None:
    before = target.counts()
    session = target.session("GET /")
    for headers in (
        {"x-http-method-override": "POST"},
        {"x-method-override": "DELETE"},
        {"x-http-method": "POST"},
    ):
        for path in ("/sign-out", "/password", "/"):
            answer = target.client.get(
                path, params={"_method": "POST"}, headers={**session, **headers}
            )
            assert answer.status_code in (200, 303, 405)
    stays = target.client.get("/", headers=session)
    assert not stays.headers.get("location", "").startswith("/sign-in")
    assert target.counts() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": ""},
        {"host": "evil.example:80@127.0.0.1"},
        {"host": "xn--localhost-8nf"},
    ],
)
def test_another_host_is_not_answered(target: Target, headers: dict[str, str]) -> None:
    answer = target.client.get("/sign-in", headers=headers)
    assert answer.status_code == 400 and "form_token" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"x-original-url": "/people"},
        {"x-rewrite-url": "/people"},
        {"forwarded": "host=evil.example;proto=https"},
        {"x-forwarded-prefix": "//evil.example"},
    ],
)
def test_headers_of_proxies_lead_nowhere_else(target: Target, headers: dict[str, str]) -> None:
    answer = target.client.get("/", headers=headers)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    page = target.client.get("/sign-in", headers=headers)
    assert "evil.example" not in page.text and "นามสกุล" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/fonts/..%2f..%2f__init__.py",
        "/static/%00",
        "/static/..%5capp.py",
        "/cases/..%2f..%2fetc%2fpasswd",
        "/cases/%2e%2e/people",
        "//etc/passwd",
        "/../etc/passwd",
    ],
)
def test_no_path_leaves_the_folder(target: Target, path: str) -> None:
    address_of = urlsplit(str(target.client.base_url))
    connection = http.client.HTTPConnection(str(address_of.hostname), address_of.port, timeout=20)
    connection.putrequest("GET", path, skip_host=False)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (303, 400, 403, 404, 405)
    assert b"import" not in body and b"root:" not in body and b"[project]" not in body


def test_a_line_end_in_a_request_splits_no_answer(target: Target) -> None:
    for path in (
        "/sign-in?next=/%0d%0aSet-Cookie:%20a=b",
        "/%0d%0aSet-Cookie:%20a=b",
        "/?lang=%0d%0aX:y",
    ):
        answer = target.client.get(path)
        assert "a=b" not in answer.headers.get("set-cookie", "") and "x" not in answer.headers


def test_a_form_sent_twice_is_done_once(target: Target) -> None:
    """Two clicks: the same form, key and version; one approval stands in the trail."""
    route = "POST /cases/{case_id}/actions/{action}"
    if route not in ROUTES:
        pytest.skip("the app has no actions on cases yet")
    case_id = register(target.house)
    token = let_in(target.house, "everybody")
    headers = {"cookie": f"saraban={token}"}
    page = target.client.get(f"/cases/{case_id}/actions/approve", headers=headers)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert {"form_token"} < set(fields)
    answers = [
        target.client.post(f"/cases/{case_id}/actions/approve", data=fields, headers=headers)
        for _ in range(2)
    ]
    assert answers[0].status_code == 303 and answers[1].status_code in (303, 409)
    with target.house.sessions.begin() as session:
        approvals = session.scalar(
            select(func.count(AuditEvent.id)).where(
                AuditEvent.case_id == case_id, AuditEvent.action == "approve"
            )
        )
    assert approvals == 1


def test_errors_tell_nothing_of_the_program(target: Target) -> None:
    for path in ("/nowhere", "/cases/999999", "/cases/x", f"/cases/1?{urlencode({'a': SUBJECT})}"):
        page = target.client.get(path, headers=target.session("GET /")).text
        for word in ("Traceback", "starlette", "uvicorn", "sqlalchemy", "fastapi", "/work/", ".py"):
            assert word not in page.lower()
    answer = target.client.get("/nowhere")
    assert "server" not in answer.headers and "x-powered-by" not in answer.headers
    assert cookies_of(target.house.settings).session == "saraban"
    assert not Path("/static").exists()
