"""What every format reader takes and gives."""

from __future__ import annotations

from typing import Protocol

from correspondence.errors import UnreadableInput
from correspondence.reading import Frozen, PageText
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.normaliser import normalise
from extractors.orthography import measure_quality
from extractors.request import ReadingRequest


class FormatReading(Frozen):
    """Pages of one file, in order. `complete` is False where a page could not be read."""

    pages: tuple[PageText, ...]
    complete: bool = True
    warnings: tuple[str, ...] = ()


class FormatReader(Protocol):
    """A reader of one format."""

    def __call__(self, data: bytes, request: ReadingRequest) -> FormatReading:
        """Return the pages of the file.

        Raises:
            UnreadableInput: with the outcome that names why.
        """
        ...


def native_reading(text: str, request: ReadingRequest) -> FormatReading:
    """Return the reading of a format that has text of its own and no pages.

    Raises:
        UnreadableInput: empty.
    """
    limit = request.limits.characters
    cut = len(text) > limit
    text = normalise(text[:limit])
    if not text.strip():
        raise UnreadableInput(ReadOutcome.EMPTY, "The file holds no text.")
    page = PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=measure_quality(text))
    return FormatReading(pages=(page,), complete=not cut, warnings=("text_cut:1",) if cut else ())
