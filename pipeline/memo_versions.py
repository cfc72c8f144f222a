"""The versions of a case's memo: machine's and people's, and what changed between two of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused
from correspondence.reading import Frozen
from correspondence.vocabulary import MemoForm
from drafting.versions import LineChange, compare_lines, memo_lines
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_opening import open_case
from pipeline.permissions import OpenedCase
from pipeline.staff import staff_member
from registry.engine import open_snapshot
from registry.models import Case, Draft, Person


class MemoDifference(Frozen):
    """What changed from one version of a memo to another; `made_by` are names or `machine`."""

    case_id: int
    before: int
    after: int
    before_made_by: str
    after_made_by: str
    changes: tuple[LineChange, ...]


class MemoVersion(Frozen):
    """A version of a case's memo; `made_by` is a name or `machine`, `made_at` aware (UTC)."""

    version: int
    form: MemoForm
    template_version: str
    made_by: str
    made_at: datetime
    in_force: bool


class MemoComparison(Frozen):
    """JSON of `case memos`: the versions of a case's memo, and what changed between two of them.

    `difference` is None where there are not two versions to compare.
    """

    case_id: int
    versions: tuple[MemoVersion, ...]
    difference: MemoDifference | None


def memo_comparison(
    house: House, opened: OpenedCase, before: int | None = None, after: int | None = None
) -> MemoComparison:
    """Return a case's versions and the difference of two of them, for whoever has opened it.

    Args:
        house: the office's house.
        opened: the case, opened for the person by `pipeline.case_opening.open_case`.
        before: the earlier version; None takes the one before `after`.
        after: the later version; None takes the last.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it was opened as one that is not restricted.
        ActionRefused: the case has no such version.
        MemoUnreadable: one of them does not open.
    """
    with open_snapshot(house.sessions) as session:
        case = session.get(Case, opened.case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        if not opened.opens(case.id, restricted=case.restricted):
            raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
        query = select(Draft).where(Draft.case_id == case.id).order_by(Draft.version)
        versions = tuple(_told(draft) for draft in session.scalars(query))
        later = after if after is not None else (versions[-1].version if versions else None)
        earlier = before if before is not None else _before(versions, later)
        difference = None
        if earlier is not None and later is not None:
            difference = memo_difference(house, session, case, earlier, later)
    return MemoComparison(case_id=opened.case_id, versions=versions, difference=difference)


def compare_memos(
    house: House, case_id: int, by: str, before: int | None = None, after: int | None = None
) -> MemoComparison:
    """Return what `memo_comparison` does for a person named; looks are audited as the web's are.

    An office that has entered nobody yet is run by whoever may start the command; its restricted
    cases are shown to no one.

    Raises:
        CaseUnknown, CaseRestricted, CaseRefused: as `open_case` says.
        ActionRefused: nobody of that name is in office, or the case has no such version.
        MemoUnreadable: one of them does not open.
    """
    with open_snapshot(house.sessions) as session:
        staffed = session.scalar(select(func.count(Person.id)))
        person = staff_member(session, by.strip(), bangkok_day(house.clock()))
    if not staffed:
        return memo_comparison(house, OpenedCase(case_id, by, restricted=False), before, after)
    if person is None:
        raise ActionRefused("Nobody of that name is in office.", thai="ไม่พบผู้ใช้ชื่อนี้")
    opened = open_case(house, case_id, person, "memo_versions")
    return memo_comparison(house, opened, before, after)


def memo_difference(
    house: House, session: Session, case: Case, before: int, after: int
) -> MemoDifference:
    """Return the difference of two versions of a case's memo as data.

    Whether the reader may see the case is the caller's to know.

    Raises:
        ActionRefused: the case has no such version.
        MemoUnreadable: one of them does not open.
    """
    first, second = (_version(session, case, number) for number in (before, after))
    lines = [memo_lines(house.blobs.get(draft.sha256)) for draft in (first, second)]
    return MemoDifference(
        case_id=case.id,
        before=before,
        after=after,
        before_made_by=first.made_by,
        after_made_by=second.made_by,
        changes=compare_lines(*lines),
    )


def _told(draft: Draft) -> MemoVersion:
    return MemoVersion(
        version=draft.version,
        form=MemoForm(draft.form),
        template_version=draft.template_version,
        made_by=draft.made_by,
        made_at=draft.made_at,
        in_force=draft.superseded_at is None,
    )


def _before(versions: tuple[MemoVersion, ...], later: int | None) -> int | None:
    numbers = [told.version for told in versions if later is not None and told.version < later]
    return numbers[-1] if numbers else None


def _version(session: Session, case: Case, number: int) -> Draft:
    draft = session.scalar(select(Draft).where(Draft.case_id == case.id, Draft.version == number))
    if draft is None:
        raise ActionRefused("The case has no such version.", thai="ไม่มีบันทึกฉบับนี้")
    return draft
