"""The first administrator of an office: made from the machine itself or with a one-time code."""

from __future__ import annotations

from datetime import datetime, timedelta

from correspondence.errors import SarabanError
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.passwords import check_new_password, hash_password, keyless_hash, one_time_word
from pipeline.people import has_administrator
from pipeline.person_entry import enter_person, tidy_sign_in
from pipeline.signing_in import enter, take_try
from registry.accounts import (
    code_holds,
    forget_codes,
    keep_code,
    lock_accounts,
    note_about_person,
    set_password,
)
from registry.engine import Sessions, open_snapshot
from registry.models import PersonRole
from registry.transitions import Actor

CODE_RUNS = timedelta(days=1)
_TRIED = "first run"


class FirstRunOver(SarabanError):
    """The office has an administrator already."""

    code = "first_run_over"


class FirstRunCodeWrong(SarabanError):
    """The one-time code is none that `saraban serve` or `saraban doctor` has printed of late."""

    code = "first_run_code_wrong"


def first_run_due(house: House) -> bool:
    """Tell whether nobody administers the office yet."""
    with open_snapshot(house.sessions) as session:
        return not has_administrator(session)


def make_first_run_code(house: House) -> str | None:
    """Return a code that makes the first administrator within CODE_RUNS; None where there is one.

    Only its hash is kept; codes printed before hold as long as they run.
    """
    return first_run_code(house.sessions, house.clock())


def first_run_code(sessions: Sessions, now: datetime) -> str | None:
    """Return such a code for a database without its house; `now` is aware."""
    word = one_time_word()
    with sessions.begin() as session:
        lock_accounts(session)
        if has_administrator(session):
            return None
        keep_code(session, keyless_hash(word), at=now, ends_at=now + CODE_RUNS)
    return word


def make_first_administrator(
    house: House,
    sign_in: str,
    *,
    thai_name: str,
    password: str,
    code: str | None,
    address: str,
) -> str:
    """Make the first administrator and return the token of their sign-in.

    Args:
        house: the office's house.
        sign_in: the wanted name.
        thai_name: as pages greet them.
        password: their own; it follows the rule.
        code: the one-time code; None where the caller knows that the request comes from the
            machine itself.
        address: where the request came from, for counting tries.

    Raises:
        FirstRunOver: somebody was first.
        FirstRunCodeWrong: the code does not hold.
        TooManyTries: codes were tried too often.
        PasswordWeak, UsageFault, PersonRefused: what was typed does not do.
    """
    if code is not None:
        take_try(house, _TRIED, address)
    name = tidy_sign_in(sign_in)
    check_new_password(password, name)
    password_hash = hash_password(password)
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        if has_administrator(session):
            raise FirstRunOver("The office has an administrator.", thai="สำนักงานมีผู้ดูแลระบบแล้ว")
        if code is not None and not code_holds(session, keyless_hash(_typed(code)), at=now):
            raise FirstRunCodeWrong("The code does not hold.", thai="รหัสครั้งแรกไม่ถูกต้องหรือหมดอายุ")
        person = enter_person(session, name, thai_name, at=now)
        session.add(PersonRole(person_id=person.id, role=Role.ADMINISTRATOR.value, group_id=None))
        set_password(session, person.id, password_hash, must_change=False, at=now)
        forget_codes(session)
        actor = Actor(name, Role.ADMINISTRATOR)
        note_about_person(session, actor, "first_administrator", person.id, at=now)
        return enter(house, session, person.id)


def _typed(code: str) -> str:
    """Return a code as it was printed, however it was typed."""
    plain = "".join(code.lower().split()).replace("-", "")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
