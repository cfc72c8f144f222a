"""The monthly report: figures from the register, a .docx in the blob store, one row a period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK, bangkok_day
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category
from pipeline.bootstrap import House
from registry.models import AuditEvent, Case, Letter, Report
from registry.numbers import RegisterNumber
from reports.document import write_report
from reports.figures import CaseFact, monthly_figures
from reports.month import Month, month_before, month_of, read_month

KIND = "monthly"
# No matter of their own: a twin counts with the case it repeats, a voided number with none.
_UNCOUNTED = (CaseState.DUPLICATE, CaseState.VOIDED)
_ENDS = (CaseState.DISPATCHED, CaseState.CLOSED)
_CHUNK = 500


class MadeReport(Frozen):
    """A report of one period; `new` is False where it had been made before."""

    report_id: int
    period: str
    new: bool
    sha256: str
    received: int
    in_time_percent: float | None


def make_report(house: House, month: str | None = None) -> MadeReport:
    """Make the report of a month that is over, once; a second call returns the first report.

    Args:
        house: where the register is.
        month: `2026-10` (CE); the last month that is over by default.

    Raises:
        UsageFault: not a month, or one that is not over: its report would be short for ever.
    """
    today = bangkok_day(house.clock())
    period = read_month(month) if month else month_before(today)
    if period >= month_of(today):
        raise UsageFault(
            f"The month {period} is not over.",
            thai="เดือนนี้ยังไม่สิ้นสุด จัดทำรายงานไม่ได้",
            remedy="Ask for it after its last day.",
        )
    key = f"{KIND}/{period}"
    with house.sessions.begin() as session:
        known = _find(session, key)
        if known is not None:
            return _made(known, new=False)
        facts = case_facts(session, period)
    figures = monthly_figures(facts, period)
    content = write_report(
        figures,
        {group.id: group.thai for group in house.configuration.groups.group},
        {fact.case_id: fact.register_number for fact in facts},
    )
    sha256 = house.blobs.put(content)
    with house.sessions.begin() as session:
        new = _insert(
            session,
            Report(
                key=key,
                kind=KIND,
                period=str(period),
                sha256=sha256,
                figures=figures.model_dump(mode="json"),
                made_at=house.clock(),
            ),
        )
        row = _find(session, key)
        if row is None:
            raise LookupError(f"report {key} was neither there nor stored")
        return _made(row, new=new)


def case_facts(session: Session, month: Month) -> list[CaseFact]:
    """Return the cases received in a month and those that ended in it, oldest first."""
    begin, end = _bounds(month)
    ended = select(AuditEvent.case_id).where(
        AuditEvent.to_state.in_([state.value for state in _ENDS]),
        AuditEvent.at >= begin,
        AuditEvent.at < end,
        AuditEvent.case_id.is_not(None),
    )
    cases = session.scalars(
        select(Case)
        .where(
            Case.state.not_in([state.value for state in _UNCOUNTED]),
            or_((Case.opened_at >= begin) & (Case.opened_at < end), Case.id.in_(ended)),
        )
        .order_by(Case.id)
    ).all()
    ids = [case.id for case in cases]
    ends, numbers = _ends(session, ids), _numbers(session, ids)
    return [
        CaseFact(
            case_id=case.id,
            register_number=numbers.get(case.id, ""),
            received_on=bangkok_day(case.opened_at),
            closed_on=bangkok_day(ends[case.id]) if case.id in ends else None,
            due_date=case.due_date,
            category=Category(case.category) if case.category else None,
            group=case.group_id,
        )
        for case in cases
    ]


def _ends(session: Session, case_ids: list[int]) -> dict[int, datetime]:
    """Return when each case ended: the answer left or it was closed, since it last was opened."""
    found: dict[int, datetime] = {}
    for ids in _chunks(case_ids):
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.case_id.in_(ids)).order_by(AuditEvent.id)
        )
        for event in events:
            if event.case_id is None:
                continue
            if event.action == Action.REOPEN.value:
                found.pop(event.case_id, None)
            elif event.to_state in [state.value for state in _ENDS]:
                found.setdefault(event.case_id, event.at)
    return found


def _numbers(session: Session, case_ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in _chunks(case_ids):
        for letter in session.scalars(
            select(Letter).where(Letter.case_id.in_(ids)).order_by(Letter.id)
        ):
            number = RegisterNumber(letter.register_year, letter.register_number)
            found.setdefault(letter.case_id, str(number))
    return found


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _bounds(month: Month) -> tuple[datetime, datetime]:
    """Return the month's first moment and the next one's, in Bangkok."""
    first = datetime(month.year, month.number, 1, tzinfo=BANGKOK)
    after = month.last + timedelta(days=1)
    return first, datetime(after.year, after.month, 1, tzinfo=BANGKOK)


def _find(session: Session, key: str) -> Report | None:
    return session.scalars(select(Report).where(Report.key == key)).one_or_none()


def _insert(session: Session, report: Report) -> bool:
    """Store a report unless another run was first; tells whether it was stored."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns = ("key", "kind", "period", "sha256", "figures", "made_at")
    statement = (
        dialect.insert(Report)
        .values({name: getattr(report, name) for name in columns})
        .on_conflict_do_nothing(index_elements=[Report.key])
        .returning(Report.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def _made(report: Report, *, new: bool) -> MadeReport:
    total = report.figures["total"]
    return MadeReport(
        report_id=report.id,
        period=report.period,
        new=new,
        sha256=report.sha256,
        received=total["received"],
        in_time_percent=total["in_time_percent"],
    )
