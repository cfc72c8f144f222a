"""Letters with known labels, to be judged: training letters, or letters as read with gold fields.

A file may hold either form, line by line. The second is that of an acceptance set: the `fields`
of the JSON contract of `extract`, `difficulty` in the place of `hard`, no `writer`.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers.letter_input import LetterInput
from classifiers.training_letters import TrainingLetter, as_input
from correspondence.errors import ConfigurationFault, UsageFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, LetterKind

MAX_FILE_BYTES = 100_000_000


class Labelled(Frozen):
    """A letter as the classifier takes it, and its labels; `group` is its writer or source."""

    id: str
    category: Category
    subcategory: str
    group: str
    channel: str
    hard: bool
    letter: LetterInput


class _Open(BaseModel):
    """A form of others: keys that are not needed here may stand in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Fields(_Open):
    subject: str | None = None
    agency: str | None = None
    addressee: str | None = None
    salutation: str | None = None


class _Mail(_Open):
    sender: str | None = Field(default=None, alias="from")


class _GoldLetter(_Open):
    id: str = Field(min_length=1)
    category: Category
    subcategory: str
    text: str
    fields: _Fields
    channel: str = "letter"
    kind: LetterKind = LetterKind.UNKNOWN
    language: str = "th"
    email: _Mail | None = None
    difficulty: str = "plain"
    writer: str | None = None


def labelled(letter: TrainingLetter) -> Labelled:
    """Return a training letter as one to be judged."""
    return Labelled(
        id=letter.id,
        category=letter.category,
        subcategory=letter.subcategory,
        group=letter.writer,
        channel=letter.channel,
        hard=letter.hard,
        letter=as_input(letter),
    )


def read_labelled(file: Path) -> tuple[Labelled, ...]:
    """Return the letters of a JSON Lines file in either form.

    A letter without a writer is of the group of the file's name.

    Raises:
        UsageFault: the file is not there, too large, no UTF-8, or without letters.
        ConfigurationFault: a line has neither form; names file and line, never its text.
    """
    if not file.is_file():
        raise UsageFault(f"{file} is not a file.")
    if file.stat().st_size > MAX_FILE_BYTES:
        raise UsageFault(f"{file} is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        raise UsageFault(f"{file} is not in UTF-8.") from None
    letters = tuple(
        _letter(line, file, number) for number, line in enumerate(lines, 1) if line.strip()
    )
    if not letters:
        raise UsageFault(f"{file} holds no letters.")
    return letters


def _letter(line: str, file: Path, number: int) -> Labelled:
    try:
        return labelled(TrainingLetter.model_validate_json(line))
    except ValidationError as fault:
        no_training_letter = fault
    try:
        gold = _GoldLetter.model_validate_json(line)
    except ValidationError as fault:
        # A line with `fields` was meant as the second form: its own fault helps most.
        meant = fault if '"fields"' in line else no_training_letter
        key = ".".join(str(part) for part in meant.errors()[0]["loc"])
        raise ConfigurationFault(
            f"{file.name}, line {number}: key {key or 'JSON'} is wrong.",
            remedy="Mend the line or take it out.",
        ) from None
    return Labelled(
        id=gold.id,
        category=gold.category,
        subcategory=gold.subcategory,
        group=gold.writer or file.stem,
        channel=gold.channel,
        hard=gold.difficulty == "hard",
        letter=LetterInput(
            text=gold.text,
            subject=gold.fields.subject,
            agency=gold.fields.agency,
            addressee=gold.fields.addressee,
            salutation=gold.fields.salutation,
            kind=gold.kind,
            language=gold.language,
            sender_address=gold.email.sender if gold.email else None,
        ),
    )
