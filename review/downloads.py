"""Files that are handed out: always a download, under a name that no header can be broken with."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from fastapi import Response

LONGEST_NAME: Final = 150
_UNSAFE: Final = re.compile(
    r'[\x00-\x1f\x7f"*/:<>?\\|\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]'
)
_PLAIN: Final = re.compile(r"[^A-Za-z0-9_-]+")
_ENDING: Final = re.compile(r"[A-Za-z0-9]{1,8}")
_LONGEST_PLAIN: Final = 80


def download(content: bytes, file_name: str, media_type: str | None = None) -> Response:
    """Return bytes as a download; the sandbox around it is `review.security`'s.

    Args:
        content: the bytes.
        file_name: as it came; hostile.
        media_type: only of what we have made ourselves; what others sent says nothing of its kind,
            so that no browser takes it for a page.
    """
    return Response(
        content,
        media_type=media_type or "application/octet-stream",
        headers={"Content-Disposition": attachment(file_name)},
    )


def attachment(file_name: str) -> str:
    """Return a Content-Disposition header for a file name, whatever is in it (RFC 6266, 8187)."""
    name = safe_name(file_name)
    stem, _, ending = name.rpartition(".")
    plain = _PLAIN.sub("_", stem or ending)[:_LONGEST_PLAIN].strip("_") or "letter"
    suffix = ending if stem and _ENDING.fullmatch(ending) else "bin"
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe_name(file_name: str) -> str:
    """Return a file name without paths, signs of control or of direction; "file" for none."""
    tidy = file_name.encode("utf-8", "replace").decode().replace("\\", "/").rpartition("/")[2]
    tidy = _UNSAFE.sub("_", tidy).strip(" .")
    if len(tidy) > LONGEST_NAME:
        stem, _, ending = tidy.rpartition(".")
        kept = ending if stem and len(ending) <= 10 else ""
        tidy = tidy[: LONGEST_NAME - len(kept) - 1] + (f".{kept}" if kept else "")
    return tidy or "file"
