"""Hold a reading against the truth: where it errs, by how much, and which numbers are wrong."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from correspondence.errors import UsageFault
from correspondence.national_ids import masked_national_ids
from correspondence.reading import Frozen
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import ReadOutcome
from extractors.charsets import decode_unknown
from pipeline.inspection import Desk, extract_files, read_capped
from pipeline.read_pictures import draw_reading

CONTEXT = 16
_IGNORED = frozenset("\u200b\u200c\u200d\ufeff")


class ReadingError(Frozen):
    """One place where the reading differs: what stands before, what should, what was read."""

    before: str
    expected: str
    read: str
    after: str


class ReadCheck(Frozen):
    """JSON of `read-check`.

    `character_error_rate` is the edit distance over the length of the truth, whitespace
    ignored, Thai digits folded. `numbers_right` counts numbers of the truth found as often in
    the reading. `pictures` are files of pages drawn with what was read on them, and `warnings`
    what stood in their way.
    """

    file: str
    outcome: ReadOutcome
    characters: int
    character_error_rate: float
    numbers: int
    numbers_right: int
    errors: tuple[ReadingError, ...]
    pictures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_reading(desk: Desk, file: Path, truth: Path, pictures: Path | None = None) -> ReadCheck:
    """Read a file and compare it with a text that a person has typed or corrected.

    Args:
        desk: settings.
        file: the file to read.
        truth: its text.
        pictures: a folder for pictures of its pages; none are made where None.

    Raises:
        UsageFault: one of the two is no file, or the folder cannot be written.
    """
    if not truth.is_file():
        raise UsageFault(f"{truth} is not a file.", thai=f"ไม่พบแฟ้ม {truth}")
    if pictures is None:
        (read,) = extract_files(desk, [file])
        drawn = None
    else:
        read, drawn = draw_reading(desk, file, pictures)
    # The reading has national numbers masked; the truth must not show them either.
    typed = masked_national_ids(decode_unknown(read_capped(truth)))
    found = compare(str(file), read.outcome, typed, read.text)
    if drawn is None:
        return found
    return found.model_copy(update={"pictures": drawn.pictures, "warnings": drawn.warnings})


def compare(file: str, outcome: ReadOutcome, truth: str, read: str) -> ReadCheck:
    """Return the differences of two texts, neighbouring ones taken together."""
    wanted, got = squeeze(truth), squeeze(read)
    operations = [op for op in Levenshtein.opcodes(wanted, got) if op.tag != "equal"]
    errors = tuple(
        ReadingError(
            before=wanted[max(0, op.src_start - CONTEXT) : op.src_start],
            expected=wanted[op.src_start : op.src_end],
            read=got[op.dest_start : op.dest_end],
            after=wanted[op.src_end : op.src_end + CONTEXT],
        )
        for op in operations
    )
    distance = Levenshtein.distance(wanted, got)
    numbers, found = _numbers(truth), _numbers(read)
    return ReadCheck(
        file=file,
        outcome=outcome,
        characters=len(wanted),
        character_error_rate=round(distance / max(1, len(wanted)), 5),
        numbers=numbers.total(),
        numbers_right=(numbers & found).total(),
        errors=errors,
    )


def squeeze(text: str) -> str:
    """Return what is compared: NFC, ำ in one piece, digits folded, no whitespace."""
    joined = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    return "".join(c for c in fold_digits(joined) if not c.isspace() and c not in _IGNORED)


def _numbers(text: str) -> Counter[str]:
    spaced = "".join(c if c.isdigit() or c in ".,/" else " " for c in fold_digits(text))
    return Counter(filter(None, (word.strip(".,/") for word in spaced.split())))
