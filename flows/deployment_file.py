"""The deployments of this office: `prefect.yaml`, with a pull for each of its sources."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from flows.prefect_environment import CODE_FOLDER, prefect_home
from office.settings import Settings

PULL = "pull"


def write_deployment_file(settings: Settings, sources: Sequence[str]) -> Path:
    """Write the deployments of an office and return the file; JSON, which is YAML.

    Args:
        settings: of the office, for its data folder.
        sources: names of its enabled mailboxes and folders.
    """
    shipped = yaml.safe_load(shipped_file().read_text(encoding="utf-8"))
    shipped["deployments"] = office_deployments(shipped["deployments"], sources)
    path = prefect_home(settings) / "deployments.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(shipped, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def shipped_file() -> Path:
    """Return `prefect.yaml`: at the root of a checkout, inside the package when installed."""
    at_root = CODE_FOLDER / "prefect.yaml"
    return at_root if at_root.exists() else CODE_FOLDER / "flows" / "prefect.yaml"


def office_deployments(
    shipped: Sequence[dict[str, Any]], sources: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the shipped deployments with the one pull of all made into one a source.

    Each source is then pulled by one run at a time, a slow mailbox keeps no other waiting, and
    the minutes at which they begin differ. `pull` of all stays, to be run by hand.
    """
    deployments = [copy.deepcopy(one) for one in shipped]
    if not sources:
        return deployments
    (pull,) = [one for one in deployments if one["name"] == PULL]
    schedules = pull.pop("schedules")
    each = []
    for number, source in enumerate(sources):
        own = copy.deepcopy(pull)
        own["name"] = f"{PULL}-{source}"
        own["parameters"] = {"source": source}
        own["tags"] = [*own["tags"], f"source:{source}"]
        own["schedules"] = copy.deepcopy(schedules)
        for schedule in own["schedules"]:
            schedule["cron"] = f"{number % 5}-59/5 * * * *"
        each.append(own)
    return [*each, *deployments]
