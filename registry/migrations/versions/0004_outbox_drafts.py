"""Outbox: drafts that a person releases, and messages withdrawn for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("released_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("released_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    # What was never released would leave under the older schema.
    op.execute(
        "UPDATE outbox SET attempts = 99 "
        "WHERE sent_at IS NULL AND (draft OR withdrawn_at IS NOT NULL)"
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name in ("withdrawn_at", "released_at", "released_by", "draft"):
            batch_op.drop_column(name)
