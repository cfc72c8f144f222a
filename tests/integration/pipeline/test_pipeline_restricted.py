"""A citizen's national number from the mailbox to the memo: masked all the way, shown on record."""

from __future__ import annotations

import io
import json
import logging
import re
import unicodedata
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.main import app
from correspondence.errors import ActionRefused
from correspondence.vocabulary import Channel, IntakeOutcome, Role
from office.settings import Settings
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.case_view import case_view
from pipeline.casework import drain_cases
from pipeline.inspection import classify_text, open_desk
from pipeline.pulling import pull_sources
from pipeline.read_check import check_reading
from pipeline.register_view import RegisterFilter, register_page
from pipeline.restricted_view import LetterUnknown, RestrictedRefused, restricted_values
from registry.ledger import Arrival
from registry.models import (
    AuditEvent,
    Base,
    Case,
    Draft,
    IntakeItem,
    Letter,
    PersonRole,
    RestrictedRow,
)
from tests.seeding import employ

OWNER = "tests"
# Invented: nobody bears them.
WRITER, CHILD, IN_SUBJECT, IN_COPY = (
    "1101700203450", "3450200415698", "2100400567895", "5730600012349",
)  # fmt: skip
MISREAD = "1550700123498"
ALL = (WRITER, CHILD, IN_SUBJECT, IN_COPY, MISREAD)


def dashed(digits: str) -> str:
    return "-".join((digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12]))


