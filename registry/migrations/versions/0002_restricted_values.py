"""Restricted store: national numbers that are masked everywhere else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restricted_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_restricted_values_letter_id_letters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restricted_values")),
    )
    with op.batch_alter_table("restricted_values", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_restricted_values_letter_id"), ["letter_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("restricted_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_restricted_values_letter_id"))

    op.drop_table("restricted_values")
