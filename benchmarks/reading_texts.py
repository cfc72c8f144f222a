"""The texts of the reading benchmark: what they say, and their DOCX in a font and size.

The files in `benchmarks/texts` are invented for this project, as are all people and agencies in
them. They use the layout marks of `demo.samples.layout`; a line `| a | b |` is a table's row.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from demo.samples.layout import LetterLine, Place, letter_lines, plain_text

FOLDER = Path(__file__).parent / "texts"
_HEAD_AT = Cm(8.2)
_TEXT_WIDTH_CM = 16.0
_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ")


@dataclass(frozen=True, slots=True)
class ReadingText:
    """A text by the name of its file, with the marks of its layout."""

    name: str
    marked: str

    @property
    def truth(self) -> str:
        """The text as a reader of the page would write it down."""
        lines = (" ".join(_cells(line)) if _is_row(line) else line for line in self._lines())
        return plain_text("\n".join(lines))

    def _lines(self) -> list[str]:
        return self.marked.splitlines()


def load_texts() -> tuple[ReadingText, ...]:
    """Return all texts in the order of their names."""
    return tuple(
        ReadingText(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.txt"))
    )


def write_document(text: ReadingText, *, font: str, points: float) -> bytes:
    """Return the text as a DOCX of A4 pages.

    Args:
        text: what is written.
        font: family for Latin and complex script.
        points: size of the body; heads stand a quarter above, tables two points below or as small
            as keeps every cell on one line (the order of wrapped cells would be nobody's truth).
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    pen = _Pen(document, font, points)
    for is_row, lines in groupby(text.marked.splitlines(), key=_is_row):
        if is_row:
            pen.write_table([_cells(line) for line in lines])
        else:
            for line in letter_lines("\n".join(lines)):
                pen.write_line(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _is_row(line: str) -> bool:
    return line.startswith("| ") and line.endswith(" |")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


class _Pen:
    def __init__(self, document: DocxDocument, font: str, points: float) -> None:
        self._document = document
        self._font = font
        self._points = points

    def write_line(self, line: LetterLine) -> None:
        """Write one line where its mark says."""
        paragraph = self._document.add_paragraph()
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = 1.0
        points, bold = self._points, False
        if line.place is Place.BLANK:
            points /= 2
        elif line.place in (Place.MARK, Place.TITLE):
            points, bold = points * 1.25, True
        if line.place in (Place.TITLE, Place.CENTRE, Place.SIGNATURE):
            form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if line.place is Place.SIGNATURE:
            form.left_indent = Cm(6.2)
        elif line.place is Place.PARAGRAPH:
            form.first_line_indent = Cm(2.5)
        elif line.place is Place.SPLIT:
            form.left_indent = _HEAD_AT
            form.first_line_indent = -_HEAD_AT if line.text else Cm(0)
        words = "\t".join(part for part in (line.text, line.right) if part)
        self._write(paragraph, words, points, bold=bold)

    def write_table(self, rows: list[list[str]]) -> None:
        """Write a ruled table, its columns as wide as their longest cell asks."""
        columns = len(rows[0])
        table = self._document.add_table(rows=len(rows), cols=columns)
        table.style = "Table Grid"
        table.autofit = False
        points = min(self._points - 2, _fitting_points(rows))
        longest = [max(_width(row[column]) for row in rows) + 3 for column in range(columns)]
        widths = [Cm(_TEXT_WIDTH_CM * cell / sum(longest)) for cell in longest]
        for width, grid in zip(widths, table.columns, strict=True):
            grid.width = width
        for row, cells in zip(table.rows, rows, strict=True):
            for width, cell, words in zip(widths, row.cells, cells, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(0)
                self._write(paragraph, words, points, bold=False)

    def _write(self, paragraph: Paragraph, words: str, points: float, *, bold: bool) -> None:
        run = paragraph.add_run(words)
        run.font.size = Pt(points)
        run.bold = bold
        properties = run._element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), self._font)
        if bold:
            properties.append(OxmlElement("w:bCs"))
        size = OxmlElement("w:szCs")
        size.set(qn("w:val"), str(round(points * 2)))
        properties.append(size)
        properties.append(OxmlElement("w:cs"))
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:bidi"), "th-TH")
        properties.append(language)


def _fitting_points(rows: list[list[str]]) -> int:
    """Return the size at which a row fits the page: a letter is up to 0.62 em wide."""
    letters = sum(max(map(_width, column)) + 3 for column in zip(*rows, strict=True))
    return int(_TEXT_WIDTH_CM / 2.54 * 72 / (letters * 0.62))


def _width(words: str) -> int:
    return sum(character not in _MARKS for character in words)
