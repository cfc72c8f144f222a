from __future__ import annotations

import numpy as np

from extractors.scans.cleaner import Pixels
from extractors.scans.ink import Ink, find_ink
from extractors.scans.latin import reread_latin
from extractors.scans.lines import TextLine, find_lines
from extractors.scans.symbols import Symbol

LETTER = 40


def drawn() -> tuple[Ink, TextLine]:
    page = np.full((300, 1600), 255, dtype=np.uint8)
    for left in range(100, 1400, 40):
        page[100:140, left : left + 28] = 0
    ink = find_ink(page)
    (line,) = find_lines(ink)
    return ink, line


def word(text: str, left: int, *, sure: float = 0.98, spaced: bool = True) -> list[Symbol]:
    """Return a word of letters 40 pixels apart."""
    return [
        Symbol(letter, left + 40 * place, left + 40 * place + 28, sure, spaced and place == 0)
        for place, letter in enumerate(text)
    ]


class Model:
    """Reads the same in every image and counts them."""

    def __init__(self, *symbols: Symbol) -> None:
        self.symbols = symbols
        self.widths: list[int] = []

    def __call__(self, image: Pixels) -> tuple[Symbol, ...]:
        self.widths.append(image.shape[1])
        return self.symbols


def text_of(symbols: tuple[Symbol, ...]) -> str:
    return "".join(" " * symbol.spaced + symbol.text for symbol in symbols)


def reread(read: list[Symbol], model: Model) -> str:
    ink, line = drawn()
    return text_of(reread_latin(ink, line, read, model, LETTER))


def test_a_word_of_two_scripts_is_read_again_where_it_stands() -> None:
    model = Model(*word("YouTube", 0))
    read = [*word("ช่อง", 100, spaced=False), *word("Yอนโบbe", 300), *word("ครับ", 700)]
    assert reread(read, model) == "ช่อง YouTube ครับ"
    assert model.widths == [6 * 40 + 28 + 2 * 16]


def test_an_unsure_second_reading_changes_nothing() -> None:
    read = word("ระบบe-Budget", 100, spaced=False)
    assert reread(read, Model(*word("sruue-Budget", 0, sure=0.7))) == "ระบบe-Budget"
    assert reread(read, Model()) == "ระบบe-Budget"
    assert reread(read, Model(*word("ระบบe", 0))) == "ระบบe-Budget"


def test_thai_lines_and_plain_latin_words_are_not_read_again() -> None:
    model = Model(*word("wrong", 0))
    assert reread(word("เรียน", 100, spaced=False), model) == "เรียน"
    both = [*word("อีเมล", 100, spaced=False), *word("bus@transit.example", 320)]
    assert reread(both, model) == "อีเมล bus@transit.example"
    assert model.widths == []


def test_a_line_in_english_is_read_whole_by_the_latin_model() -> None:
    model = Model(*word("I", 0, spaced=False), *word("thank", 50))
    read = [*word("T", 100, spaced=False), *word("thankyouverymuch", 200)]
    assert reread(read, model) == "I thank"
