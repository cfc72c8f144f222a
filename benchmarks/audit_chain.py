"""What the chain of the audit trail costs: commits with and without it, a check, its memory.

    python -m benchmarks.audit_chain [--url URL] [--commits 500] [--writers 8] [--events 100000]

Prints one JSON document. On PostgreSQL give the URL of an empty database that it may fill.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import sessionmaker

from registry.audit_check import check_trail
from registry.audit_form import AuditKeys
from registry.engine import Sessions, open_engine, open_sessions, open_snapshot
from registry.migrate import upgrade_schema
from registry.models import AuditEvent

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
KEYS = AuditKeys.of(["a key of the audit trail for the benchmark"])


def an_event(number: int) -> AuditEvent:
    """An event of the usual size."""
    picture = {"version": number, "category": "complaint", "group": "complaints", "due_date": None}
    return AuditEvent(
        at=NOON,
        actor="saraban",
        action="classify",
        reason="",
        before=picture,
        after={**picture, "due_date": "2026-11-24"},
    )


def seconds_of_commits(sessions: Sessions, commits: int, writers: int) -> float:
    """Commit one event a time, by several writers at once."""
    each = commits // writers

    def write() -> None:
        for number in range(each):
            with sessions.begin() as session:
                session.add(an_event(number))

    threads = [threading.Thread(target=write) for _ in range(writers)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


def measure(url: str, *, commits: int, writers: int, events: int) -> dict[str, float | int]:
    """Return seconds, ratios and the peak of memory while a trail is checked."""
    engine = open_engine(url)
    upgrade_schema(engine)
    chained = open_sessions(engine, KEYS)
    plain = sessionmaker(engine, expire_on_commit=False)
    # The first connections and statements of either cost more.
    seconds_of_commits(chained, writers * 4, writers)
    found: dict[str, float | int] = {}
    for name, count in (("one_writer", 1), ("writers", writers)):
        with_chain = seconds_of_commits(chained, commits, count)
        without = seconds_of_commits(plain, commits, count)
        found[f"{name}_ms_a_commit"] = round(with_chain / commits * 1000, 2)
        found[f"{name}_ms_without"] = round(without / commits * 1000, 2)
        found[f"{name}_ratio"] = round(with_chain / without, 2)
    begin = time.perf_counter()
    with chained.begin() as session:
        session.add_all(an_event(number) for number in range(events))
    found["one_transaction_of_events"] = events
    found["one_transaction_seconds"] = round(time.perf_counter() - begin, 2)
    begin = time.perf_counter()
    with open_snapshot(chained) as session:
        checked = check_trail(session, KEYS)
    seconds = time.perf_counter() - begin
    found["checked_events"] = checked.sequence
    found["checked_a_second"] = round(checked.sequence / seconds)
    # What the runs without a chain wrote has no link, and the check says so.
    found["unchained"] = checked.break_count
    tracemalloc.start()
    with open_snapshot(chained) as session:
        check_trail(session, KEYS)
    found["check_peak_mb"] = round(tracemalloc.get_traced_memory()[1] / 2**20, 1)
    engine.dispose()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="")
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--events", type=int, default=100_000)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{Path(folder) / 'audit.db'}"
        found = measure(url, commits=chosen.commits, writers=chosen.writers, events=chosen.events)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
