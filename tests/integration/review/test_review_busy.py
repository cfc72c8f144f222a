"""While somebody writes for long (a year of holidays re-dates ten thousand cases), others read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from correspondence.vocabulary import IntakeOutcome
from pipeline.bootstrap import House
from tests.conftest import SetClock
from tests.seeding import end_in, register, small_house
from tests.servers.review_app import running_review_app

PAGES = (
    *("/", "/work", "/triage", "/cases/1", "/cases/1/memo/1", "/search?q=โต๊ะ", "/calendar"),
    *("/overdue", "/waiting/held", "/register/print", "/health"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = small_house(tmp_path_factory.mktemp("busy"), SetClock())
    register(opened)
    end_in(opened, IntakeOutcome.HELD, "damaged")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with running_review_app(house) as opened:
        # Opening a case for the first time writes that it was seen.
        for page in PAGES:
            assert opened.get(page).status_code == 200, page
        yield opened


@pytest.mark.parametrize("page", PAGES)
def test_a_page_waits_for_no_writer(house: House, client: httpx.Client, page: str) -> None:
    with closing(sqlite3.connect(house.settings.home_folder / "saraban.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        # A page that wanted the lock would wait a minute for it.
        assert client.get(page, timeout=20).status_code == 200
        writer.rollback()
