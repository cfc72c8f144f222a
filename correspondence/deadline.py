"""Due dates and the rules they came from (JSON contract of `due`)."""

from __future__ import annotations

from datetime import date, datetime

from correspondence.reading import Frozen
from correspondence.vocabulary import PeriodUnit


class DeadlineRule(Frozen):
    """One rule of `config/deadlines.toml` (กำหนดเวลา); `days` counts `unit`s after the anchor."""

    id: str
    days: int
    unit: PeriodUnit
    start: str
    source: str
    verified: str


class DueCandidate(Frozen):
    """A rule that applied, the date it gives, and why it was or was not chosen (Thai).

    `due_at` is the aware moment (Asia/Bangkok) where the rule gives an hour (ด่วนภายใน).
    """

    rule: DeadlineRule
    anchor_date: date
    due_date: date
    due_at: datetime | None = None
    chosen: bool
    reason: str


class DueDecision(Frozen):
    """The due date of a case with everything it rests on.

    `received_at` is aware (Asia/Bangkok); the dates are plain dates in Bangkok.
    `due_at` is the moment on that day where the deadline has an hour (ด่วนภายใน), else None.
    `due_date` is None only where no rule applies or a stated date needs a person, which
    `explanation` then says. `calendar_confirmed` is False when the count crosses a year whose
    holidays the office has not confirmed.
    """

    received_at: datetime
    anchor_date: date
    due_date: date | None
    due_at: datetime | None = None
    rule: DeadlineRule | None
    holidays_counted: tuple[date, ...]
    candidates: tuple[DueCandidate, ...]
    explanation: str
    calendar_confirmed: bool
    needs_person: bool = False


class GroupAssignment(Frozen):
    """The responsible group (กลุ่มงาน) and why (Thai)."""

    group: str
    reasons: tuple[str, ...]
