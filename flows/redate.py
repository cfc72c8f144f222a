"""The flow that brings due dates up to the calendar in force."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from correspondence.errors import SarabanError
from flows.count_words import count_rows, thai_line
from flows.counts import show_counts
from flows.descriptions import REDATE
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.bootstrap import open_house
from pipeline.calendar_watch import tend_calendar
from pipeline.cycle import record_cycle


@flow(name="redate", description=REDATE, flow_run_name=called("redate"), persist_result=False)
def redate() -> State[None]:
    """Re-date open cases whose dates rest on an older calendar; counts only."""
    with open_house() as house:
        start_log(house.settings, "redate")
        started = house.clock()
        try:
            tended = run_step("redate", "open-cases", lambda: tend_calendar(house))
        except SarabanError as fault:
            return end_run("", failed=f"{fault.code}: {fault}")
        counts = {"redated": tended.redated, "kept": tended.kept, "asked": tended.asked}
        show_counts(
            "redate",
            count_rows(counts),
            f"**{thai_line(counts)}**\n\nDates after a change of the calendar",
        )
        record_cycle(house, "redate", started, counts, outcome="done", run_id=str(flow_run.id))
    year = tended.unconfirmed_year
    return end_run(
        f"{tended.redated} moved, {tended.kept} kept",
        attention=f"the holidays of year {year} are not confirmed" if year else "",
    )
