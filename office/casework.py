"""How far people may go with a case without asking further (`casework.toml`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from correspondence.reading import Frozen
from office.toml_file import load_toml

FILE = "casework.toml"


class ExtensionRule(Frozen):
    """ขยายเวลา: so often, and to at most so many working days after the original date."""

    most_times: int = Field(default=2, ge=0, le=20)
    most_working_days: int = Field(default=30, ge=1, le=400)


class ContributionRule(Frozen):
    """ขอข้อมูลจากหน่วยงาน: working days an agency has where no other date is named."""

    working_days: int = Field(default=5, ge=1, le=100)


class FeedRule(Frozen):
    """ปฏิทิน .ics: whether an entry says what the letter is about, not only number and category."""

    subjects: bool = False


class CaseworkRules(Frozen):
    """The whole of `casework.toml`; an office without one has the shipped values."""

    extension: ExtensionRule = ExtensionRule()
    contribution: ContributionRule = ContributionRule()
    feed: FeedRule = FeedRule()


def read_casework(config_folder: Path) -> CaseworkRules:
    """Return `casework.toml` of a config folder, or the shipped values where it has none.

    Raises:
        ConfigurationFault: the file is wrong; names key and remedy.
    """
    path = config_folder / FILE
    return load_toml(path, CaseworkRules) if path.is_file() else CaseworkRules()
