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
from drafting.redaction.addresses import find_addresses
from drafting.redaction.crumbs import without_crumbs
from drafting.redaction.listed_names import words_in
from drafting.redaction.name_cues import KIN, TITLE
from drafting.redaction.number_forms import NUMBER_FORMS, Hidden
from drafting.redaction.word_knowledge import is_plain

# One length for all: the length of a name tells the name.
BLACK = "███"
_LEAST_ALONE = 4
_LEAST_LATIN = 3
_LEAST_TOKEN = 3
_LEAST_BARE = 5
_LONGEST_LINE = 4_000
_TONES = "่้๊๋์็"
_SIGNS = _TONES + "ัิีึืุูํ"
# Marks among names; no letter has them, for control signs are dropped on reading.
_WHOLE = "\x1f"
_PLACE = "\x1e"
_NUMBER = "\x1d"
_KEPT = "\x1b"
_LEFT = "\x1a"
# What a person may open again; a telephone, a number of a person, a mail or an account never is.
OPENABLE = frozenset({Hidden.NAME, Hidden.ADDRESS, Hidden.NUMBER})
_KINDS = {_WHOLE: Hidden.NAME, _PLACE: Hidden.ADDRESS, _NUMBER: Hidden.NUMBER}
# Parts what stands before a short word from the word itself.
_BEHIND = "\x1c"
_MARKS = (_WHOLE, _PLACE, _NUMBER, _KEPT, _LEFT)
# Looked for before each name that is found: every name with all titles is slow to compile.
_TITLED = re.compile(rf"{TITLE}\s*$", re.IGNORECASE)
_CALLED = re.compile(rf"(?:{TITLE}|{KIN}|ชื่อ(?:เล่น|จริง)?(?:ว่า|คือ)?)\s*$")
_OPENED = re.compile(r"(?<![ก-๎])[(“\"]$")
_LONGEST_TITLE = 40
_GAP = r"[\s\u200b]{0,2}"


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


def as_one(line: str) -> str:
    """Return a line marked to be hidden as it stands, and none of its words elsewhere."""
    return _WHOLE + line


def as_place(words: str) -> str:
    """Return words marked to be hidden as a place, as they stand."""
    return _PLACE + words


def as_number(before: str, number: str) -> str:
    """Return a number marked to be hidden where the same stands before it."""
    return f"{_NUMBER}{before}{_BEHIND}{number}"


def as_behind(before: str, word: str) -> str:
    """Return a word too short to be looked for alone, to be hidden where the same precedes it."""
    return f"{_WHOLE}{before}{_BEHIND}{word}"


def as_kept(words: str) -> str:
    """Return the name of a school or an office: what is only in doubt stays inside it."""
    return _KEPT + words


def as_left(words: str) -> str:
    """Return the name of an official that stays, for a person to look at."""
    return _LEFT + words


def left_words(names: Iterable[str]) -> tuple[str, ...]:
    """Return what stays though it is name-like: schools, offices and officials, each once."""
    return tuple(dict.fromkeys(name[1:] for name in names if name[:1] in (_KEPT, _LEFT)))


def black_out(text: str, names: Iterable[str], shown: Iterable[str] = ()) -> BlackedText:
    """Return a text without the personal data of the complainant.

    Args:
        text: of a letter, a page or a field.
        names: what `complainant_names` found, and what a person has added.
        shown: words a person has opened again; of telephones, numbers of persons, mails and
            accounts nothing is opened.
    """
    known = tuple(names)
    found = [*_by_form(text), *_by_name(text, known), *_by_mark(text, known)]
    spans = _merged(_opened(text, _rounded(text, found), tuple(shown)))
    parts: list[str] = []
    position = 0
    for number, span in enumerate(spans):
        # Two of different kinds side by side are one black stretch.
        if not number or span.start != position:
            parts += [text[position : span.start], BLACK]
        position = span.end
    return BlackedText(text="".join([*parts, text[position:]]), spans=spans)


