"""One case with everything recorded on it: fields, decisions, due date, drafts, history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Evidence
from correspondence.deadline import DueCandidate
from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState, Category, Channel, MemoForm
from pipeline.bootstrap import House
from pipeline.item_reading import ANOTHER_LETTER
from pipeline.likeness_view import LikenessView, case_likeness
from pipeline.permissions import OpenedCase
from registry.models import (
    AuditEvent,
    Case,
    ClassificationRow,
    Draft,
    DueDateRow,
    FieldRow,
    Letter,
)
from registry.numbers import RegisterNumber


class CaseUnknown(SarabanError):
    """There is no case, or no draft, with this id."""

    code = "case_unknown"


class CaseRestricted(SarabanError):
    """The case is open only to named people, and this reader is not known to be one."""

    code = "case_restricted"


class FieldView(Frozen):
    """A letter field: what the machine read and, apart from it, what a person set."""

    name: str
    machine_value: str | None
    phrase: str | None
    person_value: str | None
    corrected: bool
    page: int | None
    confidence: float
    needs_check: bool


class PageView(Frozen):
    """The text of one page."""

    number: int
    text: str
    method: str
    quality: float


class AttachmentView(Frozen):
    """A file that came with the letter; `size` is in bytes.

    `first_page` and `last_page` (from 1) where the letter is only these pages of the file.
    """

    role: str
    file_name: str
    media_type: str
    size: int
    read_outcome: str
    first_page: int | None = None
    last_page: int | None = None


class LetterView(Frozen):
    """A letter of the case; `warnings` are the stable names of what its reader noted."""

    register_number: str
    received_at: datetime
    registered_at: datetime
    channel: Channel
    kind: str
    sender_name: str | None
    sender_address: str | None
    fields: tuple[FieldView, ...]
    pages: tuple[PageView, ...]
    attachments: tuple[AttachmentView, ...]
    warnings: tuple[str, ...] = ()

    @property
    def perhaps_letters(self) -> tuple[int, ...]:
        """Places (from 1) of the files that may be letters of their own; a person looks."""
        named = (warning.partition(":") for warning in self.warnings)
        return tuple(
            int(place) for name, _, place in named if name == ANOTHER_LETTER and place.isdecimal()
        )


class ClassificationView(Frozen):
    """The latest decision on the category; probabilities highest first, each 0 to 1."""

    category: Category
    subcategory: str
    decided_by: str
    abstained: bool
    probabilities: tuple[tuple[str, float], ...]
    evidence: tuple[Evidence, ...]
    model_version: str


class DueView(Frozen):
    """The due date in force, why, and every rule that applied."""

    anchor_date: date
    due_date: date | None
    explanation: str
    candidates: tuple[DueCandidate, ...]
    calendar_confirmed: bool
    needs_person: bool


class DraftView(Frozen):
    """One version of a memo."""

    version: int
    form: MemoForm
    made_by: str
    made_at: datetime
    superseded: bool


class EventView(Frozen):
    """One entry of the history; `on_behalf_of` is for whom a deputy acted."""

    at: datetime
    actor: str
    action: str
    from_state: CaseState | None
    to_state: CaseState | None
    reason: str
    on_behalf_of: str | None = None


class CaseView(Frozen):
    """Everything the case page shows."""

    id: int
    state: CaseState
    category: Category | None
    subcategory: str | None
    group: str | None
    urgency: str
    due_date: date | None
    letters: tuple[LetterView, ...]
    classification: ClassificationView | None
    due: DueView | None
    drafts: tuple[DraftView, ...]
    history: tuple[EventView, ...]
    likeness: LikenessView = LikenessView()


class MemoFile(Frozen):
    """A memo to hand out: bytes and a plain ASCII file name."""

    file_name: str
    content: bytes


def case_view(house: House, case_id: int, opened: OpenedCase | None = None) -> CaseView:
    """Return a case.

    Args:
        house: the office's house.
        case_id: the case.
        opened: that somebody may see it; a restricted case needs it.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it is restricted and was not opened as such.
    """
    with house.sessions.begin() as session:
        case = _open_case(session, case_id, opened)
        return CaseView(
            id=case.id,
            state=CaseState(case.state),
            category=Category(case.category) if case.category else None,
            subcategory=case.subcategory,
            group=case.group_id,
            urgency=case.urgency,
            due_date=case.due_date,
            letters=tuple(_letter(letter) for letter in case.letters),
            classification=_classification(session, case.id),
            due=_due(session, case.id),
            drafts=tuple(_draft(draft) for draft in case.drafts),
            history=_history(session, case.id),
            likeness=case_likeness(
                session, case.id, least=house.configuration.likeness.campaign.least
            ),
        )


def memo_file(
    house: House, case_id: int, version: int, opened: OpenedCase | None = None
) -> MemoFile:
    """Return one version of a case's memo.

    Raises:
        CaseUnknown: no such case or version.
        CaseRestricted: the case is restricted and was not opened as such.
        BlobDamaged: the stored bytes are missing or do not match their hash.
    """
    with house.sessions.begin() as session:
        case = _open_case(session, case_id, opened)
        draft = next((draft for draft in case.drafts if draft.version == version), None)
        if draft is None:
            raise CaseUnknown("No such draft.", thai="ไม่พบร่างบันทึกฉบับนี้")
        sha256 = draft.sha256
        letter = case.letters[0] if case.letters else None
        number = RegisterNumber.of(letter) if letter else None
    named = str(number).replace("/", "-") if number else f"case-{case_id}"
    return MemoFile(file_name=f"memo-{named}-v{version}.docx", content=house.blobs.get(sha256))


def _open_case(session: Session, case_id: int, opened: OpenedCase | None) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
    if opened is not None and not opened.opens(case.id, restricted=case.restricted):
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    if case.restricted and opened is None:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
    return case


def _letter(letter: Letter) -> LetterView:
    return LetterView(
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        registered_at=letter.registered_at,
        channel=Channel(letter.channel),
        kind=letter.kind,
        sender_name=letter.sender_name,
        sender_address=letter.sender_address,
        fields=tuple(_field(row) for row in letter.fields),
        pages=tuple(
            PageView(number=p.number, text=p.text, method=p.method, quality=p.quality)
            for p in letter.pages
        ),
        attachments=tuple(
            AttachmentView(
                role=a.role,
                file_name=a.file_name,
                media_type=a.media_type,
                size=a.size,
                read_outcome=a.read_outcome,
                first_page=a.first_page,
                last_page=a.last_page,
            )
            for a in letter.attachments
        ),
        warnings=tuple(filter(None, letter.warnings.split("\n"))),
    )


def _field(row: FieldRow) -> FieldView:
    return FieldView(
        name=row.name,
        machine_value=row.machine_value,
        phrase=row.phrase,
        person_value=row.person_value,
        corrected=row.corrected_at is not None,
        page=row.page,
        confidence=row.confidence,
        needs_check=row.needs_check and row.corrected_at is None,
    )


def _classification(session: Session, case_id: int) -> ClassificationView | None:
    row = session.scalars(
        select(ClassificationRow)
        .where(ClassificationRow.case_id == case_id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    ranked = sorted(row.probabilities.items(), key=lambda entry: -entry[1])
    return ClassificationView(
        category=Category(row.category),
        subcategory=row.subcategory,
        decided_by=row.decided_by,
        abstained=row.abstained,
        probabilities=tuple(ranked),
        evidence=tuple(Evidence.model_validate(item) for item in row.evidence),
        model_version=row.model_version,
    )


def _due(session: Session, case_id: int) -> DueView | None:
    row = session.scalars(
        select(DueDateRow)
        .where(DueDateRow.case_id == case_id, DueDateRow.superseded_at.is_(None))
        .order_by(DueDateRow.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return DueView(
        anchor_date=row.anchor_date,
        due_date=row.due_date,
        explanation=row.explanation,
        candidates=tuple(DueCandidate.model_validate(item) for item in row.candidates),
        calendar_confirmed=row.calendar_confirmed,
        needs_person=row.needs_person,
    )


def _draft(draft: Draft) -> DraftView:
    return DraftView(
        version=draft.version,
        form=MemoForm(draft.form),
        made_by=draft.made_by,
        made_at=draft.made_at,
        superseded=draft.superseded_at is not None,
    )


def _history(session: Session, case_id: int) -> tuple[EventView, ...]:
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.case_id == case_id).order_by(AuditEvent.id)
    )
    return tuple(
        EventView(
            at=row.at,
            actor=row.actor,
            action=row.action,
            from_state=CaseState(row.from_state) if row.from_state else None,
            to_state=CaseState(row.to_state) if row.to_state else None,
            reason=row.reason,
            on_behalf_of=row.after.get("for"),
        )
        for row in rows
    )
