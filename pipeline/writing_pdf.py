"""PDF of the office's own documents through LibreOffice, with its font and Thai page numbers."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import lru_cache, partial
from math import ceil

import pypdfium2

from drafting.forms.kin_fonts import KIN
from drafting.forms.sheet import FONT
from extractors import soffice

SECONDS = 60.0
_SIZE = re.compile(r'(<w:szC?s? w:val=")(\d+)(")')
_FIELD = re.compile(r"<text:page-number[^>]*?(?=/?>)")


def letter_pdf(docx: bytes) -> bytes:
    """Return a document of ours as PDF.

    Raises:
        MissingDependency: LibreOffice is not installed.
        UnreadableInput: it failed or took too long.
    """
    shown = with_font(docx)
    pdf = soffice.convert(shown, "docx", "pdf", SECONDS)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
    if pages < 2:
        return pdf
    # LibreOffice writes ๒ for a page number only in its own format's native numbering.
    odt = soffice.convert(shown, "docx", "odt", SECONDS)
    thai = _changed(odt, lambda name: name == "styles.xml", _thai_numbers)
    return soffice.convert(thai, "odt", "pdf", SECONDS)


def with_font(docx: bytes) -> bytes:
    """Return a document with the font it can be drawn in here."""
    font = font_to_draw()
    scale = KIN[font]

    def change(part: str) -> str:
        resized = part if scale == 1 else _SIZE.sub(partial(_resized, scale), part)
        return resized.replace(FONT, font)

    return _changed(docx, lambda name: name.endswith(".xml"), change)


def _resized(scale: float, size: re.Match[str]) -> str:
    return f"{size[1]}{ceil(int(size[2]) * scale)}{size[3]}"


def _thai_numbers(styles: str) -> str:
    numbered = _FIELD.sub(
        '<text:page-number style:num-format="Native Numbering" text:select-page="current"', styles
    )
    thai = numbered.replace('fo:language="en"', 'fo:language="th"')
    return thai.replace('fo:country="US"', 'fo:country="TH"')


def _changed(package: bytes, wanted: Callable[[str], bool], change: Callable[[str], str]) -> bytes:
    """Return a zipped document with some of its parts changed, all in their order."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry.filename)
            if wanted(entry.filename):
                data = change(data.decode("utf-8")).encode("utf-8")
            target.writestr(entry, data)
    return out.getvalue()


@lru_cache(maxsize=1)
def font_to_draw() -> str:
    """Return the office's font where it is installed, else the most alike that is."""
    program = shutil.which("fc-list")
    if program is None:
        return FONT
    listed = subprocess.run(
        [program, ":", "family"], capture_output=True, check=False, text=True, timeout=20
    ).stdout
    installed = {family.strip() for line in listed.splitlines() for family in line.split(",")}
    return next((family for family in KIN if family in installed), FONT)
