"""How what is done to a case is answered: which refusals come back as the form, where one goes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Path, Request
from fastapi.responses import RedirectResponse

from correspondence.errors import ActionRefused, StaleVersion, UsageFault
from pipeline.bootstrap import House
from pipeline.case_actions import KeyReused
from pipeline.case_desk import still_open
from pipeline.edited_memo import MemoRefused
from pipeline.link_decisions import LinkDecided
from pipeline.pacing import ExtensionRefused
from pipeline.permissions import OpenedCase
from review.gate import pass_of, staff_of
from review.rendering import link, wording_for
from routing.faults import CalendarYearMissing

# The largest id both databases hold.
MAX_ID: Final = 2**31 - 1
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
# Somebody was faster, or the form was sent before with something else in it.
OVERTAKEN: Final = (StaleVersion, KeyReused)
REFUSALS: Final = (
    ActionRefused, ExtensionRefused, MemoRefused, LinkDecided, CalendarYearMissing, UsageFault,
)  # fmt: skip


def onward(
    house: House, request: Request, query: Mapping[str, str | int | None]
) -> RedirectResponse:
    """Lead back to the case, or to a page that tells what was done where it went elsewhere."""
    opened = opened_of(request)
    open_still = still_open(house, opened.case_id, staff_of(request))
    path = f"/cases/{opened.case_id}" if open_still else "/done"
    language = wording_for(house, request).language
    return RedirectResponse(link(path, language, query), status_code=HTTPStatus.SEE_OTHER)


def opened_of(request: Request) -> OpenedCase:
    """Return the case of a route, which the gate has opened for the visitor."""
    opened = pass_of(request).opened
    assert opened is not None  # every route here is about one case
    return opened
