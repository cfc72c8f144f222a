"""The machines of a house that share its database, and cases that came from an old archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machines",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("configuration", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_machines")),
    )
    op.add_column(
        "cases", sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # The file of a version lies in the blob store, too, since this moment.
    op.add_column("model_versions", sa.Column("shared_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("model_versions", "shared_at")
    op.drop_column("cases", "archived")
    op.drop_table("machines")
