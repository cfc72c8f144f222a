"""`/absence`: one's own days away and who stands in; set as by `saraban people`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError
from correspondence.vocabulary import Role
from pipeline.absences import set_absence, set_deputy
from pipeline.bootstrap import House
from pipeline.people_view import PersonView, people_in_office
from review.action_fields import read_day
from review.gate import pass_of, staff_of
from review.rendering import link, render, wording_for

ABSENCE: Final = "/absence"
_LONGEST = 300
_SAID = frozenset({"absence", "deputy"})

Said = Annotated[str, Query(max_length=20)]


def absence_routes(house: House) -> APIRouter:
    """Return the routes of everybody's own absence."""
    routes = APIRouter()

    @routes.get(ABSENCE)
    def show_absence(request: Request, said: Said = "") -> Response:
        return _own(house, request, said=said)

    @routes.post(ABSENCE)
    def set_days(request: Request) -> Response:
        form, own = pass_of(request).form, staff_of(request).sign_in
        try:
            set_absence(house, own, *days_of(form), by=own)
        except SarabanError as fault:
            return _own(house, request, fault=fault, typed=form)
        language = wording_for(house, request).language
        return _onward(link(ABSENCE, language, {"said": "absence"}))

    @routes.post(f"{ABSENCE}/deputy")
    def name_deputy(request: Request) -> Response:
        form, own = pass_of(request).form, staff_of(request).sign_in
        try:
            set_deputy(house, own, form.get("deputy", "")[:_LONGEST] or None, by=own)
        except SarabanError as fault:
            return _own(house, request, fault=fault, typed=form)
        language = wording_for(house, request).language
        return _onward(link(ABSENCE, language, {"said": "deputy"}))

    return routes


def days_of(form: Mapping[str, str]) -> tuple[date | None, date | None]:
    """Return the first and the last day that a form names; None for a blank.

    Raises:
        UsageFault: one cannot be read.
    """
    first, last = (form.get(name, "").strip()[:_LONGEST] for name in ("first", "last"))
    return (read_day(first) if first else None, read_day(last) if last else None)


def _own(
    house: House,
    request: Request,
    *,
    said: str = "",
    fault: SarabanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    staff = staff_of(request)
    status = HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY
    people = people_in_office(house)
    names = {one.sign_in: one.thai_name for one in people}
    person = next(one for one in people if one.sign_in == staff.sign_in)
    values: dict[str, object] = {
        "person": person,
        "names": names,
        "stands_for": [one for one in people if one.deputy == staff.sign_in],
        "others": [one for one in people if one.sign_in != staff.sign_in and _may_stand_in(one)],
        "told": f"people_done_{said}" if said in _SAID else None,
        "fault": fault,
        "typed": typed or {},
    }
    return render("absence.html", request, wording_for(house, request), values, status)


def _may_stand_in(person: PersonView) -> bool:
    return bool(person.roles) and all(held.role is not Role.ADMINISTRATOR for held in person.roles)


def _onward(address: str) -> Response:
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
