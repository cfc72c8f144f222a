"""The door: sign-in, sign-out, passwords and the first run, as a browser meets them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from correspondence.vocabulary import Role
from pipeline.absences import set_absence, set_deputy
from pipeline.bootstrap import House
from pipeline.people import (
    add_person,
    give_role,
    retire_person,
    take_role,
)
from pipeline.signing_in import ACCOUNT_TRIES, IDLE, LONGEST
from review.addresses import own_address
from review.forms import MAX_BODY
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house
from tests.servers.review_app import running_review_app

pytestmark = pytest.mark.usefixtures("cheap_passwords")

OWN = "ฝนตกที่ทุ่งกุลาเมื่อวาน"
NEW = "ลมหนาวมาแล้วที่ดอยสูง"


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with running_review_app(house, sign_in=None) as opened:
        yield opened


def token_on(page: httpx.Response) -> str:
    found = re.findall(r'name="form_token" value="([^"]+)"', page.text)
    assert found
    return str(found[-1])


def next_on(page: httpx.Response) -> str:
    """Return where the page's own form leads; it stands below those of the frame."""
    found = re.findall(r'name="next" value="([^"]+)"', page.text)
    assert found
    return str(found[-1])


def send(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Open a form and send it filled in."""
    page = browser.get(path, follow_redirects=False)
    return browser.post(path.partition("?")[0], data={"form_token": token_on(page), **fields})


def malee(house: House) -> str:
    let_in(house, "root.admin", ((Role.ADMINISTRATOR, None),))
    return add_person(
        house,
        "malee",
        thai_name="นางมาลี ใจดี",
        roles=((Role.OFFICER, "complaints"),),
        by="root.admin",
    )


def settled(house: House, browser: httpx.Client) -> None:
    """Sign malee in for the first time and give her a password of her own."""
    one_time = malee(house)
    send(browser, "/sign-in", name="malee", password=one_time)
    changed = send(browser, "/password", old=one_time, new=OWN, again=OWN)
    assert changed.status_code == 303


def test_from_the_door_to_the_case_that_was_asked_for(house: House, browser: httpx.Client) -> None:
    case_id = register(house, Seed(subject="ขอน้ำประปา"))
    one_time = malee(house)
    away = browser.get(f"/cases/{case_id}?lang=en")
    assert away.status_code == 303
    page = browser.get(away.headers["location"])
    assert '<html lang="en">' in page.text and f"/cases/{case_id}?lang=en" in page.text
    asked = next_on(page)
    entered = browser.post(
        "/sign-in",
        data={
            **{"form_token": token_on(page), "name": " MALEE ", "password": one_time},
            "next": asked,
        },
    )
    # The one-time password opens nothing else.
    assert entered.status_code == 303 and entered.headers["location"].startswith("/password?")
    for path in ("/", f"/cases/{case_id}", "/people"):
        assert browser.get(path).headers["location"].startswith("/password")
    assert "letters" not in browser.get("/health").json()
    change = browser.get(entered.headers["location"])
    done = browser.post(
        "/password",
        data={
            **{"form_token": token_on(change), "old": one_time, "new": OWN, "again": OWN},
            "next": next_on(change),
        },
    )
    assert done.headers["location"] == f"/cases/{case_id}?lang=en"
    shown = browser.get(done.headers["location"])
    assert "ขอน้ำประปา" in shown.text and "นางมาลี ใจดี" in shown.text


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    house: House, browser: httpx.Client
) -> None:
    one_time = malee(house)
    door = browser.get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in door and "SameSite=strict" in door and "Path=/" in door
    entered = send(browser, "/sign-in", name="malee", password=one_time)
    (session,) = [c for c in entered.headers.get_list("set-cookie") if c.startswith("saraban=")]
    assert "HttpOnly" in session and "SameSite=lax" in session and "Max-Age=43200" in session
    assert one_time not in session and "malee" not in session


def test_behind_https_cookies_are_secure_and_bound_to_the_host(
    tmp_path: Path, clock: SetClock
) -> None:
    house = small_house(tmp_path, clock, review_url="https://saraban.example.go.th")
    let_in(house, "root.admin", ((Role.ADMINISTRATOR, None),))
    with running_review_app(house, sign_in=None) as client:
        answer = client.get("/sign-in", headers={"host": "saraban.example.go.th"})
    house.close()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-saraban-door=") and "Secure" in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_wrong_password_says_no_more_than_that(house: House, browser: httpx.Client) -> None:
    malee(house)
    pages = [
        send(browser, "/sign-in", name=name, password="wrong") for name in ("malee", "stranger")
    ]
    assert [page.status_code for page in pages] == [403, 403]
    said = [re.findall(r'class="refusal"[^>]*>([^<]+)<', page.text) for page in pages]
    assert said[0] == said[1] == ["ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"]
    assert all("saraban=" not in page.headers.get("set-cookie", "") for page in pages)


def test_guessing_is_slowed_down(house: House, browser: httpx.Client) -> None:
    one_time = malee(house)
    for _ in range(ACCOUNT_TRIES):
        send(browser, "/sign-in", name="malee", password="wrong")
    answer = send(browser, "/sign-in", name="malee", password=one_time)
    assert answer.status_code == 429 and answer.headers["retry-after"] == "900"
    assert "โปรดรอ 15 นาที" in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example"),
        *("javascript:alert(1)", "/\t/evil.example", "/\n//evil.example", "evil", "", " /"),
        *("/" + "a" * 600, "http:/evil.example", "/%0d%0aSet-Cookie: a=b\r\nx"),
    ],
)
def test_nobody_is_led_out_of_the_house(house: House, browser: httpx.Client, asked: str) -> None:
    assert own_address(asked) == "/"
    settled(house, browser)
    assert browser.get("/sign-in", params={"next": asked}).headers["location"] == "/work"
    browser.cookies.clear()
    answer = send(browser, "/sign-in", name="malee", password=OWN, next=asked)
    assert answer.status_code == 303 and answer.headers["location"] == "/work"


@pytest.mark.parametrize("own", ["/", "/cases/7?lang=en", "/?group=complaints&page=2", "/a?b=//c"])
def test_addresses_of_ours_are_kept(own: str) -> None:
    assert own_address(own) == own


def test_a_form_of_another_page_does_nothing(house: House, browser: httpx.Client) -> None:
    settled(house, browser)
    token = token_on(browser.get("/password"))
    fields = {"form_token": token, "old": OWN, "new": NEW, "again": NEW}
    tries = [
        browser.post("/password", data={**fields, "form_token": "x"}),
        browser.post("/password", data={k: v for k, v in fields.items() if k != "form_token"}),
        browser.post("/password", data={**fields, "form_token": "ก" * 43}),
        browser.post("/password", data=fields, headers={"sec-fetch-site": "cross-site"}),
        browser.post("/password", data=fields, headers={"sec-fetch-site": "same-site"}),
        browser.post("/password", json=fields),
        browser.post("/password", files={"x": b"y"}),
        browser.post("/sign-out", data={}),
    ]
    assert [answer.status_code for answer in tries] == [403] * len(tries)
    assert browser.get("/").status_code == 200
    assert browser.post("/password", data=fields).status_code == 303


def test_more_than_a_form_holds_is_refused_before_it_is_read(
    house: House, browser: httpx.Client
) -> None:
    malee(house)
    token = token_on(browser.get("/sign-in"))
    large = browser.post("/sign-in", data={"form_token": token, "name": "x" * (MAX_BODY + 1)})
    many = browser.post("/sign-in", data={f"f{number}": "1" for number in range(200)})
    assert [large.status_code, many.status_code] == [413, 413]
    odd = browser.post(
        "/sign-in",
        content=b"form_token=%ff%fe&name=%00&password=\xff\x00",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert odd.status_code == 403


def test_a_sign_in_ends_by_itself_by_hand_and_by_leaving(
    house: House, browser: httpx.Client, clock: SetClock
) -> None:
    settled(house, browser)
    kept = browser.cookies.get("saraban") or ""
    out = browser.post("/sign-out", data={"form_token": token_on(browser.get("/"))})
    assert out.status_code == 303 and browser.cookies.get("saraban") is None
    # The cookie somebody kept is worth nothing.
    assert browser.get("/", headers={"cookie": f"saraban={kept}"}).status_code == 303
    send(browser, "/sign-in", name="malee", password=OWN)
    assert browser.get("/").status_code == 200
    clock.move(seconds=IDLE.total_seconds())
    assert browser.get("/").headers["location"] == "/sign-in"
    send(browser, "/sign-in", name="malee", password=OWN)
    retire_person(house, "malee", by="root.admin")
    assert browser.get("/").headers["location"] == "/sign-in"


def test_a_busy_sign_in_ends_after_twelve_hours_and_keeps_where_one_was_going(
    house: House, browser: httpx.Client, clock: SetClock
) -> None:
    settled(house, browser)
    case_id = register(house)
    step = IDLE - timedelta(minutes=1)
    for _ in range(LONGEST // step):
        clock.move(seconds=step.total_seconds())
        assert browser.get("/").status_code == 200
    clock.move(seconds=step.total_seconds())
    away = browser.get(f"/cases/{case_id}?lang=en")
    assert away.headers["location"] == f"/sign-in?next=%2Fcases%2F{case_id}%3Flang%3Den&lang=en"
    again = send(
        browser, away.headers["location"], name="malee", password=OWN, next=f"/cases/{case_id}"
    )
    assert again.headers["location"] == f"/cases/{case_id}"
    assert browser.get(again.headers["location"]).status_code == 200


def test_what_was_typed_into_a_form_is_not_lost_with_the_sign_in(
    house: House, browser: httpx.Client, clock: SetClock
) -> None:
    settled(house, browser)
    case_id = register(house)
    path = f"/cases/{case_id}/actions/log_coordination"
    fields = {
        "form_token": token_on(browser.get(path)),
        "note": "โทรถามแล้ว </textarea><b>รับว่าจะตอบ",
        "password": "ลับลับลับลับลับลับ",
        "contact": "short",
    }
    clock.move(seconds=IDLE.total_seconds())
    late = browser.post(path, data=fields)
    assert late.status_code == 403 and "แบบฟอร์มนี้หมดอายุแล้ว" in late.text
    assert "โทรถามแล้ว &lt;/textarea&gt;&lt;b&gt;รับว่าจะตอบ</textarea>" in late.text
    assert "ลับลับ" not in late.text and fields["form_token"] not in late.text
    assert f'href="/sign-in?next=%2Fcases%2F{case_id}' in late.text
    # Nothing of another site's is shown.
    foreign = browser.post(path, data=fields, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403 and "โทรถาม" not in foreign.text


def test_signing_out_everywhere_ends_every_browser(house: House, browser: httpx.Client) -> None:
    settled(house, browser)
    others = [let_in(house, "malee") for _ in range(2)]
    stays = let_in(house, "root.admin")

    def goes_on(path: str, token: str) -> bool:
        answer = httpx.get(
            f"{browser.base_url}{path}", headers={"cookie": f"saraban={token}"}, trust_env=False
        )
        return answer.status_code == 200

    assert all(goes_on("/", token) for token in others)
    page = browser.get("/password")
    assert 'action="/sign-out/everywhere"' in page.text
    done = browser.post("/sign-out/everywhere", data={"form_token": token_on(page)})
    assert done.headers["location"] == "/sign-in" and browser.cookies.get("saraban") is None
    assert not any(goes_on("/", token) for token in others)
    assert goes_on("/people", stays)


def test_a_role_that_is_taken_or_given_holds_from_the_next_page_on(
    house: House, browser: httpx.Client
) -> None:
    settled(house, browser)
    case_id = register(house, Seed(group="political"))
    assert browser.get(f"/cases/{case_id}").status_code == 403
    give_role(house, "malee", Role.OFFICER, "political", by="root.admin")
    assert browser.get(f"/cases/{case_id}").status_code == 200
    take_role(house, "malee", Role.OFFICER, "political", by="root.admin")
    assert browser.get(f"/cases/{case_id}").status_code == 403
    take_role(house, "malee", Role.OFFICER, "complaints", by="root.admin")
    assert browser.get("/").status_code == 403


def test_a_deputy_s_pages_are_theirs_while_the_other_is_away(
    house: House, browser: httpx.Client
) -> None:
    settled(house, browser)
    add_person(
        house,
        "chai",
        thai_name="นายชัย",
        roles=((Role.GROUP_HEAD, "political"),),
        by="root.admin",
    )
    case_id = register(house, Seed(group="political"))
    set_deputy(house, "chai", "malee", by="root.admin")
    assert browser.get(f"/cases/{case_id}").status_code == 403
    day = house.clock().date()
    set_absence(house, "chai", day, day, by="root.admin")
    assert browser.get(f"/cases/{case_id}").status_code == 200
    set_absence(house, "chai", None, None, by="root.admin")
    assert browser.get(f"/cases/{case_id}").status_code == 403


def test_a_session_is_not_the_one_of_before_sign_in(house: House, browser: httpx.Client) -> None:
    one_time = malee(house)
    browser.cookies.set("saraban", "planted-by-somebody-else")
    send(browser, "/sign-in", name="malee", password=one_time)
    given = [cookie.value for cookie in browser.cookies.jar if cookie.name == "saraban"]
    assert any(value != "planted-by-somebody-else" for value in given)
    stranger = httpx.get(
        f"{browser.base_url}/", headers={"cookie": "saraban=planted-by-somebody-else"}
    )
    assert stranger.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, "รหัสผ่านเดิมไม่ถูกต้อง"),
        ({"old": OWN, "new": NEW, "again": NEW + "x"}, "ไม่ตรงกัน"),
        ({"old": OWN, "new": "สั้น", "again": "สั้น"}, "อย่างน้อย 12"),
        ({"old": OWN, "new": OWN, "again": OWN}, "ต้องไม่ซ้ำ"),
    ],
)
def test_a_refused_password_says_why(
    house: House, browser: httpx.Client, fields: dict[str, str], said: str
) -> None:
    settled(house, browser)
    answer = send(browser, "/password", **fields)
    assert answer.status_code in (403, 422) and said in answer.text
    assert OWN not in answer.text and NEW not in answer.text


def test_the_first_run_makes_the_administrator_and_is_over(
    house: House, browser: httpx.Client
) -> None:
    assert browser.get("/").headers["location"].startswith("/sign-in")
    assert browser.get("/sign-in").headers["location"] == "/first-run"
    assert "รหัสครั้งแรก" not in browser.get("/first-run").text
    weak = send(browser, "/first-run", name="boss", shown="นายสมชาย ดี", password="x", again="x")
    assert weak.status_code == 422 and 'value="นายสมชาย ดี"' in weak.text
    done = send(browser, "/first-run", name="boss", shown="นายสมชาย ดี", password=OWN, again=OWN)
    assert done.headers["location"] == "/people"
    page = browser.get("/people")
    assert "นายสมชาย ดี" in page.text and "ผู้ดูแลระบบ" in page.text
    assert browser.get("/first-run").status_code == 404
    assert browser.get("/").status_code == 403


def test_behind_a_proxy_the_first_run_needs_the_code(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path, clock, review_url="https://saraban.example.go.th")
    with running_review_app(house, sign_in=None) as client:
        assert "รหัสครั้งแรก" in client.get("/first-run").text
    house.close()


def test_no_password_stands_in_a_log_or_on_a_page(
    house: House,
    browser: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Prefect, when another test of the process loads it, mutes and cuts off loggers of that time.
    for name in ("review.gate", "review.security", "uvicorn", "uvicorn.access"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, logger="review.security"),
        caplog.at_level(logging.DEBUG, logger="uvicorn.access"),
    ):
        one_time = malee(house)
        page = send(browser, "/sign-in", name="malee", password="ผิดแน่นอน-ผิดแน่นอน")
        send(browser, "/sign-in", name="malee", password=one_time)
        send(browser, "/password", old=one_time, new=OWN, again=OWN)
    assert "ผิดแน่นอน" not in page.text
    # The client of the test logs what it is sent; ours may not.
    logged = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("http"))
    assert "POST /sign-in" in logged
    for secret in ("ผิดแน่นอน", one_time, OWN, browser.cookies.get("saraban") or "?"):
        assert secret not in logged
