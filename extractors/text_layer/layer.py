"""One page's text layer: its text as PDFium orders it, rebuilt in rows, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2

from correspondence.reading import TextPiece
from extractors.text_layer.clusters import Cluster, read_clusters
from extractors.text_layer.lines import Row, merge_lines, row_of, stream_lines
from extractors.text_layer.pieces import Frame, page_frame, pieces_in_order, pieces_of_rows
from extractors.text_layer.tables import find_tables

_RAW_HYPHEN = re.compile("(?<=[0-9A-Za-z๐-๙])[\ufffe\x02]")


@dataclass(frozen=True, slots=True)
class Layer:
    """What stands on a page.

    `rows` are None where the page is turned or set in columns, which their order would
    interleave; `raw_text` is right there. `clusters` are in the file's order, None if turned.
    """

    frame: Frame
    clusters: tuple[Cluster, ...] | None
    rows: tuple[Row, ...] | None

    @property
    def text(self) -> str | None:
        """The rows from top to bottom, every mark with the letter it stands on."""
        return None if self.rows is None else "\n".join(row.text for row in self.rows)

    def pieces_of_rows(self, text: str) -> tuple[TextPiece, ...]:
        """Return where each part of `text` stands, which is `self.text` normalised."""
        return pieces_of_rows(text, self.rows or (), self.frame)

    def pieces_of(self, text: str) -> tuple[TextPiece, ...]:
        """Return where each line of another reading of the page stands, as far as it is found."""
        return pieces_in_order(text, self.clusters or (), self.frame)


def read_layer(page: pypdfium2.PdfTextPage, characters: int) -> Layer:
    """Return the text layer of a page by where each character stands.

    PDFium breaks lines where the font changes and puts marks that were drawn apart elsewhere. What
    stands on one line is joined by its position; a wide gap (two columns of a letter's head)
    becomes three spaces. A row of a ruled table is one line, however many its cells take.

    Args:
        page: text page of PDFium.
        characters: characters looked at.
    """
    clusters = read_clusters(page, characters)
    frame = page_frame(page)
    if not clusters:
        return Layer(frame, None, None)
    tables = find_tables(page, clusters)
    rows = list(tables.rows)
    if tables.rest:
        lines = merge_lines(stream_lines(tables.rest))
        if lines is None:
            return Layer(frame, tuple(clusters), None)
        rows.extend(map(row_of, lines))
        if tables.rows:
            rows.sort(key=lambda row: -row.base)
    return Layer(frame, tuple(clusters), tuple(rows))


def raw_text(page: pypdfium2.PdfTextPage) -> str:
    """Return the text as PDFium orders it."""
    return _RAW_HYPHEN.sub("-", str(page.get_text_range(errors="replace")))


def rebuilt_text(page: pypdfium2.PdfTextPage, characters: int) -> str | None:
    """Return the text of `read_layer`; None where the page has no rows."""
    return read_layer(page, characters).text
