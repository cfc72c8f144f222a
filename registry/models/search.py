"""The index of what letters say; the words themselves stand in `letter_words`."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from registry.models.base import Base
from registry.models.letters import FieldRow

WORDS_TABLE = "letter_words"


class LetterSearchRow(Base):
    """That a letter stands in the index, and its head in plain folded text.

    The words are in a table that each database has in its own kind (FTS5 on SQLite, a `tsvector`
    on PostgreSQL), keyed by the letter's id. `scheme` is the cutting they were made with;
    `withdrawn` letters (void numbers) have no words.
    """

    __tablename__ = "letter_search"

    letter_id: Mapped[int] = mapped_column(
        ForeignKey("letters.id"), primary_key=True, autoincrement=False
    )
    scheme: Mapped[int]
    head: Mapped[str]
    withdrawn: Mapped[bool] = mapped_column(default=False)


def is_index_table(name: str | None) -> bool:
    """Tell whether a table is one of the index's own, which no model describes."""
    return name is not None and (name == WORDS_TABLE or name.startswith(f"{WORDS_TABLE}_"))


# Meetings of a month; any other value may be longer than an index takes.
for _column in (FieldRow.machine_value, FieldRow.person_value):
    Index(
        f"ix_fields_meeting_{_column.key}",
        _column,
        sqlite_where=text("name = 'meeting_at'"),
        postgresql_where=text("name = 'meeting_at'"),
    )
