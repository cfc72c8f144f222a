"""What letters are told alike by, and campaigns of one petition from many senders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class LetterSignatureRow(Base):
    """The signature of one registered letter; nothing can be read out of it.

    `packed` is None for a text too short to be told from others. `pages` says how many of the
    letter's first pages are the letter itself and not the mail that brought it. `number_key` is
    the sender's number and date, None where one is missing.
    """

    __tablename__ = "letter_signatures"

    letter_id: Mapped[int] = mapped_column(
        ForeignKey("letters.id"), primary_key=True, autoincrement=False
    )
    scheme: Mapped[int]
    shingles: Mapped[int]
    packed: Mapped[bytes | None]
    pages: Mapped[int]
    number_key: Mapped[str | None] = mapped_column(index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)


class LetterBand(Base):
    """One band of a letter's signature: letters that share one are candidates."""

    __tablename__ = "letter_bands"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    letter_id: Mapped[int] = mapped_column(
        ForeignKey("letters.id"), primary_key=True, autoincrement=False, index=True
    )


class Campaign(Base):
    """One petition that several senders sent in; each stays a letter and a case of its own."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    created_at: Mapped[datetime]
