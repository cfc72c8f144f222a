"""The versions of the classifier: what each learnt from, how it did, which one answered when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base


class ModelVersionRow(Base):
    """One trained classifier; the file itself lies in the models folder.

    `check_…` are counts on the letters no model is trained on, `recent_…` on the corrections
    that the model in force did not know either: right, and wrong without abstaining.
    `refused` names why it was not put in force by the machine; empty where it was.
    `shared_at` is when its file was put into the blob store for the other machines; None where it
    never was. `in_force_since` is None while it never answered, or after another took over.
    """

    __tablename__ = "model_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    shipped_letters: Mapped[int]
    corrections: Mapped[int]
    made_at: Mapped[datetime]
    check_letters: Mapped[int]
    check_right: Mapped[int]
    check_wrong: Mapped[int]
    recent_letters: Mapped[int]
    recent_right: Mapped[int]
    recent_wrong: Mapped[int]
    refused: Mapped[str] = mapped_column(default="")
    promoted_at: Mapped[datetime | None]
    promoted_by: Mapped[str | None]
    in_force_since: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
