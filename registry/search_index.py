"""Keep the index of what letters say: in the transaction that reads, corrects or voids a letter.

Whatever code changes a letter's texts or fields as objects, the letter's words are cut again right
before the commit (`index_changes`); rows that came another way are found by
`registry.search_backfill`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from registry.chunks import chunks
from registry.models import FieldRow, Letter, LetterSearchRow, PageTextRow
from registry.search_query import without_title
from registry.search_words import MAX_TEXT, SCHEME, cut_words, fold_text

_PENDING: Final = "saraban_search_pending"
_HEAD_FIELDS = (
    *("subject", "agency", "document_number", "addressee", "references", "signer"),
    *("signer_position", "contact_email", "contact_phone", "enclosures"),
)
_NAMES = ("signer", "addressee")
_MAX_HEAD = 2_000
# The last place in a text that PostgreSQL keeps.
_LAST_PLACE = 16_383


def index_changes(sessions: sessionmaker[Session]) -> None:
    """Let every session of a factory index the letters it has changed, right before it commits."""

    def gather(session: Session, _context: object) -> None:
        found = set()
        for row in (*session.new, *session.dirty, *session.deleted):
            if isinstance(row, FieldRow | PageTextRow):
                found.add(row.letter_id)
            elif isinstance(row, Letter) and row in session.new:
                found.add(row.id)
        if found:
            session.info.setdefault(_PENDING, set()).update(found)

    def commit(session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        pending = session.info.pop(_PENDING, None)
        if pending:
            index_letters(session.connection(), sorted(pending))

    def end(session: Session, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            session.info.pop(_PENDING, None)

    event.listen(sessions, "after_flush", gather)
    event.listen(sessions, "before_commit", commit)
    event.listen(sessions, "after_transaction_end", end)


def index_letters(connection: Connection, letter_ids: Sequence[int]) -> int:
    """Cut the words of these letters anew; returns how many letters there were.

    Letters whose number is void stay out. An id of no letter (rolled back) is passed over.
    """
    done = 0
    for chunk in chunks(sorted(letter_ids)):
        _take_turns(connection, chunk)
        withdrawn = set(
            connection.scalars(
                select(LetterSearchRow.letter_id).where(
                    LetterSearchRow.letter_id.in_(chunk), LetterSearchRow.withdrawn.is_(True)
                )
            )
        )
        texts = _texts(connection, [one for one in chunk if one not in withdrawn])
        _forget(connection, list(texts))
        rows = [_row(letter_id, *parts) for letter_id, parts in texts.items()]
        if rows:
            kept = [
                {"letter_id": r["id"], "scheme": SCHEME, "head": r["plain"], "withdrawn": False}
                for r in rows
            ]
            connection.execute(insert(LetterSearchRow), kept)
            _insert_words(connection, rows)
        done += len(rows)
    return done


def withdraw_letter(session: Session, letter_id: int) -> None:
    """Take a letter out of the index for good, in the caller's transaction: its number is void."""
    session.flush()
    connection = session.connection()
    _take_turns(connection, [letter_id])
    _forget(connection, [letter_id])
    connection.execute(
        insert(LetterSearchRow).values(letter_id=letter_id, scheme=SCHEME, head="", withdrawn=True)
    )


def _texts(
    connection: Connection, letter_ids: Sequence[int]
) -> dict[int, tuple[list[str], list[str], str]]:
    """Return head, names and body of letters, by id."""
    found: dict[int, tuple[list[str], list[str], str]] = {}
    senders = select(Letter.id, Letter.sender_name, Letter.sender_address)
    for sender in connection.execute(senders.where(Letter.id.in_(letter_ids))):
        told = [value for value in sender[1:] if value]
        found[sender.id] = (told, [sender.sender_name] if sender.sender_name else [], "")
    fields = (
        select(FieldRow.letter_id, FieldRow.name, *_VALUES)
        .where(FieldRow.letter_id.in_(list(found)), FieldRow.name.in_(_HEAD_FIELDS))
        .order_by(FieldRow.letter_id, FieldRow.id)
    )
    for row in connection.execute(fields):
        value = row.person_value if row.corrected_at is not None else row.machine_value
        if value:
            head, names, _ = found[row.letter_id]
            head.append(value)
            if row.name in _NAMES:
                names.append(value)
    bodies: dict[int, list[str]] = {}
    pages = (
        select(PageTextRow.letter_id, PageTextRow.text)
        .where(PageTextRow.letter_id.in_(list(found)))
        .order_by(PageTextRow.letter_id, PageTextRow.id)
    )
    for letter_id, page in connection.execute(pages).tuples():
        bodies.setdefault(letter_id, []).append(page[:MAX_TEXT])
    return {
        letter_id: (head, names, "\n".join(bodies.get(letter_id, ()))[:MAX_TEXT])
        for letter_id, (head, names, _) in found.items()
    }


_VALUES = (FieldRow.machine_value, FieldRow.person_value, FieldRow.corrected_at)


def _row(letter_id: int, head: list[str], names: list[str], body: str) -> dict[str, Any]:
    bare = [without_title(fold_text(name[:_MAX_HEAD])) for name in names]
    cut = [word for part in (*head, *bare) for word in (*cut_words(part[:_MAX_HEAD]), "")]
    return {
        "id": letter_id,
        "plain": fold_text("\n".join(head))[:_MAX_HEAD],
        "head": cut,
        "body": cut_words(body),
    }


def _take_turns(connection: Connection, letter_ids: Sequence[int]) -> None:
    """Let two who change one letter index it one after the other: the second sees what both say.

    Rows that refer to a letter may be added meanwhile, or the two would wait for each other.
    """
    # SQLite has one writer.
    if connection.dialect.name == "postgresql":
        query = select(Letter.id).where(Letter.id.in_(letter_ids)).order_by(Letter.id)
        connection.execute(query.with_for_update(key_share=True))


def _forget(connection: Connection, letter_ids: Sequence[int]) -> None:
    if not letter_ids:
        return
    connection.execute(delete(LetterSearchRow).where(LetterSearchRow.letter_id.in_(letter_ids)))
    key = "letter_id" if connection.dialect.name == "postgresql" else "rowid"
    statement = text(f"DELETE FROM letter_words WHERE {key} = :id")
    connection.execute(statement, [{"id": letter_id} for letter_id in letter_ids])


def _insert_words(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("INSERT INTO letter_words (letter_id, words) VALUES (:id, CAST(:w AS tsvector))"),
            [{"id": row["id"], "w": _vector(row["head"], row["body"])} for row in rows],
        )
        return
    connection.execute(
        text("INSERT INTO letter_words (rowid, head, body) VALUES (:id, :head, :body)"),
        [
            {
                "id": row["id"],
                # A lone sign parts two fields, so that no phrase runs from one into the next.
                "head": " ".join(word or _STOP for word in row["head"]),
                "body": " ".join(row["body"]),
            }
            for row in rows
        ],
    )


_STOP = "\ue000"


def _vector(head: Sequence[str], body: Sequence[str]) -> str:
    """Return a text as a `tsvector` literal: heads weigh A, bodies D."""
    places: dict[str, list[str]] = {}
    place = 0
    for words, weight in ((head, "A"), (body, "")):
        place += 1
        for word in words:
            place += 1
            if place > _LAST_PLACE:
                break
            if word:
                places.setdefault(word, []).append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())
