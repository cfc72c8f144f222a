"""`/figures`: the office's dashboard, each number with the list of cases behind it."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request, Response

from correspondence.errors import SarabanError
from correspondence.thai_dates import BE_OFFSET
from pipeline.bootstrap import House
from pipeline.dashboard import NONE, dashboard, months_of
from pipeline.figure_list import MEMOS, OPEN_NOW, FigureAsk, figure_list
from pipeline.open_cases import Age, DueStanding
from pipeline.permissions import Permission, figure_scope
from pipeline.staff import StaffMember
from reports.kpi_cell import Figure
from reports.kpi_period import Period, fiscal_year, fiscal_year_of
from review.figure_panels import LISTS, Look, dashboard_values, month_words
from review.gate import NotAllowed, staff_of
from review.register_pages import Choice, ChoiceRow
from review.rendering import link, render, wording_for
from review.wording import Wording

FIGURES: Final = "/figures"
MAX_PAGE: Final = 100_000
_YEARS_SHOWN = 4
_LONGEST = 80
_YEARS = range(2400, 2700)

Narrow = Annotated[str, Query(max_length=_LONGEST)]


def figures_routes(house: House) -> APIRouter:
    """Return the routes of the dashboard."""
    routes = APIRouter()

    @routes.get(FIGURES)
    def show_figures(
        request: Request,
        year: Annotated[str, Query(max_length=4)] = "",
        month: Annotated[str, Query(max_length=2)] = "",
        group: Narrow = "",
    ) -> Response:
        staff, wording = staff_of(request), wording_for(house, request)
        chosen = _chosen_group(house, figure_scope(staff, Permission.SEE_FIGURES), group)
        fiscal, period = _asked_period(year, month, wording.today)
        values: dict[str, object] = {
            "choices": _choices(house, wording, staff, fiscal, period, chosen),
            "group": chosen,
            "period": _period_words(wording, fiscal, period),
        }
        try:
            shown = dashboard(house, period, chosen)
        except SarabanError as fault:
            return render("figures_fault.html", request, wording, {**values, "fault": fault}, 422)
        listed = figure_scope(staff, Permission.LIST_FIGURES)
        look = Look(
            wording, shown, listed is None or (shown.group is not None and shown.group in listed)
        )
        return render("figures.html", request, wording, values | dashboard_values(look))

    @routes.get(LISTS)
    def show_list(
        request: Request,
        figure: Narrow = Figure.RECEIVED.value,
        first: date | None = None,
        last: date | None = None,
        as_of: date | None = None,
        category: Narrow = "",
        group: Narrow = "",
        age: Age | None = None,
        standing: DueStanding | None = None,
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    ) -> Response:
        wording = wording_for(house, request)
        year = fiscal_year(fiscal_year_of(wording.today))
        period = Period(first or year.first, last or year.last)
        if not _sound(period):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        scope = figure_scope(staff_of(request), Permission.LIST_FIGURES)
        ask = FigureAsk(
            figure=figure,
            period=period,
            as_of=as_of,
            category=category,
            groups=_listed_groups(house, scope, group),
            age=age,
            standing=standing,
        )
        try:
            found = figure_list(house, ask, page)
        except SarabanError as fault:
            values: dict[str, object] = {"fault": fault, "choices": (), "period": ""}
            return render("figures_fault.html", request, wording, values, 422)
        asked = {
            name: value for name, value in request.query_params.items() if name not in ("lang",)
        }
        values = {
            "found": found,
            "title": _figure_words(wording, ask),
            "turn": lambda number: link(LISTS, wording.language, {**asked, "page": number}),
            "back": link(
                FIGURES,
                wording.language,
                _period_values(period, wording.today) | {"group": group or None},
            ),
        }
        return render("figures_list.html", request, wording, values)

    return routes


def _chosen_group(house: House, scope: frozenset[str] | None, group: str) -> str | None:
    known = {one.id for one in house.configuration.groups.group}
    if scope is None:
        if group and group not in known:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return group or None
    if (group and group not in scope) or not scope:
        raise _refused()
    return group or min(scope)


def _listed_groups(
    house: House, scope: frozenset[str] | None, group: str
) -> tuple[str | None, ...] | None:
    if group == NONE and scope is None:
        return (None,)
    chosen = _chosen_group(house, scope, group)
    return None if chosen is None else (chosen,)


def _refused() -> NotAllowed:
    return NotAllowed("The figures of another group.", thai="ท่านดูตัวเลขของกลุ่มอื่นไม่ได้")


def _sound(period: Period) -> bool:
    """Tell whether a period is one that figures can be of: no longer than two years."""
    return period.first <= period.last and (period.last - period.first).days < 2 * 366


def _asked_period(year: str, month: str, today: date) -> tuple[int, Period]:
    """Return the fiscal year (CE) and the period asked for; this fiscal year for anything else."""
    fiscal = fiscal_year_of(today)
    if year.isascii() and year.isdecimal() and int(year) in _YEARS:
        fiscal = min(int(year) - BE_OFFSET, fiscal)
    months = months_of(fiscal_year(fiscal))
    if month.isascii() and month.isdecimal():
        for one in months:
            if one.first.month == int(month) and one.first <= today:
                return fiscal, one
    return fiscal, fiscal_year(fiscal)


def _period_values(period: Period, today: date) -> dict[str, str | int | None]:
    whole = fiscal_year(fiscal_year_of(period.first)) == period
    fiscal = min(fiscal_year_of(period.first), fiscal_year_of(today))
    return {"year": fiscal + BE_OFFSET, "month": None if whole else period.first.month}


def _period_words(wording: Wording, fiscal: int, period: Period) -> str:
    if period == fiscal_year(fiscal):
        return wording.text("figures_year", year=fiscal + BE_OFFSET)
    return month_words(wording, period.first)


def _choices(
    house: House,
    wording: Wording,
    staff: StaffMember,
    fiscal: int,
    period: Period,
    group: str | None,
) -> list[ChoiceRow]:
    this = fiscal_year_of(wording.today)
    whole = period == fiscal_year(fiscal)
    month = None if whole else period.first.month

    def choice(words: str, year: int, of: int | None, to: str | None, *, chosen: bool) -> Choice:
        asked: dict[str, str | int | None] = {"year": year + BE_OFFSET, "month": of, "group": to}
        return Choice(words, link(FIGURES, wording.language, asked), chosen, None)

    years = range(this, min(this - _YEARS_SHOWN, fiscal - 1), -1)
    rows = [
        ChoiceRow(
            wording.text("figures_fiscal"),
            tuple(
                choice(wording.digits(one + BE_OFFSET), one, None, group, chosen=one == fiscal)
                for one in years
            ),
        ),
        ChoiceRow(
            wording.text("figures_month"),
            (
                choice(wording.text("figures_whole"), fiscal, None, group, chosen=whole),
                *(
                    choice(
                        wording.text(f"month_{one.first.month}"),
                        fiscal,
                        one.first.month,
                        group,
                        chosen=one == period,
                    )
                    for one in months_of(fiscal_year(fiscal))
                    if one.first <= wording.today
                ),
            ),
        ),
    ]
    scope = figure_scope(staff, Permission.SEE_FIGURES)
    groups = [
        one.id for one in house.configuration.groups.group if scope is None or one.id in scope
    ]
    if len(groups) > 1:
        offered = [
            choice(wording.group(one), fiscal, month, one, chosen=one == group) for one in groups
        ]
        if scope is None:
            everything = wording.text("figures_office")
            offered.insert(0, choice(everything, fiscal, month, None, chosen=group is None))
        rows.append(ChoiceRow(wording.text("group"), tuple(offered)))
    return rows


def _figure_words(wording: Wording, ask: FigureAsk) -> str:
    """Return the title of a list: the figure and what it is narrowed to."""
    if ask.figure in list(Figure):
        name = wording.term(Figure(ask.figure))
    elif ask.figure in MEMOS:
        name = wording.term(MEMOS[ask.figure])
    else:
        name = wording.said(f"figures_{ask.figure}")
    parts = [name]
    if ask.category:
        none = ask.category == NONE
        parts.append(wording.text("unclassified") if none else wording.category_name(ask.category))
    if ask.groups is not None:
        parts += [wording.group(group) for group in ask.groups]
    if ask.age is not None:
        parts.append(wording.text(f"figures_age_{ask.age.name.lower()}"))
    if ask.standing is not None:
        parts.append(wording.text(f"figures_now_{ask.standing.value}"))
    if ask.figure == OPEN_NOW:
        parts.append(wording.day(wording.today))
    elif ask.period == fiscal_year(fiscal_year_of(ask.period.first)):
        parts.append(_period_words(wording, fiscal_year_of(ask.period.first), ask.period))
    elif len(months_of(ask.period)) == 1:
        parts.append(month_words(wording, ask.period.first))
    else:
        parts.append(f"{wording.day(ask.period.first)} – {wording.day(ask.period.last)}")
    return " · ".join(parts)
