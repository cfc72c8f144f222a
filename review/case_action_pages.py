"""`/cases/{id}/actions/{action}`: what a person may do to a case, as forms that need no script."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response

from correspondence.errors import SarabanError
from correspondence.states import Action
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_desk import CaseDesk, case_desk, steps_since
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_record import action_named
from review.action_answers import OVERTAKEN, REFUSALS, Id, onward, opened_of
from review.action_done import done_of, done_query
from review.action_fields import KINDS, MOST_GIVEN_BACK, fields_of, read_action, version_in
from review.action_forms import action_bar, action_form
from review.gate import pass_of
from review.rendering import render, wording_for


def action_values(house: House, request: Request, desk: CaseDesk) -> dict[str, object]:
    """Return what `case_actions.html` and `case_contacts.html` show of a case."""
    wording = wording_for(house, request)
    return {
        "desk": desk,
        "bar": action_bar(desk, house, wording),
        "done": done_of(request, wording),
    }


def action_routes(house: House) -> APIRouter:
    """Return the routes of what is done to a case."""
    routes = APIRouter()

    @routes.get("/cases/{case_id}/actions/{action}")
    def show_action(request: Request, case_id: Id, action: str) -> Response:
        wanted = _action(action)
        return show_form(house, request, wanted, case_desk(house, opened_of(request)))

    @routes.post("/cases/{case_id}/actions/{action}")
    def take_action(request: Request, case_id: Id, action: str) -> Response:
        wanted, came = _action(action), pass_of(request)
        opened = opened_of(request)
        desk, wording = case_desk(house, opened), wording_for(house, request)
        read = read_action(house, desk, wanted, opened.by, came.form, came.files, wording)
        if read.request is None:
            return show_form(house, request, wanted, desk, faults=read.faults)
        try:
            done = act_on_case(house, read.request)
        except OVERTAKEN:
            return overtaken(house, request, wanted)
        except REFUSALS as fault:
            return show_form(house, request, wanted, desk, fault=fault)
        except (CaseUnknown, CaseRestricted) as fault:
            if not _names_another(came.form):
                raise
            return show_form(house, request, wanted, desk, fault=fault)
        query = done_query(wanted.value, repeated=done.repeated, new_case=done.new_case_id)
        return onward(house, request, query)

    @routes.get("/done")
    def show_done(request: Request) -> Response:
        wording = wording_for(house, request)
        done = done_of(request, wording)
        if done is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return render("done.html", request, wording, {"done": done})

    return routes


def show_form(
    house: House,
    request: Request,
    action: Action,
    desk: CaseDesk,
    *,
    fault: SarabanError | None = None,
    faults: Mapping[str, str] | None = None,
    stale: bool = False,
) -> Response:
    """Show the form of one action by itself, with what was typed and why it was refused."""
    wording, typed = wording_for(house, request), pass_of(request).form
    possible = desk.possible(action) is not None
    form = None
    if possible:
        form = action_form(action, desk, house, wording, typed=typed, faults=faults or {})
    status = HTTPStatus.OK
    if stale:
        status = HTTPStatus.CONFLICT
    elif fault is not None or faults or not possible:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    names = fields_of(action, desk) or tuple(KINDS)
    values: dict[str, object] = {
        "action": action,
        "desk": desk,
        "form": form,
        "fault": wording.fault(fault) if fault is not None else "",
        "stale": stale,
        "steps": steps_since(house, opened_of(request), version_in(typed)) if stale else (),
        "typed": tuple(
            (wording.said(f"ask_{name}_{action}", f"ask_{name}"), typed[name][:MOST_GIVEN_BACK])
            for name in (names if possible else tuple(KINDS))
            if typed.get(name, "").strip()
        ),
    }
    return render("case_action.html", request, wording, values, status)


def overtaken(house: House, request: Request, action: Action) -> Response:
    """Say that somebody was faster, and give the form back for the case as it stands now."""
    return show_form(house, request, action, case_desk(house, opened_of(request)), stale=True)


def _action(name: str) -> Action:
    wanted = action_named(name)
    if wanted is None or wanted.value != name:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return wanted


def _names_another(form: Mapping[str, str]) -> bool:
    return bool(form.get("other_case") or form.get("duplicate_of"))
