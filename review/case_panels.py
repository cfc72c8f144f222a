"""What the panels of actions and memo (case_actions.html, case_memo.html) are given to show."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from pipeline.bootstrap import House
from pipeline.case_desk import case_desk
from pipeline.case_view import CaseView
from review.action_answers import opened_of
from review.case_action_pages import action_values
from review.memo_pages import memo_values


def panel_values(house: House, request: Request, _case: CaseView) -> Mapping[str, object]:
    """Return the values of both panels; names that `typed` of a refused form may replace."""
    desk = case_desk(house, opened_of(request))
    return {**action_values(house, request, desk), **memo_values(house, request, desk)}
