from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from registry.engine import Sessions
from registry.models import RegisterCounter
from registry.numbers import RegisterNumber, allocate_number

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def test_numbers_count_from_one_in_each_bangkok_year(sessions: Sessions) -> None:
    last_second = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC)
    with sessions.begin() as session:
        given = [allocate_number(session, at) for at in (last_second, new_year, last_second)]
    assert given == [RegisterNumber(2026, 1), RegisterNumber(2027, 1), RegisterNumber(2026, 2)]
    assert [str(number) for number in given] == ["1/2569", "1/2570", "2/2569"]


def test_a_rollback_gives_the_number_back(sessions: Sessions) -> None:
    class Refused(Exception):
        pass

    with sessions.begin() as session:
        allocate_number(session, NOON)
    with pytest.raises(Refused), sessions.begin() as session:
        assert allocate_number(session, NOON).number == 2
        raise Refused
    with sessions.begin() as session:
        assert allocate_number(session, NOON).number == 2


def test_fifty_writers_at_once_leave_no_gap_and_no_repeat(sessions: Sessions) -> None:
    each, writers = 4, 50
    given: list[int] = []
    faults: list[BaseException] = []
    lock = threading.Lock()
    together = threading.Barrier(writers)

    def write() -> None:
        together.wait()
        try:
            for turn in range(each):
                session = sessions()
                number = allocate_number(session, NOON).number
                # Every fourth transaction fails, as a killed process would.
                if turn == 3:
                    session.rollback()
                else:
                    session.commit()
                    with lock:
                        given.append(number)
                session.close()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(given) == list(range(1, writers * (each - 1) + 1))
    with sessions.begin() as session:
        assert session.scalar(select(RegisterCounter.last_number)) == len(given)
