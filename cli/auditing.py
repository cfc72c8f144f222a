"""`saraban audit …`: check the audit trail, anchor it, show what it holds about a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from cli.arguments import read_file
from cli.house import open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault

_LONGEST_ANCHOR = 4096

audit = typer.Typer(
    help="The audit trail: verify its chain, anchor it, show a case.", no_args_is_help=True
)


@audit.command("verify")
def verify(
    anchor: Annotated[
        Path | None, typer.Option(help="a file that `audit anchor` wrote, kept elsewhere")
    ] = None,
    json: Json = False,
) -> None:
    """Find any change, removal or insertion in the trail; exit code 1 where it is broken."""
    from pipeline.auditing import WHOLE, read_anchor, verify_audit

    kept = read_anchor(read_file(anchor, _LONGEST_ANCHOR)) if anchor is not None else None
    with open_house() as house:
        report = verify_audit(house, kept)
    whole = report.outcome == WHOLE
    if json:
        print_json(report)
    else:
        people.print(
            f"{report.outcome} · {report.events} events · {report.hash}",
            style="bold" if whole else "bold red",
        )
        keyed = f"from link {report.keyed_from}" if report.keyed_from else "none"
        people.print(f"key: {keyed}", highlight=False)
        if not whole:
            print_table(
                ("what", "", "link", "event"),
                [(one.kind, one.thai, one.sequence, one.event_id) for one in report.breaks],
            )
            people.print(f"{report.break_count} places", highlight=False)
    if not whole:
        raise typer.Exit(1)


@audit.command("anchor")
def anchor(
    out: Annotated[Path | None, typer.Option(help="write it to this new file, too")] = None,
    json: Json = False,
) -> None:
    """Print where the chain ends now; keep it where nobody who writes the database can."""
    from pipeline.auditing import make_anchor

    with open_house() as house:
        made = make_anchor(house)
    if out is not None:
        try:
            # An older anchor is worth more than a newer one.
            with out.open("x", encoding="utf-8") as file:
                file.write(made.model_dump_json(indent=1) + "\n")
        except OSError as fault:
            raise UsageFault(f"{out} cannot be written: {fault.strerror}.") from None
    if json or out is None:
        print_json(made)
    else:
        people.print(f"link {made.sequence} · {out}", markup=False, highlight=False)


@audit.command("show")
def show(
    case: Annotated[int, typer.Option(help="id of the case")],
    by: Annotated[
        str | None, typer.Option(help="sign-in name of who looks, for a restricted case")
    ] = None,
    json: Json = False,
) -> None:
    """Everything the trail holds about a case: who, when, what, before and after."""
    from pipeline.auditing import case_trail

    with open_house() as house:
        lines = case_trail(house, case, by=by)
    if json:
        print_json(lines)
        return
    print_table(
        ("link", "at", "who", "did", "moved", "changed", "reason"),
        [
            (
                line.sequence,
                f"{line.at:%Y-%m-%d %H:%M:%S}Z",
                line.actor,
                line.action,
                f"{line.from_state or ''} → {line.to_state}" if line.to_state else None,
                _changes(line.before, line.after),
                line.reason,
            )
            for line in lines
        ],
    )


def _changes(before: JsonValue, after: JsonValue) -> str | None:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return None
    return "\n".join(
        f"{name}: {_written(before[name])} → {_written(after.get(name))}"
        if name in before
        else f"{name}: {_written(after[name])}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


def _written(value: JsonValue) -> str:
    return "-" if value is None else str(value)
