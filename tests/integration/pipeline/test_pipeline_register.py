from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from correspondence.errors import ActionRefused
from correspondence.vocabulary import CaseState, Category, IntakeOutcome, Role
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.casework import drain_cases
from pipeline.register_book import COMPLAINANT, RESTRICTED, register_book, summarise_book
from pipeline.reminding import remind
from pipeline.voiding import NumberUnknown, void_letter
from registry.models import AuditEvent, Case, FieldRow, Letter, OutboxMessage
from registry.numbers import RegisterNumber
from registry.outbox import MessageKey, NewMessage, claim_messages, put_message
from reports.register_book import EntryKind, RegisterEntry
from reports.register_period import RegisterPeriod
from tests.conftest import SetClock
from tests.seeding import Seed, employ, end_in, finish, register

YEAR = RegisterPeriod(2026)
CIRCULAR = Seed(category=Category.GENERAL, subcategory="circular", group="administration")
NATIONAL_ID = "1-1037-02345-67-1"


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: SetClock) -> Iterator[House]:
    settings = Settings.model_validate(
        {"home": tmp_path, "database_url": database_url, "blob_url": "", "smtp_url": ""}
    )
    opened = open_house(settings, clock=clock)
    yield opened
    opened.close()


def _set(house: House, case_id: int, **fields: str) -> None:
    with house.sessions.begin() as session:
        letter = session.query(Letter).filter_by(case_id=case_id).one()
        for name, value in fields.items():
            row = next((r for r in letter.fields if r.name == name), None)
            if row is None:
                letter.fields.append(
                    FieldRow(
                        name=name, position=0, machine_value=value, confidence=1, needs_check=False
                    )
                )
            else:
                row.person_value, row.corrected_at = value, house.clock()


def _only(house: House) -> RegisterEntry:
    (entry,) = register_book(house, YEAR).entries
    return entry


def test_an_entry_has_what_the_form_asks_with_a_persons_correction(house: House) -> None:
    case_id = register(house, CIRCULAR)
    _set(
        house, case_id, document_number="ศธ 0206/12", document_date="2026-11-18",
        agency="สำนักงานปลัดกระทรวง", addressee="รัฐมนตรี", subject="เรื่องที่แก้แล้ว",
    )  # fmt: skip
    assert _only(house).cells() == (
        *("๑", "ศธ ๐๒๐๖/๑๒", "๑๘ พ.ย. ๒๕๖๙", "สำนักงานปลัดกระทรวง", "รัฐมนตรี", "เรื่องที่แก้แล้ว"),
        *("กลุ่มบริหารงานทั่วไป (รอตรวจ)", ""),
    )


def test_who_complains_is_not_named_and_another_sender_is(house: House) -> None:
    register(house, Seed(sender="นางมะลิ ทองดี"))
    register(house, Seed(abstained=True, due=None, sender="นางมะลิ ทองดี"))
    register(house, CIRCULAR)
    first, unplaced, circular = register_book(house, YEAR).entries
    assert first.sender == COMPLAINANT
    assert "มะลิ" not in unplaced.sender
    assert circular.sender == "นางมะลิ ทองดี"


@pytest.mark.parametrize("how", ["restricted", "secret"])
def test_a_letter_that_tells_nothing_keeps_its_number(house: House, how: str) -> None:
    case_id = register(house, CIRCULAR)
    _set(house, case_id, document_number="ลับที่ ๑", agency="หน่วยงานลับ")
    if how == "secret":
        _set(house, case_id, secrecy="secret")
    else:
        with house.sessions.begin() as session:
            session.get_one(Case, case_id).restricted = True
    entry = _only(house)
    assert entry.cells()[:6] == ("๑", "", "", "", "", "(ลับมาก)" if how == "secret" else RESTRICTED)
    void_letter(house, RegisterNumber(2026, 1), reason="ความลับรั่ว", by="somsri")
    entry = _only(house)
    assert entry.kind is EntryKind.HIDDEN and entry.void
    assert "รั่ว" not in "".join(entry.cells())


def test_a_national_number_is_masked_wherever_it_stands(house: House) -> None:
    case_id = register(house, CIRCULAR)
    _set(house, case_id, subject=f"เลขประจำตัวประชาชน {NATIONAL_ID}")
    void_letter(house, RegisterNumber(2026, 1), reason=f"เลขประจำตัวประชาชน {NATIONAL_ID}", by="a")
    assert "02345" not in "".join(_only(house).cells())
    with house.sessions.begin() as session:
        assert "02345" not in session.query(AuditEvent).filter_by(action="void").one().reason


def test_a_day_begins_at_midnight_in_bangkok(house: House, clock: SetClock) -> None:
    for moment in (
        datetime(2026, 11, 20, 16, 59, tzinfo=UTC),  # 23:59 on the 20th
        datetime(2026, 11, 20, 17, 0, tzinfo=UTC),  # midnight
        datetime(2026, 12, 31, 17, 0, tzinfo=UTC),  # the new year
    ):
        clock.now = moment
        register(house, CIRCULAR)

    def numbers(period: RegisterPeriod) -> list[int]:
        return [entry.number for entry in register_book(house, period).entries]

    assert numbers(RegisterPeriod(2026, datetime(2026, 11, 20).date())) == [1]
    assert numbers(RegisterPeriod(2026, datetime(2026, 11, 21).date())) == [2]
    assert numbers(YEAR) == [1, 2]
    assert numbers(RegisterPeriod(2027)) == [1]


