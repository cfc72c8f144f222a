"""Where fields and text stand on the pages of a letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fields", sa.Column("box", sa.JSON(), nullable=True))
    op.create_table(
        "page_layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.Column("turn", sa.Float(), nullable=False),
        sa.Column("stretches", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_page_layouts_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_layouts")),
        sa.UniqueConstraint("letter_id", "number", name=op.f("uq_page_layouts_letter_id_number")),
    )


def downgrade() -> None:
    op.drop_table("page_layouts")
    op.drop_column("fields", "box")
