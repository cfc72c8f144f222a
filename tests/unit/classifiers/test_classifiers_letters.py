"""The shipped letters keep the promises they were written under."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from classifiers.training_letters import LETTERS_FOLDER, read_letters, shipped_letters
from correspondence.errors import ConfigurationFault
from office.places import find_folder
from office.taxonomy import Taxonomy
from office.toml_file import load_toml

LETTERS = shipped_letters()
TAXONOMY = load_toml(find_folder("config") / "categories.toml", Taxonomy)


@pytest.mark.parametrize("file", sorted(LETTERS_FOLDER.glob("*.jsonl")), ids=lambda f: f.stem)
def test_every_file_is_valid_and_of_one_writer(file: Path) -> None:
    letters = read_letters([file])
    assert {letter.writer for letter in letters} == {file.stem}
    for letter in letters:
        assert TAXONOMY.subcategory(letter.category, letter.subcategory), letter.id


def test_ids_are_unique() -> None:
    assert len({letter.id for letter in LETTERS}) == len(LETTERS)


def test_every_subcategory_has_letters_enough() -> None:
    present = Counter((letter.category, letter.subcategory) for letter in LETTERS)
    wanted = {(entry.id, sub.id) for entry in TAXONOMY.category for sub in entry.subcategories}
    assert wanted == set(present)
    assert min(present.values()) >= 15
    assert len(LETTERS) >= 900


def test_at_least_half_are_hard() -> None:
    assert sum(letter.hard for letter in LETTERS) >= len(LETTERS) / 2


def test_near_duplicates_are_rare() -> None:
    shingles = []
    for letter in LETTERS:
        dense = "".join(letter.text.split())
        shingles.append({dense[at : at + 12] for at in range(0, max(1, len(dense) - 12))})
    holders: dict[str, list[int]] = {}
    for number, found in enumerate(shingles):
        for shingle in found:
            holders.setdefault(shingle, []).append(number)
    shared = Counter(
        (a, b)
        for numbers in holders.values()
        if 1 < len(numbers) < 20
        for i, a in enumerate(numbers)
        for b in numbers[i + 1 :]
    )
    near = {
        b
        for (a, b), count in shared.items()
        if count / min(len(shingles[a]), len(shingles[b])) > 0.5
    }
    assert len(near) / len(LETTERS) < 0.02


def test_a_broken_line_is_named_without_its_text(tmp_path: Path) -> None:
    file = tmp_path / "frida.jsonl"
    file.write_text('{"id": "frida-001", "text": "ความลับของผู้ร้อง"}\n', encoding="utf-8")
    with pytest.raises(ConfigurationFault) as refusal:
        read_letters([file])
    assert "line 1" in str(refusal.value)
    assert "ความลับ" not in str(refusal.value)
