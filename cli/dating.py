"""`saraban calendar …`: the government's working days as the office keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.house import By, open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault
from correspondence.thai_dates import BE_OFFSET, common_era_year, parse_date
from correspondence.thai_digits import fold_digits

if TYPE_CHECKING:
    from office.calendar_changes import CalendarChange, HolidayChange, HolidayEffect
    from pipeline.bootstrap import House

Day = Annotated[str, typer.Argument(help="YEAR-MONTH-DAY, year in B.E. or C.E.")]
Year = Annotated[str, typer.Argument(help="year, B.E. or C.E.")]
Name = Annotated[str, typer.Option(help="the holiday's name")]
Source = Annotated[str, typer.Option(help="the resolution or announcement it rests on")]
Region = Annotated[
    str, typer.Option(help="national, or a region: north, northeast, central, south")
]
Note = Annotated[str, typer.Option(help="a remark")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="show what it does to open cases; save nothing")
]

calendar = typer.Typer(
    help="Government holidays: show, add, remove, confirm, import, export.",
    no_args_is_help=True,
)


@calendar.command("show")
def show(
    year: Annotated[str | None, typer.Option(help="B.E. or C.E.; this year by default")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="who changed what, the latest first")
    ] = False,
    json: Json = False,
) -> None:
    """The holidays of a year as every count sees them, or who changed them."""
    from correspondence.clock import bangkok_day
    from pipeline.calendar_view import show_history, show_year

    with open_house() as house:
        if history:
            lines = show_history(house)
            if json:
                print_json(lines)
                return
            print_table(
                ("at", "by", "", "day", "name", "region", "source", "note"),
                [
                    (
                        f"{line.at:%Y-%m-%d %H:%M}Z",
                        line.by,
                        line.effect,
                        line.day or line.year,
                        line.name,
                        line.region,
                        line.source,
                        line.note,
                    )
                    for line in lines
                ],
            )
            return
        wanted = read_year(year) if year else bangkok_day(house.clock()).year
        view = show_year(house, wanted)
    if json:
        print_json(view)
        return
    rows = [(h.day, h.name, "" if h.counts else "สุดสัปดาห์", h.source, h.note) for h in view.holidays]
    rows += [(r.day, r.name, "ไม่หยุด", r.source, r.note) for r in view.removed]
    print_table(("date", "name", "", "source", "note"), sorted(rows))
    people.print(
        f"พ.ศ. {view.year + BE_OFFSET}: {view.working_days} วันทำการ "
        + ("ยืนยันแล้ว" if view.confirmed else "ยังไม่ได้ยืนยัน"),
        style="bold",
    )


@calendar.command("add")
def add(
    day: Day,
    name: Name,
    source: Source,
    by: By,
    region: Region = "national",
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make a day a holiday; open cases that cross it get another date."""
    from office.calendar_changes import HolidayEffect

    change = _holiday(HolidayEffect.ADD, day, name, region, source, note)
    _carry_out([change], by, dry_run=dry_run, json=json)


