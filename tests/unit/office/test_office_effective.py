"""Where each value comes from, and that no secret is ever printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from correspondence.errors import ConfigurationFault
from office.configuration import read_configuration
from office.effective import HIDDEN, effective_files, effective_settings
from office.places import find_folder
from office.settings import Settings, read_settings
from office.settings_file import SETTINGS_FILE, Origin

WORD = "hidden-word-hidden-word-hidden-word"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in os.environ:
        if name.startswith("SARABAN_"):
            monkeypatch.delenv(name)


def test_each_setting_tells_where_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'home = "{tmp_path}"\nworkers = 3\nreview_port = 8701\n')
    monkeypatch.setenv(SETTINGS_FILE, str(file))
    monkeypatch.setenv("SARABAN_REVIEW_PORT", "8702")
    settings = read_settings()
    assert (settings.workers, settings.review_port) == (3, 8702)
    shown = {line.name: (line.value, line.origin) for line in effective_settings(settings)}
    assert shown["SARABAN_WORKERS"] == ("3", Origin.FILE)
    assert shown["SARABAN_REVIEW_PORT"] == ("8702", Origin.ENVIRONMENT)
    assert shown["SARABAN_PREFECT_PORT"] == ("4200", Origin.DEFAULT)
    assert shown["SARABAN_DATABASE_URL"] == (f"sqlite:///{tmp_path}/saraban.db", Origin.DEFAULT)
    assert set(shown) == {f"SARABAN_{name.upper()}" for name in Settings.model_fields}


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_DATABASE_URL", f"postgresql+psycopg://me:{WORD}@/x@host/name")
    monkeypatch.setenv("SARABAN_BLOB_URL", f"s3://bucket/blobs?secret_key={WORD}&region=x")
    secret = [n for n, f in Settings.model_fields.items() if f.annotation is SecretStr]
    assert len(secret) >= 5
    for name in secret:
        monkeypatch.setenv(f"SARABAN_{name.upper()}", WORD)
    lines = effective_settings(read_settings())
    assert WORD not in "".join(line.model_dump_json() for line in lines)
    shown = {line.name: line.value for line in lines}
    assert {shown[f"SARABAN_{name.upper()}"] for name in secret} == {HIDDEN}
    assert shown["SARABAN_BLOB_URL"] == "s3://bucket/blobs?secret_key=***&region=x"


@pytest.mark.parametrize(
    "line",
    [f'audit_key = "{WORD}"', f'database_url = "postgresql://me:{WORD}@host/name"', "wrokers = 1"],
)
def test_a_file_holds_known_settings_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(line)
    monkeypatch.setenv(SETTINGS_FILE, str(file))
    with pytest.raises(ConfigurationFault, match=line.split()[0]) as caught:
        read_settings()
    assert WORD not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS_FILE, str(tmp_path / "none.toml"))
    with pytest.raises(ConfigurationFault, match=r"none\.toml"):
        read_settings()


def test_keys_of_the_files_tell_file_or_default() -> None:
    configuration = read_configuration(find_folder("config"))
    lines = effective_files(configuration)
    assert {line.origin for line in lines} == {Origin.FILE, Origin.DEFAULT}
    assert all(Path(line.file).is_file() for line in lines if line.file)
    assert all(line.file for line in lines if line.origin is Origin.FILE)
    (groups,) = [line for line in lines if line.name == "groups.group"]
    assert groups.value == f"{len(configuration.groups.group)} entries"
    whole = {line.name: line.value for line in effective_files(configuration, entries=True)}
    assert whole["groups.group[1].id"] == configuration.groups.group[0].id
