"""`/people`: who is in office, with their roles; changed as by `saraban people`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError, UsageFault
from correspondence.vocabulary import Role, Secrecy
from pipeline.absences import set_absence, set_deputy
from pipeline.bootstrap import House
from pipeline.people import (
    GROUP_ROLES,
    add_person,
    change_person,
    give_role,
    renew_password,
    retire_person,
    set_clearance,
    take_role,
)
from pipeline.people_view import PersonView, people_in_office
from pipeline.person_entry import PersonUnknown
from review.absence_pages import days_of
from review.gate import pass_of, staff_of
from review.rendering import link, render, wording_for
from review.wording import Wording

PEOPLE: Final = "/people"
_LONGEST = 300
_SAID = frozenset({"role", "role-take", "clearance", "absence", "deputy", "details"})
# The office's roles a person can hold.
_ROLES = tuple(role for role in Role if role is not Role.MACHINE)

Said = Annotated[str, Query(max_length=20)]
Change = Callable[[str, Mapping[str, str], str], None]


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role as a form offers it: `role` or `role:group`, and its name."""

    value: str
    words: str


def people_routes(house: House) -> APIRouter:
    """Return the routes of the people of the office."""
    routes = APIRouter()

    @routes.get(PEOPLE)
    def show_people(
        request: Request, left: Annotated[str, Query(pattern="^1?$")] = "", said: Said = ""
    ) -> Response:
        return _list(house, request, left=bool(left), said=said)

    @routes.post(PEOPLE)
    def enter(request: Request) -> Response:
        form, wording = pass_of(request).form, wording_for(house, request)
        name = form.get("sign_in", "")[:_LONGEST]
        try:
            password = add_person(
                house,
                name,
                thai_name=form.get("thai_name", "")[:_LONGEST],
                email=form.get("email", "")[:_LONGEST],
                roles=(_role(form.get("role", "")),),
                clearance=_grade(form.get("clearance", Secrecy.OPEN.value)),
                by=staff_of(request).sign_in,
            )
        except SarabanError as fault:
            return _list(house, request, fault=fault, typed=form)
        # Shown in the answer itself: nothing keeps it for a page after this one.
        return _password(request, wording, name.strip().lower(), password)

    @routes.get(f"{PEOPLE}/{{sign_in}}")
    def show_person(request: Request, sign_in: str, said: Said = "") -> Response:
        return _person(house, request, sign_in, said=said)

    @routes.post(f"{PEOPLE}/{{sign_in}}/password")
    def password(request: Request, sign_in: str) -> Response:
        by = staff_of(request).sign_in
        try:
            made = renew_password(house, sign_in, by=by)
        except PersonUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except SarabanError as fault:
            return _person(house, request, sign_in, fault=fault)
        return _password(request, wording_for(house, request), sign_in, made)

    @routes.post(f"{PEOPLE}/{{sign_in}}/retire")
    def retire(request: Request, sign_in: str) -> Response:
        form, language = pass_of(request).form, wording_for(house, request).language
        try:
            if form.get("sure") != "1":
                raise UsageFault("Tick the box first.", thai="โปรดทำเครื่องหมายยืนยันก่อน")
            retire_person(house, sign_in, by=staff_of(request).sign_in)
        except PersonUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except SarabanError as fault:
            return _person(house, request, sign_in, fault=fault)
        return _onward(link(PEOPLE, language, {"said": "retired"}))

    def change(name: str, act: Change) -> None:
        @routes.post(f"{PEOPLE}/{{sign_in}}/{name}", name=f"person_{name}")
        def carry_out(request: Request, sign_in: str) -> Response:
            form = pass_of(request).form
            try:
                act(sign_in, form, staff_of(request).sign_in)
            except PersonUnknown:
                raise HTTPException(HTTPStatus.NOT_FOUND) from None
            except SarabanError as fault:
                return _person(house, request, sign_in, fault=fault, typed=form)
            language = wording_for(house, request).language
            return _onward(link(f"{PEOPLE}/{sign_in}", language, {"said": name}))

    def give(sign_in: str, form: Mapping[str, str], by: str) -> None:
        role, group = _role(form.get("role", ""))
        give_role(house, sign_in, role, group, by=by)

    def take(sign_in: str, form: Mapping[str, str], by: str) -> None:
        role, group = _role(form.get("role", ""))
        take_role(house, sign_in, role, group, by=by)

    def describe(sign_in: str, form: Mapping[str, str], by: str) -> None:
        name, email = (form.get(one, "")[:_LONGEST] for one in ("thai_name", "email"))
        change_person(house, sign_in, thai_name=name, email=email, by=by)

    def clear(sign_in: str, form: Mapping[str, str], by: str) -> None:
        set_clearance(house, sign_in, _grade(form.get("clearance", "")), by=by)

    def away(sign_in: str, form: Mapping[str, str], by: str) -> None:
        set_absence(house, sign_in, *days_of(form), by=by)

    def stand_in(sign_in: str, form: Mapping[str, str], by: str) -> None:
        deputy = form.get("deputy", "")[:_LONGEST] or None
        try:
            set_deputy(house, sign_in, deputy, by=by)
        except PersonUnknown as fault:
            if deputy is None or _find(house, sign_in) is None:
                raise
            # It is the deputy who is not known.
            raise UsageFault(fault.english, thai=fault.thai) from None

    change("role", give)
    change("role-take", take)
    change("clearance", clear)
    change("absence", away)
    change("deputy", stand_in)
    change("details", describe)

    return routes


