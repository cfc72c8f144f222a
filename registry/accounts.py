"""Accounts, sign-ins and tries as rows; what is secret comes in as a hash and stays one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from registry.models import Account, AuditEvent, FirstRunCode, Person, SignIn, SignInTry
from registry.trail import as_noted
from registry.transitions import Actor

# Whoever changes accounts or counts tries waits for the one before; any number does.
_LOCK = 7_260_425_570

AuditValue = int | str | bool | None


def lock_accounts(session: Session) -> None:
    """Let nobody else change accounts or count tries until this transaction ends."""
    # SQLite's BEGIN IMMEDIATE is a lock already.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def person_named(session: Session, sign_in: str) -> Person | None:
    """Return the person in office with this sign-in name."""
    return session.scalar(
        select(Person).where(Person.sign_in == sign_in, Person.retired_at.is_(None))
    )


def note_about_person(
    session: Session,
    actor: Actor,
    action: str,
    person_id: int | None,
    *,
    at: datetime,
    reason: str = "",
    before: Mapping[str, AuditValue] | None = None,
    after: Mapping[str, AuditValue] | None = None,
) -> None:
    """Add one event about a person in the caller's transaction; never a name or a secret."""
    session.add(
        AuditEvent(
            at=at,
            actor=actor.name,
            action=action,
            reason=as_noted(reason),
            before=dict(before or {}),
            after={"person": person_id, **actor.noted, **(after or {})},
        )
    )
    session.flush()


def set_password(
    session: Session, person_id: int, password_hash: str, *, must_change: bool, at: datetime
) -> None:
    """Give a person a password by its hash; makes the account where there is none."""
    account = session.get(Account, person_id)
    if account is None:
        account = Account(person_id=person_id, created_at=at)
        session.add(account)
    account.password_hash = password_hash
    account.must_change = must_change
    account.password_set_at = at


def end_sign_ins(session: Session, person_id: int, *, but: str | None = None) -> None:
    """Sign a person out everywhere, but for the token of this hash."""
    query = delete(SignIn).where(SignIn.person_id == person_id)
    session.execute(query.where(SignIn.token_hash != but) if but else query)


def open_sign_in(
    session: Session, person_id: int, token_hash: str, *, at: datetime, ends_at: datetime
) -> None:
    """Keep a signed-in browser; those that have ended are forgotten."""
    session.execute(delete(SignIn).where(SignIn.ends_at <= at))
    session.add(
        SignIn(
            token_hash=token_hash, person_id=person_id, created_at=at, seen_at=at, ends_at=ends_at
        )
    )
    session.get_one(Account, person_id).last_sign_in_at = at


def count_tries(
    session: Session, account_hash: str, address_hash: str, *, since: datetime
) -> tuple[int, int]:
    """Return how many tries count against an account and against an address; drops older ones."""
    session.execute(delete(SignInTry).where(SignInTry.at <= since))
    tries = select(func.count()).select_from(SignInTry)
    return (
        session.scalar(tries.where(SignInTry.account_hash == account_hash)) or 0,
        session.scalar(tries.where(SignInTry.address_hash == address_hash)) or 0,
    )


def keep_try(session: Session, account_hash: str, address_hash: str, *, at: datetime) -> None:
    """Count a try before it is known how it ends, so that many at once are counted, too."""
    session.add(SignInTry(account_hash=account_hash, address_hash=address_hash, at=at))


def forget_tries(session: Session, account_hash: str, address_hash: str) -> None:
    """Take the tries of one account from one address back: it was the right person."""
    session.execute(
        delete(SignInTry).where(
            SignInTry.account_hash == account_hash, SignInTry.address_hash == address_hash
        )
    )


def forget_all_tries(session: Session, account_hash: str) -> None:
    """Let an account be tried again: an administrator gave it a new password."""
    session.execute(delete(SignInTry).where(SignInTry.account_hash == account_hash))


def keep_code(session: Session, code_hash: str, *, at: datetime, ends_at: datetime) -> None:
    """Keep a code of the first run; those that have ended are forgotten."""
    session.execute(delete(FirstRunCode).where(FirstRunCode.ends_at <= at))
    session.add(FirstRunCode(code_hash=code_hash, made_at=at, ends_at=ends_at))


def code_holds(session: Session, code_hash: str, *, at: datetime) -> bool:
    """Tell whether a code of the first run is one of those given out and still runs."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(FirstRunCode)
            .where(FirstRunCode.code_hash == code_hash, FirstRunCode.ends_at > at)
        )
    )


def forget_codes(session: Session) -> None:
    """Make every code of the first run worthless."""
    session.execute(delete(FirstRunCode))
