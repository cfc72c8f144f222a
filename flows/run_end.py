"""How a run is called and how it ends, in words an operator understands without the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from correspondence.clock import BANGKOK, utc_now

# A run that did its work and left something for a person: Completed, under a name of its own.
ATTENTION: Final = "Attention"
NEEDS_PERSON: Final = "needs-a-person"
LONGEST_NAME: Final = 110


def called(what: str) -> Callable[[], str]:
    """Return what names a run: the flow and when it began, as `process · 21/11 18:05`."""

    def name() -> str:
        parameters = flow_run.parameters or {}
        source = parameters.get("source")
        return f"{what}{f' {source}' if source else ''} · {_now()}"

    return name


def end_run(said: str, *, attention: str = "", failed: str = "") -> State[None]:
    """Return the state a run ends in, and put what it came to into its name.

    Args:
        said: what was done: ids and counts.
        attention: what waits for a person; the run is then Completed, but not without a word.
        failed: what went wrong and what to do; the run is then Failed.
    """
    message = "; ".join(part for part in (said, failed or attention) if part)
    # Prefect's pages show no message of a state: the name and the last line of the log do.
    _rename(f"failed: {failed}" if failed else message, tagged=bool(attention or failed))
    log = get_run_logger()
    if failed:
        log.error("ไม่สำเร็จ · %s", message)
        return Failed(message=message)
    if attention:
        log.warning("เสร็จแล้ว แต่มีงานรอคน · %s", message)
        return Completed(name=ATTENTION, message=message)
    log.info("เสร็จแล้ว · %s", message)
    return Completed(message=message)


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _now() -> str:
    return f"{utc_now().astimezone(BANGKOK):%d/%m %H:%M}"


def _rename(said: str, *, tagged: bool) -> None:
    """Put counts into the run's name; a list of runs then tells what happened."""
    run_id = flow_run.id
    if run_id is None:
        return
    with get_client(sync_client=True) as client:
        tags = {*(flow_run.tags or ()), *((NEEDS_PERSON,) if tagged else ())}
        client.update_flow_run(
            run_id, name=_shortened(f"{flow_run.name} · {said}"), tags=sorted(tags)
        )
