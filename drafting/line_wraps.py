"""Undo the line breaks of a printed page: Thai wraps between or inside words, without a hyphen.

A break inside a word is closed; one between words becomes a blank, because it may hide the
blank between two phrases, which Thai needs.
"""

from __future__ import annotations

import re

_WINDOW = 24
_WRAP = re.compile(r"(?<=[ก-๎])[ \t]*\n[ \t]*(?=[ก-๎])")


def unwrap(text: str) -> str:
    """Return text on one line, its runs of blanks folded."""

    def close(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - _WINDOW) : match.start()].split()[-1]
        after = text[match.end() : match.end() + _WINDOW].split()[0]
        return "" if _inside_word(before, after) else " "

    return " ".join(_WRAP.sub(close, text).split())


def _inside_word(before: str, after: str) -> bool:
    from pythainlp.tokenize import word_tokenize

    position = 0
    for word in word_tokenize(before + after, engine="newmm-safe"):
        position += len(word)
        if position >= len(before):
            break
    return position != len(before)
