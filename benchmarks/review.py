"""What pages of the review app cost with 50,000 cases and 30 people who look at them at once.

    python -m benchmarks.review [--cases 50000] [--users 30] [--seconds 60] [--think 1.0]
                                [--database postgresql | --database URL]

The app runs as it is served (`python -m review.serving`, a process of its own) on a house filled
with invented letters. Every person asks for one page after the other, with a pause of `--think`
seconds (half to one and a half of it) between, for `--seconds`; each page is then asked for alone,
by one person. Both are measured with a tenth of the cases first, in the same run and on the same
machine, so that the ratio tells what ten times the cases cost. The queries of a page are counted
at both sizes: they must not grow. Prints tables and one line of JSON.

Without `--database` it is SQLite; `postgresql` starts a server of its own in a temporary folder,
and a URL names an empty database.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from sqlalchemy import event
from starlette.testclient import TestClient

from benchmarks.review_load import Visitor, employ_staff, queries, store_office
from correspondence.clock import bangkok_day
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from review.app import create_app
from review.cookies import cookies_of

_ALONE = 12
_START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class PageCost:
    """One kind of page at one size; times in milliseconds, `queries` of one answer."""

    page: str
    cases: int
    asked: int
    p50: float
    p95: float
    alone: float
    queries: int
    faults: int


def measure(
    cases: int, users: int, seconds: float, think: float, database_url: str = ""
) -> list[PageCost]:
    """Return what each page costs at a tenth of the cases and at all of them."""
    costs = []
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as scratch:
        settings = Settings(home=Path(scratch), database_url=database_url, log_level="WARNING")
        filled = 0
        with open_house(settings) as house:
            staff = employ_staff(house, users)
            for size in (max(cases // 10, users), cases):
                began = time.perf_counter()
                store_office(house, filled + 1, size)
                if house.engine.dialect.name == "postgresql":
                    with house.engine.connect() as connection:
                        connection.exec_driver_sql("ANALYZE")
                filled = size
                sys.stderr.write(f"{size} cases stored in {time.perf_counter() - began:.0f} s\n")
                costs += _measure_size(house, staff, size, seconds, think)
    return costs


def _measure_size(
    house: House, staff: Sequence[Visitor], size: int, seconds: float, think: float
) -> list[PageCost]:
    counted = _count_queries(house, staff[0], size)
    cookie = cookies_of(house.settings).session
    with _served(house) as address:
        alone = _ask_alone(address, cookie, staff[0], size)
        crowd = asyncio.run(_ask_together(address, cookie, staff, size, seconds, think))
    return [
        PageCost(
            page=page,
            cases=size,
            asked=len(crowd.times[page]),
            p50=_share(crowd.times[page], 0.5),
            p95=_share(crowd.times[page], 0.95),
            alone=statistics.median(alone[page]),
            queries=counted[page],
            faults=crowd.faults[page],
        )
        for page in counted
    ]


def addresses(cases: int, seed: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield pages as people ask for them, over and over: name, path, parameters."""
    chance = random.Random(seed)
    typed = queries(cases)
    for _ in range(seed % 8):
        next(typed)
    month = f"{bangkok_day_text()}"
    while True:
        yield "register", "/", {}
        yield "search", "/search", {"q": next(typed)}
        yield "my work", "/work", {}
        yield "case", f"/cases/{chance.randrange(1, cases + 1)}", {}
        yield "calendar", "/calendar", {"month": month}
        yield "search", "/search", {"q": next(typed)}
        yield "register, deep", "/", {"page": str(max(1, cases // 50 // 2))}
        yield "case", f"/cases/{chance.randrange(1, cases + 1)}", {}
        yield "overdue", "/overdue", {}
        yield "figures", "/figures", {}
        yield "memo, file", f"/cases/{chance.randrange(1, cases + 1)}/memo/2", {}
        yield "memo, changes", f"/cases/{chance.randrange(1, cases + 1)}/difference", {}


def bangkok_day_text() -> str:
    """Return this month (CE) as an address has it."""
    from correspondence.clock import utc_now

    return f"{bangkok_day(utc_now()):%Y-%m}"


@dataclass
class _Crowd:
    times: dict[str, list[float]]
    faults: dict[str, int]


async def _ask_together(
    address: str, cookie: str, staff: Sequence[Visitor], cases: int, seconds: float, think: float
) -> _Crowd:
    found = _Crowd(defaultdict(list), defaultdict(int))
    until = time.monotonic() + seconds

    async def look(number: int, person: Visitor) -> None:
        chance = random.Random(number)
        async with httpx.AsyncClient(
            base_url=address, cookies={cookie: person.token}, timeout=120, trust_env=False
        ) as client:
            await asyncio.sleep(chance.uniform(0, think))
            # An office does not begin all at once with one page.
            steps = itertools.islice(addresses(cases, number), number % 12, None)
            for page, path, asked in steps:
                if time.monotonic() > until:
                    return
                began = time.perf_counter()
                answer = await client.get(path, params=asked)
                found.times[page].append((time.perf_counter() - began) * 1000)
                # What is not this person's is refused, and that is an answer.
                found.faults[page] += answer.status_code not in (200, 403)
                await asyncio.sleep(think * chance.uniform(0.5, 1.5))

    await asyncio.gather(*(look(number, person) for number, person in enumerate(staff)))
    return found


def _ask_alone(address: str, cookie: str, person: Visitor, cases: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    with httpx.Client(
        base_url=address, cookies={cookie: person.token}, timeout=120, trust_env=False
    ) as client:
        for page, path, asked in addresses(cases, 1):
            began = time.perf_counter()
            client.get(path, params=asked)
            times[page].append((time.perf_counter() - began) * 1000)
            if len(times["register"]) > _ALONE:
                return times
    raise AssertionError("addresses never end")


def _count_queries(house: House, person: Visitor, cases: int) -> dict[str, int]:
    """Return the most queries that one answer of each page took, in this process."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(house.engine, "before_cursor_execute", note)
    most: dict[str, int] = {}
    try:
        with TestClient(create_app(house), base_url="http://127.0.0.1") as client:
            client.cookies.set(cookies_of(house.settings).session, person.token)
            for step, (page, path, asked) in enumerate(addresses(cases, 1)):
                statements.clear()
                client.get(path, params=asked)
                if step > 24:
                    most[page] = max(most.get(page, 0), len(statements))
                if step > 48:
                    return most
    finally:
        event.remove(house.engine, "before_cursor_execute", note)
    raise AssertionError("addresses never end")


@contextmanager
def _database(asked: str) -> Iterator[str]:
    """Yield the URL of the database; a server is started for the name `postgresql` alone."""
    if asked != "postgresql":
        yield asked
        return
    from tests.servers.postgresql import postgresql_server

    with postgresql_server() as server:
        yield server.url


@contextmanager
def _served(house: House) -> Iterator[str]:
    """Serve the house in a process of its own; yields the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SARABAN_")},
        "SARABAN_HOME": str(house.settings.home),
        "SARABAN_DATABASE_URL": house.settings.database_url,
        "SARABAN_REVIEW_PORT": str(port),
        "SARABAN_LOG_LEVEL": "WARNING",
    }
    server = subprocess.Popen([sys.executable, "-m", "review.serving"], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                httpx.get(f"{address}/health", timeout=5, trust_env=False)
                break
            except httpx.TransportError:
                if time.monotonic() > until or server.poll() is not None:
                    raise
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(_START_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _share(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def show(costs: Sequence[PageCost]) -> None:
    """Print a table a size, the ratios, and one line of JSON."""
    out = sys.stdout.write
    sizes = sorted({cost.cases for cost in costs})
    first = {cost.page: cost for cost in costs if cost.cases == sizes[0]}
    out(f"{'page':16}{'cases':>9}{'asked':>7}{'p50 ms':>9}{'p95 ms':>9}{'alone':>8}")
    out(f"{'queries':>9}{'faults':>8}{'p95 ratio':>11}{'alone ratio':>13}\n")
    for cost in costs:
        base = first[cost.page]
        out(f"{cost.page:16}{cost.cases:>9,}{cost.asked:>7}{cost.p50:>9.0f}{cost.p95:>9.0f}")
        out(f"{cost.alone:>8.0f}{cost.queries:>9}{cost.faults:>8}")
        out(f"{cost.p95 / max(base.p95, 0.1):>10.2f}×{cost.alone / max(base.alone, 0.1):>12.2f}×\n")
    last = {cost.page: cost for cost in costs if cost.cases == sizes[-1]}
    grown = [page for page, cost in last.items() if cost.queries > first[page].queries]
    out(f"pages whose queries grow with the cases: {', '.join(grown) or 'none'}\n")
    out(json.dumps([asdict(cost) for cost in costs], ensure_ascii=False) + "\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--database", default="", help="postgresql, or URL of an empty database")
    options = parser.parse_args()
    with _database(options.database) as url:
        show(measure(options.cases, options.users, options.seconds, options.think, url))


if __name__ == "__main__":
    main()
