"""What an operator does at Prefect's server, by its API: press a deployment, look at runs."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


@dataclass(frozen=True)
class PrefectApi:
    """Prefect's server at a port of the loopback, and the `user:password` it asks for."""

    port: int
    sign_in: str

    def ask(self, path: str, body: object = None) -> Any:
        """Return what the server answers.

        Raises:
            OSError: it is away, or refuses.
        """
        token = base64.b64encode(self.sign_in.encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
        if body is not None:
            # Writing needs a CSRF token: the server is not open to any page in a browser.
            headers["Prefect-Csrf-Token"] = self.ask("/csrf-token?client=soak")["token"]
            headers["Prefect-Csrf-Client"] = "soak"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        with urllib.request.urlopen(request, timeout=15) as reply:
            return json.load(reply)

    def press(self, name: str) -> str | None:
        """Run a deployment now and return the run's id; None where the server is away."""
        try:
            found = self.ask("/deployments/filter", {"deployments": {"name": {"any_": [name]}}})
            if not found:
                return None
            return str(self.ask(f"/deployments/{found[0]['id']}/create_flow_run", {})["id"])
        except (OSError, ValueError):
            return None

    def state(self, run_id: str) -> str | None:
        """Return the type of a run's state; None where the server is away."""
        try:
            return str(self.ask(f"/flow_runs/{run_id}")["state"]["type"])
        except (OSError, ValueError):
            return None

    def runs(self, *types: str) -> list[dict[str, Any]]:
        """Return the runs whose state is of one of these types, the newest 200."""
        body = {
            "flow_runs": {"state": {"type": {"any_": list(types)}}},
            "sort": "START_TIME_DESC",
            "limit": 200,
        }
        found: list[dict[str, Any]] = self.ask("/flow_runs/filter", body)
        return found
