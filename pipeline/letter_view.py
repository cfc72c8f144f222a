"""The letters of a case as its page shows them: fields, files and sheets, not what they say."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Evidence
from correspondence.reading import Box, Frozen, LetterFields
from correspondence.vocabulary import Channel
from pipeline.bootstrap import House
from pipeline.item_reading import ANOTHER_LETTER
from pipeline.letter_sheets import FieldPlace, SheetView, box_of, letter_sheets
from registry.models import Attachment, FieldRow, Letter, Person
from registry.numbers import RegisterNumber


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


def letters_of_case(
    house: House, session: Session, case_id: int, evidence: tuple[Evidence, ...]
) -> tuple[LetterView, ...]:
    """Return the letters of a case with one select a table, whatever their number.

    Args:
        house: the office's house.
        session: an open transaction.
        case_id: the case, which the caller may show.
        evidence: of its category, to be marked on the pages.
    """
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
