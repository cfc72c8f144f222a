"""Letters an hour of the whole house, each figure beside another of the same run.

    python -m benchmarks.throughput [--letters 500] [--grow 2000] [--scans 60] [--backlog 1000]
        [--only flow memory workers databases urgent] [--urgent-as mark] [--without-scans]

flow       the mix (60 % digital PDF, 30 % scans of 2 pages, 10 % mail) through `process-letters`
           on a real Prefect server, and through the plain loop; share of time by stage
memory     peak memory of the flow with `--grow` letters over that with `--letters`
workers    scans by two workers over one
databases  digital PDF and mail on PostgreSQL over SQLite
urgent     how long a most urgent letter waits that comes in behind `--backlog` others, over an
           ordinary one that comes in with it

Letters are the demo's samples, each with numbers of its own. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from benchmarks.letter_mix import TEN, mixed_letters
from benchmarks.varied_letters import varied_mail
from correspondence.clock import utc_now
from correspondence.vocabulary import Channel
from flows.prefect_environment import client_environment
from flows.processes import ProcessSet
from flows.supervision import start_server
from intake.urgency_look import look_at_mail
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import open_house
from registry.ledger import Arrival
from tests.servers.postgresql import running_postgresql

PARTS = ("flow", "memory", "workers", "databases", "urgent")
URGENT_AS = ("mark", "rule")
# Text letters only: where recognition would drown what is compared.
QUICK = ("digital", "digital", "digital", "digital", "digital", "mail")
_PORT = 4799


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: wall seconds, processor seconds, peak memory of its processes in MB.

    `server_cpu_seconds` are those of Prefect's server meanwhile, which runs beside it.
    """

    what: str
    letters: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    server_cpu_seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)

    @property
    def an_hour(self) -> float:
        """Letters an hour."""
        return self.letters / self.seconds * 3600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=500, help="of the mix")
    parser.add_argument("--grow", type=int, default=2000, help="of the mix, for the memory")
    parser.add_argument("--scans", type=int, default=60, help="for one worker against two")
    parser.add_argument("--backlog", type=int, default=1000, help="before the urgent letter")
    parser.add_argument(
        "--without-scans", action="store_true", help="leave them out of the mix: a short look"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument(
        "--urgent-as",
        choices=URGENT_AS,
        default="mark",
        help="the sender's own mark in the subject, or the priority of a mailbox rule",
    )
    options = parser.parse_args()
    kinds = QUICK if options.without_scans else TEN
    runs: list[Run] = []
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as scratch:
        bench = _Bench(Path(scratch))
        if "flow" in options.only or "memory" in options.only:
            letters = bench.letters(options.letters, kinds)
            flow = bench.flow("flow, mix", letters)
            runs.append(flow)
        if "flow" in options.only:
            plain = bench.plain("plain loop, mix", letters)
            runs.append(plain)
            ratios["flow / plain loop"] = flow.seconds / plain.seconds
            ratios["orchestrator's share of wall time"] = 1 - plain.seconds / flow.seconds
            both = flow.cpu_seconds + flow.server_cpu_seconds
            ratios["orchestrator's share of processor time"] = 1 - plain.cpu_seconds / both
        if "memory" in options.only:
            more = bench.flow("flow, mix, more", bench.letters(options.grow, kinds))
            runs.append(more)
            ratios[f"memory at {options.grow} / {options.letters}"] = more.peak_mb / flow.peak_mb
        if "workers" in options.only:
            scans = bench.letters(options.scans, ("scan",))
            one = bench.plain("scans, 1 worker", scans, workers=1)
            two = bench.plain("scans, 2 workers", scans, workers=2)
            runs += [one, two]
            ratios["2 workers / 1, scans"] = one.seconds / two.seconds
        if "databases" in options.only:
            quick = bench.letters(options.letters, QUICK)
            lite = bench.plain("SQLite, digital and mail", quick)
            with running_postgresql() as url:
                server = bench.plain("PostgreSQL, digital and mail", quick, database_url=url)
            runs += [lite, server]
            ratios["PostgreSQL / SQLite, seconds"] = server.seconds / lite.seconds
        if "urgent" in options.only:
            waits = bench.urgent(options.backlog, options.urgent_as)
            ratios["most urgent / ordinary, seconds waited"] = waits.urgent / waits.ordinary
            sys.stdout.write(
                f"behind {options.backlog} letters: the most urgent waited {waits.urgent:.0f} s, "
                f"an ordinary one {waits.ordinary:.0f} s\n"
            )
    _print(runs, ratios)


def _print(runs: Sequence[Run], ratios: Mapping[str, float]) -> None:
    for run in runs:
        sys.stdout.write(
            f"{run.what:32} {run.letters:6} letters {run.seconds:8.1f} s {run.an_hour:8.0f} an "
            f"hour, processor {run.cpu_seconds:7.1f} s, server {run.server_cpu_seconds:5.1f} s, "
            f"{run.peak_mb:6.0f} MB\n"
        )
        whole = sum(run.stages.values())
        for stage, seconds in sorted(run.stages.items(), key=lambda one: -one[1]):
            sys.stdout.write(f"    {stage:28} {seconds:8.1f} s {seconds / whole:7.1%}\n")
    for what, ratio in ratios.items():
        sys.stdout.write(f"{what}: {ratio:.3f}\n")
    sys.stdout.write(json.dumps({"runs": [asdict(run) for run in runs], "ratios": ratios}) + "\n")


@dataclass(frozen=True, slots=True)
class _Waits:
    urgent: float
    ordinary: float


class _Bench:
    """Makes letters once, a new house for each run, and measures its processes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._homes = 0

    def letters(self, count: int, kinds: Sequence[str]) -> list[Path]:
        """Write letters into a folder of their own."""
        folder = Path(tempfile.mkdtemp(dir=self._scratch, prefix="letters-"))
        paths = []
        for letter in mixed_letters(count, kinds=kinds):
            path = folder / letter.name
            path.write_bytes(letter.data)
            paths.append(path)
        return paths

    def plain(
        self, what: str, paths: list[Path], *, workers: int = 0, database_url: str = ""
    ) -> Run:
        """Run the plain loop in a process of its own."""
        with self._house(paths, workers, database_url) as settings:
            command = [sys.executable, "-m", "benchmarks.plain_loop"]
            return _measure(what, len(paths), command, settings)

    def flow(self, what: str, paths: list[Path]) -> Run:
        """Run `process-letters` against a Prefect server, whose own cost is not counted here."""
        with (
            self._house(paths, 0, "") as settings,
            ProcessSet(settings.home_folder / "logs") as processes,
        ):
            server = start_server(settings, processes).process.pid
            command = [sys.executable, "-m", "flows.now", "process"]
            before = _cpu_of(server)
            run = _measure(what, len(paths), command, settings)
            return replace(run, server_cpu_seconds=_cpu_of(server) - before)

    def urgent(self, backlog: int, urgent_as: str) -> _Waits:
        """Let two letters come in behind a backlog that is being worked off."""
        paths = self.letters(backlog, QUICK)
        with self._house(paths, 0, "") as settings:
            process = _start([sys.executable, "-m", "benchmarks.plain_loop"], settings)
            engine = create_engine(settings.database, connect_args={"timeout": 60})
            arrived = 0.0
            waits: dict[str, float] = {}
            try:
                while process.poll() is None and len(waits) < 2:
                    time.sleep(0.5)
                    with engine.connect() as connection:
                        done = dict(
                            connection.execute(
                                text(
                                    "SELECT i.source_key, c.state FROM intake_items i"
                                    " JOIN letters l ON l.intake_item_id = i.id"
                                    " JOIN cases c ON c.id = l.case_id"
                                    " WHERE c.state IN ('in_review', 'triage')"
                                )
                            )
                            .tuples()
                            .all()
                        )
                    if not arrived and done:
                        _send_two(settings, urgent_as)
                        arrived = time.monotonic()
                    for key in ("urgent", "ordinary"):
                        if key in done and key not in waits:
                            waits[key] = time.monotonic() - arrived
                _end(process)
            finally:
                engine.dispose()
                with suppress(ProcessLookupError):
                    process.kill()
            return _Waits(waits["urgent"], waits["ordinary"])

    @contextmanager
    def _house(self, paths: list[Path], workers: int, database_url: str) -> Iterator[Settings]:
        """Yield a house whose ledger holds the letters, unread, and whose model is trained."""
        self._homes += 1
        home = self._scratch / f"home-{self._homes}"
        shutil.copytree(find_folder("config"), home / "config")
        (home / "config" / "sources.toml").write_text(_SOURCES, encoding="utf-8")
        settings = Settings.model_validate(
            {
                "home": home,
                "prefect_port": _PORT,
                "workers": workers,
                "database_url": database_url,
                "blob_url": "",
            }
        )
        with open_house(settings) as house:
            _ = house.classifier
            for begin in range(0, len(paths), 100):
                house.ledger.store_many([_arrival(path) for path in paths[begin : begin + 100]])
        yield settings
        with open_house(settings) as house:
            counts = house.ledger.counts()
        if not database_url:
            shutil.rmtree(home)
        others = {outcome.value: n for outcome, n in counts.items() if outcome != "registered"}
        if others:
            sys.stdout.write(f"not registered: {others}\n")


# The mail rule gives a priority to the letters that the office's own people mark so.
_SOURCES = """[[mailbox]]
name = "benchmark"
host = "127.0.0.1"
port = 9
tls = "off"
user = "nobody"
password_env = "SARABAN_BENCH_PASSWORD"

[[mailbox.rule]]
name = "first"
subject = ["PRIORITY"]
priority = 9
"""


def _arrival(path: Path) -> Arrival:
    return Arrival(
        source="benchmark-files",
        source_key=path.name,
        channel=Channel.EMAIL if path.suffix == ".eml" else Channel.HAND,
        file_name=path.name,
        message_id=None,
        data=path.read_bytes(),
        arrived_at=utc_now(),
    )


def _send_two(settings: Settings, urgent_as: str) -> None:
    """Let an ordinary and a most urgent mail come in, the ordinary one a moment before."""
    ordinary = varied_mail(0, seed="ordinary")
    word = "ด่วนที่สุด" if urgent_as == "mark" else "PRIORITY"
    urgent = varied_mail(1, seed="urgent").replace(b"Subject: ", f"Subject: {word} ".encode())
    urgent = urgent.replace(b"\r\n\r\n", f"\r\n\r\n{word}\r\n".encode(), 1)
    with open_house(settings) as house:
        for key, raw in (("ordinary", ordinary), ("urgent", urgent)):
            house.ledger.store(
                Arrival(
                    source="benchmark",
                    source_key=key,
                    channel=Channel.EMAIL,
                    file_name=f"{key}.eml",
                    message_id=None,
                    data=raw,
                    arrived_at=utc_now(),
                    to_sort=True,
                    # As whoever pulls a mailbox looks before anything is read.
                    priority=look_at_mail(raw),
                )
            )


def _start(command: list[str], settings: Settings) -> subprocess.Popen[bytes]:
    environment = client_environment(settings) | {
        "SARABAN_WORKERS": str(settings.workers),
        "SARABAN_DATABASE_URL": settings.database_url,
        "SARABAN_CONFIG": str(settings.home_folder / "config"),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")]),
    }
    return subprocess.Popen(command, env=environment, cwd=Path.cwd(), stdout=subprocess.PIPE)


def _end(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Wait for a run and return the seconds of its stages, where it tells them."""
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"exit code {process.returncode}")
    with suppress(ValueError, IndexError):
        found: dict[str, float] = json.loads(output.decode().splitlines()[-1])
        return found
    return {}


def _measure(what: str, letters: int, command: list[str], settings: Settings) -> Run:
    started = time.monotonic()
    process = _start(command, settings)
    usage = _Usage(process.pid)
    usage.start()
    stages = _end(process)
    seconds = time.monotonic() - started
    usage.stop()
    return Run(what, letters, seconds, usage.cpu_seconds, usage.megabytes, stages=stages)


def _cpu_of(pid: int) -> float:
    """Return the processor seconds of a process and all below it."""
    whole = psutil.Process(pid)
    times = [process.cpu_times() for process in (whole, *whole.children(recursive=True))]
    return sum(one.user + one.system for one in times)


class _Usage(threading.Thread):
    """Samples memory and processor time of a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._cpu: dict[int, float] = {}
        self.megabytes = 0.0

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu.values())

    def run(self) -> None:
        while not self._ended.wait(0.2):
            total = 0.0
            with suppress(psutil.NoSuchProcess):
                for process in (self._process, *self._process.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess):
                        total += process.memory_info().rss / 2**20
                        times = process.cpu_times()
                        self._cpu[process.pid] = times.user + times.system
            self.megabytes = max(self.megabytes, total)

    def stop(self) -> None:
        self._ended.set()
        self.join()


if __name__ == "__main__":
    main()
