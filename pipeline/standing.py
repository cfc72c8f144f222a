"""How the office stands: queues, overdue, holding pen, last runs (`status`, review, flows)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, IntakeOutcome
from pipeline.alerts import AlertLine, alerts_in_force
from pipeline.bootstrap import House
from pipeline.likeness_view import CampaignView, campaigns, open_links
from registry.casework import MACHINE_STATES, MAX_ATTEMPTS
from registry.engine import open_snapshot
from registry.held import why
from registry.models import Case, ClassificationRow, Cycle, Draft, IntakeItem, Letter, SourceState
from registry.numbers import numbers_of_items

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


class RegisterLine(Frozen):
    """One ledger row as the register shows it; nothing of what a secret letter says.

    Where an item brought several letters, `register_number` and the case are the first's, and
    `register_numbers` are all of them.
    """

    item_id: int
    source: str
    file: str
    sha256: str
    message_id: str | None
    channel: str
    arrived_at: datetime
    outcome: IntakeOutcome
    reason: str | None
    register_number: str | None
    register_numbers: tuple[str, ...]
    case_id: int | None
    category: str | None
    subcategory: str | None
    confidence: float | None
    group: str | None
    due_date: date | None
    state: CaseState | None
    memo_sha256: str | None


def office_standing(house: House) -> Standing:
    """Return how the office stands now; "today" is Bangkok's."""
    today = bangkok_day(house.clock())
    alerts = alerts_in_force(house.sessions)
    open_case = Case.state.not_in([state.value for state in DONE_STATES])
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


def register_lines(house: House, *, limit: int = 500, offset: int = 0) -> list[RegisterLine]:
    """Return ledger rows in the order of arrival with what became of each."""
    newest_class = (
        select(func.max(ClassificationRow.id)).group_by(ClassificationRow.case_id).scalar_subquery()
    )
    query = (
        select(IntakeItem, Letter, Case, ClassificationRow, Draft)
        .outerjoin(Letter, (Letter.intake_item_id == IntakeItem.id) & (Letter.part == 1))
        .outerjoin(Case, Case.id == Letter.case_id)
        .outerjoin(
            ClassificationRow,
            (ClassificationRow.case_id == Case.id) & ClassificationRow.id.in_(newest_class),
        )
        .outerjoin(Draft, (Draft.case_id == Case.id) & Draft.superseded_at.is_(None))
        .order_by(IntakeItem.id)
        .limit(limit)
        .offset(offset)
    )
    with open_snapshot(house.sessions) as session:
        rows = session.execute(query).tuples().all()
        numbers = numbers_of_items(session, [item.id for item, *_ in rows])
        return [_line(numbers.get(row[0].id, ()), *row) for row in rows]


def _line(
    numbers: tuple[str, ...],
    item: IntakeItem,
    letter: Letter | None,
    case: Case | None,
    decided: ClassificationRow | None,
    draft: Draft | None,
) -> RegisterLine:
    return RegisterLine(
        item_id=item.id,
        source=item.source,
        file=item.file_name,
        sha256=item.sha256,
        message_id=item.message_id,
        channel=item.channel,
        arrived_at=item.arrived_at,
        outcome=IntakeOutcome(item.outcome),
        reason=why(item),
        register_number=numbers[0] if numbers else None,
        register_numbers=numbers,
        case_id=case.id if case else None,
        category=case.category if case else None,
        subcategory=case.subcategory if case else None,
        confidence=decided.probabilities.get(decided.category) if decided else None,
        group=case.group_id if case else None,
        due_date=case.due_date if case else None,
        state=CaseState(case.state) if case else None,
        memo_sha256=draft.sha256 if draft else None,
    )
