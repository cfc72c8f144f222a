"""Photographs and scans: JPEG, PNG, TIFF with many pages."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from correspondence.errors import UnreadableInput
from correspondence.reading import PageText
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.formats.pages import PageReader
from extractors.formats.protocol import FormatReading
from extractors.recogniser import enlarge
from extractors.request import ReadingRequest

_FORMATS = ("JPEG", "PNG", "TIFF")
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
)


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the pages of an image; see `FormatReader`."""
    reader = PageReader(request)
    try:
        with warnings.catch_warnings():
            # Sizes are checked here against our own limit.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            frames = int(getattr(image, "n_frames", 1))
    except Image.DecompressionBombError:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The image has too many pixels.") from None
    except (UnidentifiedImageError, *_DAMAGE):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The image cannot be opened.") from None
    with image:
        if frames > request.limits.pages:
            reader.leave_out("pages_left_out")
        for number in range(1, min(frames, request.limits.pages) + 1):
            _read_frame(image, number, reader)
    return reader.reading()


def _read_frame(image: Image.Image, number: int, reader: PageReader) -> None:
    page = PageText(number=number, text="", method=ReadMethod.OCR, quality=0.0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(number - 1)
            if image.width * image.height > reader.request.limits.pixels:
                reader.warn(f"page_too_large:{number}")
                reader.add_unread_image(page)
                return
            image.load()
            upright = ImageOps.exif_transpose(image) or image
    except Image.DecompressionBombError:
        reader.warn(f"page_too_large:{number}")
        reader.add_unread_image(page)
        return
    except _DAMAGE:
        reader.add_unreadable(number, "page_damaged")
        return
    reader.add_recognised(page, lambda: enlarge(upright))
