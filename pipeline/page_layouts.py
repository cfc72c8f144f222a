"""The layouts of the pages that were read; runs in the child, where the places are known."""

from __future__ import annotations

from collections.abc import Iterator

from correspondence.page_layout import PageLayout, PlacedStretch
from correspondence.reading import Box, Extraction, PageText
from extractors.fields.places import PlacedPage
from pipeline.item_reading import ItemReading


def with_layouts(reading: ItemReading) -> ItemReading:
    """Return a reading with the layouts of the pages of each of its letters."""
    return reading.model_copy(
        update={
            "layouts": page_layouts(reading.extraction),
            "further": tuple(
                part.model_copy(update={"layouts": page_layouts(part.extraction)})
                for part in reading.further
            ),
            "apart": tuple(
                part.model_copy(update={"layouts": page_layouts(part.extraction)})
                for part in reading.apart
            ),
        }
    )


def page_layouts(extraction: Extraction) -> tuple[PageLayout, ...]:
    """Return the layouts of a letter's pages; pages without places (DOCX, mails) have none."""
    return tuple(_layout(page, page.size) for page in extraction.pages if page.size is not None)


def _layout(page: PageText, size: tuple[float, float]) -> PageLayout:
    return PageLayout(
        number=page.number,
        width=size[0],
        height=size[1],
        turn=page.turn,
        stretches=tuple(
            PlacedStretch(begin=piece.begin, end=piece.end, box=piece.box)
            for piece in page.pieces
            if piece.begin < piece.end
        ),
        doubts=tuple(_doubts(page)),
    )


def _doubts(page: PageText) -> Iterator[Box]:
    placed = PlacedPage(page)
    for piece in page.pieces:
        for begin, end in piece.doubtful:
            for part in placed.parts(begin, end):
                if part.piece is piece:
                    yield placed.box(part)
