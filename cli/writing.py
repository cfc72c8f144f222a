"""`saraban letter`: the office's own letters about a case, for a person to sign and send."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.house import open_house
from cli.looking import Json
from cli.output import people, print_json
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.thai_dates import parse_date
from correspondence.vocabulary import Urgency
from drafting.redaction.number_forms import TO_CHECK, Hidden
from office.letters import OutgoingKind

if TYPE_CHECKING:
    from pipeline.writing import Writing

_BLANKS = {
    "addressee": "ผู้รับ (--to)",
    "reply_by": "วันที่ขอให้แจ้งผล (--reply-by)",
    "our_letter": "ที่และวันที่ของหนังสือเดิม (--our-number, --our-date)",
}


class LetterSummary(Frozen):
    """JSON of `letter`: the files written, what is left to fill in, what was blacked out."""

    kind: str
    case: int
    register_number: str
    files: tuple[str, ...]
    missing: tuple[str, ...]
    hidden: dict[str, int]
    withheld_pages: tuple[int, ...]
    fingerprint: str
    confirmed: str


def letter(
    kind: Annotated[str, typer.Argument(help=", ".join(OutgoingKind))],
    case: Annotated[int, typer.Option(help="id of the case")],
    by: Annotated[str, typer.Option(help="sign-in name of who asks for it")],
    out: Annotated[Path, typer.Option(help="folder to write into")],
    to: Annotated[str, typer.Option(help="whom it is written to (เรียน)")] = "",
    ask: Annotated[
        list[str] | None, typer.Option(help="what is asked, or missing; more than one is numbered")
    ] = None,
    reply_by: Annotated[str, typer.Option(help="a day, B.E. or C.E.")] = "",
    our_number: Annotated[str, typer.Option(help="number of our earlier letter")] = "",
    our_date: Annotated[str, typer.Option(help="its day")] = "",
    urgency: Annotated[Urgency, typer.Option(help="mark of the letter")] = Urgency.NORMAL,
    hide: Annotated[
        list[str] | None, typer.Option(help="a name or word to black out besides those found")
    ] = None,
    show: Annotated[
        list[str] | None, typer.Option(help="a hidden name, place or number to leave readable")
    ] = None,
    confirm: Annotated[
        str, typer.Option(help="the fingerprint of the proposed copy you have looked at")
    ] = "",
    checked: Annotated[
        str,
        typer.Option(
            help="with --confirm: of what you have read that nothing is left, "
            "name,address,telephone,national_id,email"
        ),
    ] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="PDFs, too (LibreOffice)")] = False,
    json: Json = False,
) -> None:
    """A letter of the office's own about a case; a person completes, signs and sends it."""
    from drafting.letters import OwnLetter
    from pipeline.writing import LetterOrder, write_letter

    order = LetterOrder(
        addressee=to,
        asks=tuple(ask or ()),
        reply_by=_day(reply_by, "--reply-by"),
        own=OwnLetter(number=our_number, day=_day(our_date, "--our-date")),
        urgency=urgency,
        hide=tuple(hide or ()),
        show=tuple(show or ()),
        confirm=confirm.strip(),
        checked=_kinds(checked),
        pdf="yes" if pdf else "",
    )
    chosen = _kind(kind)
    with open_house() as house:
        made = write_letter(house, case, chosen, by, order)
    paths = tuple(_write(out, file.file_name, file.content) for file in made.files)
    if json:
        print_json(
            LetterSummary(
                kind=made.kind.value,
                case=case,
                register_number=made.register_number,
                files=paths,
                missing=made.missing,
                hidden=made.hidden,
                withheld_pages=made.withheld,
                fingerprint=made.fingerprint,
                confirmed=made.confirmed,
            )
        )
        return
    people.print(f"{made.kind.thai} เลขรับ {made.register_number}", style="bold")
    for path in paths:
        people.print(f"→ {path}", markup=False, highlight=False)
    for name in made.missing:
        people.print(f"ยังว่าง: {_BLANKS[name]}", highlight=False)
    if made.kind is OutgoingKind.FORWARD:
        _print_copy(made)
    if made.withheld:
        pages = ", ".join(map(str, made.withheld))
        people.print(f"หน้าที่ปิดทั้งหน้า: {pages}", highlight=False)


def _print_copy(made: Writing) -> None:
    """Show what went and what stays in doubt to whoever confirms the copy."""
    total = sum(made.hidden.values())
    people.print(f"ปกปิด {total} แห่ง โปรดตรวจสำเนาทุกหน้าก่อนส่ง", style="bold", highlight=False)
    if made.confirmed:
        people.print("ยืนยันแล้ว ส่งได้", highlight=False)
        return
    for word in made.words:
        times = f" ({word.times} แห่ง)" if word.times > 1 else ""
        people.print(f"  ■ {word.kind.thai}: {word.text}{times}", markup=False, highlight=False)
    for words in made.left:
        people.print(f"  ? ยังอ่านได้: {words}", markup=False, highlight=False)
    for kind in TO_CHECK:
        state = f"ปกปิด {made.hidden[kind]} แห่ง" if kind in made.hidden else "ไม่พบ"
        people.print(f"  ☐ {kind} {kind.thai}ของผู้ร้อง: {state}", markup=False, highlight=False)
    people.print(
        "เป็นเพียงร่าง: ปกปิดเพิ่ม --hide คำ, เปิดให้อ่าน --show คำ, ตรวจทีละอย่างแล้วยืนยันด้วย "
        f"--confirm {made.fingerprint} --checked คำหน้าแต่ละข้อที่ตรวจแล้ว คั่นด้วยจุลภาค",
        markup=False,
        highlight=False,
    )


def _kind(name: str) -> OutgoingKind:
    try:
        return OutgoingKind(name)
    except ValueError:
        raise typer.BadParameter("one of " + ", ".join(OutgoingKind), param_hint="KIND") from None


def _kinds(names: str) -> frozenset[Hidden]:
    given = {name.strip() for name in names.split(",")} - {""}
    if given - set(TO_CHECK):
        raise typer.BadParameter(f"kinds are {', '.join(TO_CHECK)}", param_hint="--checked")
    return frozenset(kind for kind in TO_CHECK if kind in given)


def _day(text: str, option: str) -> date | None:
    if not text.strip():
        return None
    day = parse_date(text)
    if day is None:
        raise UsageFault(
            f"{option}: no day.", thai=f"{option}: ไม่ใช่วันที่", remedy="Write for example 2569-12-01."
        )
    return day


def _write(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise UsageFault(f"{path} cannot be written: {fault.strerror}.") from None
    return str(path)
