"""What a case may be a duplicate of, belongs with or campaigns with: register numbers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from correspondence.vocabulary import LinkKind
from registry.models import Campaign, Case, CaseLink, Letter, LetterSignatureRow
from registry.numbers import RegisterNumber


class LinkView(Frozen):
    """A suggested or decided link, seen from one of its two cases.

    `other_case_id` is None where the other case is restricted: its number is all that is shown.
    `score` is 0 to 1. `accepted` means nothing while `decided_by` is None. `later` tells that
    this case came after the other.
    """

    id: int
    kind: LinkKind
    reason: str
    score: float | None
    other_number: str
    other_case_id: int | None
    later: bool
    decided_by: str | None
    accepted: bool


class CampaignView(Frozen):
    """One petition from several senders: how many letters, and the first of them.

    `first_case_id` is None where that case is restricted.
    """

    id: int
    letters: int
    first_number: str
    first_case_id: int | None


class LikenessView(Frozen):
    """The links of a case, open ones first, and its campaign once it is large enough."""

    links: tuple[LinkView, ...] = ()
    campaign: CampaignView | None = None


@dataclass(frozen=True, slots=True)
class _Other:
    """The other case of a link: its number, and its id where it may be shown."""

    number: str
    shown_id: int | None


def case_likeness(session: Session, case_id: int, *, least: int) -> LikenessView:
    """Return what a case is like; `least` letters make a campaign that is shown."""
    links = session.scalars(
        select(CaseLink)
        .where(or_(CaseLink.case_id == case_id, CaseLink.other_case_id == case_id))
        .order_by(CaseLink.decided_at.is_not(None), CaseLink.id)
    ).all()
    others = _others(session, {_other_id(link, case_id) for link in links})
    joined = session.scalars(
        select(LetterSignatureRow.campaign_id)
        .join(Letter, Letter.id == LetterSignatureRow.letter_id)
        .where(Letter.case_id == case_id, LetterSignatureRow.campaign_id.is_not(None))
        .order_by(Letter.id)
    ).all()
    shown = campaigns(session, least=least, only=[c for c in joined if c is not None])
    return LikenessView(
        links=tuple(_link(link, case_id, others) for link in links),
        campaign=shown[0] if shown else None,
    )


def campaigns(
    session: Session, *, least: int, only: Sequence[int] | None = None
) -> tuple[CampaignView, ...]:
    """Return the campaigns of at least `least` letters, the first begun first.

    Args:
        session: an open transaction.
        least: how many letters make one.
        only: ids of campaigns, None for all.
    """
    if only is not None and not only:
        return ()
    size = func.count(LetterSignatureRow.letter_id)
    query = (
        select(Campaign.id, size, Letter, Case.restricted)
        .join(LetterSignatureRow, LetterSignatureRow.campaign_id == Campaign.id)
        .join(Letter, Letter.id == Campaign.first_letter_id)
        .join(Case, Case.id == Letter.case_id)
        .group_by(Campaign.id, Letter.id, Case.id)
        .having(size >= least)
        .order_by(Campaign.id)
    )
    if only is not None:
        query = query.where(Campaign.id.in_(only))
    return tuple(
        CampaignView(
            id=campaign_id,
            letters=letters,
            first_number=_number(letter),
            first_case_id=None if restricted else letter.case_id,
        )
        for campaign_id, letters, letter, restricted in session.execute(query).tuples()
    )


def open_links(session: Session) -> int:
    """Return how many links wait for a person."""
    query = select(func.count()).select_from(CaseLink).where(CaseLink.decided_at.is_(None))
    return session.scalar(query.where(CaseLink.confirmed_by.is_(None))) or 0


def _link(link: CaseLink, case_id: int, others: Mapping[int, _Other]) -> LinkView:
    later = link.case_id == case_id
    other = others[_other_id(link, case_id)]
    return LinkView(
        id=link.id,
        kind=LinkKind(link.kind),
        # The reason names the other letter as it was seen from the later case.
        reason=link.reason if later else "",
        score=link.score,
        other_number=other.number,
        other_case_id=other.shown_id,
        later=later,
        decided_by=link.confirmed_by or link.declined_by,
        accepted=link.confirmed_by is not None,
    )


def _other_id(link: CaseLink, case_id: int) -> int:
    return link.other_case_id if link.case_id == case_id else link.case_id


def _others(session: Session, case_ids: Set[int]) -> dict[int, _Other]:
    """Return cases by id with one query a table, whatever their number."""
    if not case_ids:
        return {}
    # A merged case has no letter of its own any more: its first is the other case's first.
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids))).all()
    owners = case_ids | {case.duplicate_of_id for case in cases if case.duplicate_of_id}
    firsts = select(func.min(Letter.id)).where(Letter.case_id.in_(owners)).group_by(Letter.case_id)
    letters = {
        letter.case_id: letter
        for letter in session.scalars(select(Letter).where(Letter.id.in_(firsts)))
    }
    return {
        case.id: _Other(
            number=_number(letters.get(case.id) or letters[case.duplicate_of_id or case.id]),
            shown_id=None if case.restricted else case.id,
        )
        for case in cases
    }


def _number(letter: Letter) -> str:
    return str(RegisterNumber.of(letter))
