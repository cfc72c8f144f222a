"""What the dashboard counts is the same on both databases, and each figure has its list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from correspondence.vocabulary import Category
from pipeline.bootstrap import House
from pipeline.dashboard import dashboard
from pipeline.figure_list import FigureAsk, figure_list
from pipeline.open_cases import open_counts
from reports.kpi_period import fiscal_year
from tests.conftest import SetClock
from tests.seeding import Seed, finish, register, small_house

YEAR = fiscal_year(2027)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[House]:
    opened = small_house(tmp_path / "home", clock, database_url=database_url)
    finish(opened, register(opened))
    register(opened, Seed(due=(clock() - timedelta(days=3)).date()))
    political = Seed(category=Category.PARLIAMENTARY, subcategory="consultation", group="political")
    register(opened, political)
    yield opened
    opened.close()


def test_every_figure_has_as_many_cases_in_its_list_as_it_says(house: House) -> None:
    shown = dashboard(house, YEAR)
    assert (shown.total.received, shown.total.closed) == (3, 1)
    for figure in ("received", "closed", "open_overdue", "open_in_time"):
        listed = figure_list(house, FigureAsk(figure=figure, period=YEAR))
        assert listed.total == getattr(shown.total, figure), figure
    assert sum(count.number for count in open_counts(house)) == 2
    listed = figure_list(house, FigureAsk(figure="open_now", period=YEAR))
    assert listed.total == 2


def test_a_group_sees_its_own(house: House) -> None:
    assert dashboard(house, YEAR, "political").total.received == 1
    assert sum(count.number for count in open_counts(house, group="political")) == 1
