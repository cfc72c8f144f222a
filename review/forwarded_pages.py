"""`/cases/{id}/forwarded`: a copy without who complains, proposed, changed and confirmed."""

from __future__ import annotations

import io
import zipfile
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from correspondence.errors import ActionRefused, SarabanError
from drafting.redaction.copies import RedactionIncomplete
from drafting.redaction.personal import OPENABLE
from office.letters import OutgoingKind
from pipeline.bootstrap import House
from pipeline.forwarded_copy import CopyChanged, NotForwardable
from pipeline.writing import LetterOrder, Writing, may_write, write_letter
from review.action_answers import Id, opened_of
from review.downloads import download
from review.forms import Form
from review.gate import pass_of
from review.rendering import render, wording_for
from sandbox.faults import SandboxFault

_LONGEST: Final = 400
_MOST: Final = 500
_REFUSED: Final = (
    ActionRefused, NotForwardable, RedactionIncomplete, CopyChanged, SandboxFault,
)  # fmt: skip
_ZIP: Final = "application/zip"


def forwarded_routes(house: House) -> APIRouter:
    """Return the routes of a case's forwarded copy."""
    routes = APIRouter(prefix="/cases")

    @routes.get("/{case_id}/forwarded")
    def show_form(request: Request, case_id: Id) -> Response:
        return _show(house, request, case_id, LetterOrder())

    @routes.post("/{case_id}/forwarded")
    def make_copy(request: Request, case_id: Id) -> Response:
        form = pass_of(request).form
        order, do = _order(form), form.get("do", "")
        if do == "confirm":
            order = order.model_copy(update={"confirm": form.get("confirm", "") or "-"})
        by = opened_of(request).by
        try:
            made = write_letter(house, case_id, OutgoingKind.FORWARD, by, order)
        except _REFUSED as fault:
            return _show(house, request, case_id, order, fault=fault)
        if do in ("confirm", "files"):
            stem = "forward" if made.confirmed else "proposal"
            name = f"{stem}-{made.register_number.replace('/', '-')}.zip"
            return download(_packed(made), name, _ZIP)
        return _show(house, request, case_id, order, made=made)

    return routes


def _order(form: Form) -> LetterOrder:
    """Return what a person asks for: words behind boxes, and words that they typed."""
    typed = (line.strip()[:_LONGEST] for line in form.get("more", "").splitlines())
    hide = (*form.all("hide"), *typed)
    return LetterOrder(
        addressee=form.get("to", "").strip()[:_LONGEST],
        hide=tuple(dict.fromkeys(filter(None, hide)))[:_MOST],
        show=tuple(dict.fromkeys(filter(None, form.all("show"))))[:_MOST],
    )


def _packed(made: Writing) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for file in made.files:
            package.writestr(file.file_name, file.content)
    return packed.getvalue()


def _show(
    house: House,
    request: Request,
    case_id: int,
    order: LetterOrder,
    *,
    made: Writing | None = None,
    fault: SarabanError | None = None,
) -> Response:
    wording = wording_for(house, request)
    values: dict[str, object] = {
        "case_id": case_id,
        "may": may_write(house, case_id, opened_of(request).by),
        "made": made,
        "openable": OPENABLE,
        "addressee": order.addressee,
        "hidden": order.hide,
        "shown": order.show,
        "fault": wording.fault(fault) if fault is not None else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault is not None else HTTPStatus.OK
    return render("forwarded.html", request, wording, values, status)
