"""The job that runs in a child process: the HTML body of a mail, as it was sent."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from correspondence.vocabulary import ReadOutcome
from intake.errors import MimeTooLarge, MimeUnreadable
from intake.mime import take_apart


def take_body(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return the HTML body of a mail.

    Args:
        payload: the mail as it arrived.
        params: `passwords`, tried on what it carries.

    Returns:
        `outcome` (a `ReadOutcome`: `empty` where it has no such body) and `html`.
    """
    passwords = params.get("passwords")
    known = tuple(str(p) for p in passwords) if isinstance(passwords, list) else ()
    try:
        html = take_apart(payload, passwords=known).body_html
    except MimeTooLarge:
        return {"outcome": ReadOutcome.TOO_LARGE.value}
    except MimeUnreadable:
        return {"outcome": ReadOutcome.DAMAGED.value}
    if not html.strip():
        return {"outcome": ReadOutcome.EMPTY.value}
    # A lone surrogate is no character of a JSON text.
    return {
        "outcome": ReadOutcome.OK.value,
        "html": html.encode("utf-8", "replace").decode("utf-8"),
    }
