from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from registry.engine import Sessions
from registry.models import OutboxMessage
from registry.outbox import (
    LONGEST_BACK_OFF,
    MAX_REFUSALS,
    MessageKey,
    NewMessage,
    claim_messages,
    defer_messages,
    mark_refused,
    mark_sent,
    outbox_standing,
    put_message,
)
from tests.conftest import SetClock

LEASE = timedelta(minutes=15)


def _new(recipient: str = "somchai@office.example", level: str = "1:2026-11-20") -> NewMessage:
    return NewMessage(MessageKey("overdue", level, None, recipient), "หัวเรื่อง", "เนื้อความ")


def _put(sessions: Sessions, clock: SetClock, message: NewMessage) -> bool:
    with sessions.begin() as session:
        return put_message(session, message, at=clock())


def _claim(sessions: Sessions, clock: SetClock, **more: object) -> list[int]:
    found = claim_messages(sessions, now=clock(), limit=10, lease=LEASE, **more)  # type: ignore[arg-type]
    return [message.id for message in found]


def test_the_second_put_of_a_key_changes_nothing(sessions: Sessions, clock: SetClock) -> None:
    assert _put(sessions, clock, _new())
    other = NewMessage(_new().key, "อื่น", "อื่น")
    assert not _put(sessions, clock, other)
    (message,) = claim_messages(sessions, now=clock(), limit=10, lease=LEASE)
    assert message.subject == "หัวเรื่อง"


def test_another_recipient_or_level_is_another_message(sessions: Sessions, clock: SetClock) -> None:
    assert _put(sessions, clock, _new())
    assert _put(sessions, clock, _new(recipient="anong@office.example"))
    assert _put(sessions, clock, _new(level="2:2026-11-20"))
    assert len(_claim(sessions, clock)) == 3


def test_a_rolled_back_transaction_puts_nothing(sessions: Sessions, clock: SetClock) -> None:
    with sessions() as session:
        put_message(session, _new(), at=clock())
        session.rollback()
    assert outbox_standing(sessions).waiting == 0


def test_a_claimed_message_is_not_claimed_again_until_its_lease_ends(
    sessions: Sessions, clock: SetClock
) -> None:
    _put(sessions, clock, _new())
    first = _claim(sessions, clock)
    assert len(first) == 1
    assert _claim(sessions, clock) == []
    clock.move(minutes=15)
    assert _claim(sessions, clock) == first


def test_a_sent_message_never_leaves_again(sessions: Sessions, clock: SetClock) -> None:
    _put(sessions, clock, _new())
    (message_id,) = _claim(sessions, clock)
    mark_sent(sessions, message_id, at=clock())
    clock.move(days=400)
    assert _claim(sessions, clock) == []
    assert not _put(sessions, clock, _new())
    assert outbox_standing(sessions).sent == 1


def test_a_refused_message_is_given_up_visibly(sessions: Sessions, clock: SetClock) -> None:
    _put(sessions, clock, _new())
    for _ in range(MAX_REFUSALS):
        (message_id,) = _claim(sessions, clock)
        mark_refused(sessions, message_id, "message_refused", at=clock())
        assert _claim(sessions, clock) == []
        clock.move(seconds=LONGEST_BACK_OFF.total_seconds())
    assert _claim(sessions, clock) == []
    standing = outbox_standing(sessions)
    assert (standing.waiting, standing.given_up) == (0, 1)


def test_a_server_away_for_a_week_costs_no_message(sessions: Sessions, clock: SetClock) -> None:
    _put(sessions, clock, _new())
    for _ in range(7 * 24):
        defer_messages(sessions, _claim(sessions, clock), "source_unavailable", at=clock())
        clock.move(hours=1)
    assert len(_claim(sessions, clock)) == 1


def test_withheld_alerts_stay_and_others_go(sessions: Sessions, clock: SetClock) -> None:
    _put(sessions, clock, _new())
    watchdog = NewMessage(MessageKey("watchdog", "1", None, "op@office.example"), "s", "b")
    _put(sessions, clock, watchdog)
    assert len(_claim(sessions, clock, withheld=["overdue"])) == 1


def test_eight_senders_share_the_messages_without_overlap(
    sessions: Sessions, clock: SetClock
) -> None:
    for number in range(40):
        _put(sessions, clock, _new(level=str(number)))

    def work(_: int) -> list[int]:
        taken: list[int] = []
        while batch := claim_messages(sessions, now=clock(), limit=3, lease=LEASE):
            taken += [message.id for message in batch]
        return taken

    with ThreadPoolExecutor(8) as pool:
        claimed = [message_id for ids in pool.map(work, range(8)) for message_id in ids]
    with sessions.begin() as session:
        assert session.query(OutboxMessage).count() == 40
    # On PostgreSQL a sender may come home empty-handed early; nothing is taken twice.
    assert len(claimed) == len(set(claimed)) == 40