def _rounded(text: str, found: list[HiddenSpan]) -> list[HiddenSpan]:
    """Return spans that leave no crumb of a name in its run of letters: โอ๊|ต."""
    rounded: list[HiddenSpan] = []
    for span in found:
        begin, end = span.start, span.end
        if span.kind in (Hidden.NAME, Hidden.ADDRESS):
            begin, end = without_crumbs(text, begin, end)
        rounded.append(HiddenSpan(start=begin, end=end, kind=span.kind))
    return rounded


def _opened(text: str, found: list[HiddenSpan], shown: tuple[str, ...]) -> list[HiddenSpan]:
    """Return the spans without what a person has opened again."""
    open_spans = [
        match.span()
        for words in shown
        if words.strip()
        for match in re.finditer(_as_it_stands(words), text)
    ]
    for begin, end in open_spans:
        found = [part for span in found for part in _without(span, begin, end)]
    return found


def _without(span: HiddenSpan, begin: int, end: int) -> Iterator[HiddenSpan]:
    if span.kind not in OPENABLE or end <= span.start or span.end <= begin:
        yield span
        return
    if span.start < begin:
        yield span.model_copy(update={"end": begin})
    if end < span.end:
        yield span.model_copy(update={"start": end})


def _by_form(text: str) -> Iterator[HiddenSpan]:
    folded = fold_digits(text)
    for number in find_national_ids(text):
        yield HiddenSpan(
            start=number.positions[0], end=number.positions[-1] + 1, kind=Hidden.NATIONAL_ID
        )
    for kind, pattern in NUMBER_FORMS:
        for match in pattern.finditer(folded):
            named = next((name for name, value in match.groupdict().items() if value), None)
            begin, end = match.span(named) if named else match.span()
            yield HiddenSpan(start=begin, end=end, kind=kind)
    for begin, end in find_addresses(folded):
        yield HiddenSpan(start=begin, end=end, kind=Hidden.ADDRESS)


def _by_name(text: str, names: tuple[str, ...]) -> Iterator[HiddenSpan]:
    patterns: dict[str, re.Pattern[str]] = {}
    short: set[str] = set()
    for name in names:
        words = [word for word in name.split() if word]
        if name[:1] in _MARKS:
            continue
        if len(words) > 1:
            patterns[name] = _pattern(r"\s*".join(_loose(word) for word in words), name)
        for position, word in enumerate(words):
            # A pattern may have taken the next word of the sentence for a surname.
            if not position or not is_plain(word):
                patterns.setdefault(word, _alone(word))
        if len(words) == 1 and _LEAST_TOKEN <= len(name) < _LEAST_ALONE and not name.isascii():
            short.add(name)
    for name, pattern in patterns.items():
        behind = _is_short(name)
        for match in pattern.finditer(text):
            title = (_CALLED if behind else _TITLED).search(
                text, max(0, match.start() - _LONGEST_TITLE), match.start()
            )
            if title is not None or not behind or _in_brackets(text, *match.span()):
                start = title.start() if title else match.start()
                yield HiddenSpan(start=start, end=match.end(), kind=Hidden.NAME)
    if short:
        yield from _tokens(text, short)


def _by_mark(text: str, names: tuple[str, ...]) -> Iterator[HiddenSpan]:
    """Yield what is marked to be hidden as it stands, but inside the names of schools."""
    kept = [
        match.span()
        for name in names
        if name.startswith(_KEPT)
        for match in re.finditer(_as_it_stands(name[1:]), text)
    ]
    for name in names:
        kind = _KINDS.get(name[:1])
        if kind is None:
            continue
        for match in re.finditer(_as_it_stands(name[1:]), text):
            if not any(begin <= match.start() and match.end() <= end for begin, end in kept):
                yield HiddenSpan(start=match.start(), end=match.end(), kind=kind)


