"""Categories, sub-categories and the groups that answer them (`categories.toml`, `groups.toml`)."""

from __future__ import annotations

from pydantic import Field, model_validator

from correspondence.reading import Frozen
from correspondence.vocabulary import Category


class Subcategory(Frozen):
    """ประเภทย่อย: stable id and Thai name; `group` overrides the category's group."""

    id: str
    thai: str
    group: str | None = None


class CategoryEntry(Frozen):
    """ประเภทเรื่อง with the group that answers it and its sub-categories."""

    id: Category
    thai: str
    group: str
    subcategories: tuple[Subcategory, ...] = Field(min_length=1)


class Taxonomy(Frozen):
    """The whole of `categories.toml`."""

    category: tuple[CategoryEntry, ...]

    @model_validator(mode="after")
    def _each_category_once(self) -> Taxonomy:
        ids = [entry.id for entry in self.category]
        if sorted(ids) != sorted(Category):
            raise ValueError("every category must stand exactly once")
        return self

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
