"""The job that runs in a child process: one item's bytes to what may leave the child.

For a letter with a secrecy mark only the verdict leaves: its text is never seen outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from correspondence.vocabulary import ReadOutcome
from extractors.media import media_type
from extractors.reader import read_document
from extractors.request import ReadingRequest
from extractors.scans.separators import SeparatorMarks
from pipeline.item_reading import ItemReading, carry
from pipeline.mail_reading import is_mail, read_mail
from pipeline.page_layouts import with_layouts
from pipeline.scan_reading import read_scan


def read_item(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read one file or mail.

    Args:
        payload: the bytes as they arrived.
        params: `name` (file name), `received_on` (ISO date in Bangkok, or None), `passwords`
            (list, tried on encrypted files) and, for a scan, `separator` (a `SeparatorMarks`).

    Returns:
        An `ItemReading` as JSON.
    """
    name = str(params["name"])
    request = reading_request(params)
    found = media_type(payload)
    if is_mail(payload, found, name):
        return with_layouts(read_mail(payload, name, request)).model_dump(mode="json")
    reading = None
    if params.get("separator") is not None:
        marks = SeparatorMarks.model_validate(params["separator"])
        reading = read_scan(payload, name, request, marks)
    reading = reading or read_file(payload, name, request)
    return with_layouts(reading).model_dump(mode="json")


def reading_request(params: Mapping[str, JsonValue]) -> ReadingRequest:
    """Return what the params of `read_item` say a reader is to know."""
    received = params.get("received_on")
    passwords = params.get("passwords")
    return ReadingRequest(
        received_on=date.fromisoformat(received) if isinstance(received, str) else None,
        passwords=tuple(str(p) for p in passwords) if isinstance(passwords, list) else (),
    )


def read_file(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
    """Return the reading of a file that is no mail."""
    extraction = read_document(payload, name, request)
    if extraction.outcome is ReadOutcome.SECRET:
        return ItemReading(extraction=extraction)
    return ItemReading(
        extraction=extraction,
        carried=(carry("letter", payload, extraction),),
        restricted=extraction.restricted,
    )
