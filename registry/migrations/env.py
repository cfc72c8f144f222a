"""Alembic's entry: the connection is handed in by `registry.migrate`."""

from __future__ import annotations

from alembic import context

from registry.models import Base
from registry.models.search import is_index_table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=lambda name, kind, _parents: kind != "table" or not is_index_table(name),
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
