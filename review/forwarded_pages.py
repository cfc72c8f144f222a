"""`/cases/{id}/forwarded`: a copy without who complains, proposed, changed and confirmed."""

from __future__ import annotations

import io
import zipfile
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from correspondence.errors import ActionRefused, SarabanError
from drafting.redaction.copies import RedactionIncomplete
from drafting.redaction.number_forms import TO_CHECK
from drafting.redaction.personal import OPENABLE
from office.letters import OutgoingKind
from pipeline.bootstrap import House
from pipeline.forwarded_copy import CopyChanged, CopyUnchecked, NotForwardable
from pipeline.writing import LetterOrder, Writing, may_write, write_letter
from review.action_answers import Id, opened_of
from review.downloads import download
from review.forms import Form
from review.gate import pass_of
from review.rendering import render, wording_for
from review.security import PICTURED
from sandbox.faults import SandboxFault

_LONGEST: Final = 400
_MOST: Final = 500
_REFUSED: Final = (ActionRefused, NotForwardable, RedactionIncomplete, SandboxFault)
# What a new proposal is shown beside.
_AGAIN: Final = (CopyChanged, CopyUnchecked)
_ZIP: Final = "application/zip"
_FORWARD: Final = OutgoingKind.FORWARD


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
        by = opened_of(request).by
        try:
            if do == "confirm":
                try:
                    made = write_letter(house, case_id, _FORWARD, by, _confirmed(order, form))
                except _AGAIN as fault:
                    made = write_letter(house, case_id, _FORWARD, by, order)
                    return _show(house, request, case_id, order, made=made, fault=fault)
            else:
                made = write_letter(house, case_id, _FORWARD, by, order)
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


def _confirmed(order: LetterOrder, form: Form) -> LetterOrder:
    """Return the order of a copy to confirm, with the kinds the person answers for."""
    ticked = form.all("checked")
    return order.model_copy(
        update={
            # No proposal has this fingerprint.
            "confirm": form.get("confirm", "") or "-",
            "checked": frozenset(kind for kind in TO_CHECK if kind.value in ticked),
        }
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
        "to_check": TO_CHECK,
        "addressee": order.addressee,
        "hidden": order.hide,
        "shown": order.show,
        "fault": wording.fault(fault) if fault is not None else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault is not None else HTTPStatus.OK
    page = render("forwarded.html", request, wording, values, status)
    if made is not None and made.previews:
        page.headers["Content-Security-Policy"] = PICTURED
    return page
