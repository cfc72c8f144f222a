from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.kpi_cost import MONTH, fill, measure_kpi
from registry.case_history import histories_of, period_histories
from registry.engine import open_snapshot
from tests.conftest import SetClock
from tests.seeding import small_house

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_the_benchmark_counts_every_case(database_url: str) -> None:
    costs = measure_kpi((20, 60), database_url)
    assert [cost.cases for cost in costs] == [20, 60]
    assert all(cost.seconds > 0 and cost.one_by_one > 0 for cost in costs)


def test_histories_read_side_by_side_are_those_read_alone(
    tmp_path: Path, database_url: str
) -> None:
    house = small_house(tmp_path / "home", SetClock(NOW), database_url=database_url)
    fill(house, 1, 120)
    begin, end = MONTH.bounds()
    with open_snapshot(house.sessions) as session:
        together = list(period_histories(session, begin, end, until=end))
        alone = [
            history
            for case_id in range(1, 121)
            for history in histories_of(session, [case_id], until=end)
        ]
        some = list(histories_of(session, [7, 3, 999, 3], until=end))
    house.close()
    assert together == alone
    assert [history.case_id for history in together] == list(range(1, 121))
    assert [history.case_id for history in some] == [3, 7]
    assert any(len(history.due_dates) == 2 for history in together)
    assert {history.due_dates[0].due_date for history in together} > {date(2026, 10, 20)}
