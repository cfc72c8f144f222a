"""What an outgoing letter is made of, and what comes of it."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from correspondence.reading import Extraction, Frozen
from correspondence.vocabulary import Category, Urgency
from drafting.content import Line
from drafting.forms.build import LetterSheet
from office.letters import LetterWording, OutgoingKind
from office.wording import MemoPhrases, OfficeNames


class OwnLetter(Frozen):
    """An earlier letter of the office's own; `day` is CE."""

    number: str = ""
    day: date | None = None


class LetterRequest(Frozen):
    """Everything one outgoing letter is made of.

    Attributes:
        kind: which letter.
        extraction: the letter received.
        category: of the case; None before it has one.
        subcategory: of the case, "" before it has one.
        group_thai: the responsible group, "" where there is none.
        register_number: the office's number and Buddhist year, "123/2569".
        received_at: when the letter arrived.
        sender: its sender, where the letter names no signer.
        addressee: whom it is written to; "" takes the writer for letters to the writer, and leaves
            a blank for agencies.
        asks: what is asked, in a person's words; () takes the office's own for the sub-category.
        reply_by: until when an answer is asked for (CE); None leaves a blank.
        own: the office's earlier letter, for a reminder.
        urgency: mark of this letter.
        hide: words to black out besides what is found.
        show: words a person has opened again.
        names: of the office.
        wording: of its letters.
        phrases: what a comment says at a value that a person must check.
        garuda: the office's picture, None for a blank slot.
    """

    kind: OutgoingKind
    extraction: Extraction
    category: Category | None
    subcategory: str = ""
    group_thai: str = ""
    register_number: str
    received_at: AwareDatetime
    sender: str = ""
    addressee: str = ""
    asks: tuple[str, ...] = ()
    reply_by: date | None = None
    own: OwnLetter = OwnLetter()
    urgency: Urgency = Urgency.NORMAL
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    names: OfficeNames
    wording: LetterWording
    phrases: MemoPhrases
    garuda: bytes | None = Field(default=None, repr=False)


class WrittenLetter(Frozen):
    """An outgoing letter for a person to complete, sign and send.

    `missing` names what a person still has to fill in: `addressee`, `reply_by`, `our_letter`.
    """

    kind: OutgoingKind
    sheet: LetterSheet
    template_version: str
    subject: str
    addressee: str
    paragraphs: tuple[Line, ...]
    missing: tuple[str, ...]
    docx: bytes = Field(repr=False)
