"""Register an item and say what its letters belong to or are like, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.mail_thread import MailThread
from correspondence.reading import Extraction
from correspondence.vocabulary import CaseState, LinkKind
from pipeline.answers import AnswerDecision, AnswerDoubt, decide_answer
from pipeline.bootstrap import House
from registry.likeness import LikenessLimits, relate_letter
from registry.models import AuditEvent, Case, CaseLink, IntakeItem, Letter
from registry.numbers import RegisterNumber
from registry.registration import Reading, Registered, register_letter
from registry.threads import find_thread_cases

ATTACH = "attach_letter"


def register_related(
    house: House,
    session: Session,
    item: IntakeItem,
    reading: Reading,
    thread: MailThread,
    *,
    automatic: bool,
    at: datetime,
    actor: str,
) -> Registered:
    """Register an item's letters, in a case of their own or in the case they answer.

    Each has its own ledger row and number either way; what is doubtful is only suggested. The
    caller has waited in `queue_for_register`.

    Args:
        house: the office's house.
        session: an open transaction; nothing is committed here.
        item: the ledger row.
        reading: what was read in it.
        thread: what it claims to answer.
        automatic: an automatic mail that a person let through.
        at: the moment, aware.
        actor: who registers.
    """
    decision = _decide(session, reading, thread, automatic=automatic)
    joined = (
        session.get_one(Case, decision.case_id, with_for_update=True)
        if decision.case_id is not None
        else None
    )
    made = register_letter(session, item, reading, at=at, actor=actor, into=joined)
    if joined is not None:
        session.add(
            AuditEvent(
                at=at,
                actor=actor,
                action=ATTACH,
                case_id=joined.id,
                intake_item_id=item.id,
                from_state=None,
                to_state=None,
                reason="",
                before={},
                after={"letter": made.letter_id},
            )
        )
    relate_letters(house, session, item, reading, at=at)
    if decision.doubt is not None:
        _suggest(session, made.case_id, decision, decision.doubt, at)
    return made


def relate_letters(
    house: House, session: Session, item: IntakeItem, reading: Reading, *, at: datetime
) -> None:
    """Link a registered item's letters to those they are like; the order of parts is kept."""
    # A person may have set fields since the letter was made.
    session.flush()
    rules = house.configuration.likeness
    limits = LikenessLimits(rules.duplicate.similarity, rules.campaign.similarity)
    letters = session.scalars(
        select(Letter).where(Letter.intake_item_id == item.id).order_by(Letter.part)
    ).all()
    others = (part.extraction for part in (*reading.further, *reading.apart))
    for letter, extraction in zip(letters, (reading.extraction, *others), strict=True):
        session.expire(letter, ["fields"])
        relate_letter(session, letter, own_pages=own_pages(extraction), limits=limits, at=at)


def own_pages(extraction: Extraction) -> int:
    """Return how many of the first pages are the letter; a covering mail's text stands after it."""
    texts = [page.text for page in extraction.pages]
    for attached in extraction.attachments:
        own = [page.text for page in attached.pages]
        if own and texts[: len(own)] == own:
            return len(own)
    return len(texts)


def _decide(
    session: Session, reading: Reading, thread: MailThread, *, automatic: bool
) -> AnswerDecision:
    if not thread:
        return AnswerDecision()
    found = find_thread_cases(session, thread, reading.sender_address)
    pointed = found.thread | found.named
    rows = session.execute(select(Case.id, Case.state).where(Case.id.in_(pointed))).tuples()
    states = {case_id: CaseState(state) for case_id, state in rows}
    decision = decide_answer(found, states, automatic=automatic)
    if decision.case_id is not None and reading.apart:
        # Several matters in one scan cannot all be of the case that the mail answers.
        return AnswerDecision(suggested=(decision.case_id,), doubt=AnswerDoubt.SEVERAL)
    return decision


def _suggest(
    session: Session,
    case_id: int,
    decision: AnswerDecision,
    doubt: AnswerDoubt,
    at: datetime,
) -> None:
    for other_id in decision.suggested:
        other = session.get_one(Case, other_id)
        letter = session.scalars(
            select(Letter).where(Letter.case_id == other_id).order_by(Letter.id).limit(1)
        ).one()
        number = RegisterNumber.of(letter)
        known = session.scalar(
            select(CaseLink.id).where(
                CaseLink.case_id == case_id,
                CaseLink.other_case_id == other_id,
                CaseLink.kind == LinkKind.PERHAPS_RELATED.value,
            )
        )
        if known is None:
            session.add(
                CaseLink(
                    case_id=case_id,
                    other_case_id=other_id,
                    kind=LinkKind.PERHAPS_RELATED.value,
                    reason=doubt.thai(str(number), CaseState(other.state)),
                    created_at=at,
                )
            )
