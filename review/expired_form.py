"""A form that comes too late: what was typed into it is given back, and the way in again."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from review.access import ACCESS
from review.addresses import HOME
from review.forms import OWN_SITES
from review.gate import pass_of

# Nobody wants these shown, or has typed them.
_UNSHOWN: Final = frozenset(
    {"form_token", "password", "old", "new", "again", "code", "key", "version", "next", "name"}
)
_SHORTEST: Final = 10
_LONGEST: Final = 400_000


def typed_texts(request: Request) -> tuple[str, ...]:
    """Return the texts somebody typed into a form that was refused; none of another site's."""
    if request.headers.get("sec-fetch-site", "same-origin") not in OWN_SITES:
        return ()
    form = pass_of(request).form
    return tuple(
        text[:_LONGEST]
        for name in form
        if name not in _UNSHOWN
        for text in form.all(name)
        if len(text) >= _SHORTEST and (not text.isascii() or any(map(str.isspace, text)))
    )


def page_of_form(request: Request) -> str:
    """Return the page a form was on, to go back to after sign-in; "/" where that is not known."""
    route = str(getattr(request.scope.get("route"), "path", ""))
    if ("GET", route) in ACCESS:
        return request.url.path
    if route.startswith("/cases/{case_id}") and "case_id" in request.path_params:
        return f"/cases/{request.path_params['case_id']}"
    return HOME
