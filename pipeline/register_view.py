"""The incoming register (ทะเบียนรับ) in pages: newest first, filtered, never a secret word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Channel, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.permissions import WHOLE_REGISTER, RegisterScope
from pipeline.standing import DONE_STATES
from registry.engine import open_snapshot
from registry.models import Case, ClassificationRow, Draft, IntakeItem, Letter
from registry.numbers import RegisterNumber

PAGE_SIZE = 50
_MARKED = "marked_"
# Newest first; several letters of one item in the order of their numbers, turned.
_ORDER = (IntakeItem.arrived_at, IntakeItem.id, Letter.part)


class DueWindow(StrEnum):
    """Which due dates of open cases are asked for; "today" is Bangkok's."""

    OVERDUE = "overdue"
    TODAY = "today"


class RegisterFilter(Frozen):
    """What the register is narrowed to; None narrows nothing."""

    state: CaseState | None = None
    category: Category | None = None
    group: str | None = None
    outcome: IntakeOutcome | None = None
    due: DueWindow | None = None


class SecretRow(Frozen):
    """That a secret letter exists: when it came and its grade code. Nothing else."""

    item_id: int
    arrived_at: datetime
    grade: str


class WaitingRow(Frozen):
    """An item without a register number: waiting, held, quarantined, duplicate or rejected."""

    item_id: int
    arrived_at: datetime
    channel: Channel
    file_name: str
    outcome: IntakeOutcome
    reason_thai: str
    reason_english: str


class CaseRow(Frozen):
    """A registered letter and where its case stands; `probability` is 0 to 1."""

    item_id: int
    arrived_at: datetime
    channel: Channel
    register_number: str
    case_id: int
    restricted: bool
    category: Category | None
    subcategory: str | None
    probability: float | None
    abstained: bool
    group: str | None
    due_date: date | None
    state: CaseState
    urgency: str
    memo_version: int | None


RegisterRow = SecretRow | WaitingRow | CaseRow


class RegisterPage(Frozen):
    """One page of the register; `number` counts from 1."""

    rows: tuple[RegisterRow, ...]
    number: int
    pages: int
    total: int


class RegisterCounts(Frozen):
    """How many rows of each kind a person sees; `intake` by outcome, `cases` by state."""

    letters: int
    intake: dict[str, int]
    cases: dict[str, int]
    overdue: int
    due_today: int


def register_page(
    house: House,
    wanted: RegisterFilter,
    number: int = 1,
    *,
    scope: RegisterScope = WHOLE_REGISTER,
) -> RegisterPage:
    """Return a page of the register; a number past the end gives the last page.

    Several letters of one item have a row each.

    Args:
        house: the office's house.
        wanted: what the register is narrowed to.
        number: the page, from 1.
        scope: the rows that whoever looks may see.
    """
    conditions = [*_conditions(wanted, bangkok_day(house.clock())), _seen(scope)]
    with open_snapshot(house.sessions) as session:
        counted = (
            select(func.count(IntakeItem.id))
            .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
            .outerjoin(Case, Case.id == Letter.case_id)
            .where(*conditions)
        )
        total = session.scalar(counted) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        # First which rows, by what they are sorted by; then what they say, for these alone.
        turned = number > pages / 2
        begin = (number - 1) * PAGE_SIZE
        skipped = max(0, total - begin - PAGE_SIZE) if turned else begin
        keys = session.execute(
            select(IntakeItem.id, Letter.id)
            .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
            .outerjoin(Case, Case.id == Letter.case_id)
            .where(*conditions)
            .order_by(*(column.asc() if turned else column.desc() for column in _ORDER))
            .limit(min(PAGE_SIZE, max(total - begin, 0)) if turned else PAGE_SIZE)
            .offset(skipped)
        ).tuples()
        rows = _filled(session, list(keys)[:: -1 if turned else 1])
    return RegisterPage(rows=rows, number=number, pages=pages, total=total)


def register_counts(house: House, scope: RegisterScope) -> RegisterCounts:
    """Return how many rows of each kind a scope holds; "today" is Bangkok's."""
    today = bangkok_day(house.clock())
    intake = _counted(scope, IntakeItem.outcome, count=IntakeItem.id)
    by_date = _counted(scope, Case.state, Case.due_date, count=Case.id)
    letters = _counted(scope, count=Letter.id)
    cases: Counter[str] = Counter()
    overdue = due_today = 0
    done = {state.value for state in DONE_STATES}
    with open_snapshot(house.sessions) as session:
        outcomes = dict(session.execute(intake).tuples().all())
        for state, due, number in session.execute(by_date):
            if state is None:
                continue
            cases[state] += number
            if due is not None and state not in done:
                overdue += number if due < today else 0
                due_today += number if due == today else 0
        total = session.scalar(letters) or 0
    return RegisterCounts(
        letters=total,
        intake=outcomes,
        cases=dict(cases),
        overdue=overdue,
        due_today=due_today,
    )


