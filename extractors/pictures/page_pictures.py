"""One picture a page: the page with lines, words, numbers and fields drawn on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pypdfium2
from PIL import Image

from correspondence.errors import UnreadableInput
from correspondence.reading import Box, Extraction, PageText
from correspondence.vocabulary import READABLE, ReadMethod
from extractors import media
from extractors.formats.pdf import open_pdf
from extractors.pictures.canvas import Canvas
from extractors.pictures.layers import (
    draw_fields,
    draw_numbers,
    draw_pieces,
    draw_words,
    under_legend,
)
from extractors.pictures.lettering import find_lettering
from extractors.pictures.national_ids import LIKE_DIGIT, FindDigits, digits_of_scan, hidden_boxes
from extractors.request import ReadingRequest
from extractors.scans.traces import PICTURE_DOTS, PageTrace
from extractors.text_layer.glyphs import Glyphs
from extractors.text_layer.lines import Place as PagePlace
from extractors.text_layer.pieces import page_frame

_MOST_PIXELS = 6_000_000
_PACKING = 6


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page's picture as PNG; None where a national number on it could not be covered."""

    number: int
    png: bytes | None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as it is drawn on: its image, what finds its digits, how recognition read it."""

    image: Image.Image
    find_digits: FindDigits
    trace: PageTrace | None = None


def draw_pictures(
    data: bytes, extraction: Extraction, request: ReadingRequest
) -> Iterator[PagePicture]:
    """Yield the pictures of a file that was read; pages without places have none.

    A letter that was not read, one with a secrecy mark above all, has no picture. National numbers
    are black.

    Args:
        data: the file.
        extraction: what `read_document` made of it.
        request: the request it was read with, with `traces`.
    """
    if extraction.outcome not in READABLE:
        return
    document = _open(data, request) if extraction.media_type == media.PDF else None
    try:
        for page in extraction.pages:
            sheet = _sheet(page, document, request)
            if sheet is not None:
                yield PagePicture(page.number, _picture(page, sheet, extraction))
    finally:
        if document is not None:
            document.close()


def _open(data: bytes, request: ReadingRequest) -> pypdfium2.PdfDocument | None:
    try:
        return open_pdf(data, request.passwords)[0]
    except UnreadableInput:
        return None


def _sheet(
    page: PageText, document: pypdfium2.PdfDocument | None, request: ReadingRequest
) -> _Sheet | None:
    if page.method is ReadMethod.OCR:
        trace = request.traces.pages.get(page.number) if request.traces else None
        return _Sheet(trace.page, digits_of_scan(trace), trace) if trace else None
    if page.method is not ReadMethod.TEXT_LAYER or document is None:
        return None
    try:
        drawn = document[page.number - 1]
        width, height = drawn.get_size()
        scale = min(PICTURE_DOTS / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        return _Sheet(
            drawn.render(scale=scale).to_pil(), _digits_of_layer(drawn, request.limits.characters)
        )
    except pypdfium2.PdfiumError:
        return None


def _digits_of_layer(page: pypdfium2.PdfPage, characters: int) -> FindDigits:
    """Return what finds digits in a text layer, one place each."""

    @cache
    def digits() -> tuple[Box, ...]:
        text_page = page.get_textpage()
        try:
            frame = page_frame(text_page)
            count = min(characters, text_page.count_chars())
            boxes: list[Box] = []
            for index, character in enumerate(Glyphs(text_page).characters(count)):
                if LIKE_DIGIT.fullmatch(character):
                    left, bottom, right, top = text_page.get_charbox(index, loose=True)
                    boxes.append(frame.box(PagePlace(left, bottom, right, top)))
            return tuple(boxes)
        finally:
            text_page.close()

    return lambda piece: tuple(box for box in digits() if _lies_in(box, piece.box))


def _lies_in(small: Box, large: Box) -> bool:
    across, down = (small.left + small.right) / 2, (small.top + small.bottom) / 2
    return large.left <= across <= large.right and large.top <= down <= large.bottom


def _picture(page: PageText, sheet: _Sheet, extraction: Extraction) -> bytes | None:
    hidden = hidden_boxes(page, sheet.find_digits)
    if hidden is None:
        return None
    canvas = Canvas(sheet.image, find_lettering())
    black = [canvas.place(box) for box in hidden]
    draw_pieces(canvas, page)
    if sheet.trace is not None:
        draw_words(canvas, sheet.trace)
    for place in black:
        canvas.blacken(place)
    if sheet.trace is not None:
        draw_numbers(canvas, sheet.trace, black)
    draw_fields(canvas, extraction.fields, page.number)
    out = io.BytesIO()
    under_legend(canvas).save(out, "PNG", compress_level=_PACKING)
    return out.getvalue()
