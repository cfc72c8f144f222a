"""`/health`: whether the database answers; counts for whoever is signed in. No letter, no name."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from pipeline.bootstrap import House
from pipeline.standing import office_standing
from review.gate import pass_of


def health_routes(house: House) -> APIRouter:
    """Return the route of the monitors."""
    routes = APIRouter()

    @routes.get("/health")
    def show_health(request: Request) -> JSONResponse:
        try:
            standing = office_standing(house)
        except SQLAlchemyError:
            return JSONResponse({"status": "fault", "database": "unreachable"}, status_code=503)
        visitor = pass_of(request).visitor
        if visitor is None or visitor.must_change:
            return JSONResponse({"status": "ok", "database": "reachable"})
        return JSONResponse(
            {
                "status": "ok",
                "database": "reachable",
                "letters": standing.letters,
                "waiting": standing.intake.get("pending", 0),
                "overdue": standing.overdue,
                "due_today": standing.due_today,
                "holding_pen": standing.holding_pen,
                "quarantine": standing.quarantine,
                "secret_desk": standing.secret_desk,
                "stuck": standing.stuck,
            }
        )

    return routes
