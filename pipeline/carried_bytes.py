"""The bytes of one file out of the item that carries it; runs in the child."""

from __future__ import annotations

import hashlib

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from intake.errors import MimeTooLarge, MimeUnreadable
from intake.mime import take_apart


def carried_bytes(payload: bytes, sha256: str, passwords: tuple[str, ...]) -> bytes:
    """Return the bytes of a file, which lies in the item or is the item.

    What is not the file itself was registered as a mail, whatever it looks like: an Outlook
    file, an archive, a mail by the name of its file only.

    Args:
        payload: the item as it arrived.
        sha256: of the file.
        passwords: tried on encrypted archives.

    Raises:
        UnreadableInput: `unsupported`, the item does not carry it.
    """
    if hashlib.sha256(payload).hexdigest() == sha256:
        return payload
    try:
        attachments = take_apart(payload, passwords=passwords).attachments
    except (MimeTooLarge, MimeUnreadable):
        attachments = ()
    for attachment in attachments:
        if hashlib.sha256(attachment.data).hexdigest() == sha256:
            return attachment.data
    raise UnreadableInput(ReadOutcome.UNSUPPORTED, "The item does not carry that file.")
