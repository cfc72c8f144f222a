"""Confusion matrices of a report, for reading: gold labels down, answers across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifiers.evaluation import ABSTAINED, Evaluation
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from office.taxonomy import Taxonomy

ELSEWHERE = "elsewhere"


class Cell(Frozen):
    """How many letters of the row got this answer, and their share of the row, 0 to 1."""

    letters: int
    share: float
    right: bool


class MatrixRow(Frozen):
    """The letters of one label, by answer."""

    label: str
    letters: int
    cells: tuple[Cell, ...]


class Matrix(Frozen):
    """`answers` name the columns; labels are those of the report."""

    answers: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


class MixUp(Frozen):
    """So many letters of one label that were taken for another."""

    gold: str
    said: str
    letters: int


def category_matrix(evaluation: Evaluation) -> Matrix:
    """Return categories by answer; the last column is abstentions."""
    labels = [category.value for category in Category]
    return _matrix(evaluation.confusion, labels, (*labels, ABSTAINED))


def subcategory_matrix(evaluation: Evaluation, taxonomy: Taxonomy, category: Category) -> Matrix:
    """Return a category's sub-categories by best guess; the last column is other categories."""
    labels = [f"{category.value}/{sub.id}" for sub in taxonomy.entry(category).subcategories]
    counts: dict[str, int] = {}
    for mix in _pairs(evaluation.subcategory_confusion):
        said = mix.said if mix.said in labels else ELSEWHERE
        key = f"{mix.gold} -> {said}"
        counts[key] = counts.get(key, 0) + mix.letters
    return _matrix(counts, labels, (*labels, ELSEWHERE))


def mix_ups(evaluation: Evaluation, most: int) -> tuple[MixUp, ...]:
    """Return the sub-categories most often taken for another, the commonest first."""
    wrong = [mix for mix in _pairs(evaluation.subcategory_confusion) if mix.gold != mix.said]
    wrong.sort(key=lambda mix: (-mix.letters, mix.gold, mix.said))
    return tuple(wrong[:most])


def _pairs(confusion: Mapping[str, int]) -> list[MixUp]:
    parted = ((pair.partition(" -> "), often) for pair, often in confusion.items())
    return [MixUp(gold=gold, said=said, letters=often) for (gold, _, said), often in parted]


def _matrix(confusion: Mapping[str, int], labels: Sequence[str], answers: Sequence[str]) -> Matrix:
    rows: list[MatrixRow] = []
    for label in labels:
        counts = [confusion.get(f"{label} -> {answer}", 0) for answer in answers]
        letters = sum(counts)
        if letters:
            cells = tuple(
                Cell(letters=count, share=count / letters, right=label == answer)
                for count, answer in zip(counts, answers, strict=True)
            )
            rows.append(MatrixRow(label=label, letters=letters, cells=cells))
    return Matrix(answers=tuple(answers), rows=tuple(rows))
