"""Accounts of people, their sign-ins, and what keeps strangers from guessing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class Account(Base):
    """How a person signs in; `password_hash` is Argon2id, None where a provider vouches.

    With `must_change` the password is one that somebody else knows: it opens nothing but the
    page that changes it. `provider_subject` is the name that the identity provider gives.
    """

    __tablename__ = "accounts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    password_hash: Mapped[str | None]
    must_change: Mapped[bool]
    password_set_at: Mapped[datetime | None]
    provider_subject: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser; only the SHA-256 of its token is kept."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class SignInTry(Base):
    """A try that did not succeed, for as long as it counts; hashes only, never what was typed."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_account", "account_hash", "at"),
        Index("ix_sign_in_tries_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str]
    address_hash: Mapped[str]
    at: Mapped[datetime]


class FirstRunCode(Base):
    """A one-time code that lets whoever started the house make its first administrator."""

    __tablename__ = "first_run_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
