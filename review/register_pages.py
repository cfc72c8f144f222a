"""`/`: the incoming register with its filters; `/register/print` and its .xlsx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.vocabulary import CaseState, Category, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.permissions import Permission, may, register_scope
from pipeline.register_book import register_book, register_workbook
from pipeline.register_view import (
    CaseRow,
    DueWindow,
    RegisterCounts,
    RegisterFilter,
    RegisterRow,
    SecretRow,
    register_counts,
    register_page,
)
from reports.register_period import RegisterPeriod, day_period, read_period
from review.gate import staff_of
from review.printed_register import served_page
from review.rendering import link, render, wording_for
from review.wording import Wording

MAX_PAGE = 1_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Day = Annotated[str | None, Query(max_length=10)]
FourDigits = Annotated[str | None, Query(max_length=4)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a link: what it says, how many it holds (None unknown), whether it is on."""

    words: str
    address: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """The links of one filter."""

    label: str
    choices: tuple[Choice, ...]


def register_routes(house: House) -> APIRouter:
    """Return the routes of the register."""
    routes = APIRouter()

    @routes.get("/")
    def show_register(
        request: Request,
        state: CaseState | None = None,
        category: Category | None = None,
        group: Annotated[str | None, Query(max_length=80)] = None,
        outcome: IntakeOutcome | None = None,
        due: DueWindow | None = None,
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    ) -> Response:
        wanted = RegisterFilter(
            state=state, category=category, group=group, outcome=outcome, due=due
        )
        wording = wording_for(house, request)
        staff = staff_of(request)
        scope = register_scope(staff)
        counts = register_counts(house, scope)
        found = register_page(house, wanted, page, scope=scope)
        values = {
            "counts": counts,
            "scope": scope,
            "may_print": may(staff, Permission.PRINT_REGISTER),
            "rows": [(_kind(row), row) for row in found.rows],
            "found": found,
            "asked": _asked(wanted),
            "filters": _filters(house, wording, wanted, counts),
        }
        return render("register.html", request, wording, values)

    @routes.get("/register/print")
    def print_register(day: Day = None, year: FourDigits = None) -> Response:
        period = _period(house, day, year)
        return HTMLResponse(served_page(register_book(house, period), _bar(house, period)))

    @routes.get("/register/book.xlsx")
    def download_register(day: Day = None, year: FourDigits = None) -> Response:
        period = _period(house, day, year)
        name = f"register-{period}.xlsx"
        return Response(
            register_workbook(house, period),
            media_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return routes


def _period(house: House, day: str | None, year: str | None) -> RegisterPeriod:
    """Return the period of an address: today's register where it names none.

    Raises:
        HTTPException: 404, the address names no day or year.
    """
    if day is None and year is None:
        return day_period(bangkok_day(house.clock()))
    try:
        return read_period(day, year)
    except UsageFault:
        raise HTTPException(404) from None


def _bar(house: House, period: RegisterPeriod) -> tuple[tuple[str, str], ...]:
    """Return the links above a printed register: back, the file, its neighbours in time."""
    asked = f"day={period}" if period.day else f"year={period}"
    today = day_period(bangkok_day(house.clock()))
    links = [("← ทะเบียนรับ", "/"), ("ดาวน์โหลด .xlsx", f"/register/book.xlsx?{asked}")]
    if period.day is not None:
        before, after = (day_period(period.day + timedelta(days=n)) for n in (-1, 1))
        links.append(("วันก่อน", f"/register/print?day={before}"))
        if period.day < today.bounds()[0].date():
            links.append(("วันถัดไป", f"/register/print?day={after}"))
    links += [
        ("วันนี้", f"/register/print?day={today}"),
        ("ทั้งปี", f"/register/print?year={RegisterPeriod(period.year)}"),
    ]
    return tuple(links)


def _kind(row: RegisterRow) -> str:
    if isinstance(row, SecretRow):
        return "secret"
    return "case" if isinstance(row, CaseRow) else "waiting"


def _asked(wanted: RegisterFilter) -> dict[str, str | int | None]:
    return {
        "outcome": wanted.outcome.value if wanted.outcome else None,
        "state": wanted.state.value if wanted.state else None,
        "category": wanted.category.value if wanted.category else None,
        "group": wanted.group,
        "due": wanted.due.value if wanted.due else None,
    }


def _filters(
    house: House,
    wording: Wording,
    wanted: RegisterFilter,
    counts: RegisterCounts,
) -> list[ChoiceRow]:
    asked = _asked(wanted)

    def row(
        name: str, offers: list[tuple[str, str, int | None]], label: str | None = None
    ) -> ChoiceRow:
        def choice(words: str, value: str | None, count: int | None) -> Choice:
            address = link("/", wording.language, {**asked, name: value})
            return Choice(words, address, asked[name] == value, count)

        everything = choice(wording.text("all"), None, None)
        return ChoiceRow(
            wording.text(label or name),
            (everything, *(choice(words, value, count) for value, words, count in offers)),
        )

    groups = [group.id for group in house.configuration.groups.group]
    return [
        row(
            "outcome",
            [
                (outcome.value, wording.term(outcome), counts.intake[outcome.value])
                for outcome in IntakeOutcome
                if counts.intake.get(outcome.value)
            ],
        ),
        row(
            "state",
            [
                (state.value, wording.term(state), counts.cases[state.value])
                for state in CaseState
                if counts.cases.get(state.value)
            ],
        ),
        row(
            "due",
            [
                (DueWindow.OVERDUE.value, wording.text("overdue_count"), counts.overdue),
                (DueWindow.TODAY.value, wording.text("due_today_count"), counts.due_today),
            ],
            "due_date",
        ),
        row("category", [(entry.value, wording.term(entry), None) for entry in Category]),
        row("group", [(group, wording.group(group), None) for group in groups]),
    ]
