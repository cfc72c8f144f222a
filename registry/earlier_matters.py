"""เรื่องเดิม: earlier letters of the same matter, by reference, by sender and subject, by links.

Suggestions for a memo, not decisions: nothing is linked here. A restricted case is never named, nor
told of any other; beyond the own group only number, date and state are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from correspondence.thai_dates import BE_OFFSET, find_dates
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import CaseState, Secrecy
from registry.letter_identity import field_value, is_one_sender, may_be_one_agency, number_text
from registry.letter_signature import bare_text
from registry.models import Case, CaseLink, FieldRow, Letter, LetterSignatureRow
from registry.numbers import RegisterNumber

MOST_EARLIER = 5
_MOST_CANDIDATES = 60
_MOST_REFERENCES = 10
_LOOKED_BACK = timedelta(days=3 * 366)
# Of two subjects so much must be alike; ขอติดตาม … and (ครั้งที่ ๒) stay within it.
_ONE_SUBJECT = 85
_NUMBER = re.compile(
    r"(?:(?:[ก-ฮ]{1,4}\.?|[A-Z]{1,6})\s?(?:\([^()]{1,12}\)\s?)?)?\d[\d.]{0,12}(?:/|\s?/\s?)(?:ว\s?)?\d{1,7}"
)
_REGISTERED = re.compile(r"เลข(?:ทะเบียน)?รับ(?:ที่)?\s*(\d{1,7})/(\d{4})")


class WhyEarlier(StrEnum):
    """Why a letter is taken for an earlier one of the matter."""

    REFERENCE = "reference"
    SENDER_AND_SUBJECT = "sender_and_subject"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class EarlierLetter:
    """An earlier letter; `subject` is None where it belongs to another group's case."""

    register_number: str
    document_number: str | None
    document_date: date | None
    subject: str | None
    state: CaseState
    why: WhyEarlier


def earlier_letters(session: Session, case: Case, letter: Letter) -> tuple[EarlierLetter, ...]:
    """Return earlier letters of a letter's matter, oldest first, at most MOST_EARLIER.

    Args:
        session: an open transaction.
        case: the letter's case; a restricted one is told of nothing.
        letter: the letter the memo is about.
    """
    if case.restricted:
        return ()
    found: dict[int, tuple[Letter, WhyEarlier]] = {}
    ways = (
        (WhyEarlier.REFERENCE, _referred(session, letter)),
        (WhyEarlier.LINKED, _linked(session, case)),
        (WhyEarlier.SENDER_AND_SUBJECT, _of_one_sender(session, letter)),
    )
    for why, letters in ways:
        for other in letters:
            if other.id < letter.id and other.case_id != case.id:
                found.setdefault(other.id, (other, why))
    kept = []
    for other, why in found.values():
        theirs = session.get_one(Case, other.case_id)
        if _is_walled(theirs, other) or theirs.state == CaseState.VOIDED.value:
            continue
        kept.append((other, theirs, why))
        if len(kept) == MOST_EARLIER:
            break
    kept.sort(key=lambda entry: entry[0].id)
    return tuple(_told(other, theirs, why, case) for other, theirs, why in kept)


def _told(other: Letter, theirs: Case, why: WhyEarlier, case: Case) -> EarlierLetter:
    day = field_value(other, "document_date")
    same_group = theirs.group_id is not None and theirs.group_id == case.group_id
    return EarlierLetter(
        register_number=str(RegisterNumber.of(other)),
        document_number=field_value(other, "document_number"),
        document_date=_day(day),
        subject=field_value(other, "subject") if same_group else None,
        state=CaseState(theirs.state),
        why=why,
    )


def _is_walled(theirs: Case, other: Letter) -> bool:
    marked = field_value(other, "secrecy") not in (None, Secrecy.OPEN.value)
    return theirs.restricted or marked


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None


def _referred(session: Session, letter: Letter) -> list[Letter]:
    """Return the letters that อ้างถึง names, by their senders' numbers or by ours."""
    wanted: list[ColumnElement[bool]] = []
    texts = [row.value for row in letter.fields if row.name == "references" and row.value]
    for text in texts[:_MOST_REFERENCES]:
        folded = fold_digits(text[:400])
        days = [found.value for found in find_dates(folded) if found.value]
        if registered := _REGISTERED.search(folded):
            wanted.append(
                (Letter.register_number == int(registered[1]))
                & (Letter.register_year.in_((int(registered[2]), int(registered[2]) - BE_OFFSET)))
            )
        number = _NUMBER.search(folded)
        if number is None:
            continue
        key = number_text(number.group())
        matches = (
            LetterSignatureRow.number_key == f"{key}|{days[0].isoformat()}"
            if days
            else LetterSignatureRow.number_key.startswith(f"{key}|", autoescape=True)
        )
        wanted.append(
            Letter.id.in_(select(LetterSignatureRow.letter_id).where(matches).scalar_subquery())
        )
    return _letters(session, or_(*wanted)) if wanted else []


def _linked(session: Session, case: Case) -> list[Letter]:
    """Return the letters of cases linked to this one, unless a person declined the link."""
    ours = (CaseLink.case_id == case.id) | (CaseLink.other_case_id == case.id)
    links = session.scalars(select(CaseLink).where(ours, CaseLink.declined_by.is_(None)))
    ids = {
        link.other_case_id if link.case_id == case.id else link.case_id
        for link in links.fetchmany(_MOST_CANDIDATES)
    }
    return _letters(session, Letter.case_id.in_(ids)) if ids else []


def _of_one_sender(session: Session, letter: Letter) -> Iterable[Letter]:
    """Yield the newest letters of this sender whose subject is this letter's."""
    subject = bare_text(field_value(letter, "subject") or "")
    if not subject:
        return
    value = func.coalesce(FieldRow.person_value, FieldRow.machine_value)
    names = {field_value(letter, name) for name in ("agency", "signer")} - {None}
    ways: list[ColumnElement[bool]] = []
    if letter.sender_address:
        ways.append(func.lower(Letter.sender_address) == letter.sender_address.lower())
    if names:
        of_name = select(FieldRow.letter_id).where(
            FieldRow.name.in_(("agency", "signer")), value.in_(names)
        )
        ways.append(Letter.id.in_(of_name))
    if not ways:
        return
    recent = Letter.received_at >= letter.received_at - _LOOKED_BACK
    for other in _letters(session, or_(*ways) & recent & (Letter.id < letter.id)):
        one = is_one_sender(letter, other) or may_be_one_agency(letter, other)
        theirs = bare_text(field_value(other, "subject") or "")
        if one and theirs and fuzz.ratio(subject, theirs) >= _ONE_SUBJECT:
            yield other


def _letters(session: Session, wanted: ColumnElement[bool]) -> list[Letter]:
    query = select(Letter).where(wanted).order_by(Letter.id.desc()).limit(_MOST_CANDIDATES)
    return list(session.scalars(query))
