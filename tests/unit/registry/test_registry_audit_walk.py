"""Whatever is done to a chain once, a walk along it finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.audit_form import (
    AuditKeys,
    EventRecord,
    Head,
    Link,
    genesis_hash,
    make_head,
    make_link,
)
from registry.audit_walk import TOLD, Anchor, AuditBreak, AuditCheck, BreakKind, ChainWalk

BEGIN = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
NONE = AuditKeys()
KEYED = AuditKeys.of(["a key of thirty-two characters or more"])
Links = list[tuple[Link, EventRecord]]


def some_event(number: int) -> EventRecord:
    return EventRecord(
        id=number,
        at=BEGIN + timedelta(minutes=number),
        actor="saraban",
        action="classify",
        case_id=number % 3,
        intake_item_id=None,
        from_state="registered",
        to_state="classified",
        reason="",
        before={"version": number},
        after={"version": number + 1, "category": "complaint"},
    )


def chain(
    length: int, keys: AuditKeys = NONE, *, plain: int = 0, chain_id: str = "c"
) -> tuple[Links, Head]:
    """A chain of events, the first `plain` of them made before there was a key."""
    links: Links = []
    previous, key_id = genesis_hash(chain_id), ""
    for number in range(1, length + 1):
        key_id = keys.current_id if number > plain else ""
        event = some_event(number)
        link = make_link(keys, key_id=key_id, sequence=number, previous=previous, event=event)
        previous = link.hash
        links.append((link, event))
    return links, make_head(keys, chain_id=chain_id, sequence=length, last=previous, key_id=key_id)


def walk(
    links: list[tuple[Link, EventRecord | None]] | Links,
    head: Head,
    keys: AuditKeys = NONE,
    *,
    anchor: Anchor | None = None,
    unchained: tuple[int, ...] = (),
) -> AuditCheck:
    walked = ChainWalk(keys, head, anchor)
    for link, event in links:
        walked.follow(link, event)
    walked.meet_unchained(unchained)
    return walked.end()


lengths = st.integers(1, 12)
keys = st.sampled_from([NONE, KEYED])
texts = st.text(max_size=6)
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "id": st.integers(0, 99),
    "at": st.datetimes(timezones=st.just(UTC)),
    "actor": texts,
    "action": texts,
    "case_id": st.none() | st.integers(0, 9),
    "intake_item_id": st.none() | st.integers(0, 9),
    "from_state": st.none() | texts,
    "to_state": st.none() | texts,
    "reason": texts,
    "before": st.dictionaries(texts, st.none() | st.integers() | texts),
    "after": st.dictionaries(texts, st.none() | st.integers() | texts),
}
LINK_CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "sequence": st.integers(-2, 20),
    "event_id": st.integers(0, 20),
    "form": st.integers(0, 3),
    "key_id": st.sampled_from(["", "0123456789abcdef", KEYED.current_id]),
    "previous_hash": texts,
    "hash": texts,
}


@given(lengths, keys)
def test_an_untouched_chain_holds(length: int, keys: AuditKeys) -> None:
    links, head = chain(length, keys)
    found = walk(links, head, keys, anchor=Anchor("c", length, head.hash))
    assert (found.break_count, found.breaks) == (0, ())
    assert (found.sequence, found.hash) == (length, head.hash)
    assert found.keyed_from == (1 if keys is KEYED else None)


def test_an_empty_chain_holds() -> None:
    links, head = chain(0)
    assert walk(links, head, anchor=Anchor("c", 0, genesis_hash("c"))).break_count == 0


@given(lengths, keys, st.data())
def test_any_change_of_an_event_is_found_at_its_place(
    length: int, keys: AuditKeys, data: st.DataObject
) -> None:
    links, head = chain(length, keys)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(sorted(CHANGES)))
    link, event = links[place]
    changed = replace(event, **{name: data.draw(CHANGES[name])})
    assume(changed != event)
    links[place] = (link, changed)
    found = walk(links, head, keys)
    assert found.breaks == (AuditBreak(BreakKind.CHANGED, place + 1, place + 1),)


@given(lengths, keys, st.data())
def test_any_change_of_a_link_is_found(length: int, keys: AuditKeys, data: st.DataObject) -> None:
    links, head = chain(length, keys)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(sorted(LINK_CHANGES)))
    link, event = links[place]
    changed = replace(link, **{name: data.draw(LINK_CHANGES[name])})
    assume(changed != link)
    links[place] = (changed, event)
    # The database gives them by sequence, which is unique there.
    links.sort(key=lambda pair: pair[0].sequence)
    assert walk(links, head, keys).break_count > 0


@given(lengths, keys, st.data())
def test_any_removal_is_found(length: int, keys: AuditKeys, data: st.DataObject) -> None:
    links, head = chain(length, keys)
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first, length - 1))
    events_only: list[tuple[Link, EventRecord | None]] = [
        (link, None if first <= place <= last else event)
        for place, (link, event) in enumerate(links)
    ]
    found = walk(events_only, head, keys)
    assert found.break_count == last - first + 1
    assert {one.kind for one in found.breaks} == {BreakKind.REMOVED}
    with_links = links[:first] + links[last + 1 :]
    kinds = {one.kind for one in walk(with_links, head, keys).breaks}
    at_the_end = last == length - 1
    assert kinds == {BreakKind.SHORTENED if at_the_end else BreakKind.REMOVED}


@given(lengths, keys, st.data())
def test_two_events_or_links_that_change_places_are_found(
    length: int, keys: AuditKeys, data: st.DataObject
) -> None:
    assume(length > 1)
    links, head = chain(length, keys)
    one, other = data.draw(
        st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True)
    )
    swapped = list(links)
    swapped[one] = (links[one][0], links[other][1])
    swapped[other] = (links[other][0], links[one][1])
    assert {b.sequence for b in walk(swapped, head, keys).breaks} == {one + 1, other + 1}
    renumbered = list(links)
    for place, source in ((one, other), (other, one)):
        link, event = links[source]
        renumbered[place] = (replace(link, sequence=place + 1), event)
    assert walk(renumbered, head, keys).break_count > 0


@given(lengths, keys, st.data())
def test_an_event_slipped_in_is_found(length: int, keys: AuditKeys, data: st.DataObject) -> None:
    links, head = chain(length, keys)
    assert walk(links, head, keys, unchained=(99,)).breaks == (
        AuditBreak(BreakKind.INSERTED, None, 99),
    )
    # With a link of its own, the later ones moved on by one.
    place = data.draw(st.integers(0, length))
    previous = links[place - 1][0].hash if place else genesis_hash("c")
    event = some_event(99)
    slipped = make_link(NONE, key_id="", sequence=place + 1, previous=previous, event=event)
    later = [(replace(link, sequence=link.sequence + 1), e) for link, e in links[place:]]
    assert walk([*links[:place], (slipped, event), *later], head, keys).break_count > 0


@given(lengths, st.data())
def test_without_the_key_nobody_forges_the_rest_of_a_chain(
    length: int, data: st.DataObject
) -> None:
    links, head = chain(length, KEYED)
    place = data.draw(st.integers(0, length - 1))
    forged, forged_head = chain(length, NONE)
    mixed = links[:place] + forged[place:]
    assert walk(mixed, head, KEYED).break_count > 0
    whole = walk(mixed, forged_head, KEYED)
    # Made anew from its first link it looks as before there was a key, and the walk says so.
    assert whole.break_count > 0 if place else whole.keyed_from is None
    claimed = [(replace(link, key_id=KEYED.current_id), event) for link, event in forged]
    assert walk(claimed, replace(forged_head, key_id=KEYED.current_id), KEYED).break_count > 0


@given(lengths, keys, st.data())
def test_an_anchor_finds_a_chain_that_was_shortened_or_made_anew(
    length: int, keys: AuditKeys, data: st.DataObject
) -> None:
    links, head = chain(length, keys)
    anchor = Anchor("c", length, head.hash)
    kept = data.draw(st.integers(0, length - 1))
    shorter, its_head = chain(kept, keys)
    assert walk(shorter, its_head, keys).break_count == 0
    assert walk(shorter, its_head, keys, anchor=anchor).breaks == (
        AuditBreak(BreakKind.SHORTENED, kept),
    )
    grown, grown_head = chain(length + 1, keys)
    assert walk(grown, grown_head, keys, anchor=anchor).break_count == 0
    # All made anew with one event changed, by somebody who has the key.
    event = replace(links[kept][1], actor="somebody else")
    previous = links[kept - 1][0].hash if kept else genesis_hash("c")
    again = list(links[:kept])
    for sequence in range(kept + 1, length + 1):
        link = make_link(
            keys, key_id=keys.current_id, sequence=sequence, previous=previous, event=event
        )
        previous = link.hash
        again.append((link, event))
        event = links[sequence][1] if sequence < length else event
    new_head = make_head(keys, chain_id="c", sequence=length, last=previous, key_id=keys.current_id)
    assert walk(again, new_head, keys).break_count == 0
    assert walk(again, new_head, keys, anchor=anchor).breaks == (
        AuditBreak(BreakKind.ANCHOR, length),
    )
    foreign, foreign_head = chain(length, keys, chain_id="another")
    assert {b.kind for b in walk(foreign, foreign_head, keys, anchor=anchor).breaks} == {
        BreakKind.ANCHOR
    }


def test_a_key_may_begin_and_follow_another_but_not_end() -> None:
    links, head = chain(6, KEYED, plain=2)
    assert walk(links, head, KEYED).keyed_from == 3
    assert walk(links, head, KEYED).break_count == 0
    newer = AuditKeys.of(["a newer key of thirty-two characters", KEYED.keys[0].secret.decode()])
    event = some_event(7)
    link = make_link(newer, key_id=newer.current_id, sequence=7, previous=head.hash, event=event)
    end = make_head(newer, chain_id="c", sequence=7, last=link.hash, key_id=newer.current_id)
    assert walk([*links, (link, event)], end, newer).break_count == 0
    assert {b.kind for b in walk([*links, (link, event)], end, KEYED).breaks} == {BreakKind.KEY}
    plain = make_link(NONE, key_id="", sequence=7, previous=head.hash, event=event)
    end = make_head(NONE, chain_id="c", sequence=7, last=plain.hash, key_id="")
    found = walk([*links, (plain, event)], end, KEYED)
    assert found.breaks == (AuditBreak(BreakKind.KEY, 7, 7),)


@pytest.mark.parametrize("length", [TOLD + 5, 10 * TOLD])
def test_breaks_are_counted_and_the_first_ones_told(length: int) -> None:
    links, head = chain(length)
    found = walk([(link, replace(event, actor="x")) for link, event in links], head)
    assert (found.break_count, len(found.breaks)) == (length, TOLD)
    gap = walk([links[-1]], head)
    assert (gap.break_count, len(gap.breaks)) == (length - 1, TOLD)
