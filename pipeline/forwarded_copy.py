"""The redacted copy that goes to an agency: a proposal first, handed out when a person confirms it.

What the machine hides it proposes. Who forwards the letter sees what went and what stays in doubt,
hides more or opens again, and confirms by the copy's fingerprint: a copy that has changed since
they looked is a new proposal.
"""

from __future__ import annotations

import base64
from typing import ClassVar, Final

from pydantic import Field, JsonValue, ValidationError

from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from drafting.redaction.copies import UNCONFIRMED, RedactionIncomplete, TextCopy, copy_docx
from drafting.redaction.number_forms import TO_CHECK, Hidden
from drafting.redaction.pictures import MOST_PAGES
from pipeline.bootstrap import House
from pipeline.item_reading import READING_LIMITS
from sandbox.faults import SandboxCrashed
from sandbox.pool import SandboxPool

JOB: Final = "pipeline.writing_job:redact_item"
_READABLE: Final = "ok"
_MOST_LETTERS: Final = 2_000_000
_LONGEST_PREVIEW: Final = 1_500_000
_JPEG: Final = b"\xff\xd8\xff"


class NotForwardable(SarabanError):
    """No redacted copy can be made of this letter."""

    code: ClassVar[str] = "not_forwardable"
    exit_code: ClassVar[int] = 3


class CopyChanged(SarabanError):
    """The copy is another one than the person confirmed."""

    code: ClassVar[str] = "copy_changed"
    exit_code: ClassVar[int] = 3

    def __init__(self) -> None:
        """Say it without saying what."""
        super().__init__(
            "The copy is not the one that was looked at.",
            thai="สำเนาไม่ตรงกับฉบับที่ตรวจไว้",
            remedy="Look at the new proposal and confirm that one.",
        )


class CopyUnchecked(SarabanError):
    """The person has not answered for every kind of what tells who complains."""

    code: ClassVar[str] = "copy_unchecked"
    exit_code: ClassVar[int] = 2

    def __init__(self, missing: tuple[Hidden, ...]) -> None:
        """Say which kinds are open.

        Args:
            missing: the kinds nobody has answered for.
        """
        super().__init__(
            f"Not checked yet: {', '.join(missing)}.",
            thai=f"ยังไม่ได้ตรวจว่าปกปิดครบ: {', '.join(kind.thai for kind in missing)}",
            remedy="Read the copy for each of them, then confirm.",
        )


class CopySource(Frozen):
    """The letter as it lies in the blob store, and what a person says of its copy.

    Attributes:
        hide: names and words known otherwise.
        show: words to open again.
        confirm: the fingerprint of the copy the person has looked at, "" for a proposal.
        checked: the kinds of which the person says that nothing is left in that copy.
    """

    item_sha256: str
    name: str
    file_sha256: str
    first_page: int | None
    last_page: int | None
    hide: tuple[str, ...] = Field(repr=False)
    show: tuple[str, ...] = Field(repr=False)
    register_number: str
    confirm: str
    checked: frozenset[Hidden] = frozenset()


class RedactedCopy(Frozen):
    """A copy: its text, its painted pages, and whether a person has confirmed it.

    Attributes:
        text: the black lines with what went and what stays in doubt.
        pages: a PDF of painted pages, empty where the letter has none.
        previews: the same pages of a proposal, small, as JPEG in base64.
        withheld: numbers of pages that are wholly black.
        fingerprint: of lines and pages: what a person confirms is what they looked at.
        confirmed: the fingerprint, once a person has confirmed it; else "".
    """

    text: TextCopy
    pages: bytes = Field(default=b"", repr=False)
    previews: tuple[str, ...] = Field(default=(), repr=False)
    withheld: tuple[int, ...] = ()
    fingerprint: str
    confirmed: str = ""

    def docx(self, register_number: str) -> bytes:
        """Return the text as a new .docx; a proposal says over it that it may not go out."""
        return copy_docx(self.text, register_number, "" if self.confirmed else UNCONFIRMED)


class _Answer(Frozen):
    outcome: str
    text: TextCopy | None = None
    pages: str = Field(default="", repr=False)
    previews: tuple[str, ...] = Field(default=(), repr=False, max_length=MOST_PAGES)
    painted: str = Field(default="", max_length=64)
    withheld: tuple[int, ...] = ()


def redacted_copy(house: House, source: CopySource) -> RedactedCopy:
    """Make the copy in a child process.

    Args:
        house: the office's house.
        source: the letter, and what a person has said of its copy.

    Raises:
        NotForwardable: no copy can be made; nothing is handed out then.
        RedactionIncomplete: a second look found something left in the copy.
        CopyUnchecked: the person confirms without an answer for every kind of `TO_CHECK`.
        CopyChanged: the person confirmed another copy than this one.
        SandboxCrashed: the child answered what it may not.
    """
    open_kinds = tuple(kind for kind in TO_CHECK if kind not in source.checked)
    if source.confirm and open_kinds:
        raise CopyUnchecked(open_kinds)
    params: dict[str, JsonValue] = {
        "name": source.name,
        "sha256": source.file_sha256,
        "first_page": source.first_page,
        "last_page": source.last_page,
        "hide": [*source.hide],
        "show": [*source.show],
        "confirm": source.confirm,
        "passwords": [*house.settings.passwords],
    }
    with SandboxPool(JOB, workers=1, limits=READING_LIMITS) as pool:
        reply = pool.run(house.blobs.get(source.item_sha256), params)
    try:
        answer = _Answer.model_validate(reply)
        pages = base64.b64decode(answer.pages, validate=True)
        drawn = all(map(_is_picture, answer.previews))
    except (ValidationError, ValueError):
        # A child taken over by a hostile file could answer anything.
        raise SandboxCrashed("garbled_reply") from None
    if not drawn:
        raise SandboxCrashed("garbled_reply")
    if answer.outcome == RedactionIncomplete.code:
        raise RedactionIncomplete
    if answer.outcome != _READABLE:
        raise NotForwardable(
            f"No redacted copy can be made: {answer.outcome}.",
            thai="ทำสำเนาที่ปกปิดข้อมูลส่วนบุคคลไม่ได้",
            remedy="Black it out by hand.",
        )
    if answer.text is None or sum(map(len, answer.text.lines)) > _MOST_LETTERS:
        raise SandboxCrashed("garbled_reply")
    fingerprint = answer.text.fingerprint(answer.painted)
    if source.confirm and source.confirm != fingerprint:
        raise CopyChanged
    return RedactedCopy(
        text=answer.text,
        pages=pages,
        previews=answer.previews,
        withheld=answer.withheld,
        fingerprint=fingerprint,
        confirmed=source.confirm,
    )


def _is_picture(preview: str) -> bool:
    """Tell whether a preview is of a size and form a browser may be given.

    Raises:
        ValueError: it is no base64.
    """
    return len(preview) <= _LONGEST_PREVIEW and base64.b64decode(preview, validate=True).startswith(
        _JPEG
    )
