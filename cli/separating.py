"""Separator sheets (แผ่นคั่นหนังสือ) for scans of several letters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.looking import Json
from cli.output import people, print_json


def separator(
    out: Annotated[Path, typer.Option(help="write the sheet as .pdf")],
    json: Json = False,
) -> None:
    """A sheet (แผ่นคั่นหนังสือ) to lay between letters that are scanned into one file."""
    from office.settings import read_settings
    from pipeline.separator_sheet import write_separator

    made = write_separator(read_settings().config_folder, out)
    if json:
        print_json(made)
        return
    people.print(f"แผ่นคั่นหนังสือ → {made.file}", markup=False, highlight=False)
