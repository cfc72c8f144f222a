"""Where a database is not what the models say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from registry.models import Base
from registry.models.search import is_index_table


def differences(connection: Connection) -> list[object]:
    """Return where the schema is not what the models say; each database has its own index."""
    opened = MigrationContext.configure(
        connection,
        opts={"include_name": lambda name, kind, _: kind != "table" or not is_index_table(name)},
    )
    return list(compare_metadata(opened, Base.metadata))
