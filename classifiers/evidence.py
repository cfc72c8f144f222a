"""The phrases of a letter that moved the decision, in the letter's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from classifiers.features import LetterFeatures
from correspondence.classification import Evidence

_FOR, _AGAINST = 6, 3
_LONGEST = 60


def evidence_of(features: LetterFeatures, pull: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Return up to 6 phrases for the category, strongest first, then up to 3 against it.

    Args:
        features: the letter's features with their places.
        pull: how far each feature moved the score towards the category.
    """
    share: dict[str, float] = defaultdict(float)
    for place in features.places:
        share[place.feature] += place.weight
    moved: dict[tuple[int, int], float] = defaultdict(float)
    for place in features.places:
        force = pull.get(place.feature, 0.0)
        if force and place.end - place.start <= _LONGEST:
            moved[place.start, place.end] += force * place.weight / share[place.feature]
    phrases: dict[str, float] = defaultdict(float)
    for (start, end), force in moved.items():
        phrase = " ".join(features.text[start:end].split())
        if len(phrase) >= 3:
            phrases[phrase] += force
    ranked = sorted(phrases.items(), key=lambda item: (-item[1], item[0]))
    chosen = _distinct([item for item in ranked if item[1] > 0], _FOR)
    against = _distinct([item for item in reversed(ranked) if item[1] < 0], _AGAINST)
    return tuple(Evidence(text=t, weight=round(w, 4)) for t, w in (*chosen, *against))


def _distinct(ranked: list[tuple[str, float]], limit: int) -> list[tuple[str, float]]:
    """Return the first phrases that do not contain each other."""
    kept: list[tuple[str, float]] = []
    for phrase, weight in ranked:
        if len(kept) == limit:
            break
        if not any(phrase in other or other in phrase for other, _ in kept):
            kept.append((phrase, weight))
    return kept
