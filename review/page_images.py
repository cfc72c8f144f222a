"""`/cases/{id}/letters/{letter}/…`: pictures of its pages, its text, its files as downloads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Path, Request, Response

from pipeline.bootstrap import House
from pipeline.letter_pages import PageDrawer, PageNotDrawn, letter_file
from pipeline.letter_text import letter_text
from review.gate import pass_of
from review.rendering import render, wording_for
from sandbox.faults import SandboxFault

MAX_ID = 2**31 - 1
_MAX_PLACE = 1000
_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_SUFFIX = re.compile(r"[A-Za-z0-9]+")

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

    @routes.get("/files/{place}")
    def download_file(request: Request, case_id: Id, letter_id: Id, place: Place) -> Response:
        try:
            file = letter_file(house, case_id, letter_id, place, pass_of(request).opened)
        except (PageNotDrawn, SandboxFault):
            return _not_drawn(house, request)
        # Whatever it says it is, a browser saves it and opens nothing.
        return Response(
            file.content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": disposition(file.file_name),
                "Content-Security-Policy": "sandbox",
            },
        )

    return routes


def disposition(file_name: str) -> str:
    """Return the header that saves a file under its name, in any script; never a path."""
    name = file_name.replace("\\", "/").rpartition("/")[2].strip(" .") or "file"
    stem, _, ending = name.rpartition(".")
    plain = _PLAIN.sub("_", stem or ending)[:80].strip("_") or "letter"
    suffix = ending[:8] if stem and _SUFFIX.fullmatch(ending) else "bin"
    written = quote(name.encode("utf-8", "replace")[:600].decode("utf-8", "ignore"), safe="")
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{written}"


def _not_drawn(house: House, request: Request) -> Response:
    values = {"title": "page_not_drawn", "why": "page_not_drawn_why"}
    return render("fault.html", request, wording_for(house, request), values, 422)
