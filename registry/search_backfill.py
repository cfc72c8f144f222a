"""Index letters that are not indexed yet: of before the index, restored, or cut another way."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.models import Letter, LetterSearchRow
from registry.search_index import index_letters, withdraw_letter
from registry.search_words import SCHEME
from registry.voiding import void_reasons


def index_missing(session: Session, limit: int) -> int:
    """Index letters that are not in the index, or by an older scheme; returns how many were done.

    Safe to run at any time and as often as wanted; 0 says that nothing is left.

    Args:
        session: an open transaction.
        limit: how many letters at most.
    """
    wanted = list(session.scalars(_missing().limit(limit)))
    void = set(void_reasons(session, wanted))
    for letter_id in void:
        withdraw_letter(session, letter_id)
    index_letters(session.connection(), [one for one in wanted if one not in void])
    return len(wanted)


def has_missing(session: Session) -> bool:
    """Tell whether a letter is not in the index, or by an older scheme."""
    return session.scalar(_missing().limit(1)) is not None


def _missing() -> Select[tuple[int]]:
    """Return the query of what is to be indexed, the newest first."""
    return (
        select(Letter.id)
        .outerjoin(LetterSearchRow, LetterSearchRow.letter_id == Letter.id)
        .where(
            LetterSearchRow.letter_id.is_(None)
            | ((LetterSearchRow.scheme != SCHEME) & LetterSearchRow.withdrawn.is_(False))
        )
        .order_by(Letter.id.desc())
    )
