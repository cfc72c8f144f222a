"""The office's house for a command, and who gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.bootstrap import House

By = Annotated[str, typer.Option(help="sign-in name of the person who does it")]


def open_house() -> House:
    """Return the house of the settings in force; use as a context manager.

    Raises:
        SarabanError: as `pipeline.bootstrap.open_house`.
    """
    # Reading the database's modules takes a time that `--help` need not spend.
    from pipeline.bootstrap import open_house as open_it

    return open_it()
