"""Open cases for measuring: letters with due dates by the office's rules, in memory or stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import insert

from correspondence.clock import BANGKOK
from correspondence.vocabulary import CaseState, Category, Channel, ReadOutcome
from office.deadlines import DeadlineRules
from pipeline.bootstrap import House
from registry.casework import due_date_row
from registry.models import Case, ClassificationRow, DueDateRow, IntakeItem, Letter
from routing.calendar import WorkingCalendar
from routing.due import DueRequest, decide_due
from routing.redating import OpenCase

# The week before a holiday that is about to be announced: every case below counts across it.
FIRST_RECEIPT = datetime(2026, 11, 16, 1, 30, tzinfo=BANGKOK)
_MINUTES = 4 * 24 * 60
_CHUNK = 5000


def open_cases(
    first: int, last: int, rules: DeadlineRules, calendar: WorkingCalendar
) -> Iterator[OpenCase]:
    """Yield open cases of those ids, received over five days and due seven working days later."""
    for case_id in range(first, last + 1):
        request = DueRequest(
            received_at=FIRST_RECEIPT + timedelta(minutes=case_id * 7 % _MINUTES),
            category=Category.GENERAL,
            subcategory="other",
            channel=Channel.EMAIL,
        )
        yield OpenCase(case_id, request, decide_due(request, rules, calendar))


def store_cases(house: House, first: int, last: int) -> None:
    """Put those cases into the register with their letters and the due dates in force."""
    calendar = house.calendars.refresh()
    for start in range(first, last + 1, _CHUNK):
        end = min(start + _CHUNK - 1, last)
        cases = list(open_cases(start, end, house.configuration.deadlines, calendar))
        with house.engine.begin() as connection:
            connection.execute(insert(IntakeItem), [_item(case) for case in cases])
            connection.execute(insert(Case), [_case(case) for case in cases])
            connection.execute(insert(Letter), [_letter(case) for case in cases])
            connection.execute(insert(ClassificationRow), [_decided(case) for case in cases])
            connection.execute(insert(DueDateRow), [_due(case, calendar.version) for case in cases])


def _item(case: OpenCase) -> dict[str, object]:
    at = case.request.received_at
    return {
        "id": case.case_id, "source": "bench", "source_key": str(case.case_id),
        "channel": "email", "file_name": "x.pdf", "sha256": f"{case.case_id:064x}", "size": 1,
        "arrived_at": at, "stored_at": at, "outcome": "registered",
    }  # fmt: skip


def _case(case: OpenCase) -> dict[str, object]:
    at = case.request.received_at
    return {
        "id": case.case_id, "state": CaseState.IN_REVIEW.value, "version": 5, "urgency": "normal",
        "category": "general", "subcategory": "other", "group_id": "administration",
        "restricted": False, "due_date": case.decision.due_date, "opened_at": at,
        "updated_at": at, "last_progress_at": at,
    }  # fmt: skip


def _letter(case: OpenCase) -> dict[str, object]:
    at = case.request.received_at
    return {
        "id": case.case_id, "intake_item_id": case.case_id, "case_id": case.case_id, "part": 1,
        "register_year": 2026, "register_number": case.case_id, "received_at": at,
        "registered_at": at, "channel": "email", "media_type": "application/pdf",
        "kind": "unknown", "language": "th", "read_outcome": ReadOutcome.OK.value,
        "warnings": "",
    }  # fmt: skip


def _decided(case: OpenCase) -> dict[str, object]:
    return {
        "case_id": case.case_id, "decided_by": "model", "category": "general",
        "subcategory": "other", "probabilities": {"general": 1.0}, "evidence": [],
        "abstained": False, "model_version": "bench", "decided_at": case.request.received_at,
    }  # fmt: skip


def _due(case: OpenCase, version: str) -> dict[str, object]:
    row = due_date_row(
        case.case_id, case.decision, calendar_version=version, at=case.request.received_at
    )
    return {
        column.key: getattr(row, column.key)
        for column in DueDateRow.__table__.columns
        if column.key != "id"
    }
