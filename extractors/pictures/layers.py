"""What is drawn on a page, from below: lines, words, numbers, fields; and the legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from PIL import Image

from correspondence.reading import FieldValue, LetterFields, PageText
from extractors.digits.decoding import Number
from extractors.digits.placement import BEYOND_DOUBT, ReadLine
from extractors.pictures.canvas import WHITE, Canvas, Colour, Place, overlap
from extractors.scans.symbols import Symbol
from extractors.scans.traces import PageTrace

LINE: Colour = (37, 99, 235)
WORD: Colour = (147, 70, 200)
SURE: Colour = (0, 128, 55)
DOUBTFUL: Colour = (230, 110, 0)
FIELD: Colour = (190, 18, 60)
_NUMBER_SIZE, _FIELD_SIZE, _LEGEND_SIZE = 20, 22, 25

FIELD_NAMES = MappingProxyType(
    {
        "document_number": ("ที่", "document number"),
        "document_date": ("ลงวันที่", "document date"),
        "agency": ("ส่วนราชการ", "agency"),
        "subject": ("เรื่อง", "subject"),
        "addressee": ("เรียน", "addressee"),
        "salutation": ("คำขึ้นต้น", "salutation"),
        "references": ("อ้างถึง", "reference"),
        "enclosures": ("สิ่งที่ส่งมาด้วย", "enclosure"),
        "urgency": ("ชั้นความเร็ว", "urgency"),
        "secrecy": ("ชั้นความลับ", "secrecy"),
        "signer": ("ผู้ลงนาม", "signer"),
        "signer_position": ("ตำแหน่ง", "position"),
        "contact_phone": ("โทรศัพท์", "telephone"),
        "contact_email": ("อีเมล", "e-mail"),
        "stated_deadline": ("กำหนด", "deadline"),
        "meeting_at": ("นัดประชุม", "meeting"),
        "requested_action": ("สิ่งที่ขอ", "requested action"),
        "amounts": ("จำนวนเงิน", "amount"),
    }
)
_LEGEND: tuple[tuple[Colour, str, str], ...] = (
    (LINE, "บรรทัด", "line"),
    (WORD, "คำและอักษรจาก OCR", "words, letters of OCR"),
    (SURE, "เลขที่แน่ใจ %", "number, sure %"),
    (DOUBTFUL, "เลขที่ต้องตรวจ", "number, doubtful"),
    (FIELD, "ช่องข้อมูล (? = ต้องตรวจ)", "field (? = check)"),
)


@dataclass(frozen=True, slots=True)
class _ShownNumber:
    """What is written beside a number, and its columns on the cleaned page."""

    text: str
    left: int
    right: int
    sure: bool


def draw_pieces(canvas: Canvas, page: PageText) -> None:
    """Draw the lines of a page, or their parts in columns."""
    for piece in page.pieces:
        canvas.frame(canvas.place(piece.box), LINE, 1)
        canvas.keep_clear(canvas.place(piece.box))


def draw_words(canvas: Canvas, trace: PageTrace) -> None:
    """Draw the engine's words as boxes, and a tick between their letters."""
    for read in trace.lines:
        top, bottom = _rows(read, trace.scale)
        for word in _words(read.symbols):
            left, right = (round(x * trace.scale) for x in (word[0].left, word[-1].right))
            canvas.frame((left, top + 2, right, bottom - 2), WORD, 1)
            for before, after in pairwise(word):
                x = round((before.right + after.left) / 2 * trace.scale)
                canvas.stroke((x, bottom - 6), (x, bottom - 2), WORD)


def draw_numbers(canvas: Canvas, trace: PageTrace, hidden: Sequence[Place]) -> None:
    """Draw the numbers of the digit recogniser with text and certainty, and unconfirmed digits.

    Args:
        canvas: the page.
        trace: how it was read.
        hidden: places whose numbers must not be written.
    """
    for read in trace.lines:
        top, bottom = _rows(read, trace.scale)
        for number in (*map(_told, read.numbers), *_unconfirmed(read)):
            left, right = (round(x * trace.scale) for x in (number.left, number.right))
            place = (left - 1, top, right + 1, bottom)
            if any(overlap(place, other) for other in hidden):
                continue
            colour = SURE if number.sure else DOUBTFUL
            canvas.frame(place, colour, 2, fill=40)
            text = canvas.lettering.digits(number.text)
            canvas.label(place, text, colour, _NUMBER_SIZE, WHITE)


def draw_fields(canvas: Canvas, fields: LetterFields, number: int) -> None:
    """Draw the fields that stand on a page of a number, with their names."""
    for name, field in _fields(fields):
        if field.box is None or field.page != number:
            continue
        left, top, right, bottom = canvas.place(field.box)
        place = (left - 4, top - 3, right + 4, bottom + 3)
        canvas.frame(place, FIELD, 3)
        thai, english = FIELD_NAMES.get(name, (name, name))
        label = (thai if canvas.lettering.is_thai else english) + " ?" * field.needs_check
        canvas.label(place, label, WHITE, _FIELD_SIZE, FIELD)


def under_legend(canvas: Canvas) -> Image.Image:
    """Return the picture under a band that says what the colours mean."""
    thai = canvas.lettering.is_thai
    entries = [(colour, name if thai else english) for colour, name, english in _LEGEND]
    return canvas.under_legend(entries, _LEGEND_SIZE)


def _rows(read: ReadLine, scale: float) -> tuple[int, int]:
    return round(read.line.top * scale), round(read.line.bottom * scale)


def _words(symbols: Sequence[Symbol]) -> Iterator[list[Symbol]]:
    word: list[Symbol] = []
    for symbol in symbols:
        if symbol.spaced and word:
            yield word
            word = []
        word.append(symbol)
    if word:
        yield word


def _told(number: Number) -> _ShownNumber:
    """Return a number of the recogniser and its certainty in per cent."""
    return _ShownNumber(
        text=f"{number.text} {100 * number.certainty:.0f}",
        left=number.left,
        right=number.right,
        sure=number.certainty >= BEYOND_DOUBT,
    )


def _unconfirmed(read: ReadLine) -> Iterator[_ShownNumber]:
    """Yield the runs of doubtful symbols that no number of the recogniser stands for.

    How sure the engine says it is of digits means nothing.
    """
    run: list[Symbol] = []
    for symbol in read.symbols:
        middle = (symbol.left + symbol.right) / 2
        inside = any(number.left <= middle <= number.right for number in read.numbers)
        doubtful = symbol.doubtful and not inside
        if run and (symbol.spaced or not doubtful):
            yield _joined(run)
            run = []
        if doubtful:
            run.append(symbol)
    if run:
        yield _joined(run)


def _joined(run: Sequence[Symbol]) -> _ShownNumber:
    text = "".join(symbol.text for symbol in run)
    right = max(symbol.right for symbol in run)
    return _ShownNumber(text=f"{text} ?", left=run[0].left, right=right, sure=False)


def _fields(fields: LetterFields) -> Iterator[tuple[str, FieldValue]]:
    for name in type(fields).model_fields:
        found: FieldValue | tuple[FieldValue, ...] = getattr(fields, name)
        for value in found if isinstance(found, tuple) else (found,):
            yield name, value
