"""`/cases/{id}/letters/{letter}/…`: pictures of its pages, its text, its files as downloads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Request, Response

from pipeline.bootstrap import House
from pipeline.letter_pages import PageDrawer, PageNotDrawn, letter_file, mail_body
from pipeline.letter_text import letter_text
from review.downloads import download
from review.gate import pass_of
from review.mail_html import safe_mail_html
from review.rendering import render, wording_for
from sandbox.faults import SandboxFault

MAX_ID = 2**31 - 1
_MAX_PLACE = 1000

Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Page = Annotated[int, Path(ge=1, le=_MAX_PLACE)]
Place = Annotated[int, Path(ge=0, le=_MAX_PLACE)]


def letter_routes(house: House) -> APIRouter:
    """Return the routes of a letter; the children that draw its pages end with the app."""
    drawer = PageDrawer(house)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        drawer.close()

    routes = APIRouter(prefix="/cases/{case_id}/letters/{letter_id}", lifespan=lifespan)

    @routes.get("/pages/{page}.png")
    def show_page(request: Request, case_id: Id, letter_id: Id, page: Page) -> Response:
        try:
            png = drawer.draw(case_id, letter_id, page, pass_of(request).opened)
        except (PageNotDrawn, SandboxFault):
            return _not_drawn(house, request)
        return Response(png, media_type="image/png")

    @routes.get("/text")
    def show_text(request: Request, case_id: Id, letter_id: Id) -> Response:
        letter = letter_text(house, case_id, letter_id, pass_of(request).opened)
        values = {"letter": letter, "case_id": case_id}
        return render("letter_text.html", request, wording_for(house, request), values)

    @routes.get("/mail")
    def show_mail(request: Request, case_id: Id, letter_id: Id) -> Response:
        try:
            html = mail_body(house, case_id, letter_id, pass_of(request).opened)
        except (PageNotDrawn, SandboxFault):
            return _not_drawn(house, request)
        values = {
            "case_id": case_id,
            "letter_id": letter_id,
            "mail": safe_mail_html(html) if html is not None else None,
        }
        return render("letter_mail.html", request, wording_for(house, request), values)

    @routes.get("/files/{place}")
    def download_file(request: Request, case_id: Id, letter_id: Id, place: Place) -> Response:
        try:
            file = letter_file(house, case_id, letter_id, place, pass_of(request).opened)
        except (PageNotDrawn, SandboxFault):
            return _not_drawn(house, request)
        # Whatever it says it is, a browser saves it and opens nothing.
        return download(file.content, file.file_name)

    return routes


def _not_drawn(house: House, request: Request) -> Response:
    values = {"title": "page_not_drawn", "why": "page_not_drawn_why"}
    return render("fault.html", request, wording_for(house, request), values, 422)
