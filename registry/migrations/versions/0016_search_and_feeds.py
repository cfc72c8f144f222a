"""The index of what letters say, addresses of calendar feeds, and what lists are sorted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MEETING = sa.text("name = 'meeting_at'")
# Words come cut and parted by blanks; a Thai mark belongs to its word.
_FTS = """CREATE VIRTUAL TABLE letter_words USING fts5(
    head, body, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'")"""


def upgrade() -> None:
    op.create_table(
        "letter_search",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_search_letter_id")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_search")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE letter_words (letter_id integer PRIMARY KEY, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX letter_words_words ON letter_words USING gin (words)")
    else:
        op.execute(_FTS)
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_calendar_feeds_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feeds_person_id"), "calendar_feeds", ["person_id"])
    op.create_index(op.f("ix_cases_due_date"), "cases", ["due_date"])
    op.create_index("ix_intake_items_arrived_at", "intake_items", ["arrived_at", "id"])
    for column in ("machine_value", "person_value"):
        op.create_index(
            f"ix_fields_meeting_{column}",
            "fields",
            [column],
            sqlite_where=_MEETING,
            postgresql_where=_MEETING,
        )


def downgrade() -> None:
    for column in ("machine_value", "person_value"):
        op.drop_index(f"ix_fields_meeting_{column}", table_name="fields")
    op.drop_index("ix_intake_items_arrived_at", table_name="intake_items")
    op.drop_index(op.f("ix_cases_due_date"), table_name="cases")
    op.drop_index(op.f("ix_calendar_feeds_person_id"), table_name="calendar_feeds")
    op.drop_table("calendar_feeds")
    op.execute("DROP TABLE letter_words")
    op.drop_table("letter_search")
