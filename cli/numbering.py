"""Commands about register numbers: the register itself, voiding, the receipt stamp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import write_file
from cli.house import By, open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault
from correspondence.thai_dates import BE_OFFSET, common_era_year
from correspondence.thai_digits import fold_digits
from registry.numbers import RegisterNumber

Number = Annotated[str, typer.Argument(help="เลขรับ: 123 or 123/2569", show_default=False)]
Year = Annotated[str | None, typer.Option(help="year of the number, B.E. or C.E.")]


def register(
    day: Annotated[str | None, typer.Option(help="YEAR-MONTH-DAY, year in B.E. or C.E.")] = None,
    year: Annotated[str | None, typer.Option(help="a whole year, B.E. or C.E.")] = None,
    out: Annotated[Path | None, typer.Option(help="write it as .xlsx")] = None,
    html: Annotated[Path | None, typer.Option(help="write it as a page to print")] = None,
    json: Json = False,
) -> None:
    """The incoming register (ทะเบียนหนังสือรับ) of a day or a year."""
    from pipeline.register_book import register_book, summarise_book
    from reports.register_book import COLUMNS
    from reports.register_period import read_period
    from reports.register_sheet import write_register
    from review.printed_register import standalone_page

    period = read_period(day, year)
    with open_house() as house:
        book = register_book(house, period)
    if out is not None:
        write_file(out, write_register(book))
    if html is not None:
        write_file(html, standalone_page(book).encode())
    written = [str(path) if path else None for path in (out, html)]
    if json:
        print_json(summarise_book(book, xlsx=written[0], html=written[1]))
        return
    if out is None and html is None:
        print_table(COLUMNS, [entry.cells() for entry in book.entries])
    people.print(book.foot, markup=False, highlight=False)


def void(
    number: Number,
    reason: Annotated[str, typer.Option(help="why; it stands in the register")],
    by: By,
    year: Year = None,
    json: Json = False,
) -> None:
    """Void a register number for a reason; it is never given again."""
    from pipeline.voiding import void_letter

    wanted = read_number(number, year)
    with open_house() as house:
        done = void_letter(house, wanted, reason=reason, by=by)
    if json:
        print_json(done)
    else:
        people.print(f"ยกเลิกเลขรับ {done.register_number}", style="bold")


def stamp(
    number: Number,
    out: Annotated[Path, typer.Option(help="write the stamped copy as .pdf")],
    year: Year = None,
    json: Json = False,
) -> None:
    """The receipt stamp (ตรารับ) on page 1 of a copy; the original stays as it is."""
    from pipeline.stamping import SIGNED_NOTE, StampSummary, stamp_number

    wanted = read_number(number, year)
    with open_house() as house:
        made = stamp_number(house, wanted)
    write_file(out, made.content)
    if json:
        print_json(StampSummary.of(made, str(out)))
        return
    people.print(f"เลขรับ {made.register_number} → {out}", markup=False, highlight=False)
    if made.signed:
        people.print(SIGNED_NOTE)
    if not made.free:
        people.print("ไม่มีมุมว่างในหน้าแรก ตรารับทับข้อความบางส่วน")


def read_number(number: str, year: str | None) -> RegisterNumber:
    """Return the register number of `123/2569`, or of `123` and a year; Thai digits as well.

    Raises:
        UsageFault: no such form, no year, or two years that differ.
    """
    running, _, own = fold_digits(number.strip()).partition("/")
    years = {
        common_era_year(int(text)) if len(text) == 4 and text.isdecimal() else None
        for text in (own, fold_digits((year or "").strip()))
        if text
    }
    if running.isascii() and running.isdecimal() and len(running) <= 9 and len(years) == 1:
        (christian,) = years
        if christian is not None and int(running) > 0:
            return RegisterNumber(christian, int(running))
    raise UsageFault(
        "The register number or its year cannot be read.",
        thai="เลขรับหรือปีไม่ถูกต้อง",
        remedy=f"Write for example 123/{2026 + BE_OFFSET}, or 123 --year {2026 + BE_OFFSET}.",
    )
