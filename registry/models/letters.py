"""Letters (หนังสือ), what they carry and what was read in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base


class RegisterCounter(Base):
    """Last register number given in a calendar year (CE, Asia/Bangkok)."""

    __tablename__ = "register_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]


class Letter(Base):
    """One incoming letter with its register number (เลขรับ); a number is never reused.

    `part` is its place among the letters of its item, from 1: a mail may bring several.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("register_year", "register_number"),
        UniqueConstraint("intake_item_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_item_id: Mapped[int] = mapped_column(ForeignKey("intake_items.id"))
    part: Mapped[int] = mapped_column(default=1, server_default="1")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    register_year: Mapped[int]
    register_number: Mapped[int]
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    channel: Mapped[str]
    media_type: Mapped[str]
    kind: Mapped[str]
    language: Mapped[str]
    read_outcome: Mapped[str]
    sender_name: Mapped[str | None]
    sender_address: Mapped[str | None]
    warnings: Mapped[str] = mapped_column(default="")

    pages: Mapped[list[PageTextRow]] = relationship(
        order_by="PageTextRow.id", cascade="all, delete-orphan"
    )
    layouts: Mapped[list[PageLayoutRow]] = relationship(
        order_by="PageLayoutRow.number", cascade="all, delete-orphan"
    )
    attachments: Mapped[list[Attachment]] = relationship(
        order_by="Attachment.position", cascade="all, delete-orphan"
    )
    fields: Mapped[list[FieldRow]] = relationship(
        order_by="FieldRow.id", cascade="all, delete-orphan"
    )


class Attachment(Base):
    """A file that came with a letter (สิ่งที่ส่งมาด้วย); `role` is `letter` or `enclosure`.

    `first_page` and `last_page` (from 1) where the letter is only these pages of the file.
    """

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("letter_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    position: Mapped[int]
    role: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    read_outcome: Mapped[str]
    first_page: Mapped[int | None]
    last_page: Mapped[int | None]


class PageTextRow(Base):
    """Text of one page; `attachment_id` is None for the letter's own first part."""

    __tablename__ = "page_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    number: Mapped[int]
    text: Mapped[str]
    method: Mapped[str]
    quality: Mapped[float]


class PageLayoutRow(Base):
    """A page with places: its size and turn, where its text stands and where it is in doubt.

    A stretch is (begin, end, left, top, right, bottom), a doubt the four shares of the page alone;
    see `correspondence.page_layout`. Letters read before this was kept have none.
    """

    __tablename__ = "page_layouts"
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    number: Mapped[int]
    width: Mapped[float]
    height: Mapped[float]
    turn: Mapped[float]
    stretches: Mapped[list[Any]] = mapped_column(deferred=True)
    doubts: Mapped[list[Any]]


class FieldRow(Base):
    """One letter field: the machine's value and, apart from it, a person's.

    `box` is where it stands on its page (left, top, right, bottom in shares), None where the page
    has no places.
    """

    __tablename__ = "fields"
    __table_args__ = (UniqueConstraint("letter_id", "name", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    name: Mapped[str]
    position: Mapped[int]
    machine_value: Mapped[str | None]
    machine_raw: Mapped[str | None]
    phrase: Mapped[str | None]
    page: Mapped[int | None]
    box: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    confidence: Mapped[float]
    needs_check: Mapped[bool]
    person_value: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[datetime | None]

    @property
    def value(self) -> str | None:
        """The person's value where there is one, else the machine's."""
        return self.person_value if self.corrected_at else self.machine_value
