"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.commands import stop_commands


@pytest.fixture(scope="session", autouse=True)
def commands_end() -> Iterator[None]:
    """End the process that has the commands ready when the last test is done."""
    yield
    stop_commands()
