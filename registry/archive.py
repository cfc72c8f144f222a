"""Old papers entered afterwards: in a book of their own, ended before they came, no clock running.

Decision 19: the running register of a year is the record of what arrived in it, so an old paper
gets a number of the archive's book, written `12/คลัง`, and the date that stands on it.
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK, bangkok_day
from correspondence.reading import LetterFields
from correspondence.vocabulary import CaseState
from registry.models import AuditEvent, Case, DueDateRow, IntakeItem

IMPORTED = "import_archive"
NO_CLOCK = "นำเข้าจากคลังหนังสือเก่า ไม่นับเวลา"
_EARLIEST = date(1900, 1, 1)


def dated_of_old(fields: LetterFields, arrived_at: datetime) -> datetime:
    """Return when an old paper came: noon (Bangkok) of its own date, else its file's time.

    A date after the file's, or before 1900, is misread.
    """
    try:
        written = date.fromisoformat(fields.document_date.value or "")
    except ValueError:
        return arrived_at
    if not _EARLIEST <= written <= bangkok_day(arrived_at):
        return arrived_at
    return min(datetime.combine(written, time(12), tzinfo=BANGKOK), arrived_at)


def close_as_archived(
    session: Session, case: Case, item: IntakeItem, *, at: datetime, actor: str
) -> None:
    """End a case that was just opened for an old paper: no date, and why; nothing is committed."""
    case.archived = True
    case.state = CaseState.CLOSED.value
    case.last_progress_at = case.opened_at
    session.add(
        DueDateRow(
            case_id=case.id,
            received_at=case.opened_at,
            anchor_date=bangkok_day(case.opened_at),
            due_date=None,
            due_at=None,
            rule_id=None,
            candidates=[],
            holidays_counted=[],
            explanation=NO_CLOCK,
            calendar_confirmed=True,
            needs_person=False,
            calendar_version="",
            computed_at=at,
        )
    )
    session.add(
        AuditEvent(
            at=at,
            actor=actor,
            action=IMPORTED,
            case_id=case.id,
            intake_item_id=item.id,
            from_state=None,
            to_state=CaseState.CLOSED.value,
            reason="",
            before={},
            after={"archived": True},
        )
    )
