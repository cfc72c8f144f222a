"""Letters that may be one letter, suggested to a person; petitions of many senders, grouped.

Candidates share a band of their signatures or the sender's number and date; then the texts are
held against each other. Nothing is dropped, no number is spared, no state changes. Letters of
restricted cases are never compared, and a suggestion names register numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from correspondence.vocabulary import CaseState, LinkKind, ReadMethod
from registry.letter_comparison import Comparison, Likeness, compare_texts
from registry.letter_identity import (
    document_number,
    is_one_sender,
    may_be_one_agency,
    number_key,
)
from registry.letter_signature import SCHEME, LetterText, Signature, letter_text, sign_text
from registry.models import (
    Campaign,
    Case,
    CaseLink,
    Letter,
    LetterBand,
    LetterSignatureRow,
)
from registry.numbers import RegisterNumber

MOST_CANDIDATES = 40
MOST_LINKS = 5
_LEAST_RESEMBLANCE = 0.2
# Under one number, letters whose agencies cannot be compared must have something in common.
_NUMBER_FLOOR = 0.3


@dataclass(frozen=True, slots=True)
class LikenessLimits:
    """From how much alike (0 to 1) on letters are suggested as one, or grouped as a campaign."""

    duplicate: float
    campaign: float


@dataclass(frozen=True, slots=True)
class _Alike:
    letter: Letter
    comparison: Comparison
    same_number: bool


def relate_letter(
    session: Session, letter: Letter, *, own_pages: int, limits: LikenessLimits, at: datetime
) -> None:
    """Keep a new letter's signature and link it to what it is like, in the caller's transaction.

    Whoever calls waits in `queue_for_register` first, so that of two letters that come at once
    the second sees the first.

    Args:
        session: an open transaction.
        letter: the letter, flushed, with pages and fields.
        own_pages: how many of its first pages are the letter; the rest is what brought it.
        limits: the office's thresholds.
        at: the moment, aware.
    """
    text = _text(letter, own_pages)
    signature = sign_text(text)
    row = LetterSignatureRow(
        letter_id=letter.id,
        scheme=SCHEME,
        shingles=signature.shingles if signature else 0,
        packed=signature.pack() if signature else None,
        pages=own_pages,
        number_key=number_key(letter),
    )
    alike = _find_alike(session, letter, row, text, signature, limits)
    session.add(row)
    session.flush()
    if signature is not None:
        keys = sorted(set(signature.bands()))
        session.execute(insert(LetterBand), [{"key": key, "letter_id": letter.id} for key in keys])
    _link(session, letter, alike, limits, at)
    _group(session, letter, row, alike, limits, at)


def _find_alike(
    session: Session,
    letter: Letter,
    row: LetterSignatureRow,
    text: LetterText,
    signature: Signature | None,
    limits: LikenessLimits,
) -> list[_Alike]:
    floor = min(limits.duplicate, limits.campaign, _NUMBER_FLOOR)
    found: dict[int, _Alike] = {}
    for other, pages in _of_same_number(session, letter, row.number_key):
        one_agency = may_be_one_agency(letter, other)
        compared = compare_texts(text, _text(other, pages), floor=floor)
        if one_agency or (one_agency is None and compared.score >= _NUMBER_FLOOR):
            found[other.id] = _Alike(other, compared, same_number=True)
    if signature is not None:
        for other, pages in _of_same_bands(session, letter, signature):
            if other.id not in found:
                compared = compare_texts(text, _text(other, pages), floor=floor)
                found[other.id] = _Alike(other, compared, same_number=False)
    return sorted(found.values(), key=lambda alike: (-alike.comparison.score, alike.letter.id))


def _of_same_number(session: Session, letter: Letter, key: str | None) -> list[tuple[Letter, int]]:
    if key is None:
        return []
    query = _others(letter).where(LetterSignatureRow.number_key == key)
    rows = session.execute(query.order_by(Letter.id).limit(MOST_CANDIDATES)).tuples()
    return [(other, row.pages) for other, row in rows]


def _of_same_bands(
    session: Session, letter: Letter, signature: Signature
) -> list[tuple[Letter, int]]:
    shared = (
        select(LetterBand.letter_id)
        .where(LetterBand.key.in_(signature.bands()))
        .group_by(LetterBand.letter_id)
        .order_by(func.count().desc(), LetterBand.letter_id)
        .limit(MOST_CANDIDATES)
    )
    ids = session.scalars(shared).all()
    query = _others(letter).where(Letter.id.in_(ids), LetterSignatureRow.scheme == SCHEME)
    found = []
    for other, row in session.execute(query.order_by(Letter.id)).tuples():
        if row.packed is None:
            continue
        theirs = Signature.unpack(row.packed, row.shingles)
        if signature.resemblance(theirs) >= _LEAST_RESEMBLANCE:
            found.append((other, row.pages))
    return found


def _others(letter: Letter) -> Select[tuple[Letter, LetterSignatureRow]]:
    """Return the query of letters that this one may be compared with at all."""
    return (
        select(Letter, LetterSignatureRow)
        .join(LetterSignatureRow, LetterSignatureRow.letter_id == Letter.id)
        .join(Case, Case.id == Letter.case_id)
        .where(
            Letter.case_id != letter.case_id,
            Case.restricted.is_(False),
            Case.state != CaseState.VOIDED.value,
        )
    )


def _text(letter: Letter, own_pages: int) -> LetterText:
    pages = letter.pages[:own_pages]
    recognised = any(page.method == ReadMethod.OCR.value for page in pages)
    return letter_text([page.text for page in pages], recognised=recognised)


def _link(
    session: Session, letter: Letter, alike: list[_Alike], limits: LikenessLimits, at: datetime
) -> None:
    linked = {
        *session.scalars(select(CaseLink.other_case_id).where(CaseLink.case_id == letter.case_id)),
        *session.scalars(select(CaseLink.case_id).where(CaseLink.other_case_id == letter.case_id)),
    }
    made = 0
    for other in sorted(alike, key=lambda one: not one.same_number):
        kind = _link_kind(letter, other, limits)
        if kind is None or other.letter.case_id in linked or made >= MOST_LINKS:
            continue
        linked.add(other.letter.case_id)
        made += 1
        session.add(
            CaseLink(
                case_id=letter.case_id,
                other_case_id=other.letter.case_id,
                kind=kind.value,
                reason=_reason(other, kind),
                created_at=at,
                score=round(other.comparison.score, 3),
            )
        )


def _link_kind(letter: Letter, other: _Alike, limits: LikenessLimits) -> LinkKind | None:
    if other.same_number:
        return LinkKind.PERHAPS_DUPLICATE
    compared = other.comparison
    if compared.likeness is not Likeness.SAME or compared.score < limits.duplicate:
        return None
    if _is_of_another(letter, other):
        return None
    numbers = {document_number(letter), document_number(other.letter)}
    # One text under two numbers: a reminder or a form, to be read together, not one letter.
    return LinkKind.PERHAPS_RELATED if len(numbers - {""}) == 2 else LinkKind.PERHAPS_DUPLICATE


def _reason(other: _Alike, kind: LinkKind) -> str:
    number = RegisterNumber.of(other.letter)
    share = f"ข้อความตรงกัน {other.comparison.score:.0%}"
    if other.same_number:
        return f"เลขที่และวันที่ของหนังสือตรงกับเลขรับ {number} ({share})"
    if kind is LinkKind.PERHAPS_RELATED:
        return f"{share} กับเลขรับ {number} แต่เลขที่หนังสือต่างกัน"
    return f"{share} กับเลขรับ {number}"


def _is_of_another(letter: Letter, other: _Alike) -> bool:
    """Tell whether the other letter is of another sender: a name in it, or its address."""
    one_sender = is_one_sender(letter, other.letter)
    if one_sender is None:
        return other.comparison.likeness is Likeness.FORM
    return not one_sender


def _group(
    session: Session,
    letter: Letter,
    row: LetterSignatureRow,
    alike: list[_Alike],
    limits: LikenessLimits,
    at: datetime,
) -> None:
    """Put a petition into the campaign of those that say the same over other names."""
    if document_number(letter):
        return
    fellows = [
        other.letter.id
        for other in alike
        if other.comparison.score >= limits.campaign
        and not other.same_number
        and not document_number(other.letter)
        and _is_of_another(letter, other)
    ]
    if not fellows:
        return
    rows = session.scalars(
        select(LetterSignatureRow)
        .where(LetterSignatureRow.letter_id.in_(fellows))
        .order_by(LetterSignatureRow.campaign_id, LetterSignatureRow.letter_id)
    ).all()
    grouped = [fellow.campaign_id for fellow in rows if fellow.campaign_id is not None]
    if grouped:
        row.campaign_id = min(grouped)
        return
    first = min(rows, key=lambda fellow: fellow.letter_id)
    campaign = Campaign(first_letter_id=first.letter_id, created_at=at)
    session.add(campaign)
    session.flush()
    row.campaign_id = campaign.id
    for fellow in rows:
        fellow.campaign_id = campaign.id
