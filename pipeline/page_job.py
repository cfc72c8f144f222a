"""The job that runs in a child process: one page of a letter's file to a picture of it."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pypdfium2
from PIL import Image, UnidentifiedImageError
from pydantic import JsonValue

from correspondence.errors import MissingDependency, UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors import soffice
from extractors.formats import image as pictures
from extractors.formats.image_pages import as_page_image
from extractors.formats.pdf import open_pdf
from extractors.media import DOC, DOCX, IMAGES, ODT, PDF, RTF, media_type
from extractors.scans.photographs import flatten_photograph
from extractors.scans.recogniser import DOTS_PER_INCH
from pipeline.carried_bytes import carried_bytes

CONVERT_SECONDS: Final = 45.0
MAX_PAGES: Final = 200
_MOST_DOTS: Final = 40_000_000
_A4_WIDTH: Final = 8.27
_WRITER: Final = {DOCX: "docx", DOC: "doc", ODT: "odt", RTF: "rtf"}
# Frames of these are pages; those of other pictures are a film.
_WITH_FRAMES: Final = frozenset({"TIFF", "HEIF"})
_DAMAGE: Final = (OSError, ValueError, SyntaxError, KeyError, TypeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The page asked for (from 1), and how: `turn` is None where it was not recognised."""

    page: int
    dots: int
    turn: float | None


def draw_page(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Draw one page, as it was read where that was from its picture: flat, upright and straight.

    Args:
        payload: the item as it arrived, or the PDF that an earlier call gave.
        params: `sha256` of the file in it (None: the payload itself), `page` (from 1), `dots`
            (per inch of A4), `turn` (degrees, None for a page that was not recognised) and
            `passwords`.

    Returns:
        `outcome` (a `ReadOutcome`); where it is `ok` also `pages` (how many the file has) and `png`
        (base64), and `pdf` (base64) where the file had to be converted into one.
    """
    passwords = params.get("passwords")
    known = tuple(str(p) for p in passwords) if isinstance(passwords, list) else ()
    turn = params.get("turn")
    wanted = _Wanted(
        page=int(str(params["page"])),
        dots=int(str(params["dots"])),
        turn=float(turn) if isinstance(turn, int | float) else None,
    )
    try:
        sha256 = params.get("sha256")
        data = payload if sha256 is None else carried_bytes(payload, str(sha256), known)
        found = media_type(data)
        if found in IMAGES:
            count, page = _picture(data, wanted)
            return _reply(count, page, wanted)
        if found == PDF:
            count, page = _pdf_page(data, wanted, known)
            return _reply(count, page, wanted)
        if found in _WRITER:
            pdf = soffice.convert(data, _WRITER[found], "pdf", CONVERT_SECONDS)
            count, page = _pdf_page(pdf, wanted, ())
            return {**_reply(count, page, wanted), "pdf": base64.b64encode(pdf).decode()}
    except UnreadableInput as fault:
        return {"outcome": fault.outcome.value}
    except MissingDependency:
        return {"outcome": ReadOutcome.UNSUPPORTED.value}
    return {"outcome": ReadOutcome.UNSUPPORTED.value}


def _reply(count: int, page: Image.Image, wanted: _Wanted) -> Mapping[str, JsonValue]:
    if wanted.turn:
        page = _turned(page, wanted.turn)
    most = round(_A4_WIDTH * wanted.dots)
    short = min(page.size)
    if short > most:
        # A photograph or a fine scan: no larger than a page of paper at these dots.
        size = (round(page.width * most / short), round(page.height * most / short))
        page = page.convert("L" if page.mode == "1" else page.mode).resize(
            size, Image.Resampling.BOX, reducing_gap=2.0
        )
    out = io.BytesIO()
    _few_colours(page).save(out, "PNG", compress_level=6)
    png = base64.b64encode(out.getvalue()).decode("ascii")
    return {"outcome": ReadOutcome.OK.value, "pages": count, "png": png}


def _turned(page: Image.Image, turn: float) -> Image.Image:
    """Return a page as it was turned to be read: by quarters whole, and the rest in its frame."""
    quarters = round(turn / 90)
    if quarters:
        page = page.rotate(90 * quarters, expand=True)
    tilt = turn - 90 * quarters
    if abs(tilt) < 0.05:
        return page
    plain = page if page.mode in ("L", "RGB") else page.convert("L")
    paper = 255 if plain.mode == "L" else (255, 255, 255)
    return plain.rotate(tilt, resample=Image.Resampling.BILINEAR, fillcolor=paper)


def _few_colours(page: Image.Image) -> Image.Image:
    """Return a page in as few shades as a reader sees: a scan is then a fifth as large."""
    if page.mode == "1":
        return page
    if page.mode != "L" and not _is_grey(page):
        return page.convert("RGB").quantize(128, method=Image.Quantize.FASTOCTREE)
    return page.convert("L").point([round(shade / 17) * 17 for shade in range(256)])


def _is_grey(page: Image.Image) -> bool:
    small = page.convert("RGB").resize((200, 280), Image.Resampling.BOX)
    red, green, blue = (band.tobytes() for band in small.split())
    return all(max(r, g, b) - min(r, g, b) < 24 for r, g, b in zip(red, green, blue, strict=True))


def _pdf_page(data: bytes, wanted: _Wanted, passwords: tuple[str, ...]) -> tuple[int, Image.Image]:
    document, _ = open_pdf(data, passwords)
    try:
        count = min(len(document), MAX_PAGES)
        _check(wanted.page, count)
        page = document[wanted.page - 1]
        width, height = page.get_size()
        area = max(1.0, width * height)
        if wanted.turn is None:
            # A large sheet, as wide as A4.
            dots = wanted.dots * min(1.0, 72 * _A4_WIDTH / max(1.0, min(width, height)))
            return count, page.render(scale=min(dots / 72, (_MOST_DOTS / area) ** 0.5)).to_pil()
        # The scale at which it was read.
        scale = min(DOTS_PER_INCH / 72, (_MOST_DOTS / area) ** 0.5)
        return count, flatten_photograph(page.render(scale=scale).to_pil())
    except pypdfium2.PdfiumError:
        raise UnreadableInput(ReadOutcome.DAMAGED, "The page cannot be drawn.") from None
    finally:
        document.close()


def _picture(data: bytes, wanted: _Wanted) -> tuple[int, Image.Image]:
    try:
        with pictures.open_picture(data) as image:
            frames = int(getattr(image, "n_frames", 1)) if image.format in _WITH_FRAMES else 1
            count = min(frames, MAX_PAGES)
            _check(wanted.page, count)
            image.seek(wanted.page - 1)
            if image.width * image.height > 4 * _MOST_DOTS:
                raise UnreadableInput(ReadOutcome.TOO_LARGE, "The picture has too many pixels.")
            if image.width * image.height > _MOST_DOTS:
                image.draft(None, (image.width // 2, image.height // 2))
            image.load()
            upright = as_page_image(image, _MOST_DOTS)
            return count, upright if wanted.turn is None else flatten_photograph(upright)
    except Image.DecompressionBombError:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The picture has too many pixels.") from None
    except (UnidentifiedImageError, *_DAMAGE):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The picture cannot be opened.") from None


def _check(page: int, count: int) -> None:
    if not 1 <= page <= count:
        raise UnreadableInput(ReadOutcome.EMPTY, "The file has no such page.")
