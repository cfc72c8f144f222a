"""What review leaves of the machine's memos: the figures of a period, and the cases behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from correspondence.states import Action
from drafting.versions import MemoUnreadable, SentenceFate, memo_lines, sentence_fates
from pipeline.bootstrap import House
from pipeline.register_numbers import first_numbers
from registry.case_history import withheld_cases
from registry.casework import MACHINE_DRAFT
from registry.engine import open_snapshot
from registry.models import AuditEvent, Case, Draft
from reports.kpi_period import Period
from reports.memo_quality import MemoFigure, MemoQuality
from reports.shares import percent_of

_APPROVED = (Action.APPROVE.value, Action.APPROVE_WITH_EDITS.value)
_SENT_BACK = {
    Action.RETURN_DRAFT.value: MemoFigure.RETURNED,
    Action.REJECT.value: MemoFigure.REJECTED,
}


class MemoCase(Frozen):
    """A case behind a figure of memos; only its id where it tells nothing else (`withheld`)."""

    case_id: int
    withheld: bool = False
    register_number: str | None = None
    kept: int | None = None
    edited: int | None = None
    dropped: int | None = None


class MemoList(Frozen):
    """JSON of `kpi --memos --list`: the cases behind one figure, by id."""

    figure: MemoFigure
    number: int
    cases: tuple[MemoCase, ...]


@dataclass(frozen=True, slots=True)
class _Memo:
    case_id: int
    sentences: tuple[str, ...]
    sha256: str
    figure: MemoFigure


@dataclass(slots=True)
class _Reviewed:
    lists: dict[MemoFigure, list[int]] = field(default_factory=lambda: defaultdict(list))
    fates: dict[int, tuple[SentenceFate, ...]] = field(default_factory=dict)


def memo_quality(house: House, period: Period) -> MemoQuality:
    """Return how much of the machine's memos outlived the review of a period."""
    found = _reviewed(house, period)
    fates = [fate for memo in found.fates.values() for fate in memo]
    kept, edited = fates.count(SentenceFate.KEPT), fates.count(SentenceFate.EDITED)
    lengths = {figure.value: len(found.lists[figure]) for figure in MemoFigure}
    return MemoQuality(
        first=period.first,
        last=period.last,
        **lengths,
        memos=len(found.fates),
        untouched=sum(set(memo) == {SentenceFate.KEPT} for memo in found.fates.values()),
        kept=kept,
        edited=edited,
        dropped=len(fates) - kept - edited,
        kept_percent=percent_of(kept, len(fates)),
        survived_percent=percent_of(kept + edited, len(fates)),
    )


def memo_quality_list(house: House, period: Period, figure: str) -> MemoList:
    """Return the cases behind one figure, with what became of the sentences of each.

    Whether the reader may see the figures is the caller's to know.

    Raises:
        UsageFault: there is no figure of that name.
    """
    if figure not in list(MemoFigure):
        raise UsageFault(
            "There is no figure of memos of that name.",
            thai="ไม่มีตัวเลขชื่อนี้",
            remedy=f"Write one of {', '.join(MemoFigure)}.",
        )
    wanted = MemoFigure(figure)
    found = _reviewed(house, period)
    ids = sorted(found.lists[wanted])
    with open_snapshot(house.sessions) as session:
        withheld = withheld_cases(session, ids)
        numbers = first_numbers(session, [case_id for case_id in ids if case_id not in withheld])
    return MemoList(
        figure=wanted,
        number=len(ids),
        cases=tuple(
            MemoCase(case_id=case_id, withheld=True)
            if case_id in withheld
            else _shown(case_id, numbers.get(case_id), found.fates.get(case_id))
            for case_id in ids
        ),
    )


