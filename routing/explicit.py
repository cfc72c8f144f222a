"""An explicit count: every convention is a setting, nothing is taken from the office's rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import AliasChoices, AwareDatetime, Field, field_validator, model_validator

from correspondence.clock import bangkok_day
from correspondence.deadline import DeadlineRule
from correspondence.reading import Frozen
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import Deem, PeriodUnit, Roll
from office.deadlines import OfficeHours
from routing.calendar import WorkingCalendar
from routing.counting import count, count_hours, deem, holidays_that_moved, roll_day
from routing.moments import parse_date, parse_moment
from routing.wording import UNCONFIRMED, word_day, word_holidays, word_moment

MAX_PERIOD = 36_600
MAX_HOLIDAYS = 20_000


class ExplicitCount(Frozen):
    """The flags of `saraban due --days …` (one object a line in a batch).

    Attributes:
        id: a name of the caller's own, handed back with the result.
        received: aware moment; a plain date or a time without zone is Bangkok's.
        days: length of the period; negative counts back.
        unit: working days, calendar days, months, or hours from the moment of receipt.
        deem: which day counts as the day of receipt.
        roll: what happens to a last day that is no working day.
        holidays: the only holidays that count, weekends apart; None takes the office's calendar.
        count_anchor: True where the anchor is itself day 1 (`D1`), not day 0; for working days
            only where the anchor is a working day, else day 1 is the next working day.
    """

    id: str | None = Field(default=None, max_length=200)
    received: AwareDatetime = Field(validation_alias=AliasChoices("received", "received_at"))
    days: int = Field(
        ge=-MAX_PERIOD, le=MAX_PERIOD, validation_alias=AliasChoices("days", "n"), strict=True
    )
    unit: PeriodUnit = PeriodUnit.WORKING
    deem: Deem = Deem.AS_IS
    roll: Roll = Roll.NONE
    holidays: tuple[date, ...] | None = Field(default=None, max_length=MAX_HOLIDAYS)
    count_anchor: bool = False

    @field_validator("received", mode="before")
    @classmethod
    def _parse_received(cls, value: object) -> datetime:
        return parse_moment(value)

    @field_validator("holidays", mode="before")
    @classmethod
    def _parse_holidays(cls, value: object) -> tuple[date, ...] | None:
        """Take the flag's form `D,D` as well as a list."""
        if value is None:
            return None
        parts = (
            [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )
        if not isinstance(parts, list | tuple | set | frozenset):
            raise ValueError("not a list of ISO dates")
        return tuple(parse_date(part) for part in parts)

    @model_validator(mode="after")
    def _something_to_count(self) -> ExplicitCount:
        if self.unit is PeriodUnit.HOURS and (self.count_anchor or self.roll is not Roll.NONE):
            raise ValueError("hours count straight on: no roll, no count_anchor")
        if self.count_anchor and self.days == 0:
            raise ValueError("count_anchor needs a period of at least one day")
        return self


class ExplicitResult(Frozen):
    """What a count gave: the JSON of `saraban due`, as far as an explicit count fills it."""

    id: str | None
    received_at: datetime
    anchor_date: date
    due_date: date
    due_at: datetime | None = None
    rule: DeadlineRule
    holidays_counted: tuple[date, ...]
    explanation: str
    calendar_confirmed: bool


def count_explicit(
    request: ExplicitCount,
    office_calendar: WorkingCalendar,
    hours: OfficeHours = OfficeHours(),  # noqa: B008 - frozen, so sharing it is safe
) -> ExplicitResult:
    """Return the due date of an explicit count with a Thai explanation.

    Raises:
        CalendarYearMissing: the count reaches a year without data.
    """
    calendar = office_calendar
    if request.holidays is not None:
        calendar = WorkingCalendar.from_holidays(request.holidays)
    anchor = deem(request.received, request.deem, calendar, hours)
    due_at = None
    if request.unit is PeriodUnit.HOURS:
        due_at = count_hours(request.received, anchor, request.days, hours)
    last = due_at.date() if due_at else _last_day(anchor, request, calendar)
    due = roll_day(last, request.roll, calendar, anchor=anchor if request.days >= 0 else None)
    received_day = bangkok_day(request.received)
    days = holidays_that_moved(received_day, anchor, last, due, request.unit, calendar)
    confirmed = calendar.confirmed_between(min(received_day, due), max(anchor, last, due))
    return ExplicitResult(
        id=request.id,
        received_at=request.received,
        anchor_date=anchor,
        due_date=due,
        due_at=due_at,
        rule=DeadlineRule(
            id="explicit",
            days=request.days,
            unit=request.unit,
            start="receipt",
            source="ผู้ใช้กำหนด",
            verified="yes",
        ),
        holidays_counted=days,
        explanation=_explain(request, anchor, due_at or due, days, calendar)
        + ("" if confirmed else f" {UNCONFIRMED}"),
        calendar_confirmed=confirmed,
    )


def _last_day(anchor: date, request: ExplicitCount, calendar: WorkingCalendar) -> date:
    """Return the last day before rolling; working days have nothing left to roll."""
    roll = request.roll if request.unit is PeriodUnit.WORKING else Roll.NONE
    if not request.count_anchor:
        return count(anchor, request.days, request.unit, roll, calendar)
    step = timedelta(days=1 if request.days > 0 else -1)
    if request.unit is not PeriodUnit.MONTHS:
        return count(anchor - step, request.days, request.unit, roll, calendar)
    # With the first day counted, months end on the day before the corresponding day; where the
    # month has no such day they end on its last day (Civil and Commercial Code 193/5).
    corresponding = count(anchor, request.days, request.unit, roll, calendar)
    return corresponding if corresponding.day != anchor.day else corresponding - step


def _explain(
    request: ExplicitCount,
    anchor: date,
    due: date | datetime,
    days: tuple[date, ...],
    calendar: WorkingCalendar,
) -> str:
    end = word_moment(due) if isinstance(due, datetime) else word_day(due)
    first = "นับวันเริ่มเป็นวันที่ ๑" if request.count_anchor else "นับวันถัดไปเป็นวันที่ ๑"
    if request.unit is PeriodUnit.HOURS:
        first = "นับต่อเนื่องเป็นชั่วโมง"
    back = "นับย้อนหลัง" if request.days < 0 else "นับ"
    return (
        f"รับเมื่อ{word_moment(request.received)} เริ่มนับจาก{word_day(anchor)} ({first}) "
        f"{back} {thai_digits(abs(request.days))} {request.unit.thai} "
        f"ครบกำหนด{end} {word_holidays(days, calendar)}"
    )
