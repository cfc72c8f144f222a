"""A letter to named features, each with its weight and its place in the text.

Blocks of features are scaled each to length one and then weighed, so that no block drowns
another: words, pairs of words, character n-grams, subject, request, cues, fields.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from classifiers.cues import find_cues
from classifiers.gazetteer import sender_kinds
from classifiers.letter_input import LetterInput
from classifiers.wording import Composed, Word, compose, fold, words
from classifiers.zones import WEIGHT, Span, Zone, divide, written_addressee, written_subject
from correspondence.vocabulary import LetterKind

BLOCK_WEIGHT = {
    "w": 1.0,
    "b": 0.7,
    "c": 1.0,
    "s": 1.0,
    "r": 0.6,
    "q": 1.2,
    "qs": 1.0,
    "f": 0.9,
}
"""Words, pairs, character n-grams, subject, request, cues, cues of the subject, fields."""

_SIZES = (3, 4, 5)


class Place(NamedTuple):
    """A feature at one place of the text (characters); its share of the feature's weight."""

    feature: str
    start: int
    end: int
    weight: float


class LetterFeatures(NamedTuple):
    """The features of a letter by block, and where they stand in its composed text."""

    blocks: dict[str, dict[str, float]]
    places: tuple[Place, ...]
    composed: Composed


def letter_features(letter: LetterInput) -> LetterFeatures:
    """Return the features of a letter. Deterministic; looks at `wording.MAX_TEXT` characters."""
    composed = compose(letter.text)
    text = composed.text
    subject = compose(letter.subject or written_subject(text) or "").text[:500]
    spans = divide(text)
    blocks: dict[str, dict[str, float]] = {name: defaultdict(float) for name in BLOCK_WEIGHT}
    places: list[Place] = []
    for span in spans:
        _add_words(blocks, places, text, span)
        _add_characters(blocks["c"], text, span)
    _add_subject(blocks, subject)
    _add_cues(blocks, places, text, spans, subject)
    _add_fields(blocks["f"], letter, text, spans)
    return LetterFeatures({n: dict(b) for n, b in blocks.items()}, tuple(places), composed)


def _add_words(
    blocks: dict[str, dict[str, float]], places: list[Place], text: str, span: Span
) -> None:
    weight = WEIGHT[span.zone]
    previous: Word | None = None
    for word in words(text[span.start : span.end]):
        start, end = span.start + word.start, span.start + word.end
        blocks["w"][f"w:{word.text}"] += weight
        places.append(Place(f"w:{word.text}", start, end, weight))
        if span.zone is Zone.REQUEST:
            blocks["r"][f"r:{word.text}"] += 1.0
            places.append(Place(f"r:{word.text}", start, end, 1.0))
        if previous is not None:
            pair = f"b:{previous.text}_{word.text}"
            blocks["b"][pair] += weight
            places.append(Place(pair, span.start + previous.start, end, weight))
        previous = word


def _add_characters(block: dict[str, float], text: str, span: Span) -> None:
    weight = WEIGHT[span.zone]
    shadow = fold(text[span.start : span.end]).text
    for size in _SIZES:
        for at in range(len(shadow) - size + 1):
            block["c:" + shadow[at : at + size]] += weight


def _add_subject(blocks: dict[str, dict[str, float]], subject: str) -> None:
    if not subject:
        blocks["f"]["f:no_subject"] = 1.0
        return
    previous = ""
    for word in words(subject):
        blocks["s"][f"s:{word.text}"] += 1.0
        if previous:
            blocks["s"][f"s:{previous}_{word.text}"] += 1.0
        blocks["w"][f"w:{word.text}"] += WEIGHT[Zone.SUBJECT]
        previous = word.text
    shadow = fold(subject).text
    for size in _SIZES:
        for at in range(len(shadow) - size + 1):
            blocks["c"]["c:" + shadow[at : at + size]] += WEIGHT[Zone.SUBJECT]


def _add_cues(
    blocks: dict[str, dict[str, float]],
    places: list[Place],
    text: str,
    spans: list[Span],
    subject: str,
) -> None:
    for cue in find_cues(fold(subject)):
        blocks["qs"][f"qs:{cue.name}"] = 1.0
    for cue in find_cues(fold(text)):
        zone = next((s.zone for s in spans if s.start <= cue.start < s.end), Zone.BODY)
        strength = {Zone.QUOTED: 0.7, Zone.HEAD: 0.7, Zone.TAIL: 0.5}.get(zone, 1.0)
        blocks["q"][f"q:{cue.name}"] = strength
        places.append(Place(f"q:{cue.name}", cue.start, cue.end, strength))
        if zone is Zone.REQUEST:
            blocks["q"][f"q:{cue.name}@request"] = 0.7
            places.append(Place(f"q:{cue.name}@request", cue.start, cue.end, 0.7))


def _add_fields(block: dict[str, float], letter: LetterInput, text: str, spans: list[Span]) -> None:
    if letter.kind is not LetterKind.UNKNOWN:
        block[f"f:kind={letter.kind.value}"] = 1.0
    block[f"f:language={letter.language or 'unknown'}"] = 0.5
    head = "\n".join(text[s.start : s.end] for s in spans if s.zone is Zone.HEAD)[:1500]
    tail = "\n".join(text[s.start : s.end] for s in spans if s.zone is Zone.TAIL)[:800]
    for kind in sender_kinds(fold(f"{letter.agency or ''}\n{letter.sender_address or ''}").text):
        block[f"f:agency={kind}"] = 1.0
    domain = (letter.sender_address or "").rpartition("@")[2].strip("<> ").lower()
    if domain:
        block[f"f:domain={domain}"] = 0.7
    for kind in sender_kinds(fold(head).text):
        block[f"f:head={kind}"] = 0.7
    for kind in sender_kinds(fold(tail).text):
        block[f"f:signer={kind}"] = 0.5
    addressee = letter.addressee or written_addressee(text) or ""
    shadow = fold(addressee).text
    for name in ("รัฐมนตร", "ปลดกระทรวง", "หวหนาสวนราชการ", "อธบด", "ทานรฐ", "minister", "ทก"):
        if name in shadow:
            block[f"f:addressee={name}"] = 0.7
    length = min(6, int(math.log2(max(1, len(text)) / 60 + 1)))
    block[f"f:length={length}"] = 0.3
    if letter.salutation:
        block["f:salutation=" + fold(letter.salutation).text[:12]] = 0.4
