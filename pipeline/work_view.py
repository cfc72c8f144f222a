"""My work: a person's cases by due date in bands, with what of it is new to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from correspondence.clock import bangkok_day
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category
from pipeline.bootstrap import House
from pipeline.staff import StaffMember
from pipeline.work_counts import WorkCounts, count_work
from pipeline.work_filter import Band, WorkFilter, band_on, is_unread, joined, work_conditions
from pipeline.work_scope import first_letter, with_assignment, work_scope
from registry.engine import open_snapshot
from registry.models import Assignment, Case, FieldRow, Letter, Person
from registry.numbers import RegisterNumber

PAGE_SIZE = 50
LONGEST_SUBJECT = 160
_RANK = {"most_urgent": 0, "very_urgent": 1, "urgent": 2}
_ORDER = (
    case((Case.due_date.is_(None), 1), else_=0),
    Case.due_date,
    case(_RANK, value=Case.urgency, else_=len(_RANK)),
    Case.id,
)


class WorkRow(Frozen):
    """A case of the list; of a restricted one neither subject nor category.

    `version` is what an action expects; `received_at` is the first letter's; `several` tells that
    there are more letters than that.
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
    several: bool


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
    band = band_on(today)
    with open_snapshot(house.sessions) as session:
        counts, total = count_work(session, staff, scope, wanted, band)
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(number, 1), pages)
        # The page is cut out first: what a row tells is looked up for its rows alone.
        cut = (
            joined(select(Case.id), staff)
            .where(*work_conditions(scope, wanted, band))
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
        case((is_unread(), 1), else_=0),
        case((_another_letter(), 1), else_=0),
    )
    return (
        joined(query, staff)
        .outerjoin(Letter, first_letter())
        .outerjoin(FieldRow, subject)
        .outerjoin(Assignment, with_assignment())
        .outerjoin(Person, Person.id == Assignment.person_id)
    )


def _another_letter() -> ColumnElement[bool]:
    other = aliased(Letter)
    return exists().where(other.case_id == Case.id, other.id > Letter.id).correlate(Case, Letter)


def _row(
    staff: StaffMember,
    found: Case,
    letter: Letter | None,
    subject: str | None,
    owner_id: int | None,
    owner: str | None,
    band: str,
    unread: int,
    several: int,
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
        several=bool(several),
    )
