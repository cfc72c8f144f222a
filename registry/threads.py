"""The case that a mail's claims lead to: thread headers, register numbers, known addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from correspondence.mail_thread import MailThread
from correspondence.thai_dates import BE_OFFSET
from correspondence.vocabulary import IntakeOutcome
from registry.models import FieldRow, IntakeItem, Letter, OutboxMessage
from registry.numbers import RegisterNumber, find_letter


@dataclass(frozen=True, slots=True)
class ThreadCases:
    """Cases by id.

    Attributes:
        answered: of the very mail it answers.
        thread: of all mails of its thread, the answered one among them.
        named: of the register numbers it names.
        known: those of `named` that know the sender's address.
    """

    answered: frozenset[int]
    thread: frozenset[int]
    named: frozenset[int]
    known: frozenset[int]


def find_thread_cases(
    session: Session, thread: MailThread, sender_address: str | None
) -> ThreadCases:
    """Return the cases of mails we registered or sent and of numbers we gave."""
    named = _of_numbers(session, thread.numbers)
    answered = _of_messages(session, [thread.answers] if thread.answers else [])
    return ThreadCases(
        answered=answered,
        thread=answered | _of_messages(session, thread.thread),
        named=named,
        known=frozenset(
            case_id for case_id in named if _knows_sender(session, case_id, sender_address)
        ),
    )


def _of_messages(session: Session, message_ids: Iterable[str]) -> frozenset[int]:
    wanted = list(message_ids)
    if not wanted:
        return frozenset()
    received = session.scalars(
        select(Letter.case_id)
        .join(IntakeItem, IntakeItem.id == Letter.intake_item_id)
        .where(
            IntakeItem.message_id.in_(wanted),
            IntakeItem.outcome == IntakeOutcome.REGISTERED.value,
        )
    )
    tokens = [identifier.strip("<> ").partition("@")[0] for identifier in wanted]
    sent = session.scalars(
        select(OutboxMessage.case_id).where(
            OutboxMessage.token.in_(tokens),
            OutboxMessage.case_id.is_not(None),
            OutboxMessage.sent_at.is_not(None),
        )
    )
    return frozenset(case_id for case_id in (*received, *sent) if case_id is not None)


def _of_numbers(session: Session, numbers: Iterable[str]) -> frozenset[int]:
    found: set[int] = set()
    for text in numbers:
        running, _, year = text.partition("/")
        letter = find_letter(session, RegisterNumber(int(year) - BE_OFFSET, int(running)))
        if letter is not None:
            found.add(letter.case_id)
    return frozenset(found)


def _knows_sender(session: Session, case_id: int, address: str | None) -> bool:
    """Tell whether a letter of the case came from this address, or names it as its contact."""
    wanted = (address or "").strip().lower()
    if not wanted:
        return False
    found = session.scalar(
        select(func.count())
        .select_from(Letter)
        .outerjoin(FieldRow, (FieldRow.letter_id == Letter.id) & (FieldRow.name == "contact_email"))
        .where(
            Letter.case_id == case_id,
            or_(
                func.lower(Letter.sender_address) == wanted,
                func.lower(FieldRow.person_value) == wanted,
                FieldRow.corrected_at.is_(None) & (func.lower(FieldRow.machine_value) == wanted),
            ),
        )
    )
    return bool(found)
