from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from correspondence.errors import ActionRefused
from correspondence.vocabulary import CaseState, Channel, Role
from office.places import find_folder
from office.settings import Settings
from office.wording import read_wording
from pipeline.acknowledging import (
    DraftUnknown,
    draft_acknowledgements,
    release_draft,
    waiting_drafts,
    withdraw_draft,
)
from pipeline.bootstrap import House, open_house
from pipeline.cycle import run_cycle
from pipeline.posting import send_outbox
from pipeline.voiding import void_letter
from registry.models import AuditEvent, Case, CaseLink, FieldRow, IntakeItem, Letter, OutboxMessage
from registry.numbers import RegisterNumber
from tests.conftest import SetClock
from tests.seeding import Seed, employ, register
from tests.servers.smtp_sink import SmtpSink, running_sink

FIRST = RegisterNumber(2026, 1)
WORDS = Seed(subject="เรื่องเฉพาะตัวของผู้ส่ง", text="ข้อความในจดหมาย", sender="นางมะลิ ทองดี")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running_sink() as running:
        yield running


def _config(folder: Path, *, enabled: bool) -> Path:
    folder.mkdir()
    for file in find_folder("config").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "wording.toml" and enabled:
            text = text.replace(
                "[acknowledgement]\nenabled = false", "[acknowledgement]\nenabled = true"
            )
        (folder / file.name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: SetClock, sink: SmtpSink) -> Iterator[House]:
    opened = open_house(
        Settings.model_validate(
            {
                "home": tmp_path,
                "database_url": database_url,
                "blob_url": "",
                "smtp_url": SecretStr(sink.url),
                "config": _config(tmp_path / "own", enabled=True),
            }
        ),
        clock=clock,
    )
    yield opened
    opened.close()


def _one(house: House) -> int:
    (draft,) = waiting_drafts(house)
    return draft.id


def test_it_is_off_as_shipped(tmp_path: Path, clock: SetClock) -> None:
    assert not read_wording(find_folder("config")).acknowledgement.enabled
    house = open_house(
        Settings.model_validate(
            {
                "home": tmp_path,
                "database_url": "",
                "config": _config(tmp_path / "own", enabled=False),
            }
        ),
        clock=clock,
    )
    register(house, WORDS)
    assert draft_acknowledgements(house) == 0 and waiting_drafts(house) == []
    house.close()


def test_a_draft_waits_for_a_person_and_does_not_leave(house: House, sink: SmtpSink) -> None:
    register(house, WORDS)
    assert draft_acknowledgements(house) == 1
    assert draft_acknowledgements(house) == 0
    (draft,) = waiting_drafts(house)
    assert (draft.recipient, draft.register_number) == ("mali@example.org", "1/2569")
    counts = send_outbox(house)
    assert (counts.sent, counts.waiting) == (0, 0) and sink.mails == []


def test_a_released_draft_leaves_once_marked_as_an_answer(
    house: House, sink: SmtpSink, clock: SetClock
) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    message_id = _one(house)
    release_draft(house, message_id, by="somsri")
    assert waiting_drafts(house) == []
    assert send_outbox(house).sent == 1
    clock.move(hours=3)
    assert draft_acknowledgements(house) == 0
    assert send_outbox(house).sent == 0
    (mail,) = sink.mails
    assert mail["To"] == "mali@example.org"
    assert mail["Auto-Submitted"] == "auto-replied" and mail["X-Saraban"] == "acknowledgement"
    with house.sessions.begin() as session:
        row = session.query(OutboxMessage).one()
        assert row.released_by == "somsri" and row.released_at is not None
        event = session.query(AuditEvent).filter_by(action="release_message").one()
        assert event.actor == "somsri" and event.after["message"] == message_id


def test_it_holds_number_and_day_and_no_word_of_the_letter(house: House) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    (draft,) = waiting_drafts(house)
    whole = draft.subject + draft.body
    assert "๑/๒๕๖๙" in whole and "๒๐ พฤศจิกายน ๒๕๖๙" in whole
    for word in (WORDS.subject, WORDS.text, "มะลิ", "mali@"):
        assert word not in whole


def test_a_withdrawn_draft_never_comes_again(house: House, sink: SmtpSink) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    message_id = _one(house)
    withdraw_draft(house, message_id, by="somsri")
    assert draft_acknowledgements(house) == 0 and waiting_drafts(house) == []
    for act in (release_draft, withdraw_draft):
        with pytest.raises(DraftUnknown):
            act(house, message_id, by="somsri")
    assert send_outbox(house).sent == 0


