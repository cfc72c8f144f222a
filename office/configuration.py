"""Everything in `config/`, read and checked once at start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from correspondence.errors import ConfigurationFault
from office.calendar_table import CalendarTable, load_calendar_table
from office.casework import CaseworkRules, read_casework
from office.deadlines import DeadlineRules, load_deadlines
from office.letters import LetterWording, read_letters
from office.likeness import LikenessRules, read_likeness
from office.sources import Sources, load_sources
from office.taxonomy import Groups, Taxonomy
from office.toml_file import load_toml
from office.wording import Wording, read_wording


@dataclass(frozen=True, slots=True)
class Configuration:
    """The office's own files as validated objects."""

    folder: Path
    taxonomy: Taxonomy
    groups: Groups
    deadlines: DeadlineRules
    calendar: CalendarTable
    sources: Sources
    wording: Wording
    likeness: LikenessRules
    casework: CaseworkRules
    letters: LetterWording


def read_configuration(folder: Path) -> Configuration:
    """Return the configuration of a folder.

    Raises:
        ConfigurationFault: a file is missing or wrong; names file, key and remedy.
    """
    taxonomy = load_toml(folder / "categories.toml", Taxonomy)
    groups = load_toml(folder / "groups.toml", Groups)
    known = {group.id for group in groups.group}
    for entry in taxonomy.category:
        named = [("", entry.group)] + [(sub.id, sub.group or "") for sub in entry.subcategories]
        for subcategory, group in named:
            if group and group not in known:
                raise ConfigurationFault(
                    f"{folder / 'categories.toml'}: {entry.id} {subcategory} names the group "
                    f"{group!r}, which groups.toml does not have.",
                    remedy="Add the group or correct its id.",
                )
    return Configuration(
        folder=folder,
        taxonomy=taxonomy,
        groups=groups,
        deadlines=load_deadlines(folder),
        calendar=load_calendar_table(folder),
        sources=load_sources(folder),
        wording=read_wording(folder),
        likeness=read_likeness(folder),
        casework=read_casework(folder),
        letters=read_letters(folder),
    )
