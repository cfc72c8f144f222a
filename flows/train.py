"""The flow that trains the classifier anew when its letters have changed."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.counts import show_counts
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle
from pipeline.learning import learn


@flow(
    name="train",
    description="Trains the classifier when the letters it learns from have changed.",
    flow_run_name="train",
    persist_result=False,
)
def train() -> State[None]:
    """Train, keep the model's version with the run; does nothing when nothing changed."""
    house = open_house()
    started = house.clock()
    learned = learn(house.settings.models_folder)
    show_counts(
        "train",
        [{"version": learned.version, "letters": learned.letters, "trained": str(learned.trained)}],
        "The model in force",
    )
    record_cycle(
        house,
        "train",
        started,
        {"letters": learned.letters, "trained": int(learned.trained)},
        outcome="done",
        run_id=str(flow_run.id),
    )
    house.close()
    return Completed(message=f"model {learned.version}, {learned.letters} letters")
