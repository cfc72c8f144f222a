"""`/calendar`, `/overdue` and the feeds: due dates and meetings of what a person may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import ActionRefused
from pipeline.bootstrap import House
from pipeline.calendar_feed import (
    FeedUnknown,
    feed_groups,
    feeds_of,
    make_feed,
    read_feed,
    revoke_feed,
)
from pipeline.due_calendar import month_calendar, read_month
from pipeline.overdue_view import overdue_page
from pipeline.permissions import register_scope
from pipeline.search_view import search_scope
from pipeline.staff import StaffMember
from review.gate import pass_of, staff_of
from review.rendering import link, render, wording_for

MAX_PAGE: Final = 100_000
FEED: Final = "/calendar/feed/"
# The whole office, as a form sends it.
_OFFICE: Final = ""
_LONGEST_GROUP = 80

Group = Annotated[str | None, Query(max_length=_LONGEST_GROUP)]
Page = Annotated[int, Query(ge=1, le=MAX_PAGE)]


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A group whose dates a person may subscribe to; `made_at` in words, None without one."""

    group: str
    words: str
    made_at: str | None


def calendar_routes(house: House) -> APIRouter:
    """Return the routes of the calendar, the overdue list and the feeds."""
    routes = APIRouter()

    @routes.get("/calendar")
    def show_calendar(
        request: Request,
        month: Annotated[str, Query(max_length=20)] = "",
        group: Group = None,
        day: Annotated[str, Query(max_length=20)] = "",
        page: Page = 1,
    ) -> Response:
        staff, wording = staff_of(request), wording_for(house, request)
        asked = read_month(month or day[:7], wording.today)
        shown = month_calendar(
            house,
            asked,
            scope=search_scope(staff),
            group=group,
            day=_day(day),
            number=page,
        )
        values = {
            "month": asked,
            "before": asked.beside(-1),
            "after": asked.beside(1),
            "shown": shown,
            "group": group,
            "groups": _groups(house, staff),
            "feeds": _feeds(house, request, staff),
        }
        return render("calendar.html", request, wording, values)

    @routes.get("/overdue")
    def show_overdue(request: Request, group: Group = None, page: Page = 1) -> Response:
        staff = staff_of(request)
        shown = overdue_page(house, scope=search_scope(staff), group=group, number=page)
        values = {"shown": shown, "group": group, "groups": _groups(house, staff)}
        return render("overdue.html", request, wording_for(house, request), values)

    # The address is shown in the answer itself: nothing keeps it for a page after this one.
    @routes.post("/calendar/feeds")
    def add_feed(request: Request) -> Response:
        staff, wording = staff_of(request), wording_for(house, request)
        group = _asked_group(request)
        try:
            token = make_feed(house, staff, group)
        except ActionRefused:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        base = house.settings.review_url or str(request.base_url).rstrip("/")
        values = {
            "address": f"{base}{FEED}{token}.ics",
            "group_words": wording.text("feeds_office") if group is None else wording.group(group),
        }
        return render("calendar_feed.html", request, wording, values)

    @routes.post("/calendar/feeds/revoke")
    def end_feed(request: Request) -> Response:
        revoke_feed(house, staff_of(request), _asked_group(request))
        language = wording_for(house, request).language
        return RedirectResponse(link("/calendar", language, {}), HTTPStatus.SEE_OTHER)

    @routes.get(f"{FEED}{{token}}.ics")
    def send_feed(token: str) -> Response:
        try:
            content = read_feed(house, token)
        except FeedUnknown:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        return Response(
            content,
            media_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="saraban.ics"'},
        )

    return routes


def _asked_group(request: Request) -> str | None:
    group = pass_of(request).form.get("group")
    if group is None or len(group) > _LONGEST_GROUP:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return None if group == _OFFICE else group


def _day(text: str) -> date | None:
    """Return a day of an address (CE, ISO); None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None


def _groups(house: House, staff: StaffMember) -> tuple[str, ...]:
    """Return the groups whose cases a person may see, where there are several to choose from."""
    scope = register_scope(staff)
    groups = tuple(group.id for group in house.configuration.groups.group)
    if scope.every_case or scope.states:
        return groups
    own = tuple(group for group in groups if group in scope.groups)
    return own if len(own) > 1 else ()


def _feeds(house: House, request: Request, staff: StaffMember) -> tuple[FeedChoice, ...]:
    wording = wording_for(house, request)
    made = {feed.group: wording.moment(feed.created_at) for feed in feeds_of(house, staff)}
    return tuple(
        FeedChoice(
            group=group or _OFFICE,
            words=wording.text("feeds_office") if group is None else wording.group(group),
            made_at=made.get(group),
        )
        for group in feed_groups(house, staff)
    )
