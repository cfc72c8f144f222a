"""`/settings`: mailboxes, the calendar, rules, wording and models, without a word of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError, UsageFault
from pipeline.bootstrap import House
from pipeline.models import model_lines, roll_back, use_model
from pipeline.people_view import people_in_office
from pipeline.permissions import may
from pipeline.source_view import source_lines
from pipeline.staff import StaffMember
from review.access import ACCESS
from review.gate import pass_of, staff_of
from review.rendering import link, render, wording_for

SETTINGS: Final = "/settings"
# In the order in which they are asked for most.
TABS: Final = ("sources", "groups", "calendar", "rules", "wording", "models")
_LONGEST = 200


def settings_routes(house: House) -> APIRouter:
    """Return the routes of the settings; the calendar's own are in `calendar_table_pages`."""
    routes = APIRouter()

    @routes.get(SETTINGS)
    def show_first(request: Request) -> Response:
        first = next(iter(tabs_for(staff_of(request))), None)
        if first is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return _onward(house, request, first)

    @routes.get(f"{SETTINGS}/sources")
    def show_sources(request: Request) -> Response:
        values = {"sources": source_lines(house)}
        return show(house, request, "sources", values)

    @routes.get(f"{SETTINGS}/groups")
    def show_groups(request: Request) -> Response:
        people = people_in_office(house)
        values = {
            "groups": house.configuration.groups.group,
            "members": {
                group.id: tuple(
                    (person, held.role)
                    for person in people
                    for held in person.roles
                    if held.group == group.id
                )
                for group in house.configuration.groups.group
            },
        }
        return show(house, request, "groups", values)

    @routes.get(f"{SETTINGS}/rules")
    def show_rules(request: Request) -> Response:
        values = {"rules": house.configuration.deadlines}
        return show(house, request, "rules", values)

    @routes.get(f"{SETTINGS}/wording")
    def show_wording(request: Request) -> Response:
        values = {"wording": house.configuration.wording}
        return show(house, request, "wording", values)

    @routes.get(f"{SETTINGS}/models")
    def show_models(request: Request, said: Annotated[str, Query(max_length=20)] = "") -> Response:
        return _models(house, request, told="models_done" if said == "done" else None)

    @routes.post(f"{SETTINGS}/models/use")
    def use(request: Request) -> Response:
        form = pass_of(request).form
        try:
            _check_sure(form)
            use_model(house, form.get("version", "")[:_LONGEST], by=staff_of(request).sign_in)
        except SarabanError as fault:
            return _models(house, request, fault=fault)
        return _onward(house, request, "models", said="done")

    @routes.post(f"{SETTINGS}/models/rollback")
    def go_back(request: Request) -> Response:
        try:
            _check_sure(pass_of(request).form)
            roll_back(house, by=staff_of(request).sign_in)
        except SarabanError as fault:
            return _models(house, request, fault=fault)
        return _onward(house, request, "models", said="done")

    return routes


def tabs_for(staff: StaffMember) -> tuple[str, ...]:
    """Return the settings whose pages a person may see."""
    return tuple(
        tab
        for tab in TABS
        if (needed := ACCESS["GET", f"{SETTINGS}/{tab}"].permission) is not None
        and may(staff, needed)
    )


def show(
    house: House,
    request: Request,
    tab: str,
    values: Mapping[str, object],
    *,
    told: str | None = None,
    fault: SarabanError | None = None,
    page: str | None = None,
) -> Response:
    """Return the page of a tab, its own by default; with a fault it says so and is no success."""
    status = HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY
    shown: dict[str, object] = {
        "tab": tab,
        "tabs": tabs_for(staff_of(request)),
        "told": told,
        "fault": fault,
    }
    wording = wording_for(house, request)
    return render(page or f"settings_{tab}.html", request, wording, shown | dict(values), status)


def _models(
    house: House,
    request: Request,
    *,
    told: str | None = None,
    fault: SarabanError | None = None,
) -> Response:
    return show(house, request, "models", {"models": model_lines(house)}, told=told, fault=fault)


def _check_sure(form: Mapping[str, str]) -> None:
    if form.get("sure") != "1":
        raise UsageFault("Tick the box first.", thai="โปรดทำเครื่องหมายยืนยันก่อน")


def _onward(house: House, request: Request, tab: str, said: str | None = None) -> Response:
    language = wording_for(house, request).language
    address = link(f"{SETTINGS}/{tab}", language, {"said": said})
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
