"""`saraban config` and `saraban retention`: what is in force, and what is past its period."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.house import open_house
from cli.looking import Json
from cli.output import people, print_json, print_table


def config(
    entries: Annotated[
        bool, typer.Option("--entries", help="also every entry of the lists in the files")
    ] = False,
    json: Json = False,
) -> None:
    """The configuration in force, and where each value comes from; secrets are hidden."""
    from office.configuration import read_configuration
    from office.effective import configuration_is_shipped, effective_files, effective_settings
    from office.settings import read_settings

    settings = read_settings()
    configuration = read_configuration(settings.config_folder)
    values = effective_settings(settings)
    from_files = effective_files(configuration, entries=entries)
    if json:
        print_json((*values, *from_files))
        return
    print_table(
        ("setting", "value", "from"), [(v.name, v.value, f"{v.origin} {v.file}") for v in values]
    )
    whose = "shipped" if configuration_is_shipped(configuration) else "the office's own"
    people.print(f"{configuration.folder} ({whose})", markup=False, highlight=False, soft_wrap=True)
    print_table(
        ("key", "value", "from"),
        [(v.name, v.value, f"{v.origin} {Path(v.file).name}") for v in from_files],
    )


def retention(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as of this day (CE)")
    ] = None,
    json: Json = False,
) -> None:
    """What is past its keeping period by `retention.toml`; a list only, nothing is deleted."""
    from pipeline.retention import list_retention

    with open_house() as house:
        found = list_retention(house, on.date() if on else None)
    if json:
        print_json(found)
        return
    people.print(f"{found.on} · {found.cases} cases · {found.items} items", highlight=False)
    if found.unverified:
        people.print(
            f"not compared with their source by anybody: {', '.join(found.unverified)}",
            markup=False,
        )
    if found.lines:
        print_table(
            ("record", "id", "register numbers", "ended", "kept until", "rule"),
            [
                (x.record, x.id, ", ".join(x.register_numbers), x.ended_on, x.keep_until, x.rule)
                for x in found.lines
            ],
        )
