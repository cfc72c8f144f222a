"""Letters a minute, the orchestrator's share and peak memory: flow against bare pipeline.

    python -m benchmarks.pipeline [--letters 200] [--grow 1000]

The same letters go through `process-letters` on a real Prefect server and through `pipeline/`
without Prefect, turn and turn about in the same run; each kind of letter alone through the
pipeline for letters a minute. `--grow` repeats the pipeline with more letters for the memory.
Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.letters import KINDS, write_letters
from correspondence.clock import utc_now
from correspondence.vocabulary import Channel
from flows.prefect_environment import client_environment
from flows.processes import ProcessSet
from flows.supervision import start_server
from office.settings import Settings
from pipeline.bootstrap import open_house
from registry.ledger import Arrival

PIPELINE = (
    "from pipeline.bootstrap import open_house; from pipeline.admission import drain_items; "
    "from pipeline.casework import drain_cases; from registry.leases import lease_owner; "
    "house = open_house(); owner = lease_owner(); "
    "drain_items(house, owner); drain_cases(house, owner)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: seconds of wall time, peak memory of all its processes in MB."""

    what: str
    letters: int
    seconds: float
    peak_mb: float

    @property
    def a_minute(self) -> float:
        """Letters a minute."""
        return self.letters / self.seconds * 60


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--grow", type=int, default=0, help="letters of a second, larger run")
    options = parser.parse_args()
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as scratch:
        folder = Path(scratch)
        digital = tuple(kind for kind in KINDS if kind != "scan")
        for kind in KINDS:
            paths = write_letters(folder / kind, options.letters // len(KINDS), kinds=(kind,))
            runs.append(_bare(folder / f"home-{kind}", f"pipeline, {kind}", paths))
        paths = write_letters(folder / "digital", options.letters, kinds=digital)
        bare = _bare(folder / "home-bare", "pipeline, digital mix", paths)
        flow = _flow(folder / "home-flow", "flow, digital mix", paths)
        runs += [bare, flow]
        if options.grow:
            more = write_letters(folder / "more", options.grow, kinds=digital)
            runs.append(_bare(folder / "home-more", "pipeline, digital mix, more", more))
    for run in runs:
        sys.stdout.write(
            f"{run.what:32} {run.letters:6} letters {run.seconds:8.1f} s "
            f"{run.a_minute:8.1f} a minute {run.peak_mb:8.0f} MB\n"
        )
    ratio = flow.seconds / bare.seconds
    share = max(0.0, 1 - bare.seconds / flow.seconds)
    sys.stdout.write(f"flow / pipeline: {ratio:.3f}; orchestrator's share: {share:.1%}\n")
    sys.stdout.write(
        json.dumps({"runs": [asdict(run) for run in runs], "ratio": ratio, "share": share}) + "\n"
    )


def _bare(home: Path, what: str, paths: list[Path]) -> Run:
    settings = _filled_house(home, paths)
    return _measure(what, len(paths), [sys.executable, "-c", PIPELINE], settings)


def _flow(home: Path, what: str, paths: list[Path]) -> Run:
    settings = _filled_house(home, paths)
    with ProcessSet(home / "logs") as processes:
        start_server(settings, processes)
        command = [sys.executable, "-m", "flows.now", "process"]
        return _measure(what, len(paths), command, settings)


def _filled_house(home: Path, paths: list[Path]) -> Settings:
    """Return a house whose ledger holds the letters, unread, and whose model is trained."""
    settings = Settings(home=home, prefect_port=4799)
    house = open_house(settings)
    _ = house.classifier
    for path in paths:
        house.ledger.store(
            Arrival(
                source="benchmark",
                source_key=path.name,
                channel=Channel.HAND,
                file_name=path.name,
                message_id=None,
                data=path.read_bytes(),
                arrived_at=utc_now(),
            )
        )
    house.close()
    return settings


def _measure(what: str, letters: int, command: list[str], settings: Settings) -> Run:
    started = time.monotonic()
    process = subprocess.Popen(command, env=client_environment(settings), cwd=Path.cwd())
    peak = _Peak(process.pid)
    peak.start()
    code = process.wait()
    seconds = time.monotonic() - started
    peak.stop()
    if code:
        raise SystemExit(f"{what}: exit code {code}")
    return Run(what, letters, seconds, peak.megabytes)


class _Peak(threading.Thread):
    """Samples the resident memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self.megabytes = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.2):
            total = 0
            try:
                for process in (self._process, *self._process.children(recursive=True)):
                    total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.megabytes = max(self.megabytes, total / 2**20)

    def stop(self) -> None:
        self._ended.set()
        self.join()


if __name__ == "__main__":
    main()
