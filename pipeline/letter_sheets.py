"""The pages of letters that have a picture, and what is marked on each; no word of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from correspondence.classification import Evidence
from correspondence.page_layout import PlacedStretch, boxes_between
from correspondence.reading import Box, Frozen
from correspondence.vocabulary import Category, ReadMethod
from extractors.media import DOC, DOCX, ODT, RTF
from office.settings import Settings
from pipeline.page_cache import converted_pages, page_cache
from registry.models import Attachment, PageLayoutRow, PageTextRow

_LETTER: Final = "letter"
_MOST_SHEETS: Final = 200
# Their pages are known only once the office program has laid them out.
_OFFICE: Final = frozenset({DOC, DOCX, ODT, RTF})


class MarkKind(StrEnum):
    """What is marked on a page."""

    FIELD = "field"
    DOUBT = "doubt"
    EVIDENCE = "evidence"


class MarkView(Frozen):
    """A place marked on a page.

    `key` is the field's name and place; `name` its name; `speaks_for` the category of evidence.
    """

    kind: MarkKind
    box: Box
    key: str = ""
    name: str = ""
    needs_check: bool = False
    speaks_for: Category | None = None


class SheetView(Frozen):
    """A page with a picture, from 1; `width` and `height` in any unit, None where not kept.

    `more` tells that further pages may follow: the document has not been laid out yet.
    """

    number: int
    width: float | None = None
    height: float | None = None
    marks: tuple[MarkView, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a field of a letter stands; `key` is its name and place."""

    key: str
    name: str
    page: int | None
    box: Box | None
    needs_check: bool


def letter_sheets(
    settings: Settings,
    session: Session,
    letter_ids: Sequence[int],
    files: Mapping[int, Sequence[Attachment]],
    fields: Mapping[int, Sequence[FieldPlace]],
    evidence: Sequence[Evidence],
) -> Mapping[int, tuple[SheetView, ...]]:
    """Return by letter its pages with a picture, with their marks.

    Args:
        settings: where pictures are kept, which know the pages of converted documents.
        session: an open transaction.
        letter_ids: the letters of one case, the first of them first.
        files: the files of each.
        fields: the fields of each that have a place.
        evidence: of the decision on the category, which is that of the first letter.
    """
    layouts: dict[int, dict[int, PageLayoutRow]] = defaultdict(dict)
    for row in session.scalars(
        select(PageLayoutRow).where(PageLayoutRow.letter_id.in_(letter_ids))
    ):
        layouts[row.letter_id][row.number] = row
    last = {
        letter_id: number
        for letter_id, number in session.execute(
            select(PageTextRow.letter_id, func.max(PageTextRow.number))
            .where(
                PageTextRow.letter_id.in_(letter_ids),
                PageTextRow.method != ReadMethod.NATIVE.value,
            )
            .group_by(PageTextRow.letter_id)
        ).tuples()
    }
    found: dict[int, tuple[SheetView, ...]] = {}
    for letter_id in letter_ids:
        file = next((file for file in files.get(letter_id, ()) if file.role == _LETTER), None)
        if file is None:
            continue
        count = last.get(letter_id, 0)
        if file.media_type in _OFFICE:
            known = converted_pages(page_cache(settings), file.sha256)
            if known is None:
                found[letter_id] = (SheetView(number=1, more=True),)
                continue
            count = known
        marks = _marks(layouts[letter_id], fields.get(letter_id, ()))
        if letter_id == letter_ids[0]:
            _add_evidence(session, letter_id, evidence, marks)
        found[letter_id] = tuple(
            _sheet(number, layouts[letter_id].get(number), marks.get(number, []))
            for number in range(1, min(count, _MOST_SHEETS) + 1)
        )
    return found


def box_of(shares: Sequence[Any]) -> Box:
    """Return a box from its four shares as they are stored."""
    left, top, right, bottom = shares
    return Box(left=left, top=top, right=right, bottom=bottom)


def _sheet(number: int, layout: PageLayoutRow | None, marks: Sequence[MarkView]) -> SheetView:
    return SheetView(
        number=number,
        width=layout.width if layout else None,
        height=layout.height if layout else None,
        marks=tuple(marks),
    )


def _marks(
    layouts: Mapping[int, PageLayoutRow], fields: Sequence[FieldPlace]
) -> dict[int, list[MarkView]]:
    """Return the marks by page, in the order in which they are drawn."""
    marks: dict[int, list[MarkView]] = defaultdict(list)
    for number, layout in layouts.items():
        marks[number] = [
            MarkView(kind=MarkKind.DOUBT, box=box_of(shares)) for shares in layout.doubts
        ]
    for field in fields:
        if field.page is not None and field.box is not None:
            marks[field.page].append(
                MarkView(
                    kind=MarkKind.FIELD,
                    box=field.box,
                    key=field.key,
                    name=field.name,
                    needs_check=field.needs_check,
                )
            )
    return marks


def _add_evidence(
    session: Session,
    letter_id: int,
    evidence: Sequence[Evidence],
    marks: dict[int, list[MarkView]],
) -> None:
    """Mark the evidence below the fields, which lie on it."""
    placed = [
        (item, item.page, item.start, item.end)
        for item in evidence
        if item.page is not None and item.start is not None and item.end is not None
    ]
    pages = {page for _, page, _, _ in placed}
    if not pages:
        return
    stretches = {
        row.number: [
            PlacedStretch(begin=part[0], end=part[1], box=box_of(part[2:]))
            for part in row.stretches
        ]
        for row in session.scalars(
            select(PageLayoutRow)
            .options(undefer(PageLayoutRow.stretches))
            .where(PageLayoutRow.letter_id == letter_id, PageLayoutRow.number.in_(pages))
            .execution_options(populate_existing=True)
        )
    }
    for item, page, start, end in placed:
        for box in boxes_between(stretches.get(page, ()), start, end):
            marks.setdefault(page, []).insert(
                0, MarkView(kind=MarkKind.EVIDENCE, box=box, speaks_for=item.speaks_for)
            )
