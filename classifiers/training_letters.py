"""The shipped training letters and how one becomes what the classifier sees."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from classifiers.letter_input import LetterInput
from classifiers.reading_noise import misread
from classifiers.zones import written_addressee
from correspondence.errors import ConfigurationFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, LetterKind

LETTERS_FOLDER = Path(__file__).resolve().parent / "letters"
CHECK_FOLDER = Path(__file__).resolve().parent / "check_letters"


class TrainingLetter(Frozen):
    """One labelled letter. `writer` groups letters of one hand; `hard` marks look-alikes.

    `weight` is how much it counts in training against a shipped letter; `as_read` tells that its
    text is what the reader made of a real letter.
    """

    id: str = Field(min_length=1)
    writer: str = Field(min_length=1)
    channel: str
    kind: LetterKind
    language: str
    category: Category
    subcategory: str
    hard: bool
    why_hard: str | None = None
    sender: str | None = None
    sender_address: str | None = None
    subject: str | None = None
    text: str = Field(min_length=1)
    weight: float = Field(default=1.0, gt=0)
    as_read: bool = False


def read_letters(files: Iterable[Path]) -> tuple[TrainingLetter, ...]:
    """Return the letters of JSON Lines files, in the order given.

    Raises:
        ConfigurationFault: a line is no letter; names file and line, never its text.
    """
    letters: list[TrainingLetter] = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                letters.append(TrainingLetter.model_validate_json(line))
            except ValidationError as fault:
                key = ".".join(str(part) for part in fault.errors()[0]["loc"])
                raise ConfigurationFault(
                    f"{file.name}, line {number}: key {key or 'JSON'} is wrong.",
                    remedy="Mend the line or take it out.",
                ) from None
    return tuple(letters)


def shipped_letters() -> tuple[TrainingLetter, ...]:
    """Return all letters shipped with the classifier, file by file in name order."""
    return read_letters(sorted(LETTERS_FOLDER.glob("*.jsonl")))


def check_letters() -> tuple[TrainingLetter, ...]:
    """Return the letters no model is trained on; a new model must not do worse on them."""
    return read_letters(sorted(CHECK_FOLDER.glob("*.jsonl")))


def as_input(letter: TrainingLetter) -> LetterInput:
    """Return a training letter as the reader would give it.

    The agency is taken only where the letter itself names it; `sender` may be a description of
    a person that no reader could know.
    """
    squeezed = re.sub(r"\s+", "", letter.text)
    named = letter.sender and re.sub(r"\s+", "", letter.sender) in squeezed
    return LetterInput(
        text=letter.text,
        subject=letter.subject,
        agency=letter.sender if named else None,
        addressee=written_addressee(letter.text),
        kind=letter.kind,
        language=letter.language,
        sender_address=letter.sender_address,
    )


def noisy_input(letter: TrainingLetter, rate: float, dice: random.Random) -> LetterInput:
    """Return a copy as a poor reader gives it: misread text and fields missing at random."""
    plain = as_input(letter)
    bare = without_mail_head(plain.text) if dice.random() < 0.7 else plain.text
    text = misread(bare, rate, dice)
    subject = misread(plain.subject, rate, dice) if plain.subject else None
    return LetterInput(
        text=text,
        subject=None if dice.random() < 0.35 else subject,
        agency=None if dice.random() < 0.4 else plain.agency,
        addressee=None if dice.random() < 0.5 else plain.addressee,
        kind=LetterKind.UNKNOWN if dice.random() < 0.4 else plain.kind,
        language=plain.language,
    )


def without_mail_head(text: str) -> str:
    """Return a letter's text without the lines From/To/Date/Subject at its top.

    A reader of mails gives the body alone; some writers put the head into the text.
    """
    lines = text.split("\n")
    kept = 0
    while kept < len(lines) and kept < 10 and (not lines[kept].strip() or _is_head(lines[kept])):
        kept += 1
    return "\n".join(lines[kept:]) if kept < len(lines) else text


def _is_head(line: str) -> bool:
    return bool(
        re.match(
            r"\s*(?:จาก|ถึง|วันที่|ส่งเมื่อ|หัวข้อ|หัวเรื่อง|เรื่อง|from|to|cc|date|sent|subject)\s*[:：]",
            line,
            re.IGNORECASE,
        )
    )
