"""The dead man's check tells of what did not happen, once, and where even the house is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from correspondence.vocabulary import Channel, Role
from office.settings import Settings
from pipeline.alerts import WATCHDOG, alerts_in_force
from pipeline.bootstrap import House
from pipeline.watchdog import (
    DISK_LOW,
    LETTER_WAITS,
    NO_GOOD_PULL,
    PREFECT_AWAY,
    WatchReport,
    watch_house,
)
from registry.models import SourceState
from tests.conftest import SetClock
from tests.seeding import arrive, employ, small_house
from tests.servers.smtp_server import MailServer, running_server

# Friday, noon in Bangkok; Saturday, noon.
FRIDAY = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
FOLDER = '[[folder]]\nname = "desk"\npath = "desk"\n'


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with running_server() as running:
        yield running


@pytest.fixture
def small(tmp_path: Path, clock: SetClock, server: MailServer) -> Iterator[House]:
    server.mails.clear()
    clock.now = FRIDAY
    # Nothing listens on port 9, so that Prefect is away.
    opened = small_house(tmp_path, clock, smtp_url=SecretStr(server.url()), prefect_port=9)
    employ(opened, "admin", Role.ADMINISTRATOR, None)
    yield opened
    opened.close()


def watch(house: House) -> WatchReport:
    return watch_house(house.settings, clock=house.clock)


def codes(report: WatchReport) -> set[str]:
    return {one.code for one in report.missed}


def pulled(house: House, source: str) -> None:
    house.ledger.polls.note(source, fault_code=None)


def sources(house: House) -> list[str]:
    return [source.name for source in house.configuration.sources.enabled]


def test_a_source_nobody_pulls_is_missed_in_office_hours_only(
    small: House, clock: SetClock
) -> None:
    names = set(sources(small))
    assert names
    missed = watch(small).missed
    assert {one.source for one in missed if one.code == NO_GOOD_PULL} == names
    for name in names:
        pulled(small, name)
    assert NO_GOOD_PULL not in codes(watch(small))
    clock.move(minutes=small.settings.watch_pull_minutes + 1)
    assert NO_GOOD_PULL in codes(watch(small))
    clock.now = SATURDAY
    assert NO_GOOD_PULL not in codes(watch(small))


def test_the_next_good_pull_clears_the_alert_of_its_source(small: House) -> None:
    name = sources(small)[0]
    watch(small)
    assert NO_GOOD_PULL in {a.code for a in alerts_in_force(small.sessions) if a.source == name}
    pulled(small, name)
    assert not [a for a in alerts_in_force(small.sessions) if a.source == name]


def test_a_letter_that_waits_too_long_is_missed_at_night_too(small: House, clock: SetClock) -> None:
    clock.now = SATURDAY
    arrive(small, "letter.pdf", clock(), Channel.SCAN)
    assert LETTER_WAITS not in codes(watch(small))
    clock.move(minutes=small.settings.watch_letter_minutes + 1)
    assert LETTER_WAITS in codes(watch(small))


def test_a_full_disk_and_a_silent_prefect_are_missed_until_they_are_mended(small: House) -> None:
    short = small.settings.model_copy(update={"watch_disk_megabytes": 10**9})
    assert {DISK_LOW, PREFECT_AWAY} <= codes(watch_house(short, clock=small.clock))
    watch(small)
    standing = {a.code for a in alerts_in_force(small.sessions) if a.source == WATCHDOG}
    assert standing == {PREFECT_AWAY}


def test_what_is_missed_is_mailed_once_not_every_minute(
    small: House, clock: SetClock, server: MailServer
) -> None:
    assert watch(small).mailed == 1
    clock.move(minutes=1)
    assert watch(small).mailed == 0
    (mail,) = server.mails
    assert "admin" in str(mail["To"]) and NO_GOOD_PULL in mail.get_content()


def test_a_house_that_does_not_open_is_mailed_at_once_and_hourly(
    small: House, tmp_path: Path, server: MailServer
) -> None:
    gone = Settings.model_validate(
        {
            "home": tmp_path / "gone",
            "database_url": "postgresql+psycopg://nobody@127.0.0.1:9/nothing",
            "smtp_url": server.url(),
            "alarm_to": "first@office.example second@office.example",
        }
    )
    report = watch_house(gone)
    assert codes(report) == {"database_away"} and report.mailed == 2
    assert {str(mail["To"]) for mail in server.mails} == {
        "first@office.example",
        "second@office.example",
    }
    assert all("database_away" in mail.get_content() for mail in server.mails)
    assert watch_house(gone).mailed == 0
    assert len(server.mails) == 2


def test_the_state_of_a_source_is_not_changed_by_looking(small: House) -> None:
    watch(small)
    with small.sessions.begin() as session:
        assert list(session.scalars(select(SourceState))) == []
