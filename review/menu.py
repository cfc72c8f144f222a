"""The menu: one entry a page that everybody's work begins from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.permissions import may
from pipeline.staff import StaffMember
from review.access import ACCESS


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page of the menu: its path, the key of its name in the catalogue, the key that opens it."""

    path: str
    words: str
    key: str


# In the order in which a day's work meets them.
MENU: Final = (
    MenuEntry("/", "register", "r"),
    MenuEntry("/people", "people", "p"),
)


def menu_for(staff: StaffMember) -> tuple[MenuEntry, ...]:
    """Return the entries whose pages a person may see, as `ACCESS` has it."""
    return tuple(entry for entry in MENU if _open(staff, entry.path))


def _open(staff: StaffMember, path: str) -> bool:
    access = ACCESS[("GET", path)]
    return access.permission is None or may(staff, access.permission)
