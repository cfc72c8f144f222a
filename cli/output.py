"""What commands print: one JSON document on stdout, or tables for people; faults on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from correspondence.clock import BANGKOK
from correspondence.errors import SarabanError

people = Console()
faults = Console(stderr=True, highlight=False)


def print_json(document: BaseModel | Sequence[BaseModel]) -> None:
    """Print one JSON document, Thai as it is."""
    dumped = (
        document.model_dump(mode="json")
        if isinstance(document, BaseModel)
        else [part.model_dump(mode="json") for part in document]
    )
    sys.stdout.write(json.dumps(dumped, ensure_ascii=False, indent=1) + "\n")


def print_line(document: BaseModel) -> None:
    """Print one object on one line (JSON Lines)."""
    sys.stdout.write(json.dumps(document.model_dump(mode="json"), ensure_ascii=False) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; empty cells for None, moments as a clock in Bangkok shows them (C.E.)."""
    table = Table(show_lines=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Plain text: a file name may hold what looks like markup.
        table.add_row(*(Text(_cell(cell)) for cell in row))
    people.print(table)


def _cell(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(BANGKOK):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def print_fault(fault: SarabanError) -> None:
    """Print one line: what is wrong and how to mend it; the Thai reason below."""
    # One line each, however narrow the terminal: scripts and people search them.
    faults.print(f"saraban: {fault}", style="bold red", markup=False, soft_wrap=True)
    if fault.thai != fault.english:
        faults.print(f"         {fault.thai}", markup=False, soft_wrap=True)
