"""What changed within a line, as runs of text; Thai has no blanks, so it goes by syllable signs."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from correspondence.reading import Frozen

# A consonant with what stands above, below and before it is one sign to a reader.
_SIGN = re.compile(r"[เแโใไ]?[ก-ฮ][ะ-ฺๅ็-๎]*|[0-9๐-๙]+|[A-Za-z]+|\s+|.", re.DOTALL)
# Fewer signs alike between two changes are chance; marked singly they make confetti.
_LEAST_ALIKE: Final = 3
_MOST_SIGNS: Final = 1_500


class RunFate(StrEnum):
    """What became of a run of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Run(Frozen):
    """A run of text of one fate, in the order of reading: what went before what came."""

    fate: RunFate
    text: str


def changed_runs(before: str, after: str) -> tuple[Run, ...]:
    """Return a line's later version with what went and what came, run by run."""
    old, new = _SIGN.findall(before), _SIGN.findall(after)
    if max(len(old), len(new)) > _MOST_SIGNS:
        return _runs([(RunFate.REMOVED, before), (RunFate.ADDED, after)])
    pairs: list[tuple[RunFate, str]] = []
    removed = added = ""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        ends = a == 0 or b == len(old)
        if kind == "equal" and (b - a >= _LEAST_ALIKE or ends):
            pairs += [(RunFate.REMOVED, removed), (RunFate.ADDED, added)]
            pairs.append((RunFate.SAME, "".join(new[c:d])))
            removed = added = ""
        else:
            removed += "".join(old[a:b])
            added += "".join(new[c:d])
    return _runs([*pairs, (RunFate.REMOVED, removed), (RunFate.ADDED, added)])


def _runs(pairs: list[tuple[RunFate, str]]) -> tuple[Run, ...]:
    return tuple(Run(fate=fate, text=text) for fate, text in pairs if text)
