"""Sign-in by an identity provider: a real one on the loopback, and each way it may be wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import delete, func, select, update
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Role
from office.settings import Settings, read_settings
from pipeline.bootstrap import House
from pipeline.people import add_person, renew_password, retire_person
from pipeline.signing_in import ACCOUNT_TRIES
from registry.models import Account, AuditEvent, Person, SignIn
from review.addresses import WORK
from review.oidc_errand import LASTS
from tests.conftest import SetClock
from tests.seeding import employ, let_in, register, small_house
from tests.servers.oidc_provider import CLIENT, SECRET, OidcProvider, running_oidc_provider
from tests.servers.review_app import running_review_app

pytestmark = pytest.mark.usefixtures("cheap_passwords")

START, BACK = "/sign-in/provider", "/sign-in/provider/back"


@dataclass
class Way:
    """One office, its provider and a browser for all tests here; each begins hours later."""

    house: House
    client: httpx.Client
    provider: OidcProvider
    malee: int
    since: int = 0


@pytest.fixture(scope="module")
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory, clock: SetClock) -> Iterator[Way]:
    with running_oidc_provider(clock) as provider:
        house = office(tmp_path_factory.mktemp("oidc"), clock, provider)
        employ(house, "root.admin", Role.ADMINISTRATOR, None)
        malee = employ(house, "malee", Role.OFFICER, "complaints")
        with running_review_app(house, sign_in=None) as client:
            yield Way(house, client, provider, malee)
        house.close()


def office(home: Path, clock: SetClock, provider: OidcProvider, **settings: object) -> House:
    values = {"oidc_issuer": provider.address, "oidc_client_id": CLIENT, **settings}
    return small_house(home, clock, oidc_client_secret=SECRET, **values)


@pytest.fixture
def provider(way: Way) -> OidcProvider:
    right = way.provider
    right.person = {"sub": "u-1", "preferred_username": "malee"}
    right.replaced, right.metadata, right.signer = {}, {}, "right"
    right.reply, right.only_post, right.published = None, False, [right.key]
    right.asked.clear()
    return right


@pytest.fixture
def house(way: Way, provider: OidcProvider, clock: SetClock) -> House:
    # What was kept of the provider, sign-ins and tries have run out.
    clock.move(hours=13)
    with way.house.sessions.begin() as session:
        session.execute(delete(SignIn))
        session.execute(update(Account).values(provider_subject=None))
        session.get_one(Person, way.malee).retired_at = None
        way.since = session.scalar(select(func.max(AuditEvent.id))) or 0
    return way.house


@pytest.fixture
def browser(way: Way, house: House) -> httpx.Client:
    way.client.cookies.clear()
    return way.client


def leave(browser: httpx.Client, path: str = START) -> str:
    """Go to the provider and return the address it sends the browser back to."""
    away = browser.get(path)
    assert away.status_code == 303, away.text
    with httpx.Client(trust_env=False) as elsewhere:
        back = elsewhere.get(away.headers["location"])
    assert back.status_code == 302, back.text
    return str(back.headers["location"])


def come(browser: httpx.Client, path: str = START) -> httpx.Response:
    return browser.get(leave(browser, path))


def outcomes(way: Way) -> list[str]:
    with way.house.sessions.begin() as session:
        found = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.action == "sign_in_failed", AuditEvent.id > way.since)
            .order_by(AuditEvent.id)
        )
        return [str(event.after["outcome"]) for event in found]


def is_out(browser: httpx.Client) -> bool:
    return browser.get("/").headers.get("location", "").startswith("/sign-in")


def test_from_the_button_to_the_case_that_was_asked_for(
    way: Way, house: House, browser: httpx.Client, provider: OidcProvider
) -> None:
    case_id = register(house)
    door = browser.get(browser.get(f"/cases/{case_id}?lang=en").headers["location"])
    (link,) = re.findall(r'href="(/sign-in/provider[^"]*)"', door.text)
    away = browser.get(link.replace("&amp;", "&"))
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{browser.base_url}".rstrip("/") + BACK]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    cookie = away.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=600" in cookie
    assert asked["state"][0] not in cookie and asked["nonce"][0] not in cookie
    answer = come(browser, link.replace("&amp;", "&"))
    assert answer.status_code == 303 and answer.headers["location"] == f"/cases/{case_id}?lang=en"
    assert browser.get(answer.headers["location"]).status_code == 200
    assert browser.cookies.get("saraban-errand") is None
    assert outcomes(way) == []
    # Keys and metadata are fetched once.
    browser.cookies.clear()
    assert come(browser).status_code == 303
    assert provider.asked.count("keys") == provider.asked.count("discovery") == 1


def test_the_button_stands_only_where_there_is_a_provider(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path, clock)
    employ(house, "root.admin", Role.ADMINISTRATOR, None)
    with running_review_app(house, sign_in=None) as client:
        assert START not in client.get("/sign-in").text
        assert client.get(START).status_code == client.get(BACK).status_code == 404
    house.close()


def test_behind_https_the_way_back_is_the_office_s_own_address(
    tmp_path: Path, clock: SetClock, provider: OidcProvider
) -> None:
    house = office(tmp_path, clock, provider, review_url="https://saraban.example.go.th")
    with running_review_app(house, sign_in=None) as client:
        away = client.get(START)
    house.close()
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://saraban.example.go.th" + BACK]
    assert away.headers["set-cookie"].startswith("__Host-saraban-errand=")
    assert "Secure" in away.headers["set-cookie"]


@pytest.mark.parametrize(
    ("replaced", "signer", "outcome"),
    [
        ({"nonce": "another"}, "right", "nonce"),
        ({"nonce": None}, "right", "nonce"),
        ({"iss": "https://evil.example"}, "right", "claims"),
        ({"iss": None}, "right", "claims"),
        ({"aud": "another-app"}, "right", "claims"),
        ({"aud": ["another-app", CLIENT]}, "right", "claims"),
        ({"aud": CLIENT, "azp": "another-app"}, "right", "claims"),
        ({"exp": 1_700_000_000}, "right", "claims"),
        ({"exp": None}, "right", "claims"),
        ({"exp": "tomorrow"}, "right", "claims"),
        ({"iat": 4_000_000_000}, "right", "claims"),
        ({"sub": ""}, "right", "claims"),
        ({"sub": 7}, "right", "claims"),
        ({"preferred_username": None}, "right", "name"),
        ({"preferred_username": ["malee"]}, "right", "name"),
        ({"preferred_username": "m" * 300}, "right", "name"),
        ({}, "other", "signature"),
        ({}, "hmac", "signature"),
        ({}, "none", "signature"),
        ({}, "foreign", "key"),
        ({"preferred_username": "stranger"}, "right", "unknown_person"),
        ({"preferred_username": "saraban"}, "right", "unknown_person"),
        ({"preferred_username": "ma\x00lee"}, "right", "unknown_person"),
        ({"preferred_username": "%"}, "right", "unknown_person"),
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(
    way: Way,
    house: House,
    browser: httpx.Client,
    provider: OidcProvider,
    replaced: dict[str, object],
    signer: str,
    outcome: str,
) -> None:
    provider.replaced, provider.signer = replaced, signer
    answer = come(browser)
    assert answer.status_code == 403 and 'class="refusal"' in answer.text
    assert outcomes(way) == [outcome]
    assert is_out(browser) and "stranger" not in answer.text
    with way.house.sessions.begin() as session:
        tied = select(func.count(Account.person_id)).where(Account.provider_subject.is_not(None))
        assert session.scalar(tied) == 0


def test_a_new_key_of_the_provider_is_fetched(
    browser: httpx.Client, provider: OidcProvider, clock: SetClock
) -> None:
    assert come(browser).status_code == 303
    browser.cookies.clear()
    provider.signer, provider.published = "foreign", [provider.key, provider.foreign]
    clock.move(minutes=2)
    assert come(browser).status_code == 303
    assert provider.asked.count("keys") == 2


def test_a_code_is_worth_one_sign_in(way: Way, browser: httpx.Client) -> None:
    back = leave(browser)
    kept = browser.cookies.get("saraban-errand")
    assert browser.get(back).status_code == 303
    browser.cookies.clear()
    assert browser.get(back).status_code == 403
    assert kept is not None
    browser.cookies.set("saraban-errand", kept)
    assert browser.get(back).status_code == 403
    assert outcomes(way) == ["state", "code"]


def test_an_answer_for_another_browser_or_of_old_is_refused(
    way: Way, browser: httpx.Client, clock: SetClock
) -> None:
    theirs = leave(browser)
    browser.cookies.clear()
    leave(browser)
    # A sign-in of the attacker's pressed upon somebody else's browser.
    assert browser.get(theirs).status_code == 403
    late = leave(browser)
    clock.move(seconds=LASTS.total_seconds())
    assert browser.get(late).status_code == 403
    cookie = browser.get(START).headers["set-cookie"].partition("=")[2].partition(";")[0]
    back = leave(browser)
    for broken in (cookie[:-1], cookie.replace(".", ""), "ก", "." + cookie, "x" * 4000, "a.b"):
        sent = httpx.get(
            back, headers={"cookie": f"saraban-errand={broken}".encode()}, trust_env=False
        )
        assert sent.status_code == 403
    assert set(outcomes(way)) == {"state"} and is_out(browser)


@pytest.mark.parametrize(
    "query",
    ["", "?error=access_denied&state={state}", "?code=x&state={state}&iss=https://evil.example"],
)
def test_an_answer_without_a_code_or_of_another_provider_is_refused(
    browser: httpx.Client, query: str
) -> None:
    state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
    answer = browser.get(BACK + query.format(state=state))
    assert answer.status_code == 403 and "โปรดลองใหม่" in answer.text and is_out(browser)


@pytest.mark.parametrize(
    "asked", ["https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aX: y\r\n"]
)
def test_the_provider_leads_nobody_out_of_the_house(browser: httpx.Client, asked: str) -> None:
    back = leave(browser, str(httpx.URL(START, params={"next": asked})))
    answer = browser.get(back)
    assert answer.status_code == 303 and answer.headers["location"] == WORK


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"jwks_uri": "http://[bad/"},
    ],
)
def test_metadata_that_lead_elsewhere_are_not_followed(
    browser: httpx.Client, provider: OidcProvider, metadata: dict[str, object]
) -> None:
    provider.metadata = metadata
    answer = browser.get(START)
    assert answer.status_code == 503 and "ติดต่อผู้ให้บริการยืนยันตัวตนไม่ได้" in answer.text


def test_a_provider_that_is_away_says_so_and_passwords_go_on(
    tmp_path: Path, clock: SetClock, provider: OidcProvider
) -> None:
    house = office(tmp_path, clock, provider, oidc_issuer="http://127.0.0.1:9")
    employ(house, "root.admin", Role.ADMINISTRATOR, None)
    with running_review_app(house, sign_in=None) as client:
        answer = client.get(f"{START}?next=/people")
        assert answer.status_code == 503
        assert "ติดต่อผู้ให้บริการยืนยันตัวตนไม่ได้" in answer.text
        assert 'name="password"' in answer.text and 'value="/people"' in answer.text
    house.close()


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (PlainTextResponse("not json"), 503),
        (PlainTextResponse("x", status_code=500), 503),
        (PlainTextResponse("x" * 600_000), 503),
        (RedirectResponse("https://evil.example/"), 503),
        (JSONResponse([]), 503),
        (JSONResponse({"error": "invalid_client"}, status_code=401), 403),
        (JSONResponse({"access_token": "x"}), 403),
        (JSONResponse({"id_token": "a.b.c"}), 403),
        (JSONResponse({"id_token": "x" * 30_000}), 403),
    ],
)
def test_a_provider_that_answers_nonsense_opens_nothing(
    browser: httpx.Client, provider: OidcProvider, reply: PlainTextResponse, status: int
) -> None:
    back = leave(browser)
    provider.reply = reply
    answer = browser.get(back)
    assert answer.status_code == status and is_out(browser)


def test_the_secret_goes_in_the_form_where_the_provider_wants_it_so(
    browser: httpx.Client, provider: OidcProvider
) -> None:
    provider.only_post = True
    assert come(browser).status_code == 303


def test_a_name_given_to_somebody_else_there_opens_nothing_here(
    way: Way, house: House, browser: httpx.Client, provider: OidcProvider
) -> None:
    assert come(browser).status_code == 303
    browser.cookies.clear()
    provider.person["sub"] = "u-2"
    assert come(browser).status_code == 403
    # Nor does a person whose name has changed become another of this office.
    provider.person = {"sub": "u-1", "preferred_username": "root.admin"}
    assert come(browser).status_code == 403
    assert outcomes(way) == ["other_subject", "other_subject"]
    let_in(house, "root.admin")
    renew_password(house, "malee", by="root.admin")
    provider.person = {"sub": "u-2", "preferred_username": "malee"}
    assert come(browser).status_code == 303


def test_a_one_time_password_dies_with_the_first_sign_in_by_the_provider(
    house: House, browser: httpx.Client, provider: OidcProvider
) -> None:
    one_time = add_person(
        house, "chai", thai_name="นายชัย", roles=((Role.OFFICER, "complaints"),), by="root.admin"
    )
    provider.person = {"sub": "u-9", "preferred_username": " CHAI "}
    assert come(browser).headers["location"] == WORK
    assert browser.get("/").status_code == 200
    browser.cookies.clear()
    page = browser.get("/sign-in")
    token = re.findall(r'name="form_token" value="([^"]+)"', page.text)[-1]
    tried = browser.post(
        "/sign-in", data={"form_token": token, "name": "chai", "password": one_time}
    )
    assert tried.status_code == 403


def test_who_has_left_does_not_come_in_and_a_session_ends_with_them(
    way: Way, house: House, browser: httpx.Client
) -> None:
    assert come(browser).status_code == 303
    retire_person(house, "malee", by="root.admin")
    assert is_out(browser)
    assert come(browser).status_code == 403
    assert outcomes(way) == ["unknown_person"]


@pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 403), (None, 403)])
def test_an_email_is_a_name_only_where_the_provider_has_checked_it(
    tmp_path: Path,
    clock: SetClock,
    provider: OidcProvider,
    verified: bool | None,
    status: int,
) -> None:
    house = office(tmp_path, clock, provider, oidc_claim="email")
    employ(house, "mali@office.example", Role.OFFICER, "complaints")
    provider.person = {"sub": "u-1", "email": "Mali@Office.example", "email_verified": verified}
    with running_review_app(house, sign_in=None) as client:
        assert come(client).status_code == status
    house.close()


def test_answers_that_nobody_asked_for_are_slowed_down_and_keep_nobody_out(
    way: Way, browser: httpx.Client
) -> None:
    tried = [browser.get(f"{BACK}?code=x&state=y").status_code for _ in range(ACCOUNT_TRIES + 3)]
    assert tried == [403] * ACCOUNT_TRIES + [429] * 3
    assert outcomes(way) == ["state"] * ACCOUNT_TRIES
    assert come(browser).status_code == 303


def test_no_log_line_names_anybody_or_holds_a_code(
    browser: httpx.Client,
    provider: OidcProvider,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("review.oidc_pages", "uvicorn", "uvicorn.access"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    provider.replaced = {"preferred_username": "stranger-x"}
    with caplog.at_level(logging.DEBUG):
        come(browser)
    ours = [record for record in caplog.records if record.name.startswith("review")]
    assert [record.getMessage() for record in ours] == ["a sign-in by the provider was refused"]
    assert "stranger-x" not in caplog.text


@pytest.mark.parametrize(
    "values",
    [
        {"OIDC_ISSUER": "http://idp.example"},
        {"OIDC_ISSUER": "https://user:pw@idp.example"},
        {"OIDC_ISSUER": "https://idp.example?x=1"},
        {"OIDC_ISSUER": "https://idp.example", "OIDC_CLIENT_SECRET": ""},
        {"OIDC_ISSUER": "https://idp.example", "OIDC_CLAIM": "a b"},
    ],
)
def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    whole = {"OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y", **values}
    for name, value in whole.items():
        monkeypatch.setenv(f"SARABAN_{name}", value)
    with pytest.raises(ConfigurationFault, match="SARABAN_OIDC"):
        read_settings()
    assert "y" not in repr(Settings.model_fields["oidc_client_secret"].default)
