"""`saraban held …`: holding pen, quarantine, secret desk and retries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from cli.house import By, open_house
from cli.looking import UNREADABLE, Json
from cli.output import people, print_json, print_table
from correspondence.charsets import decode_thai
from correspondence.errors import UsageFault
from correspondence.vocabulary import IntakeOutcome

if TYPE_CHECKING:
    from pipeline.held import ItemResult
    from pipeline.placing import Placement
    from pipeline.typed_letter import TypedLetter

Id = Annotated[int, typer.Argument(help="id of the item, as `held list` shows it")]
Why = Annotated[str, typer.Option(help="why; it stands in the audit trail")]

_LONGEST_READING = 2 * 2**20

held = typer.Typer(
    help="Holding pen, quarantine, secret desk: list, show, retry, place, release.",
    no_args_is_help=True,
)


@held.command("list")
def list_items(
    kind: Annotated[
        str | None, typer.Option(help="held, quarantined, secret, pending (retries) or rejected")
    ] = None,
    json: Json = False,
) -> None:
    """What waits for a person or for its next try, oldest arrival first."""
    from pipeline.held_view import QUEUES, held_lines

    wanted = (_kind(kind),) if kind is not None else QUEUES
    with open_house() as house:
        lines = held_lines(house, wanted)
    if json:
        print_json(lines)
        return
    print_table(
        ("id", "source", "arrived", "since", "outcome", "reason", "tries", "bytes", ""),
        [
            (
                line.id,
                line.source,
                f"{line.arrived_at:%Y-%m-%d %H:%M}Z",
                f"{line.since:%Y-%m-%d %H:%M}Z" if line.since else None,
                line.outcome.thai,
                line.reason,
                line.attempts,
                line.size,
                " ".join(
                    word
                    for word, said in (
                        ("น่าสงสัย", line.suspicious),
                        ("รับไปแล้ว", line.handed_over),
                    )
                    if said
                ),
            )
            for line in lines
        ],
    )


@held.command("show")
def show_item(item_id: Id, json: Json = False) -> None:
    """Why an item stands there, what is known of it, its history, where its bytes are."""
    from pipeline.held_view import held_item

    with open_house() as house:
        item = held_item(house, item_id)
    if json:
        print_json(item)
        return
    rows = [(name, getattr(item, name)) for name in type(item).model_fields if name != "history"]
    print_table(("", ""), [(name, value) for name, value in rows if value not in (None, ())])
    print_table(
        ("at", "who", "did", "outcome", "reason"),
        [(e.at, e.actor, e.action, e.outcome, e.reason) for e in item.history],
    )


@held.command("retry")
def retry(
    by: By,
    item_ids: Annotated[
        list[int] | None, typer.Argument(help="ids of the items", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="all that --reason names")] = False,
    reason: Annotated[
        str | None, typer.Option(help="with --all: code of the reason, as `held list` shows it")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(help="environment variable with a password, tried this once")
    ] = None,
    json: Json = False,
) -> None:
    """Let items be read again; undoes `not-a-letter`. With a password they are read at once."""
    from pipeline.held import items_to_retry, retry_items

    ids = item_ids or []
    if every == bool(ids) or every != (reason is not None):
        raise UsageFault("Name ids, or --all with --reason CODE.")
    passwords = [_password(password_env)] if password_env is not None else []
    with open_house() as house:
        if reason is not None:
            ids = items_to_retry(house, reason)
        done = retry_items(house, ids, by=by, passwords=passwords)
    if json:
        print_json(done)
    else:
        _show_results(done)
    if any(one.fault for one in done):
        raise typer.Exit(1)
    if passwords:
        _exit_if_held([one.outcome for one in done])


@held.command("release")
def release(item_id: Id, by: By, reason: Why, json: Json = False) -> None:
    """Register a quarantined mail that is a letter after all; it is read at once."""
    from pipeline.held import release_item

    with open_house() as house:
        done = release_item(house, item_id, by=by, reason=reason)
    if json:
        print_json(done)
    else:
        _show_results((done,))
    _exit_if_held([done.outcome])


@held.command("not-a-letter")
def not_a_letter(item_id: Id, by: By, reason: Why, json: Json = False) -> None:
    """End an item as not a letter; nothing is deleted, and `held retry` undoes it."""
    from pipeline.held import mark_not_a_letter

    with open_house() as house:
        done = mark_not_a_letter(house, item_id, by=by, reason=reason)
    if json:
        print_json(done)
    else:
        _show_results((done,))


@held.command("place")
def place(
    item_id: Id,
    by: By,
    reading: Annotated[
        Path | None, typer.Option(help="text file with what a person typed of the letter")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="เรื่อง")] = None,
    sender: Annotated[str | None, typer.Option(help="who sent it")] = None,
    document_number: Annotated[str | None, typer.Option(help="ที่")] = None,
    document_date: Annotated[
        str | None, typer.Option(help="ลงวันที่: 2569-11-21, or as written")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="ส่วนราชการเจ้าของหนังสือ")] = None,
    confirm: Annotated[
        str | None, typer.Option(help="what the first step has printed; registers the letter")
    ] = None,
    json: Json = False,
) -> None:
    """Register by hand what the machine cannot read: once to see, once with --confirm to do."""
    from pipeline.placing import place_item, preview_placement

    typed = _typed(
        text=_text(reading) if reading is not None else "",
        subject=subject,
        sender=sender,
        document_number=document_number,
        document_date=document_date,
        agency=agency,
    )
    with open_house() as house:
        if confirm is None:
            placed = preview_placement(house, item_id, typed, by=by)
        else:
            placed = place_item(house, item_id, typed, by=by, confirm=confirm)
    if json:
        print_json(placed)
    else:
        _show_placement(placed)


@held.command("hand-over")
def hand_over(
    item_id: Id,
    by: By,
    out: Annotated[Path | None, typer.Option(help="new file for the bytes; given out once")] = None,
    json: Json = False,
) -> None:
    """The registrar of classified information takes a secret item."""
    from pipeline.hand_over import hand_over_item

    with open_house() as house:
        taken = hand_over_item(house, item_id, by=by, out=out)
    if json:
        print_json(taken)
    else:
        people.print(f"{taken.id}: {taken.grade.thai} → {taken.by}", markup=False)
        if taken.file:
            people.print(taken.file, markup=False, highlight=False, soft_wrap=True)


def _kind(name: str) -> IntakeOutcome:
    kinds = (
        IntakeOutcome.HELD,
        IntakeOutcome.QUARANTINED,
        IntakeOutcome.SECRET,
        IntakeOutcome.PENDING,
        IntakeOutcome.REJECTED,
    )
    found = next((kind for kind in kinds if kind.value == name), None)
    if found is None:
        raise typer.BadParameter("one of " + ", ".join(kinds), param_hint="--kind")
    return found


def _password(variable: str) -> str:
    password = os.environ.get(variable, "")
    if not password:
        # Not even the variable's name: somebody may have typed the password itself.
        raise UsageFault(
            "--password-env names no environment variable that is set.",
            thai="ไม่พบตัวแปรสภาพแวดล้อมที่เก็บรหัสผ่าน",
            remedy="Give the variable's name, not the password.",
        )
    return password


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST_READING:
            raise UsageFault("--reading is too long for a typed letter.")
        return decode_thai(path.read_bytes())[0]
    except OSError as fault:
        raise UsageFault(f"--reading cannot be read: {fault.strerror}.") from None


def _typed(**given: str | None) -> TypedLetter:
    from pipeline.typed_letter import TypedLetter

    try:
        return TypedLetter.model_validate(given)
    except ValidationError as fault:
        # Pydantic's own words would repeat what was typed.
        where = ", ".join(
            "--" + str(error["loc"][0]).replace("_", "-") if error["loc"] else "--reading"
            for error in fault.errors()
        )
        raise UsageFault(
            f"Wrong or missing: {where}.",
            thai="ข้อมูลที่พิมพ์ไม่ครบหรือผิดรูปแบบ",
            remedy="Give --reading FILE.txt or --subject; dates as 2569-11-21.",
        ) from None


def _show_results(results: tuple[ItemResult, ...]) -> None:
    print_table(
        ("id", "outcome", "เลขรับ", "reason", "fault"),
        [
            (r.id, r.outcome.thai if r.outcome else None, r.register_number, r.reason, r.fault)
            for r in results
        ],
    )


def _show_placement(placed: Placement) -> None:
    number = f" {placed.register_number}" if placed.register_number else ""
    people.print(f"{placed.id}: {placed.outcome.thai}{number}", style="bold", markup=False)
    if placed.reason:
        people.print(placed.reason, markup=False, highlight=False)
    if placed.fields:
        print_table(("", "", ""), [(f.name, f.value, f.by) for f in placed.fields])
    if placed.same_number:
        people.print("เลขที่หนังสือเดียวกัน: " + ", ".join(placed.same_number), markup=False)
    if placed.confirm:
        people.print(f"--confirm {placed.confirm}", markup=False, highlight=False)


def _exit_if_held(outcomes: list[IntakeOutcome | None]) -> None:
    if IntakeOutcome.HELD in outcomes:
        raise typer.Exit(UNREADABLE)
