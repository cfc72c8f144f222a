"""Pictures of a letter's pages and its files, for whoever has the case open.

A page is drawn in a child process within limits and kept in a folder of the home, but for letters
of restricted cases. Only what is asked for is drawn.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import ClassVar, Final

from pydantic import Field, JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import SarabanError
from correspondence.national_ids import masked_national_ids
from correspondence.reading import Frozen
from correspondence.vocabulary import ReadOutcome
from extractors.media import OUTLOOK, TNEF
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown, check_opened
from pipeline.item_reading import MAIL
from pipeline.page_cache import page_cache
from pipeline.permissions import OpenedCase
from registry.engine import open_snapshot
from registry.models import Attachment, Case, IntakeItem, Letter, PageLayoutRow, PageTextRow
from sandbox.faults import SandboxCrashed
from sandbox.limits import Limits
from sandbox.pool import SandboxPool

JOB: Final = "pipeline.page_job:draw_page"
FILE_JOB: Final = "pipeline.file_job:take_file"
BODY_JOB: Final = "pipeline.mail_body_job:take_body"
MAILS: Final = frozenset({MAIL, OUTLOOK, TNEF})
LIMITS: Final = Limits(wall_seconds=75, cpu_seconds=60, reply_bytes=128 * 2**20)
# Dots per inch of A4: at twice its size on the screen a page can still be read.
DOTS: Final = 150
# Who opens a case reads its first pages; more children would take the readers' time.
_CHILDREN: Final = 2
_LETTER: Final = "letter"
_OCR: Final = "ocr"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class PageNotDrawn(SarabanError):
    """There is no picture of this page; `outcome` says why."""

    code: ClassVar[str] = "page_not_drawn"
    exit_code: ClassVar[int] = 3

    def __init__(self, outcome: ReadOutcome) -> None:
        """Keep the named outcome beside the reason."""
        super().__init__(
            f"The page cannot be shown: {outcome.value}.",
            thai=f"แสดงภาพหน้านี้ไม่ได้: {outcome.thai}",
        )
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file as it came: the name it came with, its declared type and its bytes."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


class _Drawn(Frozen):
    outcome: ReadOutcome
    pages: int = 0
    png: str = Field(default="", repr=False)
    pdf: str = Field(default="", repr=False)


class _Body(Frozen):
    outcome: ReadOutcome
    html: str = Field(default="", repr=False)


class _Taken(Frozen):
    outcome: ReadOutcome
    content: str = Field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a page is: the item, the file in it, the page of that file.

    `turn` is None where it was not recognised; `kept` tells whether its picture may be kept.
    """

    item: str
    file: str
    page: int
    turn: float | None
    kept: bool


class PageDrawer:
    """Draws pages in children that stay warm; thread-safe. Close it when the app ends."""

    def __init__(self, house: House) -> None:
        """Start nothing yet: the first page does."""
        self._house = house
        self._pool = SandboxPool(JOB, workers=_CHILDREN, limits=LIMITS)
        self._cache = page_cache(house.settings)

    def close(self) -> None:
        """End the children."""
        self._pool.close()

    def draw(
        self, case_id: int, letter_id: int, number: int, opened: OpenedCase | None = None
    ) -> bytes:
        """Return the picture of one page of a letter as PNG.

        Args:
            case_id: the case.
            letter_id: a letter of it.
            number: the page, from 1.
            opened: that somebody may see the case.

        Raises:
            CaseUnknown: no such case, letter or page.
            CaseRestricted: the case is restricted and was not opened as such.
            PageNotDrawn: the letter's file has no pages, or cannot be opened.
            BlobDamaged: the stored bytes are missing or changed.
            SandboxFault: the child process failed.
        """
        with open_snapshot(self._house.sessions) as session:
            letter = _letter(session, case_id, letter_id, opened)
            source = _source(session, letter, number)
        named = f"{source.file}-{source.page}-{DOTS}-{source.turn or 0:.1f}.png"
        if source.kept and (known := self._cache.get(named)) is not None:
            return known
        drawn = self._draw(source)
        png = _decoded(drawn.png, _PNG)
        if source.kept:
            self._cache.put(named, png)
        return png

    def _draw(self, source: _Source) -> _Drawn:
        pdf = self._cache.get(f"{source.file}.pdf") if source.kept else None
        payload = pdf if pdf is not None else self._house.blobs.get(source.item)
        params: dict[str, JsonValue] = {
            "sha256": None if pdf is not None else source.file,
            "page": source.page,
            "dots": DOTS,
            "turn": source.turn,
            "passwords": [*self._house.settings.passwords],
        }
        try:
            drawn = _Drawn.model_validate(self._pool.run(payload, params))
        except ValidationError:
            raise SandboxCrashed("garbled_reply") from None
        if drawn.outcome is ReadOutcome.EMPTY:
            raise _no_page()
        if drawn.outcome is not ReadOutcome.OK:
            raise PageNotDrawn(drawn.outcome)
        if source.kept and drawn.pdf:
            # A document of the office program: it is not converted again for its next page.
            self._cache.put(f"{source.file}.pdf", _decoded(drawn.pdf, b"%PDF-"))
        if source.kept and (drawn.pdf or pdf is not None):
            self._cache.put(f"{source.file}.pages", str(drawn.pages).encode())
        return drawn


