"""The flow that measures how well the classifier does."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.counts import show_counts
from flows.descriptions import EVALUATE
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.assessment import assess
from pipeline.bootstrap import open_house
from pipeline.cycle import record_cycle


@flow(name="evaluate", description=EVALUATE, flow_run_name=called("evaluate"), persist_result=False)
def evaluate(
    least_macro_f1: Annotated[
        float,
        Field(
            ge=0,
            le=1,
        ),
    ] = 0.6,
) -> State[None]:
    """Judge the shipped letters, each by a model that never saw its writer.

    Args:
        least_macro_f1: ต่ำกว่านี้ให้คนดู 0 ถึง 1 · below this the run asks for attention, 0 (never)
            to 1.
    """
    with open_house() as house:
        start_log(house.settings, "evaluate")
        started = house.clock()
        models = house.settings.models_folder
        found = run_step("evaluate", "shipped-letters", lambda: assess(models, None))
        show_counts(
            "evaluate",
            [
                {
                    "label": score.label,
                    "precision": f"{score.precision:.3f}",
                    "recall": f"{score.recall:.3f}",
                    "F1": f"{score.f1:.3f}",
                    "letters": score.letters,
                }
                for score in found.categories
            ],
            f"**ความแม่นยำเมื่อตอบ {found.right_when_answered:.1%}**\n\n"
            "How well the classifier does, by category",
        )
        low = found.macro_f1 < least_macro_f1
        counts = {"macro_f1_per_mille": round(found.macro_f1 * 1000)}
        record_cycle(
            house,
            "evaluate",
            started,
            counts,
            outcome="warning" if low else "done",
            run_id=str(flow_run.id),
        )
    return end_run(
        f"macro-F1 {found.macro_f1:.3f}, {found.right_when_answered:.3f} right when answered",
        attention=f"below {least_macro_f1:.3f}: see `saraban models list`" if low else "",
    )
