"""A house with a trained model, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from office.settings import Settings
from pipeline.bootstrap import House, open_house
from tests.conftest import SetClock


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model, shared by all houses."""
    from classifiers.store import load_or_train

    folder = tmp_path_factory.mktemp("models")
    load_or_train(folder)
    return folder


@pytest.fixture
def house(database_url: str, tmp_path: Path, models: Path, clock: SetClock) -> Iterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(models)
    opened = open_house(Settings(home=home, database_url=database_url, workers=1), clock=clock)
    yield opened
    opened.close()
