"""`POST /cases/{id}/fields`: a person sets a field of a letter."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import ActionRefused, SarabanError, StaleVersion
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown
from pipeline.field_correction import correct_field
from pipeline.field_values import FieldUnknown, ValueRefused
from review.case_frame import TypedField, render_case
from review.catalogue import Language
from review.gate import pass_of, staff_of
from review.page_images import Id
from review.rendering import link, render, wording_for

_MAX_DIGITS = 9


def field_routes(house: House) -> APIRouter:
    """Return the route of a correction."""
    routes = APIRouter(prefix="/cases")

    @routes.post("/{case_id}/fields")
    def set_field(request: Request, case_id: Id) -> Response:
        form = pass_of(request).form
        letter_id, version = _number(form.get("letter")), _number(form.get("version"))
        name, _, place = form.get("field", "").partition(":")
        value = form.get("value", "")
        wording = wording_for(house, request)
        try:
            done = correct_field(
                house,
                case_id,
                letter_id,
                name,
                _number(place),
                value,
                staff_of(request).sign_in,
                version,
            )
        except (StaleVersion, ValueRefused, ActionRefused) as fault:
            why = fault.thai if wording.language is Language.TH else fault.english
            typed = TypedField(letter_id, form.get("field", ""), value, why)
            return render_case(house, request, case_id, {"typed_field": typed}, _status(fault))
        except FieldUnknown:
            raise CaseUnknown("No such field.", thai="ไม่พบรายการนี้") from None
        if done.restricted:
            # Whoever has no clearance has just closed the case to themselves: they are told.
            values = {"title": "now_restricted", "why": "now_restricted_why"}
            return render("fault.html", request, wording, values)
        said = {"said": "redated"} if done.redated else {}
        path = link(f"/cases/{case_id}", wording.language, said)
        anchor = f"#field-{letter_id}-{done.name}-{done.place}"
        return RedirectResponse(path + anchor, status_code=HTTPStatus.SEE_OTHER)

    return routes


def _number(text: str | None) -> int:
    """Return a number that a form of ours sent.

    Raises:
        CaseUnknown: it is none; no form of ours sends that.
    """
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise CaseUnknown("No such field.", thai="ไม่พบรายการนี้")
    return int(text)


def _status(fault: SarabanError) -> int:
    return (
        HTTPStatus.CONFLICT if isinstance(fault, StaleVersion) else HTTPStatus.UNPROCESSABLE_ENTITY
    )
