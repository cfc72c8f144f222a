"""The environment Prefect's server and its clients run in (prefect.md, settings and failures)."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from office.settings import Settings

HOST = "127.0.0.1"
# Where the packages lie: the root of a checkout, or site-packages.
CODE_FOLDER = Path(__file__).resolve().parents[1]
WORK_POOL = "saraban"

_COMMON = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Ephemeral servers lose most task runs and cost 10 s a start.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}

_SERVER = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    # A power loss must not leave a deployment's only slot taken for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
}

_CLIENT = {
    "PREFECT_CLIENT_MAX_RETRIES": "8",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
}


def api_url(settings: Settings) -> str:
    """Return the address of Prefect's API on this machine."""
    return f"http://{HOST}:{settings.prefect_port}/api"


def ui_url(settings: Settings) -> str:
    """Return the address an operator opens."""
    return f"http://{HOST}:{settings.prefect_port}"


def client_environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of a process that runs flows or talks to the server."""
    environment = {
        **_without_prefect(os.environ),
        **_COMMON,
        **_CLIENT,
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": api_url(settings),
        "SARABAN_CODE": str(CODE_FOLDER),
        "SARABAN_HOME": str(settings.home_folder),
        "SARABAN_PREFECT_PORT": str(settings.prefect_port),
        "SARABAN_REVIEW_PORT": str(settings.review_port),
    }
    auth = settings.prefect_auth.get_secret_value()
    if auth:
        environment["PREFECT_API_AUTH_STRING"] = auth
    return environment


def server_environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of Prefect's server."""
    environment = {
        **client_environment(settings),
        **_SERVER,
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_ENCRYPTION_KEY": _encryption_key(prefect_home(settings)),
    }
    auth = settings.prefect_auth.get_secret_value()
    if auth:
        environment["PREFECT_SERVER_API_AUTH_STRING"] = auth
    return environment


def prefect_home(settings: Settings) -> Path:
    """Return Prefect's own folder, inside the data folder."""
    return settings.home_folder / "prefect"


def _without_prefect(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment less Prefect's variables but the server's database."""
    kept = {"PREFECT_SERVER_DATABASE_CONNECTION_URL"}
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("PREFECT_") or name in kept
    }


def _encryption_key(home: Path) -> str:
    """Return the key of the server's secret blocks, made once, readable by its owner only."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "encryption.key"
    if not path.exists():
        key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
    return path.read_text().strip()
