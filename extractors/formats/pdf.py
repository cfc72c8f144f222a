"""PDF, page by page: the text layer where it can be trusted, OCR where it cannot."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import pypdf
import pypdfium2
from pypdf.errors import PyPdfError

from correspondence.errors import UnreadableInput
from correspondence.reading import PageText
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors import text_layer
from extractors.formats.pages import PageReader
from extractors.formats.protocol import FormatReading
from extractors.normaliser import normalise
from extractors.orthography import count_violations, measure_quality
from extractors.request import ReadingRequest
from extractors.scans.photographs import flatten_photograph
from extractors.scans.recogniser import DOTS_PER_INCH

_TRUSTED = 0.55
_FEW_LETTERS = 25
# A receipt stamp or a running head; a letter says more.
_STAMP_LETTERS = 250
_FULL_PAGE = 0.5
# pypdf takes five seconds for a megabyte of drawing steps; a page of a letter has 50 kB.
_MOST_CONTENT = 500_000
_PASSWORD_FAULT = 4
_MOST_OF_IT = 0.9
# Damaged files make pypdf talk, and it quotes them.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the pages of a PDF; see `FormatReader`."""
    document, password = open_pdf(data, request.passwords)
    try:
        count = len(document)
        if not count:
            raise UnreadableInput(ReadOutcome.EMPTY, "The PDF has no pages.")
        reader = PageReader(request)
        if _count_attachments(document):
            reader.warn("embedded_files_not_read")
        if count > request.limits.pages:
            reader.leave_out("pages_left_out")
        second = _SecondOpinion(data, password)
        for number in range(1, min(count, request.limits.pages) + 1):
            _read_page(document, number, second, reader)
    finally:
        document.close()
    return reader.reading()


def open_pdf(data: bytes, passwords: tuple[str, ...]) -> tuple[pypdfium2.PdfDocument, str | None]:
    """Return the opened document and the password that opened it.

    Raises:
        UnreadableInput: damaged, or none of the passwords is right.
    """
    locked = False
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password=password), password
        except pypdfium2.PdfiumError as fault:
            locked = getattr(fault, "err_code", None) == _PASSWORD_FAULT
            if not locked:
                break
    if locked:
        raise UnreadableInput(ReadOutcome.ENCRYPTED, "The PDF needs a password.")
    raise UnreadableInput(ReadOutcome.DAMAGED, "The PDF cannot be opened.")


def _count_attachments(document: pypdfium2.PdfDocument) -> int:
    try:
        return int(document.count_attachments())
    except pypdfium2.PdfiumError:
        return 0


class _SecondOpinion:
    """The same pages through pypdf, opened only when PDFium's text has violations."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self._data = data
        self._password = password
        self._reader: pypdf.PdfReader | None = None
        self._failed = False

    def page_text(self, number: int) -> str | None:
        """Return pypdf's text of a page, None where it cannot read it."""
        if self._failed:
            return None
        try:
            if self._reader is None:
                self._reader = pypdf.PdfReader(io.BytesIO(self._data), password=self._password)
            page = self._reader.pages[number - 1]
            content = page.get_contents()
            if content is None or len(content.get_data()) > _MOST_CONTENT:
                return None
            return page.extract_text()
        except (
            PyPdfError,
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
            ArithmeticError,
            AssertionError,
            NotImplementedError,
            OSError,
            zlib.error,
            RecursionError,
        ):
            # pypdf meets damaged files with errors of every kind; PDFium's text stands.
            self._failed = True
            return None


def _read_page(
    document: pypdfium2.PdfDocument, number: int, second: _SecondOpinion, reader: PageReader
) -> None:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        reader.add_unreadable(number, "page_damaged")
        return
    try:
        layer = _best_layer(page, number, second, reader)
        letters = sum(map(str.isalnum, layer.text))
        covered = (letters < _FEW_LETTERS and _has_drawing(page)) or (
            letters < _STAMP_LETTERS and _is_picture(page)
        )
        if layer.text and layer.quality >= _TRUSTED and not covered:
            reader.add(layer)
            return
        if not layer.text and not _has_drawing(page):
            reader.add(layer)
            return
        scale = _fitting_scale(page, reader.request.limits.pixels)
        if scale is None:
            reader.warn(f"page_too_large:{number}")
            reader.add_unread_image(layer)
            return
        reader.add_recognised(layer, lambda: flatten_photograph(page.render(scale=scale).to_pil()))
    except pypdfium2.PdfiumError:
        reader.add_unreadable(number, "page_damaged")
    finally:
        page.close()


def _best_layer(
    page: pypdfium2.PdfPage, number: int, second: _SecondOpinion, reader: PageReader
) -> PageText:
    limit = reader.request.limits.characters
    text_page = page.get_textpage()
    try:
        if text_page.count_chars() > limit:
            reader.leave_out(f"text_cut:{number}")
        layer = text_layer.read_layer(text_page, limit)
        rebuilt = None if layer.text is None else normalise(layer.text)
        best = _choose(_candidates(rebuilt, text_page, limit, partial(second.page_text, number)))
    finally:
        text_page.close()
    pieces = layer.pieces_of_rows(best) if best == rebuilt else layer.pieces_of(best)
    return PageText(
        number=number,
        text=best,
        method=ReadMethod.TEXT_LAYER,
        quality=measure_quality(best),
        pieces=pieces,
        size=page.get_size(),
    )


def _candidates(
    rebuilt: str | None,
    page: pypdfium2.PdfTextPage,
    limit: int,
    other: Callable[[], str | None],
) -> Iterator[str]:
    """Yield normalised readings of one page, the most trusted first."""
    if rebuilt is not None:
        yield rebuilt
    yield normalise(text_layer.raw_text(page)[:limit])
    last = other()
    if last is not None:
        yield normalise(last)


def _choose(candidates: Iterator[str]) -> str:
    """Return the reading with the fewest violations; the first without any ends the search.

    A reading that lost a tenth of the letters of another is no candidate.
    """
    best, fewest, most = "", 0, 0
    for text in candidates:
        letters = len("".join(text.split()))
        violations = count_violations(text)
        better = letters >= _MOST_OF_IT * most and violations < fewest
        if not best or better or letters * _MOST_OF_IT > most:
            best, fewest = text, violations
        most = max(most, letters)
        if best and not fewest:
            break
    return best


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Tell whether one image covers most of the page: a scan, whatever text lies over it."""
    width, height = page.get_size()
    for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) > _FULL_PAGE * width * height:
            return True
    return False


def _has_drawing(page: pypdfium2.PdfPage) -> bool:
    """Tell whether the page shows anything but text: an image, a path, a form."""
    kinds = pypdfium2.raw
    for found in page.get_objects(max_depth=3):
        if found.type in (kinds.FPDF_PAGEOBJ_IMAGE, kinds.FPDF_PAGEOBJ_SHADING):
            return True
        if found.type == kinds.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = found.get_bounds()
            if (right - left) > 100 and (top - bottom) > 100:
                return True
    return False


def _fitting_scale(page: pypdfium2.PdfPage, pixels: int) -> float | None:
    """Return the scale of 300 dpi, less for a large page, None where 100 dpi is too much."""
    width, height = page.get_size()
    area = max(1.0, width * height)
    scale = min(DOTS_PER_INCH / 72, (pixels / area) ** 0.5)
    return scale if scale >= 100 / 72 else None
