"""`/waiting/…`: holding pen and quarantine, and what a registrar does with an item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from correspondence.errors import ActionRefused, SarabanError, SourceUnavailable, StaleVersion
from correspondence.vocabulary import IntakeOutcome
from pipeline.bootstrap import House
from pipeline.held import (
    ItemResult,
    ItemWithoutBytes,
    item_result,
    mark_not_a_letter,
    release_item,
    retry_items,
)
from pipeline.held_view import held_item
from pipeline.permissions import Permission, may
from pipeline.placing import Placement, place_item, preview_placement
from pipeline.typed_letter import TypedLetter
from pipeline.waiting_view import Queue, waiting_page
from registry.held import ItemUnknown, Seen
from review.gate import pass_of, staff_of
from review.register_pages import MAX_PAGE, Choice
from review.rendering import link, render, wording_for
from review.work_pages import MAX_ID, whole_number

WAITING = "/waiting"
_PEN = (Queue.HELD, Queue.PENDING, Queue.REJECTED)
_STANDING = {queue.value for queue in Queue}
_ITEM_FIELD = "item-"
_PASSWORD_LENGTH = 200
_TYPED = ("text", "subject", "sender", "document_number", "document_date", "agency")
_REFUSALS = (ActionRefused, ItemWithoutBytes, SourceUnavailable)
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Number = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Short = Annotated[str, Query(max_length=40)]


def waiting_routes(house: House) -> APIRouter:
    """Return the routes of the queues of items."""
    routes = APIRouter(prefix=WAITING)

    @routes.get("/held")
    def show_pen(
        request: Request, kind: Queue = Queue.HELD, page: Number = 1, did: Short = ""
    ) -> Response:
        if kind not in _PEN:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return _list(house, request, kind, page, did)

    @routes.get("/quarantined")
    def show_quarantine(request: Request, page: Number = 1, did: Short = "") -> Response:
        return _list(house, request, Queue.QUARANTINED, page, did)

    @routes.get("/items/{item_id}")
    def show_item(request: Request, item_id: Id) -> Response:
        return _item(house, request, item_id)

    @routes.post("/retry")
    def retry_chosen(request: Request) -> Response:
        form = pass_of(request).form
        named = (name.removeprefix(_ITEM_FIELD) for name in form if name.startswith(_ITEM_FIELD))
        ids = [found for name in named if (found := whole_number(name)) is not None]
        done = retry_items(house, ids, by=staff_of(request).sign_in)
        refused = sum(one.fault is not None for one in done)
        return _onward(
            house, request, form.get("queue"), f"retried-{len(done) - refused}-{refused}"
        )

    @routes.post("/items/{item_id}/retry")
    def retry(request: Request, item_id: Id) -> Response:
        form = pass_of(request).form
        password = form.get("password", "")[:_PASSWORD_LENGTH]
        (done,) = retry_items(
            house,
            [item_id],
            by=staff_of(request).sign_in,
            passwords=[password] if password else (),
            seen=_seen(form),
        )
        if done.fault is not None:
            return _item(house, request, item_id, refused=done)
        return _onward(house, request, form.get("queue"), str(item_id))

    @routes.post("/items/{item_id}/release")
    def release(request: Request, item_id: Id) -> Response:
        form, by = pass_of(request).form, staff_of(request).sign_in
        try:
            release_item(house, item_id, by=by, reason=_reason(form), seen=_seen(form))
        except ItemUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except (StaleVersion, *_REFUSALS) as fault:
            return _item(house, request, item_id, fault=fault)
        return _onward(house, request, form.get("queue"), str(item_id))

    @routes.post("/items/{item_id}/not-a-letter")
    def reject(request: Request, item_id: Id) -> Response:
        form, by = pass_of(request).form, staff_of(request).sign_in
        try:
            mark_not_a_letter(house, item_id, by=by, reason=_reason(form), seen=_seen(form))
        except ItemUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except (StaleVersion, *_REFUSALS) as fault:
            return _item(house, request, item_id, fault=fault)
        return _onward(house, request, form.get("queue"), str(item_id))

    @routes.post("/items/{item_id}/place")
    def place(request: Request, item_id: Id) -> Response:
        form, by = pass_of(request).form, staff_of(request).sign_in
        given = {name: value for name in _TYPED if (value := form.get(name, "").strip())}
        try:
            typed = TypedLetter.model_validate(given)
        except ValidationError:
            # Pydantic's own words would repeat what was typed.
            return _item(house, request, item_id, wrong=True)
        confirm, seen = form.get("confirm", ""), _seen(form)
        try:
            if not confirm:
                preview = preview_placement(house, item_id, typed, by=by, seen=seen)
                return _item(house, request, item_id, preview=preview)
            place_item(house, item_id, typed, by=by, confirm=confirm, seen=seen)
        except ItemUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        except (StaleVersion, *_REFUSALS) as fault:
            return _item(house, request, item_id, fault=fault)
        return _onward(house, request, form.get("queue"), str(item_id))

    return routes


def _list(house: House, request: Request, queue: Queue, page: int, did: str) -> Response:
    wording, staff = wording_for(house, request), staff_of(request)
    pen = queue in _PEN
    path = f"{WAITING}/held" if pen else f"{WAITING}/quarantined"
    found = waiting_page(house, queue, page)
    item_id = whole_number(did)
    values: dict[str, object] = {
        "found": found,
        "queue": queue,
        "title": "waiting_held" if pen else "waiting_quarantined",
        "path_of": path,
        "asked": {"kind": queue.value if pen and queue is not Queue.HELD else None},
        "choices": [
            Choice(
                wording.text(f"waiting_kind_{one}"),
                link(
                    path, wording.language, {"kind": one.value if one is not Queue.HELD else None}
                ),
                one is queue,
            )
            for one in _PEN
        ]
        if pen
        else [],
        "may_work": may(staff, Permission.WORK_WAITING),
        "did": _told(house, item_id) if item_id is not None else None,
        "retried": _retried(did),
    }
    return render("waiting.html", request, wording, values)


def _item(
    house: House,
    request: Request,
    item_id: int,
    *,
    fault: SarabanError | None = None,
    refused: ItemResult | None = None,
    preview: Placement | None = None,
    wrong: bool = False,
) -> Response:
    wording, staff, form = wording_for(house, request), staff_of(request), pass_of(request).form
    try:
        item = held_item(house, item_id)
    except ItemUnknown:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    if item.outcome.value not in _STANDING:
        # What has left the queues is told in one line; of a secret item its page is not there.
        if item.outcome is IntakeOutcome.SECRET and not form:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return _onward(house, request, None, str(item_id))
    values: dict[str, object] = {
        "item": item,
        "seen": _seen_text(item.outcome, item.since),
        "queue": item.outcome.value,
        "may_work": may(staff, Permission.WORK_WAITING),
        "fault": fault,
        "refused": refused,
        "preview": preview,
        "wrong": wrong,
        "typed": {name: form.get(name, "") for name in (*_TYPED, "reason")},
    }
    status = HTTPStatus.OK
    if fault is not None or refused is not None:
        status = HTTPStatus.CONFLICT
    elif wrong:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render("waiting_item.html", request, wording, values, status)


def _told(house: House, item_id: int) -> ItemResult | None:
    """Return what became of an item; of a secret one that it is secret."""
    result = item_result(house, item_id)
    if result.outcome is IntakeOutcome.SECRET:
        return ItemResult(id=item_id, outcome=result.outcome)
    return result if result.outcome is not None else None


def _retried(did: str) -> tuple[int, int] | None:
    name, _, numbers = did.partition("-")
    done, _, refused = numbers.partition("-")
    counted = whole_number(done), whole_number(refused)
    if name != "retried" or counted[0] is None or counted[1] is None:
        return None
    return counted[0], counted[1]


def _seen_text(outcome: IntakeOutcome, since: datetime | None) -> str:
    return f"{outcome.value}|{since.isoformat() if since else ''}"


def _seen(form: Mapping[str, str]) -> Seen | None:
    """Return how the person saw the item; a form that does not tell fits no standing."""
    outcome, _, since = form.get("seen", "").partition("|")
    try:
        moment = datetime.fromisoformat(since) if since else None
        return Seen(IntakeOutcome(outcome), moment)
    except ValueError:
        return Seen(IntakeOutcome.REGISTERED, None)


def _reason(form: Mapping[str, str]) -> str:
    return form.get("reason", "")[:4000]


def _onward(house: House, request: Request, queue: str | None, did: str) -> Response:
    quarantine = queue == Queue.QUARANTINED.value
    path = f"{WAITING}/quarantined" if quarantine else f"{WAITING}/held"
    kind = queue if queue in {Queue.PENDING.value, Queue.REJECTED.value} else None
    address = link(path, wording_for(house, request).language, {"kind": kind, "did": did})
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
