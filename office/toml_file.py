"""Read one .toml file into one validated model, with a message a clerk can act on."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from correspondence.errors import ConfigurationFault

Model = TypeVar("Model", bound=BaseModel)


def load_toml(path: Path, model: type[Model]) -> Model:
    """Return the file as `model`.

    Raises:
        ConfigurationFault: missing, not TOML, or a wrong key; names file, key and remedy.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigurationFault(
            f"{path} is missing.", remedy="Copy it from the shipped config/ folder."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigurationFault(
            f"{path} is not valid TOML: {fault}.", remedy="Mend the line it names."
        ) from None
    except ValidationError as fault:
        first = fault.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigurationFault(
            f"{path}: key {key}: {first['msg']}.", remedy="Set the key to a value of that form."
        ) from None
