"""Holding pen, quarantine, secret desk and retries as queues that people work through.

Every action names a person whose role may do it, stands in one transaction with its audit event,
and is refused where the item has moved on since the person saw it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused, SarabanError, SourceUnavailable, StorageFull
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome, Role
from pipeline.acting import acting_person
from pipeline.admission import LEASE, admit_items
from pipeline.bootstrap import House
from pipeline.receiving import put_files_away
from registry.held import (
    RELEASE,
    RETRY,
    ItemLease,
    Seen,
    lock_item,
    queued_items,
    reject_item,
    reopen_item,
    why,
)
from registry.leases import lease_owner
from registry.ledger import NO_BYTES
from registry.models import IntakeItem, Letter
from registry.numbers import RegisterNumber, numbers_of_items
from registry.transitions import Actor

MAY_WORK = (Role.REGISTRAR,)
_MAY_RETRY = (
    IntakeOutcome.HELD,
    IntakeOutcome.QUARANTINED,
    IntakeOutcome.PENDING,
    IntakeOutcome.REJECTED,
)
_MAY_REJECT = (IntakeOutcome.HELD, IntakeOutcome.QUARANTINED)


class ItemWithoutBytes(SarabanError):
    """The item was too big to take; its bytes lie at the source alone."""

    code = "item_without_bytes"


class ItemResult(Frozen):
    """JSON of an action: how the item stands after it.

    `code` and `reason` (Thai, then English) say why it stands there, `fault` why nothing was done.
    """

    id: int
    outcome: IntakeOutcome | None
    register_number: str | None = None
    register_numbers: tuple[str, ...] = ()
    case_id: int | None = None
    code: str | None = None
    reason: str | None = None
    fault: str | None = None


def retry_items(
    house: House,
    ids: Sequence[int],
    *,
    by: str,
    passwords: Sequence[str] = (),
    seen: Seen | None = None,
) -> tuple[ItemResult, ...]:
    """Let items be read again, their tries counted from the start; undoes `mark_not_a_letter`.

    The next pass takes them. With passwords they are read at once, because a password is tried
    this once and kept nowhere.

    Args:
        house: the office's house.
        ids: the items: held, quarantined, rejected, or waiting for their next try.
        by: the sign-in name of the person, a registrar.
        passwords: tried before the settings' own list.
        seen: how the person saw the item; only with a single one.

    Returns:
        One result an item, in order; one that could not be retried has its `fault`.

    Raises:
        ActionRefused: the person may not.
    """
    lease = _fresh_lease(house) if passwords else None
    with house.sessions.begin() as session:
        acting_person(session, by, MAY_WORK)
    faults: dict[int, SarabanError] = {}
    for item_id in dict.fromkeys(ids):
        try:
            _reopen(house, item_id, _MAY_RETRY, RETRY, by=by, reason="", seen=seen, lease=lease)
        except SarabanError as fault:
            faults[item_id] = fault
    if lease is not None:
        _read_now(house, lease, [i for i in dict.fromkeys(ids) if i not in faults], passwords)
    follow_files(house)
    return tuple(item_result(house, item_id, faults.get(item_id)) for item_id in ids)


def items_to_retry(house: House, code: str) -> list[int]:
    """Return the ids of held items, and of those waiting for a try, that stand there for `code`."""
    with house.sessions.begin() as session:
        wanted = (IntakeOutcome.HELD, IntakeOutcome.PENDING)
        return [item.id for item in queued_items(session, wanted, code=code)]


def release_item(
    house: House, item_id: int, *, by: str, reason: str, seen: Seen | None = None
) -> ItemResult:
    """Register a quarantined mail that a person takes for a letter; it is read at once.

    Everything else of the gate still holds: a secrecy mark, a duplicate, what cannot be read. It
    becomes a letter with a case of its own; a released reply never reopens a case.

    Raises:
        ActionRefused: the person may not, or there is no reason.
        ItemUnknown, ItemMovedOn: it is not (or no longer) in quarantine.
    """
    _need_reason(reason)
    lease = _fresh_lease(house)
    allowed = (IntakeOutcome.QUARANTINED,)
    _reopen(house, item_id, allowed, RELEASE, by=by, reason=reason, seen=seen, lease=lease)
    _read_now(house, lease, [item_id], ())
    follow_files(house)
    return item_result(house, item_id)


def mark_not_a_letter(
    house: House, item_id: int, *, by: str, reason: str, seen: Seen | None = None
) -> ItemResult:
    """End a held or quarantined item as not a letter; bytes are kept, `retry_items` undoes it.

    Raises:
        ActionRefused: the person may not, or there is no reason.
        ItemUnknown, ItemMovedOn: it does not (or no longer) stand in either queue.
    """
    _need_reason(reason)

    def reject(session: Session, item: IntakeItem, actor: Actor, now: datetime) -> None:
        reject_item(session, item, actor, reason=reason, at=now)

    _act(house, item_id, _MAY_REJECT, reject, by=by, seen=seen)
    follow_files(house)
    return item_result(house, item_id)


def item_result(house: House, item_id: int, fault: SarabanError | None = None) -> ItemResult:
    """Return how an item stands now; of one that does not exist, the fault alone."""
    with house.sessions.begin() as session:
        item = session.get(IntakeItem, item_id)
        if item is None:
            return ItemResult(id=item_id, outcome=None, fault=fault.code if fault else None)
        letter = letter_of(session, item)
        wanted = item.duplicate_of_id or item.id
        numbers = numbers_of_items(session, [wanted]).get(wanted, ())
    return ItemResult(
        id=item_id,
        outcome=IntakeOutcome(item.outcome),
        register_number=number_of(letter),
        register_numbers=numbers,
        case_id=letter.case_id if letter else None,
        code=item.reason_code or None,
        reason=f"{fault.thai} / {fault}" if fault else why(item),
        fault=fault.code if fault else None,
    )


def letter_of(session: Session, item: IntakeItem) -> Letter | None:
    """Return the (first) letter that an item became, or the one it repeats."""
    wanted = item.duplicate_of_id or item.id
    return session.scalar(select(Letter).where(Letter.intake_item_id == wanted, Letter.part == 1))


def number_of(letter: Letter | None) -> str | None:
    """Return a letter's register number as the office writes it."""
    return str(RegisterNumber.of(letter)) if letter else None


