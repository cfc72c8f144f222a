"""`saraban due --batch`: one JSON object a line in, one result a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from pydantic import AliasChoices, AwareDatetime, Field, ValidationError, field_validator

from correspondence.deadline import DueDecision
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel, Urgency
from office.deadlines import DeadlineRules
from routing.calendar import WorkingCalendar
from routing.due import decide_due
from routing.explicit import ExplicitCount, ExplicitResult, count_explicit
from routing.faults import WrongCount
from routing.moments import parse_date, parse_date_or_moment, parse_moment
from routing.request import DueRequest

MAX_LINE = 1_000_000
_EXPLICIT_KEYS = ("days", "n")


class DueFlags(Frozen):
    """The flags of `saraban due` that ask for a decision by the office's rules.

    Dates and moments are ISO, CE; without a zone they are Bangkok's.
    """

    id: str | None = Field(default=None, max_length=200)
    received: AwareDatetime = Field(validation_alias=AliasChoices("received", "received_at"))
    category: Category | None = None
    subcategory: str | None = Field(default=None, max_length=100)
    channel: Channel | None = None
    stated_deadline: datetime | date | None = None
    stated_phrase: str | None = Field(default=None, max_length=2000)
    meeting_at: datetime | date | None = None
    urgency: Urgency = Urgency.NORMAL
    ordered_date: date | None = None
    event_date: date | None = None
    named_rules: tuple[str, ...] = Field(default=(), max_length=50)

    @field_validator("received", mode="before")
    @classmethod
    def _parse_received(cls, value: object) -> datetime:
        return parse_moment(value)

    @field_validator("stated_deadline", "meeting_at", mode="before")
    @classmethod
    def _parse_stated(cls, value: object) -> date | datetime | None:
        return parse_date_or_moment(value)

    @field_validator("ordered_date", "event_date", mode="before")
    @classmethod
    def _parse_day(cls, value: object) -> date | None:
        return None if value is None else parse_date(value)

    def as_request(self) -> DueRequest:
        """Return the letter these flags describe."""
        return DueRequest(received_at=self.received, **self.model_dump(exclude={"id", "received"}))


class BatchDecision(DueDecision):
    """A decision with the caller's own name for the line."""

    id: str | None = None


class BatchFault(Frozen):
    """A line that gave no date: its number (from 1), the named outcome, and why."""

    line: int
    outcome: str
    reason: str
    reason_thai: str


BatchResult = ExplicitResult | BatchDecision | BatchFault


def count_lines(
    lines: Iterable[str], rules: DeadlineRules, calendar: WorkingCalendar
) -> Iterator[BatchResult]:
    """Yield one result a line, in order; a line that cannot be counted yields its fault.

    A line with `days` is an explicit count (`ExplicitCount`), any other is a letter for the
    office's rules (`DueFlags`). Blank lines yield nothing.

    Args:
        lines: JSON objects.
        rules: `deadlines.toml`.
        calendar: the office's working days, where a line names no holidays.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield count_line(line, rules, calendar)
        except SarabanError as fault:
            yield BatchFault(
                line=number, outcome=fault.code, reason=fault.english, reason_thai=fault.thai
            )


def count_line(
    line: str, rules: DeadlineRules, calendar: WorkingCalendar
) -> ExplicitResult | BatchDecision:
    """Return the result of one JSON object.

    Raises:
        WrongCount: not a JSON object, an unknown key or a wrong value; names the key.
        UnknownRule: it names a rule that is not configured.
        CalendarYearMissing: the count reaches a year without data.
    """
    keys = _read_object(line)
    try:
        if any(key in keys for key in _EXPLICIT_KEYS):
            return count_explicit(ExplicitCount.model_validate(keys), calendar, rules.office_hours)
        flags = DueFlags.model_validate(keys)
    except ValidationError as fault:
        raise describe_fault(fault) from None
    decision = decide_due(flags.as_request(), rules, calendar)
    return BatchDecision(id=flags.id, **dict(decision))


def describe_fault(fault: ValidationError) -> WrongCount:
    """Return the named fault of a wrong flag: the key and the reason, never the value."""
    first = fault.errors(include_input=False, include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])[:80] or "object"
    if first["type"] == "extra_forbidden":
        return WrongCount(f"Unknown key {key}.", thai=f"ไม่รู้จักคีย์ {key}")
    return WrongCount(f"Key {key}: {first['msg'][:200]}.", thai=f"ค่าของคีย์ {key} ไม่ถูกต้อง")


def _read_object(line: str) -> dict[str, object]:
    if len(line) > MAX_LINE:
        raise WrongCount("The line is too long.", thai="บรรทัดยาวเกินกำหนด")
    try:
        keys = json.loads(line)
    except (ValueError, RecursionError):
        raise WrongCount("The line is not JSON.", thai="บรรทัดนี้ไม่ใช่ JSON") from None
    if not isinstance(keys, dict):
        raise WrongCount("The line is not a JSON object.", thai="บรรทัดนี้ไม่ใช่วัตถุ JSON")
    return keys