def _counted(
    scope: RegisterScope,
    *kinds: InstrumentedAttribute[Any],
    count: InstrumentedAttribute[int],
) -> Select[Any]:
    """Return how many different ids stand in the rows of a scope, by kinds."""
    query = (
        select(*kinds, func.count(count.distinct()))
        .select_from(IntakeItem)
        .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
        .outerjoin(Case, Case.id == Letter.case_id)
        .where(_seen(scope))
    )
    return query.group_by(*kinds) if kinds else query


def _filled(session: Session, keys: Sequence[tuple[int, int | None]]) -> tuple[RegisterRow, ...]:
    """Return the rows of these items and letters, in this order."""
    latest = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    query = (
        select(IntakeItem, Letter, Case, ClassificationRow, Draft)
        .outerjoin(Letter, Letter.intake_item_id == IntakeItem.id)
        .outerjoin(Case, Case.id == Letter.case_id)
        .outerjoin(ClassificationRow, ClassificationRow.id == latest)
        .outerjoin(Draft, (Draft.case_id == Case.id) & Draft.superseded_at.is_(None))
        .where(IntakeItem.id.in_({item_id for item_id, _ in keys}))
    )
    found = {
        (parts[0].id, parts[1].id if parts[1] else None): _row(*parts)
        for parts in session.execute(query).tuples()
    }
    return tuple(found[key] for key in keys if key in found)


def _seen(scope: RegisterScope) -> ColumnElement[bool]:
    """Return the condition of a row that the scope holds; none where it holds nothing."""
    registered = Letter.id.is_not(None)
    secret = IntakeItem.outcome == IntakeOutcome.SECRET.value
    seen: list[ColumnElement[bool]] = []
    if scope.every_case:
        seen.append(registered)
    if scope.groups:
        seen.append(registered & Case.group_id.in_(sorted(scope.groups)))
    if scope.unassigned:
        seen.append(registered & Case.group_id.is_(None))
    if scope.states:
        seen.append(registered & Case.state.in_(sorted(state.value for state in scope.states)))
    if scope.restricted:
        seen.append(registered & Case.restricted.is_(True))
    if scope.waiting:
        seen.append(Letter.id.is_(None) & ~secret)
    if scope.secret:
        seen.append(secret)
    return or_(false(), *seen)


def _conditions(wanted: RegisterFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Case.state == wanted.state.value)
    if wanted.category is not None:
        conditions.append(Case.category == wanted.category.value)
    if wanted.group is not None:
        conditions.append(Case.group_id == wanted.group)
    if wanted.outcome is not None:
        conditions.append(IntakeItem.outcome == wanted.outcome.value)
    if wanted.due is not None:
        conditions.append(Case.state.not_in([state.value for state in DONE_STATES]))
        late = wanted.due is DueWindow.OVERDUE
        conditions.append(Case.due_date < today if late else Case.due_date == today)
    return conditions


def _row(
    item: IntakeItem,
    letter: Letter | None,
    case: Case | None,
    decided: ClassificationRow | None,
    draft: Draft | None,
) -> RegisterRow:
    channel = Channel(item.channel)
    if item.outcome == IntakeOutcome.SECRET.value:
        return SecretRow(
            item_id=item.id,
            arrived_at=item.arrived_at,
            grade=item.reason_code.removeprefix(_MARKED),
        )
    if letter is None or case is None:
        return WaitingRow(
            item_id=item.id,
            arrived_at=item.arrived_at,
            channel=channel,
            file_name=item.file_name,
            outcome=IntakeOutcome(item.outcome),
            reason_thai=item.reason_thai,
            reason_english=item.reason_english,
        )
    return CaseRow(
        item_id=item.id,
        arrived_at=item.arrived_at,
        channel=channel,
        register_number=str(RegisterNumber.of(letter)),
        case_id=case.id,
        restricted=case.restricted,
        category=Category(case.category) if case.category else None,
        subcategory=case.subcategory,
        probability=decided.probabilities.get(decided.category) if decided else None,
        abstained=decided.abstained if decided else False,
        group=case.group_id,
        due_date=case.due_date,
        state=CaseState(case.state),
        urgency=case.urgency,
        memo_version=draft.version if draft else None,
    )
