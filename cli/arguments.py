"""What several commands take from their arguments: a day, a request, a file to read or write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from correspondence.errors import UsageFault

Request = TypeVar("Request", bound=BaseModel)


def read_day(text: str | None) -> date | None:
    """Return a day (CE) whose year stands in B.E. or C.E.; None where none is given.

    Raises:
        UsageFault: no such day.
    """
    from reports.register_period import read_period

    return read_period(text, None).day if text is not None else None


def read_file(path: Path, limit: int = -1) -> bytes:
    """Return the bytes of a file, at most `limit` of them; all by default.

    Raises:
        UsageFault: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as fault:
        raise UsageFault(f"{path} cannot be read: {fault.strerror}.") from None


def read_request(kind: type[Request], asked: Mapping[str, object]) -> Request:
    """Return what a command asks for, as the pipeline takes it.

    Raises:
        UsageFault: a value is none; the message names its field, never the value.
    """
    try:
        return kind.model_validate(asked)
    except ValidationError as fault:
        # The value itself may be a name or a sentence; the field says enough.
        names = ", ".join(sorted({str(error["loc"][0]) for error in fault.errors()}))
        raise UsageFault(f"Not a value of {names}.", thai=f"ค่าไม่ถูกต้อง: {names}") from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file anew.

    Raises:
        UsageFault: it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise UsageFault(f"{path} cannot be written: {fault.strerror}.") from None
