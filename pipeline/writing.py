"""Write a letter of the office's own about a case, when a person asks for it; audited.

The machine drafts: a person completes, signs and sends. Nothing here moves a case or leaves the
house by itself.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import Field
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.errors import ActionRefused
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Role, Secrecy, Urgency
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from drafting.redaction.copies import HiddenWord
from drafting.redaction.number_forms import Hidden
from office.letters import OutgoingKind
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_rights import act_as
from pipeline.forwarded_copy import CopySource, RedactedCopy, redacted_copy
from pipeline.writing_pdf import letter_pdf
from registry.letter_file import letter_extraction
from registry.models import Attachment, Case, IntakeItem, Letter
from registry.numbers import RegisterNumber
from registry.trail import note_on_case
from registry.transitions import Actor

# Whoever works on the case or answers for it; the trail names the nearest.
MAY_WRITE: Final = (Role.OFFICER, Role.GROUP_HEAD, Role.OFFICE_HEAD)


class LetterOrder(Frozen):
    """What a person asks for; every part that is left out stays a blank or the office's own words.

    Attributes:
        addressee: whom it is written to.
        asks: what is asked of an agency, or what is missing from a complaint.
        reply_by: a day (CE).
        own: the office's earlier letter, for a reminder.
        urgency: the mark on it.
        hide: names and words to black out besides those found.
        show: words to open again that were hidden as names, places or numbers.
        confirm: the fingerprint of the copy the person has looked at; "" asks for a proposal.
        checked: of a copy to confirm, the kinds of which nothing is left in it.
        pdf: "yes" adds PDFs.
    """

    addressee: str = ""
    asks: tuple[str, ...] = ()
    reply_by: date | None = None
    own: OwnLetter = OwnLetter()
    urgency: Urgency = Urgency.NORMAL
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    confirm: str = ""
    checked: frozenset[Hidden] = frozenset()
    pdf: str = ""


class WrittenFile(Frozen):
    """A file to hand out; its name is plain ASCII and says nothing of anybody."""

    file_name: str
    content: bytes = Field(repr=False)


class Writing(Frozen):
    """A letter with what belongs to it.

    `missing` names what a person still has to fill in. Of a forwarded copy: `hidden` counts what
    was blacked out, `withheld` are its wholly black pages, `previews` its painted pages for a
    screen (JPEG in base64), `fingerprint` is what confirms it, `confirmed` repeats it once a
    person has, `lines` are the black text, `words` and `left` what went and what stays in doubt,
    for that person's eyes only.
    """

    kind: OutgoingKind
    register_number: str
    missing: tuple[str, ...]
    files: tuple[WrittenFile, ...]
    hidden: dict[str, int] = Field(default_factory=dict)
    withheld: tuple[int, ...] = ()
    previews: tuple[str, ...] = Field(default=(), repr=False)
    fingerprint: str = ""
    confirmed: str = ""
    words: tuple[HiddenWord, ...] = Field(default=(), repr=False)
    left: tuple[str, ...] = Field(default=(), repr=False)
    lines: tuple[str, ...] = Field(default=(), repr=False)


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
        CopyUnchecked: a copy is confirmed without an answer for every kind.
        CopyChanged: another copy was confirmed than is made now.
        MissingDependency: a PDF is asked for and LibreOffice is not installed.
    """
    with house.sessions.begin() as session:
        case, letter = _open(session, case_id)
        actor = act_as(session, by, case, MAY_WRITE, bangkok_day(house.clock()))
        request = _request(house, case, letter, kind, order)
        source = _source(session, letter, request, order)
        letter_id = letter.id
    written = compose_letter(request)
    stem = f"{kind.value}-{request.register_number.replace('/', '-')}"
    files = _files(stem, written.docx, order)
    made = Writing(
        kind=kind, register_number=request.register_number, missing=written.missing, files=files
    )
    if kind is OutgoingKind.FORWARD:
        copy = redacted_copy(house, source)
        made = made.model_copy(
            update={
                "files": files + _copy_files(request.register_number, copy, order),
                "hidden": {kind.value: count for kind, count in copy.text.counts.items()},
                "withheld": copy.withheld,
                "previews": copy.previews,
                "fingerprint": copy.fingerprint,
                "confirmed": copy.confirmed,
                "words": copy.text.words,
                "left": copy.text.left,
                "lines": copy.text.lines,
            }
        )
    _note(house, case_id, letter_id, actor, made, order)
    return made


def may_write(house: House, case_id: int, by: str) -> bool:
    """Tell whether a person may write letters about a case.

    Raises:
        CaseUnknown: no such case, or one without a letter.
        CaseRestricted: no letter is written about it.
    """
    with house.sessions.begin() as session:
        case, _ = _open(session, case_id)
        try:
            act_as(session, by, case, MAY_WRITE, bangkok_day(house.clock()))
        except ActionRefused:
            return False
    return True


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
        show=order.show,
        names=configuration.wording.names,
        wording=configuration.letters,
        phrases=configuration.wording.phrases,
        garuda=configuration.wording.garuda,
    )


def _source(
    session: Session, letter: Letter, request: LetterRequest, order: LetterOrder
) -> CopySource:
    item = session.get_one(IntakeItem, letter.intake_item_id)
    file: Attachment | None = next((a for a in letter.attachments if a.role == "letter"), None)
    # What a person corrected is known here and not in the child.
    fields = request.extraction.fields
    signer = None if fields.agency else fields.signer.value
    known = (letter.sender_name, letter.sender_address, *order.hide, signer)
    return CopySource(
        item_sha256=item.sha256,
        name=file.file_name if file else item.file_name or "letter.eml",
        file_sha256=file.sha256 if file else "",
        first_page=file.first_page if file else None,
        last_page=file.last_page if file else None,
        hide=tuple(word for word in known if word),
        show=order.show,
        register_number=request.register_number,
        confirm=order.confirm,
        checked=order.checked,
    )


def _copy_files(number: str, copy: RedactedCopy, order: LetterOrder) -> tuple[WrittenFile, ...]:
    stem = f"{'redacted' if copy.confirmed else 'proposal'}-{number.replace('/', '-')}"
    files = _files(stem, copy.docx(number), order)
    if copy.pages:
        files += (WrittenFile(file_name=f"{stem}-pages.pdf", content=copy.pages),)
    return files


def _files(stem: str, docx: bytes, order: LetterOrder) -> tuple[WrittenFile, ...]:
    document = WrittenFile(file_name=f"{stem}.docx", content=docx)
    if not order.pdf:
        return (document,)
    return document, WrittenFile(file_name=f"{stem}.pdf", content=letter_pdf(docx))


def _note(
    house: House, case_id: int, letter_id: int, actor: Actor, made: Writing, order: LetterOrder
) -> None:
    """Put into the trail what was written; of a copy ids and counts, never a word of it."""
    about, action = {"letter": letter_id}, f"write_{made.kind.value}"
    if made.kind is OutgoingKind.FORWARD:
        about |= {
            "hidden": sum(made.hidden.values()), "withheld": len(made.withheld),
            "hidden_by_person": len(order.hide), "shown_by_person": len(order.show),
        }  # fmt: skip
        action = action if made.confirmed else f"propose_{made.kind.value}"
    with house.sessions.begin() as session:
        note_on_case(session, case_id, actor, action, at=house.clock(), about=about)
