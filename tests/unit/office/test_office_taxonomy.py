"""The taxonomy says what belongs where, and its guide says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from classifiers.labelled_letters import read_labelled
from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Category
from office.taxonomy import Taxonomy
from office.toml_file import load_toml

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "config" / "categories.toml"
TAXONOMY = load_toml(FILE, Taxonomy)
GUIDE = (ROOT / "docs" / "annotators.md").read_text(encoding="utf-8")


def test_every_subcategory_says_what_belongs_and_what_does_not() -> None:
    for entry in TAXONOMY.category:
        for sub in entry.subcategories:
            for words in (sub.means, sub.excludes):
                assert len(re.findall("[ก-๛]", words)) > 20, f"{entry.id}/{sub.id}"


def test_what_does_not_belong_is_sent_to_labels_that_exist() -> None:
    known = {*TAXONOMY.labels(), *(category.value for category in Category)}
    known |= {label.partition("/")[2] for label in TAXONOMY.labels()}
    for entry in TAXONOMY.category:
        for sub in entry.subcategories:
            named = set(
                re.findall(r"[a-z]+(?:[_/][a-z]+)+|\b(?:complaint|opinion)\b", sub.excludes)
            )
            assert named <= known, sub.id


def test_the_guide_explains_every_label_and_every_rule() -> None:
    for entry in TAXONOMY.category:
        section = GUIDE.split(f"(`{entry.id.value}`)")[1].split("\n## ")[0]
        for sub in entry.subcategories:
            (row,) = re.findall(rf"^\| `{sub.id}` \|.*$", section, re.MULTILINE)
            assert all(len(cell.strip()) > 10 for cell in row.strip("|").split("|")[1:]), sub.id
    rules = re.findall(r"^\| [๐-๙]+ \| `(\w+)` \|", GUIDE, re.MULTILINE)
    assert rules == [rule.id for rule in TAXONOMY.precedence]


def test_the_line_in_the_guide_is_a_letter(tmp_path: Path) -> None:
    line = GUIDE.split("```json\n")[1].split("\n```")[0]
    file = tmp_path / "malai.jsonl"
    file.write_text(line, encoding="utf-8")
    (letter,) = read_labelled(file)
    assert TAXONOMY.subcategory(letter.category, letter.subcategory)


def test_a_note_verbale_comes_before_all_and_parliament_after_complaints_sent_on() -> None:
    rules = [rule.id for rule in TAXONOMY.precedence]
    assert rules[0] == "note_verbale"
    assert rules.index("political_complaint") < rules.index("chamber_business")


def test_an_office_may_leave_meanings_and_rules_out() -> None:
    bare = TAXONOMY.model_dump(mode="json", exclude={"precedence"}, by_alias=True)
    for entry in bare["category"]:
        for sub in entry["subcategories"]:
            del sub["means"], sub["not"]
    assert Taxonomy.model_validate(bare).precedence == ()


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('"complaint/appeal"', '"complaint/none"', "complaint/none"),
        ('id = "direction"', 'id = "note_verbale"', "precedence stands twice"),
        ('id = "appeal"', 'id = "opinion"', "sub-category stands twice"),
        ('english = "The matter', 'englisch = "The matter', "english"),
    ],
)
def test_a_wrong_rule_or_label_is_named(
    tmp_path: Path, before: str, after: str, named: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    file = tmp_path / "categories.toml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=named):
        load_toml(file, Taxonomy)


def test_every_category_must_stand_once() -> None:
    with pytest.raises(ValidationError):
        Taxonomy(category=TAXONOMY.category[1:])
