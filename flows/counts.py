"""What operators see of a run: a table of counts and ids, never of letters."""

from __future__ import annotations

from collections.abc import Mapping

from prefect.artifacts import create_table_artifact


def show_counts(key: str, rows: list[Mapping[str, str | int]], description: str) -> None:
    """Leave a table artifact with the run; `key` is lower case with dashes."""
    create_table_artifact(table=[dict(row) for row in rows], key=key, description=description)
