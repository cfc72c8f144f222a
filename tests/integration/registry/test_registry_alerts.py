"""Alerts: one open row per source and code, counted, cleared, opened anew."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.alerts import clear_alerts, open_alerts, raise_alert
from registry.engine import Sessions
from registry.models import Alert
from tests.conftest import NOON


def raised(sessions: Sessions, source: str, code: str, minute: int) -> None:
    with sessions.begin() as session:
        raise_alert(session, source, code, at=NOON + timedelta(minutes=minute))


def test_a_fault_that_lasts_is_one_row_that_counts(sessions: Sessions) -> None:
    for minute in range(3):
        raised(sessions, "main", "source_unavailable", minute)
    raised(sessions, "main", "sign_in_refused", 5)
    with sessions.begin() as session:
        first, second = open_alerts(session)
    assert (first.code, first.count) == ("source_unavailable", 3)
    assert (first.since, first.last_seen) == (NOON, NOON + timedelta(minutes=2))
    assert (second.code, second.count) == ("sign_in_refused", 1)


def test_a_good_poll_clears_and_the_next_spell_is_a_new_row(sessions: Sessions) -> None:
    raised(sessions, "main", "source_unavailable", 0)
    raised(sessions, "other", "source_unavailable", 0)
    with sessions.begin() as session:
        assert clear_alerts(session, "main", at=NOON) == ["source_unavailable"]
        assert clear_alerts(session, "main", at=NOON) == []
        assert [alert.source for alert in open_alerts(session)] == ["other"]
    raised(sessions, "main", "source_unavailable", 9)
    with sessions.begin() as session:
        rows = session.scalars(select(Alert).where(Alert.source == "main").order_by(Alert.id))
        assert [(row.count, row.cleared_at) for row in rows] == [(1, NOON), (1, None)]


def test_what_still_stands_is_not_cleared(sessions: Sessions) -> None:
    raised(sessions, "main", "source_unavailable", 0)
    raised(sessions, "main", "mail_not_delivered", 0)
    with sessions.begin() as session:
        clear_alerts(session, "main", at=NOON, but=["mail_not_delivered"])
        assert [alert.code for alert in open_alerts(session)] == ["mail_not_delivered"]


def test_the_database_refuses_a_second_open_row(sessions: Sessions) -> None:
    raised(sessions, "main", "source_unavailable", 0)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(
            Alert(source="main", code="source_unavailable", since=NOON, last_seen=NOON, count=1)
        )


def test_pollers_at_once_open_one_row(sessions: Sessions) -> None:
    threads = [
        threading.Thread(target=raised, args=(sessions, "main", "source_unavailable", n))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions.begin() as session:
        (alert,) = open_alerts(session)
    assert alert.count == 8
