"""Bring the due dates of open cases to another state of the calendar, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from office.deadlines import DeadlineRules
from pipeline.case_dates import build_clock_request, clock_parts, ordered_day
from registry.case_clock import as_decision
from registry.dated_case import DatedCase
from registry.redating import (
    DatingFacts,
    NewDate,
    dated_cases,
    dating_facts,
    locked_cases,
    mark_checked,
    put_dates,
)
from registry.transitions import Actor
from routing.calendar import WorkingCalendar
from routing.calendar_difference import CalendarDifference
from routing.due import DueRequest
from routing.redating import DateChange, OpenCase, redecide_case, redecide_stored


class CaseDate(Frozen):
    """A case that a change of the calendar concerns; `reason` is Thai.

    `moved` tells whether its date becomes another one. Where `by_rule` is False, a person has
    extended the date to a fixed day, or counting never gave it: it stays, and `reason` says so.
    """

    case_id: int
    register_number: str
    old_due: date | None
    new_due: date | None
    moved: bool
    by_rule: bool
    reason: str


@dataclass(frozen=True)
class CalendarMove:
    """From which calendar to which; `by`, `at` and `why` go into the trail of each case.

    `old` is None where the older state cannot be had again: `calendar.toml` itself was changed.
    """

    old: WorkingCalendar | None
    new: WorkingCalendar
    by: Actor
    at: datetime
    why: str

    @cached_property
    def difference(self) -> CalendarDifference | None:
        """Where the two states differ; None where the older one is not known."""
        return CalendarDifference(self.old, self.new) if self.old is not None else None


def concerned_cases(
    session: Session, rules: DeadlineRules, move: CalendarMove
) -> tuple[CaseDate, ...]:
    """Return what a change of the calendar would do to open cases; nothing is written.

    Cases whose dates stay and only rest on other grounds are left out.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    return tuple(
        _case_date(change, facts)
        for chunk in dated_cases(session)
        for _, change, facts in _changes(session, _touched(chunk, move), rules, move)
        if change.moved or not change.by_rule
    )


def redate_open_cases(
    session: Session, rules: DeadlineRules, move: CalendarMove, version: str
) -> tuple[CaseDate, ...]:
    """Put the new dates in force in the caller's transaction, each with its event in the trail.

    The open cases whose dates were right with `version` of the calendar are then right with the
    new one: those it does not touch are marked so.

    Raises:
        CalendarYearMissing: a count reaches a year the new calendar has no data of.
    """
    concerned: list[CaseDate] = []
    checked: list[int] = []
    for chunk in dated_cases(session, version=version):
        touched = locked_cases(session, _touched(chunk, move), version)
        taken = {dated.case_id for dated in touched}
        ids = {dated.due_id for dated in chunk if dated.case_id not in taken}
        ids |= {dated.due_id for dated in touched}
        dates: list[NewDate] = []
        for dated, change, facts in _changes(session, touched, rules, move):
            dates.append(
                NewDate(
                    dated=dated,
                    decision=change.decision,
                    reason=f"{change.reason} ({move.why})",
                    moved=change.moved,
                    renewed=change.by_rule,
                )
            )
            if change.by_rule:
                ids.discard(dated.due_id)
            if change.moved or not change.by_rule:
                concerned.append(_case_date(change, facts))
        put_dates(session, dates, actor=move.by, version=move.new.version, at=move.at)
        checked += sorted(ids)
    # Last, for whoever dates one of these cases meanwhile waits for it.
    mark_checked(session, checked, move.new.version)
    return tuple(concerned)


def _touched(chunk: list[DatedCase], move: CalendarMove) -> list[DatedCase]:
    """Return the cases that may differ; one on hold is counted anew when it goes on."""
    running = [dated for dated in chunk if not dated.rests]
    if move.difference is None:
        return running
    return [dated for dated in running if move.difference.touches(*dated.span())]


def _changes(
    session: Session,
    touched: list[DatedCase],
    rules: DeadlineRules,
    move: CalendarMove,
) -> Iterator[tuple[DatedCase, DateChange, DatingFacts]]:
    if not touched:
        return
    facts = dating_facts(session, touched)
    for dated in touched:
        known = facts.get(dated.case_id)
        if known is None:
            continue
        decision = as_decision(dated)
        case = OpenCase(
            dated.case_id,
            _request(known, ordered_day(decision)),
            decision,
            *clock_parts(known.clock),
        )
        change = (
            redecide_case(case, rules, move.old, move.new)
            if move.old is not None
            else redecide_stored(case, rules, move.new)
        )
        if change is not None:
            yield dated, change, known


def _request(facts: DatingFacts, ordered: date | None) -> DueRequest:
    request = build_clock_request(
        facts.clock.reopened_at,
        facts.received_at,
        facts.channel,
        facts.fields,
        facts.classification,
    )
    return request.model_copy(update={"ordered_date": ordered}) if ordered else request


def _case_date(change: DateChange, facts: DatingFacts) -> CaseDate:
    return CaseDate(
        case_id=change.case_id,
        register_number=str(facts.register_number),
        old_due=change.old_due,
        new_due=change.new_due,
        moved=change.moved,
        by_rule=change.by_rule,
        reason=change.reason,
    )
