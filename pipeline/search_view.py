"""Search the register: what a person may open, the best first, with a marked piece of the text.

A restricted case is found by whoever may open it and by nobody else, and shows no text. The text
of a letter is loaded only for the hits of the page that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy import case as case_when
from sqlalchemy.orm import Session, aliased

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Role, Secrecy
from pipeline.bootstrap import House
from pipeline.permissions import WHOLE_REGISTER, RegisterScope, register_scope
from pipeline.staff import GRADES, StaffMember
from registry.engine import open_snapshot
from registry.models import Case, FieldRow, Letter, PageTextRow
from registry.numbers import RegisterNumber
from registry.search import find_letters
from registry.search_backfill import has_missing, index_missing
from registry.search_marks import MarkedPiece, mark_head, mark_text
from registry.search_query import SearchQuery, read_query
from registry.search_words import MAX_TEXT

PAGE_SIZE: Final = 20
_SUBJECT = 160
_SHOWN = ("subject", "agency", "document_number", "signer")
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What a person may find: the cases they may open, restricted ones up to a grade."""

    register: RegisterScope
    clearance: Secrecy = Secrecy.OPEN


class FoundLetter(Frozen):
    """One hit; `subject`, `sender` and `snippet` are empty for a restricted case."""

    case_id: int
    register_number: str
    received_at: datetime
    restricted: bool
    category: Category | None
    group: str | None
    state: CaseState
    due_date: date | None
    subject: tuple[MarkedPiece, ...] = ()
    sender: tuple[MarkedPiece, ...] = ()
    document_number: tuple[MarkedPiece, ...] = ()
    snippet: tuple[MarkedPiece, ...] = ()


class SearchPage(Frozen):
    """JSON of `find`: a page of hits; `more` tells that there are more than `total`.

    `asked` is False where the query has no letter and no digit.
    """

    asked: bool
    hits: tuple[FoundLetter, ...]
    total: int
    more: bool
    number: int
    pages: int


# The command line, as the operator of the whole house; restricted cases stay out.
WHOLE_SEARCH: Final = SearchScope(WHOLE_REGISTER)


def search_scope(staff: StaffMember) -> SearchScope:
    """Return what a person may find."""
    clearance = staff.clearance if staff.holds(Role.SECRET_REGISTRAR) else Secrecy.OPEN
    return SearchScope(register_scope(staff), clearance)


def search_letters(
    house: House, text: str, number: int = 1, *, scope: SearchScope = WHOLE_SEARCH
) -> SearchPage:
    """Return a page of the letters that a query means; a number past the end gives the last page.

    Args:
        house: the office's house.
        text: what was typed, whatever it is.
        number: the page, from 1.
        scope: what whoever asks may open.
    """
    query = read_query(text)
    if not query:
        return SearchPage(asked=False, hits=(), total=0, more=False, number=1, pages=1)
    with open_snapshot(house.sessions) as session:
        found = find_letters(session, query, openable(scope))
        pages = max(1, -(-len(found.letter_ids) // PAGE_SIZE))
        number = min(max(number, 1), pages)
        shown = found.letter_ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        hits = _hits(session, shown, query)
    return SearchPage(
        asked=True,
        hits=hits,
        total=len(found.letter_ids),
        more=found.more,
        number=number,
        pages=pages,
    )


def index_letters_missing(house: House) -> int:
    """Index every letter that is not in the index yet; returns how many there were."""
    done = 0
    while True:
        with house.sessions.begin() as session:
            made = index_missing(session, _AT_ONCE)
        done += made
        if made == 0:
            return done


def tend_index(house: House) -> int:
    """Index some letters that are not in the index yet, as one step of a pass; how many."""
    with open_snapshot(house.sessions) as session:
        if not has_missing(session):
            return 0
    with house.sessions.begin() as session:
        return index_missing(session, _AT_ONCE)


def openable(scope: SearchScope) -> ColumnElement[bool]:
    """Return the condition of the cases that a scope opens; none where it opens nothing."""
    register = scope.register
    seen: list[ColumnElement[bool]] = [false()]
    if register.every_case:
        seen.append(Case.id.is_not(None))
    if register.groups:
        seen.append(Case.group_id.in_(sorted(register.groups)))
    if register.unassigned:
        seen.append(Case.group_id.is_(None))
    if register.states:
        seen.append(Case.state.in_(sorted(state.value for state in register.states)))
    plain = and_(Case.restricted.is_(False), or_(*seen))
    if not register.restricted or scope.clearance is Secrecy.OPEN:
        return plain
    above = [grade.value for grade in GRADES[GRADES.index(scope.clearance) + 1 :]]
    theirs, field = aliased(Letter), aliased(FieldRow)
    value = case_when(
        (field.corrected_at.is_not(None), field.person_value), else_=field.machine_value
    )
    marked = exists(
        select(field.id)
        .join(theirs, theirs.id == field.letter_id)
        .where(theirs.case_id == Case.id, field.name == "secrecy", value.in_(above))
    )
    return or_(plain, and_(Case.restricted.is_(True), ~marked))


def _hits(
    session: Session, letter_ids: Sequence[int], query: SearchQuery
) -> tuple[FoundLetter, ...]:
    rows = {
        letter.id: (letter, case)
        for letter, case in session.execute(
            select(Letter, Case)
            .join(Case, Case.id == Letter.case_id)
            .where(Letter.id.in_(letter_ids))
        ).tuples()
    }
    told = [letter_id for letter_id, (_, case) in rows.items() if not case.restricted]
    fields: dict[int, dict[str, str]] = {letter_id: {} for letter_id in told}
    for row in session.scalars(
        select(FieldRow).where(
            FieldRow.letter_id.in_(told), FieldRow.name.in_(_SHOWN), FieldRow.position == 0
        )
    ):
        if row.value:
            fields[row.letter_id][row.name] = row.value
    bodies: dict[int, list[str]] = {letter_id: [] for letter_id in told}
    pages = (
        select(PageTextRow.letter_id, func.substr(PageTextRow.text, 1, MAX_TEXT))
        .where(PageTextRow.letter_id.in_(told))
        .order_by(PageTextRow.letter_id, PageTextRow.id)
    )
    for letter_id, page in session.execute(pages).tuples():
        bodies[letter_id].append(page)
    return tuple(
        _hit(*rows[letter_id], fields.get(letter_id), bodies.get(letter_id, []), query)
        for letter_id in letter_ids
        if letter_id in rows
    )


def _hit(
    letter: Letter,
    case: Case,
    fields: dict[str, str] | None,
    pages: Sequence[str],
    query: SearchQuery,
) -> FoundLetter:
    hit = FoundLetter(
        case_id=case.id,
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        restricted=case.restricted,
        category=Category(case.category) if case.category else None,
        group=case.group_id,
        state=CaseState(case.state),
        due_date=case.due_date,
    )
    # A void letter says nothing any more; only its number is found.
    if fields is None or case.state == CaseState.VOIDED.value:
        return hit
    sender = fields.get("agency") or fields.get("signer") or letter.sender_name or ""
    return hit.model_copy(
        update={
            "subject": mark_head(fields.get("subject", ""), query, _SUBJECT),
            "sender": mark_head(sender, query, _SUBJECT),
            "document_number": mark_head(fields.get("document_number", ""), query, _SUBJECT),
            "snippet": mark_text("\n".join(pages)[:MAX_TEXT], query),
        }
    )