def thai(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


BODY = (
    "เรื่อง ขอให้ตรวจสอบการเก็บเงินค่าเทอมเกินจริง\n\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
    f"ข้าพเจ้า นายทดสอบ ระบบดี เลขประจำตัวประชาชน {thai(dashed(WRITER))} โทร. ๐๘๑-๕๕๕-๐๑๐๑ "
    f"ผู้ปกครองของ ด.ช.ตัวอย่าง ระบบดี ({CHILD}) ขอร้องทุกข์ว่าผู้อำนวยการโรงเรียนเก็บเงินค่าเทอมเกินจริง "
    f"พยานคือ นางสมมุติ ใจงาม บัตรประชาชน {dashed(MISREAD)} "
    "ผู้อำนวยการไม่ยอมออกใบเสร็จ ขอให้ท่านตรวจสอบและให้ความเป็นธรรมแก่ผู้ปกครอง ภายใน 7 วัน\n\n"
    "ขอแสดงความนับถือ\n(นายทดสอบ ระบบดี)\n"
)


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"ทดสอบ {WRITER} <writer@example.org>"
    message["To"] = "saraban@office.example"
    message["Subject"] = f"ขอให้ตรวจสอบ บัตรประชาชน {IN_SUBJECT}"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(BODY)
    message.add_attachment(
        f"สำเนาบัตรประจำตัวประชาชน\n{dashed(IN_COPY)}\nนายทดสอบ ระบบดี".encode(),
        maintype="text",
        subtype="plain",
        filename=f"สำเนาบัตร {IN_COPY}.txt",
    )
    message.set_boundary("part")
    return bytes(message)


def store(house: House, data: bytes, name: str) -> None:
    house.ledger.store(Arrival("test", name, Channel.EMAIL, name, None, data, house.clock()))


def numbers_in(text: str) -> set[str]:
    """Return which of the numbers a text holds, whatever stands between the digits."""
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    return {number for number in ALL if number in digits or number[:9] in digits}


def everything_but_the_store(house: House) -> str:
    tables = [t for t in Base.metadata.sorted_tables if t.name != "restricted_values"]
    assert len(tables) > 15
    with house.sessions.begin() as session:
        rows = [str(tuple(row)) for table in tables for row in session.execute(select(table))]
    return "\n".join(re.sub(r"\b[0-9a-f]{64}\b", "", row) for row in rows)


def memo_text(house: House) -> str:
    with house.sessions.begin() as session:
        (draft,) = session.scalars(select(Draft)).all()
    with zipfile.ZipFile(io.BytesIO(house.blobs.get(draft.sha256))) as parts:
        body = parts.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", body)


@pytest.fixture
def letter_id(house: House) -> int:
    """A complaint before a reviewer, with all the numbers in it."""
    store(house, mail(), "a.eml")
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    drain_cases(house, OWNER)
    with house.sessions.begin() as session:
        letter = session.scalars(select(Letter)).one()
        case = session.get_one(Case, letter.case_id)
        assert (case.state, case.category, case.group_id) == (
            "in_review", "complaint", "complaints",
        )  # fmt: skip
        return letter.id


def test_no_table_memo_page_or_log_holds_the_number(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    house: House,
    request: pytest.FixtureRequest,
) -> None:
    caplog.set_level(logging.DEBUG)
    letter_id = request.getfixturevalue("letter_id")
    stored = everything_but_the_store(house)
    assert "x-xxxx-xxxxx-๔๕-๐" in stored
    assert "xxxxxxxxxx698" in stored
    assert "นายทดสอบ ระบบดี" in stored
    assert "๐๘๑-๕๕๕-๐๑๐๑" in stored
    assert numbers_in(stored) == set()
    assert numbers_in(memo_text(house)) == set()
    with house.sessions.begin() as session:
        case_id = session.get_one(Letter, letter_id).case_id
        kept = [(row.page, row.value) for row in session.scalars(select(RestrictedRow))]
    assert kept == [(1, WRITER), (1, CHILD), (1, MISREAD), (None, IN_SUBJECT), (None, IN_COPY)]
    shown = case_view(house, case_id).model_dump_json()
    shown += register_page(house, RegisterFilter()).model_dump_json()
    assert numbers_in(shown) == set()
    said = "".join(capfd.readouterr()) + caplog.text
    assert not any(number in said or dashed(number) in said for number in ALL)


def test_the_file_as_it_arrived_keeps_its_number(house: House, letter_id: int) -> None:
    with house.sessions.begin() as session:
        item = session.scalars(select(IntakeItem)).one()
    assert house.blobs.get(item.sha256) == mail()


def test_what_is_not_registered_keeps_nothing_in_the_store(house: House) -> None:
    marked = EmailMessage()
    marked["Subject"] = "[ลับ] ผลการสอบสวน"
    marked.set_content(BODY)
    automatic = EmailMessage()
    automatic["Auto-Submitted"] = "auto-replied"
    automatic.set_content(BODY)
    store(house, bytes(marked), "marked.eml")
    store(house, bytes(automatic), "automatic.eml")
    outcomes = drain_items(house, OWNER)
    assert outcomes == {IntakeOutcome.SECRET: 1, IntakeOutcome.QUARANTINED: 1}
    with house.sessions.begin() as session:
        assert session.scalars(select(RestrictedRow)).all() == []


def test_a_number_in_the_name_of_a_dropped_file_is_masked(house: House) -> None:
    drop = house.settings.home_folder / "drop" / "hand"
    drop.mkdir(parents=True)
    (drop / f"ร้องเรียน {WRITER}.txt").write_text(BODY, encoding="utf-8")
    pull_sources(house, OWNER)
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    stored = everything_but_the_store(house)
    assert "ร้องเรียน xxxxxxxxxx450.txt" in stored
    assert WRITER not in stored


@pytest.mark.parametrize(
    ("role", "group"),
    [
        (Role.OFFICER, "complaints"), (Role.GROUP_HEAD, "complaints"), (Role.OFFICE_HEAD, None),
    ],
)  # fmt: skip
def test_a_look_is_shown_and_stands_in_the_trail(
    house: House, letter_id: int, role: Role, group: str | None
) -> None:
    employ(house, "somebody", role, group)
    seen = restricted_values(house, letter_id, "somebody", f"ตรวจสอบสิทธิของ {WRITER}")
    assert [value.value for value in seen] == [WRITER, CHILD, MISREAD, IN_SUBJECT, IN_COPY]
    assert WRITER not in repr(seen)
    with house.sessions.begin() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        case_id = session.get_one(Letter, letter_id).case_id
        assert (event.actor, event.action, event.case_id, event.at) == (
            "somebody", "look_at_restricted", case_id, house.clock(),
        )  # fmt: skip
        assert event.after == {"letter": letter_id, "role": role.value, "shown": 5}
        assert event.reason == "ตรวจสอบสิทธิของ xxxxxxxxxx450"
    assert numbers_in(everything_but_the_store(house)) == set()


@pytest.mark.parametrize(
    ("role", "group"),
    [
        (Role.OFFICER, "political"), (Role.GROUP_HEAD, "administration"), (Role.OFFICER, None),
        (Role.REGISTRAR, None), (Role.SECRETARY, None), (Role.SECRET_REGISTRAR, None),
        (Role.ADMINISTRATOR, None),
    ],
)  # fmt: skip
def test_who_need_not_know_is_refused_on_record(
    house: House, letter_id: int, role: Role, group: str | None
) -> None:
    employ(house, "somebody", role, group)
    with pytest.raises(RestrictedRefused):
        restricted_values(house, letter_id, "somebody", "อยากรู้")
    with house.sessions.begin() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert (event.actor, event.action) == ("somebody", "refuse_restricted")
        assert event.after == {"letter": letter_id, "role": role.value, "shown": 0}


def test_whoever_also_administers_the_system_is_refused(house: House, letter_id: int) -> None:
    person_id = employ(house, "somebody", Role.OFFICER, "complaints")
    with house.sessions.begin() as session:
        session.add(PersonRole(person_id=person_id, role=Role.ADMINISTRATOR.value))
    with pytest.raises(RestrictedRefused):
        restricted_values(house, letter_id, "somebody", "ดูแลระบบ")


def test_the_group_that_has_the_case_may_look_and_a_closed_case_is_closed_to_all(
    house: House, letter_id: int
) -> None:
    employ(house, "somebody", Role.OFFICER, "political")
    employ(house, "head", Role.OFFICE_HEAD, None)
    with house.sessions.begin() as session:
        session.get_one(Case, session.get_one(Letter, letter_id).case_id).group_id = "political"
    assert len(restricted_values(house, letter_id, "somebody", "ประสานงาน")) == 5
    with house.sessions.begin() as session:
        session.get_one(Case, session.get_one(Letter, letter_id).case_id).restricted = True
    for sign_in in ("somebody", "head"):
        with pytest.raises(RestrictedRefused):
            restricted_values(house, letter_id, sign_in, "ประสานงาน")


def test_nobody_looks_without_a_reason_a_letter_or_an_office(house: House, letter_id: int) -> None:
    employ(house, "somebody", Role.OFFICER, "complaints")
    employ(house, "gone", Role.OFFICER, "complaints", retired_at=house.clock())
    with pytest.raises(ActionRefused):
        restricted_values(house, letter_id, "somebody", "  ")
    with pytest.raises(LetterUnknown):
        restricted_values(house, letter_id + 1, "somebody", "ตรวจสอบ")
    for sign_in in ("gone", "stranger"):
        with pytest.raises(RestrictedRefused):
            restricted_values(house, letter_id, sign_in, "ตรวจสอบ")
    with house.sessions.begin() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert "look_at_restricted" not in actions


def test_the_desk_shows_no_number(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.eml").write_bytes(mail())
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        app(["extract", str(tmp_path / "a.eml"), str(tmp_path / "a.txt"), "--json"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    letters = json.loads(said)
    assert [letter["outcome"] for letter in letters] == ["ok", "ok"]
    assert "restricted" not in letters[0]
    assert "x-xxxx-xxxxx-๔๕-๐" in letters[0]["text"]
    assert not any(number in said or thai(dashed(number)) in said for number in ALL)
    (tmp_path / "models").symlink_to(models)
    desk = open_desk(Settings(home=tmp_path, workers=1))
    assert numbers_in(classify_text(desk, BODY).model_dump_json(include={"evidence"})) == set()
    check = check_reading(desk, tmp_path / "a.txt", tmp_path / "a.txt")
    assert check.errors == ()
