"""A case is shown only to whom it was opened: the check that every view of one makes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from correspondence.errors import SarabanError
from pipeline.permissions import OpenedCase
from registry.models import Case


class CaseUnknown(SarabanError):
    """There is no case, or no draft, with this id."""

    code = "case_unknown"


class CaseRestricted(SarabanError):
    """The case is open only to named people, and this reader is not known to be one."""

    code = "case_restricted"


def opened_row(session: Session, case_id: int, opened: OpenedCase | None) -> Case:
    """Return the row of a case that somebody may see.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and was not opened as such.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
    check_opened(case, opened)
    return case


def check_opened(case: Case, opened: OpenedCase | None) -> None:
    """Refuse a case that was not opened, or has become restricted since.

    Raises:
        CaseRestricted: it is restricted and was not opened as such.
    """
    seen = (
        not case.restricted if opened is None else opened.opens(case.id, restricted=case.restricted)
    )
    if not seen:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
