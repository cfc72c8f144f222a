"""The office's day in a real browser: from a mail in the mailbox to a closed case.

One house for all stories; each has letters of its own, which came by IMAP or into the folder.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, IntakeOutcome, Role
from demo.dovecot import RunningDovecot, find_dovecot, run_dovecot
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest
from pipeline.cycle import run_cycle
from pipeline.people import add_person
from registry.models import AuditEvent, Case, IntakeItem, Letter
from tests.conftest import SetClock
from tests.ready_databases import ready_sqlite
from tests.seeding import let_in
from tests.servers.browser import running_chromium
from tests.servers.review_app import running_review_app

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

PASSWORD = "ฝนตกที่หน้าต่างห้องทำงาน"
MAIL_PASSWORD = "SARABAN_TEST_STORY_PASSWORD"
# Sign-in name: role and group.
PEOPLE: dict[str, tuple[Role, str | None]] = {
    "registrar": (Role.REGISTRAR, None),
    "officer": (Role.OFFICER, "complaints"),
    "head": (Role.GROUP_HEAD, "complaints"),
    "other": (Role.OFFICER, "political"),
    "chief": (Role.OFFICE_HEAD, None),
    "secretary": (Role.SECRETARY, None),
    "keeper": (Role.SECRET_REGISTRAR, None),
    "admin": (Role.ADMINISTRATOR, None),
}
WAYS = {
    "complaint": (
        "ขอความเป็นธรรมเรื่องการเก็บเงินค่าเรียนเสริม",
        "ดิฉันเป็นผู้ปกครองนักเรียนโรงเรียนบ้านหนองแวงใต้ ขอร้องเรียนครูประจำชั้นที่เก็บเงินค่าเรียนเสริม"
        "คนละ ๕๐๐ บาททุกเดือน หากไม่จ่ายจะไม่ได้คะแนนเก็บ ขอให้ท่านรัฐมนตรีสั่งตรวจสอบ"
        "และให้คืนเงินแก่ผู้ปกครองโดยเร็ว",
    ),
    "returned": (
        "ร้องเรียนอาหารกลางวันไม่ถูกสุขลักษณะ",
        "ข้าพเจ้าขอร้องเรียนว่าโรงเรียนบ้านคลองกลางจัดอาหารกลางวันบูด นักเรียนป่วย ๑๒ คน เมื่อวันที่ ๑๖ "
        "พฤศจิกายน ๒๕๖๙ ขอให้กระทรวงตรวจสอบผู้รับจ้างและแจ้งผลให้ทราบ",
    ),
    "together": (
        "ขอร้องเรียนครูลงโทษนักเรียนเกินกว่าเหตุ",
        "ข้าพเจ้าเป็นผู้ปกครองขอร้องเรียนว่าครูโรงเรียนบ้านดอนสูงตีลูกชายจนต้องเข้าโรงพยาบาล เมื่อวันที่ ๑๖ "
        "พฤศจิกายน ๒๕๖๙ ขอให้กระทรวงตั้งกรรมการสอบสวนข้อเท็จจริงและแจ้งผลให้ทราบ",
    ),
    "triaged": (
        "ร้องเรียนเรื่องรถรับส่งนักเรียน",
        "รถรับส่งนักเรียนของโรงเรียนบ้านโพธิ์เงินเก่ามากและบรรทุกเกิน ขอร้องเรียนให้หน่วยงานตรวจสภาพรถ"
        "และกำหนดมาตรการความปลอดภัยด้วย",
    ),
    "expired": (
        "ร้องเรียนน้ำดื่มในโรงเรียนไม่สะอาด",
        "ข้าพเจ้าขอร้องเรียนว่าตู้น้ำดื่มของโรงเรียนบ้านท่าเสาเป็นสนิม นักเรียนปวดท้อง ๗ คน เมื่อวันที่ ๑๒ "
        "พฤศจิกายน ๒๕๖๙ ขอให้กระทรวงตรวจสอบคุณภาพน้ำและแจ้งผลให้ทราบ",
    ),
}
SECRET_WORD = "ปฏิบัติการนกฮูกราตรี"


@dataclass
class Office:
    """The house, the browser and who is at which window."""

    house: House
    clock: SetClock
    browser: Browser
    address: str
    cases: dict[str, int]
    windows: dict[str, Page] = field(default_factory=dict)

    def window(self, who: str, *, width: int = 1366, height: int = 768) -> Page:
        """Return a person's window, signed in by the form at its first use."""
        if who not in self.windows:
            page = self.browser.new_context(
                viewport={"width": width, "height": height}, base_url=self.address
            ).new_page()
            page.set_default_timeout(30_000)
            self.sign_in(page, who)
            self.windows[who] = page
        return self.windows[who]

    def sign_in(self, page: Page, who: str) -> None:
        if "/sign-in" not in page.url:
            page.goto("/sign-in")
        page.get_by_label("ชื่อผู้ใช้").fill(who)
        page.get_by_label("รหัสผ่าน").fill(PASSWORD)
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        expect(page.get_by_role("button", name="ออกจากระบบ")).to_be_visible()

    def open(self, who: str, story: str) -> Page:
        page = self.window(who)
        page.goto(f"/cases/{self.cases[story]}")
        return page

    def state(self, story: str) -> CaseState:
        with self.house.sessions.begin() as session:
            return CaseState(session.get_one(Case, self.cases[story]).state)

    def actions(self, story: str) -> list[tuple[str, str]]:
        with self.house.sessions.begin() as session:
            rows = session.scalars(
                select(AuditEvent)
                .where(AuditEvent.case_id == self.cases[story])
                .order_by(AuditEvent.id)
            )
            return [(row.actor, row.action) for row in rows]


