"""Commands that keep the house whole: verify, backup, restore."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.house import open_house
from cli.looking import Json
from cli.output import faults, people, print_json, print_table

if TYPE_CHECKING:
    from pipeline.verifying import VerifyReport

_SECONDS_BETWEEN = 2.0


class Progress:
    """Says on stderr how far a long command is: each part once, then every two seconds."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._part = ""
        self._said = 0.0

    def __call__(self, part: str, done: int, total: int) -> None:
        """Take how much of a part is done."""
        now = time.monotonic()
        if part == self._part and now - self._said < _SECONDS_BETWEEN:
            return
        self._part, self._said = part, now
        counted = f" {done}/{total}" if total > 1 else ""
        faults.print(f"saraban: {part}{counted}", markup=False, soft_wrap=True)


def verify(json: Json = False) -> None:
    """Look at blobs, register, audit trail, due dates, ledger; exit code 1 for any finding."""
    from pipeline.verifying import verify_house

    with open_house() as house:
        report = verify_house(house, Progress())
    whole = report.outcome == "whole"
    if json:
        print_json(report)
    else:
        people.print(
            f"{report.outcome} · {report.blobs} blobs · {report.events} events",
            style="bold" if whole else "bold red",
        )
        _print_findings(report)
    if not whole:
        raise typer.Exit(1)


def _print_findings(report: VerifyReport) -> None:
    if report.findings:
        print_table(
            ("what", "", "how many", "first"),
            [(f.kind, f.thai, f.count, ", ".join(f.records)) for f in report.findings],
        )


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new folder for this backup")],
    json: Json = False,
) -> None:
    """Database, blobs, models and configuration into a folder, checked; the house may run on."""
    from correspondence.clock import utc_now
    from office.settings import read_settings
    from pipeline.backup import back_up

    report = back_up(read_settings(), folder, Progress(), utc_now)
    if json:
        print_json(report)
    else:
        people.print(
            f"{report.outcome} · {report.letters} letters · {report.blobs} blobs, "
            f"{report.blob_bytes} bytes · schema {report.schema_revision}",
            style="bold" if report.outcome == "whole" else "bold red",
        )
        if report.outcome != "whole":
            people.print(
                f"{report.missing} blobs are missing and {report.damaged} damaged in the house "
                "itself; see `saraban verify`",
                markup=False,
            )
        people.print(report.folder, markup=False, highlight=False, soft_wrap=True)
    if report.outcome != "whole":
        raise typer.Exit(1)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="what `saraban backup` made")],
    replace: Annotated[
        bool, typer.Option("--replace", help="also over a house; its database is put aside")
    ] = False,
    json: Json = False,
) -> None:
    """Put a backup back, upgrade it to this release, and end with `verify`. Stop `serve` first."""
    from correspondence.clock import utc_now
    from office.settings import read_settings
    from pipeline.restoring import restore as restore_backup

    report = restore_backup(read_settings(), folder, Progress(), utc_now, replace=replace)
    if json:
        print_json(report)
    else:
        people.print(
            f"{report.outcome} · {report.letters} letters · {report.blobs} blobs · schema "
            f"{report.from_revision} → {report.to_revision} · configuration {report.config}",
            style="bold" if report.outcome == "whole" else "bold red",
        )
        if report.put_aside:
            people.print(f"put aside: {report.put_aside}", markup=False, soft_wrap=True)
        if report.differing:
            people.print(f"not as in the backup: {', '.join(report.differing)}", markup=False)
        _print_findings(report.verify)
    if report.outcome != "whole":
        raise typer.Exit(1)