def _shown(case_id: int, number: str | None, fates: tuple[SentenceFate, ...] | None) -> MemoCase:
    if fates is None:
        return MemoCase(case_id=case_id, register_number=number)
    return MemoCase(
        case_id=case_id,
        register_number=number,
        kept=fates.count(SentenceFate.KEPT),
        edited=fates.count(SentenceFate.EDITED),
        dropped=fates.count(SentenceFate.DROPPED),
    )


def memo_decisions(
    session: Session, period: Period, *, group: str | None = None
) -> dict[MemoFigure, list[int]]:
    """Return the cases behind each figure but `unreadable`, ascending; no memo is opened.

    Args:
        session: an open transaction.
        period: in which reviews decided.
        group: only cases that this group has now; None for all.
    """
    memos, sent_back = _decided(session, period, group)
    found: dict[MemoFigure, list[int]] = {
        figure: sorted(memo.case_id for memo in memos if memo.figure is figure)
        for figure in (MemoFigure.ACCEPTED_UNCHANGED, MemoFigure.ACCEPTED_EDITED)
    }
    return found | sent_back


def _reviewed(house: House, period: Period) -> _Reviewed:
    found = _Reviewed()
    with open_snapshot(house.sessions) as session:
        memos, sent_back = _decided(session, period)
    for figure, case_ids in sent_back.items():
        found.lists[figure] += case_ids
    for memo in memos:
        found.lists[memo.figure].append(memo.case_id)
        try:
            if not memo.sentences:
                raise MemoUnreadable("The draft names no sentence.")
            final = memo_lines(house.blobs.get(memo.sha256))
            found.fates[memo.case_id] = sentence_fates(memo.sentences, final)
        except MemoUnreadable:
            found.lists[MemoFigure.UNREADABLE].append(memo.case_id)
    return found


def _decided(
    session: Session, period: Period, group: str | None = None
) -> tuple[list[_Memo], dict[MemoFigure, list[int]]]:
    """Return the machine's memos approved in a period, and the cases of those sent back."""
    begin, end = period.bounds()
    of_group = select(Case.id).where(Case.group_id == group)
    decided = (
        AuditEvent.action.in_((*_APPROVED, *_SENT_BACK)),
        AuditEvent.at >= begin,
        AuditEvent.at < end,
        AuditEvent.case_id.is_not(None),
        AuditEvent.case_id.in_(of_group) if group is not None else true(),
    )
    events = session.execute(
        select(AuditEvent.case_id, AuditEvent.action, AuditEvent.after)
        .where(*decided)
        .order_by(AuditEvent.id)
    ).all()
    # The last approval of a case counts; the event names the version approved.
    approved = {
        case_id: after.get("draft_version")
        for case_id, action, after in events
        if action in _APPROVED
    }
    back = {
        figure: sorted({case_id for case_id, done, _ in events if done == action})
        for action, figure in _SENT_BACK.items()
    }
    memos: list[_Memo] = []
    cases = select(AuditEvent.case_id).where(*decided, AuditEvent.action.in_(_APPROVED))
    for case_id, drafts in _drafts(session, cases).items():
        upto = approved[case_id]
        seen = [d for d in drafts if upto is None or d.version <= upto]
        made = [draft for draft in seen if draft.made_by == MACHINE_DRAFT]
        if made:
            own = seen[-1].made_by == MACHINE_DRAFT
            memos.append(
                _Memo(
                    case_id,
                    tuple(str(entry["text"]) for entry in made[-1].sentences),
                    seen[-1].sha256,
                    MemoFigure.ACCEPTED_UNCHANGED if own else MemoFigure.ACCEPTED_EDITED,
                )
            )
    return memos, back


def _drafts(session: Session, cases: Select[tuple[int | None]]) -> dict[int, list[Draft]]:
    # One statement however many there are: they are asked by what chose them, not by their ids.
    found: dict[int, list[Draft]] = defaultdict(list)
    query = select(Draft).where(Draft.case_id.in_(cases)).order_by(Draft.case_id, Draft.version)
    for draft in session.scalars(query):
        found[draft.case_id].append(draft)
    return found
