"""The frame of the case page, for every route that answers with it: shown, refused, stale."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from correspondence.reading import LetterFields
from correspondence.vocabulary import Secrecy, Urgency
from pipeline.bootstrap import House
from pipeline.case_view import case_view
from pipeline.field_correction import may_correct
from review.case_panels import panel_values
from review.gate import pass_of, staff_of
from review.rendering import render, wording_for

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
# What a page may say after it was led to by a form that did its work.
_SAID: Final = frozenset({"redated"})
_SEVERAL: Final = tuple(
    name for name, info in LetterFields.model_fields.items() if isinstance(info.default, tuple)
)
_CHOICES: Final = MappingProxyType({"urgency": tuple(Urgency), "secrecy": tuple(Secrecy)})


@dataclass(frozen=True, slots=True)
class TypedField:
    """A correction that was refused: of which field, what was typed, and why (in words)."""

    letter_id: int
    field: str
    value: str = dataclasses.field(repr=False)
    why: str


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
    said = request.query_params.get("said")
    values = {
        "case": case,
        "number": case.letters[0].register_number if case.letters else str(case.id),
        "may_correct": may_correct(staff_of(request), case),
        "several": _SEVERAL,
        "choices": _CHOICES,
        "said": said if said in _SAID else None,
        "typed_field": None,
        **panel_values(house, request, case),
        **typed,
    }
    return render("case.html", request, wording_for(house, request), values, status)
