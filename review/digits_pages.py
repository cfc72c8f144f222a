"""`/digits`: whether this browser shows numbers in Thai or in Arabic digits."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.bootstrap import House
from review.addresses import HOME, own_address
from review.cookies import ARABIC, THAI, cookies_of
from review.gate import pass_of


def digits_routes(house: House) -> APIRouter:
    """Return the route that keeps the choice."""
    routes = APIRouter()
    cookies = cookies_of(house.settings)

    @routes.post("/digits")
    def choose_digits(request: Request) -> Response:
        form = pass_of(request).form
        answer = RedirectResponse(
            own_address(form.get("next", HOME)), status_code=HTTPStatus.SEE_OTHER
        )
        cookies.keep_digits(answer, ARABIC if form.get("digits") == ARABIC else THAI)
        return answer

    return routes
