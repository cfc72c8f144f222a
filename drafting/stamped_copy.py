"""Lay the receipt stamp on page 1 of a copy of a PDF; the pages themselves are not changed.

Runs in a child process: the file is hostile. The stamp is a stencil in one colour behind the
page's own drawing state, so that page turns, odd boxes and units do not matter. The copy is
looked at before it is given out: a page whose own drawing would move or hide the stamp is
replaced by its picture.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from drafting.receipt_stamp import HEIGHT_MM, WIDTH_MM
from drafting.stamp_place import StampPlace, find_place

POINTS_A_MM = 72 / 25.4
# Red, as office stamps are, which reading takes out again before it recognises a scan.
COLOUR = (0.72, 0.07, 0.12)
LOOK_DOTS_A_MM = 4.0
_PICTURE_DOTS_A_MM = 8.0
_MOST_PIXELS = 12_000_000
# Deeper page trees do not come from writers of letters.
_MOST_LEVELS = 50
_NAME = "/SarabanReceiptStamp"
_SIGNATURE = re.compile(rb"/ByteRange\s*\[")


@dataclass(frozen=True, slots=True)
class StampedCopy:
    """A copy of a letter with the stamp on page 1.

    Attributes:
        pdf: the copy.
        signed: the original carries a digital signature, which does not hold for the copy.
        free: the stamp covers nothing.
        picture: page 1 of the copy is a picture of the page.
    """

    pdf: bytes = field(repr=False)
    signed: bool
    free: bool
    picture: bool


def stamp_pdf(pdf: bytes, stamp: Image.Image) -> StampedCopy:
    """Return a copy of a PDF with a stamp on page 1.

    Args:
        pdf: the file, without a password.
        stamp: mode `1`, black is ink.

    Raises:
        UnreadableInput: `damaged` or `empty`.
    """
    signed = _SIGNATURE.search(pdf) is not None
    pdf = _with_usable_box(pdf)
    before, width_mm = _look(pdf)
    place = find_place(before, width_mm, (WIDTH_MM, HEIGHT_MM))
    try:
        laid = _lay(pdf, stamp, place)
        sound = _shows(before, _look(laid)[0], place, before.width / width_mm)
    except (PyPdfError, UnreadableInput, ValueError, KeyError, TypeError, AttributeError,
            IndexError, RecursionError, NotImplementedError):  # fmt: skip
        # What pypdf raises on broken files is not limited to its own errors.
        sound = False
    if sound:
        return StampedCopy(laid, signed, place.free, picture=False)
    return StampedCopy(_as_picture(pdf, stamp, place), signed, place.free, picture=True)


def _with_usable_box(pdf: bytes) -> bytes:
    """Return the PDF; where page 1 shows nothing of its sheet, with the whole sheet shown."""
    document = _open(pdf)
    try:
        page = document[0]
        if min(page.get_size()) >= 1:
            return pdf
        page.set_cropbox(*page.get_mediabox())
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()
    except pypdfium2.PdfiumError:
        raise UnreadableInput(ReadOutcome.DAMAGED, "Page 1 could not be opened.") from None
    finally:
        document.close()


def _open(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise UnreadableInput(ReadOutcome.DAMAGED, "The PDF could not be opened.") from None
    if not len(document):
        document.close()
        raise UnreadableInput(ReadOutcome.EMPTY, "The PDF has no page.")
    return document


def _look(pdf: bytes, dots_a_mm: float = LOOK_DOTS_A_MM) -> tuple[Image.Image, float]:
    """Return page 1 as it is seen, and its width in millimetres."""
    document = _open(pdf)
    try:
        document.init_forms()
        page = document[0]
        width, height = page.get_size()
        scale = dots_a_mm / POINTS_A_MM
        scale *= min(1.0, (_MOST_PIXELS / max(1.0, width * height * scale**2)) ** 0.5)
        image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        return image, width / POINTS_A_MM
    except (pypdfium2.PdfiumError, ValueError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "Page 1 could not be drawn.") from None
    finally:
        document.close()


def _lay(pdf: bytes, stamp: Image.Image, place: StampPlace) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    page = writer.pages[0]
    resources = _own_dictionary(page, "/Resources")
    pictures = _own_dictionary(resources, "/XObject")
    pictures[NameObject(_NAME)] = writer._add_object(_stencil(stamp))
    matrix = " ".join(f"{number:.4f}" for number in _matrix(page, place))
    colour = " ".join(f"{part:g}" for part in COLOUR)
    opening, closing = DecodedStreamObject(), DecodedStreamObject()
    opening.set_data(b"q\n")
    closing.set_data(f"\nQ\nq {colour} rg {matrix} cm {_NAME} Do Q\n".encode())
    own = page.get("/Contents")
    own = own.get_object() if own is not None else None
    streams = list(own) if isinstance(own, ArrayObject) else []
    if own is not None and not streams:
        streams = [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [writer._add_object(opening), *streams, writer._add_object(closing)]
    )
    _disarm(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _own_dictionary(holder: DictionaryObject, name: str) -> DictionaryObject:
    """Return a copy of a (possibly inherited and shared) dictionary, now the holder's own."""
    found: DictionaryObject | None = None
    node: PdfObject | None = holder
    for _ in range(_MOST_LEVELS):
        if not isinstance(node, DictionaryObject) or found is not None:
            break
        here = node.get(name)
        inherited = here.get_object() if here is not None else None
        found = inherited if isinstance(inherited, DictionaryObject) else None
        parent = node.get("/Parent")
        node = parent.get_object() if parent is not None else None
    own = DictionaryObject(found or {})
    holder[NameObject(name)] = own
    return own


