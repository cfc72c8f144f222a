"""Bring the due dates of open cases to another state of the calendar, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from office.deadlines import DeadlineRules
from registry.redating import (
    DatedCase,
    DatingFacts,
    NewDate,
    dated_cases,
    dating_facts,
    mark_checked,
    put_dates,
)
from registry.transitions import Actor
from routing.calendar import WorkingCalendar
from routing.calendar_difference import CalendarDifference
from routing.due import DueRequest
from routing.letters import build_request
from routing.redating import DateChange, OpenCase, redecide_case, redecide_stored


class CaseDate(Frozen):
    """A case that a change of the calendar concerns; `reason` is Thai.

    `moved` tells whether its date becomes another one. Where `by_rule` is False, the date in
    force was set, extended or restored by a person: it stays, and a person must look.
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
        for _, change, facts in _changes(session, chunk, rules, move)
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
    for chunk in dated_cases(session, lock=True, version=version):
        dates: list[NewDate] = []
        renewed: set[int] = set()
        for dated, change, facts in _changes(session, chunk, rules, move):
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
                renewed.add(dated.row.id)
            if change.moved or not change.by_rule:
                concerned.append(_case_date(change, facts))
        put_dates(session, dates, actor=move.by, version=move.new.version, at=move.at)
        checked = [dated.row.id for dated in chunk if dated.row.id not in renewed]
        mark_checked(session, checked, move.new.version)
        # The next chunk needs the room; what was written stays in the transaction.
        session.expunge_all()
    return tuple(concerned)


def _changes(
    session: Session,
    chunk: list[DatedCase],
    rules: DeadlineRules,
    move: CalendarMove,
) -> Iterator[tuple[DatedCase, DateChange, DatingFacts]]:
    touched = chunk
    if move.difference is not None:
        touched = [dated for dated in chunk if move.difference.touches(*dated.span())]
    if not touched:
        return
    facts = dating_facts(session, (dated.case for dated in touched))
    for dated in touched:
        known = facts.get(dated.case.id)
        if known is None:
            continue
        case = OpenCase(dated.case.id, _request(known), dated.decision())
        change = (
            redecide_case(case, rules, move.old, move.new)
            if move.old is not None
            else redecide_stored(case, rules, move.new)
        )
        if change is not None:
            yield dated, change, known


def _request(facts: DatingFacts) -> DueRequest:
    return build_request(facts.received_at, facts.channel, facts.fields, facts.classification)


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
