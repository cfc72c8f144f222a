"""Administrators hear of each alert of the house once when raised and once when cleared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.vocabulary import Role
from pipeline.alert_notices import tell_alerts
from pipeline.bootstrap import House
from registry.alerts import clear_alerts, raise_alert
from registry.models import OutboxMessage
from tests.conftest import SetClock
from tests.seeding import employ, small_house


@pytest.fixture
def small(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock)
    yield opened
    opened.close()


def fault(house: House, source: str = "main", code: str = "source_unavailable") -> None:
    with house.sessions.begin() as session:
        raise_alert(session, source, code, at=house.clock())


def mend(house: House, source: str = "main") -> None:
    with house.sessions.begin() as session:
        clear_alerts(session, source, at=house.clock())


def mails(house: House) -> list[tuple[str, str]]:
    with house.sessions.begin() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [(row.recipient.partition("@")[0], row.body) for row in rows]


def test_an_alert_is_told_once_when_raised_and_once_when_cleared(
    house: House, clock: SetClock
) -> None:
    employ(house, "admin", Role.ADMINISTRATOR, None)
    employ(house, "desk", Role.REGISTRAR, None)
    fault(house)
    assert tell_alerts(house) == 1
    clock.move(minutes=15)
    fault(house)
    assert tell_alerts(house) == 0
    clock.move(minutes=15)
    mend(house)
    assert tell_alerts(house) == 1
    clock.move(minutes=15)
    assert tell_alerts(house) == 0
    (to, raised), (_, cleared) = mails(house)
    assert to == "admin"
    assert "เกิดขึ้น  main: source_unavailable" in raised
    assert "คลี่คลาย  main: source_unavailable" in cleared


def test_a_new_spell_of_the_same_fault_is_told_anew(small: House, clock: SetClock) -> None:
    employ(small, "admin", Role.ADMINISTRATOR, None)
    for _ in range(2):
        fault(small)
        tell_alerts(small)
        clock.move(minutes=15)
        mend(small)
        tell_alerts(small)
        clock.move(minutes=15)
    assert len(mails(small)) == 4


def test_a_storm_between_two_passes_is_one_mail_and_what_passed_is_told_as_passed(
    small: House, clock: SetClock
) -> None:
    employ(small, "admin", Role.ADMINISTRATOR, None)
    for minute in range(5):
        fault(small, source=f"box{minute}")
        clock.move(minutes=1)
        mend(small, source=f"box{minute}")
    fault(small, source="lasting")
    assert tell_alerts(small) == 1
    assert tell_alerts(small) == 0
    ((_, body),) = mails(small)
    assert body.count("คลี่คลาย  box") == 5 and body.count("เกิดขึ้น  lasting") == 1


def test_without_an_administrator_the_registrar_is_told_and_with_nobody_it_waits(
    small: House, clock: SetClock
) -> None:
    fault(small)
    assert tell_alerts(small) == 0
    clock.now += timedelta(hours=1)
    employ(small, "desk", Role.REGISTRAR, None)
    assert tell_alerts(small) == 1
    assert mails(small)[0][0] == "desk"
