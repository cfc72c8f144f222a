"""The frame of the case page, for every route that answers with it: shown, refused, stale."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from pipeline.bootstrap import House
from pipeline.case_view import case_view
from review.case_panels import panel_values
from review.gate import pass_of
from review.rendering import render, wording_for

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


def render_case(
    house: House,
    request: Request,
    case_id: int,
    typed: Mapping[str, object] = NOTHING,
    status: int = 200,
) -> HTMLResponse:
    """Return the page of a case that the gate has opened.

    Args:
        house: the office's house.
        request: with the pass of the gate.
        case_id: the case.
        typed: values for the templates that a refused form adds: what was typed, and why not.
        status: HTTP status.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it has become restricted since it was opened.
    """
    case = case_view(house, case_id, pass_of(request).opened)
    number = case.letters[0].register_number if case.letters else str(case.id)
    values = {
        "case": case,
        "number": number,
        **panel_values(house, request, case),
        **typed,
    }
    return render("case.html", request, wording_for(house, request), values, status)
