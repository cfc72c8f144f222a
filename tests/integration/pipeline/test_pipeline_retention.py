"""What is past its keeping period is listed, and nothing is deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Category, IntakeOutcome
from office.places import find_folder
from pipeline.bootstrap import House
from pipeline.retention import keep_until, list_retention
from pipeline.verifying import verify_house
from registry.models import Case
from tests.conftest import SetClock
from tests.seeding import Seed, end_in, finish, register, small_house


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: SetClock) -> Iterator[House]:
    shutil.copytree(find_folder("config"), tmp_path / "home" / "config")
    opened = small_house(tmp_path / "home", clock, database_url=database_url)
    yield opened
    opened.close()


def test_ended_cases_and_items_are_listed_after_their_period(house: House, clock: SetClock) -> None:
    ended, still_open, restricted = (register(house, Seed()) for _ in range(3))
    foreign = register(house, Seed(category=Category.FOREIGN_AFFAIRS))
    for case_id in (ended, restricted, foreign):
        finish(house, case_id)
    with house.sessions.begin() as session:
        session.execute(update(Case).where(Case.id == restricted).values(restricted=True))
    junk = end_in(house, IntakeOutcome.QUARANTINED, "automatic")
    end_in(house, IntakeOutcome.HELD, "damaged")
    rules = (house.configuration.folder / "retention.toml").read_text(encoding="utf-8")
    (house.configuration.folder / "retention.toml").write_text(
        rules + '\n[[case]]\nid = "foreign"\nyears = 20\ncategories = ["foreign_affairs"]\n',
        encoding="utf-8",
    )
    last_day = date(2036, 11, 20)
    assert list_retention(house).lines == ()
    assert [line.id for line in list_retention(house, last_day).lines] == [junk]
    found = list_retention(house, date(2036, 11, 21))
    assert (found.cases, found.items, found.unverified) == (
        2,
        1,
        ("ordinary", "foreign", "no_letters"),
    )
    assert [(x.record, x.id, x.register_numbers, x.rule) for x in found.lines] == [
        ("case", ended, ("1/2569",), "ordinary"),
        ("case", restricted, ("3/2569",), None),
        ("intake_item", junk, (), "no_letters"),
    ]
    assert {(x.ended_on, x.keep_until) for x in found.lines[:2]} == {(date(2026, 11, 20), last_day)}
    later = {line.id for line in list_retention(house, date(2046, 11, 21)).lines}
    assert foreign in later and still_open not in later
    clock.move(days=365 * 30)
    assert list_retention(house).cases == 3
    assert verify_house(house, lambda *_: None).outcome == "whole"


def test_without_the_file_ten_years_hold_and_a_wrong_one_is_named(house: House) -> None:
    path = house.configuration.folder / "retention.toml"
    path.unlink()
    case_id = register(house, Seed())
    finish(house, case_id)
    assert list_retention(house, date(2036, 11, 20)).lines == ()
    assert [line.id for line in list_retention(house, date(2036, 11, 21)).lines] == [case_id]
    path.write_text('[otherwise]\nid = "x"\nyears = 0\n')
    with pytest.raises(ConfigurationFault, match="years"):
        list_retention(house)


def test_a_period_begun_on_a_leap_day_ends_on_the_day_before_march() -> None:
    assert keep_until(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert keep_until(date(2028, 2, 29), 4) == date(2032, 2, 29)
