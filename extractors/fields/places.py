"""Where a field's evidence stands: its text found among the pieces of its page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from correspondence.reading import Box, FieldValue, PageText, TextPiece
from correspondence.thai_digits import fold_digits

# Blanks, characters nobody sees, and what the field readers drop between lines.
_WRITTEN = re.compile("[^\\s\u200b-\u200d\ufeff\u00ad]")
# A line of evidence shorter than this stands at many places.
_LEAST_LETTERS = 4
# What stands in a letter's foot when its head says the same.
_FOOT_FIELDS = frozenset(("signer", "signer_position", "contact_phone", "contact_email"))


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page's text within one piece, as offsets in the page's text."""

    piece: TextPiece
    begin: int
    end: int


@dataclass(frozen=True)
class PlacedPage:
    """A page whose text is searched blank-insensitively, Thai and Arabic digits alike."""

    page: PageText

    @cached_property
    def _folded(self) -> str:
        return fold_digits(self.page.text)

    @cached_property
    def _offsets(self) -> list[int]:
        return [found.start() for found in _WRITTEN.finditer(self.page.text)]

    @cached_property
    def _squeezed(self) -> str:
        return "".join(_WRITTEN.findall(self._folded))

    def find(self, wanted: str, *, from_foot: bool = False) -> tuple[int, int] | None:
        """Return the offsets of words on the page, the first place or the last; None if absent.

        Args:
            wanted: words as a field has them, with any blanks and digits.
            from_foot: look for the last place.
        """
        wanted = fold_digits(wanted)
        begin = self._folded.rfind(wanted) if from_foot else self._folded.find(wanted)
        if begin >= 0 and wanted:
            return begin, begin + len(wanted)
        wanted = "".join(_WRITTEN.findall(wanted))
        at = self._squeezed.rfind(wanted) if from_foot else self._squeezed.find(wanted)
        if at < 0 or not wanted:
            return None
        return self._offsets[at], self._offsets[at + len(wanted) - 1] + 1

    def parts(self, begin: int, end: int) -> Iterator[Part]:
        """Yield what of the pieces lies between two offsets."""
        for piece in self.page.pieces:
            if piece.begin < end and begin < piece.end:
                yield Part(piece, max(begin, piece.begin), min(end, piece.end))

    def box(self, part: Part) -> Box:
        """Return the place of a part: its piece narrowed by the share of letters beside it.

        Marks over and under letters take no width.
        """
        box, text = part.piece.box, self.page.text
        before = _width(text[part.piece.begin : part.begin])
        within = _width(text[part.begin : part.end])
        whole = before + within + _width(text[part.end : part.piece.end])
        step = (box.right - box.left) / max(1, whole)
        left = box.left + step * before
        right = min(box.right, left + step * within)
        return box.model_copy(update={"left": round(min(left, right), 5), "right": round(right, 5)})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field stands: the parts of its raw text, and of its value alone if that is there."""

    box: Box
    parts: tuple[Part, ...]
    value_parts: tuple[Part, ...]


def placed_pages(pages: tuple[PageText, ...]) -> Mapping[int, PlacedPage]:
    """Return the pages that have pieces, by their number."""
    return {page.number: PlacedPage(page) for page in pages if page.pieces}


def find_evidence(name: str, field: FieldValue, pages: Mapping[int, PlacedPage]) -> Evidence | None:
    """Return where a field stands on its page; None where it cannot be found or has no place.

    Its raw text is looked for, then the lines of that one by one, then its value. What stands
    more than once is taken where such a field belongs: in the head, for signer and contact in
    the foot.
    """
    page = pages.get(field.page or 0)
    if page is None:
        return None
    from_foot = name in _FOOT_FIELDS
    spans = list(_spans(field, page, from_foot=from_foot))
    parts = tuple(part for span in spans for part in page.parts(*span))
    if not parts:
        return None
    return Evidence(
        box=join_boxes(tuple(page.box(part) for part in parts)),
        parts=parts,
        value_parts=tuple(_value_parts(field, page, spans)) or parts,
    )


def _spans(field: FieldValue, page: PlacedPage, *, from_foot: bool) -> Iterator[tuple[int, int]]:
    whole = page.find(field.raw, from_foot=from_foot) if field.raw else None
    if whole:
        yield whole
        return
    found = False
    for line in (field.raw or "").splitlines():
        span = page.find(line, from_foot=from_foot) if len(line) >= _LEAST_LETTERS else None
        if span:
            found = True
            yield span
    value = page.find(field.value, from_foot=from_foot) if field.value and not found else None
    if value:
        yield value


def _value_parts(
    field: FieldValue, page: PlacedPage, spans: list[tuple[int, int]]
) -> Iterator[Part]:
    """Yield the parts of the value within its raw text: a line may hold other numbers too."""
    if not field.value:
        return
    for begin, end in spans:
        inner = PlacedPage(page.page.model_copy(update={"text": page.page.text[begin:end]}))
        span = inner.find(field.value)
        if span:
            yield from page.parts(begin + span[0], begin + span[1])
            return


def join_boxes(boxes: tuple[Box, ...]) -> Box:
    """Return the box around boxes; there is one at least."""
    return Box(
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )


def _width(text: str) -> int:
    return sum(not unicodedata.combining(c) and unicodedata.category(c) != "Mn" for c in text)
