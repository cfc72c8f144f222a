"""Sarabun for LibreOffice in a benchmark: the official face, from a package for development."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

from extractors.digits.fonts import find_fonts

SARABUN = "Sarabun"


@contextmanager
def sarabun_installed(folder: Path) -> Iterator[bool]:
    """Let programs started meanwhile find Sarabun beside the system's fonts.

    Args:
        folder: where fontconfig's file and cache are kept.

    Yields:
        Whether the package is there.
    """
    faces = find_fonts().get(SARABUN, ())
    if not faces:
        yield False
        return
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(faces[0].parent))}</dir>"
        f"<cachedir>{escape(str(folder / 'font-cache'))}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(settings)
    try:
        yield True
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
