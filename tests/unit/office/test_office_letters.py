import tomllib
from pathlib import Path

import pytest

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Category
from office.letters import FIVE_PARTS, LetterWording, OutgoingKind, read_letters

CONFIG = Path(__file__).resolve().parents[3] / "config"


def test_the_shipped_words_have_every_kind_and_the_five_parts() -> None:
    wording = read_letters(CONFIG)
    assert {words.kind for words in wording.letter} == set(OutgoingKind)
    for kind, parts in FIVE_PARTS.items():
        found = dict.fromkeys(p.part for p in wording.words(kind).paragraph)
        assert tuple(found) == parts


def test_an_office_without_the_file_has_the_shipped_words(tmp_path: Path) -> None:
    assert read_letters(tmp_path) == read_letters(CONFIG)


def test_what_is_asked_falls_back_to_the_category() -> None:
    wording = read_letters(CONFIG)
    help_asked = wording.asks(Category.COMPLAINT, "request_for_help")
    usual = wording.asks(Category.COMPLAINT, "general_complaint")
    assert help_asked != usual == wording.asks(Category.COMPLAINT, "any")
    assert wording.asks(None, "") == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{matter}", "{letter}", "no place"),
        ("{matter}", "{matter", "partner"),
        ("{matter}", "{matter.__class__}", "no place"),
        ("{matter}", "{matter!r}", "no place"),
        ('part = "hope"', 'part = "wish"', "parts of"),
        ('kind = "thanks"', 'kind = "reminder"', "once"),
    ],
)
def test_wrong_words_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (CONFIG / "letters.toml").read_text(encoding="utf-8")
    body = text[text.index("version") :]
    (tmp_path / "letters.toml").write_text(body.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=said):
        read_letters(tmp_path)


def test_the_shipped_file_is_the_model_of_itself() -> None:
    raw = tomllib.loads((CONFIG / "letters.toml").read_text(encoding="utf-8"))
    assert LetterWording.model_validate(raw) == read_letters(CONFIG)
