"""A scan of several letters cut at its separator sheets, each letter a file of its own."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
from PIL import Image

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.formats.pdf import open_pdf
from extractors.media import PDF
from extractors.request import ReadingRequest
from extractors.scans.separators import (
    DOTS_PER_INCH,
    GreyPage,
    PageRole,
    SeparatorMarks,
    page_role,
)

TIFF = "image/tiff"
_MOST_DOTS = 4_000_000
_SIDE = 1_600


@dataclass(frozen=True, slots=True)
class ScanPart:
    """The pages of one letter (from 1, both in it) and a file of just them."""

    first_page: int
    last_page: int
    data: bytes = field(repr=False)


def part_scan(
    data: bytes, kind: str, request: ReadingRequest, marks: SeparatorMarks
) -> tuple[ScanPart, ...] | None:
    """Return the letters of a scan; None where it has no separator sheet or is no scan.

    An empty tuple stands for sheets and nothing between them.

    Args:
        data: a PDF or a TIFF; every other kind gives None.
        kind: its media type.
        request: limits and passwords.
        marks: what a separator sheet bears.

    Raises:
        UnreadableInput: `too_large`, for separator sheets in a scan of more pages than are read.
    """
    try:
        if kind == PDF:
            return _part_pdf(data, request, marks)
        if kind == TIFF:
            return _part_tiff(data, request, marks)
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        # Damage is the reader's to name; it reads the file as it stands.
        return None
    return None


def _part_pdf(
    data: bytes, request: ReadingRequest, marks: SeparatorMarks
) -> tuple[ScanPart, ...] | None:
    try:
        document, _ = open_pdf(data, request.passwords)
    except UnreadableInput:
        return None
    try:
        spans = _spans(_pdf_pages(document, request), len(document), request, marks)
        if spans is None:
            return None
        return tuple(ScanPart(first, last, _cut(document, first, last)) for first, last in spans)
    finally:
        document.close()


def _part_tiff(
    data: bytes, request: ReadingRequest, marks: SeparatorMarks
) -> tuple[ScanPart, ...] | None:
    with warnings.catch_warnings():
        # Pillow's talk of damaged tags; sizes are checked against our own limit.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=("TIFF",)) as image:
            count = int(getattr(image, "n_frames", 1))
            spans = _spans(_frames(image, request), count, request, marks)
            if spans is None:
                return None
            return tuple(ScanPart(first, last, _take(image, first, last)) for first, last in spans)


def _spans(
    pages: Iterator[GreyPage | None], count: int, request: ReadingRequest, marks: SeparatorMarks
) -> list[tuple[int, int]] | None:
    """Return first and last page of each letter, None without a separator."""
    roles = [PageRole.CONTENT if page is None else page_role(page, marks) for page in pages]
    parting = {PageRole.SEPARATOR, *([PageRole.BLANK] if marks.blank_pages else [])}
    if PageRole.SEPARATOR not in roles and not (marks.blank_pages and PageRole.BLANK in roles):
        return None
    if count > request.limits.pages:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The scan has more pages than are read.")
    return list(_between(roles, parting))


def _between(roles: Sequence[PageRole], parting: set[PageRole]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    last = 0
    for number, role in enumerate((*roles, PageRole.SEPARATOR), start=1):
        if role in parting:
            if first is not None:
                yield first, last
            first = None
        elif first is None:
            # The back of a separator sheet is blank, and no letter begins with a blank page.
            if role is PageRole.CONTENT:
                first = last = number
        else:
            last = number


def _pdf_pages(
    document: pypdfium2.PdfDocument, request: ReadingRequest
) -> Iterator[GreyPage | None]:
    for number in range(min(len(document), request.limits.pages)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield None
            continue
        try:
            width, height = page.get_size()
            scale = min(DOTS_PER_INCH / 72, (_MOST_DOTS / max(1.0, width * height)) ** 0.5)
            bitmap = page.render(scale=scale, grayscale=True)
            yield np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
        except pypdfium2.PdfiumError:
            yield None
        finally:
            page.close()


def _frames(image: Image.Image, request: ReadingRequest) -> Iterator[GreyPage | None]:
    for number in range(min(int(getattr(image, "n_frames", 1)), request.limits.pages)):
        image.seek(number)
        if image.width * image.height > request.limits.pixels:
            yield None
            continue
        grey = image.convert("L")
        grey.thumbnail((_SIDE, _SIDE))
        yield np.array(grey, dtype=np.uint8)


def _cut(document: pypdfium2.PdfDocument, first: int, last: int) -> bytes:
    part = pypdfium2.PdfDocument.new()
    try:
        part.import_pages(document, pages=list(range(first - 1, last)))
        target = io.BytesIO()
        part.save(target)
    finally:
        part.close()
    return target.getvalue()


def _take(image: Image.Image, first: int, last: int) -> bytes:
    frames = []
    for number in range(first - 1, last):
        image.seek(number)
        frames.append(image.copy())
    target = io.BytesIO()
    head, *rest = frames
    head.save(
        target, format="TIFF", save_all=True, append_images=rest, compression="tiff_adobe_deflate"
    )
    return target.getvalue()
