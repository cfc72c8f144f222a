"""Give back what was read in a letter, with people's corrections in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    PageText,
    Reference,
    StatedDeadline,
    join_pages,
)
from correspondence.vocabulary import LetterKind, ReadMethod, ReadOutcome
from registry.models import FieldRow, Letter


def letter_extraction(letter: Letter, name: str) -> Extraction:
    """Return a registered letter as it was read; `name` fills `Extraction.file`.

    A value that a person has set replaces the machine's and needs no check any more.
    """
    pages = tuple(
        PageText(number=p.number, text=p.text, method=ReadMethod(p.method), quality=p.quality)
        for p in letter.pages
    )
    return Extraction(
        file=name,
        outcome=ReadOutcome(letter.read_outcome),
        media_type=letter.media_type,
        kind=LetterKind(letter.kind),
        language=letter.language,
        pages=pages,
        text=join_pages(pages),
        fields=letter_fields(letter.fields),
        warnings=tuple(filter(None, letter.warnings.split("\n"))),
    )


def letter_fields(rows: Iterable[FieldRow]) -> LetterFields:
    """Return the fields of a letter from their rows, people's corrections in place."""
    by_name: dict[str, list[FieldRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.position):
        by_name[row.name].append(row)
    values: dict[str, FieldValue | tuple[FieldValue, ...]] = {}
    for name, info in LetterFields.model_fields.items():
        found = [_value(row) for row in by_name.get(name, []) if not _taken_back(row)]
        if isinstance(info.default, tuple):
            values[name] = tuple(found)
        elif found:
            values[name] = found[0]
    return LetterFields.model_validate(values)


def _taken_back(row: FieldRow) -> bool:
    """Tell whether a person has said that the letter has no such value, whatever was read."""
    return row.corrected_at is not None and row.person_value is None


def _value(row: FieldRow) -> FieldValue:
    corrected = row.corrected_at is not None
    parts = {
        "value": row.value,
        "raw": row.machine_raw,
        "page": row.page,
        "confidence": 1.0 if corrected else row.confidence,
        "needs_check": row.needs_check and not corrected,
    }
    if row.name == "stated_deadline":
        return StatedDeadline.model_validate({**parts, "phrase": row.phrase})
    if row.name == "references":
        return Reference.model_validate(parts)
    return FieldValue.model_validate(parts)
