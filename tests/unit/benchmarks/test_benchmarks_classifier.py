from __future__ import annotations

import json
from pathlib import Path

from benchmarks.classifier import Moment, noisy_copies
from benchmarks.public_titles import along_threshold, found_foreign, read_titles
from classifiers.labelled_letters import Labelled
from classifiers.letter_input import LetterInput
from correspondence.classification import Classification
from correspondence.vocabulary import Category

LETTER = Labelled(
    id="x-1",
    category=Category.GENERAL,
    subcategory="other",
    group="x",
    channel="letter",
    hard=False,
    letter=LetterInput(text="ขอขอบคุณที่ให้นักเรียนเข้าชมกระทรวง " * 20, subject="ขอบคุณ"),
)


def said(foreign: float) -> Classification:
    rest = Category.FOREIGN_AFFAIRS if foreign > 0.5 else Category.GENERAL
    return Classification(
        category=rest,
        subcategory="other",
        probabilities={Category.FOREIGN_AFFAIRS.value: foreign},
        abstained=False,
        model_version="v",
    )


def test_noisy_copies_are_the_same_each_time_and_keep_their_labels() -> None:
    copies = noisy_copies([LETTER], 0.06)
    assert copies == noisy_copies([LETTER], 0.06)
    assert len({copy.letter.text for copy in copies}) == len(copies) == 3
    assert all(copy.letter.text != LETTER.letter.text for copy in copies)
    assert {copy.category for copy in copies} == {Category.GENERAL}
    assert all(copy.letter.agency is None for copy in copies)


def test_a_higher_threshold_finds_less() -> None:
    sure = [said(p) for p in (0.95, 0.85, 0.75, 0.65, 0.35)]
    truth = [True, True, False, True, True]
    steps = along_threshold(sure, truth)
    recalls = [step.recall for step in steps[:9]]
    assert recalls == sorted(recalls, reverse=True)
    kept = steps[-1]
    assert (kept.threshold, kept.recall, kept.precision) == (0.35, 1.0, 0.8)
    best = found_foreign("ours", sure, truth)
    assert (best.recall, best.precision) == (0.75, 0.75)


def test_no_threshold_is_named_where_none_keeps_the_precision() -> None:
    assert len(along_threshold([said(0.9)], [False])) == 9


def test_titles_take_the_names_of_the_office(tmp_path: Path) -> None:
    file = tmp_path / "public.jsonl"
    lines = [
        {"source": "s", "label": label, "title": "ข่าว", "text": "…"} for label in ("pr", "other")
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert [title.label for title in read_titles(file)] == ["public_relations", "other"]


def test_a_difference_of_moments_is_how_long_it_took() -> None:
    assert Moment(5.0, 3.0) - Moment(1.0, 2.0) == Moment(4.0, 1.0)
