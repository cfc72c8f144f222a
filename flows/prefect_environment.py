"""The environment Prefect's server and its clients run in (prefect.md, settings and failures)."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from office.settings import Settings

HOST = "127.0.0.1"
# Where the packages lie: the root of a checkout, or site-packages.
CODE_FOLDER = Path(__file__).resolve().parents[1]
WORK_POOL = "saraban"
SIGN_IN_FILE = "sign-in"
# How long Prefect remembers runs, and what happened in them by the second.
RETENTION_DAYS = 90
EVENT_DAYS = 7

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
    # Without these it grows for ever, 17 KB a task run.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RETENTION_DAYS * 86_400),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{EVENT_DAYS}D",
    # A power loss must not leave a deployment's only slot taken for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    # An operator's page advertises nothing.
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}

HEARTBEAT_SECONDS = 60
_CLIENT = {
    # A server that is away for minutes at the end of a run must not leave it Running for ever.
    "PREFECT_CLIENT_MAX_RETRIES": "8",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
}

_SERVER_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
# All that Prefect's server is given of our environment: it needs no secret of the office.
_SERVER_NEEDS = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
        *("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    )
)
# What runs flows reads no metrics, and whoever serves pages starts no runs.
_NOT_FOR_FLOWS = frozenset(("SARABAN_METRICS_TOKEN",))


def api_url(settings: Settings) -> str:
    """Return the address of Prefect's API on this machine."""
    return f"http://{HOST}:{settings.prefect_port}/api"


def ui_url(settings: Settings) -> str:
    """Return the address an operator opens."""
    return f"http://{HOST}:{settings.prefect_port}"


def client_environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of a process that runs flows or talks to the server."""
    environment = {
        **_less(_without_prefect(os.environ), _NOT_FOR_FLOWS),
        **_COMMON,
        **_CLIENT,
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": api_url(settings),
        "SARABAN_CODE": str(CODE_FOLDER),
        "SARABAN_HOME": str(settings.home_folder),
        "SARABAN_PREFECT_PORT": str(settings.prefect_port),
        "SARABAN_REVIEW_PORT": str(settings.review_port),
    }
    environment["PREFECT_API_AUTH_STRING"] = sign_in(settings)
    return environment


def server_environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of Prefect's server: nothing of the office but its address."""
    client = client_environment(settings)
    return {
        **{
            name: value
            for name, value in client.items()
            if name in _SERVER_NEEDS or name.startswith(("LC_", "PG", "PREFECT_", "DO_NOT_TRACK"))
        },
        **{name: os.environ[name] for name in (_SERVER_DATABASE,) if name in os.environ},
        **_SERVER,
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_ENCRYPTION_KEY": _encryption_key(prefect_home(settings)),
        "PREFECT_SERVER_API_AUTH_STRING": sign_in(settings),
    }


def review_environment(settings: Settings) -> dict[str, str]:
    """Return the whole environment of the review app: it has no way to Prefect's server."""
    metrics = os.environ.get("SARABAN_METRICS_TOKEN")
    return {
        **_less(_without_prefect(client_environment(settings)), {"SARABAN_PREFECT_AUTH"}),
        **({"SARABAN_METRICS_TOKEN": metrics} if metrics else {}),
    }


def sign_in(settings: Settings) -> str:
    """Return `user:password` of Prefect's server: the setting, else one made for this folder.

    Whoever may start runs there may run anything as this user, so that other users of the
    machine must not: loopback alone does not keep them out.
    """
    return settings.prefect_auth.get_secret_value() or _kept(
        sign_in_file(settings), lambda: f"operator:{secrets.token_urlsafe(24)}"
    )


def sign_in_file(settings: Settings) -> Path:
    """Return where the password lies that was made for this folder."""
    return prefect_home(settings) / SIGN_IN_FILE


def prefect_home(settings: Settings) -> Path:
    """Return Prefect's own folder, inside the data folder."""
    return settings.home_folder / "prefect"


def _without_prefect(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment less Prefect's variables."""
    return {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}


def _less(environment: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}


def _encryption_key(home: Path) -> str:
    """Return the key of the server's secret blocks."""
    return _kept(
        home / "encryption.key",
        lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return a secret that is made once and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Whole or not at all, and the first of two that make it wins.
        descriptor, coming = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(coming, path)
        Path(coming).unlink()
    return path.read_text().strip()
