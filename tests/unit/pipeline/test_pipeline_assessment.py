"""`evaluate` writes its page, and says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.evaluation import Evaluation, evaluate_labelled
from classifiers.labelled_letters import Labelled
from classifiers.letter_input import LetterInput
from correspondence.classification import Classification
from correspondence.errors import ConfigurationFault, UsageFault
from correspondence.vocabulary import Category
from office.places import find_folder
from pipeline.assessment import assess, write_page


def measured() -> Evaluation:
    letter = Labelled(
        id="x-1",
        category=Category.GENERAL,
        subcategory="other",
        group="x",
        channel="email",
        hard=False,
        letter=LetterInput(text="ข้อความของผู้เขียน"),
    )
    said = Classification(
        category=Category.GENERAL,
        subcategory="other",
        probabilities={"general": 0.9},
        abstained=False,
        model_version="linear-1",
    )
    return evaluate_labelled([letter], lambda inputs: [said for _ in inputs])


def test_the_page_is_named_after_the_file_and_holds_no_letter(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    write_page(measured(), tmp_path / "check.jsonl", find_folder("config"), out)
    page = out.read_text(encoding="utf-8")
    assert "check.jsonl" in page
    assert str(tmp_path) not in page
    assert "ข้อความของผู้เขียน" not in page


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault):
        write_page(measured(), None, find_folder("config"), tmp_path / "none" / "report.html")


def test_a_wrong_file_is_refused_before_anything_is_trained(tmp_path: Path) -> None:
    file = tmp_path / "check.jsonl"
    file.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ConfigurationFault):
        assess(tmp_path / "models", file)
    assert not (tmp_path / "models").exists()
