"""The outbox on the command line: drafts that wait for a person, released or withdrawn."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault


def outbox(
    release: Annotated[list[int] | None, typer.Option(help="let this draft leave")] = None,
    withdraw: Annotated[list[int] | None, typer.Option(help="never send this draft")] = None,
    by: Annotated[str, typer.Option(help="sign-in name of the person who decides")] = "",
    json: Json = False,
) -> None:
    """Drafts to senders that wait for a person; --release and --withdraw decide on them."""
    from pipeline.acknowledging import release_draft, waiting_drafts, withdraw_draft
    from pipeline.bootstrap import open_house

    if (release or withdraw) and not by.strip():
        raise UsageFault("--by is missing.", remedy="Say whose decision it is: --by NAME.")
    house = open_house()
    try:
        for message_id in release or ():
            release_draft(house, message_id, by=by)
        for message_id in withdraw or ():
            withdraw_draft(house, message_id, by=by)
        waiting = waiting_drafts(house)
    finally:
        house.close()
    if json:
        print_json(waiting)
        return
    print_table(
        ("id", "เลขรับ", "recipient", "subject", "drafted"),
        [(d.id, d.register_number, d.recipient, d.subject, d.created_at) for d in waiting],
    )
    people.print(f"{len(waiting)} drafts wait")
