"""The versions of a case's memo: machine's and people's, their difference, what review kept."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK
from correspondence.errors import ActionRefused
from correspondence.reading import Frozen
from correspondence.states import Action
from drafting.versions import (
    LineChange,
    MemoUnreadable,
    SentenceFate,
    compare_lines,
    memo_lines,
    sentence_fates,
)
from pipeline.bootstrap import House
from registry.casework import MACHINE_DRAFT
from registry.models import AuditEvent, Case, Draft

_APPROVED = (Action.APPROVE.value, Action.APPROVE_WITH_EDITS.value)


class MemoDifference(Frozen):
    """What changed from one version of a memo to another; `made_by` are names or `machine`."""

    case_id: int
    before: int
    after: int
    before_made_by: str
    after_made_by: str
    changes: tuple[LineChange, ...]


class MemoQuality(Frozen):
    """Of the sentences the machine drafted, how many outlived the review of one month.

    Counted over memos approved in the month (Asia/Bangkok), each against the machine's last
    version before the approval. `memos` are those compared, `untouched` those whose every
    sentence was kept, `unreadable` those whose file does not open or whose drafts name no
    sentence. Shares are 0 to 100, None where nothing was compared.
    """

    year: int
    month: int
    memos: int
    untouched: int
    unreadable: int
    kept: int
    edited: int
    dropped: int
    kept_percent: float | None
    survived_percent: float | None


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


def memo_quality(house: House, year: int, month: int) -> MemoQuality:
    """Return how much of the machine's memos outlived the review of a month (CE year)."""
    fates: list[SentenceFate] = []
    memos = untouched = unreadable = 0
    with house.sessions.begin() as session:
        pairs = _reviewed(session, year, month)
    for sentences, sha256 in pairs:
        if not sentences:
            unreadable += 1
            continue
        try:
            of_memo = sentence_fates(sentences, memo_lines(house.blobs.get(sha256)))
        except MemoUnreadable:
            unreadable += 1
            continue
        memos += 1
        untouched += all(fate is SentenceFate.KEPT for fate in of_memo)
        fates += of_memo
    kept, edited = fates.count(SentenceFate.KEPT), fates.count(SentenceFate.EDITED)
    return MemoQuality(
        year=year,
        month=month,
        memos=memos,
        untouched=untouched,
        unreadable=unreadable,
        kept=kept,
        edited=edited,
        dropped=len(fates) - kept - edited,
        kept_percent=_percent(kept, len(fates)),
        survived_percent=_percent(kept + edited, len(fates)),
    )


def _reviewed(session: Session, year: int, month: int) -> list[tuple[tuple[str, ...], str]]:
    """Return the machine's sentences and the final file of each memo approved in a month."""
    first = datetime.combine(date(year, month, 1), time.min, BANGKOK)
    last = datetime.combine(
        (date(year, month, 1) + timedelta(days=32)).replace(day=1), time.min, BANGKOK
    )
    events = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.action.in_(_APPROVED), AuditEvent.at >= first, AuditEvent.at < last,
            AuditEvent.case_id.is_not(None),
        )
        .order_by(AuditEvent.id)
    ).all()  # fmt: skip
    # A case approved twice in a month counts once, with its last approval.
    approved = {event.case_id: event.at for event in events if event.case_id is not None}
    pairs = []
    for case_id, at in approved.items():
        query = select(Draft).where(Draft.case_id == case_id, Draft.made_at <= at)
        drafts = session.scalars(query.order_by(Draft.version)).all()
        made = [draft for draft in drafts if draft.made_by == MACHINE_DRAFT]
        if made:
            sentences = tuple(str(entry["text"]) for entry in made[-1].sentences)
            pairs.append((sentences, drafts[-1].sha256))
    return pairs


def _version(session: Session, case: Case, number: int) -> Draft:
    draft = session.scalar(select(Draft).where(Draft.case_id == case.id, Draft.version == number))
    if draft is None:
        raise ActionRefused("The case has no such version.", thai="ไม่มีบันทึกฉบับนี้")
    return draft


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
