"""From the ledger to the register: read in child processes, pass the gate, settle the row."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from pydantic import JsonValue, ValidationError

from correspondence.clock import bangkok_day
from correspondence.errors import BlobDamaged
from correspondence.vocabulary import READABLE, Channel, IntakeOutcome, ReadOutcome, Secrecy
from pipeline.bootstrap import House
from pipeline.item_reading import Automatic, ItemReading
from pipeline.likeness import register_related
from pipeline.mail_sorting import sort_mails
from pipeline.receiving import put_files_away
from registry.faults import BlobStoreAway
from registry.held import released_by
from registry.ledger import ARCHIVE
from registry.models import IntakeItem
from registry.numbers import queue_for_register
from registry.registration import (
    Reading,
    Verdict,
    end_item,
    find_same_item,
    has_message_id_twin,
    register_letter,
)
from sandbox.faults import SandboxFault, SandboxTimedOut
from sandbox.order import in_order
from sandbox.pool import Request, SandboxPool

_log = logging.getLogger(__name__)

ACTOR = "saraban"
LEASE = timedelta(minutes=30)
# Two, three, four, six or eight readers end a batch of so many together.
BATCH = 24

Outcomes = Counter[IntakeOutcome]


def claim_items(house: House, owner: str, limit: int = BATCH) -> list[int]:
    """Sort what waits for its mailbox's rules, then lease up to `limit` pending ledger rows.

    Those of a higher priority come first, then the oldest arrival.
    """
    sort_mails(house)
    return house.ledger.claim(owner, limit, LEASE)


def admit_items(
    house: House,
    owner: str,
    ids: list[int],
    readers: SandboxPool,
    *,
    passwords: Sequence[str] = (),
) -> Outcomes:
    """Read the leased items side by side and settle each in the order of arrival.

    One bad item fails alone: it is postponed or held with its reason. Numbers follow the
    order of arrival within the batch. `passwords` are tried this once, before the settings' own.
    """
    outcomes: Outcomes = Counter()
    asked: list[int] = []
    tried = [*passwords, *house.settings.passwords]
    requests = _requests(house, ids, asked, outcomes, tried)
    for position, reply in enumerate(in_order(readers.map(requests))):
        outcomes[_settle(house, owner, asked[position], reply)] += 1
    return outcomes


def drain_items(house: House, owner: str) -> Outcomes:
    """Admit everything pending, batch by batch, with one pool of readers."""
    outcomes: Outcomes = Counter()
    with house.readers() as readers:
        while ids := claim_items(house, owner):
            outcomes += admit_items(house, owner, ids, readers)
    put_files_away(house)
    return outcomes


def secret_verdict(grade: Secrecy) -> Verdict:
    """Return the verdict on an item marked with a grade; it tells nothing but the grade."""
    return Verdict(
        IntakeOutcome.SECRET,
        f"marked_{grade.value}",
        f"มีชั้นความลับ “{grade.thai}” โปรดแจ้งนายทะเบียนข้อมูลข่าวสารลับให้มารับ",
        f"Marked {grade.value}: call the registrar of classified information.",
    )


def duplicate_verdict(item: IntakeItem, same: IntakeItem) -> Verdict:
    """Return the verdict on an item that repeats a registered one."""
    return Verdict(
        IntakeOutcome.DUPLICATE,
        "same_bytes" if same.sha256 == item.sha256 else "same_mail",
        "รับรายการนี้ไว้แล้ว",
        "The same item was registered before.",
        same.id,
    )


def _requests(
    house: House, ids: list[int], asked: list[int], outcomes: Outcomes, passwords: list[str]
) -> Iterator[Request]:
    for place, item_id in enumerate(ids):
        with house.sessions.begin() as session:
            item = session.get_one(IntakeItem, item_id)
        try:
            payload = house.blobs.get(item.sha256)
        except BlobDamaged as fault:
            _hold(house, item_id, Verdict(IntakeOutcome.HELD, fault.code, fault.thai, str(fault)))
            outcomes[IntakeOutcome.HELD] += 1
            continue
        except BlobStoreAway as fault:
            # No fault of theirs, and the next would wait as long for nothing.
            house.ledger.put_back(ids[place:], fault.code, fault.thai, fault.english)
            outcomes[IntakeOutcome.PENDING] += len(ids) - place
            _log.warning("items wait for the blob store", extra={"code": fault.code})
            return
        asked.append(item_id)
        params: dict[str, JsonValue] = {
            "name": item.file_name,
            "received_on": bangkok_day(item.arrived_at).isoformat(),
            "passwords": list(passwords),
        }
        if item.channel == Channel.SCAN.value:
            params["separator"] = house.configuration.sources.separator.model_dump(mode="json")
        yield Request(payload, params)


def _settle(
    house: House, owner: str, item_id: int, reply: Mapping[str, JsonValue] | SandboxFault
) -> IntakeOutcome:
    if isinstance(reply, SandboxFault):
        return _settle_fault(house, item_id, reply)
    try:
        reading = ItemReading.model_validate(reply)
    except ValidationError:
        # A child taken over by a hostile file could answer anything.
        return house.ledger.postpone(
            item_id, "reader_garbled", "โปรแกรมอ่านตอบผิดรูปแบบ", "The reader's answer is malformed."
        )
    now = house.clock()
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id, with_for_update=True)
        if item.outcome != IntakeOutcome.PENDING.value or item.leased_by != owner:
            return IntakeOutcome(item.outcome)
        if reading.message_id and item.message_id is None:
            item.message_id = reading.message_id
        automatic = reading.automatic
        if automatic is not None and released_by(session, item.id) is not None:
            # A named person has said that it is a letter.
            automatic = None
        verdict = _refuse(reading, automatic)
        if verdict is None:
            queue_for_register(session)
            same = find_same_item(session, item, reading.content_sha256)
            if same is not None:
                verdict = duplicate_verdict(item, same)
        if verdict is not None:
            end_item(session, item, verdict, at=now, actor=ACTOR)
            return verdict.outcome
        item.suspicious = has_message_id_twin(session, item)
        if item.source == ARCHIVE:
            # Of old papers nothing is joined to a matter that people work on.
            read = _for_register(reading)
            register_letter(session, item, read, at=now, actor=ACTOR, archived=True)
            return IntakeOutcome.REGISTERED
        register_related(
            house,
            session,
            item,
            _for_register(reading),
            reading.thread,
            automatic=reading.automatic is not None,
            at=now,
            actor=ACTOR,
        )
        return IntakeOutcome.REGISTERED


def _refuse(reading: ItemReading, automatic: Automatic | None) -> Verdict | None:
    """Return why an item may not be registered, or None."""
    extraction = reading.extraction
    if extraction.outcome is ReadOutcome.SECRET:
        return secret_verdict(Secrecy(extraction.fields.secrecy.value or Secrecy.CONFIDENTIAL))
    if automatic is not None:
        return Verdict(IntakeOutcome.QUARANTINED, automatic.code, automatic.thai, automatic.english)
    if reading.refusal is not None:
        refusal = reading.refusal
        return Verdict(IntakeOutcome.HELD, refusal.code, refusal.thai, refusal.english)
    if extraction.outcome not in READABLE:
        no_ocr = "no_ocr" in extraction.warnings
        return Verdict(
            IntakeOutcome.HELD,
            "no_ocr" if no_ocr else extraction.outcome.value,
            "เป็นภาพสแกน แต่เครื่องนี้ไม่มีโปรแกรมอ่านภาพ" if no_ocr else extraction.outcome.thai,
            "A scan, and Tesseract is not installed."
            if no_ocr
            else f"The file could not be read: {extraction.outcome.value}.",
        )
    return None


def _for_register(reading: ItemReading) -> Reading:
    return Reading(
        extraction=reading.extraction,
        carried=reading.carried,
        sender_name=reading.sender_name,
        sender_address=reading.sender_address,
        content_sha256=reading.content_sha256,
        restricted=reading.restricted,
        layouts=reading.layouts,
        further=reading.further,
        apart=reading.apart,
    )


def _settle_fault(house: House, item_id: int, fault: SandboxFault) -> IntakeOutcome:
    _log.warning("an item was not read", extra={"item_id": item_id, "code": fault.code})
    if isinstance(fault, SandboxTimedOut):
        # It will not get better by itself, and each try costs minutes. Lack of memory may.
        _hold(house, item_id, Verdict(IntakeOutcome.HELD, fault.code, fault.thai, fault.english))
        return IntakeOutcome.HELD
    return house.ledger.postpone(item_id, fault.code, fault.thai, fault.english)


def _hold(house: House, item_id: int, verdict: Verdict) -> None:
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id, with_for_update=True)
        end_item(session, item, verdict, at=house.clock(), actor=ACTOR)
