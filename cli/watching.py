"""`saraban watchdog`: one look of the dead man's check, for a timer outside `saraban serve`."""

from __future__ import annotations

import typer

from cli.looking import Json
from cli.output import people, print_json


def watchdog(json: Json = False) -> None:
    """Has the house done its rounds? What is missed becomes an alert; exit code 1."""
    from office.settings import read_settings
    from pipeline.watchdog import watch_house

    report = watch_house(read_settings())
    if json:
        print_json(report)
    else:
        for one in report.missed:
            people.print(f"{one.source}: {one.code}", markup=False)
        people.print(f"missed {len(report.missed)} · mails sent {report.mailed}")
    if report.missed:
        raise typer.Exit(1)
