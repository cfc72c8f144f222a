"""What re-dating reads and writes: open cases with the dates in force, in chunks, locked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from correspondence.classification import Classification
from correspondence.clock import bangkok_day
from correspondence.deadline import DeadlineRule, DueCandidate, DueDecision
from correspondence.reading import LetterFields
from correspondence.vocabulary import CaseState, Category, Channel
from registry.casework import due_date_row
from registry.letter_file import letter_fields
from registry.models import AuditEvent, Case, ClassificationRow, DueDateRow, FieldRow, Letter
from registry.numbers import RegisterNumber
from registry.transitions import Actor

REDATED = "redate"
DATE_KEPT = "keep_date"
DONE_STATES = (CaseState.CLOSED, CaseState.DUPLICATE, CaseState.VOIDED, CaseState.DISPATCHED)
_DONE = [state.value for state in DONE_STATES]
_DATING = ("stated_deadline", "meeting_at", "urgency")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DatedCase:
    """An open case, loaded in this session, with the row of its due date in force."""

    case: Case
    row: DueDateRow

    def span(self) -> tuple[date, date]:
        """Return the first and the last day the decision rests on."""
        days = [bangkok_day(self.row.received_at), self.row.anchor_date]
        for candidate in self.row.candidates:
            days += (
                date.fromisoformat(candidate["anchor_date"]),
                date.fromisoformat(candidate["due_date"]),
            )
        return min(days), max(days)

    def decision(self) -> DueDecision:
        """Return the decision in force."""
        candidates = tuple(DueCandidate.model_validate(part) for part in self.row.candidates)
        rule: DeadlineRule | None = next((c.rule for c in candidates if c.chosen), None)
        if rule is None or rule.id != self.row.rule_id:
            rule = None
        return DueDecision(
            received_at=self.row.received_at,
            anchor_date=self.row.anchor_date,
            due_date=self.case.due_date,
            due_at=self.row.due_at,
            rule=rule,
            holidays_counted=tuple(date.fromisoformat(day) for day in self.row.holidays_counted),
            candidates=candidates,
            explanation=self.row.explanation,
            calendar_confirmed=self.row.calendar_confirmed,
            needs_person=self.row.needs_person,
        )


@dataclass(frozen=True, slots=True)
class DatingFacts:
    """What the due date of a case is decided from: its first letter, its category as it stands."""

    register_number: RegisterNumber
    received_at: datetime
    channel: Channel
    fields: LetterFields
    classification: Classification | None


@dataclass(frozen=True, slots=True)
class NewDate:
    """A decision to put in force, or (`moved` and `renewed` False) a date that stays and why."""

    dated: DatedCase
    decision: DueDecision
    reason: str
    moved: bool
    renewed: bool


def count_open_cases(session: Session) -> int:
    """Return how many cases are open."""
    return (
        session.scalar(select(func.count()).select_from(Case).where(Case.state.not_in(_DONE))) or 0
    )


def dated_cases(
    session: Session, *, lock: bool = False, version: str | None = None
) -> Iterator[list[DatedCase]]:
    """Yield the open cases that have a due date decided, in chunks by id.

    Args:
        session: an open session.
        lock: take the rows for this transaction.
        version: only cases whose date was last found right with this state of the calendar.
    """
    last = 0
    while True:
        query = (
            select(Case, DueDateRow)
            .join(DueDateRow, DueDateRow.case_id == Case.id)
            .where(Case.id > last, Case.state.not_in(_DONE), DueDateRow.superseded_at.is_(None))
            .order_by(Case.id, DueDateRow.id)
            .limit(_CHUNK)
        )
        if version is not None:
            query = query.where(DueDateRow.calendar_version == version)
        if lock:
            query = query.with_for_update(of=Case)
        found = [DatedCase(case, row) for case, row in session.execute(query).tuples()]
        if not found:
            return
        last = found[-1].case.id
        yield found


def dating_facts(session: Session, cases: Iterable[Case]) -> dict[int, DatingFacts]:
    """Return by case id what the due dates of these cases are decided from."""
    wanted = {case.id: case for case in cases}
    first = select(func.min(Letter.id)).where(Letter.case_id.in_(wanted)).group_by(Letter.case_id)
    letters = {
        row.id: row
        for row in session.execute(
            select(
                Letter.id,
                Letter.case_id,
                Letter.register_year,
                Letter.register_number,
                Letter.received_at,
                Letter.channel,
            ).where(Letter.id.in_(first))
        )
    }
    fields: dict[int, list[FieldRow]] = {letter_id: [] for letter_id in letters}
    for row in session.scalars(
        select(FieldRow).where(FieldRow.letter_id.in_(letters), FieldRow.name.in_(_DATING))
    ):
        fields[row.letter_id].append(row)
    latest = (
        select(func.max(ClassificationRow.id))
        .where(ClassificationRow.case_id.in_(wanted))
        .group_by(ClassificationRow.case_id)
    )
    decided = {
        row.case_id: row
        for row in session.scalars(
            select(ClassificationRow).where(ClassificationRow.id.in_(latest))
        )
    }
    return {
        letter.case_id: DatingFacts(
            register_number=RegisterNumber(letter.register_year, letter.register_number),
            received_at=letter.received_at,
            channel=Channel(letter.channel),
            fields=letter_fields(fields[letter.id]),
            classification=_classification(wanted[letter.case_id], decided.get(letter.case_id)),
        )
        for letter in letters.values()
    }


def put_dates(
    session: Session, dates: Iterable[NewDate], *, actor: Actor, version: str, at: datetime
) -> None:
    """Put decisions in force and write into the trail why, in the caller's transaction.

    A date that moves supersedes its row, changes the case and has one audit event with the old
    and the new date. A decision with the same date and other grounds supersedes its row only.
    A date that stays for a person to look at has its event.
    """
    chosen = list(dates)
    renewed = [new for new in chosen if new.renewed]
    for new in renewed:
        new.dated.row.superseded_at = at
    session.flush()
    for new in chosen:
        case, row = new.dated.case, new.dated.row
        if new.renewed:
            session.add(due_date_row(case.id, new.decision, calendar_version=version, at=at))
        if new.renewed and not new.moved:
            continue
        before = {"due_date": _iso(case.due_date), "calendar": row.calendar_version}
        if new.moved:
            case.due_date = new.decision.due_date
            case.version += 1
            case.updated_at = at
        session.add(
            AuditEvent(
                at=at,
                actor=actor.name,
                action=REDATED if new.moved else DATE_KEPT,
                case_id=case.id,
                from_state=None,
                to_state=None,
                reason=new.reason,
                before=before,
                after={"due_date": _iso(case.due_date), "calendar": version},
            )
        )
    session.flush()


def mark_checked(session: Session, due_date_ids: Iterable[int], version: str) -> None:
    """Note on rows in force that their dates are right with this state of the calendar, too."""
    wanted = list(due_date_ids)
    for start in range(0, len(wanted), _CHUNK):
        session.execute(
            update(DueDateRow)
            .where(
                DueDateRow.id.in_(wanted[start : start + _CHUNK]),
                DueDateRow.superseded_at.is_(None),
            )
            .values(calendar_version=version)
            .execution_options(synchronize_session=False)
        )


def versions_in_use(session: Session) -> Mapping[str, int]:
    """Return the calendar versions of the dates in force of open cases, each with its number."""
    return dict(
        session.execute(
            select(DueDateRow.calendar_version, func.count())
            .join(Case, Case.id == DueDateRow.case_id)
            .where(Case.state.not_in(_DONE), DueDateRow.superseded_at.is_(None))
            .group_by(DueDateRow.calendar_version)
        )
        .tuples()
        .all()
    )


def _classification(case: Case, row: ClassificationRow | None) -> Classification | None:
    """Return the category as it stands: a person's choice on the case before the model's."""
    if row is None or case.category is None:
        return None
    return Classification(
        category=Category(case.category),
        subcategory=case.subcategory or row.subcategory,
        probabilities=row.probabilities,
        abstained=row.abstained and case.state == CaseState.TRIAGE.value,
        evidence=(),
        model_version=row.model_version,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
