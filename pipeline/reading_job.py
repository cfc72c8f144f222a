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
from pipeline.item_reading import MAIL, ItemReading, carry
from pipeline.mail_reading import read_mail


def read_item(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read one file or mail.

    Args:
        payload: the bytes as they arrived.
        params: `name` (file name), `received_on` (ISO date in Bangkok, or None) and
            `passwords` (list, tried on encrypted PDFs).

    Returns:
        An `ItemReading` as JSON.
    """
    name = str(params["name"])
    received = params.get("received_on")
    passwords = params.get("passwords")
    request = ReadingRequest(
        received_on=date.fromisoformat(received) if isinstance(received, str) else None,
        passwords=tuple(str(p) for p in passwords) if isinstance(passwords, list) else (),
    )
    found = media_type(payload, name)
    reading = (
        read_mail(payload, name, request) if found == MAIL else _read_file(payload, name, request)
    )
    return reading.model_dump(mode="json")


def _read_file(payload: bytes, name: str, request: ReadingRequest) -> ItemReading:
    extraction = read_document(payload, name, request)
    if extraction.outcome is ReadOutcome.SECRET:
        return ItemReading(extraction=extraction)
    return ItemReading(
        extraction=extraction,
        carried=(carry("letter", payload, extraction),),
        restricted=extraction.restricted,
    )
