"""What came of an action, told on the next page: by names known here, never by free text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from correspondence.states import Action
from review.wording import Wording

# What is done to the memo without moving the case.
MEMO_WORK: Final = ("save_memo", "accept_memo", "regenerate_memo")
_BEFORE, _OVER = "before", "over"
_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; `new_case` is the case that a split has opened."""

    action: str
    words: str
    new_case: int | None


def done_query(
    action: str, *, repeated: bool = False, new_case: int | None = None, over: bool = False
) -> dict[str, str | int | None]:
    """Return what the address of the next page tells of an action."""
    return {
        "done": action,
        "once": _BEFORE if repeated else None,
        "new": new_case,
        "page": _OVER if over else None,
    }


def done_of(request: Request, wording: Wording) -> Done | None:
    """Return what a page's address says was done; None for nothing or what is not known."""
    asked = request.query_params.get("done", "")
    if asked in MEMO_WORK:
        words = wording.text(f"done_{asked}")
    elif asked in set(Action):
        words = wording.text("done_action", action=wording.term(Action(asked)))
    else:
        return None
    if request.query_params.get("once") == _BEFORE:
        words = wording.text("done_before")
    if request.query_params.get("page") == _OVER:
        words = f"{words} {wording.text('memo_over')}"
    new = request.query_params.get("new", "")
    known = new.isascii() and new.isdecimal() and len(new) <= _MAX_DIGITS
    return Done(asked, words, int(new) if known else None)
