"""Is everything there and whole: blobs, register numbers, audit chain, due dates, the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

from correspondence.reading import Frozen
from pipeline.alerts import VERIFY
from pipeline.auditing import verify_audit
from pipeline.bootstrap import House
from registry.alerts import clear_alerts, raise_alert
from registry.blob_references import count_digests, digests_after, referrers
from registry.blobs import BlobState
from registry.engine import open_snapshot
from registry.soundness import (
    Finding,
    FindingKind,
    item_findings,
    number_findings,
    undated_case_findings,
)

# So many of a kind are told one by one; all are counted.
TOLD = 20
_TOLD_EVERY = 200
_OF_STATE = {
    BlobState.MISSING: FindingKind.BLOB_MISSING,
    BlobState.DAMAGED: FindingKind.BLOB_DAMAGED,
}

Tell = Callable[[str, int, int], None]
"""Called with a part's name, how much of it is done, and how much there is."""


class FindingLine(Frozen):
    """One kind of finding: how many, and the first records by their ids or register numbers."""

    kind: FindingKind
    thai: str
    count: int
    records: tuple[str, ...]


class VerifyReport(Frozen):
    """JSON of `verify`: `whole` or `faults_found`, what was looked at, what was found."""

    outcome: Literal["whole", "faults_found"]
    blobs: int
    events: int
    findings: tuple[FindingLine, ...]
    checked_at: datetime

    @property
    def found(self) -> int:
        """How many findings of all kinds."""
        return sum(line.count for line in self.findings)


def verify_house(house: House, tell: Tell) -> VerifyReport:
    """Look at everything; raises the alert of each kind found and clears those of the others.

    Memory does not grow with the house. Work may go on meanwhile: bytes are committed before
    the row that names them, so nothing that comes in shows as missing.

    Args:
        house: the office's house.
        tell: told how far it is.

    Raises:
        AuditKeyMissing: the trail is written with a key that this process was not given.
        BlobStoreAway: a store elsewhere does not answer.
    """
    found = _Found()
    blobs = _look_at_blobs(house, found, tell)
    for part, look in (
        ("register", number_findings),
        ("due dates", undated_case_findings),
        ("ledger", item_findings),
    ):
        tell(part, 0, 1)
        with open_snapshot(house.sessions) as session:
            found.add(look(session))
    tell("audit trail", 0, 1)
    trail = verify_audit(house)
    found.add(
        Finding(FindingKind.AUDIT_BROKEN, "audit_link", str(broken.sequence))
        for broken in trail.breaks
    )
    found.counts[FindingKind.AUDIT_BROKEN] = trail.break_count
    now = house.clock()
    _alert(house, found, now)
    lines = found.lines()
    return VerifyReport(
        outcome="faults_found" if lines else "whole",
        blobs=blobs,
        events=trail.events,
        findings=lines,
        checked_at=now,
    )


class _Found:
    """Counts of all findings and the first records of each kind."""

    def __init__(self) -> None:
        self.counts: Counter[FindingKind] = Counter()
        self._records: dict[FindingKind, list[str]] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.counts[finding.kind] += 1
            told = self._records.setdefault(finding.kind, [])
            if len(told) < TOLD:
                told.append(f"{finding.record} {finding.id}")

    def lines(self) -> tuple[FindingLine, ...]:
        return tuple(
            FindingLine(
                kind=kind,
                thai=kind.thai,
                count=self.counts[kind],
                records=tuple(self._records.get(kind, ())),
            )
            for kind in FindingKind
            if self.counts[kind]
        )


def _look_at_blobs(house: House, found: _Found, tell: Tell) -> int:
    """Hash every blob referred to; returns how many there are."""
    # Reading bytes takes long: no transaction is held open over it.
    with open_snapshot(house.sessions) as session:
        total = count_digests(session)
    done, last = 0, ""
    while True:
        with open_snapshot(house.sessions) as session:
            chunk = digests_after(session, last)
        if not chunk:
            return done
        for digest in chunk:
            if done % _TOLD_EVERY == 0:
                tell("blobs", done, total)
            done += 1
            state = house.blobs.examine(digest)
            if state is not BlobState.WHOLE:
                with open_snapshot(house.sessions) as session:
                    holders = referrers(session, digest, TOLD)
                found.add(Finding(_OF_STATE[state], who.record, str(who.id)) for who in holders)
        last = chunk[-1]


def _alert(house: House, found: _Found, now: datetime) -> None:
    # A broken trail has an alert of its own.
    codes = [
        kind.value
        for kind, count in found.counts.items()
        if count and kind is not FindingKind.AUDIT_BROKEN
    ]
    with house.sessions.begin() as session:
        for code in codes:
            raise_alert(session, VERIFY, code, at=now)
        clear_alerts(session, VERIFY, at=now, but=codes)