def _stencil(stamp: Image.Image) -> StreamObject:
    """Return a stamp as an image mask: only its ink is painted, in the current colour."""
    picture = StreamObject()
    picture._data = zlib.compress(stamp.convert("1").tobytes(), 9)
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(stamp.width),
            NameObject("/Height"): NumberObject(stamp.height),
            NameObject("/ImageMask"): BooleanObject(value=True),
            NameObject("/BitsPerComponent"): NumberObject(1),
            NameObject("/Decode"): ArrayObject([FloatObject(0), FloatObject(1)]),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    return picture


def _matrix(page: PageObject, place: StampPlace) -> tuple[float, ...]:
    """Return the matrix that lays the unit square on its place on the page as it is seen."""
    media, crop = page.mediabox, page.cropbox
    x0, x1 = max(media.left, crop.left), min(media.right, crop.right)
    y0, y1 = max(media.bottom, crop.bottom), min(media.top, crop.top)
    if x1 <= x0 or y1 <= y0:
        x0, y0, x1, y1 = media.left, media.bottom, media.right, media.top
    wide, high = float(x1 - x0), float(y1 - y0)
    left, bottom = float(x0), float(y0)
    turn = int(page.get("/Rotate", 0) or 0) % 360
    seen_high = wide if turn in (90, 270) else high
    # Lower left corner and size in points of the page as it is seen.
    u = place.left * POINTS_A_MM
    w, h = WIDTH_MM * place.scale * POINTS_A_MM, HEIGHT_MM * place.scale * POINTS_A_MM
    v = seen_high - place.top * POINTS_A_MM - h
    if turn == 90:
        return (0, w, -h, 0, left + wide - v, bottom + u)
    if turn == 180:
        return (-w, 0, 0, -h, left + wide - u, bottom + high - v)
    if turn == 270:
        return (0, -w, h, 0, left + v, bottom + high - u)
    return (w, 0, 0, h, left + u, bottom + v)


def _disarm(writer: PdfWriter) -> None:
    """Take what would act when the copy is opened out of it."""
    root = writer._root_object
    for name in ("/OpenAction", "/AA"):
        root.pop(NameObject(name), None)
    names = root.get("/Names")
    if names is not None:
        names.get_object().pop(NameObject("/JavaScript"), None)


def _shows(before: Image.Image, after: Image.Image, place: StampPlace, per_mm: float) -> bool:
    """Tell whether the stamp, and nothing else, has come onto the page."""
    if before.size != after.size:
        return False
    changed = np.abs(np.asarray(before, dtype=int) - np.asarray(after, dtype=int)).max(axis=2) > 48
    inside = np.zeros(changed.shape, dtype=bool)
    left, top, right, bottom = _dots(place, per_mm, 1.0)
    inside[top:bottom, left:right] = True
    return not (changed & ~inside).any() and changed[inside].mean() > 0.04


def _dots(place: StampPlace, per_mm: float, more_mm: float) -> tuple[int, int, int, int]:
    return (
        max(0, int((place.left - more_mm) * per_mm)),
        max(0, int((place.top - more_mm) * per_mm)),
        int((place.left + WIDTH_MM * place.scale + more_mm) * per_mm) + 1,
        int((place.top + HEIGHT_MM * place.scale + more_mm) * per_mm) + 1,
    )


def _as_picture(pdf: bytes, stamp: Image.Image, place: StampPlace) -> bytes:
    """Return the copy with its first page as a picture that carries the stamp."""
    image, width_mm = _look(pdf, _PICTURE_DOTS_A_MM)
    per_mm = image.width / width_mm
    left, top, right, bottom = _dots(place, per_mm, 0.0)
    size = (max(1, right - left), max(1, bottom - top))
    ink = stamp.convert("L").point(lambda value: 255 - value).resize(size, Image.Resampling.BOX)
    image.paste(tuple(round(part * 255) for part in COLOUR), (left, top), ink)
    first = io.BytesIO()
    image.save(first, "PDF", resolution=per_mm * 25.4, quality=88)
    copy = pypdfium2.PdfDocument.new()
    with pypdfium2.PdfDocument(first.getvalue()) as page, pypdfium2.PdfDocument(pdf) as rest:
        copy.import_pages(page)
        if len(rest) > 1:
            copy.import_pages(rest, list(range(1, len(rest))))
        target = io.BytesIO()
        copy.save(target)
    copy.close()
    return target.getvalue()
