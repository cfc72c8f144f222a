"""Tell the sender of a mail its register number: drafted by the machine, sent by a person.

Off by default (`[acknowledgement]` in `wording.toml`). A draft holds the number, the day and the
office's own words, nothing of the letter, and waits in the outbox until a person releases it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused, SarabanError
from correspondence.reading import Frozen
from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState, Channel, IntakeOutcome, Role, Secrecy
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from pipeline.mail_templates import fill_template
from pipeline.postbox import read_address
from registry.held import item_events
from registry.models import Case, CaseLink, FieldRow, IntakeItem, Letter, OutboxMessage
from registry.numbers import RegisterNumber
from registry.outbox import (
    ACKNOWLEDGEMENT,
    MessageKey,
    NewMessage,
    draft_messages,
    noticed_levels,
    put_message,
    release_message,
    withdraw_message,
)
from registry.trail import note_on_case
from registry.transitions import Actor
from registry.voiding import void_reasons

# Who lets a draft leave or takes it back.
MAY_SEND = (Role.REGISTRAR, Role.OFFICE_HEAD)
WITHDRAWN = "withdrawn_by_person"
# Turning it on must not answer the letters of last year.
RECENT = timedelta(days=3)
_SILENT_STATES = (CaseState.VOIDED, CaseState.DUPLICATE)
_PLAIN_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]@\\]{1,64}@[a-z0-9.-]{1,253}", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"^(?:.*[._+-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|mailer-daemon|postmaster|daemon"
    r"|bounces?|auto(?:mated|responder|reply)?|notifications?|alerts?|newsletter|listserv)"
    r"(?:[._+=-].*)?@",
    re.IGNORECASE,
)


class DraftUnknown(SarabanError):
    """No draft with this id waits in the outbox."""

    code = "draft_unknown"


class WaitingDraft(Frozen):
    """A draft that a person may release or withdraw."""

    id: int
    register_number: str
    case_id: int | None
    recipient: str
    subject: str
    body: str
    created_at: datetime


def draft_acknowledgements(house: House) -> int:
    """Draft an answer to every recent mail that may have one, once per letter.

    Returns:
        How many drafts are new; 0 while it is off.
    """
    if not house.configuration.wording.acknowledgement.enabled:
        return 0
    now = house.clock()
    drafted = 0
    with house.sessions.begin() as session:
        query = (
            select(Letter)
            .where(
                Letter.channel == Channel.EMAIL.value,
                Letter.sender_address.is_not(None),
                Letter.registered_at >= now - RECENT,
            )
            .order_by(Letter.id)
        )
        letters = list(session.scalars(query))
        noticed = noticed_levels(session, [letter.case_id for letter in letters])
        for letter in letters:
            level = f"letter-{letter.id}"
            if f"{ACKNOWLEDGEMENT}:{level}" in noticed.get(letter.case_id, frozenset()):
                continue
            if _may_answer(house, session, letter):
                drafted += put_message(session, _message(house, letter, level), at=now)
    return drafted


def waiting_drafts(house: House) -> list[WaitingDraft]:
    """Return the drafts that wait for a person, oldest first."""
    with house.sessions.begin() as session:
        found = []
        for draft in draft_messages(session):
            letter = _letter_of(session, draft.id)
            found.append(
                WaitingDraft(
                    id=draft.id,
                    register_number=str(RegisterNumber.of(letter)) if letter else "",
                    case_id=draft.case_id,
                    recipient=draft.recipient,
                    subject=draft.subject,
                    body=draft.body,
                    created_at=draft.created_at,
                )
            )
        return found


def release_draft(house: House, message_id: int, *, by: str) -> None:
    """Let a draft leave at the next sending; audited.

    Raises:
        DraftUnknown: no such draft waits.
        ActionRefused: the person may not, or the letter may not be answered any more.
    """
    with house.sessions.begin() as session:
        actor = acting_person(session, by, MAY_SEND)
        letter = _letter_of(session, message_id)
        if letter is None:
            raise _unknown()
        if not _may_answer(house, session, letter):
            raise ActionRefused(
                "This letter may not be answered automatically any more.",
                thai="หนังสือฉบับนี้ตอบแจ้งเลขรับไม่ได้แล้ว",
            )
        if not release_message(session, message_id, actor.name, at=house.clock()):
            raise _unknown()
        _note(session, "release_message", letter, actor, message_id, at=house.clock())


def withdraw_draft(house: House, message_id: int, *, by: str) -> None:
    """Keep a draft from ever leaving; audited, and not drafted again.

    Raises:
        DraftUnknown: no such draft waits.
        ActionRefused: the person may not.
    """
    with house.sessions.begin() as session:
        actor = acting_person(session, by, MAY_SEND)
        letter = _letter_of(session, message_id)
        if letter is None or not withdraw_message(session, message_id, WITHDRAWN, at=house.clock()):
            raise _unknown()
        _note(session, "withdraw_message", letter, actor, message_id, at=house.clock())


def _may_answer(house: House, session: Session, letter: Letter) -> bool:
    """Tell whether a letter's sender may be told its number; in doubt it may not."""
    address = letter.sender_address or ""
    if not _PLAIN_ADDRESS.fullmatch(address) or _AUTOMATIC.match(address):
        return False
    if address.lower() in _own_addresses(house):
        return False
    item = session.get_one(IntakeItem, letter.intake_item_id)
    if item.outcome != IntakeOutcome.REGISTERED.value or item.suspicious:
        return False
    case = session.get_one(Case, letter.case_id)
    if case.restricted or case.state in _SILENT_STATES or void_reasons(session, [letter.id]):
        return False
    return not (
        _is_marked(session, letter)
        or _was_quarantined(session, item)
        or _in_campaign(session, case)
    )


