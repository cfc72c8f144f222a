"""The command that searches the register: `find`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.house import open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault


def find(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="words, names, numbers in either digit set", show_default=False),
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="page of the hits")] = 1,
    index: Annotated[
        bool, typer.Option("--index", help="first index what is not indexed yet")
    ] = False,
    json: Json = False,
) -> None:
    """Letters by words, names and numbers; restricted cases are not found here."""
    from pipeline.search_view import index_letters_missing, search_letters

    if not query and not index:
        raise UsageFault("QUERY is missing.", thai="ต้องระบุคำค้น", remedy="saraban find น้ำเสีย")
    with open_house() as house:
        indexed = index_letters_missing(house) if index else 0
        found = search_letters(house, " ".join(query or ()), page)
    if json:
        print_json(found)
        return
    if index:
        people.print(f"ทำดัชนี {indexed} ฉบับ")
    if not query:
        return
    print_table(
        ("case", "เลขรับ", "เรื่อง", "จาก", "สถานะ", "พบใน"),
        [
            (
                hit.case_id,
                hit.register_number,
                "".join(piece.text for piece in hit.subject),
                "".join(piece.text for piece in hit.sender),
                hit.state.thai,
                "".join(piece.text for piece in hit.snippet),
            )
            for hit in found.hits
        ],
    )
    more = "มากกว่า " if found.more else ""
    people.print(f"พบ {more}{found.total} ฉบับ หน้า {found.number} จาก {found.pages}")
