"""My work: a person's cases by due date in bands, with what of it is new to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Urgency
from pipeline.bootstrap import House
from pipeline.staff import StaffMember
from pipeline.work_scope import OPEN, WorkScope, first_letter, with_assignment, work_scope
from registry.engine import open_snapshot
from registry.models import Assignment, Case, CaseLook, FieldRow, Letter, Person
from registry.numbers import RegisterNumber

PAGE_SIZE = 50
SOON_DAYS = 3
LONGEST_SUBJECT = 160
_RANK = {"most_urgent": 0, "very_urgent": 1, "urgent": 2}
_ORDER = (
    case((Case.due_date.is_(None), 1), else_=0),
    Case.due_date,
    case(_RANK, value=Case.urgency, else_=len(_RANK)),
    Case.id,
)


class WorkView(StrEnum):
    """Whose cases: all of a person's work, in their hands, of their group, waiting for them."""

    ALL = "all"
    MINE = "mine"
    GROUP = "group"
    WAITING = "waiting"


class Band(StrEnum):
    """How near a due date is; `soon` is within three days, `later` holds what has no date, too."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


class WorkFilter(Frozen):
    """What the list is narrowed to; None narrows nothing."""

    view: WorkView = WorkView.ALL
    state: CaseState | None = None
    category: Category | None = None
    urgency: Urgency | None = None
    band: Band | None = None
    unread: bool = False


class WorkRow(Frozen):
    """A case of the list; of a restricted one neither subject nor category.

    `version` is what an action expects; `received_at` is the first letter's.
    """

    case_id: int
    version: int
    register_number: str
    received_at: datetime | None
    subject: str | None
    restricted: bool
    category: Category | None
    subcategory: str | None
    group: str | None
    owner: str | None
    mine: bool
    due_date: date | None
    band: Band
    state: CaseState
    urgency: str
    unread: bool


class WorkCounts(Frozen):
    """How many cases each filter would show; the others by value within the view asked for."""

    views: dict[str, int]
    states: dict[str, int]
    categories: dict[str, int]
    urgencies: dict[str, int]
    bands: dict[str, int]
    unread: int


class WorkPage(Frozen):
    """One page of a person's work; `number` counts from 1, `office` as `WorkScope` has it."""

    rows: tuple[WorkRow, ...]
    number: int
    pages: int
    total: int
    counts: WorkCounts
    office: bool


def work_page(house: House, staff: StaffMember, wanted: WorkFilter, number: int = 1) -> WorkPage:
    """Return a page of a person's work, the nearest due date first, urgent before normal.

    A fixed number of queries, however many cases there are; a number past the end gives the last
    page. What no longer waits for the office is left out, unless its state is asked for.

    Args:
        house: the office's house.
        staff: whose work, with the roles they hold now.
        wanted: what the list is narrowed to.
        number: the page, from 1.
    """
    today = bangkok_day(house.clock())
    scope = work_scope(staff)
    band = _band(today)
    with open_snapshot(house.sessions) as session:
        counts, total = _counts(session, staff, scope, wanted, band)
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        # The page is cut out first: what a row tells is looked up for its rows alone.
        cut = (
            _joined(select(Case.id), staff)
            .where(*_conditions(scope, wanted, band))
            .order_by(*_ORDER)
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
            .subquery()
        )
        query = _rows(staff, band).join(cut, cut.c.id == Case.id).order_by(*_ORDER)
        rows = tuple(_row(staff, *parts) for parts in session.execute(query))
    return WorkPage(
        rows=rows, number=number, pages=pages, total=total, counts=counts, office=scope.office
    )


def _joined(query: Select[Any], staff: StaffMember) -> Select[Any]:
    look = and_(CaseLook.case_id == Case.id, CaseLook.person_id == staff.person_id)
    return query.select_from(Case).outerjoin(CaseLook, look)


def _unread() -> ColumnElement[bool]:
    return or_(CaseLook.version.is_(None), CaseLook.version < Case.version)


def _band(today: date) -> ColumnElement[str]:
    return case(
        (Case.due_date < today, Band.OVERDUE.value),
        (Case.due_date == today, Band.TODAY.value),
        (Case.due_date <= today + timedelta(days=SOON_DAYS), Band.SOON.value),
        else_=Band.LATER.value,
    )


def _open(wanted: WorkFilter) -> ColumnElement[bool]:
    states = (CaseState.DISPATCHED,) if wanted.state is CaseState.DISPATCHED else OPEN
    return Case.state.in_([state.value for state in states])


