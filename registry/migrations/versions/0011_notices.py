"""The sent table of reminders apart from the outbox; what administrators know of alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_REMINDERS = ("near_due", "due_today", "overdue", "no_progress", "not_accepted")
_CHUNK = 500


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("put_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_notices_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index(op.f("ix_notices_case_id"), "notices", ["case_id"], unique=False)
    _take_over_reminders()
    op.add_column("alerts", sa.Column("raised_told_at", UtcDateTime(), nullable=True))
    op.add_column("alerts", sa.Column("cleared_told_at", UtcDateTime(), nullable=True))
    # What has long passed is no news.
    op.execute(
        "UPDATE alerts SET raised_told_at = since, cleared_told_at = cleared_at "
        "WHERE cleared_at IS NOT NULL"
    )


def _take_over_reminders() -> None:
    """Count what was put as one message a reminder as put, so that it is not put again."""
    connection = op.get_bind()
    outbox = sa.table(
        "outbox",
        *(sa.column(name) for name in ("id", "key", "alert", "case_id", "recipient")),
        sa.column("created_at", UtcDateTime()),
    )
    notices = sa.table(
        "notices",
        *(sa.column(name) for name in ("key", "case_id", "level", "recipient", "message_id")),
        sa.column("put_at", UtcDateTime()),
    )
    rows = connection.execute(
        sa.select(outbox).where(outbox.c.alert.in_(_REMINDERS), outbox.c.case_id.is_not(None))
    ).all()
    for start in range(0, len(rows), _CHUNK):
        connection.execute(
            sa.insert(notices),
            [
                {
                    "key": row.key,
                    "case_id": row.case_id,
                    "level": row.key.partition("/")[0],
                    "recipient": row.recipient,
                    "message_id": row.id,
                    "put_at": row.created_at,
                }
                for row in rows[start : start + _CHUNK]
            ],
        )


def downgrade() -> None:
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_column("cleared_told_at")
        batch_op.drop_column("raised_told_at")
    op.drop_table("notices")
