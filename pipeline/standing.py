"""How the office stands: queues, overdue, holding pen, last runs (`status`, review, flows)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, IntakeOutcome
from pipeline.alerts import AlertLine, alerts_in_force
from pipeline.bootstrap import House
from pipeline.likeness_view import CampaignView, campaigns, open_links
from registry.casework import MACHINE_STATES, MAX_ATTEMPTS
from registry.engine import open_snapshot
from registry.models import Case, Cycle, IntakeItem, Letter, SourceState

DONE_STATES = (CaseState.CLOSED, CaseState.DUPLICATE, CaseState.VOIDED, CaseState.DISPATCHED)
# As a list of what is asked for: databases find these by an index, and the others not.
OPEN_STATES = tuple(state.value for state in CaseState if state not in DONE_STATES)


class SourceStatus(Frozen):
    """A mailbox or folder: its last poll and its fault, if any."""

    source: str
    last_poll_at: datetime | None
    last_good_poll_at: datetime | None
    fault: str | None


class LastRun(Frozen):
    """The latest pass of one kind."""

    kind: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str


class Standing(Frozen):
    """JSON of `status`: counts, and the register numbers of campaigns."""

    letters: int
    intake: dict[str, int]
    cases: dict[str, int]
    overdue: int
    due_today: int
    without_due_date: int
    holding_pen: int
    quarantine: int
    secret_desk: int
    stuck: int
    suggested_links: int
    campaigns: tuple[CampaignView, ...]
    sources: tuple[SourceStatus, ...]
    alerts: tuple[AlertLine, ...]
    last_runs: tuple[LastRun, ...]


def office_standing(house: House) -> Standing:
    """Return how the office stands now; "today" is Bangkok's."""
    today = bangkok_day(house.clock())
    alerts = alerts_in_force(house.sessions)
    open_case = Case.state.in_(OPEN_STATES)
    with open_snapshot(house.sessions) as session:

        def number_of(*conditions: object) -> int:
            query = select(func.count()).select_from(Case)
            return session.scalar(query.where(*conditions)) or 0  # type: ignore[arg-type]

        intake = dict(
            session.execute(select(IntakeItem.outcome, func.count()).group_by(IntakeItem.outcome))
            .tuples()
            .all()
        )
        cases = dict(
            session.execute(select(Case.state, func.count()).group_by(Case.state)).tuples().all()
        )
        latest = select(func.max(Cycle.id)).group_by(Cycle.kind)
        runs = session.scalars(select(Cycle).where(Cycle.id.in_(latest)).order_by(Cycle.kind))
        sources = session.scalars(select(SourceState).order_by(SourceState.source))
        return Standing(
            letters=session.scalar(select(func.count()).select_from(Letter)) or 0,
            intake=intake,
            cases=cases,
            overdue=number_of(open_case, Case.due_date < today),
            due_today=number_of(open_case, Case.due_date == today),
            without_due_date=number_of(open_case, Case.due_date.is_(None)),
            holding_pen=intake.get(IntakeOutcome.HELD.value, 0),
            quarantine=intake.get(IntakeOutcome.QUARANTINED.value, 0),
            secret_desk=intake.get(IntakeOutcome.SECRET.value, 0),
            stuck=number_of(
                Case.state.in_([state.value for state in MACHINE_STATES]),
                Case.attempts >= MAX_ATTEMPTS,
            ),
            suggested_links=open_links(session),
            campaigns=campaigns(session, least=house.configuration.likeness.campaign.least),
            sources=tuple(
                SourceStatus(
                    source=row.source,
                    last_poll_at=row.last_poll_at,
                    last_good_poll_at=row.last_good_poll_at,
                    fault=row.fault_code,
                )
                for row in sources
            ),
            alerts=alerts,
            last_runs=tuple(
                LastRun(
                    kind=run.kind,
                    started_at=run.started_at,
                    finished_at=run.finished_at,
                    outcome=run.outcome,
                )
                for run in runs
            ),
        )