def _as_it_stands(words: str) -> str:
    """Return the pattern of words with any blanks between them, and no part of a longer number."""
    before, parted, word = words.rpartition(_BEHIND)
    body = r"\s*".join(map(re.escape, word.split()))
    begin = "(?<![0-9๐-๙])" if word[0].isdigit() else "(?<![ก-๎])" if parted else ""
    if before:
        begin = f"(?<={re.escape(before)})"
    end = "(?![0-9๐-๙])" if word[-1].isdigit() else ""
    return begin + body + end


def _tokens(text: str, short: set[str]) -> Iterator[HiddenSpan]:
    """Yield where a short name stands as a word of its own, whatever stands beside it."""
    for line in re.finditer(r"[^\n]+", text):
        if not any(name in line[0] for name in short):
            continue
        position = line.start()
        for token in words_in(line[0][:_LONGEST_LINE]):
            if token in short:
                yield HiddenSpan(start=position, end=position + len(token), kind=Hidden.NAME)
            position += len(token)


def _alone(word: str) -> re.Pattern[str]:
    """Return what finds a first name or surname by itself; a short one only behind a title."""
    if not _is_short(word):
        return _pattern(_loose(word), word)
    # No sign above, below or after may follow: it would be another syllable.
    return re.compile(rf"{_loose(word)}(?![ะ-ฺ็-๎])")


def _is_short(name: str) -> bool:
    """Tell whether a name is looked for behind a title or in brackets only."""
    return " " not in name and len(name) < (_LEAST_LATIN if name.isascii() else _LEAST_ALONE)


def _in_brackets(text: str, begin: int, end: int) -> bool:
    return _OPENED.search(text, max(0, begin - 2), begin) is not None and text[end : end + 1] in (
        ")", "”", '"'
    )  # fmt: skip


def _pattern(body: str, name: str) -> re.Pattern[str]:
    # Thai letters may touch a Latin name: คุณKenji.
    before, behind = (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])") if name.isascii() else ("", "")
    return re.compile(f"{before}{body}{behind}", re.IGNORECASE)


def _loose(word: str) -> str:
    """Return a word as scans and line ends tear it: blanks inside, marks lost or put in.

    Of a long word every sign above and below the line may be lost, of a short one tone marks only.
    """
    bare = [letter for letter in word if letter not in _SIGNS]
    if len(bare) < _LEAST_BARE or word.isascii():
        return _GAP.join(
            f"{re.escape(letter)}?" if letter in _TONES else re.escape(letter) for letter in word
        )
    return _GAP.join(f"{re.escape(letter)}[{_SIGNS}]{{0,3}}" for letter in bare)


def _merged(spans: list[HiddenSpan]) -> tuple[HiddenSpan, ...]:
    """Return the spans without overlap; a telephone in a line that goes as a name stays one."""
    sure = _joined([span for span in spans if span.kind not in OPENABLE])
    rest = _joined([span for span in spans if span.kind in OPENABLE])
    return tuple(sorted([*sure, *_around(rest, sure)], key=lambda span: span.start))


def _around(spans: tuple[HiddenSpan, ...], sure: tuple[HiddenSpan, ...]) -> Iterator[HiddenSpan]:
    """Yield what of the spans is outside the sure ones; both are in order."""
    first = 0
    for span in spans:
        begin = span.start
        while first < len(sure) and sure[first].end <= begin:
            first += 1
        for position in range(first, len(sure)):
            one = sure[position]
            if one.start >= span.end:
                break
            if begin < one.start:
                yield HiddenSpan(start=begin, end=one.start, kind=span.kind)
            begin = max(begin, one.end)
        if begin < span.end:
            yield HiddenSpan(start=begin, end=span.end, kind=span.kind)


def _joined(spans: list[HiddenSpan]) -> tuple[HiddenSpan, ...]:
    merged: list[HiddenSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            if span.end > last.end:
                merged[-1] = last.model_copy(update={"end": span.end})
        else:
            merged.append(span)
    return tuple(merged)
