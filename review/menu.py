"""The menu: one entry a page that everybody's work begins from, with what waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.desk_counts import DeskCounts
from pipeline.permissions import may
from pipeline.staff import StaffMember
from review.access import ACCESS


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page of the menu: its path, the key of its name in the catalogue, the key that opens it.

    `counted` names the field of `DeskCounts` that stands beside it, None for none.
    """

    path: str
    words: str
    key: str
    counted: str | None = None


@dataclass(frozen=True, slots=True)
class MenuLink:
    """An entry as one person sees it; `count` is None where nothing is counted."""

    path: str
    words: str
    key: str
    count: int | None


# In the order in which a day's work meets them.
MENU: Final = (
    MenuEntry("/work", "work", "w", "work"),
    MenuEntry("/triage", "triage", "t", "triage"),
    MenuEntry("/waiting/held", "waiting_held", "h", "held"),
    MenuEntry("/waiting/quarantined", "waiting_quarantined", "q", "quarantined"),
    MenuEntry("/secret", "secret_desk", "z", "secret"),
    MenuEntry("/", "register", "r"),
    MenuEntry("/calendar", "calendar", "c"),
    MenuEntry("/figures", "figures", "f"),
    MenuEntry("/people", "people", "p"),
    MenuEntry("/settings", "settings", "s"),
)


def menu_for(staff: StaffMember, counts: DeskCounts | None = None) -> tuple[MenuLink, ...]:
    """Return the entries whose pages a person may see, as `ACCESS` has it."""
    return tuple(
        MenuLink(
            entry.path,
            entry.words,
            entry.key,
            getattr(counts, entry.counted) if counts is not None and entry.counted else None,
        )
        for entry in MENU
        if _open(staff, entry.path)
    )


def _open(staff: StaffMember, path: str) -> bool:
    access = ACCESS[("GET", path)]
    return access.permission is None or may(staff, access.permission)
