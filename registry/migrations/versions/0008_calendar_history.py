"""The calendar's corrections become an append-only history; confirmed years; the due hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("holidays", "calendar_years")


def upgrade() -> None:
    with op.batch_alter_table("holidays", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_holidays_day_region"), type_="unique")
    op.create_index(op.f("ix_holidays_day"), "holidays", ["day"], unique=False)
    op.execute("UPDATE holidays SET region = 'national' WHERE region = ''")
    op.create_table(
        "calendar_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_years")),
    )
    op.add_column("due_dates", sa.Column("due_at", UtcDateTime(), nullable=True))
    for table in TABLES:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_no_change
                BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_change()"""
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        )


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP FUNCTION refuse_{table}_change()")
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
    op.drop_column("due_dates", "due_at")
    op.drop_table("calendar_years")
    # The older schema has room for one row of a day and region: the one in force.
    op.execute(
        "DELETE FROM holidays WHERE id NOT IN (SELECT max(id) FROM holidays GROUP BY day, region)"
    )
    op.drop_index(op.f("ix_holidays_day"), table_name="holidays")
    with op.batch_alter_table("holidays", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_holidays_day_region"), ["day", "region"])
