"""What leaves the child that reads a file and draws its pages."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from pydantic import Field, field_validator

from correspondence.reading import Frozen
from pipeline.item_reading import READING_LIMITS, ItemReading

# Imported in the child only, as the reading job.
JOB = "pipeline.picture_job:draw_item"
# A picture a page; the rest gives the warning `pictures_left_out`.
MAX_PICTURES = 60
MAX_PICTURE_BYTES = 40 * 2**20
# Base64 takes a third more, and the reading itself comes with them.
PICTURE_LIMITS = replace(READING_LIMITS, reply_bytes=128 * 2**20)
_PNG = b"\x89PNG\r\n\x1a\n"


class DrawnPage(Frozen):
    """A page's picture: its number from 1 and a PNG in base64."""

    number: int = Field(ge=1)
    png_base64: str = Field(repr=False)

    @field_validator("png_base64")
    @classmethod
    def _holds_png(cls, value: str) -> str:
        try:
            is_png = base64.b64decode(value, validate=True).startswith(_PNG)
        except binascii.Error:
            is_png = False
        if not is_png:
            raise ValueError("no PNG")
        return value

    @property
    def png(self) -> bytes:
        """The picture's bytes."""
        return base64.b64decode(self.png_base64)


class DrawnReading(Frozen):
    """A file's reading and the pictures of its pages, with what stands in their way."""

    reading: ItemReading
    pictures: tuple[DrawnPage, ...] = ()
    warnings: tuple[str, ...] = ()
