"""An index for the history of one item: people ask for it, and the gate at every automatic mail."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_events_intake_item_id", "audit_events", ["intake_item_id"])


def downgrade() -> None:
    op.drop_index("ix_audit_events_intake_item_id", "audit_events")
