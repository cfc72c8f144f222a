"""Titles of public texts as the classifier takes them, source by source, none of them trained on.

The label of a title is that of its source's own section, and the style of a source leaks it:
figures are told for each source apart.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.evaluation import ABSTAINED, Classify
from classifiers.letter_input import LetterInput
from correspondence.classification import Classification
from correspondence.vocabulary import Category

PRECISION = 0.80
_OF_SOURCE = {"pr": Category.PUBLIC_RELATIONS.value}


@dataclass(frozen=True, slots=True)
class PublicTitle:
    """A title of a public text; `label` by its source's own section."""

    source: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Found:
    """Foreign affairs among titles: the share found, and the share of what was found."""

    sorter: str
    threshold: float | None
    recall: float
    precision: float


def read_titles(file: Path) -> list[PublicTitle]:
    """Return the titles of a JSON Lines file of public texts, with the office's names of labels."""
    texts = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        PublicTitle(text["source"], _OF_SOURCE.get(text["label"], text["label"]), text["title"])
        for text in texts
    ]


def public_titles(titles: Sequence[PublicTitle], sorters: dict[str, Classify]) -> list[Found]:
    """Print what each source's titles are taken for; return foreign affairs in cabinet titles."""
    inputs = [LetterInput(text=one.title, subject=one.title) for one in titles]
    answers = {sorter: classify(inputs) for sorter, classify in sorters.items()}
    _say_sources(titles, answers)
    cabinet = [at for at, one in enumerate(titles) if one.source.startswith("cabinet")]
    truth = [titles[at].label == Category.FOREIGN_AFFAIRS.value for at in cabinet]
    found = [
        found_foreign(sorter, [said[at] for at in cabinet], truth)
        for sorter, said in answers.items()
    ]
    found += along_threshold([answers["ours"][at] for at in cabinet], truth)
    _say(f"\nforeign affairs in {len(cabinet)} cabinet titles ({sum(truth)} are)")
    _say(f"{'sorter':>10} {'threshold':>10} {'recall':>7} {'precision':>10}")
    for one in found:
        at = "best guess" if one.threshold is None else f"{one.threshold:.2f}"
        _say(f"{one.sorter:>10} {at:>10} {one.recall:7.3f} {one.precision:10.3f}")
    return found


def found_foreign(sorter: str, said: Sequence[Classification], truth: Sequence[bool]) -> Found:
    """Return how much of foreign affairs is found by the best guess."""
    hits = [one.category is Category.FOREIGN_AFFAIRS for one in said]
    return _found(sorter, None, hits, truth)


def along_threshold(said: Sequence[Classification], truth: Sequence[bool]) -> list[Found]:
    """Return ours at thresholds of foreign affairs' probability.

    The last is the lowest threshold that keeps the asked precision, where there is one.
    """
    sure = [one.probabilities[Category.FOREIGN_AFFAIRS.value] for one in said]
    steps = [_found("ours", at / 10, [p >= at / 10 for p in sure], truth) for at in range(1, 10)]
    every = (_found("ours", p, [other >= p for other in sure], truth) for p in sorted(set(sure)))
    return [*steps, *(one for one in [next((f for f in every if _keeps(f)), None)] if one)]


def _keeps(found: Found) -> bool:
    return found.precision >= PRECISION


def _found(
    sorter: str, threshold: float | None, hits: Sequence[bool], truth: Sequence[bool]
) -> Found:
    both = sum(hit and true for hit, true in zip(hits, truth, strict=True))
    return Found(
        sorter,
        threshold,
        round(both / max(1, sum(truth)), 4),
        round(both / max(1, sum(hits)), 4),
    )


def _say_sources(titles: Sequence[PublicTitle], answers: dict[str, list[Classification]]) -> None:
    columns = [*(category.value for category in Category), ABSTAINED]
    for sorter in ("ours", "tfidf"):
        counts = Counter(
            (one.source, one.label, ABSTAINED if said.abstained else said.category.value)
            for one, said in zip(titles, answers[sorter], strict=True)
        )
        guesses = Counter(
            (one.source, one.label)
            for one, said in zip(titles, answers[sorter], strict=True)
            if said.category.value == one.label
        )
        _say(f"\npublic titles, {sorter}: what each label of each source is taken for")
        _say(
            f"{'source':>24} {'label':>17} {'titles':>6} "
            + " ".join(f"{name[:9]:>9}" for name in columns)
            + f" {'guess right':>11}"
        )
        for source, label in sorted({(one.source, one.label) for one in titles}):
            row = [counts[source, label, name] for name in columns]
            known = label in columns
            right = f"{guesses[source, label] / sum(row):.3f}" if known else ""
            cells = " ".join(f"{count:9}" for count in row)
            _say(f"{source:>24} {label:>17} {sum(row):6} {cells} {right:>11}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
