"""DOCX: body in order, tables row by row, headers and footers once, text boxes, notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.formats.archives import refuse_bomb
from extractors.formats.protocol import FormatReading, native_reading
from extractors.request import ReadingRequest

if TYPE_CHECKING:
    from lxml.etree import _Element

_TAB_STOP = "\t"


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the text as one page (a DOCX has no pages before it is laid out); see `FormatReader`.

    Word's own page breaks become empty lines.
    """
    refuse_bomb(data, request)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = list(_document_lines(document, request.limits.depth))
    except (
        OpcError,
        LxmlError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        OSError,
        EOFError,
        NotImplementedError,
        RecursionError,
    ):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The DOCX cannot be opened.") from None
    return native_reading("\n".join(lines), request)


def _document_lines(document: docx.document.Document, depth: int) -> Iterator[str]:
    seen: set[str] = set()
    for part in _margins(document, ("header", "first_page_header")):
        yield from _once(_block_lines(part, depth), seen)
    yield from _block_lines(document.element.body, depth)
    for part in _margins(document, ("footer", "first_page_footer")):
        yield from _once(_block_lines(part, depth), seen)


def _margins(document: docx.document.Document, kinds: tuple[str, ...]) -> Iterator[_Element]:
    for section in document.sections:
        for kind in kinds:
            margin = getattr(section, kind)
            if not margin.is_linked_to_previous:
                yield margin._element


def _once(lines: Iterator[str], seen: set[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() and line not in seen:
            seen.add(line)
            yield line


def _block_lines(container: _Element, depth: int) -> Iterator[str]:
    """Yield lines of paragraphs and tables in the order they stand."""
    if depth <= 0:
        return
    for child in container.iterchildren():
        if child.tag == qn("w:p"):
            yield from _paragraph_lines(child, depth)
        elif child.tag == qn("w:tbl"):
            for row in child.iterchildren(qn("w:tr")):
                yield from _row_lines(row, depth - 1)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _block_lines(child, depth - 1)


def _row_lines(row: _Element, depth: int) -> Iterator[str]:
    cells = [list(_block_lines(cell, depth)) for cell in row.iter(qn("w:tc"))]
    if all(len(cell) <= 1 for cell in cells):
        yield "   ".join(cell[0] if cell else "" for cell in cells).rstrip()
        return
    for cell in cells:
        yield from cell


def _paragraph_lines(paragraph: _Element, depth: int) -> Iterator[str]:
    """Yield the lines of a paragraph, then those of the text boxes anchored in it."""
    text: list[str] = []
    boxes: list[_Element] = []
    _collect(paragraph, text, boxes, depth)
    yield from "".join(text).split("\n")
    for box in boxes:
        yield from _block_lines(box, depth - 1)


def _collect(element: _Element, text: list[str], boxes: list[_Element], depth: int) -> None:
    if depth <= -40:
        return
    for child in element.iterchildren():
        tag = child.tag
        if tag == qn("w:t"):
            text.append(child.text or "")
        elif tag == qn("w:tab"):
            text.append(_TAB_STOP)
        elif tag in (qn("w:br"), qn("w:cr")):
            text.append("\n")
        elif tag == qn("w:noBreakHyphen"):
            text.append("-")
        elif tag == qn("w:txbxContent"):
            boxes.append(child)
        elif tag in (qn("w:del"), qn("w:pPr"), qn("w:rPr"), _FALLBACK, qn("w:instrText")):
            # Deleted text is not part of the letter; a fallback repeats its choice.
            continue
        elif isinstance(tag, str):
            _collect(child, text, boxes, depth - 1)


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
