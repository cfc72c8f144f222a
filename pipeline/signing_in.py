"""Signing in and out: passwords, tokens of signed-in browsers, and tries that are counted.

Only hashes are kept. A token is 256 random bits; a sign-in ends after IDLE without use and after
LONGEST in any case. Roles are read anew with every request, so that what an administrator changes
holds at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import SarabanError
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.passwords import (
    PasswordWeak,
    check_new_password,
    hash_is_old,
    hash_password,
    keyless_hash,
    new_token,
    password_fits,
)
from pipeline.staff import StaffMember, as_staff
from registry.accounts import (
    count_tries,
    end_sign_ins,
    forget_tries,
    keep_try,
    lock_accounts,
    note_about_person,
    open_sign_in,
    person_named,
    set_password,
)
from registry.engine import open_snapshot
from registry.models import Account, Person, PersonRole, SignIn
from registry.transitions import MACHINE, Actor

IDLE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=12)
# Tries that fail count for so long, by account and by address.
WINDOW: Final = timedelta(minutes=15)
ACCOUNT_TRIES: Final = 10
ADDRESS_TRIES: Final = 50
# How often the last use is written down: a page is no reason to write at every picture.
_TOUCH: Final = timedelta(minutes=1)
_LONGEST_TOKEN = 100


class SignInFailed(SarabanError):
    """Name and password do not fit; which of them is never said."""

    code = "sign_in_failed"


class TooManyTries(SarabanError):
    """Too many tries from this address or on this account; they count for WINDOW."""

    code = "too_many_tries"
    retryable = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose browser it is; with `must_change` it opens the page of the password only."""

    staff: StaffMember
    must_change: bool


