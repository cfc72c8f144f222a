"""One person's turn at one case: what every action is given, and the step they all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused
from correspondence.national_ids import masked_national_ids
from correspondence.vocabulary import CaseState
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted
from pipeline.case_request import CaseRequest
from registry.case_joining import note_joining
from registry.casework import end_assignment, release_case
from registry.models import Case
from registry.transitions import Actor, CaseChange, take_action

Detail = Mapping[str, int | str | None]
JoinedDetail = Mapping[str, int | str | list[int] | None]


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """One action on a locked case in an open transaction.

    Attributes:
        house: the office's house.
        session: the transaction; the door commits.
        case: the case, locked.
        other: the second case of the request, locked, None where it names none.
        actor: who, in the role in which they may.
        request: what is asked.
        now: the moment, aware.
    """

    house: House
    session: Session
    case: Case
    other: Case | None
    actor: Actor
    request: CaseRequest
    now: datetime

    @property
    def today(self) -> date:
        """The day in Bangkok."""
        return bangkok_day(self.now)

    @property
    def reason(self) -> str:
        """The reason; a person may repeat a number that the trail must not hold."""
        return masked_national_ids(self.request.reason.strip())

    @property
    def note(self) -> str:
        """The note, masked likewise."""
        return masked_national_ids(self.request.note.strip())

    def take(
        self,
        change: CaseChange | None = None,
        *,
        detail: Detail | None = None,
        stays: bool = False,
    ) -> None:
        """Take the edge: state, version, audit event; a case that moves loses the machine's lease.

        Raises:
            ActionRefused: the table does not allow it.
            StaleVersion: somebody else changed the case first.
        """
        before = self.case.state
        take_action(
            self.session,
            self.case,
            self.request.action,
            self.actor,
            at=self.now,
            change=change or CaseChange(besides=self.request.given()),
            reason=self.reason,
            expected_version=self.request.expected_version,
            stays=stays,
            detail=detail,
        )
        if self.case.state != before or self.case.state == CaseState.ASSIGNED.value:
            release_case(self.case)

    def need_other(self) -> Case:
        """Return the second case.

        Raises:
            ActionRefused: the request names none, or the case itself.
            CaseRestricted: one of the two is restricted.
        """
        if self.other is None or self.other.id == self.case.id:
            raise ActionRefused("Name another case.", thai="ต้องระบุเรื่องอื่นที่มิใช่เรื่องนี้")
        if self.case.restricted or self.other.restricted:
            raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
        return self.other

    def note_on(self, other: Case, *, before: Detail | None = None, after: JoinedDetail) -> None:
        """Write into the trail of another case what this action did to it."""
        note_joining(
            self.session,
            other,
            self.request.action.value,
            self.actor,
            at=self.now,
            reason=self.reason,
            before=before or {},
            after=after,
        )

    def end_assignment(self) -> None:
        """Take the case out of the hands of whoever has it."""
        end_assignment(self.session, self.case, at=self.now)
