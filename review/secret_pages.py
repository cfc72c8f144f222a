"""`/secret`: that a classified letter came, whom to call, and that it was handed over."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import ActionRefused, SarabanError
from pipeline.bootstrap import House
from pipeline.hand_over import AlreadyHandedOver, ClearanceTooLow, hand_over_item
from pipeline.secret_desk import secret_page
from registry.held import ItemMovedOn, ItemUnknown
from review.gate import staff_of
from review.register_pages import MAX_PAGE, Choice
from review.rendering import link, render, wording_for
from review.work_pages import MAX_ID, whole_number

SECRET = "/secret"
Id = Annotated[int, Path(ge=1, le=MAX_ID)]


def secret_routes(house: House) -> APIRouter:
    """Return the routes of the secret desk."""
    routes = APIRouter()

    @routes.get(SECRET)
    def show_desk(
        request: Request,
        every: Annotated[str, Query(pattern="^1?$")] = "",
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
        done: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        return _show(house, request, every, page, done=whole_number(done))

    @routes.post(f"{SECRET}/{{item_id}}/hand-over")
    def take(request: Request, item_id: Id) -> Response:
        try:
            hand_over_item(house, item_id, by=staff_of(request).sign_in)
        except ItemUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except (AlreadyHandedOver, ClearanceTooLow, ItemMovedOn, ActionRefused) as fault:
            return _show(house, request, "1", 1, fault=fault)
        language = wording_for(house, request).language
        address = link(SECRET, language, {"every": "1", "done": item_id})
        return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)

    return routes


def _show(
    house: House,
    request: Request,
    every: str,
    page: int,
    *,
    done: int | None = None,
    fault: SarabanError | None = None,
) -> Response:
    wording = wording_for(house, request)
    found = secret_page(house, staff_of(request), page, everything=bool(every))
    choices = [
        Choice(wording.text(words), link(SECRET, wording.language, {"every": value}), chosen)
        for words, value, chosen in (
            ("secret_waiting", None, not every),
            ("secret_everything", "1", bool(every)),
        )
    ]
    values: dict[str, object] = {
        "found": found,
        "choices": choices,
        "asked": {"every": every or None},
        "done": done,
        "fault": fault,
    }
    status = HTTPStatus.OK if fault is None else HTTPStatus.CONFLICT
    return render("secret.html", request, wording, values, status)
