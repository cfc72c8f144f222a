"""Is the register whole: numbers without gap or repeat, dates on cases, an end for every item.

Reads only, in constant memory, and yields one finding at a time: kinds and ids, never a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState, IntakeOutcome, ThaiTerm
from registry.ledger import MAX_ATTEMPTS
from registry.models import Case, DueDateRow, IntakeItem, Letter, RegisterCounter
from registry.numbers import RegisterNumber

_CHUNK = 1000
# So many of one gap are told; a number far away must not make a million findings.
_TOLD_OF_A_GAP = 1000
# No date is in force yet (the machine has not counted it), no longer, or while it stands still.
_UNDATED = (
    CaseState.REGISTERED,
    CaseState.CLASSIFIED,
    CaseState.ON_HOLD,
    CaseState.DUPLICATE,
    CaseState.VOIDED,
)


class FindingKind(ThaiTerm):
    """What is not as it must be."""

    BLOB_MISSING = "blob_missing", "ไม่พบแฟ้มในที่เก็บ"
    BLOB_DAMAGED = "blob_damaged", "แฟ้มในที่เก็บเสียหาย"
    NUMBER_MISSING = "number_missing", "เลขรับขาดหาย"
    NUMBER_REPEATED = "number_repeated", "เลขรับซ้ำ"
    NUMBER_NOT_COUNTED = "number_not_counted", "เลขรับเกินตัวนับ"
    CASE_WITHOUT_DUE_DATE = "case_without_due_date", "เรื่องไม่มีวันครบกำหนดและไม่มีเหตุผล"
    ITEM_UNSETTLED = "item_unsettled", "รายการรับเข้าไม่มีผลสิ้นสุดและไม่ได้รอดำเนินการ"
    ITEM_WITHOUT_LETTER = "item_without_letter", "รายการที่ลงรับแล้วแต่ไม่มีหนังสือ"
    AUDIT_BROKEN = "audit_broken", "บันทึกการตรวจสอบไม่ครบถ้วน"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its kind, what kind of record, and that record's id or register number."""

    kind: FindingKind
    record: str
    id: str


def number_findings(session: Session) -> Iterator[Finding]:
    """Walk the register numbers of every year; voided ones are there like the others."""
    counters = {row.year: row.last_number for row in session.scalars(select(RegisterCounter))}
    columns = (Letter.register_year, Letter.register_number)
    query = select(*columns).order_by(*columns).execution_options(yield_per=_CHUNK)
    year, last = 0, 0
    for found_year, number in session.execute(query):
        if found_year != year:
            yield from _gap(year, last + 1, counters.pop(year, last))
            year, last = found_year, 0
        if number == last:
            yield _number(FindingKind.NUMBER_REPEATED, year, number)
            continue
        yield from _gap(year, last + 1, number - 1)
        if number > counters.get(year, 0):
            yield _number(FindingKind.NUMBER_NOT_COUNTED, year, number)
        last = number
    yield from _gap(year, last + 1, counters.pop(year, last))
    for empty_year, counted in sorted(counters.items()):
        yield from _gap(empty_year, 1, counted)


def undated_case_findings(session: Session) -> Iterator[Finding]:
    """Yield the cases that have no due date although nothing says why."""
    stated = exists().where(
        DueDateRow.case_id == Case.id,
        DueDateRow.superseded_at.is_(None),
        DueDateRow.due_date.is_(None),
        func.trim(DueDateRow.explanation) != "",
    )
    query = (
        select(Case.id)
        .where(
            Case.state.not_in([state.value for state in _UNDATED]),
            Case.due_date.is_(None),
            ~stated,
        )
        .order_by(Case.id)
    )
    for case_id in session.scalars(query.execution_options(yield_per=_CHUNK)):
        yield Finding(FindingKind.CASE_WITHOUT_DUE_DATE, "case", str(case_id))


def item_findings(session: Session) -> Iterator[Finding]:
    """Yield the ledger rows that neither ended nor wait to be tried."""
    waiting = and_(
        IntakeItem.outcome == IntakeOutcome.PENDING.value, IntakeItem.attempts < MAX_ATTEMPTS
    )
    ended = and_(
        IntakeItem.outcome.in_(
            [end.value for end in IntakeOutcome if end is not IntakeOutcome.PENDING]
        ),
        IntakeItem.settled_at.is_not(None),
    )
    yield from _items(session, FindingKind.ITEM_UNSETTLED, ~or_(waiting, ended))
    lettered = exists().where(Letter.intake_item_id == IntakeItem.id)
    registered = IntakeItem.outcome == IntakeOutcome.REGISTERED.value
    yield from _items(session, FindingKind.ITEM_WITHOUT_LETTER, and_(registered, ~lettered))


def _items(
    session: Session, kind: FindingKind, condition: ColumnElement[bool]
) -> Iterator[Finding]:
    query = select(IntakeItem.id).where(condition).order_by(IntakeItem.id)
    for item_id in session.scalars(query.execution_options(yield_per=_CHUNK)):
        yield Finding(kind, "intake_item", str(item_id))


def _gap(year: int, first: int, last: int) -> Iterator[Finding]:
    for number in range(first, min(last, first + _TOLD_OF_A_GAP - 1) + 1):
        yield _number(FindingKind.NUMBER_MISSING, year, number)


def _number(kind: FindingKind, year: int, number: int) -> Finding:
    return Finding(kind, "register_number", str(RegisterNumber(year, number)))
