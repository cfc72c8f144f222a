"""`saraban case bulk`: one action on several cases, each an action of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.arguments import read_request
from cli.house import By, open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault


def bulk(
    action: Annotated[
        str,
        typer.Argument(
            help="reassign, assign, choose-category, recategorise or return-to-triage",
            show_default=False,
        ),
    ],
    case_ids: Annotated[list[int], typer.Argument(help="ids of the cases", show_default=False)],
    by: By,
    reason: Annotated[str, typer.Option(help="why; it stands in the trail of each")] = "",
    group: Annotated[str | None, typer.Option(help="id of a group")] = None,
    person: Annotated[str | None, typer.Option(help="sign-in name of the new owner")] = None,
    category: Annotated[str | None, typer.Option()] = None,
    subcategory: Annotated[str | None, typer.Option()] = None,
    key: Annotated[str | None, typer.Option(help="idempotency key: each is done once")] = None,
    json: Json = False,
) -> None:
    """Do the same to several cases; each is done or refused by itself, with its reason."""
    from pipeline.bulk import BULK_ACTIONS, BulkRequest, act_on_cases
    from pipeline.case_record import action_named

    wanted = action_named(action)
    if wanted not in BULK_ACTIONS:
        raise UsageFault(
            f"{action} is not for several cases.",
            remedy="One of " + ", ".join(one.value.replace("_", "-") for one in BULK_ACTIONS),
        )
    asked = {
        "cases": dict.fromkeys(case_ids),
        "action": wanted,
        "by": by,
        "reason": reason,
        "group": group,
        "person": person,
        "category": category,
        "subcategory": subcategory,
        "key": key,
    }
    request = read_request(BulkRequest, asked)
    with open_house() as house:
        lines = act_on_cases(house, request)
    refused = sum(not line.done for line in lines)
    if json:
        print_json(lines)
    else:
        print_table(
            ("id", "เลขรับ", "", "กลุ่มงาน", "สถานะ", "fault", "reason"),
            [
                (
                    line.case_id,
                    line.register_number,
                    "ทำแล้ว" if line.done else "ไม่ได้ทำ",
                    line.group,
                    line.state.thai if line.state else None,
                    line.fault,
                    f"{line.thai} / {line.english}" if line.fault else None,
                )
                for line in lines
            ],
        )
        people.print(f"{len(lines) - refused} / {len(lines)}", style="bold")
    if refused:
        raise typer.Exit(1)
