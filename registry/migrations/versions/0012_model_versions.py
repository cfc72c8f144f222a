"""Versions of the classifier with their hash, their figures and when each answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNTS = (
    "shipped_letters",
    "corrections",
    "check_letters",
    "check_right",
    "check_wrong",
    "recent_letters",
    "recent_right",
    "recent_wrong",
)


def upgrade() -> None:
    op.create_table(
        "model_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("refused", sa.String(), nullable=False),
        sa.Column("promoted_at", UtcDateTime(), nullable=True),
        sa.Column("promoted_by", sa.String(), nullable=True),
        sa.Column("in_force_since", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
        sa.UniqueConstraint("version", name=op.f("uq_model_versions_version")),
    )


def downgrade() -> None:
    op.drop_table("model_versions")
