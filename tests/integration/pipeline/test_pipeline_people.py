"""Staff and accounts on both databases: who may change them, and what can never happen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.errors import ActionRefused, SarabanError, UsageFault
from correspondence.vocabulary import Role, Secrecy
from office.settings import Settings
from pipeline.absences import set_absence, set_deputy
from pipeline.bootstrap import House, open_house
from pipeline.passwords import password_fits
from pipeline.people import (
    add_person,
    change_person,
    give_role,
    renew_password,
    retire_person,
    set_clearance,
    take_role,
)
from pipeline.people_view import PersonView, people_in_office
from pipeline.person_entry import PersonRefused, PersonUnknown
from registry.models import Account, AuditEvent
from tests.conftest import SetClock

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    house = open_house(Settings(home=tmp_path, database_url=database_url), clock=clock)
    yield house
    house.close()


def admin(house: House, name: str = "root.admin") -> str:
    return add_person(
        house, name, thai_name="นายสมชาย ดูแล", roles=((Role.ADMINISTRATOR, None),), by="root.admin"
    )


def officer(house: House, name: str = "malee", group: str = "complaints") -> str:
    return add_person(
        house, name, thai_name="นางมาลี ใจดี", roles=((Role.OFFICER, group),), by="root.admin"
    )


def only(house: House, name: str) -> PersonView:
    (found,) = [one for one in people_in_office(house, retired=True) if one.sign_in == name]
    return found


def events(house: House) -> list[AuditEvent]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def test_an_entered_person_has_roles_and_a_password_that_must_be_changed(office: House) -> None:
    admin(office)
    password = officer(office)
    with office.sessions.begin() as session:
        account = session.get_one(Account, only(office, "malee").id)
        assert account.password_hash is not None
        assert account.password_hash.startswith("$argon2id$") and account.must_change
        assert password not in account.password_hash
        assert password_fits(account.password_hash, password)
        assert not password_fits(account.password_hash, password + "x")
    shown = only(office, "malee")
    assert [(held.role, held.group) for held in shown.roles] == [(Role.OFFICER, "complaints")]
    assert shown.account == "one_time"


def test_every_change_is_in_the_trail_by_id_and_without_secrets(office: House) -> None:
    admin(office)
    passwords = [officer(office)]
    add_person(
        office, "suda", thai_name="นางสุดา งาม", roles=((Role.OFFICE_HEAD, None),), by="root.admin"
    )
    give_role(office, "malee", Role.GROUP_HEAD, "political", by="root.admin")
    take_role(office, "malee", Role.OFFICER, "complaints", by="root.admin")
    set_clearance(office, "suda", Secrecy.SECRET, by="root.admin")
    set_deputy(office, "malee", "suda", by="root.admin")
    set_absence(office, "malee", date(2026, 12, 1), date(2026, 12, 5), by="root.admin")
    passwords.append(renew_password(office, "malee", by="root.admin"))
    retire_person(office, "suda", by="root.admin")
    made = events(office)
    assert [event.action for event in made][-7:] == [
        *("give_role", "take_role", "set_clearance", "set_deputy", "set_absence"),
        *("renew_password", "retire_person"),
    ]
    assert {event.actor for event in made} == {"root.admin"}
    written = json.dumps([[event.before, event.after, event.reason] for event in made])
    assert not any(password in written for password in passwords)
    assert "มาลี" not in json.dumps([event.after for event in made], ensure_ascii=False)
    shown = only(office, "malee")
    assert shown.deputy is None  # who has left stands in for nobody
    assert shown.absent_from == date(2026, 12, 1)
    assert only(office, "suda").retired_at is not None


def test_only_an_administrator_changes_people_once_there_is_one(office: House) -> None:
    admin(office)
    officer(office)
    for by in ("malee", "nobody", " "):
        with pytest.raises(ActionRefused):
            give_role(office, "malee", Role.OFFICE_HEAD, None, by=by)
        with pytest.raises(ActionRefused):
            admin_by(office, by)


def admin_by(house: House, by: str) -> None:
    add_person(house, "evil", thai_name="x", roles=((Role.ADMINISTRATOR, None),), by=by)


def test_people_set_their_own_absence_and_nobody_else_s(office: House) -> None:
    admin(office)
    officer(office)
    officer(office, "anong")
    set_absence(office, "malee", date(2026, 12, 1), None, by="malee")
    assert only(office, "malee").absent_from == date(2026, 12, 1)
    with pytest.raises(ActionRefused):
        set_absence(office, "malee", None, None, by="anong")
    with pytest.raises(UsageFault):
        set_absence(office, "malee", date(2026, 12, 2), date(2026, 12, 1), by="malee")


def test_people_name_their_own_deputy_within_the_rules_and_nobody_else_s(office: House) -> None:
    admin(office)
    officer(office)
    officer(office, "anong")
    set_deputy(office, "malee", "anong", by="malee")
    assert only(office, "malee").deputy == "anong"
    assert (events(office)[-1].actor, events(office)[-1].action) == ("malee", "set_deputy")
    with pytest.raises(ActionRefused):
        set_deputy(office, "malee", None, by="anong")
    for nobody in ("malee", "root.admin"):
        with pytest.raises(PersonRefused):
            set_deputy(office, "malee", nobody, by="malee")
    with pytest.raises(PersonRefused):
        set_deputy(office, "malee", "root.admin", by="root.admin")
    assert only(office, "malee").deputy == "anong"


def test_the_trail_keeps_the_name_and_the_address_that_were(office: House) -> None:
    admin(office)
    officer(office)
    was = only(office, "malee")
    change_person(
        office, "malee", thai_name=" นางมาลี  ใจงาม ", email="m@office.example", by="root.admin"
    )
    event = events(office)[-1]
    assert (event.actor, event.action) == ("root.admin", "change_person")
    assert event.before is not None and event.before["thai_name"] == was.thai_name
    assert (only(office, "malee").thai_name, only(office, "malee").email) == (
        "นางมาลี ใจงาม",
        "m@office.example",
    )
    change_person(office, "malee", thai_name=None, email="m@office.example", by="root.admin")
    assert events(office)[-1].id == event.id  # nothing changed, nothing written
    for wrong in ("x@", "a b@c"):
        with pytest.raises(UsageFault):
            change_person(office, "malee", thai_name=None, email=wrong, by="root.admin")
    with pytest.raises(ActionRefused):
        change_person(office, "malee", thai_name="x", email=None, by="malee")


def test_an_administrator_never_holds_a_role_that_reads_letters(office: House) -> None:
    admin(office)
    officer(office)
    with pytest.raises(PersonRefused):
        give_role(office, "root.admin", Role.OFFICE_HEAD, None, by="root.admin")
    with pytest.raises(PersonRefused):
        give_role(office, "malee", Role.ADMINISTRATOR, None, by="root.admin")
    with pytest.raises(PersonRefused):
        add_person(
            office,
            "both",
            thai_name="x",
            roles=((Role.REGISTRAR, None), (Role.ADMINISTRATOR, None)),
            by="root.admin",
        )
    assert "both" not in {one.sign_in for one in people_in_office(office)}


def test_the_last_administrator_stays(office: House) -> None:
    admin(office)
    with pytest.raises(PersonRefused):
        retire_person(office, "root.admin", by="root.admin")
    with pytest.raises(PersonRefused):
        take_role(office, "root.admin", Role.ADMINISTRATOR, None, by="root.admin")
    admin(office, "second")
    retire_person(office, "root.admin", by="second")
    assert [one.sign_in for one in people_in_office(office)] == ["second"]


def test_two_administrators_retire_each_other_at_once_and_one_stays(office: House) -> None:
    admin(office)
    admin(office, "second")
    refused: list[str] = []

    def retire(who: str, by: str) -> None:
        try:
            retire_person(office, who, by=by)
        except SarabanError as fault:
            refused.append(fault.code)

    threads = [
        threading.Thread(target=retire, args=pair)
        for pair in (("second", "root.admin"), ("root.admin", "second"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(people_in_office(office)) == 1 and len(refused) == 1


@pytest.mark.parametrize(
    "name", ["", "a", "สมศรี", "a b", "saraban", "machine", "x" * 65, "-a", "a/b", "a\0b", "a'--"]
)
def test_a_name_that_cannot_be_one_is_refused(office: House, name: str) -> None:
    with pytest.raises(UsageFault):
        admin(office, name)


def test_names_are_taken_for_ever_whatever_their_case(office: House) -> None:
    admin(office)
    officer(office)
    retire_person(office, "MALEE", by="root.admin")
    with pytest.raises(PersonRefused):
        officer(office, " Malee ")
    with pytest.raises(PersonUnknown):
        renew_password(office, "malee", by="root.admin")


@pytest.mark.parametrize(
    ("role", "group", "fault"),
    [
        (Role.OFFICER, "nowhere", UsageFault),
        (Role.OFFICE_HEAD, "complaints", PersonRefused),
        (Role.MACHINE, None, PersonRefused),
    ],
)
def test_a_role_fits_its_group(
    office: House, role: Role, group: str | None, fault: type[SarabanError]
) -> None:
    admin(office)
    officer(office)
    with pytest.raises(fault):
        give_role(office, "malee", role, group, by="root.admin")
