"""The job that reads a file in a child process and draws what was read on its pages.

A letter with a secrecy mark leaves nothing but the verdict, here as in the reading job.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from pydantic import JsonValue

from correspondence.vocabulary import READABLE
from extractors.media import media_type
from extractors.pictures.page_pictures import draw_pictures
from extractors.scans.traces import Traces
from pipeline.drawn_reading import MAX_PICTURE_BYTES, MAX_PICTURES, DrawnPage, DrawnReading
from pipeline.item_reading import ItemReading
from pipeline.mail_reading import is_mail
from pipeline.reading_job import read_file, read_item, reading_request


def draw_item(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read one file and draw its pages; takes what `read_item` takes.

    A mail is read, but has no pages to draw: what it carries is drawn file by file.

    Returns:
        A `DrawnReading` as JSON.
    """
    name = str(params["name"])
    if is_mail(payload, media_type(payload), name):
        reading = ItemReading.model_validate(read_item(payload, params))
        drawn = DrawnReading(reading=reading, warnings=_without_pages(reading))
    else:
        drawn = _draw_file(payload, name, params)
    return drawn.model_dump(mode="json")


def _draw_file(payload: bytes, name: str, params: Mapping[str, JsonValue]) -> DrawnReading:
    request = reading_request(params).model_copy(update={"traces": Traces()})
    reading = read_file(payload, name, request)
    pictures: list[DrawnPage] = []
    warnings: list[str] = []
    size = 0
    for picture in draw_pictures(payload, reading.extraction, request):
        if picture.png is None:
            warnings.append(f"picture_withheld:{picture.number}")
            continue
        size += len(picture.png)
        if len(pictures) >= MAX_PICTURES or size > MAX_PICTURE_BYTES:
            warnings.append("pictures_left_out")
            break
        encoded = base64.b64encode(picture.png).decode("ascii")
        pictures.append(DrawnPage(number=picture.number, png_base64=encoded))
    if not pictures and not warnings:
        return DrawnReading(reading=reading, warnings=_without_pages(reading))
    return DrawnReading(reading=reading, pictures=tuple(pictures), warnings=tuple(warnings))


def _without_pages(reading: ItemReading) -> tuple[str, ...]:
    """Return why a file that was read has no picture: it has no pages with places."""
    return ("no_pages_to_draw",) if reading.extraction.outcome in READABLE else ()
