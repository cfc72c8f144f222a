"""Alerts of sources; what the rules of a mailbox said of a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["source", "code"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.add_column("intake_items", sa.Column("sorted_at", UtcDateTime(), nullable=True))
    op.add_column("intake_items", sa.Column("rule", sa.String(), nullable=True))
    op.add_column("intake_items", sa.Column("category_hint", sa.String(), nullable=True))
    op.add_column(
        "intake_items", sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
    )
    # What arrived before there were rules has none to wait for.
    op.execute("UPDATE intake_items SET sorted_at = stored_at")


def downgrade() -> None:
    # Not as a batch: SQLite would drop and rebuild a table that others refer to.
    for name in ("priority", "category_hint", "rule", "sorted_at"):
        op.drop_column("intake_items", name)
    op.drop_table("alerts")
