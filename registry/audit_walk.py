"""Follow the chain of the audit trail link by link and name every place where it does not hold.

Pure: links and events come in, breaks come out, and memory does not grow with the chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from correspondence.vocabulary import ThaiTerm
from registry.audit_form import (
    AuditKeys,
    EventRecord,
    Head,
    Link,
    genesis_hash,
    link_hash,
    seal_holds,
)

# So many breaks are told one by one; the others are counted.
TOLD = 20


class BreakKind(ThaiTerm):
    """What does not hold at a place of the chain."""

    CHANGED = "changed", "ถูกแก้ไข"
    REMOVED = "removed", "ถูกลบ"
    INSERTED = "inserted", "ถูกแทรก"
    MOVED = "moved", "ลำดับไม่ต่อเนื่อง"
    SHORTENED = "shortened", "ส่วนท้ายถูกตัด"
    HEAD = "head", "ส่วนหัวของสายโซ่ไม่ตรง"
    ANCHOR = "anchor", "ไม่ตรงกับหลักหมุดที่เก็บไว้"
    KEY = "key", "กุญแจไม่ถูกต้อง"


@dataclass(frozen=True, slots=True)
class AuditBreak:
    """A place where the chain does not hold: link and event, None where there is none."""

    kind: BreakKind
    sequence: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a chain once ended, kept outside the database."""

    chain_id: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a walk found: the chain's length and end, and where it is broken.

    `keyed_from` is the first link made with a key. `breaks` holds the first ones, `break_count`
    counts all.
    """

    chain_id: str
    sequence: int
    hash: str
    keyed_from: int | None
    breaks: tuple[AuditBreak, ...]
    break_count: int


class ChainWalk:
    """One walk along a chain, from its first link to its head."""

    def __init__(self, keys: AuditKeys, head: Head, anchor: Anchor | None = None) -> None:
        """Keep what links are held against."""
        self._keys, self._head, self._anchor = keys, head, anchor
        self._sequence = 0
        self._hash = genesis_hash(head.chain_id)
        self._key_id = ""
        self._keyed_from: int | None = None
        self._breaks: list[AuditBreak] = []
        self._count = 0
        self._anchored = False
        self._hold_anchor()

    def follow(self, link: Link, event: EventRecord | None) -> None:
        """Take the next link by `sequence`, and its event; None if there is no such event."""
        gap = link.sequence - self._sequence - 1
        if gap < 0:
            # Before the first one: ours begin with 1.
            self._tell(BreakKind.INSERTED, link.sequence, link.event_id)
            return
        for missing in range(self._sequence + 1, self._sequence + 1 + min(gap, TOLD)):
            self._tell(BreakKind.REMOVED, missing)
        self._count += max(gap - TOLD, 0)
        if not gap and link.previous_hash != self._hash:
            self._tell(BreakKind.MOVED, link.sequence, link.event_id)
        if event is None:
            self._tell(BreakKind.REMOVED, link.sequence, link.event_id)
        else:
            self._hold(link, event)
        if link.key_id:
            self._keyed_from = self._keyed_from or link.sequence
        elif self._keyed_from is not None:
            self._tell(BreakKind.KEY, link.sequence, link.event_id)
        # Go on from what stands there, so that one break is told once.
        self._sequence, self._hash, self._key_id = link.sequence, link.hash, link.key_id
        self._hold_anchor()

    def meet_unchained(self, event_ids: Iterable[int]) -> None:
        """Take the events that no link holds."""
        for event_id in event_ids:
            self._tell(BreakKind.INSERTED, None, event_id)

    def end(self) -> AuditCheck:
        """Hold the end against head and anchor; returns what was found."""
        head = self._head
        if self._sequence < head.sequence:
            self._tell(BreakKind.SHORTENED, self._sequence)
        elif (self._sequence, self._hash, self._key_id) != (head.sequence, head.hash, head.key_id):
            self._tell(BreakKind.HEAD, self._sequence)
        if not self._keys.knows(head.key_id):
            self._tell(BreakKind.KEY)
        elif not seal_holds(self._keys, head):
            self._tell(BreakKind.HEAD, head.sequence)
        anchor = self._anchor
        if anchor is not None and not self._anchored:
            shorter = anchor.chain_id == head.chain_id and anchor.sequence > self._sequence
            self._tell(BreakKind.SHORTENED if shorter else BreakKind.ANCHOR, self._sequence)
        return AuditCheck(
            chain_id=head.chain_id,
            sequence=self._sequence,
            hash=self._hash,
            keyed_from=self._keyed_from,
            breaks=tuple(self._breaks),
            break_count=self._count,
        )

    def _hold(self, link: Link, event: EventRecord) -> None:
        try:
            right = link_hash(
                self._keys,
                form=link.form,
                key_id=link.key_id,
                sequence=link.sequence,
                previous=link.previous_hash,
                event=event,
            )
        except KeyError:
            self._tell(BreakKind.KEY, link.sequence, link.event_id)
            return
        except ValueError:
            right = ""
        if right != link.hash or event.id != link.event_id:
            self._tell(BreakKind.CHANGED, link.sequence, link.event_id)

    def _hold_anchor(self) -> None:
        anchor = self._anchor
        if anchor is not None and anchor.sequence == self._sequence:
            here = Anchor(self._head.chain_id, self._sequence, self._hash)
            self._anchored = anchor == here

    def _tell(self, kind: BreakKind, sequence: int | None = None, event: int | None = None) -> None:
        self._count += 1
        if len(self._breaks) < TOLD:
            self._breaks.append(AuditBreak(kind, sequence, event))
