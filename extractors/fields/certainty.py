"""The last step over all fields: where each stands, and whether a person must look at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from correspondence.reading import FieldValue, LetterFields, PageText
from correspondence.vocabulary import ReadMethod
from extractors.fields.places import Evidence, Part, PlacedPage, find_evidence, placed_pages
from extractors.fields.plausibility import implausible_fields

# Lines recognised less surely than this: four in seven values there are wrong, above one in seven.
_SURE_LETTERS = 0.9
# What a reader took for want of better: one in seven such values is wrong.
_SURE_VALUE = 0.65

_MARKS = frozenset(("urgency", "secrecy"))

_Value = TypeVar("_Value", bound=FieldValue)


def settle_fields(fields: LetterFields, pages: tuple[PageText, ...], today: date) -> LetterFields:
    """Return the fields with their boxes, `needs_check` set wherever a value could be wrong.

    On a recognised page that is a value over a doubtful number, one with digits that is not found
    where it should stand, and one in a line the recogniser is not sure of; on any page a value
    that is no such thing (see `implausible_fields`), or one taken for want of better. That a letter
    has no mark of urgency or secrecy is doubted where a line of its first page could not be read.
    What the reader itself doubts stays doubted.

    Args:
        fields: as the readers gave them.
        pages: the pages they were read from; without pieces there are no boxes, and any digit
            of a recognised page is doubted.
        today: day of receipt, or the day of reading (Asia/Bangkok).
    """
    placed = placed_pages(pages)
    recognised = frozenset(page.number for page in pages if page.method is ReadMethod.OCR)
    odd = implausible_fields(fields, today)
    unclear = _is_unclear(pages)
    changed: dict[str, FieldValue | tuple[FieldValue, ...]] = {}
    for name in LetterFields.model_fields:
        held = getattr(fields, name)
        if isinstance(held, tuple):
            changed[name] = tuple(_settle(name, value, placed, recognised) for value in held)
        else:
            value = _settle(name, held, placed, recognised)
            if (
                name in odd
                or (value and value.confidence < _SURE_VALUE)
                or (name in _MARKS and value.page is None and unclear)
            ):
                value = value.model_copy(update={"needs_check": True})
            changed[name] = value
    return fields.model_copy(update=changed)


def _is_unclear(pages: tuple[PageText, ...]) -> bool:
    """Tell whether the first page was recognised and a line of it is not sure: a mark may be."""
    return any(
        piece.confidence < _SURE_LETTERS
        for page in pages[:1]
        if page.method is ReadMethod.OCR
        for piece in page.pieces
    )


def _settle(
    name: str, field: _Value, placed: Mapping[int, PlacedPage], recognised: frozenset[int]
) -> _Value:
    if field.page is None or not (field.value or field.raw):
        return field
    evidence = find_evidence(name, field, placed)
    box = evidence.box if evidence else None
    if field.page not in recognised:
        return field.model_copy(update={"box": box})
    sure = min((part.piece.confidence for part in evidence.parts), default=1.0) if evidence else 1.0
    doubted = field.value is not None and _is_doubtful(field, evidence)
    return field.model_copy(
        update={
            "box": box,
            "confidence": min(field.confidence, round(sure, 3)),
            "needs_check": field.needs_check or doubted,
        }
    )


def _is_doubtful(field: FieldValue, evidence: Evidence | None) -> bool:
    """Tell whether a value of a recognised page could be wrong."""
    if evidence is None:
        # Without a place its numbers cannot be told from those the recogniser doubts.
        return any(character.isdigit() for character in field.value or "")
    if any(part.piece.confidence < _SURE_LETTERS for part in evidence.parts):
        return True
    return any(_overlaps_doubt(part) for part in evidence.value_parts)


def _overlaps_doubt(part: Part) -> bool:
    return any(begin < part.end and part.begin < end for begin, end in part.piece.doubtful)