def letter_file(
    house: House, case_id: int, letter_id: int, position: int, opened: OpenedCase | None = None
) -> LetterFile:
    """Return a file of a letter as it came.

    Args:
        house: the office's house.
        case_id: the case.
        letter_id: a letter of it.
        position: the file's place, from 1; 0 is the item as it arrived, the mail itself.
        opened: that somebody may see the case.

    Raises:
        CaseUnknown: no such case, letter or file.
        CaseRestricted: the case is restricted and was not opened as such.
        PageNotDrawn: the file cannot be taken out of what carries it.
        BlobDamaged: the stored bytes are missing or changed.
        SandboxFault: the child process failed.
    """
    with open_snapshot(house.sessions) as session:
        letter = _letter(session, case_id, letter_id, opened)
        item = session.get_one(IntakeItem, letter.intake_item_id)
        item_sha256, item_name, item_type = item.sha256, item.file_name, letter.media_type
        file = session.scalar(
            select(Attachment).where(
                Attachment.letter_id == letter_id, Attachment.position == position - 1
            )
        )
    if position == 0:
        return LetterFile(item_name, item_type, house.blobs.get(item_sha256))
    if file is None:
        raise CaseUnknown("No such file.", thai="ไม่พบแฟ้มนี้")
    payload = house.blobs.get(item_sha256)
    if file.sha256 == item_sha256:
        return LetterFile(file.file_name, file.media_type, payload)
    with SandboxPool(FILE_JOB, workers=1, limits=LIMITS) as pool:
        reply = pool.run(payload, {"sha256": file.sha256, "passwords": [*house.settings.passwords]})
    try:
        taken = _Taken.model_validate(reply)
    except ValidationError:
        raise SandboxCrashed("garbled_reply") from None
    if taken.outcome is not ReadOutcome.OK:
        raise PageNotDrawn(taken.outcome)
    return LetterFile(file.file_name, file.media_type, _decoded(taken.content))


def mail_body(
    house: House, case_id: int, letter_id: int, opened: OpenedCase | None = None
) -> str | None:
    """Return the HTML body of the mail that brought a letter; hostile, national numbers masked.

    None where it has none, or is no mail.

    Raises:
        CaseUnknown: no such case or letter.
        CaseRestricted: the case is restricted and was not opened as such.
        PageNotDrawn: the mail cannot be taken apart.
        BlobDamaged: the stored bytes are missing or changed.
        SandboxFault: the child process failed.
    """
    with open_snapshot(house.sessions) as session:
        letter = _letter(session, case_id, letter_id, opened)
        if letter.media_type not in MAILS:
            return None
        sha256 = session.get_one(IntakeItem, letter.intake_item_id).sha256
    with SandboxPool(BODY_JOB, workers=1, limits=LIMITS) as pool:
        reply = pool.run(house.blobs.get(sha256), {"passwords": [*house.settings.passwords]})
    try:
        body = _Body.model_validate(reply)
    except ValidationError:
        raise SandboxCrashed("garbled_reply") from None
    if body.outcome is ReadOutcome.EMPTY:
        return None
    if body.outcome is not ReadOutcome.OK:
        raise PageNotDrawn(body.outcome)
    return masked_national_ids(body.html)


def _letter(session: Session, case_id: int, letter_id: int, opened: OpenedCase | None) -> Letter:
    case = session.get(Case, case_id)
    letter = session.get(Letter, letter_id)
    if case is None or letter is None or letter.case_id != case.id:
        raise CaseUnknown("The case has no such letter.", thai="ไม่พบหนังสือฉบับนี้ในเรื่อง")
    check_opened(case, opened)
    return letter


def _source(session: Session, letter: Letter, number: int) -> _Source:
    file = session.scalar(
        select(Attachment)
        .where(Attachment.letter_id == letter.id, Attachment.role == _LETTER)
        .order_by(Attachment.position)
        .limit(1)
    )
    if file is None:
        raise PageNotDrawn(ReadOutcome.UNSUPPORTED)
    page = (file.first_page or 1) + number - 1
    if number < 1 or (file.last_page is not None and page > file.last_page):
        raise _no_page()
    method = session.scalar(
        select(PageTextRow.method)
        .where(PageTextRow.letter_id == letter.id, PageTextRow.number == number)
        .limit(1)
    )
    turn = session.scalar(
        select(PageLayoutRow.turn).where(
            PageLayoutRow.letter_id == letter.id, PageLayoutRow.number == number
        )
    )
    case = session.get_one(Case, letter.case_id)
    return _Source(
        item=session.get_one(IntakeItem, letter.intake_item_id).sha256,
        file=file.sha256,
        page=page,
        turn=turn if method == _OCR else None,
        kept=not case.restricted,
    )


def _decoded(text: str, begins: bytes = b"") -> bytes:
    """Return what a child sent; one taken over by a hostile file could answer anything."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise SandboxCrashed("garbled_reply") from None
    if not data.startswith(begins):
        raise SandboxCrashed("garbled_reply")
    return data


def _no_page() -> CaseUnknown:
    return CaseUnknown("The letter has no such page.", thai="ไม่พบหน้านี้ของหนังสือ")
