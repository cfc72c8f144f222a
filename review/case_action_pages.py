"""`/cases/{id}/actions/{action}`: what a person may do to a case, as forms that need no script."""

from __future__ import annotations

from fastapi import Request

from pipeline.bootstrap import House


def action_values(house: House, request: Request, case_id: int) -> dict[str, object]:
    """Return what `case_actions.html` shows of a case that is open to the visitor."""
    return {}


def memo_values(house: House, request: Request, case_id: int) -> dict[str, object]:
    """Return what `case_memo.html` shows of a case that is open to the visitor."""
    return {}
