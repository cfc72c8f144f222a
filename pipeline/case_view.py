"""One case with everything recorded on it: fields, decisions, due date, drafts, history."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Evidence
from correspondence.deadline import DueCandidate
from correspondence.errors import SarabanError
from correspondence.reading import Box, Frozen, LetterFields
from correspondence.vocabulary import CaseState, Category, Channel, MemoForm
from pipeline.bootstrap import House
from pipeline.item_reading import ANOTHER_LETTER
from pipeline.letter_sheets import FieldPlace, SheetView, box_of, letter_sheets
from pipeline.likeness_view import LikenessView, case_likeness
from pipeline.permissions import OpenedCase
from registry.engine import open_snapshot
from registry.models import (
    Assignment,
    Attachment,
    AuditEvent,
    Case,
    ClassificationRow,
    Draft,
    DueDateRow,
    FieldRow,
    Letter,
    Person,
)
from registry.numbers import RegisterNumber

# A restricted case has an entry for every look at it.
_MOST_EVENTS: Final = 300


class CaseUnknown(SarabanError):
    """There is no case, or no draft, with this id."""

    code = "case_unknown"


class CaseRestricted(SarabanError):
    """The case is open only to named people, and this reader is not known to be one."""

    code = "case_restricted"


class FieldView(Frozen):
    """A letter field: what the machine read and, apart from it, what a person set.

    `place` counts from 0 among the fields of its name. `box` is where it stands on `page`.
    `corrected_by` is the person's Thai name.
    """

    name: str
    place: int
    machine_value: str | None
    phrase: str | None
    person_value: str | None
    corrected: bool
    page: int | None
    confidence: float
    needs_check: bool
    box: Box | None = None
    corrected_by: str | None = None
    corrected_at: datetime | None = None

    @property
    def value(self) -> str | None:
        """The person's value where there is one, else the machine's."""
        return self.person_value if self.corrected else self.machine_value

    @property
    def key(self) -> str:
        """Its name and place, as pages address it."""
        return f"{self.name}-{self.place}"


class AttachmentView(Frozen):
    """A file that came with the letter; `size` is in bytes, `place` counts from 1.

    `first_page` and `last_page` (from 1) where the letter is only these pages of the file.
    """

    place: int
    role: str
    file_name: str
    media_type: str
    size: int
    read_outcome: str
    first_page: int | None = None
    last_page: int | None = None


class LetterView(Frozen):
    """A letter of the case; `warnings` are the stable names of what its reader noted.

    Fields to be checked stand first. `sheets` are the pages that have a picture; what the letter
    says is not here.
    """

    id: int
    register_number: str
    received_at: datetime
    registered_at: datetime
    channel: Channel
    kind: str
    sender_name: str | None
    sender_address: str | None
    fields: tuple[FieldView, ...]
    sheets: tuple[SheetView, ...]
    attachments: tuple[AttachmentView, ...]
    warnings: tuple[str, ...] = ()

    @property
    def perhaps_letters(self) -> tuple[int, ...]:
        """Places (from 1) of the files that may be letters of their own; a person looks."""
        named = (warning.partition(":") for warning in self.warnings)
        return tuple(
            int(place) for name, _, place in named if name == ANOTHER_LETTER and place.isdecimal()
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields of which the letter has none, for a person to add."""
        return tuple(LetterFields.model_fields.keys() - {field.name for field in self.fields})


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
    holidays_counted: tuple[date, ...]
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
    """Everything the case page shows, without what the letters say.

    `version` is what a change expects; `owner` the Thai name of whoever has the case in hand.
    The history begins with the newest entry and holds the last ones only.
    """

    id: int
    version: int
    restricted: bool
    owner: str | None
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
    with open_snapshot(house.sessions) as session:
        case = _open_case(session, case_id, opened)
        classification = _classification(session, case.id)
        return CaseView(
            id=case.id,
            version=case.version,
            restricted=case.restricted,
            owner=_owner(session, case.id),
            state=CaseState(case.state),
            category=Category(case.category) if case.category else None,
            subcategory=case.subcategory,
            group=case.group_id,
            urgency=case.urgency,
            due_date=case.due_date,
            letters=_letters(house, session, case.id, classification),
            classification=classification,
            due=_due(session, case.id),
            drafts=_drafts(session, case.id),
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
    with open_snapshot(house.sessions) as session:
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
    check_opened(case, opened)
    return case


def check_opened(case: Case, opened: OpenedCase | None) -> None:
    """Refuse a case that was not opened, or has become restricted since.

    Raises:
        CaseRestricted: it is restricted and was not opened as such.
    """
    seen = (
        not case.restricted if opened is None else opened.opens(case.id, restricted=case.restricted)
    )
    if not seen:
        raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")


def _owner(session: Session, case_id: int) -> str | None:
    return session.scalar(
        select(Person.thai_name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
    )


def _letters(
    house: House, session: Session, case_id: int, decided: ClassificationView | None
) -> tuple[LetterView, ...]:
    """Return the letters of a case with one select a table, whatever their number."""
    letters = session.scalars(
        select(Letter).where(Letter.case_id == case_id).order_by(Letter.id)
    ).all()
    ids = [letter.id for letter in letters]
    fields: dict[int, list[FieldView]] = defaultdict(list)
    for row, by in session.execute(
        select(FieldRow, Person.thai_name)
        .outerjoin(Person, Person.id == FieldRow.person_id)
        .where(FieldRow.letter_id.in_(ids))
        .order_by(FieldRow.id)
    ).tuples():
        fields[row.letter_id].append(_field(row, by))
    files: dict[int, list[Attachment]] = defaultdict(list)
    for file in session.scalars(
        select(Attachment).where(Attachment.letter_id.in_(ids)).order_by(Attachment.position)
    ):
        files[file.letter_id].append(file)
    evidence = decided.evidence if decided else ()
    places = {
        letter_id: tuple(
            FieldPlace(field.key, field.name, field.page, field.box, field.needs_check)
            for field in found
            if field.page is not None and field.box is not None
        )
        for letter_id, found in fields.items()
    }
    sheets = letter_sheets(house.settings, session, ids, files, places, evidence)
    return tuple(
        _letter(letter, fields[letter.id], files[letter.id], sheets.get(letter.id, ()))
        for letter in letters
    )


def _letter(
    letter: Letter,
    fields: list[FieldView],
    files: list[Attachment],
    sheets: tuple[SheetView, ...],
) -> LetterView:
    return LetterView(
        id=letter.id,
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        registered_at=letter.registered_at,
        channel=Channel(letter.channel),
        kind=letter.kind,
        sender_name=letter.sender_name,
        sender_address=letter.sender_address,
        fields=tuple(sorted(fields, key=lambda field: not field.needs_check)),
        sheets=sheets,
        attachments=tuple(
            AttachmentView(
                place=file.position + 1,
                role=file.role,
                file_name=file.file_name,
                media_type=file.media_type,
                size=file.size,
                read_outcome=file.read_outcome,
                first_page=file.first_page,
                last_page=file.last_page,
            )
            for file in files
        ),
        warnings=tuple(filter(None, letter.warnings.split("\n"))),
    )


def _field(row: FieldRow, corrected_by: str | None) -> FieldView:
    return FieldView(
        name=row.name,
        place=row.position,
        machine_value=row.machine_value,
        phrase=row.phrase,
        person_value=row.person_value,
        corrected=row.corrected_at is not None,
        page=row.page,
        confidence=row.confidence,
        needs_check=row.needs_check and row.corrected_at is None,
        box=box_of(row.box) if row.box else None,
        corrected_by=corrected_by,
        corrected_at=row.corrected_at,
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
        holidays_counted=tuple(date.fromisoformat(day) for day in row.holidays_counted),
        candidates=tuple(DueCandidate.model_validate(item) for item in row.candidates),
        calendar_confirmed=row.calendar_confirmed,
        needs_person=row.needs_person,
    )


def _drafts(session: Session, case_id: int) -> tuple[DraftView, ...]:
    # Without the sections: every version has the memo's whole text.
    rows = session.execute(
        select(Draft.version, Draft.form, Draft.made_by, Draft.made_at, Draft.superseded_at)
        .where(Draft.case_id == case_id)
        .order_by(Draft.version)
    ).tuples()
    return tuple(
        DraftView(
            version=version,
            form=MemoForm(form),
            made_by=made_by,
            made_at=made_at,
            superseded=superseded_at is not None,
        )
        for version, form, made_by, made_at, superseded_at in rows
    )


def _history(session: Session, case_id: int) -> tuple[EventView, ...]:
    rows = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.case_id == case_id)
        .order_by(AuditEvent.id.desc())
        .limit(_MOST_EVENTS)
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
