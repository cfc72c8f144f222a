"""`/sign-in`, `/sign-out`, `/password`, `/first-run`: how people come in and go."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import UsageFault
from pipeline.bootstrap import House
from pipeline.first_run import (
    FirstRunCodeWrong,
    FirstRunOver,
    first_run_due,
    make_first_administrator,
)
from pipeline.passwords import PasswordWeak
from pipeline.person_entry import PersonRefused
from pipeline.signing_in import (
    SignInFailed,
    TooManyTries,
    change_password,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from review.addresses import HOME, home_of, own_address
from review.cookies import cookies_of
from review.door import Door
from review.gate import address_of, pass_of, staff_of

Next = Annotated[str, Query(alias="next", max_length=2000)]


def door_routes(house: House) -> APIRouter:
    """Return the routes of the door."""
    routes = APIRouter()
    cookies = cookies_of(house.settings)
    door = Door(house)

    @routes.get("/sign-in")
    def show_sign_in(request: Request, asked: Next = HOME) -> Response:
        if first_run_due(house):
            return door.to(request, "/first-run")
        visitor = pass_of(request).visitor
        if visitor is not None:
            wanted = own_address(asked)
            return RedirectResponse(
                home_of(visitor.staff) if wanted == HOME else wanted,
                status_code=HTTPStatus.SEE_OTHER,
            )
        return door.show_sign_in(request, "", own_address(asked))

    @routes.post("/sign-in")
    def take_sign_in(request: Request) -> Response:
        form = pass_of(request).form
        name, asked = form.get("name", ""), own_address(form.get("next", HOME))
        try:
            token = sign_in(house, name, form.get("password", ""), address_of(request))
        except (SignInFailed, TooManyTries) as fault:
            return door.show_sign_in(request, name, asked, fault)
        return door.onward(request, asked, token)

    @routes.post("/sign-out")
    def take_sign_out(request: Request) -> Response:
        sign_out(house, cookies.token(request))
        answer = door.to(request, "/sign-in")
        cookies.let_out(answer)
        return answer

    @routes.post("/sign-out/everywhere")
    def take_sign_out_everywhere(request: Request) -> Response:
        sign_out_everywhere(house, staff_of(request))
        answer = door.to(request, "/sign-in")
        cookies.let_out(answer)
        return answer

    def own(request: Request, asked: str) -> dict[str, object]:
        # Keepers of passwords want to know whose it is.
        return {"asked": asked, "name": staff_of(request).sign_in}

    @routes.get("/password")
    def show_password(request: Request, asked: Next = HOME) -> Response:
        return door.show(request, "password.html", own(request, own_address(asked)))

    @routes.post("/password")
    def take_password(request: Request) -> Response:
        form = pass_of(request).form
        asked, new = own_address(form.get("next", HOME)), form.get("new", "")
        try:
            _same_twice(new, form.get("again", ""))
            token = change_password(
                house, staff_of(request), form.get("old", ""), new, address_of(request)
            )
        except (SignInFailed, TooManyTries, PasswordWeak, UsageFault) as fault:
            return door.show(request, "password.html", own(request, asked), fault)
        return door.onward(request, asked, token)

    def from_here(request: Request) -> bool:
        """Tell whether a request can only come from this machine."""
        if house.settings.review_url:
            return False  # a proxy on this machine makes everybody look near
        try:
            return ip_address(address_of(request)).is_loopback
        except ValueError:
            return False

    @routes.get("/first-run")
    def show_first_run(request: Request) -> Response:
        if not first_run_due(house):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        values: dict[str, object] = {"name": "", "shown": "", "ask_code": not from_here(request)}
        return door.show(request, "first_run.html", values)

    @routes.post("/first-run")
    def take_first_run(request: Request) -> Response:
        form = pass_of(request).form
        here = from_here(request)
        name, shown, password = (form.get(key, "") for key in ("name", "shown", "password"))
        try:
            _same_twice(password, form.get("again", ""))
            token = make_first_administrator(
                house,
                name,
                thai_name=shown,
                password=password,
                code=None if here else form.get("code", ""),
                address=address_of(request),
            )
        except FirstRunOver:
            return door.to(request, "/sign-in")
        except (
            FirstRunCodeWrong,
            PasswordWeak,
            PersonRefused,
            TooManyTries,
            UsageFault,
        ) as fault:
            values: dict[str, object] = {"name": name, "shown": shown, "ask_code": not here}
            return door.show(request, "first_run.html", values, fault)
        return door.onward(request, HOME, token)

    return routes


def _same_twice(new: str, again: str) -> None:
    if new != again:
        raise UsageFault("The two new passwords differ.", thai="รหัสผ่านใหม่ทั้งสองช่องไม่ตรงกัน")
