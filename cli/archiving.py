"""`saraban import-archive`: tens of thousands of old scans, beside the work of the day."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.house import open_house
from cli.keeping import Progress
from cli.looking import Json
from cli.output import people, print_json, print_table


def import_archive(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder with the old scans")],
    report: Annotated[
        Path | None, typer.Option("--report", help="the .csv of outcomes; default in the data home")
    ] = None,
    helpers: Annotated[
        int,
        typer.Option(
            "--helpers",
            min=0,
            max=64,
            help="processes under Prefect and Dask (pip install 'saraban[archive]'); "
            "0 reads in this one",
        ),
    ] = 0,
    json: Json = False,
) -> None:
    """Enter old papers: each file once, no due dates; begun again it goes on where it ended."""
    from office.settings import read_settings

    settings = read_settings()
    target = report or settings.home_folder / "archive-report.csv"
    if helpers:
        from flows.prefect_environment import client_environment

        # Prefect reads its settings from the environment when it is imported.
        os.environ.update(client_environment(settings))
        from flows.import_archive import run_import

        state = run_import(settings, folder.resolve(), target.resolve(), helpers)
        people.print(f"{state.name}: {state.message}", markup=False)
        if not state.is_completed():
            raise typer.Exit(1)
        return
    from pipeline.archive_import import be_nice
    from pipeline.archive_import import import_archive as import_it

    be_nice()

    with open_house() as house:
        done = import_it(house, folder, target, Progress())
    if json:
        print_json(done)
        return
    taken = done.taken
    rows: list[tuple[object, ...]] = [
        ("new in the ledger", taken.new),
        ("there before", taken.known),
        ("not to be taken", taken.refused),
        *((outcome, count) for outcome, count in done.outcomes.items()),
        ("wait for their next try", done.waiting),
    ]
    print_table(("what", "files"), rows)
    people.print(done.report, markup=False, highlight=False, soft_wrap=True)
