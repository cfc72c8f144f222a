"""Pages as pictures with what is hidden painted black; no text layer is carried over."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from correspondence.reading import Box, Frozen, PageText, TextPiece
from drafting.redaction.personal import BlackedText, black_out

# Signs above and below a line stand outside its box; a hidden word must not show at the ends.
_ABOVE, _BESIDE = 0.35, 0.006
# A signature is written above the name in brackets, about as wide again.
_SIGNED = re.compile(r"\s*\(|.*ลงชื่อ|.*ลงนาม")
_PEN_HEIGHT, _PEN_WIDTH = 0.05, 0.12
# Papers whose picture tells what no text line does.
_PAPERS = re.compile(
    r"บัตร\s?ประจำ\s?ตัว\s?ประชาชน[^\n]{0,40}\n|Thai\s+National\s+ID|Identification\s+Number"
    r"|รายการเกี่ยวกับบ้าน|ทะเบียนบ้าน\s*\n|ใบขับขี่|PASSPORT"
    r"|หนังสือเดินทาง\s*\n|สูติบัตร",
    re.IGNORECASE,
)
_LEAST_QUALITY = 0.4
# Of a longer letter no copy is made.
MOST_PAGES = 40
_MARK = (160, 0, 0)
# Wide enough to read sixteen points on a screen.
_PREVIEW = (900, 1800)


class PageCover(Frozen):
    """What is painted on a page: boxes, or the whole page where `withheld`."""

    number: int
    boxes: tuple[Box, ...] = ()
    withheld: bool = False


def cover_page(page: PageText, names: Iterable[str], shown: Iterable[str] = ()) -> PageCover:
    """Return what to paint on a page.

    A line that holds anything hidden is painted whole: where in it a word stands is a guess. A
    page whose hidden words have no place, that was hardly read, or that is a copy of an identity
    paper, is withheld.
    """
    blacked = black_out(page.text, names, shown)
    unreadable = not page.pieces or page.quality < _LEAST_QUALITY
    if unreadable or _PAPERS.search(page.text) or not _all_placed(page, blacked):
        return PageCover(number=page.number, withheld=True)
    boxes: list[Box] = []
    for piece in page.pieces:
        if any(piece.begin < span.end and span.start < piece.end for span in blacked.spans):
            boxes.append(_around(piece.box))
            if _SIGNED.match(page.text[piece.begin : piece.end]):
                boxes.append(_pen_above(piece))
    return PageCover(number=page.number, boxes=tuple(boxes))


def paint(image: Image.Image, cover: PageCover) -> Image.Image:
    """Return a copy of a page's picture with its boxes black, smaller and without metadata."""
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image.convert("RGB"))
    draw = ImageDraw.Draw(plain)
    if cover.withheld:
        draw.rectangle((0, 0, plain.width, plain.height), fill="black")
    for box in cover.boxes:
        draw.rectangle(
            (
                int(box.left * plain.width), int(box.top * plain.height),
                int(box.right * plain.width) + 1, int(box.bottom * plain.height) + 1,
            ),
            fill="black",
        )  # fmt: skip
    return plain


def mark_page(image: Image.Image, mark: str) -> Image.Image:
    """Return a page with a line across its head that says what it is; nothing is covered."""
    font = _font(max(12, image.width // 40))
    strip = 2 * int(font.size)
    marked = Image.new("RGB", (image.width, image.height + strip), "white")
    marked.paste(image, (0, strip))
    draw = ImageDraw.Draw(marked)
    draw.rectangle((0, 0, marked.width, strip - 1), fill=_MARK)
    draw.text((marked.width // 2, strip // 2), mark, font=font, fill="white", anchor="mm")
    return marked


def preview_of(page: Image.Image) -> bytes:
    """Return a page as a small JPEG for a screen."""
    small = page.copy()
    small.thumbnail(_PREVIEW)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=60)
    return out.getvalue()


def digest_of(pages: Iterable[Image.Image]) -> str:
    """Return the digest of the dots of painted pages, "" where there are none."""
    signs = [hashlib.sha256(page.tobytes() + repr(page.size).encode()).digest() for page in pages]
    return hashlib.sha256(b"".join(signs)).hexdigest() if signs else ""


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    file = files("fontpkg_sarabun") / "files" / "Sarabun-Bold.ttf"
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size)


def bind(pages: list[Image.Image]) -> bytes:
    """Return pictures as the pages of a PDF, A4 high at most."""
    out = io.BytesIO()
    resolution = max(72.0, max(max(page.size) for page in pages) / 11.69)
    pages[0].save(
        out, "PDF", save_all=True, append_images=pages[1:], resolution=resolution, quality=80
    )
    return out.getvalue()


def _all_placed(page: PageText, blacked: BlackedText) -> bool:
    """Tell whether every letter of what is hidden lies in some piece."""
    placed = bytearray(len(page.text))
    for piece in page.pieces:
        placed[piece.begin : piece.end] = b"\1" * (min(piece.end, len(placed)) - piece.begin)
    return all(
        placed[index] or page.text[index].isspace()
        for span in blacked.spans
        for index in range(span.start, span.end)
    )


def _around(box: Box) -> Box:
    room = _ABOVE * (box.bottom - box.top)
    return _box(box.left - _BESIDE, box.top - room, box.right + _BESIDE, box.bottom + room)


def _pen_above(piece: TextPiece) -> Box:
    box = piece.box
    return _box(box.left - _PEN_WIDTH, box.top - _PEN_HEIGHT, box.right + _PEN_WIDTH, box.top)


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=_share(left), top=_share(top), right=_share(right), bottom=_share(bottom))


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
