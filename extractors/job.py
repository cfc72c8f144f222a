"""The reading job as it runs in a child process: `extractors.job:read`."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from extractors.reader import read_document
from extractors.request import ReadingRequest

JOB = "extractors.job:read"


def read(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Read one file.

    Args:
        payload: the file.
        params: `name` and `request` (a `ReadingRequest` as JSON).

    Returns:
        The `Extraction` as JSON.
    """
    request = ReadingRequest.model_validate(params["request"])
    extraction = read_document(payload, str(params["name"]), request)
    reply: dict[str, JsonValue] = extraction.model_dump(mode="json")
    return reply
