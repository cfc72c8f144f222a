"""Find letters by words, names and numbers, the best first, among those that somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from registry.models import Case, Letter, LetterSearchRow
from registry.search_query import SearchQuery

# Of more letters than these the newest are ranked and the others are not told.
MOST_FOUND: Final = 1_000
_MOST_NUMBERS = 10
_LEAST_SIGNS = 3
# No index helps to find signs within words: only so many of the newest letters are looked through.
_LOOKED_THROUGH = 30_000
_WORDS = table("letter_words", column("rowid"), column("letter_id"), column("words"))
# A word in subject, sender or number says more than one in the body.
_SCORE = "bm25(letter_words, 8.0, 1.0)"


@dataclass(frozen=True, slots=True)
class Found:
    """Letters by id, the best first; `more` tells that there are others."""

    letter_ids: tuple[int, ...]
    more: bool = False


def find_letters(session: Session, query: SearchQuery, seen: ColumnElement[bool]) -> Found:
    """Return the letters that a query means.

    A register number comes first; then letters that have every word, side by side as typed, else
    anywhere; then those with the very signs in subject, sender or number. Letters whose number is
    void are found by that number only.

    Args:
        session: an open transaction.
        query: of `read_query`.
        seen: a condition on `Case`: what whoever asks may open.
    """
    numbers = _of_number(session, query, seen)
    if not query:
        return Found(numbers)
    found: list[tuple[float, int]] = []
    for side_by_side in (True, False):
        found = _of_words(session, query, seen, side_by_side=side_by_side)
        if found:
            break
    ids = [letter_id for _, letter_id in sorted(found, key=lambda hit: (hit[0], -hit[1]))]
    if not ids and not numbers:
        ids = _of_signs(session, query, seen)
    ranked = dict.fromkeys((*numbers, *ids[:MOST_FOUND]))
    return Found(tuple(ranked), more=len(ids) > MOST_FOUND)


def _of_number(session: Session, query: SearchQuery, seen: ColumnElement[bool]) -> tuple[int, ...]:
    if query.number is None:
        return ()
    year, running = query.number
    wanted = select(Letter.id).join(Case, Case.id == Letter.case_id)
    if year is None:
        years = select(Letter.register_year).distinct().scalar_subquery()
        wanted = wanted.where(Letter.register_year.in_(years))
    else:
        wanted = wanted.where(Letter.register_year == year)
    wanted = wanted.where(Letter.register_number == running, seen)
    return tuple(session.scalars(wanted.order_by(Letter.register_year.desc()).limit(_MOST_NUMBERS)))


def _of_words(
    session: Session, query: SearchQuery, seen: ColumnElement[bool], *, side_by_side: bool
) -> list[tuple[float, int]]:
    statement: Select[tuple[float, int]]
    if session.get_bind().dialect.name == "postgresql":
        asked = cast(bindparam("asked"), TSQUERY)
        statement = (
            select(-func.ts_rank(_WORDS.c.words, asked), _WORDS.c.letter_id)
            .select_from(_WORDS)
            .join(Letter, Letter.id == _WORDS.c.letter_id)
            .where(_WORDS.c.words.op("@@", is_comparison=True)(asked))
            .order_by(_WORDS.c.letter_id.desc())
        )
        value = query.tsquery(side_by_side=side_by_side)
    else:
        statement = (
            select(literal_column(_SCORE), _WORDS.c.rowid)
            .select_from(_WORDS)
            .join(Letter, Letter.id == _WORDS.c.rowid)
            .where(text("letter_words MATCH :asked"))
            .order_by(_WORDS.c.rowid.desc())
        )
        value = query.match(side_by_side=side_by_side)
    statement = statement.join(Case, Case.id == Letter.case_id).where(seen).limit(MOST_FOUND + 1)
    return [
        (float(score), letter_id)
        for score, letter_id in session.execute(statement, {"asked": value}).tuples()
    ]


def _of_signs(session: Session, query: SearchQuery, seen: ColumnElement[bool]) -> list[int]:
    """Return letters whose heads have the signs as typed: names that no dictionary cuts alike."""
    newest = session.scalar(select(func.max(LetterSearchRow.letter_id))) or 0
    if any(len(chunk.text) < _LEAST_SIGNS for chunk in query.chunks):
        return []
    has = and_(
        *(
            or_(*(LetterSearchRow.head.contains(sign, autoescape=True) for sign in chunk.wholes))
            for chunk in query.chunks
        )
    )
    statement = (
        select(Letter.id)
        .join(LetterSearchRow, LetterSearchRow.letter_id == Letter.id)
        .join(Case, Case.id == Letter.case_id)
        .where(has, seen, LetterSearchRow.letter_id > newest - _LOOKED_THROUGH)
        .order_by(Letter.id.desc())
        .limit(MOST_FOUND + 1)
    )
    return list(session.scalars(statement))