def _conditions(
    scope: WorkScope, wanted: WorkFilter, band: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    conditions = [_of_view(scope, wanted.view), _open(wanted)]
    if wanted.state is not None:
        conditions.append(Case.state == wanted.state.value)
    if wanted.category is not None:
        # What a restricted case is about is not told by a filter either.
        conditions += [Case.category == wanted.category.value, Case.restricted.is_(False)]
    if wanted.urgency is not None:
        conditions.append(Case.urgency == wanted.urgency.value)
    if wanted.band is not None:
        conditions.append(band == wanted.band.value)
    if wanted.unread:
        conditions.append(_unread())
    return conditions


def _of_view(scope: WorkScope, view: WorkView) -> ColumnElement[bool]:
    return {
        WorkView.ALL: scope.everything,
        WorkView.MINE: scope.mine,
        WorkView.GROUP: scope.group,
        WorkView.WAITING: scope.waiting,
    }[view]


def _counts(
    session: Session,
    staff: StaffMember,
    scope: WorkScope,
    wanted: WorkFilter,
    band: ColumnElement[str],
) -> tuple[WorkCounts, int]:
    """Count all filters in one query, by the few kinds of cases there can be, and the rows."""

    def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return case((condition, 1), else_=0)

    views = [view for view in WorkView if not (scope.office and view is WorkView.GROUP)]
    open_or_sent = Case.state.in_([state.value for state in (*OPEN, CaseState.DISPATCHED)])
    kinds = (
        _joined(
            select(
                Case.state.label("state"),
                case((Case.restricted.is_(False), Case.category)).label("category"),
                Case.urgency.label("urgency"),
                band.label("band"),
                flag(_unread()).label("unread"),
                flag(_of_view(scope, wanted.view)).label("chosen"),
                *(flag(_of_view(scope, view)).label(f"in_{view}") for view in views),
            ),
            staff,
        )
        .where(open_or_sent, or_(scope.everything, _of_view(scope, wanted.view)))
        .subquery()
    )
    by_view: Counter[str] = Counter()
    states, categories, urgencies, bands = (
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
    )
    unread = total = 0
    query = select(*kinds.c, func.count().label("number")).group_by(*kinds.c)
    for row in session.execute(query).mappings():
        number, sent = row["number"], row["state"] == CaseState.DISPATCHED.value
        total += number if _fits(dict(row), wanted) else 0
        if row["chosen"]:
            states[row["state"]] += number
        if sent:
            continue
        for view in views:
            by_view[view.value] += number if row[f"in_{view}"] else 0
        if row["chosen"]:
            urgencies[row["urgency"]] += number
            bands[row["band"]] += number
            unread += number if row["unread"] else 0
            if row["category"] is not None:
                categories[row["category"]] += number
    counts = WorkCounts(
        views=dict(by_view),
        states=dict(states),
        categories=dict(categories),
        urgencies=dict(urgencies),
        bands=dict(bands),
        unread=unread,
    )
    return counts, total


def _fits(kind: Mapping[str, Any], wanted: WorkFilter) -> bool:
    """Tell whether the cases of a kind are among those asked for, as `_conditions` has it."""
    sent = CaseState.DISPATCHED
    state = wanted.state.value if wanted.state else None
    return (
        bool(kind["chosen"])
        and (state == kind["state"] or (state is None and kind["state"] != sent.value))
        and (wanted.category is None or kind["category"] == wanted.category.value)
        and (wanted.urgency is None or kind["urgency"] == wanted.urgency.value)
        and (wanted.band is None or kind["band"] == wanted.band.value)
        and (not wanted.unread or bool(kind["unread"]))
    )


def _rows(staff: StaffMember, band: ColumnElement[str]) -> Select[Any]:
    value = case(
        (FieldRow.corrected_at.is_not(None), FieldRow.person_value), else_=FieldRow.machine_value
    )
    subject = and_(
        FieldRow.letter_id == Letter.id,
        FieldRow.name == "subject",
        FieldRow.position == 0,
        Case.restricted.is_(False),
    )
    query = select(
        Case,
        Letter,
        func.substr(value, 1, LONGEST_SUBJECT),
        Assignment.person_id,
        Person.thai_name,
        band,
        case((_unread(), 1), else_=0),
    )
    return (
        _joined(query, staff)
        .outerjoin(Letter, first_letter())
        .outerjoin(FieldRow, subject)
        .outerjoin(Assignment, with_assignment())
        .outerjoin(Person, Person.id == Assignment.person_id)
    )


def _row(
    staff: StaffMember,
    found: Case,
    letter: Letter | None,
    subject: str | None,
    owner_id: int | None,
    owner: str | None,
    band: str,
    unread: int,
) -> WorkRow:
    told = not found.restricted
    return WorkRow(
        case_id=found.id,
        version=found.version,
        register_number=str(RegisterNumber.of(letter)) if letter else str(found.id),
        received_at=letter.received_at if letter else None,
        subject=subject if told else None,
        restricted=found.restricted,
        category=Category(found.category) if found.category and told else None,
        subcategory=found.subcategory if told else None,
        group=found.group_id,
        owner=owner,
        mine=owner_id == staff.person_id,
        due_date=found.due_date,
        band=Band(band),
        state=CaseState(found.state),
        urgency=found.urgency,
        unread=bool(unread),
    )
