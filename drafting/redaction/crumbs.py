"""What is left beside a hidden name in its run of letters, and would tell a part of it."""

from __future__ import annotations

import re
from typing import Final

from drafting.redaction.name_words import KIN, OFFICES, ROLES
from drafting.redaction.word_knowledge import is_plain

# What is left of a run of letters beside a name, too short to be told from a part of it.
_LONGEST_CRUMB: Final = 3
_CRUMB_BEFORE: Final = re.compile(r"(?:(?<=[^ก-๎])|^)(?P<crumb>[ก-๎]{1,3})\Z")
_CRUMB_BEHIND: Final = re.compile(r"(?P<crumb>[ก-๎]{1,3})(?![ก-๎])(?P<last>[ ]?[(,\n]|\Z)?")


def without_crumbs(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return the borders of a name with what little is left of its run of letters: โอ๊|ต.

    Args:
        text: the letter.
        begin: offset of the name.
        end: behind it.
    """
    before = _CRUMB_BEFORE.search(text, max(0, begin - _LONGEST_CRUMB - 1), begin)
    behind = _CRUMB_BEHIND.match(text, end)
    if before is not None and begin - before.start("crumb") <= _LONGEST_CRUMB:
        begin = begin if _tells_what(before["crumb"]) else before.start("crumb")
    if behind is not None and (behind["last"] or not _tells_what(behind["crumb"])):
        end = behind.end("crumb")
    return begin, end


def _tells_what(crumb: str) -> bool:
    """Tell whether a short word is one of its own: what somebody is, or a word of talk."""
    return is_plain(crumb) or crumb in ROLES or crumb in OFFICES or crumb in KIN
