"""The command about the office's figures: `kpi`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli.house import open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault
from correspondence.vocabulary import Category, Channel
from reports.kpi import Breakdown, KpiFilter
from reports.kpi_cell import Figure
from reports.memo_quality import MemoFigure

if TYPE_CHECKING:
    from pipeline.kpi_numbers import KpiList, KpiNumbers, KpiSummary
    from reports.kpi_period import Period

Name = TypeVar("Name", Category, Channel, Breakdown)

_SHOWN = (
    *(Figure.RECEIVED, Figure.CLOSED, Figure.IN_TIME, Figure.LATE, Figure.OPEN_IN_TIME),
    *(Figure.OPEN_OVERDUE, Figure.CLOSED_UNDATED, Figure.OPEN_UNDATED, Figure.EXTENDED),
    *(Figure.RETURNED, Figure.REOPENED),
)


def kpi(
    first: Annotated[
        str | None, typer.Option("--from", help="first day, YEAR-MONTH-DAY, B.E. or C.E.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="last day")] = None,
    month: Annotated[str | None, typer.Option(help="a month instead: YEAR-MONTH")] = None,
    fiscal_year: Annotated[
        str | None, typer.Option(help="or a fiscal year, 1 October to 30 September")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="the day the figures are of; the period's last by default")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="rows by category, group, channel, month; several with commas"),
    ] = None,
    category: Annotated[str | None, typer.Option(help="only this category")] = None,
    group: Annotated[str | None, typer.Option(help="only this group, by id")] = None,
    channel: Annotated[str | None, typer.Option(help="only what came this way")] = None,
    listed: Annotated[
        str | None,
        typer.Option("--list", help="the cases behind one number: late, drafted.beyond, …"),
    ] = None,
    memos: Annotated[
        bool,
        typer.Option("--memos", help="instead: what reviews left of the machine's memos"),
    ] = False,
    json: Json = False,
) -> None:
    """Figures (ตัวชี้วัด) of the cases received in a period, or the cases behind a number."""
    from pipeline.kpi_view import KpiQuery, kpi_list, kpi_summary
    from reports.kpi_period import read_day, read_kpi_period

    if listed is not None and by is not None:
        raise UsageFault(
            "--list takes no --by beside it.", remedy="Narrow it by --category, --group, --channel."
        )
    if memos:
        narrowed = (by, category, group, channel, as_of)
        if any(value is not None for value in narrowed):
            raise UsageFault(
                "--memos takes a period and --list only.", remedy="saraban kpi --month … --memos"
            )
        _memos(read_kpi_period(first, last, month=month, fiscal=fiscal_year), listed, json)
        return
    rows = "category" if by is None else by
    query = KpiQuery(
        period=read_kpi_period(first, last, month=month, fiscal=fiscal_year),
        by=tuple(dict.fromkeys(_read(Breakdown, name.strip()) for name in rows.split(","))),
        only=KpiFilter(
            category=_read(Category, category) if category is not None else None,
            group=group,
            channel=_read(Channel, channel) if channel is not None else None,
        ),
        as_of=read_day(as_of) if as_of is not None else None,
    )
    with open_house() as house:
        groups = {entry.id: entry.thai for entry in house.configuration.groups.group}
        if group is not None and group not in groups:
            raise UsageFault(
                "There is no group of that id.", remedy=f"Write one of {', '.join(groups)}."
            )
        cases = kpi_list(house, query, listed) if listed is not None else None
        figures = kpi_summary(house, query) if cases is None else None
    found = cases or figures
    if json and found is not None:
        print_json(found)
    elif cases is not None:
        _show_list(cases)
    elif figures is not None:
        _show(figures, groups)


def _memos(period: Period, listed: str | None, json: bool) -> None:
    from pipeline.bootstrap import open_house
    from pipeline.memo_quality import memo_quality, memo_quality_list

    house = open_house()
    try:
        cases = memo_quality_list(house, period, listed) if listed is not None else None
        found = memo_quality(house, period) if cases is None else None
    finally:
        house.close()
    shown = cases or found
    if json and shown is not None:
        print_json(shown)
    elif cases is not None:
        print_table(
            ("id", "เลขรับ", "คงเดิม", "แก้ไข", "ตัดออก"),
            [(c.case_id, c.register_number, c.kept, c.edited, c.dropped) for c in cases.cases],
        )
        people.print(f"{cases.figure.thai}: {cases.number} เรื่อง", markup=False, highlight=False)
    elif found is not None:
        people.print(f"ร่างของระบบหลังการตรวจ {period.thai}", style="bold")
        counts = [(figure.thai, getattr(found, figure.value)) for figure in MemoFigure]
        print_table(
            ("", ""),
            [
                *counts,
                ("ประโยค: คงเดิม", found.kept),
                ("ประโยค: แก้ไข", found.edited),
                ("ประโยค: ตัดออก", found.dropped),
                ("ร้อยละประโยคที่คงเดิม", found.kept_percent),
                ("ร้อยละประโยคที่คงอยู่", found.survived_percent),
            ],
        )


def _read(kind: type[Name], text: str) -> Name:
    try:
        return kind(text)
    except ValueError:
        raise UsageFault(
            f"There is no such {kind.__name__.lower()}.", remedy=f"Write one of {', '.join(kind)}."
        ) from None


def _show(found: KpiSummary, groups: dict[str, str]) -> None:
    people.print(f"ตัวชี้วัด {found.period} ณ วันที่ {found.as_of}", style="bold")
    heads = (*found.by, *(figure.thai for figure in _SHOWN), "ร้อยละ ทันเวลา", "เฉลี่ย", "มัธยฐาน")
    rows: list[tuple[object, ...]] = []
    for row in found.rows:
        names = {
            Breakdown.CATEGORY: row.category.thai if row.category else "ยังไม่จำแนก",
            Breakdown.GROUP: groups.get(row.group, row.group) if row.group else "ยังไม่มอบกลุ่ม",
            Breakdown.CHANNEL: row.channel.thai if row.channel else "ไม่ทราบช่องทาง",
            Breakdown.MONTH: row.month,
        }
        rows.append((*(names[name] for name in found.by), *_cells(row.numbers)))
    blank = [""] * (len(found.by) - 1)
    print_table(heads, [*rows, ("รวม", *blank, *_cells(found.total))])
    print_table(
        ("ขั้นตอน", "ในเวลา", "เกินเวลา", "ค้างในเวลา", "ค้างเกินเวลา", "ร้อยละ", "เฉลี่ย", "มัธยฐาน"),
        [
            (
                stage.stage.thai,
                *(stage.within, stage.beyond, stage.waiting_within, stage.waiting_beyond),
                *(stage.within_percent, stage.average_days, stage.median_days),
            )
            for stage in found.total.stages
        ],
    )
    total = found.total
    people.print(
        f"ไม่นับ: {Figure.VOIDED.thai} {total.voided} · {Figure.DUPLICATE.thai} {total.duplicate}"
    )


def _cells(numbers: KpiNumbers) -> tuple[object, ...]:
    return (
        *(getattr(numbers, figure.value) for figure in _SHOWN),
        *(numbers.in_time_percent, numbers.average_days, numbers.median_days),
    )


def _show_list(found: KpiList) -> None:
    print_table(
        ("id", "เลขรับ", "ประเภท", "กลุ่ม", "รับ", "ครบกำหนด", "ยุติ", "วันทำการ"),
        [
            (
                *(case.case_id, case.register_number),
                case.category.thai if case.category else None,
                *(case.group, case.received_on, case.due_date, case.ended_on, case.working_days),
            )
            for case in found.cases
        ],
    )
    people.print(f"{found.figure}: {found.number} เรื่อง", markup=False, highlight=False)
