"""The course of one case, read out of its history as it stood at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from correspondence.clock import bangkok_day
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, Channel
from office.deadlines import Stage
from registry.case_history import ENDS, EXTEND, CaseHistory, DatedDue

RETURNS = frozenset({Action.RETURN_DRAFT.value, Action.REJECT.value, Action.RETURN_TO_TRIAGE.value})
# What entering a state says of the stages: those up to it are done, later ones are not any more.
_DONE_IN: Mapping[CaseState, int] = MappingProxyType(
    {
        CaseState.REGISTERED: 1,
        CaseState.CLASSIFIED: 1,
        CaseState.TRIAGE: 1,
        CaseState.ASSIGNED: 1,
        CaseState.DRAFTING: 1,
        CaseState.IN_REVIEW: 2,
        CaseState.SIGN_OFF: 3,
        CaseState.AWAITING_DISPATCH: 4,
        CaseState.DISPATCHED: 4,
    }
)
_STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """A case as figures see it; all days are Bangkok's, CE.

    Attributes:
        case_id: id of the case.
        category: as it stands now, None while nobody has chosen one; so are the next two.
        subcategory: id of the sub-category.
        group: id of the group.
        channel: how its first letter came.
        received_on: the day it came.
        started_on: the day its clock began: of receipt, or of the last reopening.
        ended_on: the day the answer left or the case was closed, None while open.
        due_date: the one in force when it ended, or now while open; None without any.
        past_hour: the deadline has an hour, and it ended, or still is open, after it.
        original_due: what it was before the first extension of this clock, None without one.
        extended: how often its time was extended, all clocks together.
        returned: how often a draft or the case was sent back.
        reopened: how often it was opened again.
        uncounted: DUPLICATE or VOIDED, for a case that is no matter of its own.
        reached: the day each stage ended, for those that have and were not undone since.
    """

    case_id: int
    category: Category | None
    subcategory: str | None
    group: str | None
    channel: Channel | None
    received_on: date
    started_on: date
    ended_on: date | None
    due_date: date | None
    past_hour: bool = False
    original_due: date | None = None
    extended: int = 0
    returned: int = 0
    reopened: int = 0
    uncounted: CaseState | None = None
    reached: Mapping[Stage, date] = field(default_factory=dict)


def course_of(history: CaseHistory, now: datetime | None = None) -> CaseCourse:
    """Return the course of a case up to the moment its history was read for.

    A case counts as ended when the answer left or it was closed, whichever came first, unless it
    was opened again. The due date is the one in force at that moment: what was extended, paused
    or re-dated afterwards changes nothing.

    Args:
        history: what happened to it.
        now: the present moment, aware, where the history runs to the end of a day that is not
            over: an hour to come has not passed yet.
    """
    started = history.opened_at
    ended: datetime | None = None
    reached: dict[Stage, datetime] = {}
    extensions: list[datetime] = []
    extended = returned = reopened = 0
    if history.registered_at is not None and history.registered_at < history.until:
        reached[Stage.REGISTERED] = history.registered_at
    for step in history.steps:
        if step.action == EXTEND:
            extended += 1
            extensions.append(step.at)
        returned += step.action in RETURNS
        if not step.moves or step.to_state is None:
            continue
        if step.action == Action.REOPEN.value:
            reopened += 1
            started = step.at
            extensions.clear()
        ended = (ended or step.at) if step.to_state in ENDS else None
        done = _DONE_IN.get(step.to_state)
        if done is None:
            continue
        for stage in _STAGES[done:]:
            reached.pop(stage, None)
        for stage in _STAGES[1:done]:
            reached.setdefault(stage, step.at)
    due = _due_at(history, ended)
    judged = ended or min(history.until, now or history.until)
    return CaseCourse(
        case_id=history.case_id,
        category=history.category,
        subcategory=history.subcategory,
        group=history.group,
        channel=history.channel,
        received_on=bangkok_day(history.opened_at),
        started_on=bangkok_day(started),
        ended_on=bangkok_day(ended) if ended else None,
        due_date=due.due_date,
        past_hour=due.due_at is not None and judged > due.due_at,
        original_due=_before(history.due_dates, extensions[0]) if extensions else None,
        extended=extended,
        returned=returned,
        reopened=reopened,
        uncounted=history.state
        if history.state in (CaseState.DUPLICATE, CaseState.VOIDED)
        else None,
        reached=MappingProxyType({stage: bangkok_day(at) for stage, at in reached.items()}),
    )


def _due_at(history: CaseHistory, ended: datetime | None) -> DatedDue:
    """Return the due date in force when a case ended, or at the history's end while open."""
    if not history.due_dates:
        return DatedDue(history.opened_at, history.due_date)
    known = [
        due
        for due in history.due_dates
        if (due.since < history.until if ended is None else due.since <= ended)
    ]
    # The first one is reckoned from receipt, whenever somebody came to reckon it.
    return (known or history.due_dates)[-1 if known else 0]


def _before(due_dates: tuple[DatedDue, ...], moment: datetime) -> date | None:
    """Return the due date in force before the one that an extension at a moment has set."""
    known = [due for due in due_dates if due.since <= moment]
    if known and known[-1].since == moment:
        # Rows are in order: what was set within the same moment stands before it.
        known.pop()
    return known[-1].due_date if known else None
