"""Reminders and the outbox on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.house import open_house
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

    if (release or withdraw) and not by.strip():
        raise UsageFault("--by is missing.", remedy="Say whose decision it is: --by NAME.")
    with open_house() as house:
        for message_id in release or ():
            release_draft(house, message_id, by=by)
        for message_id in withdraw or ():
            withdraw_draft(house, message_id, by=by)
        waiting = waiting_drafts(house)
    if json:
        print_json(waiting)
        return
    print_table(
        ("id", "เลขรับ", "recipient", "subject", "drafted"),
        [(d.id, d.register_number, d.recipient, d.subject, d.created_at) for d in waiting],
    )
    people.print(f"{len(waiting)} drafts wait")


def remind(
    look: Annotated[
        bool, typer.Option("--look", help="show what is due at any hour; put and send nothing")
    ] = False,
    json: Json = False,
) -> None:
    """Reminders and alerts now: put what is due into the outbox and send what waits there."""
    from pipeline.reminder_pass import run_reminders
    from pipeline.reminding import due_notices

    with open_house() as house:
        if look:
            due = due_notices(house)
            if json:
                print_json(due)
                return
            print_table(
                ("case", "เลขรับ", "kind", "level", "role", "recipients", "reason"),
                [
                    (d.case_id, d.register_number, d.kind, d.level, d.role, d.recipients, d.reason)
                    for d in due
                ],
            )
            people.print(f"{len(due)} notices are due")
            return
        done = run_reminders(house)
    if json:
        print_json(done)
        return
    if not done.reminders.office_open:
        people.print("outside office hours: nobody is reminded")
    print_table(
        ("what", "count"),
        [
            *done.reminders.model_dump(exclude={"office_open"}).items(),
            ("alerts", done.alerts),
            *done.outbox.model_dump(exclude={"fault"}).items(),
        ],
    )
    if done.outbox.fault:
        people.print(f"the mail server took nothing more: {done.outbox.fault}")
