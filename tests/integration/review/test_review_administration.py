"""Administration by pages: people, own absence, mailboxes, the calendar, rules, wording, models."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
from sqlalchemy import func, select

from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.bootstrap import House
from pipeline.calendar_changes import MAY_CHANGE
from pipeline.people import add_person
from pipeline.people_view import PersonView, people_in_office
from pipeline.permissions import PERMISSIONS, Permission
from pipeline.source_view import source_lines
from registry.models import AuditEvent, Case, SourceState
from review.forms import form_token
from tests.conftest import SetClock
from tests.seeding import Seed, let_in, register, small_house
from tests.servers.review_app import running_review_app

PEOPLE = {
    "admin": ((Role.ADMINISTRATOR, None),),
    "chief": ((Role.OFFICE_HEAD, None),),
    "registrar": ((Role.REGISTRAR, None),),
    "officer": ((Role.OFFICER, "complaints"),),
}
SUBJECT = "เรื่องที่ผู้ดูแลระบบไม่ควรเห็น"
SOURCE = "มติคณะรัฐมนตรี 20 พ.ย. 2569"
MAILBOX = """
[[mailbox]]
name = "ministry"
host = "mail.example.org"
user = "in@example.org"
password_env = "MINISTRY_WORD"
"""
HOLIDAY = {
    "what": "add",
    "day": "24/11/2569",
    "name": "วันหยุดพิเศษ",
    "source": SOURCE,
    "year": "2569",
}


@dataclass(frozen=True)
class Office:
    house: House
    client: httpx.Client
    tokens: dict[str, str]
    case_id: int

    def get(self, who: str, path: str) -> httpx.Response:
        return self.client.get(path, headers={"cookie": f"saraban={self.tokens[who]}"})

    def post(self, who: str, path: str, **fields: str) -> httpx.Response:
        token = self.tokens[who]
        return self.client.post(
            path,
            headers={"cookie": f"saraban={token}"},
            data={"form_token": form_token(token), **fields},
        )

    def person(self, sign_in: str) -> PersonView:
        people = people_in_office(self.house, retired=True)
        return next(one for one in people if one.sign_in == sign_in)

    def new(self, sign_in: str) -> str:
        roles = ((Role.OFFICER, "complaints"),)
        add_person(self.house, sign_in, thai_name=f"คน {sign_in}", roles=roles, by="admin")
        return f"/people/{sign_in}"

    def events(self) -> int:
        with self.house.sessions.begin() as session:
            return session.scalar(select(func.count(AuditEvent.id))) or 0

    def due(self) -> date | None:
        with self.house.sessions.begin() as session:
            return session.get_one(Case, self.case_id).due_date


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("administration")
    config = home / "config"
    shutil.copytree(Settings().config_folder, config)
    with (config / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(MAILBOX)
    house = small_house(home, SetClock(), config=config)
    case_id = register(house, Seed(subject=SUBJECT))
    tokens = {name: let_in(house, name, roles) for name, roles in PEOPLE.items()}
    with running_review_app(house, sign_in=None) as client:
        yield Office(house, client, tokens, case_id)
    house.close()


def test_a_person_is_entered_and_the_password_shown_once(office: Office) -> None:
    fields = {"sign_in": "Somchai", "thai_name": "นายสมชาย ขยัน", "email": ""}
    made = office.post("admin", "/people", **fields, role="officer:complaints", clearance="open")
    shown = re.search(r'class="secret" value="([^"]+)"', made.text)
    assert made.status_code == 200 and shown is not None
    assert "no-store" in made.headers["cache-control"]
    found = office.person("somchai")
    assert [(one.role, one.group) for one in found.roles] == [(Role.OFFICER, "complaints")]
    assert found.account == "one_time"
    for path in ("/people", "/people/somchai"):
        assert shown[1] not in office.get("admin", path).text
    again = office.post("admin", "/people", **fields, role="officer", clearance="open")
    assert again.status_code == 422 and "นายสมชาย ขยัน" in again.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"sign_in": "x!"},
        {"thai_name": ""},
        {"role": "king"},
        {"role": "registrar:complaints"},
        {"role": "officer:nowhere"},
        {"role": "machine"},
        {"clearance": "cosmic"},
        {"email": "nowhere"},
    ],
)
def test_what_a_person_cannot_be_is_refused_and_nobody_entered(
    office: Office, wrong: dict[str, str]
) -> None:
    fields = {"sign_in": "new.one", "thai_name": "ใครคนหนึ่ง", "role": "officer", "clearance": "open"}
    before = office.events()
    answer = office.post("admin", "/people", **{**fields, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert office.events() == before


def test_roles_clearance_absence_and_deputy_change_as_by_the_command(office: Office) -> None:
    path = office.new("worker")
    for name, fields in (
        ("role", {"role": "group_head:political"}),
        ("role-take", {"role": "officer:complaints"}),
        ("clearance", {"clearance": "secret"}),
        ("absence", {"first": "๒๔/๑๑/๒๕๖๙", "last": "30/11/2569"}),
        ("deputy", {"deputy": "officer"}),
        ("details", {"thai_name": "คนใหม่ worker", "email": "worker@office.example"}),
    ):
        answer = office.post("admin", f"{path}/{name}", **fields)
        assert answer.status_code == 303, name
        assert 'role="status"' in office.get("admin", answer.headers["location"]).text
    found = office.person("worker")
    assert [(one.role, one.group) for one in found.roles] == [(Role.GROUP_HEAD, "political")]
    assert (found.clearance, found.deputy) == ("secret", "officer")
    assert (found.thai_name, found.email) == ("คนใหม่ worker", "worker@office.example")
    assert (found.absent_from, found.absent_until) == (date(2026, 11, 24), date(2026, 11, 30))
    for name, fields in (
        ("role", {"role": "administrator"}),
        ("role-take", {"role": "secretary"}),
        ("absence", {"first": "31/02/2569"}),
        ("absence", {"first": "30/11/2569", "last": "24/11/2569"}),
        ("deputy", {"deputy": "worker"}),
        ("details", {"thai_name": " ", "email": ""}),
        ("details", {"thai_name": "x", "email": "no address"}),
        ("deputy", {"deputy": "nobody.here"}),
    ):
        before = office.events()
        assert office.post("admin", f"{path}/{name}", **fields).status_code == 422, name
        assert office.events() == before


def test_whoever_leaves_stays_in_the_list_of_those_who_left(office: Office) -> None:
    path = office.new("leaver")
    assert office.post("admin", f"{path}/retire").status_code == 422
    assert office.person("leaver").retired_at is None
    assert office.post("admin", f"{path}/retire", sure="1").status_code == 303
    assert "คน leaver" not in office.get("admin", "/people").text
    assert "คน leaver" in office.get("admin", "/people?left=1").text
    page = office.get("admin", path)
    assert page.status_code == 200 and f'action="{path}/role"' not in page.text
    assert office.post("admin", f"{path}/role", role="officer").status_code == 404


def test_the_last_administrator_cannot_lock_everybody_out(office: Office) -> None:
    taken = office.post("admin", "/people/admin/role-take", role="administrator")
    assert taken.status_code == 422 and "ผู้ดูแลระบบอย่างน้อยหนึ่งคน" in taken.text
    assert office.post("admin", "/people/admin/retire", sure="1").status_code == 422
    assert office.get("admin", "/people").status_code == 200


def test_a_new_password_is_shown_once_and_ends_the_sign_in(office: Office) -> None:
    path = office.new("forgetful")
    made = office.post("admin", f"{path}/password")
    assert made.status_code == 200 and 'class="secret"' in made.text
    assert office.post("admin", "/people/nobody.here/password").status_code == 404
    assert office.get("admin", "/people/nobody.here").status_code == 404


def test_people_set_their_own_absence_and_nobody_else_s(office: Office) -> None:
    assert office.post("officer", "/absence", first="24/11/2569", last="").status_code == 303
    assert office.person("officer").absent_from == date(2026, 11, 24)
    assert "กลับมาปฏิบัติงานแล้ว" in office.get("officer", "/absence").text
    odd = office.post("officer", "/absence", first="<script>", last="")
    assert odd.status_code == 422 and "<script>" not in odd.text
    assert office.post("officer", "/absence", first="", last="").status_code == 303
    assert office.person("officer").absent_from is None
    answer = office.post("officer", "/people/chief/absence", first="24/11/2569")
    assert answer.status_code == 403 and office.person("chief").absent_from is None


def test_people_name_their_own_deputy_and_never_an_administrator(office: Office) -> None:
    page = office.get("officer", "/absence").text
    assert 'value="registrar"' in page and 'value="admin"' not in page
    answer = office.post("officer", "/absence/deputy", deputy="registrar")
    assert answer.status_code == 303 and office.person("officer").deputy == "registrar"
    assert 'role="status"' in office.get("officer", answer.headers["location"]).text
    for nobody in ("admin", "officer", "nobody.here"):
        refused = office.post("officer", "/absence/deputy", deputy=nobody)
        assert refused.status_code == 422 and 'role="alert"' in refused.text, nobody
    assert office.person("officer").deputy == "registrar"
    assert office.post("officer", "/absence/deputy", deputy="").status_code == 303
    assert office.person("officer").deputy is None


def test_sources_show_their_state_and_never_a_secret(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINISTRY_WORD", "hidden-word")
    house = office.house
    with house.sessions.begin() as session:
        session.add(
            SourceState(
                source="ministry", last_poll_at=house.clock(), fault_code="mailbox_unreachable"
            )
        )
    line = source_lines(house)[0]
    assert (line.name, line.fault, line.password_from) == ("ministry", "mailbox_unreachable", "env")
    page = office.get("admin", "/settings/sources").text
    assert "mailbox_unreachable" in page and "mail.example.org" in page
    assert "hidden-word" not in page and "MINISTRY_WORD" not in page


HOLIDAY = {
    "what": "add",
    "day": "24/11/2569",
    "name": "วันหยุดพิเศษ",
    "source": SOURCE,
    "year": "2569",
}


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_effect_of_a_holiday_is_shown_before_it_is_saved(office: Office) -> None:
    due, before = office.due(), office.events()
    effect = office.post("chief", "/settings/calendar/effect", **HOLIDAY)
    assert effect.status_code == 200
    assert "ยังไม่ได้บันทึก" in effect.text and "เป็นวันหยุด" in effect.text
    assert SUBJECT not in effect.text
    assert (office.due(), office.events()) == (due, before)
    saved = office.post("chief", "/settings/calendar", **HOLIDAY, version=version_of(effect.text))
    assert saved.status_code == 303
    page = office.get("chief", saved.headers["location"]).text
    assert "วันหยุดพิเศษ" in page and "chief" in page and SOURCE in page
    # The same form again: the calendar is another one now.
    again = office.post("chief", "/settings/calendar", **HOLIDAY, version=version_of(effect.text))
    assert again.status_code == 422 and "มีผู้เปลี่ยนปฏิทินระหว่างนี้" in again.text


def send_calendar(office: Office, who: str, data: bytes, **fields: str) -> httpx.Response:
    token = office.tokens[who]
    return office.client.post(
        "/settings/calendar/import",
        headers={"cookie": f"saraban={token}"},
        data={"form_token": form_token(token), "year": "2569", **fields},
        files={"file": ("วันหยุด.csv", data)},
    )


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("kind", ["csv", "ics"])
def test_a_calendar_file_shows_its_effect_and_changes_what_was_shown(
    office: Office, kind: str
) -> None:
    day = {"csv": 25, "ics": 26}[kind]
    data = {
        "csv": f"date,name\n{day}/11/2569,วันหยุดจากแฟ้ม csv\n5/12/2569,วันพ่อแห่งชาติ\n".encode(),
        "ics": (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            f"DTSTART;VALUE=DATE:202611{day}\r\nSUMMARY:วันหยุดจากแฟ้ม ics\r\nEND:VEVENT\r\n"
            "END:VCALENDAR\r\n"
        ).encode(),
    }[kind]
    due, before = office.due(), office.events()
    effect = send_calendar(office, "registrar", data, source=SOURCE)
    assert effect.status_code == 200, effect.text
    assert "ยังไม่ได้บันทึก" in effect.text and f"วันหยุดจากแฟ้ม {kind}" in effect.text
    assert (office.due(), office.events()) == (due, before)
    saved = office.post(
        "registrar",
        "/settings/calendar/import/save",
        version=version_of(effect.text),
        changes=value_of(effect.text, "changes"),
    )
    assert saved.status_code == 303
    assert f"วันหยุดจากแฟ้ม {kind}" in office.get("registrar", saved.headers["location"]).text
    # A second import finds nothing to change, and the old form no longer holds.
    again = send_calendar(office, "registrar", data, source=SOURCE)
    assert again.status_code == 200 and "ไม่มีอะไรต้องเปลี่ยน" in again.text
    late = office.post(
        "registrar",
        "/settings/calendar/import/save",
        version=version_of(effect.text),
        changes=value_of(effect.text, "changes"),
    )
    assert late.status_code == 422 and "มีผู้เปลี่ยนปฏิทินระหว่างนี้" in late.text


def test_a_file_that_is_no_calendar_is_refused_and_changes_nothing(office: Office) -> None:
    before = office.events()
    for data, fields in (
        (b"", {"source": SOURCE}),
        (b"PK\x03\x04" + b"\0" * 100, {"source": SOURCE}),
        (b"date,name\n1/1/2570,x\n", {"source": ""}),
        (b"date,name\n1/1/2570,x\n", {"source": "", "whole_year": "1"}),
        (b"BEGIN:VCALENDAR\r\nnonsense", {"source": SOURCE}),
        (b"date,name\n" + b"x" * 1_100_000, {"source": SOURCE}),
    ):
        answer = send_calendar(office, "chief", data, **fields)
        assert answer.status_code == 422 and 'role="alert"' in answer.text, data[:20]
    odd = office.post(
        "chief",
        "/settings/calendar/import/save",
        changes="date,name,source\nno day,<b>x</b>,y\n",
        version=house_version(office),
    )
    assert odd.status_code == 422 and "<b>x" not in odd.text
    assert office.events() == before
    assert send_calendar(office, "officer", b"date,name\n", source="x").status_code == 403


def house_version(office: Office) -> str:
    return office.house.calendars.refresh().version


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "31/02/2569"},
        {"day": ""},
        {"name": ""},
        {"source": ""},
        {"what": "explode"},
        {"what": "confirm", "year": "x"},
    ],
)
def test_a_change_that_is_none_is_refused(office: Office, wrong: dict[str, str]) -> None:
    answer = office.post("registrar", "/settings/calendar/effect", **{**HOLIDAY, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_year_is_confirmed_with_what_it_was_compared_with(office: Office) -> None:
    fields = {"what": "confirm", "year": "2570", "source": SOURCE}
    effect = office.post("admin", "/settings/calendar/effect", **fields)
    saved = office.post("admin", "/settings/calendar", **fields, version=version_of(effect.text))
    assert saved.status_code == 303
    assert "ตรวจกับประกาศ ครม. แล้ว" in office.get("admin", saved.headers["location"]).text


def test_pages_of_the_settings_show_rules_and_wording_and_no_letter(office: Office) -> None:
    groups = office.get("admin", "/settings/groups").text
    assert "กลุ่มรับเรื่องราวร้องทุกข์" in groups and "/people/officer" in groups
    rules = office.get("admin", "/settings/rules").text
    assert "complaint_summary" in rules and "แผนปฏิบัติงานของสำนักงานรัฐมนตรี" in rules
    wording = office.get("admin", "/settings/wording").text
    assert office.house.configuration.wording.names.office_full in wording
    for tab in ("sources", "groups", "calendar", "rules", "wording", "models"):
        page = office.get("admin", f"/settings/{tab}?lang=en")
        assert page.status_code == 200 and SUBJECT not in page.text, tab
    assert office.get("admin", "/settings").headers["location"] == "/settings/sources"
    assert office.get("chief", "/settings").headers["location"] == "/settings/calendar"


def test_a_model_is_put_in_force_by_whoever_may_and_is_sure(office: Office) -> None:
    assert "ยังไม่มีรุ่นที่บันทึกไว้" in office.get("admin", "/settings/models").text
    refused = office.post("admin", "/settings/models/rollback", sure="1")
    assert refused.status_code == 422 and 'role="alert"' in refused.text
    unknown = office.post("chief", "/settings/models/use", version="../../etc", sure="1")
    assert unknown.status_code == 422 and "../../etc" not in unknown.text
    unsure = office.post("chief", "/settings/models/use", version="x")
    assert unsure.status_code == 422 and "ยืนยัน" in unsure.text
    assert office.post("registrar", "/settings/models/use", version="x").status_code == 403


def test_pages_and_commands_ask_for_the_same_roles() -> None:
    assert PERMISSIONS[Permission.SEE_CALENDAR_TABLE] == frozenset(MAY_CHANGE)
    assert PERMISSIONS[Permission.MANAGE_PEOPLE] == {Role.ADMINISTRATOR}