def _list(
    house: House,
    request: Request,
    *,
    left: bool = False,
    said: str = "",
    fault: SarabanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    wording = wording_for(house, request)
    values: dict[str, object] = {
        "people": people_in_office(house, retired=left),
        "left": left,
        "told": "people_retired" if said == "retired" else None,
        "roles": _roles(house, wording),
        "grades": tuple(Secrecy),
        "fault": fault,
        "typed": typed or {},
    }
    return render("people.html", request, wording, values, _status(fault))


def _person(
    house: House,
    request: Request,
    sign_in: str,
    *,
    said: str = "",
    fault: SarabanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    wording = wording_for(house, request)
    people = people_in_office(house, retired=True)
    person = next((one for one in people if one.sign_in == sign_in), None)
    if person is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    values: dict[str, object] = {
        "person": person,
        "others": [
            one for one in people if one.retired_at is None and one.sign_in != person.sign_in
        ],
        "names": {one.sign_in: one.thai_name for one in people},
        "roles": _roles(house, wording),
        "grades": tuple(Secrecy),
        "told": f"people_done_{said.replace('-', '_')}" if said in _SAID else None,
        "fault": fault,
        "typed": typed or {},
        "own": staff_of(request).sign_in == person.sign_in,
    }
    return render("person.html", request, wording, values, _status(fault))


def _password(request: Request, wording: Wording, sign_in: str, password: str) -> Response:
    values = {"sign_in": sign_in, "password": password}
    return render("person_password.html", request, wording, values)


def _roles(house: House, wording: Wording) -> tuple[RoleChoice, ...]:
    """Return every role with its groups, those of the whole office first."""
    office = [RoleChoice(role.value, wording.term(role)) for role in _ROLES]
    return (
        *office,
        *(
            RoleChoice(
                f"{role.value}:{group.id}", f"{wording.term(role)} · {wording.group(group.id)}"
            )
            for role in _ROLES
            if role in GROUP_ROLES
            for group in house.configuration.groups.group
        ),
    )


def _role(text: str) -> tuple[Role, str | None]:
    name, _, group = text.partition(":")
    try:
        return Role(name), group or None
    except ValueError:
        raise UsageFault("Choose a role.", thai="โปรดเลือกบทบาท") from None


def _grade(text: str) -> Secrecy:
    try:
        return Secrecy(text)
    except ValueError:
        raise UsageFault("Choose a grade.", thai="โปรดเลือกชั้นความลับ") from None


def _find(house: House, sign_in: str) -> PersonView | None:
    return next((one for one in people_in_office(house) if one.sign_in == sign_in), None)


def _status(fault: SarabanError | None) -> int:
    return HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY


def _onward(address: str) -> Response:
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
