"""A scan read: one letter, or several with separator sheets between them.

Runs in a child process; see `pipeline.reading_job`.
"""

from __future__ import annotations

from correspondence.errors import UnreadableInput
from correspondence.letter_parts import LetterPart
from correspondence.reading import Extraction
from correspondence.vocabulary import READABLE, ReadOutcome
from extractors.fields import restrict_words
from extractors.media import media_type
from extractors.reader import read_document
from extractors.request import ReadingRequest
from extractors.scan_parts import ScanPart, part_scan
from extractors.scans.separators import SeparatorMarks
from pipeline.item_reading import ItemReading, Refusal, carry, refuse


def read_scan(
    payload: bytes, name: str, request: ReadingRequest, marks: SeparatorMarks
) -> ItemReading | None:
    """Read the letters of a scan; None where it has no separator sheet.

    The letters are one item: a secrecy mark in one of them withholds them all, and one that
    cannot be read leaves them all to a person, so that none is registered and another lost.
    """
    kind = media_type(payload)
    try:
        parts = part_scan(payload, kind, request, marks)
    except UnreadableInput as fault:
        return refuse(_blank(name, kind), _TOO_LONG.model_copy(update={"outcome": fault.outcome}))
    if parts is None:
        return None
    if not parts:
        return refuse(_blank(name, kind), _NOTHING_BETWEEN)
    letters: list[LetterPart] = []
    for part in parts:
        read = read_document(part.data, name, request)
        if read.outcome is ReadOutcome.SECRET or "no_ocr" in read.warnings:
            # Both are the gate's to name, and both hold for the whole scan.
            return ItemReading(extraction=read)
        if read.outcome not in READABLE:
            return refuse(
                _blank(name, kind), _PART_UNREAD.model_copy(update={"outcome": read.outcome})
            )
        letters.append(_letter(payload, part, read))
    first, *others = letters
    return ItemReading(
        extraction=first.extraction,
        carried=first.carried,
        restricted=first.restricted,
        apart=tuple(others),
    )


def _letter(payload: bytes, part: ScanPart, read: Extraction) -> LetterPart:
    file = carry("letter", payload, read).model_copy(
        update={"first_page": part.first_page, "last_page": part.last_page}
    )
    return LetterPart(extraction=read, carried=(file,), restricted=read.restricted)


def _blank(name: str, kind: str) -> Extraction:
    shown, _ = restrict_words(name)
    return Extraction(file=shown, outcome=ReadOutcome.EMPTY, media_type=kind, language="")


_TOO_LONG = Refusal(
    code="scan_too_long",
    thai="สแกนหลายฉบับรวมกันมีหน้ามากเกินกำหนด โปรดแบ่งสแกนเป็นชุดเล็กลง",
    english="A scan of several letters has more pages than are read; scan it in smaller lots.",
)
_NOTHING_BETWEEN = Refusal(
    code="separators_only",
    thai="มีแต่แผ่นคั่น ไม่มีหนังสือ",
    english="Separator sheets with no letter between them.",
    outcome=ReadOutcome.EMPTY,
)
_PART_UNREAD = Refusal(
    code="scan_part_unread",
    thai="สแกนหลายฉบับรวมกัน และมีฉบับที่อ่านไม่ได้ จึงยังไม่ลงเลขรับฉบับใด",
    english="One letter in a scan of several cannot be read, so none has a number yet.",
)
