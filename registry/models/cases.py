"""Cases (เรื่อง): state, category, group, due dates, drafts, links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base
from registry.models.letters import Letter


class Case(Base):
    """The matter: one or more letters, one state, one due date.

    `version` grows with every transition; a write against an older one is refused. `archived`
    tells that it came from the archive of old papers: ended before it was entered, no date runs.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_state", "state", "leased_until"),
        Index("ix_cases_group", "group_id", "due_date"),
        # All that counts of open cases ask for.
        Index("ix_cases_open", "state", "due_date", "group_id", "restricted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    category: Mapped[str | None]
    subcategory: Mapped[str | None]
    group_id: Mapped[str | None] = mapped_column(ForeignKey("groups.id"))
    urgency: Mapped[str] = mapped_column(default="normal")
    restricted: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_date: Mapped[date | None]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    last_progress_at: Mapped[datetime]
    proposed_by: Mapped[str | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    reopen_count: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    fault_code: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]

    letters: Mapped[list[Letter]] = relationship(order_by=Letter.id)
    drafts: Mapped[list[Draft]] = relationship(order_by="Draft.version")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class CaseLink(Base):
    """A suggested or confirmed relation between two cases (เรื่องเดิม, ซ้ำ).

    `kind` is a `correspondence.vocabulary.LinkKind`; `score` says how much of two texts is alike
    (0 to 1), None where they were not compared. It is a suggestion until `decided_at`.
    """

    __tablename__ = "case_links"
    __table_args__ = (UniqueConstraint("case_id", "other_case_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    other_case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_by: Mapped[str | None]
    score: Mapped[float | None]
    declined_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class ClassificationRow(Base):
    """One decision on category and sub-category, by a model or by a person."""

    __tablename__ = "classifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    decided_by: Mapped[str]
    category: Mapped[str]
    subcategory: Mapped[str]
    probabilities: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    abstained: Mapped[bool]
    model_version: Mapped[str]
    decided_at: Mapped[datetime]


class DueDateRow(Base):
    """A computed due date with all its candidates; superseded rows are kept.

    `due_at` is the moment where the deadline has an hour. `calendar_version` is the state of the
    calendar with which the row in force was last found right.
    """

    __tablename__ = "due_dates"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    received_at: Mapped[datetime]
    anchor_date: Mapped[date]
    due_date: Mapped[date | None]
    due_at: Mapped[datetime | None]
    rule_id: Mapped[str | None]
    candidates: Mapped[list[Any]]
    holidays_counted: Mapped[list[Any]]
    explanation: Mapped[str]
    calendar_confirmed: Mapped[bool]
    needs_person: Mapped[bool]
    calendar_version: Mapped[str]
    computed_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Draft(Base):
    """One version of a memo; the .docx is in the blob store."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int]
    form: Mapped[str]
    template_version: Mapped[str]
    made_by: Mapped[str]
    sha256: Mapped[str]
    sections: Mapped[list[Any]]
    sentences: Mapped[list[Any]]
    made_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
