"""Triage, one letter at a time: what it is about in short, the machine's guesses, its campaign."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel, LinkKind
from pipeline.bootstrap import House
from pipeline.desk_counts import in_triage
from pipeline.work_scope import first_letter
from registry.casework import MODEL
from registry.engine import open_snapshot
from registry.models import (
    Case,
    CaseLink,
    ClassificationRow,
    FieldRow,
    Letter,
    LetterSignatureRow,
    PageTextRow,
)
from registry.numbers import RegisterNumber

LONGEST_SHOWN: Final = 400
GUESSES: Final = 2
MOST_FELLOWS: Final = 400
MOST_LINKS: Final = 5
_SHOWN = ("subject", "agency", "requested_action", "signer")
_WITH_LETTER = select(Case, Letter).join(Letter, first_letter())
_RANK = {"most_urgent": 0, "very_urgent": 1, "urgent": 2}


class Guess(Frozen):
    """What the model holds likely, 0 to 1; the sub-category only of its first guess."""

    category: Category
    subcategory: str | None
    probability: float


class Fellow(Frozen):
    """Another letter of the same petition in triage, as it stands."""

    case_id: int
    version: int


class OpenLink(Frozen):
    """A suggested link to another case; its id is None where that is restricted.

    `score` is 0 to 1; `later` tells that the letter shown came after the other.
    """

    id: int
    kind: LinkKind
    score: float | None
    later: bool
    other_number: str
    other_case_id: int | None


class TriageLetter(Frozen):
    """A letter that waits for its category.

    Attributes:
        asked: what it asks for, or how it begins (`begins`); at most LONGEST_SHOWN characters.
        guesses: the model's best, the likeliest first.
        links: suggestions that wait for a person, MOST_LINKS at once.
        fellows: other letters of the same petition in triage.
    """

    case_id: int
    version: int
    register_number: str
    received_at: datetime
    channel: Channel
    kind: str
    subject: str | None
    sender: str | None
    agency: str | None
    asked: str
    begins: bool
    urgency: str
    due_date: date | None
    guesses: tuple[Guess, ...]
    links: tuple[OpenLink, ...]
    fellows: tuple[Fellow, ...]


class TriagePage(Frozen):
    """The next letter, None where none is left; `left` counts all, skipped ones too."""

    letter: TriageLetter | None
    left: int


def triage_page(
    house: House, *, first: int | None = None, skipped: Collection[int] = ()
) -> TriagePage:
    """Return the next letter in triage: the most urgent, then the nearest due date.

    The caller knows that the person may choose categories. Restricted cases are never shown.

    Args:
        house: the office's house.
        first: id of the case to show, if it still waits.
        skipped: ids of cases to pass over.
    """
    with open_snapshot(house.sessions) as session:
        left = session.scalar(select(func.count(Case.id)).where(*in_triage())) or 0
        query = _queue().limit(1)
        case_id = session.scalar(query.where(Case.id == first)) if first else None
        if case_id is None:
            case_id = session.scalar(query.where(Case.id.not_in(sorted(skipped))))
        found = session.execute(_WITH_LETTER.where(Case.id == case_id)).first()
        letter = _letter(session, *found) if found is not None else None
    return TriagePage(letter=letter, left=left)


def _queue() -> Select[tuple[int]]:
    return (
        select(Case.id)
        .where(*in_triage())
        .order_by(
            case(_RANK, value=Case.urgency, else_=len(_RANK)),
            case((Case.due_date.is_(None), 1), else_=0),
            Case.due_date,
            Case.id,
        )
    )


def _letter(session: Session, found: Case, letter: Letter) -> TriageLetter:
    fields = _fields(session, letter.id)
    asked = " ".join(fields["requested_action"])[:LONGEST_SHOWN]
    begins = not asked
    return TriageLetter(
        case_id=found.id,
        version=found.version,
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        channel=Channel(letter.channel),
        kind=letter.kind,
        subject=next(iter(fields["subject"]), None),
        sender=letter.sender_name or next(iter(fields["signer"]), None) or letter.sender_address,
        agency=next(iter(fields["agency"]), None),
        asked=_beginning(session, letter.id) if begins else asked,
        begins=begins,
        urgency=found.urgency,
        due_date=found.due_date,
        guesses=_guesses(session, found.id),
        links=_links(session, found.id),
        fellows=_fellows(session, found.id),
    )


def _fields(session: Session, letter_id: int) -> dict[str, list[str]]:
    value = case(
        (FieldRow.corrected_at.is_not(None), FieldRow.person_value), else_=FieldRow.machine_value
    )
    rows = session.execute(
        select(FieldRow.name, func.substr(value, 1, LONGEST_SHOWN))
        .where(FieldRow.letter_id == letter_id, FieldRow.name.in_(_SHOWN), value.is_not(None))
        .order_by(FieldRow.name, FieldRow.position)
    )
    found: dict[str, list[str]] = {name: [] for name in _SHOWN}
    for name, text in rows:
        found[name].append(text)
    return found


def _beginning(session: Session, letter_id: int) -> str:
    """Return how the letter begins; the rest of its text is not loaded."""
    text = session.scalar(
        select(func.substr(PageTextRow.text, 1, LONGEST_SHOWN))
        .where(PageTextRow.letter_id == letter_id)
        .order_by(PageTextRow.id)
        .limit(1)
    )
    return (text or "").strip()


def _guesses(session: Session, case_id: int) -> tuple[Guess, ...]:
    row = session.scalars(
        select(ClassificationRow)
        .where(ClassificationRow.case_id == case_id, ClassificationRow.decided_by == MODEL)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return ()
    known = set(Category)
    ranked = sorted(
        ((name, float(share)) for name, share in row.probabilities.items() if name in known),
        key=lambda entry: -entry[1],
    )
    return tuple(
        Guess(
            category=Category(name),
            subcategory=row.subcategory if name == row.category else None,
            probability=share,
        )
        for name, share in ranked[:GUESSES]
    )


def _links(session: Session, case_id: int) -> tuple[OpenLink, ...]:
    later = CaseLink.case_id == case_id
    other_id = case((later, CaseLink.other_case_id), else_=CaseLink.case_id)
    rows = session.execute(
        select(CaseLink, Case.id, Case.restricted, Letter)
        .join(Case, Case.id == other_id)
        .join(Letter, first_letter())
        .where(or_(later, CaseLink.other_case_id == case_id), CaseLink.decided_at.is_(None))
        .order_by(CaseLink.id)
        .limit(MOST_LINKS)
    ).tuples()
    return tuple(
        OpenLink(
            id=link.id,
            kind=LinkKind(link.kind),
            score=link.score,
            later=link.case_id == case_id,
            other_number=str(RegisterNumber.of(letter)),
            other_case_id=None if restricted else other,
        )
        for link, other, restricted, letter in rows
    )


def _fellows(session: Session, case_id: int) -> tuple[Fellow, ...]:
    """Return the other cases in triage with a letter of the same campaign."""
    own = (
        select(LetterSignatureRow.campaign_id)
        .join(Letter, Letter.id == LetterSignatureRow.letter_id)
        .where(Letter.case_id == case_id, LetterSignatureRow.campaign_id.is_not(None))
    )
    rows = session.execute(
        select(Case.id, Case.version)
        .join(Letter, Letter.case_id == Case.id)
        .join(LetterSignatureRow, LetterSignatureRow.letter_id == Letter.id)
        .where(*in_triage(), Case.id != case_id, LetterSignatureRow.campaign_id.in_(own))
        .distinct()
        .order_by(Case.id)
        .limit(MOST_FELLOWS)
    )
    return tuple(Fellow(case_id=found, version=version) for found, version in rows)
