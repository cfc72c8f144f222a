"""The memo of a case: its parts to edit and accept, versions side by side, files in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from correspondence.errors import MissingDependency, SarabanError, UnreadableInput
from correspondence.states import Action
from drafting.editing import MemoUneditable, PartTooLong
from drafting.versions import LineChange, LineFate, MemoUnreadable
from drafting.word_changes import Run, RunFate, changed_runs
from pipeline.bootstrap import House
from pipeline.case_desk import CaseDesk, case_desk, steps_since
from pipeline.case_memo import HAND_IN, MemoDesk, MemoEdit, MemoUnfounded, hand_in_memo, memo_desk
from pipeline.case_memo_pdf import memo_pdf
from pipeline.case_record import action_named
from pipeline.case_request import LONGEST_KEY, CaseRequest
from pipeline.memo_versions import memo_comparison
from review.action_answers import MAX_ID, OVERTAKEN, REFUSALS, Id, onward, opened_of
from review.action_done import done_query
from review.action_fields import version_in
from review.forms import Form
from review.gate import pass_of
from review.memo_forms import PART, memo_form
from review.rendering import render, wording_for
from sandbox.faults import SandboxFault

Version = Annotated[int | None, Query(ge=1, le=MAX_ID)]


def memo_values(house: House, request: Request, desk: CaseDesk) -> dict[str, object]:
    """Return what `case_memo.html` shows of a case that is open to the visitor."""
    memo = memo_desk(house, opened_of(request))
    return {"memo": memo, "memo_form": memo_form(desk, memo)}


def memo_routes(house: House) -> APIRouter:
    """Return the routes of a case's memo."""
    routes = APIRouter(prefix="/cases")

    @routes.post("/{case_id}/memo")
    def take_memo(request: Request, case_id: Id) -> Response:
        form, opened = pass_of(request).form, opened_of(request)
        action = action_named(form.get("do", ""))
        if action not in HAND_IN:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            handed = hand_in_memo(house, _edit(case_id, action, opened.by, form))
        except MemoUnfounded as fault:
            return show_memo(house, request, action, fault=fault, unfounded=fault.found)
        except PartTooLong as fault:
            faults = {fault.part: wording_for(house, request).fault(fault)}
            return show_memo(house, request, action, fault=fault, faults=faults)
        except OVERTAKEN:
            return show_memo(house, request, action, stale=True)
        except (*REFUSALS, MemoUneditable) as fault:
            return show_memo(house, request, action, fault=fault)
        done, name = handed.result, action.value
        if action is Action.EDIT_DRAFT and str(done.draft_version) == form.get("memo_version"):
            name = "accept_memo"
        return onward(house, request, done_query(name, repeated=done.repeated, over=handed.over))

    @routes.get("/{case_id}/difference")
    def show_difference(
        request: Request, case_id: Id, before: Version = None, after: Version = None
    ) -> Response:
        wording, opened = wording_for(house, request), opened_of(request)
        try:
            found = memo_comparison(house, opened, before, after)
        except MemoUnreadable:
            values: dict[str, object] = {"title": "memo_changes", "why": "memo_unreadable"}
            return render("fault.html", request, wording, values, HTTPStatus.UNPROCESSABLE_ENTITY)
        except REFUSALS:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        difference = found.difference
        changes = difference.changes if difference else ()
        values = {
            "case_id": case_id,
            "versions": tuple(reversed(found.versions)),
            "difference": difference,
            "changed": any(change.fate is not LineFate.SAME for change in changes),
            "lines": tuple((change.fate.value, _runs(change)) for change in changes),
        }
        return render("memo_difference.html", request, wording, values)

    @routes.get("/{case_id}/memo/{version}/pdf")
    def download_pdf(request: Request, case_id: Id, version: Id) -> Response:
        try:
            made = memo_pdf(house, case_id, version, opened_of(request))
        except (MissingDependency, UnreadableInput, SandboxFault):
            values = {"title": "memo_pdf_failed", "why": "memo_pdf_failed_why"}
            wording = wording_for(house, request)
            return render("fault.html", request, wording, values, HTTPStatus.UNPROCESSABLE_ENTITY)
        return Response(
            made.content,
            media_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{made.file_name}"'},
        )

    return routes


def show_memo(
    house: House,
    request: Request,
    action: Action,
    *,
    fault: SarabanError | None = None,
    faults: Mapping[str, str] | None = None,
    unfounded: Mapping[str, tuple[str, ...]] | None = None,
    stale: bool = False,
) -> Response:
    """Show the memo by itself with what was typed into it, and why it was refused."""
    wording, typed, opened = wording_for(house, request), pass_of(request).form, opened_of(request)
    desk: CaseDesk = case_desk(house, opened)
    memo: MemoDesk = memo_desk(house, opened)
    values: dict[str, object] = {
        "action": action,
        "desk": desk,
        "memo": memo,
        "memo_form": memo_form(desk, memo, typed=typed, unfounded=unfounded, faults=faults),
        "fault": wording.fault(fault) if fault is not None else "",
        "stale": stale,
        "steps": steps_since(house, opened, version_in(typed)) if stale else (),
        "typed": tuple(
            (name.removeprefix(PART), text) for name, text in typed.items() if name.startswith(PART)
        ),
    }
    status = HTTPStatus.CONFLICT if stale else HTTPStatus.UNPROCESSABLE_ENTITY
    return render("memo_edit.html", request, wording, values, status)


def _edit(case_id: int, action: Action, by: str, form: Form) -> MemoEdit:
    return MemoEdit(
        request=CaseRequest(
            case_id=case_id,
            action=action,
            by=by,
            expected_version=version_in(form),
            key=form.get("key", "")[:LONGEST_KEY] or None,
        ),
        texts={
            name.removeprefix(PART): text for name, text in form.items() if name.startswith(PART)
        },
        accepted=frozenset(form.all("ok")),
        keep_unfounded=form.get("keep") == "yes",
    )


def _runs(change: LineChange) -> tuple[Run, ...]:
    show: Mapping[LineFate, Callable[[], tuple[Run, ...]]] = {
        LineFate.SAME: lambda: (Run(fate=RunFate.SAME, text=change.after),),
        LineFate.ADDED: lambda: (Run(fate=RunFate.ADDED, text=change.after),),
        LineFate.REMOVED: lambda: (Run(fate=RunFate.REMOVED, text=change.before),),
        LineFate.CHANGED: lambda: changed_runs(change.before, change.after),
    }
    return show[change.fate]()