def sign_in(house: House, name: str, password: str, address: str) -> str:
    """Return the token of a new sign-in.

    Args:
        house: the office's house.
        name: as typed.
        password: as typed; never kept nor logged.
        address: where the request came from, for counting tries.

    Raises:
        TooManyTries: the account or the address has to wait.
        SignInFailed: nobody has that name and password.
    """
    known = name.strip().lower()
    account_hash, address_hash = keyless_hash(known), keyless_hash(address)
    person_id, password_hash = _take_try(house, known, account_hash, address_hash)
    if not password_fits(password_hash, password) or person_id is None:
        if person_id is not None:
            _note_failure(house, person_id)
        raise SignInFailed("Name and password do not fit.", thai="ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
    old = password_hash is not None and hash_is_old(password_hash)
    renewed = hash_password(password) if old else None
    with house.sessions.begin() as session:
        lock_accounts(session)
        account = session.get(Account, person_id, populate_existing=True)
        # Somebody may have changed it while the hash was being checked.
        if account is None or account.password_hash != password_hash:
            raise SignInFailed("Name and password do not fit.", thai="ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
        if renewed is not None:
            account.password_hash = renewed
        forget_tries(session, account_hash, address_hash)
        return enter(house, session, person_id)


def enter(house: House, session: Session, person_id: int) -> str:
    """Open a sign-in for a person whom the caller knows; returns its token.

    Raises:
        SignInFailed: they have left.
    """
    person = session.get(Person, person_id, populate_existing=True)
    if person is None or person.retired_at is not None:
        raise SignInFailed("Name and password do not fit.", thai="ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
    now, token = house.clock(), new_token()
    open_sign_in(session, person_id, keyless_hash(token), at=now, ends_at=now + LONGEST)
    note_about_person(session, _self(session, person), "sign_in", person_id, at=now)
    return token


def signed_in(house: House, token: str) -> SignedIn | None:
    """Return whose browser a token is; None where it is nobody's, idle for too long or ended."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    now = house.clock()
    with open_snapshot(house.sessions) as session:
        known = session.execute(
            select(SignIn, Person, Account.must_change)
            .join(Person, Person.id == SignIn.person_id)
            .join(Account, Account.person_id == Person.id)
            .where(SignIn.token_hash == keyless_hash(token))
        ).first()
        if known is None:
            return None
        row, person, must_change = known
        if row.ends_at <= now or row.seen_at + IDLE <= now or person.retired_at is not None:
            return None
        found = SignedIn(as_staff(session, person, bangkok_day(now)), must_change)
        row_id, seen_at = row.id, row.seen_at
    if seen_at + _TOUCH <= now:
        _touch(house, row_id, now)
    return found


def sign_out(house: House, token: str) -> None:
    """End one sign-in; a token that is nobody's does nothing."""
    with house.sessions.begin() as session:
        row = session.scalar(select(SignIn).where(SignIn.token_hash == keyless_hash(token)))
        if row is None:
            return
        person = session.get_one(Person, row.person_id)
        note_about_person(session, _self(session, person), "sign_out", person.id, at=house.clock())
        session.delete(row)


def sign_out_everywhere(house: House, staff: StaffMember) -> None:
    """End every sign-in of a person, this one, too: a browser was left open or a machine lost."""
    with house.sessions.begin() as session:
        person = session.get_one(Person, staff.person_id)
        end_sign_ins(session, person.id)
        note_about_person(
            session, _self(session, person), "sign_out_everywhere", person.id, at=house.clock()
        )


def change_password(house: House, staff: StaffMember, old: str, new: str, address: str) -> str:
    """Give a signed-in person a password of their own; returns a new token.

    Every browser of theirs is signed out, this one goes on with the new token.

    Raises:
        TooManyTries: the old password was tried too often.
        SignInFailed: the old password is not theirs.
        PasswordWeak: the new one is easy to guess, or is the old one.
    """
    account_hash, address_hash = keyless_hash(staff.sign_in), keyless_hash(address)
    check_new_password(new, staff.sign_in)
    person_id, password_hash = _take_try(house, staff.sign_in, account_hash, address_hash)
    if person_id != staff.person_id or not password_fits(password_hash, old):
        raise SignInFailed("The old password does not fit.", thai="รหัสผ่านเดิมไม่ถูกต้อง")
    if password_fits(password_hash, new):
        raise PasswordWeak("The new password is the old one.", thai="รหัสผ่านใหม่ต้องไม่ซ้ำรหัสผ่านเดิม")
    new_hash = hash_password(new)
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        account = session.get_one(Account, person_id, populate_existing=True)
        if account.password_hash != password_hash:
            raise SignInFailed("The old password does not fit.", thai="รหัสผ่านเดิมไม่ถูกต้อง")
        forget_tries(session, account_hash, address_hash)
        set_password(session, person_id, new_hash, must_change=False, at=now)
        end_sign_ins(session, person_id)
        person = session.get_one(Person, person_id)
        note_about_person(session, _self(session, person), "change_password", person_id, at=now)
        return enter(house, session, person_id)


def take_try(house: House, account: str, address: str) -> None:
    """Count a try at something that is guessed, or refuse it.

    Raises:
        TooManyTries: the account or the address has to wait.
    """
    _take_try(house, account, keyless_hash(account), keyless_hash(address))


def _take_try(
    house: House, name: str, account_hash: str, address_hash: str
) -> tuple[int | None, str | None]:
    """Count a try before it is known how it ends; returns the person and hash to check.

    Raises:
        TooManyTries: the account or the address has to wait.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        lock_accounts(session)
        of_account, of_address = count_tries(
            session, account_hash, address_hash, since=now - WINDOW
        )
        if of_account < ACCOUNT_TRIES and of_address < ADDRESS_TRIES:
            keep_try(session, account_hash, address_hash, at=now)
            person = person_named(session, name)
            if person is not None and of_account == ACCOUNT_TRIES - 1:
                note_about_person(session, MACHINE, "last_try_of_account", person.id, at=now)
            account = session.get(Account, person.id) if person is not None else None
            return (
                person.id if person is not None else None,
                account.password_hash if account is not None else None,
            )
    minutes = int(WINDOW.total_seconds() // 60)
    raise TooManyTries(
        f"Too many tries. Wait {minutes} minutes.",
        thai=f"ลองหลายครั้งเกินไป โปรดรอ {minutes} นาทีแล้วลองใหม่",
    )


def _note_failure(house: House, person_id: int) -> None:
    # Who tried is not known, so the event is the house's.
    with house.sessions.begin() as session:
        note_about_person(session, MACHINE, "sign_in_failed", person_id, at=house.clock())


def _touch(house: House, row_id: int, now: datetime) -> None:
    with house.sessions.begin() as session:
        session.execute(update(SignIn).where(SignIn.id == row_id).values(seen_at=now))


def _self(session: Session, person: Person) -> Actor:
    first = session.scalar(
        select(PersonRole.role).where(PersonRole.person_id == person.id).order_by(PersonRole.id)
    )
    return Actor(person.sign_in, Role(first) if first else Role.OFFICER)