def follow_files(house: House) -> None:
    """Let the files of drop folders follow at once; one that is away waits for the next pass."""
    try:
        put_files_away(house)
    except (SourceUnavailable, StorageFull):
        # The action itself is committed; every pass repairs what lies in the wrong place.
        return


def _reopen(
    house: House,
    item_id: int,
    allowed: Collection[IntakeOutcome],
    action: str,
    *,
    by: str,
    reason: str,
    seen: Seen | None,
    lease: ItemLease | None,
) -> None:
    def reopen(session: Session, item: IntakeItem, actor: Actor, now: datetime) -> None:
        if item.sha256 == NO_BYTES:
            raise ItemWithoutBytes(
                f"Item {item.id} was too big to take; there is nothing to read again.",
                thai="แฟ้มนี้ใหญ่เกินกำหนดจึงไม่ได้เก็บไว้ในระบบ ยังอยู่ในโฟลเดอร์ held/",
                remedy="Put it into the folder again in smaller parts, or place it by hand.",
            )
        reopen_item(session, item, actor, action, reason=reason, at=now, lease=lease)

    _act(house, item_id, allowed, reopen, by=by, seen=seen)


def _act(
    house: House,
    item_id: int,
    allowed: Collection[IntakeOutcome],
    work: Callable[[Session, IntakeItem, Actor, datetime], None],
    *,
    by: str,
    seen: Seen | None,
) -> None:
    now = house.clock()
    with house.sessions.begin() as session:
        actor = acting_person(session, by, MAY_WORK)
        work(session, lock_item(session, item_id, allowed, now=now, seen=seen), actor, now)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ActionRefused("This needs a reason.", thai="ต้องระบุเหตุผล")


def _fresh_lease(house: House) -> ItemLease:
    return ItemLease(lease_owner(), house.clock() + LEASE)


def _read_now(house: House, lease: ItemLease, ids: Iterable[int], passwords: Sequence[str]) -> None:
    wanted = list(ids)
    if wanted:
        with house.readers() as readers:
            admit_items(house, lease.owner, wanted, readers, passwords=passwords)
