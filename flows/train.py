"""The flow that trains the classifier anew when its letters have changed."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows.counts import show_counts
from flows.descriptions import TRAIN
from flows.run_end import called, end_run
from flows.run_log import start_log
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.drift import watch_drift
from pipeline.learning import learn


@flow(
    name="train",
    description=TRAIN,
    flow_run_name=called("train"),
    persist_result=False,
)
def train() -> State[None]:
    """Train where there is something new, look at the week's drift; counts only."""
    with open_house() as house:
        start_log(house.settings, "train")
        started = house.clock()
        learned = learn(house)
        drift = watch_drift(house)
        counts: dict[str, str | int] = {
            "letters": learned.letters,
            "decisions": learned.corrections,
            "trained": int(learned.trained),
            "promoted": int(learned.promoted),
            "refused": learned.refused,
            "week_letters": drift.letters,
            "week_abstained": drift.abstained,
            "week_corrected": drift.corrected,
            "drifted": int(drift.drifted),
        }
        show_counts(
            "train",
            [{"version": learned.version, **counts}],
            f"**แบบจำลองที่ใช้อยู่ {learned.version}**\n\nThe model in force",
        )
        record_cycle(
            house,
            "train",
            started,
            counts,
            outcome="warning" if learned.refused or drift.drifted else "done",
            run_id=str(flow_run.id),
        )
    said = f"model {learned.version}, {learned.letters} letters, {learned.corrections} decisions"
    doubts = []
    if learned.refused:
        doubts.append(f"a new model was refused ({learned.refused}), the old one answers")
    if drift.drifted:
        doubts.append("more abstentions or corrections than usual this week: look at triage")
    return end_run(said, attention="; ".join(doubts))
