"""The incoming register (ทะเบียนรับ) in pages: newest first, filtered, never a secret word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy import case as case_when
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Channel, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.permissions import WHOLE_REGISTER, RegisterScope
from pipeline.register_rows import joined_rows
from pipeline.standing import OPEN_STATES
from registry.engine import open_snapshot
from registry.models import Case, ClassificationRow, Draft, IntakeItem, Letter
from registry.numbers import RegisterNumber

PAGE_SIZE = 50
_MARKED = "marked_"
# What has no letter and is no secret.
_UNREGISTERED = tuple(
    outcome.value
    for outcome in IntakeOutcome
    if outcome not in (IntakeOutcome.REGISTERED, IntakeOutcome.SECRET)
)
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
        total = _total(session, wanted, scope, bangkok_day(house.clock()))
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
    is_open = Case.state.in_(OPEN_STATES)
    late, now = and_(is_open, Case.due_date < today), and_(is_open, Case.due_date == today)
    lettered = select(Letter.id).where(Letter.case_id == Case.id).exists()
    by_state = (
        select(Case.state, func.count(), _number_of(late), _number_of(now))
        .where(_seen_cases(scope), lettered)
        .group_by(Case.state)
    )
    cases: dict[str, int] = {}
    overdue = due_today = 0
    with open_snapshot(house.sessions) as session:
        for state, number, of_late, of_now in session.execute(by_state).tuples():
            cases[state] = number
            overdue += of_late
            due_today += of_now
        letters = _letters(session, RegisterFilter(), scope, today)
        intake = _waiting(session, scope)
        registered = letters if scope.every_case else 0
        if letters:
            items = select(func.count(Letter.intake_item_id.distinct()))
            if not scope.every_case:
                items = items.join(Case, Case.id == Letter.case_id).where(_seen_cases(scope))
            registered = session.scalar(items) or 0
    if registered:
        intake[IntakeOutcome.REGISTERED.value] = registered
    return RegisterCounts(
        letters=letters, intake=intake, cases=cases, overdue=overdue, due_today=due_today
    )


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case_when((condition, 1), else_=0)), 0)


def _total(session: Session, wanted: RegisterFilter, scope: RegisterScope, today: date) -> int:
    """Return how many rows there are, without walking through them where an index knows it."""
    letters = _letters(session, wanted, scope, today)
    if _of_cases(wanted, today):
        return letters
    waiting = _waiting(session, scope)
    if wanted.outcome is not None:
        return letters + waiting.get(wanted.outcome.value, 0)
    return letters + sum(waiting.values())


def _letters(session: Session, wanted: RegisterFilter, scope: RegisterScope, today: date) -> int:
    query = select(func.count(Letter.id))
    of_cases = _of_cases(wanted, today)
    if of_cases or not scope.every_case:
        query = query.join(Case, Case.id == Letter.case_id).where(*of_cases, _seen_cases(scope))
    if wanted.outcome is not None:
        query = query.join(IntakeItem, IntakeItem.id == Letter.intake_item_id)
        query = query.where(IntakeItem.outcome == wanted.outcome.value)
    return session.scalar(query) or 0


def _waiting(session: Session, scope: RegisterScope) -> dict[str, int]:
    """Return how many items of a scope have no letter, by outcome."""
    seen: list[ColumnElement[bool]] = [false()]
    secret = IntakeItem.outcome == IntakeOutcome.SECRET.value
    if scope.waiting:
        bare = ~select(Letter.id).where(Letter.intake_item_id == IntakeItem.id).exists()
        seen.append(and_(IntakeItem.outcome.in_(_UNREGISTERED), bare))
    if scope.secret:
        seen.append(secret)
    query = select(IntakeItem.outcome, func.count()).where(or_(*seen)).group_by(IntakeItem.outcome)
    return dict(session.execute(query).tuples().all())


def _filled(session: Session, keys: Sequence[tuple[int, int | None]]) -> tuple[RegisterRow, ...]:
    """Return the rows of these items and letters, in this order."""
    query = joined_rows().where(IntakeItem.id.in_({item_id for item_id, _ in keys}))
    found = {
        (parts[0].id, parts[1].id if parts[1] else None): _row(*parts)
        for parts in session.execute(query).tuples()
    }
    return tuple(found[key] for key in keys if key in found)


def _seen(scope: RegisterScope) -> ColumnElement[bool]:
    """Return the condition of a row that the scope holds; none where it holds nothing."""
    secret = IntakeItem.outcome == IntakeOutcome.SECRET.value
    seen = [and_(Letter.id.is_not(None), _seen_cases(scope))]
    if scope.waiting:
        seen.append(and_(Letter.id.is_(None), ~secret))
    if scope.secret:
        seen.append(secret)
    return or_(*seen)


def _seen_cases(scope: RegisterScope) -> ColumnElement[bool]:
    """Return the condition of a case whose letters the scope holds."""
    if scope.every_case:
        return true()
    seen: list[ColumnElement[bool]] = [false()]
    if scope.groups:
        seen.append(Case.group_id.in_(sorted(scope.groups)))
    if scope.unassigned:
        seen.append(Case.group_id.is_(None))
    if scope.states:
        seen.append(Case.state.in_(sorted(state.value for state in scope.states)))
    if scope.restricted:
        seen.append(Case.restricted.is_(True))
    return or_(*seen)


def _conditions(wanted: RegisterFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = _of_cases(wanted, today)
    if wanted.outcome is not None:
        conditions.append(IntakeItem.outcome == wanted.outcome.value)
    return conditions


def _of_cases(wanted: RegisterFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what is asked of the case of a row."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Case.state == wanted.state.value)
    if wanted.category is not None:
        conditions.append(Case.category == wanted.category.value)
    if wanted.group is not None:
        conditions.append(Case.group_id == wanted.group)
    if wanted.due is not None:
        conditions.append(Case.state.in_(OPEN_STATES))
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
