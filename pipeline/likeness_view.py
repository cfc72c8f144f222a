"""What a case may be a duplicate of, belongs with or campaigns with: register numbers only."""

from __future__ import annotations

from collections.abc import Sequence

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


def case_likeness(session: Session, case_id: int, *, least: int) -> LikenessView:
    """Return what a case is like; `least` letters make a campaign that is shown."""
    links = session.scalars(
        select(CaseLink)
        .where(or_(CaseLink.case_id == case_id, CaseLink.other_case_id == case_id))
        .order_by(CaseLink.decided_at.is_not(None), CaseLink.id)
    )
    joined = session.scalars(
        select(LetterSignatureRow.campaign_id)
        .join(Letter, Letter.id == LetterSignatureRow.letter_id)
        .where(Letter.case_id == case_id, LetterSignatureRow.campaign_id.is_not(None))
        .order_by(Letter.id)
    ).all()
    shown = campaigns(session, least=least, only=[c for c in joined if c is not None])
    return LikenessView(
        links=tuple(_link(session, link, case_id) for link in links),
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
    size = func.count(LetterSignatureRow.letter_id)
    query = (
        select(Campaign, size)
        .join(LetterSignatureRow, LetterSignatureRow.campaign_id == Campaign.id)
        .group_by(Campaign.id)
        .having(size >= least)
        .order_by(Campaign.id)
    )
    if only is not None:
        query = query.where(Campaign.id.in_(only))
    found = []
    for campaign, letters in session.execute(query).tuples():
        letter = session.get_one(Letter, campaign.first_letter_id)
        found.append(
            CampaignView(
                id=campaign.id,
                letters=letters,
                first_number=_number(letter),
                first_case_id=_open_case_id(session, letter.case_id),
            )
        )
    return tuple(found)


def open_links(session: Session) -> int:
    """Return how many links wait for a person."""
    query = select(func.count()).select_from(CaseLink).where(CaseLink.decided_at.is_(None))
    return session.scalar(query.where(CaseLink.confirmed_by.is_(None))) or 0


def _link(session: Session, link: CaseLink, case_id: int) -> LinkView:
    later = link.case_id == case_id
    other_id = link.other_case_id if later else link.case_id
    letter = _first_letter(session, other_id)
    return LinkView(
        id=link.id,
        kind=LinkKind(link.kind),
        # The reason names the other letter as it was seen from the later case.
        reason=link.reason if later else "",
        score=link.score,
        other_number=_number(letter),
        other_case_id=_open_case_id(session, other_id),
        later=later,
        decided_by=link.confirmed_by or link.declined_by,
        accepted=link.confirmed_by is not None,
    )


def _first_letter(session: Session, case_id: int) -> Letter:
    """Return the first letter of a case; of a merged one, of the case that has its letters."""
    query = select(Letter).order_by(Letter.id).limit(1)
    letter = session.scalars(query.where(Letter.case_id == case_id)).first()
    if letter is not None:
        return letter
    into = session.get_one(Case, case_id).duplicate_of_id
    return session.scalars(query.where(Letter.case_id == into)).one()


def _open_case_id(session: Session, case_id: int) -> int | None:
    return None if session.get_one(Case, case_id).restricted else case_id


def _number(letter: Letter) -> str:
    return str(RegisterNumber.of(letter))
