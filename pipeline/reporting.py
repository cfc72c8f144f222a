"""The monthly report: figures from the register, a .docx in the blob store, one row a period."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from pipeline.bootstrap import House
from pipeline.memo_quality import memo_quality
from registry.case_history import period_histories
from registry.chunks import chunks
from registry.models import Letter, Report
from registry.numbers import RegisterNumber
from reports.case_course import course_of
from reports.document import write_report
from reports.figures import CaseFact, monthly_figures
from reports.kpi_period import month_period
from reports.month import Month, month_before, month_of, read_month

KIND = "monthly"


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
    memos = memo_quality(house, month_period(period))
    content = write_report(
        figures,
        {group.id: group.thai for group in house.configuration.groups.group},
        {fact.case_id: fact.register_number for fact in facts},
        memos,
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
                figures={
                    **figures.model_dump(mode="json"),
                    "memos": memos.model_dump(mode="json"),
                },
                made_at=house.clock(),
            ),
        )
        row = _find(session, key)
        if row is None:
            raise LookupError(f"report {key} was neither there nor stored")
        return _made(row, new=new)


def case_facts(session: Session, month: Month) -> list[CaseFact]:
    """Return the cases received in a month and those that ended in it, as of its end, by id.

    They are what `saraban kpi` counts: judged by the due date in force when the answer left.
    """
    begin, end = month_period(month).bounds()
    courses = [
        course
        for history in period_histories(session, begin, end, until=end)
        if (course := course_of(history)).uncounted is None
    ]
    numbers = _numbers(session, [course.case_id for course in courses])
    return [
        CaseFact(
            case_id=course.case_id,
            register_number=numbers.get(course.case_id, ""),
            received_on=course.received_on,
            closed_on=course.ended_on,
            due_date=course.due_date,
            category=course.category,
            group=course.group,
            past_hour=course.past_hour,
        )
        for course in courses
    ]


def _numbers(session: Session, case_ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in chunks(case_ids):
        for letter in session.scalars(
            select(Letter).where(Letter.case_id.in_(ids)).order_by(Letter.id)
        ):
            number = RegisterNumber.of(letter)
            found.setdefault(letter.case_id, str(number))
    return found


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
