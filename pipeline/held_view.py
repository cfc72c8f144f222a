"""What people see of the queues; of a secret item only that it is there, and its grade."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from correspondence.errors import BlobDamaged
from correspondence.national_ids import masked_national_ids
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome
from extractors.media import media_type
from intake.drop_folder import DONE, HELD
from intake.headers import addresses, raw_values
from intake.mail_rules import read_head
from pipeline.bootstrap import House
from pipeline.held import letter_of, number_of
from pipeline.item_reading import MAIL
from pipeline.receiving import item_files
from registry.engine import open_snapshot
from registry.hand_over import handed_over
from registry.held import find_item, item_events, queued_items, why
from registry.ledger import NO_BYTES
from registry.models import AuditEvent, IntakeItem

QUEUES = (
    IntakeOutcome.HELD,
    IntakeOutcome.QUARANTINED,
    IntakeOutcome.SECRET,
    IntakeOutcome.PENDING,
)


class HeldLine(Frozen):
    """JSON of `held list`: one item. Moments are aware, `size` is in bytes.

    Attributes:
        since: since when it stands there; None while it waits for its next try.
        code: why, as a stable name; `reason` says it in Thai, then English.
        handed_over: whether the registrar of classified information took it; None if not secret.
    """

    id: int
    source: str
    arrived_at: datetime
    since: datetime | None
    outcome: IntakeOutcome
    code: str
    reason: str | None
    attempts: int
    next_attempt_at: datetime | None
    size: int
    suspicious: bool
    handed_over: bool | None


class ItemEvent(Frozen):
    """One entry of an item's history; `outcome` is where it stood afterwards."""

    at: datetime
    actor: str
    action: str
    reason: str
    outcome: IntakeOutcome | None


class HeldItem(HeldLine):
    """JSON of `held show`. What a secret item says of itself is None.

    Attributes:
        channel: how it came.
        file_name: its name, national numbers masked.
        media_type: what its bytes are.
        sender_name: who sent the mail, while it has no register number.
        sha256: hash of its bytes; None where they lie at the source alone.
        bytes_at: where its bytes lie: the blob store, and the file in the drop folder.
        register_number: of the letter it became, or repeats.
    """

    channel: str | None
    file_name: str | None
    media_type: str | None
    sender_name: str | None
    sha256: str | None
    bytes_at: tuple[str, ...]
    register_number: str | None
    history: tuple[ItemEvent, ...]


def held_lines(
    house: House,
    outcomes: Collection[IntakeOutcome] = QUEUES,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[HeldLine, ...]:
    """Return the items of these queues, or a page of them, oldest arrival first.

    Of the pending ones those alone that failed and wait for their next try.
    """
    with open_snapshot(house.sessions) as session:
        items = queued_items(session, outcomes, limit=limit, offset=offset)
        taken = handed_over(session, (i.id for i in items if _is_secret(i)))
        return tuple(_line(item, taken) for item in items)


def held_item(house: House, item_id: int) -> HeldItem:
    """Return what is known of an item, its history, and where its bytes are.

    Raises:
        ItemUnknown: the ledger has none of this id.
    """
    with open_snapshot(house.sessions) as session:
        item = find_item(session, item_id)
        line = _line(item, handed_over(session, [item.id]))
        history = tuple(_event(event, item) for event in item_events(session, item.id))
        known = _known(house, session, item)
    return HeldItem(**line.model_dump(), **known, history=history)


def _known(house: House, session: Session, item: IntakeItem) -> dict[str, object]:
    if _is_secret(item):
        names = ("channel", "file_name", "media_type", "sender_name", "sha256", "register_number")
        return {**dict.fromkeys(names), "bytes_at": ()}
    registered = item.outcome == IntakeOutcome.REGISTERED.value
    kind = sender = None
    if item.sha256 != NO_BYTES:
        try:
            data = house.blobs.get(item.sha256)
        except BlobDamaged:
            data = b""
        kind = media_type(data) if data else None
        sender = _sender_name(data) if kind == MAIL and not registered else None
    return {
        "channel": item.channel,
        # Who may see a registered letter is its case's to say.
        "file_name": None if registered else item.file_name,
        "media_type": kind,
        "sender_name": sender,
        "sha256": item.sha256 if item.sha256 != NO_BYTES else None,
        "bytes_at": tuple(_places(house, item)),
        "register_number": number_of(letter_of(session, item)),
    }


def _places(house: House, item: IntakeItem) -> list[str]:
    places = [house.blobs.address(item.sha256)] if item.sha256 != NO_BYTES else []
    for folder in house.configuration.sources.drop_folder:
        if folder.name == item.source:
            root = folder.resolve(house.settings.home_folder)
            found = (item_files(root / name).get(item.id) for name in (HELD, DONE))
            places += [masked_national_ids(str(path)) for path in found if path is not None]
    return places


def _line(item: IntakeItem, taken: Collection[int]) -> HeldLine:
    return HeldLine(
        id=item.id,
        source=item.source,
        arrived_at=item.arrived_at,
        since=item.settled_at,
        outcome=IntakeOutcome(item.outcome),
        code=item.reason_code,
        reason=why(item),
        attempts=item.attempts,
        next_attempt_at=item.next_attempt_at,
        size=item.size,
        suspicious=item.suspicious,
        handed_over=item.id in taken if _is_secret(item) else None,
    )


def _event(event: AuditEvent, item: IntakeItem) -> ItemEvent:
    after = event.after.get("outcome")
    return ItemEvent(
        at=event.at,
        actor=event.actor,
        action=event.action,
        # What a clerk wrote of it before its mark was found may tell what it says.
        reason="" if _is_secret(item) else event.reason,
        outcome=IntakeOutcome(after) if after else None,
    )


def _is_secret(item: IntakeItem) -> bool:
    return item.outcome == IntakeOutcome.SECRET.value


def _sender_name(data: bytes) -> str | None:
    """Return whom a mail's head names as its sender; nothing else of it is looked at."""
    for value in raw_values(read_head(data), "From"):
        for name, address in addresses(value):
            return masked_national_ids(name or address) or None
    return None
