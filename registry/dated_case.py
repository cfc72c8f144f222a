"""An open case with its due date in force, as re-dating reads a hundred thousand of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from correspondence.clock import bangkok_day
from correspondence.vocabulary import CaseState


@dataclass(frozen=True, slots=True)
class DatedCase:
    """An open case with its due date in force, by column; `due_id` is the row of that date.

    Plain values and no mapped objects: there may be a hundred thousand of them.
    """

    case_id: int
    state: str
    category: str | None
    subcategory: str | None
    due_date: date | None
    due_id: int
    received_at: datetime
    anchor_date: date
    due_at: datetime | None
    rule_id: str | None
    candidates: list[Any]
    holidays_counted: list[Any]
    explanation: str
    calendar_confirmed: bool
    needs_person: bool
    calendar_version: str
    computed_at: datetime

    @property
    def rests(self) -> bool:
        """Tell whether the case is on hold: it gets a date again when it goes on."""
        return self.state == CaseState.ON_HOLD.value

    def span(self) -> tuple[date, date]:
        """Return the first and the last day the decision rests on, its last pause included."""
        days = [bangkok_day(self.received_at), self.anchor_date, bangkok_day(self.computed_at)]
        if self.due_date is not None:
            days.append(self.due_date)
        for candidate in self.candidates:
            days += (
                date.fromisoformat(candidate["anchor_date"]),
                date.fromisoformat(candidate["due_date"]),
            )
        return min(days), max(days)
