"""The memo of a case: its parts to edit and accept, versions side by side, files in and out."""

from __future__ import annotations

from fastapi import Request

from pipeline.bootstrap import House


def memo_values(house: House, request: Request, case_id: int) -> dict[str, object]:
    """Return what `case_memo.html` shows of a case that is open to the visitor."""
    return {}
