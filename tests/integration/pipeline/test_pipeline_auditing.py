"""The house's audit trail: checked with an alert, anchored, keyed, shown for a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from correspondence.errors import UsageFault
from correspondence.vocabulary import Role, Secrecy
from office.settings import Settings
from pipeline.alerts import alerts_in_force
from pipeline.auditing import case_trail, make_anchor, read_anchor, verify_audit
from pipeline.bootstrap import House, open_house
from pipeline.case_guard import CaseRestricted, CaseUnknown
from registry.audit_chain import AuditBroken, AuditKeyMissing
from registry.audit_walk import BreakKind
from registry.models import AuditEvent, Case, Letter, Person, PersonRole
from tests.conftest import NOON, SetClock
from tests.seeding import Seed, register, small_house

KEY = "k" * 32


@pytest.fixture
def office(tmp_path: Path, clock: SetClock) -> House:
    house = small_house(tmp_path / "home", clock)
    register(house, Seed())
    return house


def first_case(house: House) -> int:
    with house.sessions.begin() as session:
        return session.query(Letter).order_by(Letter.id).first().case_id  # type: ignore[union-attr]


def tamper(house: House, *statements: str) -> None:
    """Do what somebody does who may write the file of the database."""
    with house.engine.begin() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def test_everything_the_stages_write_is_chained(office: House) -> None:
    report = verify_audit(office)
    with office.sessions.begin() as session:
        assert session.query(AuditEvent).count() == report.events > 3
    assert (report.outcome, report.breaks, report.keyed_from) == ("whole", (), None)
    assert alerts_in_force(office.sessions) == ()


def test_a_broken_trail_opens_an_alert_that_stays_until_it_is_mended(office: House) -> None:
    tamper(office, "UPDATE audit_events SET actor = 'nobody' WHERE id = 2")
    report = verify_audit(office)
    assert report.outcome == "audit_broken"
    (line,) = report.breaks
    assert (line.kind, line.thai, line.event_id) == (BreakKind.CHANGED, "ถูกแก้ไข", 2)
    office.close()
    again = open_house(office.settings, clock=office.clock)
    assert [(a.source, a.code) for a in alerts_in_force(again.sessions)] == [
        ("audit", "audit_broken")
    ]
    with pytest.raises(AuditBroken):
        make_anchor(again)
    tamper(again, "UPDATE audit_events SET actor = 'saraban' WHERE id = 2")
    assert verify_audit(again).outcome == "whole"
    assert alerts_in_force(again.sessions) == ()
    again.close()


def test_a_trail_without_its_head_opens_and_says_so(office: House) -> None:
    tamper(office, "DELETE FROM audit_head")
    office.close()
    again = open_house(office.settings, clock=office.clock)
    report = verify_audit(again)
    assert [one.kind for one in report.breaks] == [BreakKind.HEAD]
    assert [a.code for a in alerts_in_force(again.sessions)] == ["audit_broken"]
    again.close()


def test_an_anchor_comes_back_from_its_file_and_finds_a_restored_backup(
    office: House, tmp_path: Path, clock: SetClock
) -> None:
    early = make_anchor(office)
    register(office, Seed())
    late = make_anchor(office)
    assert late.sequence > early.sequence
    assert read_anchor(late.model_dump_json().encode()) == late
    for anchor in (early, late):
        report = verify_audit(office, anchor)
        assert (report.outcome, report.anchor_sequence) == ("whole", anchor.sequence)
    ahead = late.model_copy(update={"sequence": late.sequence + 1})
    assert [b.kind for b in verify_audit(office, ahead).breaks] == [BreakKind.SHORTENED]
    other = small_house(tmp_path / "other", clock)
    assert verify_audit(other, early).outcome == "audit_broken"
    other.close()


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"\xff", b'{"kind": "saraban_audit_anchor", "sequence": 1}']
)
def test_another_file_is_no_anchor(document: bytes) -> None:
    with pytest.raises(UsageFault):
        read_anchor(document)


def test_once_keyed_the_house_does_not_open_without_the_key(office: House, clock: SetClock) -> None:
    plain = office.settings
    before = verify_audit(office).events
    office.close()
    keyed = open_house(plain.model_copy(update={"audit_key": _secret(KEY)}), clock=clock)
    register(keyed, Seed())
    report = verify_audit(keyed)
    assert (report.outcome, report.keyed_from) == ("whole", before + 1)
    keyed.close()
    with pytest.raises(AuditKeyMissing) as refused:
        open_house(plain, clock=clock)
    assert KEY not in str(refused.value)
    newer = plain.model_copy(update={"audit_key": _secret(f"{'n' * 32} {KEY}")})
    rotated = open_house(newer, clock=clock)
    register(rotated, Seed())
    assert verify_audit(rotated).outcome == "whole"
    rotated.close()


def _secret(value: str) -> object:
    return Settings.model_validate({"audit_key": value}).audit_key


def test_a_case_shows_its_events_with_their_links(office: House) -> None:
    lines = case_trail(office, first_case(office))
    assert lines[0].action == "settle_intake"
    assert [line.sequence for line in lines] == [line.id for line in lines]
    states = [line.to_state for line in lines if line.to_state]
    assert states[0] == "classified"
    assert lines[-1].after != {}
    with pytest.raises(CaseUnknown):
        case_trail(office, 99)


def test_a_restricted_case_shows_its_trail_to_whom_it_is_open_and_notes_the_look(
    office: House,
) -> None:
    case_id = first_case(office)
    with office.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
        for name, role, clearance in (
            ("vault", Role.SECRET_REGISTRAR, Secrecy.SECRET),
            ("uncleared", Role.SECRET_REGISTRAR, Secrecy.OPEN),
            ("head", Role.OFFICE_HEAD, Secrecy.SECRET),
            ("officer", Role.OFFICER, Secrecy.OPEN),
        ):
            person = Person(
                sign_in=name, thai_name=name, clearance=clearance.value, created_at=NOON
            )
            session.add(person)
            session.flush()
            session.add(PersonRole(person_id=person.id, role=role.value))
    with pytest.raises(CaseRestricted):
        case_trail(office, case_id)
    for name in ("uncleared", "head", "officer", "stranger"):
        with pytest.raises(CaseRestricted):
            case_trail(office, case_id, by=name)
    last = case_trail(office, case_id, by="vault")[-1]
    assert (last.actor, last.action, last.at) == ("vault", "look_at_trail", NOON)
    assert verify_audit(office).outcome == "whole"
