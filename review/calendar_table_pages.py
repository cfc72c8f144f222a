"""`/settings/calendar`: the office's holidays; what a change does is shown before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from correspondence.errors import SarabanError, UsageFault
from correspondence.thai_dates import BE_OFFSET, common_era_year
from correspondence.thai_digits import fold_digits
from office.calendar_changes import CalendarChange, HolidayChange, HolidayEffect, YearChange
from office.calendar_table import CalendarEntry
from pipeline.bootstrap import House
from pipeline.calendar_changes import CalendarEffect, preview_changes, save_changes
from pipeline.calendar_view import show_history, show_year
from review.action_fields import read_day
from review.gate import pass_of, staff_of
from review.rendering import link, wording_for
from review.settings_pages import SETTINGS, show

TABLE: Final = f"{SETTINGS}/calendar"
# What a form of this page carries from the effect to its confirmation.
FIELDS: Final = ("what", "day", "name", "source", "note", "year")
MOST_SHOWN: Final = 200
_HISTORY = 20
_LONGEST = 500
_WORKING_DAY = "วันทำการ"


def calendar_table_routes(house: House) -> APIRouter:
    """Return the routes of the office's calendar."""
    routes = APIRouter()

    @routes.get(TABLE)
    def show_table(
        request: Request,
        year: Annotated[str, Query(max_length=4)] = "",
        said: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        told = "table_saved" if said == "saved" else None
        return table_page(house, request, year, told=told)

    @routes.post(f"{TABLE}/effect")
    def show_effect(request: Request) -> Response:
        form = _form(request)
        try:
            effect = preview_changes(house, [_change(form)])
        except SarabanError as fault:
            return table_page(house, request, form["year"], fault=fault, typed=form)
        return effect_page(house, request, effect, form, TABLE)

    @routes.post(TABLE)
    def save(request: Request) -> Response:
        form = _form(request)
        try:
            check_unchanged(house, request)
            change = _change(form)
            save_changes(house, [change], by=staff_of(request).sign_in)
        except SarabanError as fault:
            return table_page(house, request, form["year"], fault=fault, typed=form)
        year = change.year if isinstance(change, YearChange) else change.entry.day.year
        return saved(house, request, year)

    return routes


def table_page(
    house: House,
    request: Request,
    year: str,
    *,
    told: str | None = None,
    fault: SarabanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Return the page of a year (B.E. or C.E.); with a fault it says so and is no success."""
    today = wording_for(house, request).today
    wanted = _year(year) or today.year
    try:
        shown = show_year(house, wanted)
    except SarabanError as missing:
        fault, wanted = fault or missing, today.year
        shown = show_year(house, wanted)
    values: dict[str, object] = {
        "shown": shown,
        "years": [one + BE_OFFSET for one in range(today.year - 1, today.year + 3)],
        "year": wanted + BE_OFFSET,
        "history": show_history(house)[:_HISTORY],
        "typed": typed or {},
    }
    return show(house, request, "calendar", values, told=told, fault=fault)


def effect_page(
    house: House,
    request: Request,
    effect: CalendarEffect,
    form: Mapping[str, str],
    save: str,
    *,
    entries: int | None = None,
) -> Response:
    """Return the page of what a change does; its form carries the change on to the path `save`.

    Args:
        house: the office's house.
        request: the request.
        effect: what the change does.
        form: the fields that say what the change is.
        save: where the form that saves it goes.
        entries: how many a file has, where the change comes from one.
    """
    values: dict[str, object] = {
        "effect": effect,
        "form": form,
        "save": save,
        "entries": entries,
        "version": house.calendars.refresh().version,
        "most": MOST_SHOWN,
    }
    return show(house, request, "calendar", values, page="settings_calendar_effect.html")


def check_unchanged(house: House, request: Request) -> None:
    """Refuse to save where the calendar is not the one whose change was shown.

    Raises:
        UsageFault: somebody changed it meanwhile.
    """
    if pass_of(request).form.get("version") != house.calendars.refresh().version:
        raise UsageFault(
            "The calendar was changed meanwhile: look at the effect again.",
            thai="มีผู้เปลี่ยนปฏิทินระหว่างนี้ โปรดดูผลใหม่อีกครั้ง",
        )


def saved(house: House, request: Request, year: int) -> Response:
    """Lead to the page of a CE year, which says that the change is saved."""
    language = wording_for(house, request).language
    address = link(TABLE, language, {"year": year + BE_OFFSET, "said": "saved"})
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def _form(request: Request) -> dict[str, str]:
    sent = pass_of(request).form
    return {name: " ".join(sent.get(name, "").split())[:_LONGEST] for name in FIELDS}


def _change(form: Mapping[str, str]) -> CalendarChange:
    """Return the change that a form asks for.

    Raises:
        UsageFault: something is missing, or no day.
    """
    try:
        if form["what"] in ("confirm", "unconfirm"):
            year = _year(form["year"])
            if year is None:
                raise UsageFault("The year cannot be read.", thai="อ่านปีไม่ได้")
            return YearChange(
                year=year,
                confirmed=form["what"] == "confirm",
                source=form["source"],
                note=form["note"],
            )
        effect = HolidayEffect(form["what"])
        name = form["name"] or (_WORKING_DAY if effect is HolidayEffect.REMOVE else "")
        entry = CalendarEntry(
            day=read_day(form["day"]), name=name, source=form["source"], note=form["note"]
        )
    except ValueError as fault:
        # Pydantic's own words would repeat what was typed.
        kind = "field" if isinstance(fault, ValidationError) else "change"
        raise UsageFault(
            f"A {kind} of the form is missing.", thai="กรอกข้อมูลไม่ครบ: ต้องมีวัน ชื่อวันหยุด และที่มา"
        ) from None
    return HolidayChange(effect=effect, entry=entry)


def _year(text: str) -> int | None:
    digits = fold_digits(text.strip())
    return common_era_year(int(digits)) if len(digits) == 4 and digits.isdecimal() else None