@calendar.command("remove")
def remove(
    day: Day,
    source: Source,
    by: By,
    name: Name = "วันทำการ",
    region: Region = "national",
    note: Note = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Make a holiday a working day; open cases that cross it get another date."""
    from office.calendar_changes import HolidayEffect

    change = _holiday(HolidayEffect.REMOVE, day, name, region, source, note)
    _carry_out([change], by, dry_run=dry_run, json=json)


@calendar.command("confirm")
def confirm(
    year: Year,
    source: Source,
    by: By,
    note: Note = "",
    undo: Annotated[bool, typer.Option("--undo", help="take the confirmation back")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Say that a person has compared a year's holidays with the cabinet's."""
    from pydantic import ValidationError

    from office.calendar_changes import YearChange

    try:
        change = YearChange(year=read_year(year), confirmed=not undo, source=source, note=note)
    except ValidationError as fault:
        raise _wrong_value(fault) from None
    _carry_out([change], by, dry_run=dry_run, json=json)


@calendar.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help=".csv or .ics")],
    by: By,
    source: Source = "",
    whole_year: Annotated[
        bool,
        typer.Option(
            "--whole-year", help="the file is all of its years: take away what it does not name"
        ),
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Bring in holidays from a file; what the calendar holds already is left as it is."""
    from pipeline.calendar_import import changes_of_file, open_calendar_file

    opened = open_calendar_file(file)
    with open_house() as house:
        found = changes_of_file(house, opened, source=source, whole_year=whole_year)
        if not json:
            people.print(f"{found.entries} รายการในแฟ้ม ต้องเปลี่ยน {len(found.changes)} รายการ")
        _apply(house, found.changes, by, dry_run=dry_run, json=json)


@calendar.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(help=".csv or .ics to write")],
    year: Annotated[str | None, typer.Option(help="first year, B.E. or C.E.")] = None,
    until: Annotated[str | None, typer.Option(help="last year; the first by default")] = None,
) -> None:
    """Write the holidays of one or more years to a file that can be imported again."""
    from correspondence.clock import bangkok_day
    from pipeline.calendar_view import export_years

    with open_house() as house:
        first = read_year(year) if year else bangkok_day(house.clock()).year
        written = export_years(house, first, read_year(until) if until else first, file)
    people.print(f"{written} รายการ → {file}", markup=False, highlight=False)


def read_year(text: str) -> int:
    """Return a year of either era as C.E.

    Raises:
        UsageFault: it is no year.
    """
    digits = fold_digits(text.strip())
    year = common_era_year(int(digits)) if len(digits) == 4 and digits.isdecimal() else None
    if year is None:
        raise UsageFault("The year cannot be read.", thai="อ่านปีไม่ได้", remedy="Write 2570.")
    return year


def _holiday(
    effect: HolidayEffect, day: str, name: str, region: str, source: str, note: str
) -> HolidayChange:
    from pydantic import ValidationError

    from office.calendar_changes import HolidayChange
    from office.calendar_table import CalendarEntry

    when = parse_date(day)
    if when is None:
        raise UsageFault("The date cannot be read.", thai="อ่านวันที่ไม่ได้", remedy="Write 2570-04-13.")
    try:
        entry = CalendarEntry(day=when, name=name, region=region, source=source, note=note)
    except ValidationError as fault:
        raise _wrong_value(fault) from None
    return HolidayChange(effect=effect, entry=entry)


def _wrong_value(fault: Exception) -> UsageFault:
    from pydantic import ValidationError

    key = fault.errors()[0]["loc"][0] if isinstance(fault, ValidationError) else "value"
    return UsageFault(f"--{key} has a wrong value.", thai=f"ค่าของ --{key} ไม่ถูกต้อง")


def _carry_out(changes: Sequence[CalendarChange], by: str, *, dry_run: bool, json: bool) -> None:
    with open_house() as house:
        _apply(house, changes, by, dry_run=dry_run, json=json)


def _apply(
    house: House, changes: Sequence[CalendarChange], by: str, *, dry_run: bool, json: bool
) -> None:
    from pipeline.calendar_changes import no_effect, preview_changes, save_changes

    if not changes:
        effect = no_effect(house)
    elif dry_run:
        effect = preview_changes(house, changes)
    else:
        effect = save_changes(house, changes, by=by)
    if json:
        print_json(effect)
        return
    for day in effect.days:
        people.print(f"{day.day} {'หยุด' if day.off else 'ทำการ'} {day.name}", markup=False)
    print_table(
        ("เลขรับ", "ครบกำหนดเดิม", "ครบกำหนดใหม่", "เหตุผล"),
        [
            (case.register_number, _written(case.old_due), _written(case.new_due), case.reason)
            for case in (*effect.redated, *effect.kept)
        ],
    )
    people.print(
        f"เรื่องที่เปิดอยู่ {effect.open_cases} เรื่อง วันครบกำหนดเปลี่ยน {len(effect.redated)} เรื่อง "
        f"ให้เจ้าหน้าที่พิจารณา {len(effect.kept)} เรื่อง"
    )
    people.print("บันทึกแล้ว" if effect.saved else "ยังไม่ได้บันทึก", style="bold")


def _written(day: date | None) -> str:
    return day.isoformat() if day else "–"
