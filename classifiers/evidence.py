"""The phrases of a letter that moved the decision, in the letter's own words and in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from classifiers.features import LetterFeatures
from classifiers.letter_input import LetterInput
from correspondence.classification import Evidence
from correspondence.vocabulary import Category

_FOR, _AGAINST = 6, 3
_LONGEST = 60
_SHORTEST = 3
_ENGLISH = (
    "the of and to in is for we you your our this that with on as at are have will would their"
    " they he she his her its from by an not was were has had been my"
)
_FAINT = 0.05
"""A phrase that moved less than this share of the strongest tells a clerk nothing."""


class Pull(NamedTuple):
    """How far each feature moved the score from the second guess towards the chosen category."""

    forces: Mapping[str, float]
    chosen: Category
    rival: Category


class _Stretch(NamedTuple):
    """A piece of the composed text and how far all features on it moved the decision."""

    start: int
    end: int
    force: float


def evidence_of(features: LetterFeatures, letter: LetterInput, pull: Pull) -> tuple[Evidence, ...]:
    """Return up to 6 phrases for the category, strongest first, then up to 3 for the second guess.

    Args:
        features: the letter's features with their places.
        letter: the letter they were taken of.
        pull: how far each feature moved the score.
    """
    stretches = _stretches(features, pull.forces)
    least = _FAINT * max((abs(stretch.force) for stretch in stretches), default=0.0)
    stretches = [stretch for stretch in stretches if abs(stretch.force) >= least]
    chosen = _distinct(features, [s for s in stretches if s.force > 0], _FOR)
    against = _distinct(features, [s for s in reversed(stretches) if s.force < 0], _AGAINST)
    return tuple(
        _evidence(features, letter, stretch, pull.chosen if stretch.force > 0 else pull.rival)
        for stretch in (*chosen, *against)
    )


def _stretches(features: LetterFeatures, forces: Mapping[str, float]) -> list[_Stretch]:
    """Return the pieces with features on them, the strongest for the chosen category first."""
    share: dict[str, float] = defaultdict(float)
    for place in features.places:
        share[place.feature] += place.weight
    moved: dict[tuple[int, int], float] = defaultdict(float)
    for place in features.places:
        force = forces.get(place.feature, 0.0)
        if force and place.end - place.start <= _LONGEST:
            moved[place.start, place.end] += force * place.weight / share[place.feature]
    ranked = [_Stretch(start, end, force) for (start, end), force in moved.items()]
    return sorted(ranked, key=lambda stretch: (-stretch.force, stretch.start, stretch.end))


@cache
def _empty_words() -> frozenset[str]:
    """Return words that say nothing alone: particles, pronouns, prepositions."""
    from pythainlp.corpus import thai_stopwords

    return frozenset(thai_stopwords()) | frozenset(_ENGLISH.split())


def _phrase(features: LetterFeatures, stretch: _Stretch) -> str:
    return " ".join(features.composed.text[stretch.start : stretch.end].split())


def _distinct(features: LetterFeatures, ranked: list[_Stretch], limit: int) -> list[_Stretch]:
    """Return the first pieces whose words do not contain each other."""
    kept: list[_Stretch] = []
    said: list[str] = []
    for stretch in ranked:
        if len(kept) == limit:
            break
        phrase = _phrase(features, stretch)
        if len(phrase) < _SHORTEST or phrase.lower() in _empty_words():
            continue
        if not any(phrase in other or other in phrase for other in said):
            kept.append(stretch)
            said.append(phrase)
    return kept


def _evidence(
    features: LetterFeatures, letter: LetterInput, stretch: _Stretch, speaks_for: Category
) -> Evidence:
    offsets = features.composed.offsets
    start, last = offsets[stretch.start], offsets[stretch.end - 1]
    place, end = letter.place(start), letter.place(last)
    together = place is not None and end is not None and place[0] == end[0]
    return Evidence(
        text=_phrase(features, stretch),
        weight=round(stretch.force, 4),
        speaks_for=speaks_for,
        page=place[0] if place and together else None,
        start=place[1] if place and together else None,
        end=end[1] + 1 if end and together else None,
    )
