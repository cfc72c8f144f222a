"""Sign-ins on both databases: what is kept, what ends them, and that guessing is counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from correspondence.errors import SarabanError
from correspondence.vocabulary import Role
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.first_run import (
    CODE_RUNS,
    FirstRunCodeWrong,
    FirstRunOver,
    first_run_due,
    make_first_administrator,
    make_first_run_code,
)
from pipeline.passwords import PasswordWeak
from pipeline.people import add_person, give_role, renew_password, retire_person
from pipeline.signing_in import (
    ACCOUNT_TRIES,
    IDLE,
    LONGEST,
    WINDOW,
    SignInFailed,
    TooManyTries,
    change_password,
    sign_in,
    sign_out,
    signed_in,
)
from registry.models import AuditEvent
from tests.conftest import SetClock

HERE = "127.0.0.1"
OWN = "ฝนตกที่ทุ่งกุลาเมื่อวาน"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    house = open_house(Settings(home=tmp_path, database_url=database_url), clock=clock)
    yield house
    house.close()


def first(house: House) -> str:
    return make_first_administrator(
        house, "root.admin", thai_name="นายสมชาย", password=OWN, code=None, address=HERE
    )


def malee(house: House) -> str:
    first(house)
    return add_person(
        house,
        "malee",
        thai_name="นางมาลี",
        roles=((Role.OFFICER, "complaints"),),
        by="root.admin",
    )


def settle(house: House) -> str:
    """Give malee a password of her own; returns her token."""
    one_time = malee(house)
    visitor = signed_in(house, sign_in(house, "malee", one_time, HERE))
    assert visitor is not None and visitor.must_change
    return change_password(house, visitor.staff, one_time, OWN, HERE)


def actions(house: House) -> list[str]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_token_stands_for_a_person_and_only_its_hash_is_kept(office: House) -> None:
    token = settle(office)
    visitor = signed_in(office, token)
    assert visitor is not None and visitor.staff.sign_in == "malee" and not visitor.must_change
    with office.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM sign_ins")).all())
        kept += str(connection.execute(text("SELECT * FROM accounts")).all())
        kept += str(connection.execute(text("SELECT * FROM sign_in_tries")).all())
    assert token not in kept and OWN not in kept and "malee" not in kept and HERE not in kept
    for other in ("", "x" * 43, token[:-1], token + "x", "x" * 5000):
        assert signed_in(office, other) is None


def test_a_sign_in_ends_when_idle_and_in_any_case(office: House, clock: SetClock) -> None:
    token = settle(office)
    for _ in range(13):
        clock.move(minutes=50)
        assert signed_in(office, token) is not None
    clock.move(seconds=IDLE.total_seconds())
    assert signed_in(office, token) is None
    token = sign_in(office, "malee", OWN, HERE)
    for _ in range(int(LONGEST / IDLE) * 2 - 1):
        clock.move(minutes=30)
        assert signed_in(office, token) is not None
    clock.move(minutes=30)
    assert signed_in(office, token) is None


def test_signing_out_ends_it_on_the_server(office: House) -> None:
    token = settle(office)
    other = sign_in(office, "malee", OWN, HERE)
    sign_out(office, token)
    sign_out(office, token)
    assert signed_in(office, token) is None and signed_in(office, other) is not None


def test_changes_by_an_administrator_hold_at_once(office: House) -> None:
    token = settle(office)
    give_role(office, "malee", Role.GROUP_HEAD, "political", by="root.admin")
    visitor = signed_in(office, token)
    assert visitor is not None and visitor.staff.holds(Role.GROUP_HEAD)
    renew_password(office, "malee", by="root.admin")
    assert signed_in(office, token) is None
    with pytest.raises(SignInFailed):
        sign_in(office, "malee", OWN, HERE)


def test_who_has_left_is_out_at_once(office: House) -> None:
    token = settle(office)
    retire_person(office, "malee", by="root.admin")
    assert signed_in(office, token) is None
    with pytest.raises(SignInFailed):
        sign_in(office, "malee", OWN, HERE)


def test_a_new_password_signs_every_other_browser_out(office: House) -> None:
    token = settle(office)
    other = sign_in(office, "malee", OWN, HERE)
    visitor = signed_in(office, token)
    assert visitor is not None
    new = change_password(office, visitor.staff, OWN, "ลมหนาวมาแล้วที่ดอยสูง", HERE)
    assert [signed_in(office, old) for old in (token, other)] == [None, None]
    assert signed_in(office, new) is not None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("wrong password", "ลมหนาวมาแล้วที่ดอยสูง", SignInFailed),
        (OWN, OWN, PasswordWeak),
        (OWN, "short", PasswordWeak),
        (OWN, "malee-malee-malee", PasswordWeak),
    ],
)
def test_a_refused_change_changes_nothing(
    office: House, old: str, new: str, fault: type[SarabanError]
) -> None:
    visitor = signed_in(office, settle(office))
    assert visitor is not None
    with pytest.raises(fault):
        change_password(office, visitor.staff, old, new, HERE)
    assert sign_in(office, "malee", OWN, HERE)


def test_failures_and_strangers_look_the_same(office: House) -> None:
    settle(office)
    said = set()
    for name, password in (("malee", "wrong"), ("nobody", "wrong"), ("", ""), ("malee", "x" * 999)):
        with pytest.raises(SignInFailed) as fault:
            sign_in(office, name, password, HERE)
        said.add(str(fault.value))
    assert len(said) == 1
    assert Counter(actions(office))["sign_in_failed"] == 2


def test_an_account_rests_after_ten_tries_whatever_the_address(
    office: House, clock: SetClock
) -> None:
    settle(office)
    for number in range(ACCOUNT_TRIES):
        with pytest.raises(SignInFailed):
            sign_in(office, "malee", "wrong", f"10.0.0.{number}")
    with pytest.raises(TooManyTries):
        sign_in(office, "malee", OWN, "10.0.1.1")
    assert sign_in(office, "root.admin", OWN, HERE)
    assert Counter(actions(office))["last_try_of_account"] == 1
    clock.move(seconds=WINDOW.total_seconds() + 1)
    assert sign_in(office, "malee", OWN, HERE)


def test_an_address_rests_whoever_it_tries(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(office)
    monkeypatch.setattr("pipeline.signing_in.ADDRESS_TRIES", 4)
    for name in ("a1", "b1", "c1", "d1"):
        with pytest.raises(SignInFailed):
            sign_in(office, name, "wrong", "10.9.9.9")
    with pytest.raises(TooManyTries):
        sign_in(office, "malee", OWN, "10.9.9.9")
    assert sign_in(office, "malee", OWN, HERE)


def test_tries_at_once_are_counted_each(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(office)
    monkeypatch.setattr("pipeline.signing_in.ACCOUNT_TRIES", 3)
    found: Counter[str] = Counter()

    def guess() -> None:
        try:
            sign_in(office, "malee", "wrong", HERE)
        except SarabanError as fault:
            found[fault.code] += 1

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"sign_in_failed": 3, "too_many_tries": 5}


def test_the_first_administrator_is_made_once(office: House) -> None:
    assert first_run_due(office)
    visitor = signed_in(office, first(office))
    assert visitor is not None and visitor.staff.roles == {Role.ADMINISTRATOR}
    assert not first_run_due(office) and make_first_run_code(office) is None
    with pytest.raises(FirstRunOver):
        make_first_administrator(
            office, "second", thai_name="x", password=OWN, code=None, address=HERE
        )


def test_two_first_administrators_at_once_are_one(office: House) -> None:
    ended: Counter[str] = Counter()

    def make(name: str) -> None:
        try:
            make_first_administrator(
                office, name, thai_name="x", password=OWN, code=None, address=HERE
            )
            ended["made"] += 1
        except FirstRunOver:
            ended["over"] += 1

    threads = [threading.Thread(target=make, args=(f"admin{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == {"made": 1, "over": 2}


def test_a_code_makes_the_first_administrator_from_elsewhere(
    office: House, clock: SetClock
) -> None:
    code, later = make_first_run_code(office), make_first_run_code(office)
    assert code and later and code != later

    def use(code: str) -> str:
        return make_first_administrator(
            office, "boss", thai_name="x", password=OWN, code=code, address="10.0.0.9"
        )

    for wrong in ("", "abcd-abcd-abcd-abcd", code[:-1]):
        with pytest.raises(FirstRunCodeWrong):
            use(wrong)
    clock.move(seconds=CODE_RUNS.total_seconds())
    with pytest.raises(FirstRunCodeWrong):
        use(code)
    fresh = make_first_run_code(office)
    assert fresh is not None
    assert signed_in(office, use(f" {fresh.upper().replace('-', ' ')} ")) is not None


def test_codes_are_not_guessed(office: House) -> None:
    make_first_run_code(office)
    with pytest.raises(TooManyTries):
        for number in range(ACCOUNT_TRIES + 1):
            with pytest.raises(FirstRunCodeWrong):
                make_first_administrator(
                    office,
                    "boss",
                    thai_name="x",
                    password=OWN,
                    code=f"aaaa-bbbb-cccc-{number:04}",
                    address="10.0.0.9",
                )
