"""What people do to a case: extensions, pauses, contributions, coordination, idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = (
    "extensions",
    "pauses",
    "contributions",
    "coordination_entries",
    "assignments",
)


def upgrade() -> None:
    op.create_table(
        "extensions",
        *_of_a_case("extensions"),
        sa.Column("original_due", sa.Date(), nullable=False),
        sa.Column("from_due", sa.Date(), nullable=False),
        sa.Column("to_due", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("lapsed_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "pauses",
        *_of_a_case("pauses"),
        sa.Column("due_row_id", sa.Integer(), nullable=True),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("paused_by", sa.String(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=False),
        sa.Column("resumed_by", sa.String(), nullable=True),
        sa.Column("resumed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["due_row_id"], ["due_dates.id"], name=op.f("fk_pauses_due_row_id")
        ),
    )
    op.create_table(
        "contributions",
        *_of_a_case("contributions"),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "coordination_entries",
        *_of_a_case("coordination_entries"),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("promised_by", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "assignments",
        *_of_a_case("assignments"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignments_person_id")
        ),
    )
    for table in _TABLES:
        op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"], unique=False)
    op.create_index(op.f("ix_assignments_person_id"), "assignments", ["person_id"], unique=False)
    for table, name, open_end in (
        ("pauses", "uq_pauses_running", "resumed_at IS NULL"),
        ("assignments", "uq_assignments_current", "ended_at IS NULL"),
    ):
        op.create_index(
            name,
            table,
            ["case_id"],
            unique=True,
            sqlite_where=sa.text(open_end),
            postgresql_where=sa.text(open_end),
        )
    op.create_table(
        "action_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_action_keys_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_action_keys")),
    )
    op.create_index(op.f("ix_action_keys_case_id"), "action_keys", ["case_id"], unique=False)


def _of_a_case(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{table}_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("action_keys")
    for table in reversed(_TABLES):
        op.drop_table(table)
