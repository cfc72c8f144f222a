"""`/people`: who is in office, for administrators; changed by `saraban people` for now."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pipeline.bootstrap import House
from pipeline.people_view import people_in_office
from review.rendering import render, wording_for


def people_routes(house: House) -> APIRouter:
    """Return the routes of administration."""
    routes = APIRouter()

    @routes.get("/people")
    def show_people(request: Request) -> Response:
        values = {"people": people_in_office(house)}
        return render("people.html", request, wording_for(house, request), values)

    return routes
