"""See in Prefect's server what failed, is late or is stuck, and make alerts of it.

It speaks plain HTTP: the process it runs in needs no Prefect, for Prefect must not be what tells
of Prefect's own trouble, and an automation that starts a run says nothing where no run starts.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from correspondence.clock import Clock, utc_now
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from flows.prefect_environment import api_url, sign_in
from office.settings import Settings
from pipeline.alerts import FLOW
from pipeline.bootstrap import House, open_house
from registry.alerts import clear_alerts, raise_alert
from registry.faults import DATABASE_FAULTS

RUN_FAILED: Final = "run_failed"
RUN_CRASHED: Final = "run_crashed"
RUN_LATE: Final = "run_late"
RUN_STUCK: Final = "run_stuck"
SECONDS: Final = 10.0
_PAGE: Final = 200
# So long after its time a run has not begun, or after it was taken has no process.
LATE: Final = timedelta(minutes=10)
PENDING: Final = timedelta(minutes=10)
# So long a run may take; what is not named here is a poll of minutes.
LONGEST: Final = timedelta(hours=1)
_LONG: Final[Mapping[str, timedelta]] = {
    "process": timedelta(hours=2),
    "train": timedelta(hours=6),
    "evaluate": timedelta(hours=6),
    "backup": timedelta(hours=12),
    "verify": timedelta(hours=12),
}
_WAITING = ("Late", "AwaitingConcurrencySlot")
_ENDED = ("COMPLETED", "FAILED", "CRASHED")


class _Answer(BaseModel):
    """What is used of an answer of Prefect's server; the rest is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Deployment(_Answer):
    id: str
    name: str


class _Run(_Answer):
    deployment_id: str | None = None
    state_type: str | None = None
    state_name: str | None = None
    expected_start_time: AwareDatetime | None = None
    start_time: AwareDatetime | None = None


class RunTrouble(Frozen):
    """A deployment that needs a look: its name and the alert's code."""

    deployment: str
    code: str


def watch_runs(settings: Settings, *, clock: Clock = utc_now) -> tuple[RunTrouble, ...]:
    """Look once and bring the alerts of deployments up to date; never raises for what it finds.

    While the server is away nothing changes: that is an alert of the watchdog's own. An alert
    stands until the deployment's next good run, so that it is told once, and once when it ends.

    Args:
        settings: of the office.
        clock: gives the present moment.

    Returns:
        What needs a look now.
    """
    try:
        found = look_at_runs(settings, now=clock())
        if found is None:
            return ()
        names, troubles = found
        with open_house(settings, clock=clock) as house:
            _enter(house, names, troubles)
    except (*DATABASE_FAULTS, SarabanError):
        # The watchdog's own look tells of it.
        return ()
    return troubles


def look_at_runs(
    settings: Settings, *, now: datetime
) -> tuple[tuple[str, ...], tuple[RunTrouble, ...]] | None:
    """Return the deployments and those in trouble; None where the server does not answer."""
    token = base64.b64encode(sign_in(settings).encode()).decode()
    try:
        with httpx.Client(
            base_url=api_url(settings),
            headers={"Authorization": f"Basic {token}", "Prefect-Csrf-Client": "saraban-watchdog"},
            timeout=SECONDS,
            trust_env=False,
        ) as client:
            csrf = client.get("/csrf-token", params={"client": "saraban-watchdog"})
            if csrf.is_success:
                client.headers["Prefect-Csrf-Token"] = csrf.json()["token"]
            deployments = [
                _Deployment.model_validate(one)
                for one in _read(client, "/deployments/filter", {"limit": _PAGE})
            ]
            troubles = [
                RunTrouble(deployment=one.name, code=code)
                for one in deployments
                if (code := _trouble(client, one, now))
            ]
    except (httpx.HTTPError, ValidationError, ValueError, KeyError):
        return None
    return tuple(one.name for one in deployments), tuple(troubles)


def _read(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json=body).raise_for_status().json()


def _trouble(client: httpx.Client, deployment: _Deployment, now: datetime) -> str:
    """Return what is wrong with a deployment now; empty for nothing."""
    unfinished = _runs(
        client,
        deployment,
        {"any_": ["PENDING", "RUNNING", "CANCELLING", "SCHEDULED"]},
        sort="EXPECTED_START_TIME_ASC",
    )
    if any(_is_stuck(run, deployment.name, now) for run in unfinished):
        return RUN_STUCK
    ended = _runs(client, deployment, {"any_": list(_ENDED)}, sort="END_TIME_DESC", limit=1)
    for run in ended:
        if run.state_type == "FAILED":
            return RUN_FAILED
        if run.state_type == "CRASHED":
            return RUN_CRASHED
    if any(_is_late(run, now) for run in unfinished):
        return RUN_LATE
    return ""


def _runs(
    client: httpx.Client,
    deployment: _Deployment,
    types: dict[str, list[str]],
    *,
    sort: str,
    limit: int = 20,
) -> list[_Run]:
    body = {
        "deployments": {"id": {"any_": [deployment.id]}},
        "flow_runs": {"state": {"type": types}},
        "sort": sort,
        "limit": limit,
    }
    return [_Run.model_validate(run) for run in _read(client, "/flow_runs/filter", body)]


def _is_late(run: _Run, now: datetime) -> bool:
    return (
        run.state_name in _WAITING
        and run.expected_start_time is not None
        and run.expected_start_time < now - LATE
    )


def _is_stuck(run: _Run, name: str, now: datetime) -> bool:
    if run.state_type in ("RUNNING", "CANCELLING"):
        longest = _LONG.get(name, LONGEST)
        return run.start_time is not None and run.start_time < now - longest
    if run.state_type == "PENDING":
        since = run.expected_start_time
        return since is not None and since < now - PENDING
    return False


def _enter(house: House, names: tuple[str, ...], troubles: tuple[RunTrouble, ...]) -> None:
    now = house.clock()
    standing = {one.deployment: one.code for one in troubles}
    with house.sessions.begin() as session:
        for name in names:
            code = standing.get(name)
            if code:
                raise_alert(session, f"{FLOW}{name}", code, at=now)
            clear_alerts(session, f"{FLOW}{name}", at=now, but=[code] if code else [])
