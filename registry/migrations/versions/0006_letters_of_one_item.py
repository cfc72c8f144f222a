"""Several letters of one item: their place in it, and the pages of a shared file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = (
    "id",
    "intake_item_id",
    "case_id",
    "register_year",
    "register_number",
    "received_at",
    "registered_at",
    "channel",
    "media_type",
    "kind",
    "language",
    "read_outcome",
    "sender_name",
    "sender_address",
    "warnings",
)


def upgrade() -> None:
    op.add_column("attachments", sa.Column("first_page", sa.Integer(), nullable=True))
    op.add_column("attachments", sa.Column("last_page", sa.Integer(), nullable=True))
    part = sa.Column("part", sa.Integer(), nullable=False, server_default="1")
    unique = ("intake_item_id", "part")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(part, unique)
        return
    op.add_column("letters", part)
    op.drop_constraint("uq_letters_intake_item_id", "letters")
    op.create_unique_constraint("uq_letters_intake_item_id_part", "letters", unique)


def downgrade() -> None:
    count = op.get_bind().scalar(sa.text("SELECT count(*) FROM letters WHERE part > 1"))
    if count:
        # Their numbers are given; leaving them out would make a gap in the register.
        raise RuntimeError(f"{count} letters beyond the first of an item have no older form")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(None, ("intake_item_id",))
    else:
        op.drop_constraint("uq_letters_intake_item_id_part", "letters")
        op.drop_column("letters", "part")
        op.create_unique_constraint("uq_letters_intake_item_id", "letters", ["intake_item_id"])
    op.drop_column("attachments", "last_page")
    op.drop_column("attachments", "first_page")


def _rebuild(part: sa.Column[int] | None, unique: tuple[str, ...]) -> None:
    """Make the table anew in SQLite, which cannot drop a constraint.

    Alembic's batch puts the copy in the old one's place by renaming it, and SQLite then counts
    every row that refers to a letter as orphaned. Filled after the old one is gone, each letter
    that comes back settles what referred to it; were one missing, the commit would fail.
    """
    names = ", ".join(_COLUMNS)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TEMPORARY TABLE kept_letters AS SELECT {names} FROM letters")
    op.drop_table("letters")
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_item_id", sa.Integer(), nullable=False),
        *(() if part is None else (part,)),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("register_year", sa.Integer(), nullable=False),
        sa.Column("register_number", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("read_outcome", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=True),
        sa.Column("sender_address", sa.String(), nullable=True),
        sa.Column("warnings", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(
            ["intake_item_id"], ["intake_items.id"], name=op.f("fk_letters_intake_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(*unique, name=op.f("uq_letters_" + "_".join(unique))),
        sa.UniqueConstraint(
            "register_year",
            "register_number",
            name=op.f("uq_letters_register_year_register_number"),
        ),
    )
    op.execute(f"INSERT INTO letters ({names}) SELECT {names} FROM kept_letters")
    op.execute("DROP TABLE kept_letters")
    op.create_index("ix_letters_case_id", "letters", ["case_id"])
