"""`/work`: a person's cases by due date, their saved views, the next case, many at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError, UsageFault
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Category, Urgency
from pipeline.bootstrap import House
from pipeline.bulk import BulkRequest, act_on_cases
from pipeline.hands import hands_of, may_give
from pipeline.saved_views import LONGEST_NAME, remove_view, save_view, saved_views
from pipeline.staff import StaffMember
from pipeline.taking import may_take, take_next
from pipeline.work_counts import WorkCounts
from pipeline.work_filter import Band, WorkFilter, WorkView
from pipeline.work_view import WorkPage, work_page
from review.addresses import WORK
from review.gate import pass_of, staff_of
from review.register_pages import MAX_PAGE, Choice, ChoiceRow
from review.rendering import link, render, wording_for
from review.wording import Wording

MAX_ID = 2**31 - 1
_CASE_FIELD = "case-"
_NOTHING_TO_TAKE = "nothing_to_take"
_MOST_TYPED = 4000
# "All", and one value.
_ONE = 2


def work_routes(house: House) -> APIRouter:
    """Return the routes of my work."""
    routes = APIRouter()

    @routes.get(WORK)
    def show_work(
        request: Request,
        view: WorkView = WorkView.ALL,
        state: CaseState | None = None,
        category: Category | None = None,
        urgency: Urgency | None = None,
        band: Band | None = None,
        unread: Annotated[str, Query(pattern="^1?$")] = "",
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
        said: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        wanted = WorkFilter(
            view=view,
            state=state,
            category=category,
            urgency=urgency,
            band=band,
            unread=bool(unread),
        )
        told = "work_take_none" if said == _NOTHING_TO_TAKE else None
        return _show(house, request, wanted, page, told=told)

    @routes.post(f"{WORK}/next")
    def take(request: Request) -> Response:
        taken = take_next(house, staff_of(request))
        wording = wording_for(house, request)
        if taken.case_id is None:
            return _onward(link(WORK, wording.language, {"said": _NOTHING_TO_TAKE}))
        return _onward(link(f"/cases/{taken.case_id}", wording.language, {}))

    @routes.post(f"{WORK}/views")
    def save(request: Request) -> Response:
        form, wording = pass_of(request).form, wording_for(house, request)
        wanted = _filter_of(form)
        try:
            save_view(house, staff_of(request), form.get("name", ""), wanted)
        except UsageFault as fault:
            return _show(house, request, wanted, 1, fault=fault)
        return _onward(link(WORK, wording.language, _asked(wanted)))

    @routes.post(f"{WORK}/views/remove")
    def remove(request: Request) -> Response:
        form, wording = pass_of(request).form, wording_for(house, request)
        view_id = whole_number(form.get("view_id", ""))
        if view_id is not None:
            remove_view(house, staff_of(request), view_id)
        return _onward(link(WORK, wording.language, _asked(_filter_of(form))))

    @routes.post(f"{WORK}/bulk")
    def give(request: Request) -> Response:
        form, wording = pass_of(request).form, wording_for(house, request)
        wanted = _filter_of(form)
        try:
            lines = act_on_cases(house, _bulk(form, staff_of(request)))
        except UsageFault as fault:
            return _show(house, request, wanted, 1, fault=fault, typed=form)
        done = sum(line.done for line in lines)
        values: dict[str, object] = {
            "lines": lines,
            "done": done,
            "refused": len(lines) - done,
            "back": link(WORK, wording.language, _asked(wanted)),
        }
        # Sent again, the same key gives the same answer and nothing is done twice.
        return render("work_bulk.html", request, wording, values)

    return routes


def _show(
    house: House,
    request: Request,
    wanted: WorkFilter,
    page: int,
    *,
    told: str | None = None,
    fault: SarabanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    staff, wording = staff_of(request), wording_for(house, request)
    found = work_page(house, staff, wanted, page)
    asked = _asked(wanted)
    values: dict[str, object] = {
        "found": found,
        "bands": [(band, tuple(rows)) for band, rows in groupby(found.rows, lambda row: row.band)],
        "asked": asked,
        "filters": _filters(wording, wanted, found),
        "views": [
            (view.id, view.name, link(WORK, wording.language, _asked(view.filters)),
             view.filters == wanted)
            for view in saved_views(house, staff)
        ],
        "narrowed": wanted != WorkFilter(),
        "longest_name": LONGEST_NAME,
        "may_take": may_take(staff),
        "may_give": may_give(staff),
        "hands": hands_of(house, staff),
        "groups": [group.id for group in house.configuration.groups.group],
        "joins": _joins(staff, found),
        "key": secrets.token_urlsafe(12),
        "told": told,
        "fault": fault,
        "typed": typed or {},
    }  # fmt: skip
    status = HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render("work.html", request, wording, values, status)


def _asked(wanted: WorkFilter) -> dict[str, str | int | None]:
    return {
        "view": wanted.view.value if wanted.view is not WorkView.ALL else None,
        "state": wanted.state.value if wanted.state else None,
        "category": wanted.category.value if wanted.category else None,
        "urgency": wanted.urgency.value if wanted.urgency else None,
        "band": wanted.band.value if wanted.band else None,
        "unread": 1 if wanted.unread else None,
    }


def _filters(wording: Wording, wanted: WorkFilter, found: WorkPage) -> list[ChoiceRow]:
    asked, counts = _asked(wanted), found.counts

    def choice(name: str, words: str, value: str | int | None, count: int | None) -> Choice:
        address = link(WORK, wording.language, {**asked, name: value})
        return Choice(words, address, asked[name] == value, count)

    def row(label: str, name: str, offers: list[tuple[str, str, int]]) -> ChoiceRow:
        everything = choice(name, wording.text("all"), None, None)
        offered = (choice(name, words, value, count) for value, words, count in offers)
        return ChoiceRow(wording.text(label), (everything, *offered))

    narrowing = [
        row("state", "state", _counted(wording, CaseState, counts.states)),
        row("category", "category", _counted(wording, Category, counts.categories)),
        row("urgency", "urgency", _counted(wording, Urgency, counts.urgencies)),
    ]
    bands = [
        (band.value, wording.text(f"band_{band}"), counts.bands.get(band.value, 0)) for band in Band
    ]
    unread = choice("unread", wording.text("work_unread_only"), 1, counts.unread)
    everything = choice("unread", wording.text("all"), None, None)
    return [
        ChoiceRow(wording.text("work_view"), _views(wording, asked, found)),
        row("work_band", "band", bands),
        # What has one value only cannot narrow the list.
        *(one for one in narrowing if len(one.choices) > _ONE or not one.choices[0].chosen),
        ChoiceRow(wording.text("work_unread"), (everything, unread)),
    ]


def _views(
    wording: Wording, asked: Mapping[str, str | int | None], found: WorkPage
) -> tuple[Choice, ...]:
    """Return whose work there is to choose; the whole office is not counted for every page."""
    choices = []
    for view in WorkView:
        value = view.value if view is not WorkView.ALL else None
        whole = found.office and view is WorkView.GROUP
        choices.append(
            Choice(
                wording.text("work_office" if whole else f"work_{view}"),
                link(WORK, wording.language, {**asked, "view": value}),
                asked["view"] == value,
                None if whole else _of_view(found.counts, view),
            )
        )
    return tuple(choices)


def _of_view(counts: WorkCounts, view: WorkView) -> int:
    return counts.views.get(view.value, 0)


def _counted(
    wording: Wording,
    terms: type[CaseState] | type[Category] | type[Urgency],
    counts: Mapping[str, int],
) -> list[tuple[str, str, int]]:
    return [
        (term.value, wording.term(term), counts[term.value])
        for term in terms
        if counts.get(term.value)
    ]


def _joins(staff: StaffMember, found: WorkPage) -> dict[int, tuple[Action, ...]]:
    """Return by case which of split and merge the state table offers to a person's roles."""
    offered: dict[int, tuple[Action, ...]] = {}
    for row in found.rows:
        edges = ((act, STATE_TABLE.get((row.state, act))) for act in (Action.SPLIT, Action.MERGE))
        offered[row.case_id] = tuple(
            act
            for act, edge in edges
            if edge is not None
            and (act is Action.MERGE or row.several)
            and any(staff.holds_for(role, row.group) for role in edge.roles)
        )
    return offered


