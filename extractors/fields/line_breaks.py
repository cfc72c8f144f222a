"""Where a page broke a line because it was full, and how the parts join again.

Thai is broken between words, mostly where no blank stood: the parts then join without one. A
blank belongs between two phrases, beside a number, a bracket or a Latin word, and before the
words that office Thai always sets apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.fields.letter_lines import PARAGRAPH, Letter, visible_length
from extractors.lexicon import words

# Share of a letter's line length to which a broken line and the word below it would have grown.
_FULL = 0.9
# A line breaker's words are short; a compound of the list is broken within.
_LONGEST_WORD = 10
# Letters by which a line may miss the margin and be full yet: letters are of unlike width.
_REACH = 1.0
_THAI_END = re.compile(r"[ก-ฮะ-ูเ-ไ็-๎]$")
_THAI_START = re.compile(r"^[ก-ฮเ-ไฤฦ]")
# Office Thai sets these apart by a blank.
_SET_APART = re.compile(
    r"^(?:จำนวน|ครั้งที่|ฉบับที่|ลงวันที่|พ\.ศ\.|ณ\s|เวลา|เรื่อง\s|ที่\s|ปฏิบัติราชการ|รักษาราชการ|รักษาการ"
    r"|ตำบล|อำเภอ|จังหวัด|แขวง|ถนน|นาย[ก-ฮเ-ไ]|นาง|โทร|พร้อม|และ\s)"
)


def join_lines(parts: Iterable[str]) -> str:
    """Return the parts of a value that full lines broke, joined as they were meant."""
    text = ""
    for part in parts:
        text = append_line(text, part, broken=True)
    return text


def append_line(text: str, part: str, *, broken: bool) -> str:
    """Return a text with the next line of it.

    Two Thai parts that a full line broke join without a blank; everything else with one.

    Args:
        text: what was joined so far.
        part: the next line.
        broken: whether the line before ended because it was full (see `is_broken`).
    """
    part = " ".join(part.split())
    if not text or not part:
        return text or part
    inside = _THAI_END.search(text) and _THAI_START.match(part) and not _SET_APART.match(part)
    return f"{text}{part}" if broken and inside else f"{text} {part}"


def is_broken(letter: Letter, index: int) -> bool:
    """Tell whether a line ended because it was full: the next word would not have fitted."""
    if index + 1 >= len(letter.lines):
        return False
    line, following = letter.lines[index], letter.lines[index + 1]
    if len(line.text) > PARAGRAPH:
        return False
    word = visible_length(_first_word(following.text))
    length = visible_length(line.text)
    if line.left is not None and line.right is not None and letter.margin is not None and length:
        letter_width = (line.right - line.left) / length
        return line.right + letter_width * (word + _REACH) >= letter.margin
    return length + line.indent + word >= _FULL * letter.width


def _first_word(text: str) -> str:
    """Return what a line breaker would have kept whole: a word of the list, or up to a blank."""
    token = text.split(maxsplit=1)[0] if text.split() else ""
    listed = words()
    for length in range(min(_LONGEST_WORD, len(token)), 1, -1):
        if token[:length] in listed:
            return token[:length]
    return token[:_LONGEST_WORD]
