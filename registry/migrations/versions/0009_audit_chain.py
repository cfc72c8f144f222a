"""The chain of the audit trail; the events there are become its first links, oldest id first."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

from registry.audit_form import AuditKeys, EventRecord, genesis_hash, make_head, make_link
from registry.models.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHUNK = 500

_UP = {
    "sqlite": (
        """CREATE TRIGGER audit_links_no_update BEFORE UPDATE ON audit_links
           BEGIN SELECT RAISE(ABORT, 'audit_links is append-only'); END""",
        """CREATE TRIGGER audit_links_no_delete BEFORE DELETE ON audit_links
           BEGIN SELECT RAISE(ABORT, 'audit_links is append-only'); END""",
        """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
           BEGIN SELECT RAISE(ABORT, 'audit_head only moves on'); END""",
        """CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
           WHEN NEW.sequence <= OLD.sequence OR NEW.chain_id <> OLD.chain_id
           BEGIN SELECT RAISE(ABORT, 'audit_head only moves on'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION refuse_audit_link_change() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'audit_links is append-only'; END $$""",
        """CREATE TRIGGER audit_links_no_change
           BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_link_change()""",
        """CREATE FUNCTION refuse_audit_head_change() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'audit_head only moves on'; END $$""",
        """CREATE TRIGGER audit_head_no_delete
           BEFORE DELETE OR TRUNCATE ON audit_head
           FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_head_change()""",
        """CREATE TRIGGER audit_head_moves_on
           BEFORE UPDATE ON audit_head FOR EACH ROW
           WHEN (NEW.sequence <= OLD.sequence OR NEW.chain_id <> OLD.chain_id)
           EXECUTE FUNCTION refuse_audit_head_change()""",
    ),
}
_DOWN = {
    "sqlite": (),
    "postgresql": (
        "DROP FUNCTION refuse_audit_link_change()",
        "DROP FUNCTION refuse_audit_head_change()",
    ),
}
_EVENTS = sa.table(
    "audit_events",
    sa.column("id", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("case_id", sa.Integer()),
    sa.column("intake_item_id", sa.Integer()),
    sa.column("from_state", sa.String()),
    sa.column("to_state", sa.String()),
    sa.column("reason", sa.String()),
    sa.column("before", sa.JSON()),
    sa.column("after", sa.JSON()),
)


def upgrade() -> None:
    links = op.create_table(
        "audit_links",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_events.id"], name=op.f("fk_audit_links_event_id_audit_events")
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_links_event_id")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chain_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    _chain(links, head)
    for statement in _UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    # The events stay; going up again chains them anew, and anchors of this chain end here.
    op.drop_table("audit_head")
    op.drop_table("audit_links")
    for statement in _DOWN[op.get_bind().dialect.name]:
        op.execute(statement)


def _chain(links: sa.Table, head: sa.Table) -> None:
    """Make a link for every event, without a key: a migration is not told any."""
    connection = op.get_bind()
    # Nobody may add an event between our look and the first chained commit.
    if connection.dialect.name == "postgresql":
        op.execute("LOCK TABLE audit_events IN SHARE ROW EXCLUSIVE MODE")
    keys, chain_id = AuditKeys(), uuid.uuid4().hex
    previous, sequence, last_id = genesis_hash(chain_id), 0, None
    while True:
        query = sa.select(_EVENTS).order_by(_EVENTS.c.id).limit(_CHUNK)
        query = query if last_id is None else query.where(_EVENTS.c.id > last_id)
        events = [EventRecord(**row) for row in connection.execute(query).mappings()]
        if not events:
            break
        made = []
        for event in events:
            sequence += 1
            link = make_link(keys, key_id="", sequence=sequence, previous=previous, event=event)
            previous = link.hash
            made.append({name: getattr(link, name) for name in link.__dataclass_fields__})
        op.bulk_insert(links, made)
        last_id = events[-1].id
    first = make_head(keys, chain_id=chain_id, sequence=sequence, last=previous, key_id="")
    row = {name: getattr(first, name) for name in first.__dataclass_fields__}
    op.bulk_insert(head, [{"id": 1, **row}])
