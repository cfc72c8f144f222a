"""Pages from templates: escaped always, undefined names are faults, no template from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from correspondence.clock import bangkok_day
from pipeline.bootstrap import House
from pipeline.desk_counts import desk_counts
from pipeline.permissions import Permission, may
from review.addresses import HOME, home_of
from review.catalogue import Language
from review.cookies import cookies_of
from review.gate import pass_of
from review.menu import MenuLink, menu_for
from review.wording import Wording

FOLDER = Path(__file__).resolve().parent
PAGES = FOLDER / "pages"
STATIC = FOLDER / "static"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, as the head of a page shows it: a name, and where links lead."""

    name: str
    home: str
    may_search: bool
    menu: tuple[MenuLink, ...]


def wording_for(house: House, request: Request) -> Wording:
    """Return the wording of a request: Thai unless it asks for `lang=en`."""
    asked = request.query_params.get("lang")
    language = Language.EN if asked == Language.EN.value else Language.TH
    return Wording(
        language,
        house.configuration,
        bangkok_day(house.clock()),
        cookies_of(house.settings).in_thai_digits(request),
    )


def link(path: str, language: Language, values: Mapping[str, str | int | None]) -> str:
    """Return a path with the values that are set, and the language where it is not Thai."""
    query = {name: value for name, value in values.items() if value is not None}
    if language is not Language.TH:
        query["lang"] = language.value
    return f"{path}?{urlencode(query)}" if query else path


def render(
    template: str,
    request: Request,
    wording: Wording,
    values: Mapping[str, object],
    status: int = 200,
) -> HTMLResponse:
    """Return a page.

    Args:
        template: file name under `review/pages`.
        request: for the language switch, which keeps path and filters.
        wording: language and day of the page.
        values: what the template shows; strings are escaped by it.
        status: HTTP status.
    """
    kept: dict[str, str | int | None] = {
        name: value for name, value in request.query_params.items() if name != "lang"
    }
    content = (
        _environment()
        .get_template(template)
        .render(
            w=wording,
            t=wording.text,
            to=lambda path, **asked: link(path, wording.language, asked),
            visitor=_visitor(request, counted=status < HTTPStatus.BAD_REQUEST),
            form_token=pass_of(request).token,
            path=request.url.path,
            here=_here(request),
            switch=link(request.url.path, wording.language.other, kept),
            **values,
        )
    )
    return HTMLResponse(content, status_code=status)


def _visitor(request: Request, *, counted: bool) -> Visitor | None:
    signed_in = pass_of(request).visitor
    if signed_in is None:
        return None
    # Whoever has to change a password first sees no menu.
    ready = not signed_in.must_change
    house: House | None = getattr(request.app.state, "house", None)
    # A page that tells of a fault asks the database nothing more.
    counts = desk_counts(house, signed_in.staff) if house and ready and counted else None
    return Visitor(
        name=signed_in.staff.thai_name,
        home=home_of(signed_in.staff) if ready else "/password",
        may_search=ready and may(signed_in.staff, Permission.SEE_REGISTER),
        menu=menu_for(signed_in.staff, counts) if ready else (),
    )


def _here(request: Request) -> str:
    """Return where a reader is, to come back to; a page that answers a form is not gone back to."""
    if request.method != "GET":
        return HOME
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def page_text(template: str, values: Mapping[str, object]) -> str:
    """Return a page that is the same for every reader, as text; strings are escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
