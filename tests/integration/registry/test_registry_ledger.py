from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from correspondence.errors import StorageFull
from correspondence.vocabulary import Channel, IntakeOutcome
from registry.blobs import BlobStore
from registry.engine import Sessions
from registry.ledger import MAX_ATTEMPTS, Arrival, Ledger
from registry.models import IntakeItem
from tests.conftest import NOON, SetClock

LEASE = timedelta(minutes=5)


def arrival(key: str = "1", data: bytes = b"letter") -> Arrival:
    return Arrival(
        source="imap:main",
        source_key=key,
        channel=Channel.EMAIL,
        file_name="mail.eml",
        message_id=None,
        data=data,
        arrived_at=NOON,
    )


def test_the_same_key_is_stored_once(ledger: Ledger, blobs: BlobStore) -> None:
    first = ledger.store(arrival())
    second = ledger.store(arrival())
    assert (first.new, second.new) == (True, False)
    assert first.id == second.id
    assert ledger.counts() == {IntakeOutcome.PENDING: 1}


def test_without_room_for_the_bytes_there_is_no_row(ledger: Ledger, blobs: BlobStore) -> None:
    class Full(BlobStore):
        def put(self, data: bytes) -> str:
            raise StorageFull("no room")

    full = Ledger(ledger._sessions, Full("memory://full"), ledger._clock)
    with pytest.raises(StorageFull):
        full.store(arrival())
    assert ledger.counts() == {}


def test_pollers_at_once_store_a_mail_once(ledger: Ledger) -> None:
    together = threading.Barrier(8)
    stored: list[bool] = []

    def poll() -> None:
        together.wait()
        stored.extend(ledger.store(arrival(str(key))).new for key in range(5))

    threads = [threading.Thread(target=poll) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(stored) == 5
    assert ledger.counts() == {IntakeOutcome.PENDING: 5}


def test_an_item_is_claimed_by_one_worker_until_its_lease_ends(
    ledger: Ledger, clock: SetClock
) -> None:
    ids = [ledger.store(arrival(str(key))).id for key in range(3)]
    assert ledger.claim("a", 2, LEASE) == ids[:2]
    assert ledger.claim("b", 5, LEASE) == ids[2:]
    assert ledger.claim("c", 5, LEASE) == []
    clock.move(minutes=6)
    assert ledger.claim("c", 5, LEASE) == ids


def test_the_oldest_arrival_is_claimed_first(ledger: Ledger) -> None:
    late = ledger.store(replace(arrival("late"), arrived_at=NOON + timedelta(hours=1)))
    early = ledger.store(replace(arrival("early"), arrived_at=NOON - timedelta(hours=1)))
    assert ledger.claim("a", 5, LEASE) == [early.id, late.id]


def test_a_failing_item_waits_longer_each_time_and_then_is_held(
    ledger: Ledger, clock: SetClock
) -> None:
    item_id = ledger.store(arrival()).id
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        minutes = 0
        while not ledger.claim("a", 1, LEASE):
            clock.move(minutes=1)
            minutes += 1
        waits.append(minutes)
        outcome = ledger.postpone(item_id, "reader_crashed", "โปรแกรมอ่านหยุด", "Reader crashed.")
        expected = IntakeOutcome.HELD if attempt == MAX_ATTEMPTS else IntakeOutcome.PENDING
        assert outcome is expected
    assert waits == [0, 1, 2, 4]
    clock.move(days=30)
    assert ledger.claim("a", 1, LEASE) == []


def test_a_source_is_polled_by_one_at_a_time(ledger: Ledger, clock: SetClock) -> None:
    assert ledger.polls.lease("imap:main", "a", 60)
    assert not ledger.polls.lease("imap:main", "b", 60)
    assert ledger.polls.lease("imap:main", "a", 60)
    ledger.polls.release("imap:main", "b")
    assert not ledger.polls.lease("imap:main", "b", 60)
    ledger.polls.release("imap:main", "a")
    assert ledger.polls.lease("imap:main", "b", 60)
    clock.move(seconds=61)
    assert ledger.polls.lease("imap:main", "c", 60)


def test_what_the_source_was_not_told_is_listed(ledger: Ledger) -> None:
    ids = [ledger.store(arrival(str(key))).id for key in range(2)]
    ledger.mark_source_done(ids[0])
    assert ledger.not_done("imap:main") == [(ids[1], "1")]


def test_known_keys_among_thousands(ledger: Ledger) -> None:
    for key in range(3):
        ledger.store(arrival(str(key)))
    asked = (str(key) for key in range(2000))
    assert ledger.known_keys("imap:main", asked) == {"0", "1", "2"}


def test_a_poll_is_noted_good_or_with_its_fault(ledger: Ledger, clock: SetClock) -> None:
    ledger.polls.note("imap:main", fault_code=None)
    good = clock()
    clock.move(minutes=5)
    ledger.polls.note("imap:main", fault_code="source_unavailable")
    standing = ledger.polls.state("imap:main")
    assert (standing.last_good_poll_at, standing.last_poll_at) == (good, clock())
    assert standing.fault_code == "source_unavailable"


def test_uids_are_remembered(ledger: Ledger, sessions: Sessions) -> None:
    ledger.polls.save_uids("imap:main", uid_validity=4_294_967_295, last_uid=17)
    standing = ledger.polls.state("imap:main")
    assert (standing.uid_validity, standing.last_uid) == (4_294_967_295, 17)
    with sessions.begin() as session:
        assert session.query(IntakeItem).count() == 0
