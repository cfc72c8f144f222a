"""Personal data in a text: found by name, form and label, and blacked out.

In doubt a part is hidden: an agency can ask for what it lacks, but nothing calls back what it
has been shown. Offsets count into the text as given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from correspondence.national_ids import find_national_ids
from correspondence.reading import Frozen
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import ThaiTerm
from drafting.redaction.addresses import find_addresses
from drafting.redaction.people import TITLE

# One length for all: the length of a name tells the name.
BLACK = "███"
_LEAST_ALONE = 4
_LEAST_LATIN = 3
_TONES = "่้๊๋์็"
_GAP = r"[\s\u200b]{0,2}"
_PART = r"[\s().\-–‑]{0,3}"


class Hidden(ThaiTerm):
    """What was hidden."""

    NAME = "name", "ชื่อ"
    ADDRESS = "address", "ที่อยู่"
    TELEPHONE = "telephone", "หมายเลขโทรศัพท์"
    NATIONAL_ID = "national_id", "เลขประจำตัว"
    EMAIL = "email", "อีเมลและบัญชีสื่อสังคม"
    BIRTH = "birth", "วันเกิด"


class HiddenSpan(Frozen):
    """A stretch that is hidden: offsets, and what stands there."""

    start: int
    end: int
    kind: Hidden


class BlackedText(Frozen):
    """A text with its personal data blacked out, and where it stood in the original."""

    text: str
    spans: tuple[HiddenSpan, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many places of each kind were hidden."""
        return dict(Counter(span.kind.value for span in self.spans))


_PATTERNS: tuple[tuple[Hidden, re.Pattern[str]], ...] = (
    (
        Hidden.NATIONAL_ID,
        re.compile(
            r"(?<![0-9A-Za-z])[x0-9](?:[\s.\-–]{0,3}[x0-9]){12}(?![0-9])"
            r"|(?:ประจำตัวประชาชน|บัตรประชาชน|บัตรประจำตัว|ประจำตัวนักเรียน|หนังสือเดินทาง"
            r"|passport(?:\s+no\.?)?|ID card)"
            r"[^0-9A-Zx]{0,24}(?P<number>[A-Z]{0,2}[0-9x](?:[\s\-–]{0,3}[0-9x]){4,14})",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.EMAIL,
        re.compile(
            r"(?:[A-Za-z0-9][\w.+\-]{1,40}[.\-_]\n)?[\w.+\-]{1,64}[ \n]?[@＠][ \n]?[\w\-]{1,63}"
            r"(?:[ ]?\.[ ]?[\w\-]{1,63}){0,4}"
            r"(?:[\-.]?\n[\w\-]{0,40}\.(?:com|net|org|th|co|me)\b(?:\.th)?)?"
            r"|(?:ไลน์|\bLINE|\bID\s*LINE)\s*(?:ID|ไอดี)?\s*[:：.]?\s*@?(?P<line>[A-Za-z0-9_.\-]{3,40})"
            r"|(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|line|instagram|tiktok|twitter|x)\.(?:com|me)/\S{1,200}"
            r"|(?:เฟซบุ๊[กค]|เฟสบุ๊[กค]|Facebook|\bFB)\s*[:：]\s*(?P<page>[^\n]{2,80})",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.TELEPHONE,
        re.compile(
            rf"(?<![0-9./])\(?0(?:{_PART}[0-9]){{8,9}}(?![0-9])(?:\s*(?:ต่อ|ext\.?)\s*[0-9]{{1,6}})?"
            rf"|(?<![0-9])\+?66(?:{_PART}[0-9]){{8,9}}(?![0-9])"
            rf"|\+[0-9]{{1,3}}(?:{_PART}[0-9]){{6,12}}(?![0-9])"
            r"|(?:โทร(?:ศัพท์|สาร|\.)?|มือถือ|เบอร์(?:โทร(?:ศัพท์)?|ติดต่อ)?|แฟกซ์|(?<![A-Za-z])(?:Tel|Phone|Mobile|Fax))"
            r"[\s.:：]{0,4}(?P<phone>[0-9+(][0-9 ().\-–]{3,24}[0-9])",
            re.IGNORECASE,
        ),
    ),
    (
        Hidden.BIRTH,
        re.compile(
            r"(?:เกิด(?:เมื่อ)?\s?วันที่|วัน(?:เดือนปี)?เกิด|date of birth)\s*[:：]?\s*"
            r"(?P<day>[^\n]{4,28})"
        ),
    ),
)  # fmt: skip


def black_out(text: str, names: Iterable[str]) -> BlackedText:
    """Return a text without the personal data of the complainant.

    Args:
        text: of a letter, a page or a field.
        names: what `complainant_names` found, and what a person has added.
    """
    spans = _merged([*_by_form(text), *_by_name(text, tuple(names))])
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], BLACK]
        position = span.end
    return BlackedText(text="".join([*parts, text[position:]]), spans=spans)


def _by_form(text: str) -> Iterator[HiddenSpan]:
    folded = fold_digits(text)
    for number in find_national_ids(text):
        yield HiddenSpan(
            start=number.positions[0], end=number.positions[-1] + 1, kind=Hidden.NATIONAL_ID
        )
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            named = next((name for name, value in match.groupdict().items() if value), None)
            begin, end = match.span(named) if named else match.span()
            yield HiddenSpan(start=begin, end=end, kind=kind)
    for begin, end in find_addresses(folded):
        yield HiddenSpan(start=begin, end=end, kind=Hidden.ADDRESS)


def _by_name(text: str, names: tuple[str, ...]) -> Iterator[HiddenSpan]:
    patterns: dict[str, re.Pattern[str]] = {}
    for name in names:
        words = [word for word in name.split() if word]
        if len(words) > 1:
            patterns[name] = _pattern(r"\s*".join(_loose(word) for word in words), name)
        for word in words:
            patterns.setdefault(word, _alone(word))
    for pattern in patterns.values():
        for match in pattern.finditer(text):
            yield HiddenSpan(start=match.start(), end=match.end(), kind=Hidden.NAME)


def _alone(word: str) -> re.Pattern[str]:
    """Return what finds a first name or surname by itself; a short one only behind a title."""
    least = _LEAST_LATIN if word.isascii() else _LEAST_ALONE
    if len(word) >= least:
        return _pattern(_loose(word), word)
    return re.compile(rf"{TITLE}\s*{_loose(word)}(?![ก-๎])")


def _pattern(body: str, name: str) -> re.Pattern[str]:
    edge = r"\b" if name.isascii() else ""
    return re.compile(rf"(?:{TITLE}\s*)?{edge}{body}{edge}", re.IGNORECASE)


def _loose(word: str) -> str:
    """Return a word as scans and line ends tear it: blanks inside, marks lost."""
    return _GAP.join(
        f"{re.escape(letter)}?" if letter in _TONES else re.escape(letter) for letter in word
    )


def _merged(spans: list[HiddenSpan]) -> tuple[HiddenSpan, ...]:
    merged: list[HiddenSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            if span.end > last.end:
                merged[-1] = last.model_copy(update={"end": span.end})
        else:
            merged.append(span)
    return tuple(merged)
