"""One index for what lists and counts of open cases ask for."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_cases_due_date"), table_name="cases")
    op.create_index("ix_cases_open", "cases", ["state", "due_date", "group_id", "restricted"])


def downgrade() -> None:
    op.drop_index("ix_cases_open", table_name="cases")
    op.create_index(op.f("ix_cases_due_date"), "cases", ["due_date"])
