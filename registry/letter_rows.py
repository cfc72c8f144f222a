"""The rows of one letter: its number, pages, fields, files and what is masked in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from correspondence.letter_parts import LetterPart
from correspondence.page_layout import PageLayout
from correspondence.reading import Box, FieldValue, LetterFields, StatedDeadline
from registry.models import (
    Attachment,
    Case,
    FieldRow,
    IntakeItem,
    Letter,
    PageLayoutRow,
    PageTextRow,
)
from registry.numbers import allocate_archive_number, allocate_number
from registry.restricted import keep_restricted


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the item that carries the letters."""

    name: str | None = field(repr=False)
    address: str | None = field(repr=False)


def add_letter(
    session: Session,
    item: IntakeItem,
    case: Case,
    part: LetterPart,
    sender: Sender,
    *,
    number: int,
    at: datetime,
) -> Letter:
    """Give a letter the next register number and store what was read in it; nothing is committed.

    Args:
        session: an open transaction.
        item: what it came in.
        case: its case, which has an id.
        part: the letter.
        sender: of the item.
        number: its place among the letters of the item, from 1.
        at: the moment, aware.
    """
    extraction = part.extraction
    # Of an old paper, `opened_at` is the date that stands on it.
    given = (
        allocate_archive_number(session)
        if case.archived
        else allocate_number(session, item.arrived_at)
    )
    letter = Letter(
        intake_item_id=item.id,
        part=number,
        case_id=case.id,
        register_year=given.year,
        register_number=given.number,
        received_at=case.opened_at if case.archived else item.arrived_at,
        registered_at=at,
        channel=item.channel,
        media_type=extraction.media_type,
        kind=extraction.kind.value,
        language=extraction.language,
        read_outcome=extraction.outcome.value,
        sender_name=sender.name,
        sender_address=sender.address,
        warnings="\n".join(extraction.warnings),
    )
    letter.pages = [
        PageTextRow(number=p.number, text=p.text, method=p.method.value, quality=p.quality)
        for p in extraction.pages
    ]
    letter.layouts = [_layout_row(layout) for layout in part.layouts]
    letter.fields = _field_rows(extraction.fields)
    letter.attachments = [
        Attachment(
            position=position,
            role=carried.role,
            file_name=carried.file_name,
            media_type=carried.media_type,
            sha256=carried.sha256,
            size=carried.size,
            read_outcome=carried.read_outcome,
            first_page=carried.first_page,
            last_page=carried.last_page,
        )
        for position, carried in enumerate(part.carried)
    ]
    session.add(letter)
    session.flush()
    keep_restricted(session, letter.id, part.restricted, at=at)
    return letter


def _field_rows(fields: LetterFields) -> list[FieldRow]:
    rows = []
    for name in type(fields).model_fields:
        found = getattr(fields, name)
        values = found if isinstance(found, tuple) else (found,)
        rows += [
            _field_row(name, position, value)
            for position, value in enumerate(values)
            if value or (isinstance(value, StatedDeadline) and value.phrase)
        ]
    return rows


def _field_row(name: str, position: int, value: FieldValue) -> FieldRow:
    return FieldRow(
        name=name,
        position=position,
        machine_value=value.value,
        machine_raw=value.raw,
        phrase=value.phrase if isinstance(value, StatedDeadline) else None,
        page=value.page,
        box=_shares(value.box) if value.box else None,
        confidence=value.confidence,
        needs_check=value.needs_check,
    )


def _layout_row(layout: PageLayout) -> PageLayoutRow:
    return PageLayoutRow(
        number=layout.number,
        width=layout.width,
        height=layout.height,
        turn=layout.turn,
        stretches=[[part.begin, part.end, *_shares(part.box)] for part in layout.stretches],
        doubts=[_shares(box) for box in layout.doubts],
    )


def _shares(box: Box) -> list[float]:
    # A tenth of a millimetre of the page.
    return [round(side, 4) for side in (box.left, box.top, box.right, box.bottom)]
