"""What a form sends, fields and files: read within limits, by hand, nothing written to disk.

RFC 7578 as browsers send it: each part has a name, a file also a file name, which is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from review.forms import MAX_FIELDS, MAX_STAFF_BODY, Form, foreign_form, large_form, read_form

# A memo with pictures is far smaller; the body holds the form's other fields, too.
MAX_FILE: Final = 5 * 2**20
_MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?(?:;|$)')
_NAME = re.compile(rb'[;\s]name="([A-Za-z0-9_-]{1,100})"')
_FILE = re.compile(rb"[;\s]filename\*?=")
_MOST_HEAD = 2_000
_BREAK = b"\r\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form and the bytes of its files, by name; an empty file input has none."""

    form: Form = field(default_factory=Form)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


async def read_sent(
    request: Request, *, staff: bool = False, room: int = 0, files: bool = False
) -> Sent:
    """Return what a form sends.

    Args:
        request: the request; its body is read here.
        staff: somebody of the office sends it: the larger limits hold.
        room: the most bytes of its fields where the page takes more than others.
        files: whether it may send a file of MAX_FILE bytes besides.

    Raises:
        FormTooLarge: too many bytes or fields.
        FormForeign: it is not what a form of ours sends.
    """
    told = request.headers.get("content-type", "")
    if told.partition(";")[0].strip().lower() != _MULTIPART:
        return Sent(await read_form(request, staff=staff, room=room))
    boundary = _BOUNDARY.search(told)
    if not files or boundary is None:
        raise foreign_form()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max(room, MAX_STAFF_BODY) + MAX_FILE:
            raise large_form()
    return take_parts(bytes(body), boundary[1].encode())


def take_parts(body: bytes, boundary: bytes) -> Sent:
    """Return the parts of a multipart body; the last of a name counts.

    Raises:
        FormTooLarge: too many parts, or a file larger than MAX_FILE.
        FormForeign: it is not well formed.
    """
    line = _BREAK + b"--" + boundary
    first, *parts = (_BREAK + body).split(line, MAX_FIELDS + 2)
    if len(parts) > MAX_FIELDS + 1:
        raise large_form()
    if first or not parts or not parts[-1].startswith(b"--"):
        raise foreign_form()
    form: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, found, content = part.partition(_BREAK * 2)
        name = _NAME.search(head)
        if not found or len(head) > _MOST_HEAD or not head.startswith(_BREAK) or name is None:
            raise foreign_form()
        key = name[1].decode("ascii")
        if _FILE.search(head) is None:
            form.append((key, content.decode("utf-8", "replace").replace("\0", "")))
        elif len(content) > MAX_FILE:
            raise large_form()
        elif content:
            files[key] = content
    return Sent(Form(form), files)
