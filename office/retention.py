"""How long things are kept (`retention.toml`). Nothing is ever deleted by these rules."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, IntakeOutcome
from office.toml_file import load_toml

FILE = "retention.toml"


class KeepRule(Frozen):
    """Cases of these categories are kept for whole years after the day they ended.

    `source` names where the period stands; `verified` says who compared it and when.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    years: int = Field(ge=1, le=100)
    categories: tuple[Category, ...] = ()
    source: str = ""
    verified: str = ""


class UnregisteredRule(Frozen):
    """Items of these outcomes, which have no register number, are kept for so many days."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    days: int = Field(ge=1, le=36500)
    outcomes: tuple[
        Literal[IntakeOutcome.QUARANTINED, IntakeOutcome.REJECTED, IntakeOutcome.DUPLICATE], ...
    ]
    source: str = ""
    verified: str = ""


class RetentionRules(Frozen):
    """The whole of `retention.toml`; `otherwise` is for cases of every other category."""

    otherwise: KeepRule = KeepRule(id="ordinary", years=10)
    case: tuple[KeepRule, ...] = ()
    unregistered: tuple[UnregisteredRule, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> RetentionRules:
        categories = [category for rule in self.case for category in rule.categories]
        outcomes = [outcome for rule in self.unregistered for outcome in rule.outcomes]
        for named in (categories, outcomes):
            if len(named) != len(set(named)):
                raise ValueError("a category or outcome stands in two rules")
        return self

    def rule_for(self, category: str | None) -> KeepRule:
        """Return the rule of a case's category."""
        found = (rule for rule in self.case if category in [c.value for c in rule.categories])
        return next(found, self.otherwise)


def read_retention(config_folder: Path) -> RetentionRules:
    """Return `retention.toml` of a folder; ten years for every case where there is none.

    Raises:
        ConfigurationFault: not TOML, or a wrong key; names file, key and remedy.
    """
    path = config_folder / FILE
    return load_toml(path, RetentionRules) if path.is_file() else RetentionRules()
