"""The log of a flow run's process: our own lines, checked, each with the run it belongs to."""

from __future__ import annotations

from prefect.runtime import flow_run

from office.logs import bind_run, set_up_logs
from office.settings import Settings


def start_log(settings: Settings, run: str) -> None:
    """Set up the log of this process and bind it to the flow run it is in.

    Prefect's own loggers are left as they are: they do not hand their lines up.
    """
    set_up_logs(settings.log_level, settings.log_form)
    bind_run(run, str(flow_run.id))
