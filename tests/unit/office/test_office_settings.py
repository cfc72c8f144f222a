from __future__ import annotations

from pathlib import Path

import pytest

from correspondence.errors import ConfigurationFault
from office.configuration import read_configuration
from office.places import find_folder
from office.settings import Settings, read_settings

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_every_setting_is_documented() -> None:
    guide = (DOCS / "operating.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`SARABAN_{name.upper()}`" not in guide]
    assert missing == []


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_REVIEW_PORT", "0")
    with pytest.raises(ConfigurationFault, match="SARABAN_REVIEW_PORT"):
        read_settings()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_SMTP_URL", "smtp://user:hidden-word@mail.example:25")
    assert "hidden-word" not in repr(read_settings())


def test_the_home_folder_may_hold_its_own_config(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert settings.config_folder == find_folder("config")
    (tmp_path / "config").mkdir()
    assert settings.config_folder == tmp_path / "config"


def test_the_shipped_configuration_is_valid() -> None:
    configuration = read_configuration(find_folder("config"))
    assert {group.id for group in configuration.groups.group} >= {"complaints", "political"}


def test_an_unknown_group_is_named_with_its_file(tmp_path: Path) -> None:
    for source in find_folder("config").iterdir():
        text = source.read_text(encoding="utf-8")
        if source.name == "categories.toml":
            text = text.replace('group = "political"', 'group = "politics"')
        (tmp_path / source.name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=r"categories\.toml.*politics"):
        read_configuration(tmp_path)
