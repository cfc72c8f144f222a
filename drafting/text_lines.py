"""Over how many lines a paragraph runs: broken at blanks and between Thai words, as it is drawn."""

from __future__ import annotations

from functools import lru_cache

from drafting.letter_widths import WIDTHS, width_of

# newmm is quadratic on unspaced text (thai.md): it sees windows of this length only.
_WINDOW = 300


def count_lines(text: str, first: float, other: float, points: float) -> int:
    """Return how many lines a text takes.

    Args:
        text: one paragraph.
        first: room on its first line, in points.
        other: room on each other line, in points.
        points: the font's size.
    """
    scale = 1000 / points
    whole, room = other * scale, first * scale
    blank, lines = WIDTHS[" "], 1
    for piece in text.split():
        width = width_of(piece)
        if width <= room:
            room -= width + blank
            continue
        for word in _words(piece):
            width = width_of(word)
            if width > room and room < whole:
                lines, room = lines + 1, whole
            while width > room:  # a word longer than a line is broken where it must
                lines, width = lines + 1, int(width - room)
                room = whole
            room -= width
        room -= blank
    return lines


@lru_cache(maxsize=2048)
def _words(piece: str) -> tuple[str, ...]:
    """Return a run without blanks in the parts between which a line may end."""
    if not any("ก" <= letter <= "๎" for letter in piece):
        return (piece,)
    from pythainlp.tokenize import word_tokenize

    words: list[str] = []
    for start in range(0, len(piece), _WINDOW):
        words.extend(word_tokenize(piece[start : start + _WINDOW], engine="newmm-safe"))
    return tuple(words)