def _filter_of(form: Mapping[str, str]) -> WorkFilter:
    """Return the filters that a form of the page carries; what fits none is left out."""
    wanted = WorkFilter()
    for name in WorkFilter.model_fields:
        value = form.get(name, "")
        if value:
            try:
                wanted = WorkFilter.model_validate({**wanted.model_dump(), name: value})
            except ValueError:
                continue
    return wanted


def _bulk(form: Mapping[str, str], staff: StaffMember) -> BulkRequest:
    """Return what is to be done with the chosen cases.

    Raises:
        UsageFault: neither a group nor a person is chosen.
    """
    cases = {
        case_id: whole_number(version)
        for name, version in form.items()
        if name.startswith(_CASE_FIELD)
        and (case_id := whole_number(name.removeprefix(_CASE_FIELD))) is not None
    }
    to_group = form.get("do") == "group"
    chosen = form.get("group" if to_group else "person", "")[:_MOST_TYPED]
    if cases and not chosen:
        raise UsageFault("Nobody is chosen.", thai="ยังไม่ได้เลือกว่าจะมอบให้ใคร")
    try:
        return BulkRequest(
            cases=cases,
            action=Action.REASSIGN if to_group else Action.ASSIGN,
            by=staff.sign_in,
            reason=form.get("reason", ""),
            group=chosen if to_group else None,
            person=None if to_group else chosen,
            key=form.get("key") or None,
        )
    except ValueError:
        # Pydantic's own words would repeat what was typed.
        raise UsageFault("The reason is too long.", thai="เหตุผลยาวเกินกำหนด") from None


def whole_number(text: str) -> int | None:
    """Return the id or version that a form or an address gives; None for anything else."""
    found = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_ID))
    return int(text) if found and int(text) <= MAX_ID else None


def _onward(address: str) -> Response:
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
