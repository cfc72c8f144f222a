"""Settings from a file: `SARABAN_SETTINGS_FILE` names a .toml; the environment goes before it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from correspondence.errors import ConfigurationFault

SETTINGS_FILE = "SARABAN_SETTINGS_FILE"
PREFIX = "SARABAN_"
_PASSWORD = re.compile(r"(//[^:@/]*):.*@")
_TOKEN = re.compile(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*)=[^&]*", re.IGNORECASE)


class Origin(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


def file_values(
    names: frozenset[str], secrets: frozenset[str], environment: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return what the file sets and the environment does not.

    Args:
        names: the settings there are, in lower case without the prefix.
        secrets: those that must not stand in a file.
        environment: variables; those of this process by default.

    Raises:
        ConfigurationFault: the file is missing or wrong; names it and the key.
    """
    environment = os.environ if environment is None else environment
    place = environment.get(SETTINGS_FILE, "")
    if not place:
        return {}
    path = Path(place).expanduser()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(
            f"{path}, which {SETTINGS_FILE} names, cannot be read ({type(fault).__name__}).",
            remedy="Write lines like: workers = 2",
        ) from None
    for name, value in found.items():
        if name in secrets or without_secrets(str(value)) != str(value):
            raise ConfigurationFault(
                f"{path}: key {name}: secrets do not stand in a file.",
                remedy=f"Set the variable {PREFIX}{name.upper()}.",
            )
        if name not in names:
            raise ConfigurationFault(
                f"{path}: key {name}: there is no such setting.", remedy="Correct or remove it."
            )
    return {name: value for name, value in found.items() if not in_environment(name, environment)}


def in_environment(name: str, environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether the environment sets a setting, in whatever case."""
    wanted = (PREFIX + name).upper()
    given = os.environ if environment is None else environment
    return any(variable.upper() == wanted for variable in given)


def without_secrets(text: str) -> str:
    """Return a text with the passwords and tokens of URLs in it replaced by `***`."""
    return _TOKEN.sub(r"\1=***", _PASSWORD.sub(r"\1:***@", text))
