"""The flow that enters an archive of old scans, with Dask where it is installed.

Dask's processes run the same code as one machine's own pool: each takes lots from the ledger by
lease for a minute at a time, so that a task carries far more than it costs, and one that is killed
loses nothing. Run with `python -m flows.import_archive` by `saraban import-archive --helpers N`.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import Field

from correspondence.errors import SourceUnavailable
from flows.count_words import count_rows
from flows.counts import show_counts
from flows.prefect_environment import api_url
from flows.processes import answers
from flows.progress import log_progress
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from office.settings import Settings
from pipeline.archive import archive_waits, daily_letters_wait, take_in
from pipeline.archive_import import be_nice, check_places, put_report, read_part
from pipeline.archive_report import ArchiveList
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from registry.leases import free_dead_leases

PART_SECONDS = 60.0
# Rounds that find nothing to claim although something waits: the rest waits for its next try.
_IDLE_ROUNDS = 2
DESCRIPTION = (
    "นำเข้าคลังหนังสือเก่าเป็นชุด ไม่นับเวลาและไม่แจ้งเตือน หนังสือประจำวันมาก่อนเสมอ\n\n"
    "Enters an archive of old scans; letters of the day go first. Killed, it is begun again."
)


@task(name="read-part", cache_policy=NO_CACHE, persist_result=False)
def read_some(readers: int, seconds: float) -> dict[str, int]:
    """Read of the archive for some seconds in this process; counts by outcome."""
    be_nice()
    with open_house() as house:
        return read_part(house, readers=readers, seconds=seconds)


@flow(
    name="import-archive",
    description=DESCRIPTION,
    flow_run_name=called("import-archive"),
    persist_result=False,
)
def import_archive(
    folder: Annotated[str, Field(title="โฟลเดอร์ · Folder", min_length=1)],
    report: Annotated[str, Field(title="รายงาน · Report (.csv)", min_length=1)],
    helpers: Annotated[int, Field(title="Processes", ge=1, le=64)] = 1,
) -> State[None]:
    """Enter every file below a folder, once, and write a report.

    Args:
        folder: on the machine that runs this.
        report: the .csv to write there.
        helpers: processes that read side by side.
    """
    source, target = Path(folder), Path(report)
    check_places(source, target)
    counts: Counter[str] = Counter()
    with open_house() as house, ArchiveList() as listed:
        start_log(house.settings, "import-archive")
        started = house.clock()
        free_dead_leases(house.sessions)
        progress = log_progress()
        taken = run_step("take-in", "folder", lambda: take_in(house, source, listed, progress))
        idle = 0
        while archive_waits(house) and idle < _IDLE_ROUNDS:
            parts = [read_some.submit(1, PART_SECONDS) for _ in range(helpers)]
            done: Counter[str] = Counter()
            for part in parts:
                # One that was killed or lost loses its count alone: the ledger knows the rest.
                told = part.result(raise_on_failure=False)
                done.update(told if isinstance(told, dict) else {})
            counts += done
            # What a killed one had claimed is read in the next round.
            free_dead_leases(house.sessions)
            idle = 0 if done or daily_letters_wait(house) else idle + 1
        put_report(house, listed, target)
        waiting = archive_waits(house)
        rows = {"new": taken.new, "known": taken.known, "refused": taken.refused, **counts}
        show_counts("import-archive", count_rows(rows), "คลังหนังสือเก่า · The archive")
        record_cycle(
            house, "import-archive", started, rows, outcome="done", run_id=str(flow_run.id)
        )
    left = waiting + counts["held"] + counts["secret"]
    return end_run(
        f"{taken.new} new, {counts['registered']} registered",
        attention=f"{left} wait for a person or the next try" if left else "",
    )


def has_dask() -> bool:
    """Tell whether the part `archive` is installed."""
    return importlib.util.find_spec("prefect_dask") is not None


def task_runner(helpers: int) -> TaskRunner[Any]:
    """Return what runs the tasks: Dask's processes, or one thread whose children read."""
    if not has_dask() or helpers < 2:
        return ThreadPoolTaskRunner(max_workers=1)
    from prefect_dask.task_runners import DaskTaskRunner

    runner: TaskRunner[Any] = DaskTaskRunner(
        cluster_kwargs={
            "n_workers": helpers,
            "threads_per_worker": 1,
            "processes": True,
            "dashboard_address": None,
        }
    )
    return runner


def run_import(settings: Settings, folder: Path, report: Path, helpers: int) -> State[Any]:
    """Run the flow in this process against the house's Prefect server; returns its end.

    Raises:
        SourceUnavailable: the server does not answer.
    """
    if not answers(f"{api_url(settings)}/health"):
        raise SourceUnavailable(
            f"Prefect's server does not answer at {api_url(settings)}.",
            thai="เซิร์ฟเวอร์ Prefect ไม่ตอบ",
            remedy="Start 'saraban serve', or leave --helpers out.",
        )
    chosen = import_archive.with_options(task_runner=task_runner(helpers))
    ended: State[Any] = chosen(str(folder), str(report), helpers, return_state=True)
    return ended
