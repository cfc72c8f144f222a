"""Categories, sub-categories and the groups that answer them (`categories.toml`, `groups.toml`)."""

from __future__ import annotations

from pydantic import ConfigDict, Field, model_validator

from correspondence.reading import Frozen
from correspondence.vocabulary import Category


class Subcategory(Frozen):
    """ประเภทย่อย: stable id and Thai name; `group` overrides the category's group.

    `means` says in Thai what belongs here, `excludes` (key `not`) what only looks like it and
    where that goes; an office that writes its own taxonomy may leave both out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    thai: str
    group: str | None = None
    means: str = ""
    excludes: str = Field(default="", alias="not")


class CategoryEntry(Frozen):
    """ประเภทเรื่อง with the group that answers it and its sub-categories."""

    id: Category
    thai: str
    group: str
    subcategories: tuple[Subcategory, ...] = Field(min_length=1)


class Precedence(Frozen):
    """One rule for letters that could be of two sorts; earlier rules win over later ones.

    `leads_to` are the labels (`category/subcategory`) that the rule may give; none where it says
    only how to look.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    thai: str = Field(min_length=1)
    english: str = Field(min_length=1)
    leads_to: tuple[str, ...] = ()


class Taxonomy(Frozen):
    """The whole of `categories.toml`."""

    category: tuple[CategoryEntry, ...]
    precedence: tuple[Precedence, ...] = ()

    @model_validator(mode="after")
    def _each_category_once(self) -> Taxonomy:
        ids = [entry.id for entry in self.category]
        if sorted(ids) != sorted(Category):
            raise ValueError("every category must stand exactly once")
        return self

    @model_validator(mode="after")
    def _each_id_once(self) -> Taxonomy:
        for entry in self.category:
            ids = [sub.id for sub in entry.subcategories]
            if len(ids) != len(set(ids)):
                raise ValueError(f"{entry.id}: a sub-category stands twice")
        rules = [rule.id for rule in self.precedence]
        if len(rules) != len(set(rules)):
            raise ValueError("a rule of precedence stands twice")
        return self

    @model_validator(mode="after")
    def _rules_lead_to_known_labels(self) -> Taxonomy:
        for rule in self.precedence:
            if unknown := set(rule.leads_to) - set(self.labels()):
                raise ValueError(f"precedence {rule.id}: no such label: {', '.join(unknown)}")
        return self

    def labels(self) -> tuple[str, ...]:
        """Return every `category/subcategory`, in the order of the file."""
        return tuple(
            f"{entry.id.value}/{sub.id}" for entry in self.category for sub in entry.subcategories
        )

    def entry(self, category: Category) -> CategoryEntry:
        """Return the entry of a category."""
        return next(entry for entry in self.category if entry.id is category)

    def subcategory(self, category: Category, subcategory: str) -> Subcategory | None:
        """Return a sub-category of a category, or None where it has no such id."""
        found = (s for s in self.entry(category).subcategories if s.id == subcategory)
        return next(found, None)


class Group(Frozen):
    """กลุ่มงาน: stable id, Thai name, and whom to call."""

    id: str
    thai: str
    phone: str = ""
    email: str = ""


class Groups(Frozen):
    """The whole of `groups.toml`."""

    group: tuple[Group, ...] = Field(min_length=1)

    def get(self, group_id: str) -> Group:
        """Return a group by its id; raises KeyError for an unknown one."""
        for group in self.group:
            if group.id == group_id:
                return group
        raise KeyError(group_id)
