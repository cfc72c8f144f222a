"""The job that runs in a child process: one file out of the item that carries it."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from pydantic import JsonValue

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from pipeline.carried_bytes import carried_bytes


def take_file(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return one file of an item.

    Args:
        payload: the item as it arrived.
        params: `sha256` of the file and `passwords` (tried on encrypted archives).

    Returns:
        `outcome` (a `ReadOutcome`) and, where it is `ok`, `content` (base64).
    """
    passwords = params.get("passwords")
    known = tuple(str(p) for p in passwords) if isinstance(passwords, list) else ()
    try:
        data = carried_bytes(payload, str(params["sha256"]), known)
    except UnreadableInput as fault:
        return {"outcome": fault.outcome.value}
    return {"outcome": ReadOutcome.OK.value, "content": base64.b64encode(data).decode("ascii")}