def test_secret_items_are_counted_and_nothing_else(house: House) -> None:
    end_in(house, IntakeOutcome.SECRET, "marked_secret")
    book = register_book(house, YEAR)
    assert book.secret == 1 and book.entries == ()
    summary = summarise_book(book)
    assert (summary.letters, summary.secret, summary.first_number) == (0, 1, None)


def test_control_characters_and_unseen_breaks_do_not_reach_the_register(house: House) -> None:
    case_id = register(house, CIRCULAR)
    _set(house, case_id, subject="ก\u200bข\nค\tง\x07จ\u202e" + "ฉ" * 2000)
    subject = _only(house).subject
    assert subject.startswith("กข ค ง จฉ") and len(subject) == 1000


# Voiding.


def test_a_void_number_stays_burned_and_is_shown_with_its_reason(house: House) -> None:
    case_id = register(house, CIRCULAR)
    done = void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="somsri")
    assert done.case_voided and done.register_number == "1/2569"
    register(house, CIRCULAR)
    void, fresh = register_book(house, YEAR).entries
    assert (void.number, void.kind, void.action) == (1, EntryKind.VOIDED, "ยกเลิกเลขรับ")
    assert "ลงรับซ้ำ" in void.note
    assert (fresh.number, fresh.void) == (2, False)
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        assert case.state == CaseState.VOIDED.value and len(case.letters) == 1
        event = session.query(AuditEvent).filter_by(action="void").one()
        assert (event.actor, event.reason, event.from_state) == ("somsri", "ลงรับซ้ำ", "in_review")


def test_what_waits_about_a_void_case_never_leaves(house: House, clock: SetClock) -> None:
    case_id = register(house)
    employ(house, "officer", Role.OFFICER, "complaints")
    employ(house, "registrar", Role.REGISTRAR, None)
    with house.sessions.begin() as session:
        key = MessageKey("overdue", "1:2026-11-20", case_id, "officer@office.example")
        put_message(session, NewMessage(key, "หัวเรื่อง", "เนื้อความ"), at=clock())
    void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="registrar")
    clock.now = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert remind(house).put == 0
    lease = clock.now - datetime(2026, 11, 25, tzinfo=UTC)
    assert claim_messages(house.sessions, now=clock(), limit=9, lease=lease) == []
    with house.sessions.begin() as session:
        row = session.query(OutboxMessage).one()
        assert row.withdrawn_at is not None and row.fault_code == "case_voided"


def test_the_machine_does_not_go_on_with_a_void_case(house: House) -> None:
    case_id = register(house, CIRCULAR)
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        case.state, case.leased_by, case.leased_until = "registered", "x", house.clock()
    void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="somsri")
    assert drain_cases(house, "me") == {}
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        assert (case.state, case.leased_by) == (CaseState.VOIDED.value, None)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_voiding_needs_a_reason(house: House, reason: str) -> None:
    register(house, CIRCULAR)
    with pytest.raises(ActionRefused):
        void_letter(house, RegisterNumber(2026, 1), reason=reason, by="somsri")
    assert not _only(house).void


def test_voiding_is_for_registrar_and_head_of_the_office_only(house: House) -> None:
    register(house, CIRCULAR)
    for name, role in (
        *(("officer", Role.OFFICER), ("admin", Role.ADMINISTRATOR)),
        *(("group_head", Role.GROUP_HEAD), ("secretary", Role.SECRETARY)),
    ):
        employ(house, name, role, None)
    employ(house, "gone", Role.REGISTRAR, None, retired_at=house.clock())
    for name in ("officer", "admin", "group_head", "secretary", "gone", "nobody", " "):
        with pytest.raises(ActionRefused):
            void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by=name)
    assert not _only(house).void
    employ(house, "registrar", Role.REGISTRAR, None)
    assert void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="registrar").case_voided


def test_a_number_is_voided_once_and_only_if_it_exists(house: House) -> None:
    register(house, CIRCULAR)
    void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="somsri")
    with pytest.raises(ActionRefused):
        void_letter(house, RegisterNumber(2026, 1), reason="อีกครั้ง", by="somsri")
    for number in (RegisterNumber(2026, 2), RegisterNumber(2025, 1)):
        with pytest.raises(NumberUnknown):
            void_letter(house, number, reason="ลงรับซ้ำ", by="somsri")
    assert "ลงรับซ้ำ" in _only(house).note


def test_a_case_that_is_closed_cannot_be_voided(house: House) -> None:
    case_id = register(house, CIRCULAR)
    finish(house, case_id)
    with pytest.raises(ActionRefused):
        void_letter(house, RegisterNumber(2026, 1), reason="ลงรับซ้ำ", by="somsri")


def test_a_case_with_another_living_number_goes_on(house: House) -> None:
    case_id, other = register(house, CIRCULAR), register(house, CIRCULAR)
    with house.sessions.begin() as session:
        session.query(Letter).filter_by(case_id=other).one().case_id = case_id
    assert not void_letter(house, RegisterNumber(2026, 2), reason="ใบที่สอง", by="a").case_voided
    first, second = register_book(house, YEAR).entries
    assert (first.void, second.void, second.note) == (False, True, "ยกเลิกเลขรับ: ใบที่สอง")
    with pytest.raises(ActionRefused):
        void_letter(house, RegisterNumber(2026, 2), reason="อีกครั้ง", by="a")
    assert void_letter(house, RegisterNumber(2026, 1), reason="ใบแรก", by="a").case_voided
    assert [entry.note for entry in register_book(house, YEAR).entries] == [
        "ยกเลิกเลขรับ: ใบแรก",
        "ยกเลิกเลขรับ: ใบที่สอง",
    ]
