"""The job that runs in a child process: one letter's bytes to a stamped copy as PDF."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from datetime import datetime

import pypdfium2
from PIL import Image, ImageOps, ImageSequence
from pydantic import JsonValue

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from drafting.receipt_stamp import StampText, draw_stamp
from drafting.stamped_copy import stamp_pdf
from extractors import soffice
from extractors.formats.pdf import open_pdf
from extractors.media import DOC, DOCX, IMAGES, ODT, PDF, RTF, media_type
from pipeline.carried_bytes import carried_bytes

MAX_PAGES = 200
CONVERT_SECONDS = 90.0
_WRITER = {DOCX: "docx", DOC: "doc", ODT: "odt", RTF: "rtf"}
# FPDF_REMOVE_SECURITY of PDFium.
_WITHOUT_PASSWORD = 3
_A4_INCH = (8.27, 11.69)
_MOST_DOTS = 40_000_000


def stamp_letter(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Lay the receipt stamp on a copy of a letter.

    Args:
        payload: the item as it arrived: the letter itself or the mail that carries it.
        params: `sha256` of the letter's file, `office`, `number`, `received_at` (ISO, aware),
            `passwords` (tried on encrypted PDFs) and, where the letter is only some pages of the
            file, `first_page` and `last_page` (from 1).

    Returns:
        `outcome` (a `ReadOutcome`); where it is `ok` also `pdf` (base64), `signed`, `free` and
        `picture` of the copy.
    """
    passwords = params.get("passwords")
    text = StampText(
        office=str(params["office"]),
        number=str(params["number"]),
        received_at=datetime.fromisoformat(str(params["received_at"])),
    )
    try:
        known = tuple(str(p) for p in passwords) if isinstance(passwords, list) else ()
        letter = carried_bytes(payload, str(params["sha256"]), known)
        whole = _as_pdf(letter, known)
        first, last = params.get("first_page"), params.get("last_page")
        if isinstance(first, int) and isinstance(last, int):
            whole = _pages(whole, first, last)
        copy = stamp_pdf(whole, draw_stamp(text))
    except UnreadableInput as fault:
        return {"outcome": fault.outcome.value}
    return {
        "outcome": ReadOutcome.OK.value,
        "pdf": base64.b64encode(copy.pdf).decode(),
        "signed": copy.signed,
        "free": copy.free,
        "picture": copy.picture,
    }


def _as_pdf(letter: bytes, passwords: tuple[str, ...]) -> bytes:
    """Return a letter as a PDF without a password.

    Raises:
        UnreadableInput: `encrypted`, `damaged`, `too_large`, `timed_out` or `unsupported`.
    """
    found = media_type(letter)
    if found == PDF:
        return _unlocked(letter, passwords)
    if found in IMAGES:
        return _pictures(letter)
    if found in _WRITER:
        return soffice.convert(letter, _WRITER[found], "pdf", CONVERT_SECONDS)
    raise UnreadableInput(ReadOutcome.UNSUPPORTED, "A file of this type has no pages to stamp.")


def _pages(pdf: bytes, first: int, last: int) -> bytes:
    """Return some pages (from 1, both in it) as a PDF of their own."""
    document, _ = open_pdf(pdf, ())
    copy = pypdfium2.PdfDocument.new()
    try:
        if not 1 <= first <= last <= len(document):
            raise UnreadableInput(ReadOutcome.DAMAGED, "The file has not these pages.")
        copy.import_pages(document, pages=list(range(first - 1, last)))
        target = io.BytesIO()
        copy.save(target)
        return target.getvalue()
    finally:
        copy.close()
        document.close()


def _unlocked(pdf: bytes, passwords: tuple[str, ...]) -> bytes:
    document, _ = open_pdf(pdf, passwords)
    try:
        # Also a PDF that opens without a password may be encrypted.
        if b"/Encrypt" not in pdf:
            return pdf
        target = io.BytesIO()
        document.save(target, flags=_WITHOUT_PASSWORD)
        return target.getvalue()
    finally:
        document.close()


def _pictures(letter: bytes) -> bytes:
    """Return the frames of a picture as pages of A4, each upright and whole."""
    copy = pypdfium2.PdfDocument.new()
    try:
        with Image.open(io.BytesIO(letter)) as image:
            if getattr(image, "n_frames", 1) > MAX_PAGES:
                raise UnreadableInput(ReadOutcome.TOO_LARGE, "The picture has too many pages.")
            for frame in ImageSequence.Iterator(image):
                if frame.width * frame.height > _MOST_DOTS * 4:
                    raise UnreadableInput(ReadOutcome.TOO_LARGE, "The picture is too large.")
                copy.import_pages(pypdfium2.PdfDocument(_page_of(frame)))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The picture could not be opened.") from None
    target = io.BytesIO()
    copy.save(target)
    copy.close()
    return target.getvalue()


def _page_of(frame: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(frame)
    page = _on_white(upright)
    if page.width * page.height > _MOST_DOTS:
        page.thumbnail((7000, 7000))
    across = page.width > page.height
    wide, high = _A4_INCH[::-1] if across else _A4_INCH
    resolution = max(page.width / wide, page.height / high)
    target = io.BytesIO()
    page.save(target, "PDF", resolution=resolution, quality=90)
    return target.getvalue()


def _on_white(frame: Image.Image) -> Image.Image:
    if frame.mode in ("1", "L", "RGB"):
        return frame.convert("RGB" if frame.mode == "RGB" else "L")
    if frame.mode.startswith("I") or frame.mode == "F":
        # 16 bits a dot: Pillow would cut, not scale.
        return frame.point(lambda value: value / 256).convert("L")
    rgba = frame.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    white.alpha_composite(rgba)
    return white.convert("RGB")
