"""What is read of a line: letters with their marks, and who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from extractors.scans.cleaner import Pixels


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter with its marks, or a number, of one line.

    Attributes:
        text: what it says.
        left: first column in the line's image or, once placed, of the page.
        right: column after the last; both are the engine's guess, half a letter off at times.
        confidence: 0 to 1.
        spaced: a blank stands before it.
        doubtful: it could be a wrong number.
    """

    text: str
    left: int
    right: int
    confidence: float
    spaced: bool = False
    doubtful: bool = False


class LineReader(Protocol):
    """What reads the image of one line; an office may plug in an engine of its own."""

    def __call__(self, image: Pixels) -> tuple[Symbol, ...]:
        """Return the symbols of a line from the left; none where it has no text."""


@dataclass(frozen=True, slots=True)
class Models:
    """What reads lines: in Thai (with Latin words among it), and in Latin letters only."""

    thai: LineReader
    latin: LineReader | None = None
