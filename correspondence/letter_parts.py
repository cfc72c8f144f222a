"""What an item that came holds: its letters, each with the files that carry it."""

from __future__ import annotations

from pydantic import Field

from correspondence.page_layout import PageLayout
from correspondence.reading import Extraction, Frozen, RestrictedValue


class CarriedFile(Frozen):
    """A file that came with a letter: `role` is `letter` or `enclosure`.

    `first_page` and `last_page` (from 1) where the letter is only these pages of the file: a
    scan of several letters.
    """

    role: str
    file_name: str
    media_type: str
    sha256: str
    size: int
    read_outcome: str
    first_page: int | None = None
    last_page: int | None = None


class LetterPart(Frozen):
    """One of the letters of an item; `restricted` is for the restricted store only.

    `layouts` say where the text of its pages stands, for those that have places.
    """

    extraction: Extraction
    carried: tuple[CarriedFile, ...] = ()
    restricted: tuple[RestrictedValue, ...] = Field(default=(), repr=False)
    layouts: tuple[PageLayout, ...] = Field(default=(), repr=False)
