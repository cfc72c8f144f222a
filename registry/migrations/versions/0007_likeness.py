"""Signatures of letters, campaigns, decided links; the token of a message we send."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

from registry.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DECIDED = ("score", "declined_by", "decided_at")


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_letter_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_letter_id"], ["letters.id"], name=op.f("fk_campaigns_first_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "letter_signatures",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_signatures_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_letter_signatures_campaign_id")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_signatures")),
    )
    for column in ("number_key", "campaign_id"):
        op.create_index(
            op.f(f"ix_letter_signatures_{column}"), "letter_signatures", [column], unique=False
        )
    op.create_table(
        "letter_bands",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_bands_letter_id")
        ),
        sa.PrimaryKeyConstraint("key", "letter_id", name=op.f("pk_letter_bands")),
    )
    op.create_index(op.f("ix_letter_bands_letter_id"), "letter_bands", ["letter_id"], unique=False)
    op.add_column("case_links", sa.Column("score", sa.Float(), nullable=True))
    op.add_column("case_links", sa.Column("declined_by", sa.String(), nullable=True))
    op.add_column("case_links", sa.Column("decided_at", UtcDateTime(), nullable=True))
    op.add_column("outbox", sa.Column("token", sa.String(), nullable=True))
    _give_tokens()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_outbox_token"), ["token"])


def _give_tokens() -> None:
    """Give what was put so far the token its Message-ID was made of."""
    connection = op.get_bind()
    outbox = sa.table("outbox", sa.column("id"), sa.column("key"), sa.column("token"))
    for row in connection.execute(sa.select(outbox.c.id, outbox.c.key)).all():
        token = hashlib.sha256(row.key.encode()).hexdigest()[:32]
        connection.execute(sa.update(outbox).where(outbox.c.id == row.id).values(token=token))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_outbox_token"), type_="unique")
        batch_op.drop_column("token")
    for name in _DECIDED:
        op.drop_column("case_links", name)
    op.drop_table("letter_bands")
    op.drop_table("letter_signatures")
    op.drop_table("campaigns")
