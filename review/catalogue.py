"""The words of the pages, Thai first, English beside; a test holds both to the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from review.words import (
    action,
    calendar,
    case,
    door,
    figures,
    forwarded,
    frame,
    memo,
    people,
    register,
    search,
    settings,
    waiting,
    work,
)


class Language(StrEnum):
    """A language of the pages; Thai is the office's."""

    TH = "th"
    EN = "en"

    @property
    def other(self) -> Language:
        """The language the switch leads to."""
        return Language.EN if self is Language.TH else Language.TH


def _collected(*rooms: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    """Return the words of all pages; a key stands in one module only."""
    words: dict[str, tuple[str, str]] = {}
    for room in rooms:
        twice = words.keys() & room.keys()
        if twice:
            raise ValueError(f"words stand twice: {sorted(twice)}")
        words |= room
    return MappingProxyType(words)


# key: (Thai, English)
TEXTS: Final = _collected(
    frame.WORDS,
    door.WORDS,
    people.WORDS,
    figures.WORDS,
    settings.WORDS,
    register.WORDS,
    search.WORDS,
    calendar.WORDS,
    forwarded.WORDS,
    work.WORDS,
    waiting.WORDS,
    case.WORDS,
    action.WORDS,
    memo.WORDS,
)
