"""The receipt stamp on a copy of a letter; the bytes that arrived are never changed."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import Field, JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, ReadOutcome, Secrecy
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.voiding import NumberUnknown
from registry.models import Attachment, Case, FieldRow, IntakeItem, Letter
from registry.numbers import RegisterNumber, find_letter
from registry.voiding import void_reasons
from sandbox.faults import SandboxCrashed
from sandbox.limits import Limits
from sandbox.pool import SandboxPool

JOB = "pipeline.stamp_job:stamp_letter"
LIMITS = Limits(wall_seconds=150, cpu_seconds=120, reply_bytes=160 * 2**20)
_LETTER = "letter"

SIGNED_NOTE = "สำเนานี้มีตรารับเพิ่ม ลายมือชื่ออิเล็กทรอนิกส์ตรวจได้จากต้นฉบับเท่านั้น"


class NotStampable(SarabanError):
    """No copy with a stamp can be made of this letter; `outcome` says why."""

    code: ClassVar[str] = "not_stampable"
    exit_code: ClassVar[int] = 3

    def __init__(self, outcome: ReadOutcome, english: str, *, thai: str) -> None:
        """Keep the named outcome beside the reason."""
        super().__init__(english, thai=thai)
        self.outcome = outcome


class _Reply(Frozen):
    outcome: ReadOutcome
    pdf: str = Field(default="", repr=False)
    signed: bool = False
    free: bool = True
    picture: bool = False


@dataclass(frozen=True, slots=True)
class StampedLetter:
    """A copy to hand out.

    Attributes:
        register_number: of the letter.
        file_name: plain ASCII.
        content: the PDF.
        signed: the original is signed digitally; the signature does not hold for the copy.
        free: the stamp covers nothing of the page.
        picture: page 1 of the copy is a picture of the page.
    """

    register_number: str
    file_name: str
    content: bytes = field(repr=False)
    signed: bool
    free: bool
    picture: bool


class StampSummary(Frozen):
    """JSON of `stamp`. `signature_holds` is None where the original carries none."""

    register_number: str
    file: str
    covers_nothing: bool
    page_as_picture: bool
    signature_holds: bool | None

    @classmethod
    def of(cls, made: StampedLetter, file: str) -> StampSummary:
        """Return what became of a copy written to a file."""
        return cls(
            register_number=made.register_number,
            file=file,
            covers_nothing=made.free,
            page_as_picture=made.picture,
            signature_holds=False if made.signed else None,
        )


def stamp_number(house: House, number: RegisterNumber) -> StampedLetter:
    """Return a stamped copy of the letter that has a register number.

    Raises:
        NumberUnknown: no letter has it.
        CaseRestricted: the case is open to named people only, or the letter has a grade.
        NotStampable: void, a mail without a file, or a file that cannot be opened.
        BlobDamaged: the stored bytes are missing or changed.
        SandboxFault: the child process failed.
    """
    with house.sessions.begin() as session:
        letter = find_letter(session, number)
        if letter is None:
            raise NumberUnknown("No letter has this number.", thai="ไม่มีเลขรับนี้ในทะเบียน")
        item_sha256, file = _open_letter(session, letter)
        received_at = letter.received_at
    payload = house.blobs.get(item_sha256)
    params: dict[str, JsonValue] = {
        "sha256": file.sha256,
        "first_page": file.first_page,
        "last_page": file.last_page,
        "office": house.configuration.wording.names.office_full,
        "number": str(number),
        "received_at": received_at.isoformat(),
        "passwords": [*house.settings.passwords],
    }
    with SandboxPool(JOB, workers=1, limits=LIMITS) as pool:
        answer = pool.run(payload, params)
    try:
        reply = _Reply.model_validate(answer)
        content = base64.b64decode(reply.pdf, validate=True)
    except (ValidationError, binascii.Error):
        # A child taken over by a hostile file could answer anything.
        raise SandboxCrashed("garbled_reply") from None
    if reply.outcome is not ReadOutcome.OK or not content.startswith(b"%PDF-"):
        raise NotStampable(
            reply.outcome,
            f"No copy can be stamped: {reply.outcome.value}.",
            thai=f"ทำสำเนาประทับตรารับไม่ได้: {reply.outcome.thai}",
        )
    return StampedLetter(
        register_number=str(number),
        file_name=f"received-{number.number}-{str(number).partition('/')[2]}.pdf",
        content=content,
        signed=reply.signed,
        free=reply.free,
        picture=reply.picture,
    )


def stamp_case_letter(house: House, case_id: int, number: int, year: int) -> StampedLetter:
    """Return a stamped copy of a letter of a case; `year` is C.E.

    Raises:
        CaseUnknown: the case has no letter of this number.
        SarabanError: as `stamp_number`.
    """
    with house.sessions.begin() as session:
        letter = find_letter(session, RegisterNumber(year, number))
        if letter is None or letter.case_id != case_id:
            raise CaseUnknown("The case has no such letter.", thai="ไม่พบหนังสือฉบับนี้ในเรื่อง")
    return stamp_number(house, RegisterNumber(year, number))


def _open_letter(session: Session, letter: Letter) -> tuple[str, Attachment]:
    """Return the hash of the item and the letter's file in it."""
    case = session.get_one(Case, letter.case_id)
    grade = session.scalar(
        select(FieldRow).where(FieldRow.letter_id == letter.id, FieldRow.name == "secrecy")
    )
    marked = grade is not None and grade.value not in (None, Secrecy.OPEN.value)
    if case.restricted or marked:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    if case.state == CaseState.VOIDED.value or letter.id in void_reasons(session, [letter.id]):
        raise NotStampable(
            ReadOutcome.UNSUPPORTED, "The number is void.", thai="เลขรับนี้ยกเลิกแล้ว ไม่ประทับตรารับ"
        )
    file = next((part for part in letter.attachments if part.role == _LETTER), None)
    if file is None:
        raise NotStampable(
            ReadOutcome.UNSUPPORTED,
            "The letter is the text of a mail; it has no pages.",
            thai="หนังสือเป็นข้อความในอีเมล ไม่มีแฟ้มให้ประทับตรา",
        )
    return session.get_one(IntakeItem, letter.intake_item_id).sha256, file
