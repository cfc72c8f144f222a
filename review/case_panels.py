"""What the panels of actions and memo (case_actions.html, case_memo.html) are given to show."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from pipeline.bootstrap import House
from pipeline.case_view import CaseView
from review.case_action_pages import action_values, memo_values


def panel_values(house: House, request: Request, case: CaseView) -> Mapping[str, object]:
    """Return the values of both panels; names that `typed` of a refused form may replace."""
    return {
        **action_values(house, request, case.id),
        **memo_values(house, request, case.id),
    }
