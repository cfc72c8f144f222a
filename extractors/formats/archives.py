"""Office files are ZIP archives: refuse one that is encrypted, damaged or unpacks to too much."""

from __future__ import annotations

import io
import zipfile

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.request import ReadingRequest

_MEMBERS = 2000


def refuse_bomb(data: bytes, request: ReadingRequest) -> None:
    """Look at an archive's table of contents before anything is unpacked.

    Raises:
        UnreadableInput: damaged, encrypted, more than 2,000 members, or unpacking to more than
            four times the size a file may have.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The file is no whole archive.") from None
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableInput(ReadOutcome.ENCRYPTED, "The archive is encrypted.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > 4 * request.limits.bytes or len(members) > _MEMBERS:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The file unpacks to more than allowed.")