def mail(subject: str, body: str, number: int) -> bytes:
    written = EmailMessage()
    written["From"] = f"ประชาชน <citizen{number}@mail.example>"
    written["To"] = "minister@office.example"
    written["Subject"] = subject
    written["Message-ID"] = f"<story-{number}@mail.example>"
    written.set_content(f"เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n{body}\n\nด้วยความเคารพ\n")
    return written.as_bytes()


def lay_out(home: Path, server: RunningDovecot) -> None:
    """Write the office's sources: a mailbox at the server and a folder."""
    shutil.copytree(find_folder("config"), home / "config")
    (home / "config" / "sources.toml").write_text(
        f'[[mailbox]]\nname = "main"\nhost = "127.0.0.1"\nport = {server.port}\ntls = "off"\n'
        f'user = "stories"\npassword_env = "{MAIL_PASSWORD}"\n\n'
        '[[drop_folder]]\nname = "drop"\npath = "drop"\nchannel = "hand"\nstill_seconds = 0\n',
        encoding="utf-8",
    )


def bring(home: Path, server: RunningDovecot) -> None:
    """Let the letters of all stories arrive."""
    for number, (subject, body) in enumerate(WAYS.values(), start=1):
        server.append("stories", mail(subject, body, number))
    server.append("stories", mail(f"ลับ {SECRET_WORD}", f"{SECRET_WORD} ห้ามเปิดเผย", 99))
    (home / "drop").mkdir(exist_ok=True)
    (home / "drop" / "แฟ้มชำรุด.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    home = tmp_path_factory.mktemp("stories")
    clock = SetClock()
    with (
        pytest.MonkeyPatch.context() as patch,
        run_dovecot(tmp_path_factory.mktemp("dv")) as server,
        running_chromium() as browser,
    ):
        patch.setenv(MAIL_PASSWORD, server.password)
        lay_out(home, server)
        ready_sqlite(home / "saraban.db")
        house = open_house(Settings(home=home, workers=1), clock=clock)
        enter_people(house)
        bring(home, server)
        run_cycle(house)
        cases = find_cases(house)
        answer_triage(house, cases)
        with running_review_app(house, sign_in=None) as client:
            yield Office(house, clock, browser, str(client.base_url), cases)
        house.close()


def enter_people(house: House) -> None:
    """Enter everybody with a password of their own, as if each had changed the first one."""
    from pipeline.passwords import hash_password
    from registry.models import Account, Person

    let_in(house, "root.admin", ((Role.ADMINISTRATOR, None),))
    for name, role in PEOPLE.items():
        add_person(house, name, thai_name=f"คุณ{name}", roles=(role,), by="root.admin")
    with house.sessions.begin() as session:
        for account, person in session.execute(
            select(Account, Person).join(Person, Person.id == Account.person_id)
        ):
            if person.sign_in in PEOPLE:
                account.password_hash = hash_password(PASSWORD)
                account.must_change = False
            if person.sign_in == "keeper":
                person.clearance = "top_secret"


def find_cases(house: House) -> dict[str, int]:
    """Return the case of each story by its letter's subject."""
    found: dict[str, int] = {}
    with house.sessions.begin() as session:
        for letter in session.scalars(select(Letter)):
            subjects = {f.machine_value for f in letter.fields if f.name == "subject"}
            found |= {name: letter.case_id for name, (said, _) in WAYS.items() if said in subjects}
    assert set(found) == set(WAYS)
    return found


def answer_triage(house: House, cases: dict[str, int]) -> None:
    """Let the head of the office choose where the model was not sure, but for triage's own story.

    What the model is sure of may change with its letters; what these stories are about may not.
    """
    for story, case_id in cases.items():
        with house.sessions.begin() as session:
            waits = session.get_one(Case, case_id).state == CaseState.TRIAGE.value
        if waits and story != "triaged":
            act_on_case(
                house,
                CaseRequest(
                    case_id=case_id,
                    action=Action.CHOOSE_CATEGORY,
                    by="chief",
                    category=Category.COMPLAINT,
                    subcategory="general_complaint",
                ),
            )
    run_cycle(house)


def press(page: Page, action: str) -> None:
    """Open an action's form where it has one, or send it where nothing is asked."""
    act = page.locator(f"#do-{action}")
    if act.locator("xpath=ancestor::details[contains(@class,'more')]").count():
        page.locator("details.more > summary").click()
    (act.locator("summary") if act.evaluate("e => e.tagName") == "DETAILS" else act).first.click()


def send(page: Page, action: str) -> None:
    page.locator(f"#do-{action} form button").click()
    expect(page.locator(".flash")).to_be_visible()


def test_a_letter_goes_from_the_mailbox_to_a_closed_case(office: Office) -> None:
    story = "complaint"
    # The clerk sees that the category is wrong.
    page = office.open("registrar", story)
    expect(page.locator("h1")).to_contain_text("๒๕๖๙")
    press(page, "recategorise")
    form = page.locator("#do-recategorise form")
    with office.house.sessions.begin() as session:
        present = session.get_one(Case, office.cases[story]).category
    assert present == Category.COMPLAINT.value
    form.get_by_label(re.compile("ประเภท")).first.select_option(index=2)
    form.locator("textarea").fill("เป็นเรื่องขอความเป็นธรรม ไม่ใช่เรื่องทั่วไป")
    send(page, "recategorise")
    run_cycle(office.house)
    assert office.state(story) is CaseState.IN_REVIEW

    # The head gives it back to be worked over; the officer edits a part and submits.
    page = office.open("head", story)
    press(page, "return_draft")
    page.locator("#do-return_draft textarea").fill("โปรดเพิ่มว่าขอให้คืนเงิน")
    send(page, "return_draft")
    assert office.state(story) is CaseState.DRAFTING
    page = office.open("officer", story)
    part = page.locator("textarea[name^='part-']").first
    part.fill(part.input_value() + "\nผู้ร้องขอให้คืนเงินแก่ผู้ปกครอง")
    page.locator("form.parts button[value='submit_draft']").click()
    expect(page.locator(".flash")).to_be_visible()
    assert office.state(story) is CaseState.IN_REVIEW

    # The head approves it with an edit of their own.
    page = office.open("head", story)
    part = page.locator("textarea[name^='part-']").first
    assert "คืนเงินแก่ผู้ปกครอง" in part.input_value()
    part.fill(part.input_value().replace("ผู้ร้องขอ", "ผู้ร้องประสงค์ขอ"))
    page.locator("form.parts button[value='approve_with_edits']").click()
    expect(page.locator(".flash")).to_be_visible()
    assert office.state(story) is CaseState.SIGN_OFF

    # The minister's office signs, the clerk dispatches, the officer closes.
    for who, action, state in (
        ("secretary", "sign", CaseState.AWAITING_DISPATCH),
        ("registrar", "dispatch", CaseState.DISPATCHED),
        ("officer", "close", CaseState.CLOSED),
    ):
        press(office.open(who, story), action)
        expect(office.window(who).locator(".flash")).to_be_visible()
        assert office.state(story) is state
    people = [entry for entry in office.actions(story) if entry[0] in PEOPLE]
    assert people == [
        ("registrar", "recategorise"),
        ("head", "return_draft"),
        ("officer", "submit_draft"),
        ("head", "approve_with_edits"),
        ("secretary", "sign"),
        ("registrar", "dispatch"),
        ("officer", "close"),
    ]


def test_a_return_without_a_reason_does_not_leave_the_page(office: Office) -> None:
    page = office.open("head", "returned")
    press(page, "return_draft")
    page.locator("#do-return_draft form button").click()
    assert office.state("returned") is CaseState.IN_REVIEW
    page.locator("#do-return_draft textarea").fill("ขาดวันที่เกิดเหตุ")
    send(page, "return_draft")
    assert office.state("returned") is CaseState.DRAFTING
    shown = office.open("officer", "returned")
    shown.locator("details.history summary").click()
    expect(shown.get_by_text("ขาดวันที่เกิดเหตุ").first).to_be_visible()


def test_a_copy_goes_out_only_when_each_kind_has_been_checked(office: Office) -> None:
    page = office.window("head")
    page.goto(f"/cases/{office.cases['returned']}/forwarded")
    page.get_by_role("button", name="เสนอสำเนา").click()
    expect(page.get_by_text("ข้อความในสำเนา")).to_be_visible()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    confirm = page.get_by_role("button", name="ข้าพเจ้าตรวจสำเนาแล้ว")
    confirm.click()
    # The browser asks for the first box that is empty, and nothing leaves the page.
    assert page.evaluate("document.activeElement.name") == "checked"
    for box in page.locator("input[name=checked]").all():
        box.check()
    with page.expect_download() as given:
        confirm.click()
    assert given.value.suggested_filename.startswith("forward-")
    assert ("head", "write_forward") in office.actions("returned")


def test_triage_takes_one_key(office: Office) -> None:
    if office.state("triaged") is not CaseState.TRIAGE:
        page = office.open("chief", "triaged")
        press(page, "return_to_triage")
        page.locator("#do-return_to_triage textarea").fill("ขอให้เลือกประเภทใหม่")
        send(page, "return_to_triage")
    page = office.window("registrar")
    page.goto("/triage")
    expect(page.locator("#letter-subject")).to_have_text(WAYS["triaged"][0])
    page.keyboard.press("1")
    page.wait_for_load_state()
    if page.get_by_role("heading", name=re.compile("เรื่องย่อย|ประเภทย่อย")).count():
        page.keyboard.press("1")
        page.wait_for_load_state()
    expect(page.locator(".flash")).to_be_visible()
    assert office.state("triaged") is CaseState.ASSIGNED


def test_the_holding_pen_is_tried_again(office: Office) -> None:
    with office.house.sessions.begin() as session:
        held = session.scalars(
            select(IntakeItem).where(IntakeItem.outcome == IntakeOutcome.HELD.value)
        ).one()
        item, tries = held.id, held.attempts
    page = office.window("registrar")
    page.goto("/waiting/held")
    expect(page.get_by_text("แฟ้มชำรุด.pdf")).to_be_visible()
    page.goto(f"/waiting/items/{item}")
    page.locator(f"form[action*='/waiting/items/{item}/retry'] button").click()
    page.wait_for_load_state()
    run_cycle(office.house)
    page.goto(f"/waiting/items/{item}")
    with office.house.sessions.begin() as session:
        again = session.get_one(IntakeItem, item)
        assert again.outcome == IntakeOutcome.HELD.value and again.attempts >= tries
        asked = session.scalars(
            select(AuditEvent).where(AuditEvent.actor == "registrar", AuditEvent.case_id.is_(None))
        ).all()
    assert asked


def test_a_secret_letter_is_seen_by_nobody_else(office: Office) -> None:
    for who in ("registrar", "officer", "chief", "secretary"):
        page = office.window(who)
        for path in ("/", "/work", f"/search?q={SECRET_WORD}", "/calendar"):
            page.goto(path)
            shown = page.locator("main").inner_text().replace(SECRET_WORD, "", 1)
            asked = page.locator("main input[type=search]").count() and "search" in path
            assert SECRET_WORD not in (shown if asked else page.locator("main").inner_text())
    denied = office.window("officer").goto("/secret")
    assert denied is not None and denied.status == 403
    keeper = office.window("keeper")
    answer = keeper.goto("/secret")
    assert answer is not None and answer.status == 200
    assert SECRET_WORD not in keeper.content()
    expect(keeper.locator("main")).to_contain_text("ลับ")


def test_the_slower_of_two_people_is_told_and_keeps_the_words(office: Office) -> None:
    slow = office.open("chief", "together")
    press(slow, "return_draft")
    slow.locator("#do-return_draft textarea").fill("ยังขาดชื่อโรงพยาบาล")
    quick = office.open("head", "together")
    press(quick, "approve")
    expect(quick.locator(".flash")).to_be_visible()
    slow.locator("#do-return_draft form button").click()
    expect(slow.get_by_role("alert")).to_be_visible()
    expect(slow.locator("main")).to_contain_text("เห็นชอบ")
    assert "ยังขาดชื่อโรงพยาบาล" in [box.input_value() for box in slow.locator("main textarea").all()]
    assert office.state("together") is CaseState.SIGN_OFF


PAGES = {
    "registrar": ("/work", "/triage", "/waiting/held", "/waiting/quarantined", "/"),
    "head": ("/work", "/calendar", "/overdue", "/search?q=โรงเรียน", "case", "/absence"),
    "chief": ("/figures", "/figures/list?figure=received&year=2570", "/register/print"),
    "keeper": ("/secret",),
    "admin": (
        *("/people", "/people/officer", "/settings/sources", "/settings/calendar"),
        *("/settings/groups", "/settings/rules", "/settings/wording", "/settings/models"),
    ),
}
# Where a tablet has more than the same things in other widths.
LAID_OUT_ANEW = ("/work", "case", "/password")


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
@pytest.mark.parametrize("who", sorted(PAGES))
def test_no_page_shuts_anybody_out(office: Office, who: str, size: tuple[int, int]) -> None:
    page = office.window(who)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    serious: dict[str, list[str]] = {}
    for path in (*PAGES[who], "/password"):
        page.goto(f"/cases/{office.cases['returned']}" if path == "case" else path)
        asked = size[0] > size[1] or path in LAID_OUT_ANEW
        for found in Axe().run(page).response["violations"] if asked else ():
            if found["impact"] in ("serious", "critical"):
                places = [node["html"][:120] for node in found["nodes"]]
                serious.setdefault(f"{path} {found['id']}", []).extend(places)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is wider than its window by {wide} px"
    page.set_viewport_size({"width": 1366, "height": 768})
    assert serious == {}


def test_holidays_from_a_file_are_seen_before_they_count(office: Office) -> None:
    page = office.window("admin")
    page.goto("/settings/calendar")
    file = "date,name\n30/12/2569,วันหยุดเพิ่มเป็นกรณีพิเศษ\n".encode()
    page.get_by_label("แฟ้ม .csv หรือ .ics").set_input_files(
        {"name": "holidays.csv", "mimeType": "text/csv", "buffer": file}
    )
    page.locator("#import-source").fill("มติคณะรัฐมนตรี 17 พ.ย. 2569")
    page.locator("form[action*=import] button").click()
    expect(page.locator("main")).to_contain_text("ยังไม่ได้บันทึก")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="ยืนยันและบันทึก").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("table.days")).to_contain_text("วันหยุดเพิ่มเป็นกรณีพิเศษ")


def test_a_person_away_names_who_stands_in(office: Office) -> None:
    page = office.window("other")
    page.goto("/absence")
    page.locator("#first").fill("1/12/2569")
    page.locator("#last").fill("4/12/2569")
    page.locator("form[action*='/absence'] button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_label("ผู้แทน", exact=True).select_option("officer")
    page.locator("form[action*='deputy'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert page.get_by_label("ผู้แทน", exact=True).input_value() == "officer"


# The last: it ends everybody's sign-in.
def test_an_ended_sign_in_leads_back_to_the_case(office: Office) -> None:
    page = office.open("officer", "expired")
    address = page.url
    office.clock.move(hours=2)
    page.reload()
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    office.sign_in(page, "officer")
    assert page.url == address