@pytest.mark.parametrize(
    "address",
    [
        *("no-reply@example.org", "noreply@example.org", "do_not_reply@example.org"),
        *("mailer-daemon@example.org", "postmaster@example.org", "bounces+17=x@example.org"),
        *("notifications@example.org", "hr-noreply@example.org", "saraban@office.example"),
        *("a@b@example.org", "a@example.org, c@example.org", "x\r\nBcc: y@example.org", ""),
    ],
)
def test_automatic_and_odd_addresses_are_not_answered(house: House, address: str) -> None:
    register(house, WORDS)
    with house.sessions.begin() as session:
        session.query(Letter).one().sender_address = address
    assert draft_acknowledgements(house) == 0


@pytest.mark.parametrize(
    "address", ["autumn@example.org", "alertsson@example.org", "nora@example.org"]
)
def test_people_with_such_names_are_answered(house: House, address: str) -> None:
    register(house, WORDS)
    with house.sessions.begin() as session:
        session.query(Letter).one().sender_address = address
    assert draft_acknowledgements(house) == 1


def _spoil(house: House, how: str) -> None:
    with house.sessions.begin() as session:
        letter, case, item = (session.query(k).first() for k in (Letter, Case, IntakeItem))
        assert letter and case and item
        if how == "restricted":
            case.restricted = True
        elif how == "secret":
            letter.fields.append(
                FieldRow(
                    name="secrecy", position=0, machine_value="secret", confidence=1,
                    needs_check=False,
                )
            )  # fmt: skip
        elif how == "duplicate":
            case.state = CaseState.DUPLICATE.value
        elif how == "suspicious":
            item.suspicious = True
        elif how == "quarantined":
            session.add(
                AuditEvent(
                    at=house.clock(), actor="saraban", action="settle_intake",
                    intake_item_id=item.id, before={"outcome": "pending"},
                    after={"outcome": "quarantined"},
                )
            )  # fmt: skip
        elif how == "campaign":
            other = Case(
                state="registered", opened_at=house.clock(), updated_at=house.clock(),
                last_progress_at=house.clock(),
            )  # fmt: skip
            session.add(other)
            session.flush()
            session.add(
                CaseLink(
                    case_id=other.id, other_case_id=case.id, kind="campaign", reason="",
                    created_at=house.clock(),
                )
            )  # fmt: skip
    if how == "void":
        void_letter(house, FIRST, reason="ลงรับซ้ำ", by="somsri")


HOWS = ["restricted", "secret", "duplicate", "suspicious", "quarantined", "campaign", "void"]


@pytest.mark.parametrize("how", HOWS)
def test_what_may_not_be_answered_is_not_drafted(house: House, how: str) -> None:
    register(house, WORDS)
    _spoil(house, how)
    assert draft_acknowledgements(house) == 0


@pytest.mark.parametrize("how", HOWS)
def test_what_may_not_be_answered_any_more_is_not_released(
    house: House, sink: SmtpSink, how: str
) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    message_id = _one(house)
    _spoil(house, how)
    with pytest.raises((ActionRefused, DraftUnknown)):
        release_draft(house, message_id, by="somsri")
    assert send_outbox(house).sent == 0 and sink.mails == []


def test_a_released_answer_to_a_letter_voided_since_does_not_leave(
    house: House, sink: SmtpSink
) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    release_draft(house, _one(house), by="somsri")
    void_letter(house, FIRST, reason="ลงรับซ้ำ", by="somsri")
    assert send_outbox(house).sent == 0 and sink.mails == []


def test_paper_and_old_letters_are_not_answered(house: House, clock: SetClock) -> None:
    register(house, Seed(channel=Channel.SCAN))
    register(house, WORDS)
    clock.move(days=4)
    assert draft_acknowledgements(house) == 0


def test_only_registrar_and_head_of_the_office_decide(house: House) -> None:
    register(house, WORDS)
    draft_acknowledgements(house)
    message_id = _one(house)
    employ(house, "officer", Role.OFFICER, "complaints")
    for act in (release_draft, withdraw_draft):
        for name in ("officer", "nobody"):
            with pytest.raises(ActionRefused):
                act(house, message_id, by=name)
    employ(house, "head", Role.OFFICE_HEAD, None)
    release_draft(house, message_id, by="head")


def test_another_kind_of_message_cannot_be_released(house: House) -> None:
    with pytest.raises(DraftUnknown):
        release_draft(house, 12345, by="somsri")


def test_a_pass_of_the_house_drafts(house: House) -> None:
    register(house, WORDS)
    assert run_cycle(house).acknowledgements == 1
    assert run_cycle(house).acknowledgements == 0
