"""What each process is given: settings for unattended running, and no secret it does not need."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from flows.deployment_file import office_deployments, shipped_file, write_deployment_file
from flows.prefect_environment import (
    client_environment,
    review_environment,
    server_environment,
    sign_in,
    sign_in_file,
)
from office.settings import Settings

SECRETS = ("SARABAN_AUDIT_KEY", "SARABAN_SMTP_URL", "SARABAN_OIDC_CLIENT_SECRET", "OFFICE_PASSWORD")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in SECRETS:
        monkeypatch.setenv(name, "must-not-leak-" * 3)
    monkeypatch.setenv("SARABAN_METRICS_TOKEN", "token")
    monkeypatch.setenv("PREFECT_SERVER_EPHEMERAL_ENABLED", "true")
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:///x.db")
    monkeypatch.delenv("SARABAN_PREFECT_AUTH", raising=False)
    return Settings(home=tmp_path)


def test_no_process_starts_a_server_of_its_own_or_tells_anybody(settings: Settings) -> None:
    for environment in (client_environment(settings), server_environment(settings)):
        assert environment["PREFECT_SERVER_EPHEMERAL_ENABLED"] == "false"
        assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert environment["DO_NOT_TRACK"] == "1"
    assert int(client_environment(settings)["PREFECT_CLIENT_MAX_RETRIES"]) >= 8


def test_a_server_survives_a_loss_of_power_and_does_not_grow_for_ever(settings: Settings) -> None:
    server = server_environment(settings)
    lease_storage = server["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"]
    assert lease_storage == "prefect.server.concurrency.lease_storage.filesystem"
    assert server["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"] == "events,flow_runs"
    assert int(server["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"]) == 90 * 86_400
    assert server["PREFECT_SERVER_EVENTS_RETENTION_PERIOD"] == "P7D"


def test_the_server_is_on_loopback_behind_a_password_made_once(settings: Settings) -> None:
    server, client = server_environment(settings), client_environment(settings)
    assert server["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert server["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    auth = server["PREFECT_SERVER_API_AUTH_STRING"]
    assert auth == client["PREFECT_API_AUTH_STRING"] == sign_in(settings)
    user, _, password = auth.partition(":")
    assert user == "operator" and len(password) >= 32
    kept = sign_in_file(settings)
    assert kept.read_text() == auth and stat.S_IMODE(kept.stat().st_mode) == 0o600
    chosen = settings.model_copy(update={"prefect_auth": type(settings.smtp_url)("a:b")})
    assert server_environment(chosen)["PREFECT_SERVER_API_AUTH_STRING"] == "a:b"


def test_each_process_has_the_secrets_it_needs_and_no_others(settings: Settings) -> None:
    server, client = server_environment(settings), client_environment(settings)
    review = review_environment(settings)
    assert not set(SECRETS) & set(server) and "SARABAN_METRICS_TOKEN" not in server
    assert set(SECRETS) <= set(client) and "SARABAN_METRICS_TOKEN" not in client
    assert "PREFECT_SERVER_ENCRYPTION_KEY" not in client
    # Prefect's database is the server's alone.
    assert "PREFECT_SERVER_DATABASE_CONNECTION_URL" not in client
    assert server["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == "sqlite+aiosqlite:///x.db"
    assert not [name for name in review if name.startswith("PREFECT_")]
    assert review["SARABAN_METRICS_TOKEN"] == "token"


def test_each_source_has_a_pull_of_its_own_and_all_one_by_hand(settings: Settings) -> None:
    import yaml  # type: ignore[import-untyped]

    shipped = yaml.safe_load(shipped_file().read_text(encoding="utf-8"))["deployments"]
    made = {d["name"]: d for d in office_deployments(shipped, ["main", "drop", "annex"])}
    assert set(made) == {d["name"] for d in shipped} | {"pull-main", "pull-drop", "pull-annex"}
    assert "schedules" not in made["pull"]
    begin = {made[f"pull-{s}"]["schedules"][0]["cron"] for s in ("main", "drop", "annex")}
    assert len(begin) == 3
    for name in ("pull-main", "pull-drop", "pull-annex"):
        assert made[name]["parameters"] == {"source": name.removeprefix("pull-")}
        assert made[name]["concurrency_limit"]["limit"] == 1
    assert all(
        schedule["timezone"] == "Asia/Bangkok"
        for deployment in made.values()
        for schedule in deployment.get("schedules", ())
    )
    written = yaml.safe_load(write_deployment_file(settings, ["main"]).read_text(encoding="utf-8"))
    assert len(written["deployments"]) == len(shipped) + 1
