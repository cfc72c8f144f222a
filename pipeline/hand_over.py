"""The secret desk: the registrar of classified information takes an item, and its bytes once."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import SarabanError, UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome, Role, Secrecy
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from registry.hand_over import (
    EXPORT,
    EXPORT_FAILED,
    HAND_OVER,
    REFUSED,
    handed_over,
    was_exported,
)
from registry.held import Seen, lock_item, note_item
from registry.models import IntakeItem, Person
from registry.transitions import Actor

_MAY = (Role.SECRET_REGISTRAR,)
_SECRET = (IntakeOutcome.SECRET,)
_MARKED = "marked_"


class AlreadyHandedOver(SarabanError):
    """The item was taken before, or its bytes were given out before."""

    code = "already_handed_over"


class ClearanceTooLow(SarabanError):
    """The person's clearance does not reach the item's grade; the attempt stands in the trail."""

    code = "clearance_too_low"


class HandedOver(Frozen):
    """JSON of `held hand-over`; `file` is what was written, None where nothing was asked for."""

    id: int
    outcome: IntakeOutcome
    grade: Secrecy
    by: str
    file: str | None


def hand_over_item(
    house: House, item_id: int, *, by: str, out: Path | None = None, seen: Seen | None = None
) -> HandedOver:
    """Note that the registrar of classified information took a secret item; write its bytes once.

    The outcome stays `secret`. The trail has the export before the file has a byte; a file that
    could not be written gives the one export back.

    Args:
        house: the office's house.
        item_id: the item.
        by: the sign-in name of the person, with that role and clearance.
        out: a new file for the bytes, readable by its owner alone; None writes none.
        seen: how the person saw it.

    Raises:
        ActionRefused: the person has not that role.
        ClearanceTooLow: nor the clearance.
        AlreadyHandedOver: it was taken (without `out`) or exported (with it) before.
        ItemUnknown, ItemMovedOn: there is no such item at the secret desk.
        BlobDamaged: its bytes are missing or changed.
        UsageFault: the file exists or cannot be written.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        actor = acting_person(session, by, _MAY)
        item = lock_item(session, item_id, _SECRET, now=now, seen=seen)
        grade = grade_of(item)
        cleared = _is_cleared(session, actor, grade)
        if not cleared:
            # The refusal has to stay when the error below leaves, so it commits on its own.
            note_item(session, item, actor, REFUSED, reason="", at=now)
    if not cleared:
        raise ClearanceTooLow(
            "This person's clearance does not reach the item's grade.",
            thai="ชั้นความลับที่ผู้นี้เข้าถึงได้ไม่ถึงชั้นของรายการนี้",
        )
    # Looked at first: a file that cannot be made must not use up the one export.
    data = house.blobs.get(item.sha256) if out is not None else b""
    descriptor = _new_file(out) if out is not None else None
    try:
        _note(house, item_id, actor, now, seen, export=descriptor is not None)
    except BaseException:
        if out is not None and descriptor is not None:
            os.close(descriptor)
            out.unlink(missing_ok=True)
        raise
    if out is not None and descriptor is not None:
        _write(house, item_id, actor, out, descriptor, data)
    return HandedOver(
        id=item_id,
        outcome=IntakeOutcome.SECRET,
        grade=grade,
        by=actor.name,
        file=str(out) if out is not None else None,
    )


def _note(
    house: House, item_id: int, actor: Actor, now: datetime, seen: Seen | None, *, export: bool
) -> None:
    with house.sessions.begin() as session:
        item = lock_item(session, item_id, _SECRET, now=now, seen=seen)
        taken = bool(handed_over(session, [item_id]))
        if was_exported(session, item_id) if export else taken:
            raise AlreadyHandedOver(
                f"Item {item_id} was handed over before.",
                thai="รายการนี้มีผู้มารับไปแล้ว",
                remedy="saraban held show tells by whom.",
            )
        if not taken:
            note_item(session, item, actor, HAND_OVER, reason="", at=now)
        if export:
            note_item(session, item, actor, EXPORT, reason="", at=now)


def grade_of(item: IntakeItem) -> Secrecy:
    """Return the secrecy grade of a secret item, from the code of its reason."""
    try:
        return Secrecy(item.reason_code.removeprefix(_MARKED))
    except ValueError:
        # A grade that is not known is taken for the highest.
        return Secrecy.TOP_SECRET


def _is_cleared(session: Session, actor: Actor, grade: Secrecy) -> bool:
    person = session.scalar(select(Person).where(Person.sign_in == actor.name))
    order = list(Secrecy)
    # None only where the office has entered nobody yet (`acting_person`).
    return person is None or order.index(Secrecy(person.clearance)) >= order.index(grade)


def _new_file(out: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(out, flags, 0o600)
    except OSError as fault:
        raise UsageFault(
            f"--out cannot be made: {fault.strerror}.",
            remedy="Name a new file in a folder of yours.",
        ) from None


def _write(
    house: House, item_id: int, actor: Actor, out: Path, descriptor: int, data: bytes
) -> None:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        with contextlib.suppress(OSError):
            out.unlink(missing_ok=True)
        now = house.clock()
        with house.sessions.begin() as session:
            item = lock_item(session, item_id, _SECRET, now=now)
            note_item(session, item, actor, EXPORT_FAILED, reason="", at=now)
        raise UsageFault(
            f"--out could not be written: {fault.strerror}.", remedy="Name a file with room for it."
        ) from None
