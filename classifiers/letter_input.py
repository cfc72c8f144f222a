"""What the classifier sees of a letter: its text and the few fields that speak for a category."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from correspondence.reading import PAGE_BREAK, Extraction, Frozen
from correspondence.vocabulary import LetterKind


class LetterInput(Frozen):
    """A letter as the classifier takes it; fields are None where the reader found none.

    `language` is "th", "en", "mixed" or "" where unknown. `sender_address` is the mail address
    of the sender, where the letter came by mail. `page_starts` are the offsets at which the
    letter's own pages begin in `text`, and `own_length` where they end: what follows is an
    attachment.
    """

    text: str
    subject: str | None = None
    agency: str | None = None
    addressee: str | None = None
    salutation: str | None = None
    kind: LetterKind = LetterKind.UNKNOWN
    language: str = "th"
    sender_address: str | None = None
    page_starts: tuple[int, ...] = (0,)
    own_length: int | None = None

    def place(self, offset: int) -> tuple[int, int] | None:
        """Return the page (from 1) of an offset in `text` and the offset within it.

        None where it stands in no page of the letter itself.
        """
        if self.own_length is not None and offset >= self.own_length:
            return None
        page = bisect_right(self.page_starts, offset)
        return (page, offset - self.page_starts[page - 1]) if page else None


def letter_input(extraction: Extraction) -> LetterInput:
    """Return what the classifier needs of a file as read.

    The text of attachments follows the letter's own only where the letter itself is nearly
    empty (a mail that says "see attached").
    """
    fields, text, kind = extraction.fields, extraction.text, extraction.kind
    own_length = len(text)
    lengths = [len(page.text) + len(PAGE_BREAK) for page in extraction.pages]
    covered = next((a for a in extraction.attachments if len(a.text) > len(text)), None)
    if covered is not None and len(text) < 400:
        text = f"{text}\n\n{covered.text}"
        kind = covered.kind if covered.kind is not LetterKind.UNKNOWN else kind
        fields = covered.fields if covered.fields.subject else fields
    return LetterInput(
        text=text,
        subject=fields.subject.value,
        agency=fields.agency.value,
        addressee=fields.addressee.value,
        salutation=fields.salutation.value,
        kind=kind,
        language=extraction.language,
        sender_address=extraction.fields.contact_email.value,
        page_starts=tuple(accumulate(lengths[:-1], initial=0)),
        own_length=own_length,
    )
