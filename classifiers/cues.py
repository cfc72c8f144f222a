"""Domain cues: turns of phrase of the office's letters, each a feature the model weighs.

A cue is no rule: it only says that a phrase stands in a letter. The phrases are in `cues.toml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from classifiers.wording import Shadow, compile_phrases


class FoundCue(NamedTuple):
    """A cue and where its first match stands in the original text."""

    name: str
    start: int
    end: int


_FILE = Path(__file__).resolve().parent / "cues.toml"


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return compile_phrases(_FILE)


def find_cues(shadow: Shadow) -> list[FoundCue]:
    """Return the cues of a folded text, each with its first place in the original."""
    found: list[FoundCue] = []
    for name, pattern in _compiled():
        match = pattern.search(shadow.text)
        if match and match.end() > match.start():
            start, last = shadow.offsets[match.start()], shadow.offsets[match.end() - 1]
            # A tone mark after the last letter is not in the shadow but belongs to the word.
            following = shadow.offsets[match.end() : match.end() + 1]
            found.append(FoundCue(name, start, following[0] if following else last + 1))
    return found
