"""`/search`: letters by words, names and numbers, within what the person may open."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from pipeline.bootstrap import House
from pipeline.search_view import search_letters, search_scope
from registry.search_query import MAX_QUERY
from review.gate import staff_of
from review.rendering import render, wording_for

MAX_PAGE: Final = 1_000


def search_routes(house: House) -> APIRouter:
    """Return the routes of the search."""
    routes = APIRouter()

    @routes.get("/search")
    def show_hits(
        request: Request,
        q: str = "",
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    ) -> Response:
        found = search_letters(house, q, page, scope=search_scope(staff_of(request)))
        # What is repeated on the page is no longer than what was looked for.
        asked = " ".join(q.replace("\0", " ").split())[:MAX_QUERY]
        asked = asked.encode("utf-8", "replace").decode()
        values = {"found": found, "query": asked}
        return render("search.html", request, wording_for(house, request), values)

    return routes
