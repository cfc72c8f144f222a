"""What the panels of actions and memo (case_actions.html, case_memo.html) are given to show."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from pipeline.bootstrap import House
from pipeline.case_view import CaseView


def panel_values(_house: House, _request: Request, _case: CaseView) -> Mapping[str, object]:
    """Return the values of both panels; names that `typed` of a refused form may replace."""
    return {}
