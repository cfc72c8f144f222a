"""The letters the office writes: their kinds and the office's own words (`letters.toml`)."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Literal

from pydantic import Field, field_validator, model_validator

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, ThaiTerm
from office.places import find_folder
from office.toml_file import load_toml

FILE = "letters.toml"
PLACES = frozenset(
    {
        "matter", "source", "received_date", "register_number", "group", "office", "office_full",
        "agency", "reply_by", "our_letter", "asks", "missing",
    }
)  # fmt: skip


class OutgoingKind(ThaiTerm):
    """หนังสือที่สำนักงานมีออกไป."""

    ACKNOWLEDGEMENT = "acknowledgement", "หนังสือตอบรับเรื่อง"
    MORE_NEEDED = "more_needed", "หนังสือขอข้อมูลเพิ่มเติม"
    REQUEST = "request", "หนังสือขอความอนุเคราะห์"
    COOPERATION = "cooperation", "หนังสือขอความร่วมมือ"
    FORWARD = "forward", "บันทึกส่งเรื่องให้หน่วยงาน"
    THANKS = "thanks", "หนังสือขอบคุณ"
    REMINDER = "reminder", "หนังสือติดตามเรื่อง"


# office.md: a request for help and a request for cooperation have five parts each.
FIVE_PARTS = {
    OutgoingKind.REQUEST: ("why", "regard", "ask", "hope", "thanks"),
    OutgoingKind.COOPERATION: ("why", "need", "ask", "hope", "thanks"),
}


class LetterHead(Frozen):
    """The head of the office's letters; `number_prefix` stands after ที่."""

    number_prefix: str
    address: tuple[str, ...] = Field(min_length=1, max_length=6)
    email: str = ""


class LetterParagraph(Frozen):
    """One paragraph; one that `joins` runs on in the paragraph before it."""

    text: str = Field(min_length=1)
    part: str = ""
    joins: bool = False

    @field_validator("text")
    @classmethod
    def _known_places(cls, text: str) -> str:
        return _checked(text)


class LetterWords(Frozen):
    """The words of one kind of letter."""

    kind: OutgoingKind
    subject: str = Field(min_length=1)
    references: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    paragraph: tuple[LetterParagraph, ...] = Field(min_length=1)

    @field_validator("subject")
    @classmethod
    def _subject_places(cls, text: str) -> str:
        return _checked(text)

    @field_validator("references", "enclosures")
    @classmethod
    def _list_places(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked(text) for text in texts)

    @model_validator(mode="after")
    def _in_five_parts(self) -> LetterWords:
        wanted = FIVE_PARTS.get(self.kind)
        found = tuple(dict.fromkeys(p.part for p in self.paragraph))
        if wanted is not None and found != wanted:
            raise ValueError(f"the parts of {self.kind.value} are {', '.join(wanted)}, in order")
        return self


class Ask(Frozen):
    """What an agency is asked to do with letters of a sub-category, or of `any`."""

    category: Category
    subcategory: str
    texts: tuple[str, ...] = Field(min_length=1)


class LetterWording(Frozen):
    """The whole of `letters.toml`."""

    version: Literal[1]
    head: LetterHead
    letter: tuple[LetterWords, ...]
    ask: tuple[Ask, ...] = ()

    @model_validator(mode="after")
    def _each_kind_once(self) -> LetterWording:
        if sorted(words.kind for words in self.letter) != sorted(OutgoingKind):
            raise ValueError("each kind of letter stands once")
        return self

    def words(self, kind: OutgoingKind) -> LetterWords:
        """Return the words of a kind."""
        return next(words for words in self.letter if words.kind is kind)

    def asks(self, category: Category | None, subcategory: str) -> tuple[str, ...]:
        """Return what is asked for a sub-category, else for its category; () where nothing is."""
        for wanted in (subcategory, "any"):
            for ask in self.ask:
                if (ask.category, ask.subcategory) == (category, wanted):
                    return ask.texts
        return ()


def read_letters(config_folder: Path) -> LetterWording:
    """Return `letters.toml` of a config folder, or the shipped one where it has none.

    Raises:
        ConfigurationFault: the file is wrong; names key and remedy.
    """
    path = config_folder / FILE
    return load_toml(path if path.is_file() else find_folder("config") / FILE, LetterWording)


def _checked(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("a { or } without its partner") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACES or form or conversion):
            raise ValueError(f"{{{name}}} is no place of a letter")
    return text
