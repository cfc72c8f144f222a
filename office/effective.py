"""The configuration in force, value by value, and where each comes from; secrets never show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr

from correspondence.reading import Frozen
from office.configuration import Configuration
from office.places import find_folder
from office.retention import FILE as RETENTION
from office.retention import read_retention
from office.settings import SETTING_NAMES, SETTING_SECRETS, Settings
from office.settings_file import (
    PREFIX,
    SETTINGS_FILE,
    Origin,
    file_values,
    in_environment,
    without_secrets,
)

HIDDEN = "(set, hidden)"
_FILES = {
    "taxonomy": "categories.toml",
    "groups": "groups.toml",
    "deadlines": "deadlines.toml",
    "calendar": "calendar.toml",
    "sources": "sources.toml",
    "wording": "wording.toml",
    "likeness": "likeness.toml",
    "casework": "casework.toml",
    "letters": "letters.toml",
}


class EffectiveValue(Frozen):
    """One value: its name, what it is in words, where it comes from and in which file."""

    name: str
    value: str
    origin: Origin
    file: str = ""


def effective_settings(settings: Settings) -> tuple[EffectiveValue, ...]:
    """Return every `SARABAN_…` setting; where none was chosen, what is then in force."""
    from_file = file_values(SETTING_NAMES, SETTING_SECRETS)
    in_force: dict[str, object] = {
        "home": settings.home_folder,
        "config": settings.config_folder,
        "database_url": settings.database,
        "blob_url": settings.blobs,
        "backup_folder": settings.backups,
        "workers": settings.worker_count,
    }
    lines = []
    for name in Settings.model_fields:
        origin = Origin.FILE if name in from_file else Origin.DEFAULT
        if in_environment(name):
            origin = Origin.ENVIRONMENT
        value = in_force.get(name, getattr(settings, name))
        lines.append(
            EffectiveValue(
                name=PREFIX + name.upper(),
                value=_shown(value),
                origin=origin,
                file=f"${SETTINGS_FILE}" if origin is Origin.FILE else "",
            )
        )
    return tuple(lines)


def effective_files(
    configuration: Configuration, *, entries: bool = False
) -> tuple[EffectiveValue, ...]:
    """Return the keys of the configuration's files.

    Args:
        configuration: as read; its folder is the office's own or the shipped one.
        entries: also the entries of lists of tables, which are only counted otherwise.
    """
    models: dict[str, BaseModel] = {
        file: getattr(configuration, field) for field, file in _FILES.items()
    }
    models[RETENTION] = read_retention(configuration.folder)
    lines: list[EffectiveValue] = []
    for file, model in models.items():
        place = configuration.folder / file
        lines.extend(_lines(model, Path(file).stem, str(place), entries=entries))
    return tuple(lines)


def configuration_is_shipped(configuration: Configuration) -> bool:
    """Tell whether the files are those that the release brings."""
    return configuration.folder == find_folder("config")


def _lines(model: BaseModel, prefix: str, file: str, *, entries: bool) -> Iterator[EffectiveValue]:
    for name, field in type(model).model_fields.items():
        key = f"{prefix}.{field.alias or name}"
        value = getattr(model, name)
        chosen = name in model.model_fields_set
        origin = Origin.FILE if chosen else Origin.DEFAULT
        if isinstance(value, BaseModel):
            yield from _lines(value, key, file if chosen else "", entries=entries)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            if not entries:
                shown = f"{len(value)} entries"
                yield EffectiveValue(name=key, value=shown, origin=origin, file=file)
                continue
            for number, part in enumerate(value, start=1):
                yield from _lines(part, f"{key}[{number}]", file, entries=entries)
        else:
            place = file if chosen else ""
            yield EffectiveValue(name=key, value=_shown(value), origin=origin, file=place)


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, tuple | frozenset):
        return ", ".join(_shown(part) for part in value)
    return "" if value is None else without_secrets(str(value))
