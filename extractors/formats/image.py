"""Photographs and scans: JPEG, PNG, TIFF with many pages, HEIC, WebP, BMP, GIF."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pi_heif  # type: ignore[import-untyped]
from PIL import Image, UnidentifiedImageError

from correspondence.errors import UnreadableInput
from correspondence.reading import PageText
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.formats.image_pages import as_page_image, visible_part
from extractors.formats.pages import PageReader
from extractors.formats.protocol import FormatReading
from extractors.request import ReadingRequest
from extractors.scans.photographs import flatten_photograph
from extractors.scans.recogniser import enlarge

# Telephones' JPEGs with a second picture come as JPEG and turn into `MPO` when opened.
_FORMATS = ("JPEG", "PNG", "TIFF", "HEIF", "WEBP", "BMP", "GIF")
# Only these hold pages; the other frames of the rest are a film or a telephone's extras.
_WITH_PAGES = frozenset({"TIFF", "HEIF"})
_FILMS = frozenset({"PNG", "WEBP", "GIF"})
# A JPEG is decoded at half its size where that fits: 48-megapixel photographs of telephones.
_HALVED = 4
_LEAST_SIDE = 16
_END_OF_JPEG = b"\xff\xd9"
# What Pillow's decoders raise on damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
)

pi_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the pages of an image; see `FormatReader`.

    Films give their first frame and the warning `film_first_frame`. A JPEG that breaks off gives
    the part that is there and the warning `page_damaged`.
    """
    reader = PageReader(request)
    try:
        with _own_limits():
            image = open_picture(data)
            frames = int(getattr(image, "n_frames", 1))
    except Image.DecompressionBombError:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The image has too many pixels.") from None
    except (UnidentifiedImageError, *_DAMAGE):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The image cannot be opened.") from None
    with image:
        if image.format not in _WITH_PAGES:
            if frames > 1 and image.format in _FILMS:
                reader.warn("film_first_frame")
            frames = 1
        if frames > request.limits.pages:
            reader.leave_out("pages_left_out")
        for number in range(1, min(frames, request.limits.pages) + 1):
            _read_frame(image, number, reader, data)
    return reader.reading()


def open_picture(data: bytes) -> Image.Image:
    """Return a picture of a kind that letters come in, opened but not yet decoded.

    Raises:
        Image.DecompressionBombError: too many pixels.
        OSError: and the other kinds that decoders raise; it cannot be opened.
    """
    return Image.open(io.BytesIO(data), formats=_FORMATS)


@contextmanager
def _own_limits() -> Iterator[None]:
    """Silence Pillow's warnings: sizes are checked here against our own limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _read_frame(image: Image.Image, number: int, reader: PageReader, data: bytes) -> None:
    page = PageText(number=number, text="", method=ReadMethod.OCR, quality=0.0)
    pixels = reader.request.limits.pixels
    try:
        with _own_limits():
            image.seek(number - 1)
            if not _fit(image, pixels):
                reader.warn(f"page_too_large:{number}")
                reader.add_unread_image(page)
                return
            whole = _load(image, data)
            if whole is None:
                reader.leave_out(f"page_damaged:{number}")
            upright = as_page_image(whole or _load_part(data, image.size), pixels)
    except Image.DecompressionBombError:
        reader.warn(f"page_too_large:{number}")
        reader.add_unread_image(page)
        return
    except _DAMAGE:
        reader.add_unreadable(number, "page_damaged")
        return
    if min(upright.size) < _LEAST_SIDE:
        reader.add(page)
        return
    reader.add_recognised(page, lambda: enlarge(flatten_photograph(upright)))


def _fit(image: Image.Image, pixels: int) -> bool:
    """Tell whether the frame keeps to the limit; a larger JPEG is set to half its size."""
    size = image.width * image.height
    if pixels < size <= _HALVED * pixels and image.format in ("JPEG", "MPO"):
        image.draft(None, (image.width // 2, image.height // 2))
    return image.width * image.height <= pixels


def _load(image: Image.Image, data: bytes) -> Image.Image | None:
    """Return the decoded frame, None for a JPEG that breaks off.

    Raises:
        OSError: and the other kinds of `_DAMAGE`, for any other damage.
    """
    try:
        image.load()
    except OSError:
        if image.format in ("JPEG", "MPO") and not data.rstrip(b"\0").endswith(_END_OF_JPEG):
            return None
        raise
    return image


def _load_part(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Return what is there of a JPEG that breaks off.

    Raises:
        OSError: and the other kinds of `_DAMAGE`; too little is there.
    """
    with Image.open(io.BytesIO(data + _END_OF_JPEG), formats=("JPEG",)) as image:
        image.draft(None, size)
        image.load()
        part = visible_part(image)
        if part is None:
            raise OSError("Too little of the image is there.")
        # The crop knows nothing of EXIF: a photograph's turn must stay with it.
        part.info["exif"] = image.info.get("exif", b"")
        return part
