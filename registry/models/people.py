"""Groups, people, roles, contacts (ทำเนียบ) and the office's holidays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class GroupRow(Base):
    """กลุ่มงาน, mirrored from `groups.toml` at start so that rows can refer to it."""

    __tablename__ = "groups"

    id: Mapped[str] = mapped_column(primary_key=True)
    thai: Mapped[str]
    retired_at: Mapped[datetime | None]


class Person(Base):
    """A member of staff; `clearance` is the highest secrecy grade the person may see."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in: Mapped[str] = mapped_column(unique=True)
    thai_name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    clearance: Mapped[str] = mapped_column(default="open")
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class PersonRole(Base):
    """A role of a person, in one group or (group_id None) in the whole office."""

    __tablename__ = "person_roles"
    __table_args__ = (UniqueConstraint("person_id", "role", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"))


class Holiday(Base):
    """A correction of the government calendar: `add` or `remove`; append-only.

    The latest row of a day holds; triggers refuse UPDATE and DELETE.
    """

    __tablename__ = "holidays"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    effect: Mapped[str]
    region: Mapped[str] = mapped_column(default="national")
    name: Mapped[str]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class CalendarYear(Base):
    """A year (CE) whose holidays a person has checked, or taken back; append-only.

    The latest row of a year holds; triggers refuse UPDATE and DELETE.
    """

    __tablename__ = "calendar_years"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    confirmed: Mapped[bool]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class Contact(Base):
    """ทำเนียบ: a person or agency the office coordinates with."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    agency: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    fax: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    secretary: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