def _is_marked(session: Session, letter: Letter) -> bool:
    rows = session.scalars(
        select(FieldRow).where(FieldRow.letter_id == letter.id, FieldRow.name == "secrecy")
    )
    return any(row.value not in (None, Secrecy.OPEN.value) for row in rows)


def _was_quarantined(session: Session, item: IntakeItem) -> bool:
    """Tell whether the mail was ever taken for automatic, even if a person released it."""
    quarantined = IntakeOutcome.QUARANTINED.value
    return any(
        quarantined in (event.before.get("outcome"), event.after.get("outcome"))
        for event in item_events(session, item.id)
    )


def _in_campaign(session: Session, case: Case) -> bool:
    return (
        session.scalar(
            select(CaseLink.id)
            .where(
                CaseLink.kind.contains("campaign"),
                or_(CaseLink.case_id == case.id, CaseLink.other_case_id == case.id),
            )
            .limit(1)
        )
        is not None
    )


def _own_addresses(house: House) -> frozenset[str]:
    """Return the addresses at which an answer would come back to ourselves."""
    url = house.settings.smtp_url.get_secret_value()
    own = [mailbox.user for mailbox in house.configuration.sources.mailbox]
    own += [group.email for group in house.configuration.groups.group]
    own += [read_address(url).sender] if url else []
    return frozenset(address.lower() for address in own if address)


def _message(house: House, letter: Letter, level: str) -> NewMessage:
    text = fill_template(
        "acknowledgement",
        office=house.configuration.wording.names.office_full,
        register_number=thai_digits(str(RegisterNumber.of(letter))),
        received_date=thai_date(bangkok_day(letter.received_at)),
    )
    key = MessageKey(ACKNOWLEDGEMENT, level, letter.case_id, letter.sender_address or "")
    return NewMessage(key, text.subject, text.body, draft=True)


def _letter_of(session: Session, message_id: int) -> Letter | None:
    """Return the letter an acknowledgement is about, from its key; None for anything else."""
    row = session.get(OutboxMessage, message_id)
    if row is None or row.alert != ACKNOWLEDGEMENT:
        return None
    level = row.key.partition("/")[0].partition(":")[2]
    number = level.removeprefix("letter-")
    return session.get(Letter, int(number)) if number.isdecimal() else None


def _note(
    session: Session, action: str, letter: Letter, actor: Actor, message_id: int, *, at: datetime
) -> None:
    about = {"message": message_id, "letter": letter.id}
    note_on_case(session, letter.case_id, actor, action, at=at, about=about)


def _unknown() -> DraftUnknown:
    return DraftUnknown("No such draft waits.", thai="ไม่มีร่างข้อความนี้รออยู่")
