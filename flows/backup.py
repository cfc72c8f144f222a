"""The flow that makes the nightly backup."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from correspondence.errors import SarabanError
from flows.counts import show_counts
from flows.descriptions import BACKUP
from flows.progress import log_progress
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.nightly_backup import INCOMPLETE, back_up_nightly


@flow(
    name="backup",
    description=BACKUP,
    flow_run_name=called("backup"),
    persist_result=False,
)
def backup() -> State[None]:
    """Make a backup in the folder of SARABAN_BACKUP_FOLDER; earlier ones stay."""
    with open_house() as house:
        start_log(house.settings, "backup")
        started = house.clock()
        run_id = str(flow_run.id)
        try:
            made = run_step("backup", "house", lambda: back_up_nightly(house, log_progress()))
        except SarabanError as fault:
            counts = {"fault": fault.code}
            record_cycle(house, "backup", started, counts, outcome="fault", run_id=run_id)
            remedy = "check the rights and the room of SARABAN_BACKUP_FOLDER, then run it again"
            return end_run("", failed=f"no backup was made: {fault.code}; {remedy}")
        rows: dict[str, str | int] = {
            "letters": made.letters,
            "blobs": made.blobs,
            "bytes": made.blob_bytes,
            "missing": made.missing,
            "damaged": made.damaged,
        }
        whole = made.outcome == "whole"
        outcome = "done" if whole else "warning"
        record_cycle(house, "backup", started, rows, outcome=outcome, run_id=run_id)
    show_counts(
        "backup",
        [{"schema": made.schema_revision, **rows}],
        f"**สำรองข้อมูลแล้ว หนังสือ {made.letters} ฉบับ**\n\nThe backup of this night",
    )
    lost = f"{INCOMPLETE}: {made.missing} blobs missing, {made.damaged} damaged in the house"
    return end_run(
        f"{made.letters} letters, {made.blobs} blobs",
        attention="" if whole else f"{lost}; see `saraban verify`",
    )
