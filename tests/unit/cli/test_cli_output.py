from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.console import Console

from cli import output


def test_a_table_shows_moments_by_the_clock_of_bangkok_and_nothing_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    console = Console(width=100)
    monkeypatch.setattr(output, "people", console)
    with console.capture() as printed:
        output.print_table(
            ("run", "started", "fault"),
            [("pull", datetime(2026, 11, 21, 22, 0, 9, 344940, tzinfo=UTC), None)],
        )
    assert "2026-11-22 05:00 " in printed.get() and "None" not in printed.get()
