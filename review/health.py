"""`/health` and `/metrics` for monitors: whether the house is well; counts, no letter, no name."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from pipeline.bootstrap import House
from pipeline.metrics import CONTENT_TYPE, office_metrics
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

    @routes.get("/metrics")
    def show_metrics(request: Request) -> Response:
        # Without its token the page is not there.
        if not _is_monitor(house, request):
            raise HTTPException(404)
        try:
            return Response(office_metrics(house), media_type=CONTENT_TYPE)
        except SQLAlchemyError:
            return Response("database unreachable\n", status_code=503, media_type="text/plain")

    return routes


def _is_monitor(house: House, request: Request) -> bool:
    token = house.settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())
