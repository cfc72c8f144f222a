from __future__ import annotations

from benchmarks.quality import PageResult, correlation, shuffled, stripped, unmapped

LETTERS = "กขคงจชดตทนบปผพมยรลวสหอ"


def spell(text: str, spelling: object) -> str:
    assert callable(spelling)
    return "".join(spelling(0, letter) for letter in text)


def test_a_shuffled_map_moves_its_share_and_loses_no_letter() -> None:
    moved = spell(LETTERS, shuffled(1.0, seed=1))
    assert all(one != other for one, other in zip(LETTERS, moved, strict=True))
    few = spell(LETTERS, shuffled(0.2, seed=1))
    assert 0 < sum(one != other for one, other in zip(LETTERS, few, strict=True)) < 10


def test_letters_without_a_map_and_dropped_marks() -> None:
    assert "\ufffd" in spell(LETTERS, unmapped(0.5, seed=2))
    assert spell("ที่นี้", stripped(1.0, seed=2)).split() == ["ท", "น"]


def test_a_quality_that_falls_with_the_error_predicts_it() -> None:
    pages = [
        PageResult("a", scanned=False, quality=1 - error, error=error, sent=False)
        for error in (0.0, 0.1, 0.3, 0.7)
    ]
    assert correlation(pages) == -1.0
