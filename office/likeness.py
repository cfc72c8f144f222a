"""From when on letters count as alike (`likeness.toml`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from correspondence.reading import Frozen
from office.toml_file import load_toml

FILE = "likeness.toml"


class DuplicateRule(Frozen):
    """`similarity` (0 to 1): from so much common text on, two letters may be one."""

    similarity: float = Field(default=0.75, ge=0.5, le=1)


class CampaignRule(Frozen):
    """`similarity` as above; `least` letters of different senders make a campaign to be shown."""

    similarity: float = Field(default=0.85, ge=0.5, le=1)
    least: int = Field(default=5, ge=2)


class LikenessRules(Frozen):
    """The whole of `likeness.toml`; an office without one has the shipped values."""

    duplicate: DuplicateRule = DuplicateRule()
    campaign: CampaignRule = CampaignRule()


def read_likeness(config_folder: Path) -> LikenessRules:
    """Return `likeness.toml` of a config folder, or the shipped values where it has none.

    Raises:
        ConfigurationFault: the file is wrong; names key and remedy.
    """
    path = config_folder / FILE
    return load_toml(path, LikenessRules) if path.is_file() else LikenessRules()
