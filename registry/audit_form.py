"""How an audit event is written down and hashed: one canonical form, whatever the database.

A link's hash covers the hash before it, its place, and every column of its event. With a key the
hash is an HMAC: whoever can write the database but does not know the key cannot make another.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

# A new form gets a new number; links of the old ones are checked by the old ones for ever.
FORM: Final = 1
PLAIN: Final = ""
_KEY_ID_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An audit event as the database gives it back; `at` is aware."""

    id: int
    at: datetime
    actor: str
    action: str
    case_id: int | None
    intake_item_id: int | None
    from_state: str | None
    to_state: str | None
    reason: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain as it is stored; hashes in lower-case hexadecimal."""

    sequence: int
    event_id: int
    form: int
    key_id: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends; `sequence` is 0 for an empty one."""

    chain_id: str
    sequence: int
    hash: str
    key_id: str
    seal: str


@dataclass(frozen=True, slots=True)
class AuditKey:
    """A secret kept outside the database, and the name under which links know it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """A name that does not tell the secret."""
        return hashlib.sha256(b"saraban audit key\0" + self.secret).hexdigest()[:_KEY_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """The keys of an office: the first one is in force, the others were before it."""

    keys: tuple[AuditKey, ...] = ()

    @classmethod
    def of(cls, secrets: Iterable[str]) -> AuditKeys:
        """Return the keys of these secrets, in their order."""
        return cls(tuple(AuditKey(secret.encode()) for secret in secrets))

    @property
    def current_id(self) -> str:
        """The key in force; empty without one."""
        return self.keys[0].id if self.keys else PLAIN

    def knows(self, key_id: str) -> bool:
        """Tell whether what was made with this key can be checked."""
        return key_id == PLAIN or any(key.id == key_id for key in self.keys)

    def digest(self, key_id: str, data: bytes) -> str:
        """Return the HMAC-SHA-256 of data under a key, or its SHA-256 for no key.

        Raises:
            KeyError: the key is not among these.
        """
        if key_id == PLAIN:
            return hashlib.sha256(data).hexdigest()
        for key in self.keys:
            if key.id == key_id:
                return hmac.new(key.secret, data, hashlib.sha256).hexdigest()
        raise KeyError(key_id)


def canonical(document: dict[str, Any]) -> bytes:
    """Return a document as ASCII JSON with sorted keys and no blanks."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")


def genesis_hash(chain_id: str) -> str:
    """Return what stands before the first link of a chain."""
    return hashlib.sha256(canonical({"saraban_audit_chain": chain_id})).hexdigest()


def link_hash(
    keys: AuditKeys, *, form: int, key_id: str, sequence: int, previous: str, event: EventRecord
) -> str:
    """Return the hash of a link.

    Args:
        keys: the keys known.
        form: the canonical form to use.
        key_id: the key to use; empty for none.
        sequence: the link's place, from 1.
        previous: the hash before it.
        event: what it holds.

    Raises:
        KeyError: the key is not known.
        ValueError: the form is not known.
    """
    if form != FORM:
        raise ValueError(f"no canonical form {form}")
    document = {
        "form": form,
        "key": key_id,
        "sequence": sequence,
        "previous": previous,
        "event": {
            "id": event.id,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "action": event.action,
            "case_id": event.case_id,
            "intake_item_id": event.intake_item_id,
            "from_state": event.from_state,
            "to_state": event.to_state,
            "reason": event.reason,
            "before": event.before,
            "after": event.after,
        },
    }
    return keys.digest(key_id, canonical(document))


def make_link(
    keys: AuditKeys, *, key_id: str, sequence: int, previous: str, event: EventRecord
) -> Link:
    """Return the link that holds an event at a place of the chain, in the present form."""
    made = link_hash(
        keys, form=FORM, key_id=key_id, sequence=sequence, previous=previous, event=event
    )
    return Link(sequence, event.id, FORM, key_id, previous, made)


def make_head(keys: AuditKeys, *, chain_id: str, sequence: int, last: str, key_id: str) -> Head:
    """Return a head, sealed: to shorten the chain one needs the key, or an older head."""
    return Head(
        chain_id, sequence, last, key_id, _seal(keys, chain_id, sequence, last, key_id=key_id)
    )


def seal_holds(keys: AuditKeys, head: Head) -> bool:
    """Tell whether a head is as it was sealed.

    Raises:
        KeyError: its key is not known.
    """
    sealed = _seal(keys, head.chain_id, head.sequence, head.hash, key_id=head.key_id)
    return hmac.compare_digest(sealed.encode(), head.seal.encode())


def mark_of_broken_seal(last: str) -> str:
    """Return what a link has as its previous hash where the head's seal did not hold.

    The office goes on, and the chain shows for ever that somebody had been at the head.
    """
    return hashlib.sha256(canonical({"broken_seal": last})).hexdigest()


def _seal(keys: AuditKeys, chain_id: str, sequence: int, last: str, *, key_id: str) -> str:
    sealed = {"chain_id": chain_id, "sequence": sequence, "hash": last, "key": key_id}
    return keys.digest(key_id, canonical({"head": sealed}))
