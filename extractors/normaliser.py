"""Thai text as extractors give it → Thai text as it is written. The order of steps matters.

Never NFKC or NFKD: they split ำ. Digits stay as they are; parsers fold a copy.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from extractors.lexicon import longest_word_over

# Shifted and tail-less glyphs of Windows fonts, U+F700 to U+F71A in this order (thai.md).
_WINDOWS_GLYPHS = "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์" + "\u0e38\u0e39\u0e3a"
# The Macintosh set, U+F884 to U+F899: vowels, then each tone in three positions (Adobe's names).
_MACINTOSH_GLYPHS = "ัิีึื็" + "".join(tone * 3 for tone in "่้๊๋์") + "ํ"

_GLYPHS: dict[int, str | None] = (
    {0xF700 + offset: glyph for offset, glyph in enumerate(_WINDOWS_GLYPHS)}
    | {0xF884 + offset: glyph for offset, glyph in enumerate(_MACINTOSH_GLYPHS)}
    | dict.fromkeys((0x0000, 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
    | {0x00A0: " ", 0x2028: "\n", 0x2029: "\n"}
)

_CONSONANT = "ก-ฮ"
_TONES = "่้๊๋์"
_VOWEL_MARKS = "ัิีึืฺุู็"
_MARKS = f"{_VOWEL_MARKS}{_TONES}ํ๎"
_GAP = " \t\ufffe\uffff"

_GAP_BEFORE_MARK = re.compile(f"(?<=[ก-๛])[{_GAP}]+(?=[{_MARKS}])")
_LINE_BEFORE_MARK = re.compile(f"(?<=[{_CONSONANT}])\\n(?=[{_MARKS}])")
_MARK_RUN = re.compile(f"[{_TONES}{_VOWEL_MARKS}ํ]{{2,}}")
_TONE_AFTER_AA = re.compile(f"(?<=[{_CONSONANT}])([าะ])([่้๊๋])")
_DOUBLED_MARK = re.compile(f"([{_MARKS}])\\1+")
_SPLIT_AM = re.compile(f"ํ([{_TONES}]?)า|([{_TONES}])ํา")
_AM_BEFORE_TONE = re.compile(f"ำ([{_TONES}])")
_SPLIT_AE = re.compile("เเ")
_LOST_NIKHAHIT = re.compile(f"(?<=[{_CONSONANT}])([{_TONES}]?)[{_GAP}]+([{_TONES}]?)า")
_NONCHARACTERS = re.compile("[\ufffe\uffff\x01-\x08\x0b\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|[\r\x0c\x85]")
_EMPTY_LINES = re.compile(r"\n{3,}")

_NEIGHBOURHOOD = 20


class _Place(NamedTuple):
    """A gap before า: where, and the longest word with either spelling over it."""

    start: int
    end: int
    tone: str
    with_am: int
    with_aa: int


def normalise(text: str) -> str:
    """Return the text with Thai marks where they are written.

    Steps: private-use glyphs; lost ำ; gaps before marks; tone after vowel; ํ and า joined;
    doubled marks; line ends as a line feed. Lines and the spaces between phrases stay. Text
    without Thai keeps everything but control characters.
    """
    text = unicodedata.normalize("NFC", text.translate(_GLYPHS))
    # Not by a regular expression: a run of blanks takes it the square of its length.
    text = "\n".join(line.rstrip(" \t") for line in _LINE_END.sub("\n", text).split("\n"))
    text = restore_am(text)
    text = _GAP_BEFORE_MARK.sub("", text)
    text = _LINE_BEFORE_MARK.sub("", text)
    text = _NONCHARACTERS.sub("", text)
    text = _MARK_RUN.sub(_vowels_first, text)
    text = _TONE_AFTER_AA.sub(r"\2\1", text)
    text = _SPLIT_AM.sub(lambda found: f"{found[1] or found[2] or ''}ำ", text)
    text = _AM_BEFORE_TONE.sub(r"\1ำ", text)
    text = _DOUBLED_MARK.sub(r"\1", text)
    text = _SPLIT_AE.sub("แ", text)
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def _vowels_first(run: re.Match[str]) -> str:
    return "".join(sorted(run[0], key=lambda mark: mark in _TONES))


def restore_am(text: str) -> str:
    """Return the text with ำ put back where a PDF lost its ring and kept a space (ค านวณ).

    A space before า is either a lost nikhahit or a stray gap (ฟ ้า). Each place is decided by the
    longer dictionary word that either spelling makes there, and by the page's own lack of ำ where
    the dictionary does not decide (น้ำ, น้า) or neighbours run together into a longer word: a page
    that has none, and no more gaps that look like stray ones, lost them all.
    """
    if not _LOST_NIKHAHIT.search(text):
        return text
    places = [_weigh(text, found) for found in _LOST_NIKHAHIT.finditer(text)]
    lost_ones = sum(place.with_am > place.with_aa for place in places)
    stray_ones = sum(place.with_aa > place.with_am for place in places)
    page_lost_it = "ำ" not in text and stray_ones <= lost_ones
    pieces: list[str] = []
    done = 0
    for place in places:
        # A page without a single ำ lost them all: any word that ำ makes there will do (น ้า).
        lost = place.with_am > (0 if page_lost_it else place.with_aa)
        pieces.append(text[done : place.start] + place.tone + ("ำ" if lost else "า"))
        done = place.end
    return "".join(pieces) + text[done:]


def _weigh(text: str, found: re.Match[str]) -> _Place:
    tone = found[1] or found[2]
    before = re.sub(r"\s+", "", text[max(0, found.start() - _NEIGHBOURHOOD) : found.start()])
    after = text[found.end() : found.end() + _NEIGHBOURHOOD]
    position = len(before) + len(tone)
    return _Place(
        start=found.start(),
        end=found.end(),
        tone=tone,
        with_am=longest_word_over(f"{before}{tone}ำ{after}", position),
        with_aa=longest_word_over(f"{before}{tone}า{after}", position),
    )
