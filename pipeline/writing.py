"""Write a letter of the office's own about a case, when a person asks for it; audited.

The machine drafts: a person completes, signs and sends. Nothing here moves a case or leaves the
house by itself.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import ClassVar, Final

from pydantic import Field, JsonValue, ValidationError
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Role, Secrecy, Urgency
from drafting.letters import LetterRequest, OwnLetter, WrittenLetter, compose_letter
from drafting.redaction.copies import RedactionIncomplete
from office.letters import OutgoingKind
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_rights import act_as
from pipeline.item_reading import READING_LIMITS
from pipeline.writing_pdf import letter_pdf
from registry.letter_file import letter_extraction
from registry.models import Attachment, Case, IntakeItem, Letter
from registry.numbers import RegisterNumber
from registry.trail import note_on_case
from registry.transitions import Actor
from sandbox.faults import SandboxCrashed
from sandbox.pool import SandboxPool

JOB: Final = "pipeline.writing_job:redact_item"
# Whoever works on the case or answers for it; the trail names the nearest.
MAY_WRITE: Final = (Role.OFFICER, Role.GROUP_HEAD, Role.OFFICE_HEAD)
_LIMITS = READING_LIMITS
_READABLE = "ok"


class NotForwardable(SarabanError):
    """No redacted copy can be made of this letter."""

    code: ClassVar[str] = "not_forwardable"
    exit_code: ClassVar[int] = 3


class LetterOrder(Frozen):
    """What a person asks for; every part that is left out stays a blank or the office's own words.

    Attributes:
        addressee: whom it is written to.
        asks: what is asked of an agency, or what is missing from a complaint.
        reply_by: a day (CE).
        own: the office's earlier letter, for a reminder.
        urgency: the mark on it.
        hide: names and words to black out besides those found.
        pdf: "yes" adds PDFs.
    """

    addressee: str = ""
    asks: tuple[str, ...] = ()
    reply_by: date | None = None
    own: OwnLetter = OwnLetter()
    urgency: Urgency = Urgency.NORMAL
    hide: tuple[str, ...] = ()
    pdf: str = ""


class WrittenFile(Frozen):
    """A file to hand out; its name is plain ASCII and says nothing of anybody."""

    file_name: str
    content: bytes = Field(repr=False)


class Writing(Frozen):
    """A letter with what belongs to it.

    `missing` names what a person still has to fill in; `hidden` counts what was blacked out in the
    copy; `withheld` are the copy's wholly black pages. The copy is to be looked at before it goes.
    """

    kind: OutgoingKind
    register_number: str
    missing: tuple[str, ...]
    files: tuple[WrittenFile, ...]
    hidden: dict[str, int] = Field(default_factory=dict)
    withheld: tuple[int, ...] = ()


class _Copies(Frozen):
    outcome: str
    docx: str = Field(default="", repr=False)
    pages: str = Field(default="", repr=False)
    hidden: dict[str, int] = Field(default_factory=dict)
    withheld: tuple[int, ...] = ()


class _Source(Frozen):
    """The letter as it lies in the blob store."""

    item_sha256: str
    name: str
    file_sha256: str
    first_page: int | None
    last_page: int | None
    hide: tuple[str, ...]


def write_letter(
    house: House, case_id: int, kind: OutgoingKind, by: str, order: LetterOrder
) -> Writing:
    """Write a letter about a case's first letter, once the trail holds who asked for it.

    Args:
        house: the office's house.
        case_id: the case.
        kind: which letter.
        by: the sign-in name of the person, known to the caller.
        order: what the person asks for.

    Raises:
        CaseUnknown: no such case, or one without a letter.
        CaseRestricted: the case is restricted or its letter has a grade.
        ActionRefused: the person may not, or nothing is missing that could be asked for.
        UnfaithfulDraft: the letter would state what no source holds.
        NotForwardable: no redacted copy can be made; nothing is handed out then.
        RedactionIncomplete: a second look found something left in the copy.
        MissingDependency: a PDF is asked for and LibreOffice is not installed.
    """
    with house.sessions.begin() as session:
        case, letter = _open(session, case_id)
        actor = act_as(session, by, case, MAY_WRITE, bangkok_day(house.clock()))
        request = _request(house, case, letter, kind, order)
        source = _source(session, letter, order)
        letter_id = letter.id
    written = compose_letter(request)
    stem = f"{kind.value}-{request.register_number.replace('/', '-')}"
    files = _files(stem, written.docx, order)
    copies = _Copies(outcome=_READABLE)
    if kind is OutgoingKind.FORWARD:
        copies = _copies(house, source, request)
        files += _copy_files(request.register_number, copies, order)
    _note(house, case_id, letter_id, actor, written, copies)
    return Writing(
        kind=kind,
        register_number=request.register_number,
        missing=written.missing,
        files=files,
        hidden=copies.hidden,
        withheld=copies.withheld,
    )


def _open(session: Session, case_id: int) -> tuple[Case, Letter]:
    case = session.get(Case, case_id)
    if case is None or not case.letters:
        raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
    letter = case.letters[0]
    marks = {row.value for row in letter.fields if row.name == "secrecy"}
    if case.restricted or marks - {None, Secrecy.OPEN.value}:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    return case, letter


def _request(
    house: House, case: Case, letter: Letter, kind: OutgoingKind, order: LetterOrder
) -> LetterRequest:
    configuration = house.configuration
    group = configuration.groups.get(case.group_id).thai if case.group_id else ""
    return LetterRequest(
        kind=kind,
        extraction=letter_extraction(letter, f"letter-{letter.id}"),
        category=Category(case.category) if case.category else None,
        subcategory=case.subcategory or "",
        group_thai=group,
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        sender=letter.sender_name or "",
        addressee=order.addressee,
        asks=order.asks,
        reply_by=order.reply_by,
        own=order.own,
        urgency=order.urgency,
        hide=order.hide,
        names=configuration.wording.names,
        wording=configuration.letters,
        phrases=configuration.wording.phrases,
        garuda=configuration.wording.garuda,
    )


def _source(session: Session, letter: Letter, order: LetterOrder) -> _Source:
    item = session.get_one(IntakeItem, letter.intake_item_id)
    file: Attachment | None = next((a for a in letter.attachments if a.role == "letter"), None)
    known = (letter.sender_name, letter.sender_address, *order.hide)
    return _Source(
        item_sha256=item.sha256,
        name=file.file_name if file else item.file_name or "letter.eml",
        file_sha256=file.sha256 if file else "",
        first_page=file.first_page if file else None,
        last_page=file.last_page if file else None,
        hide=tuple(word for word in known if word),
    )


def _copies(house: House, source: _Source, request: LetterRequest) -> _Copies:
    payload = house.blobs.get(source.item_sha256)
    signer = request.extraction.fields.signer.value
    params: dict[str, JsonValue] = {
        "name": source.name,
        "sha256": source.file_sha256,
        "first_page": source.first_page,
        "last_page": source.last_page,
        # What a person corrected is known here and not in the child.
        "hide": [
            *source.hide,
            *([signer] if signer and not request.extraction.fields.agency else []),
        ],
        "register_number": request.register_number,
        "passwords": [*house.settings.passwords],
    }
    with SandboxPool(JOB, workers=1, limits=_LIMITS) as pool:
        answer = pool.run(payload, params)
    try:
        copies = _Copies.model_validate(answer)
        base64.b64decode(copies.docx, validate=True)
        base64.b64decode(copies.pages, validate=True)
    except (ValidationError, binascii.Error):
        # A child taken over by a hostile file could answer anything.
        raise SandboxCrashed("garbled_reply") from None
    if copies.outcome == RedactionIncomplete.code:
        raise RedactionIncomplete
    if copies.outcome != _READABLE:
        raise NotForwardable(
            f"No redacted copy can be made: {copies.outcome}.",
            thai="ทำสำเนาที่ปกปิดข้อมูลส่วนบุคคลไม่ได้",
            remedy="Black it out by hand.",
        )
    return copies


def _copy_files(number: str, copies: _Copies, order: LetterOrder) -> tuple[WrittenFile, ...]:
    stem = f"redacted-{number.replace('/', '-')}"
    files = _files(stem, base64.b64decode(copies.docx), order)
    if copies.pages:
        pages = base64.b64decode(copies.pages)
        files += (WrittenFile(file_name=f"{stem}-pages.pdf", content=pages),)
    return files


def _files(stem: str, docx: bytes, order: LetterOrder) -> tuple[WrittenFile, ...]:
    document = WrittenFile(file_name=f"{stem}.docx", content=docx)
    if not order.pdf:
        return (document,)
    return document, WrittenFile(file_name=f"{stem}.pdf", content=letter_pdf(docx))


def _note(
    house: House,
    case_id: int,
    letter_id: int,
    actor: Actor,
    written: WrittenLetter,
    copies: _Copies,
) -> None:
    about = {"letter": letter_id}
    if written.kind is OutgoingKind.FORWARD:
        about |= {"hidden": sum(copies.hidden.values()), "withheld": len(copies.withheld)}
    with house.sessions.begin() as session:
        note_on_case(
            session, case_id, actor, f"write_{written.kind.value}", at=house.clock(), about=about
        )
