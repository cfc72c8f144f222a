"""The canonical form of an audit event and the hashes over it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry.audit_form import (
    FORM,
    AuditKeys,
    EventRecord,
    canonical,
    link_hash,
    make_head,
    make_link,
    seal_holds,
)

EVENT = EventRecord(
    id=7,
    at=datetime(2026, 11, 20, 5, 0, 0, 120, tzinfo=UTC),
    actor="somchai",
    action="approve",
    case_id=3,
    intake_item_id=None,
    from_state="in_review",
    to_state="sign_off",
    reason="เห็นชอบ",
    before={"version": 1, "group": None},
    after={"version": 2, "group": "complaints"},
)
OTHER = {
    "id": 8,
    "at": EVENT.at + timedelta(microseconds=1),
    "actor": "somchay",
    "action": "reject",
    "case_id": 4,
    "intake_item_id": 0,
    "from_state": None,
    "to_state": "",
    "reason": "เห็นชอบ ",
    "before": {"version": 1},
    "after": {"version": 2.0, "group": "complaints"},
}
NONE = AuditKeys()
FIRST, SECOND = "first key of the office, 32 chars", "second key of the office, 32 char"
KEYED = AuditKeys.of([FIRST])


def hash_of(event: EventRecord, keys: AuditKeys = NONE, previous: str = "00") -> str:
    return make_link(keys, key_id=keys.current_id, sequence=5, previous=previous, event=event).hash


def test_form_one_is_what_it_was_when_the_first_chains_were_made() -> None:
    # Worked out with hashlib from the JSON written by hand.
    assert hash_of(EVENT) == "963a20c558864d1fe816420d7416a78f26a3d4ab958db62f09ac7f74d35a256e"
    keyed = "f825b00d051518d8d4d5f663eae000538babb1e88d0aa75d4beb3516c1340b46"
    assert hash_of(EVENT, KEYED) == keyed


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": [1, "ก"], "a": {"d": None, "c": 0.5}}) == (
        rb'{"a":{"c":0.5,"d":null},"b":[1,"\u0e01"]}'
    )


@pytest.mark.parametrize("name", [field.name for field in fields(EventRecord)])
def test_every_column_of_an_event_counts(name: str) -> None:
    assert hash_of(replace(EVENT, **{name: OTHER[name]})) != hash_of(EVENT)  # type: ignore[arg-type]


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    bangkok = replace(EVENT, at=EVENT.at.astimezone(timezone(timedelta(hours=7))))
    assert hash_of(bangkok) == hash_of(EVENT)


def test_place_and_previous_hash_and_key_count() -> None:
    assert hash_of(EVENT, previous="01") != hash_of(EVENT)
    assert hash_of(EVENT, AuditKeys.of([SECOND])) != hash_of(EVENT, KEYED) != hash_of(EVENT)
    moved = link_hash(NONE, form=FORM, key_id="", sequence=6, previous="00", event=EVENT)
    assert moved != hash_of(EVENT)


def test_an_unknown_form_or_key_is_refused() -> None:
    with pytest.raises(ValueError, match="form 2"):
        link_hash(NONE, form=2, key_id="", sequence=1, previous="", event=EVENT)
    with pytest.raises(KeyError):
        NONE.digest(KEYED.current_id, b"")


def test_an_older_key_is_known_behind_a_newer_one() -> None:
    both = AuditKeys.of([SECOND, FIRST])
    assert both.current_id == AuditKeys.of([SECOND]).current_id
    assert both.digest(KEYED.current_id, b"x") == KEYED.digest(KEYED.current_id, b"x")
    assert both.knows(KEYED.current_id)
    assert not KEYED.knows(both.current_id)


def test_a_key_shows_itself_nowhere() -> None:
    assert FIRST not in repr(KEYED)
    assert FIRST not in KEYED.current_id


@pytest.mark.parametrize("keys", [NONE, KEYED])
def test_a_seal_holds_for_its_head_alone(keys: AuditKeys) -> None:
    head = make_head(keys, chain_id="a", sequence=9, last="ff", key_id=keys.current_id)
    assert seal_holds(keys, head)
    assert not seal_holds(keys, replace(head, sequence=8))
    assert not seal_holds(keys, replace(head, hash="fe"))
    assert not seal_holds(keys, replace(head, chain_id="b"))
    assert not seal_holds(keys, replace(head, seal="ก"))
