"""A letter as lines: the sender's own part, with quoted mails and device signatures cut off."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, time
from email.utils import parseaddr
from functools import cached_property
from unicodedata import category

from correspondence.clock import BANGKOK
from correspondence.reading import FieldValue, PageText
from correspondence.thai_dates import parse_date
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import ReadMethod
from extractors.fields.page_marks import drop_page_marks
from extractors.fields.reading import MailHead
from extractors.fields.scan_lines import is_stray, mend_months, without_specks

# Letters are a few pages; a longer file is a report whose later pages hold no letter fields.
MAX_LINES = 3000
MAX_LINE_LENGTH = 4000
MAX_CHARACTERS = 200_000

# A line longer than this was never broken: its file keeps a paragraph on one line.
PARAGRAPH = 120

# A page of fewer lines has no number of its own to leave out.
_LEAST_OF_PAGE = 4
_PAGE_NUMBER = re.compile(
    r"^(?:[-–—]\s*\d{1,3}\s*[-–—]|(?:หน้า|Page)\s?\d{1,3}(?:\s?(?:/|of)\s?\d{1,3})?)$"
)
# /จึงเรียนมา…: the first words of the next page, at a page's foot.
_CATCHWORD = re.compile(r"^/\s?[\d(]{0,4}[.)]?\s?[ก-ฮเ-ไ].{0,60}$")
# Fewer placed lines than this tell no margin.
_LEAST_PLACED = 5

_ZERO_WIDTH = re.compile("[\u200b-\u200d\ufeff\u00ad]")
_COLUMN_GAP = re.compile(r"\t+| {3,}")
_QUOTE_START = re.compile(
    r"^(?:-{2,}\s*(?:Original Message|Forwarded message|ข้อความ(?:ต้นฉบับ|ที่ส่งต่อ|เดิม))"
    r"|On .{4,120}wrote:\s*$|เมื่อ .{4,120}(?:เขียนว่า|เขียน)\s*:?\s*$|_{10,}$"
    r"|ใน(?:วันที่| ).{4,120}เขียนว่า\s*:?\s*$)",
    re.IGNORECASE,
)
_PRINTED_LABEL = re.compile(
    r"^(?:(?P<sender>From|จาก)|(?P<to>To|Cc|ถึง|สำเนา)|(?P<date>Date|Sent|วันที่|ส่ง|ส่งเมื่อ)"
    r"|(?P<subject>Subject|หัวเรื่อง|หัวข้อ|เรื่อง)|(?P<attached>Attachments?|แนบ|ไฟล์แนบ))\s*[:：]\s*",
    re.IGNORECASE,
)
_DEVICE_SIGNATURE = re.compile(
    r"^(?:Sent from|Get Outlook|ส่งจาก|รับ Outlook|ส่งมาจาก)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank.

    `text` is stripped with digits folded, `raw` the same with the digits as written (same
    length). `indent` counts leading blanks, `gap` the blank lines before it. `ocr` tells that
    the page was recognised from an image. `left` and `right` are the shares of the page's width
    between which it stands, None where the file has no places.
    """

    text: str
    raw: str
    page: int
    indent: int
    gap: int
    ocr: bool
    left: float | None = None
    right: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns of a line: parts with three blanks or a tab between them."""
        return tuple(part for part in _COLUMN_GAP.split(self.text) if part)


@dataclass(frozen=True)
class Letter:
    """The lines of a letter and the mail head they came under, if any."""

    lines: tuple[Line, ...]
    quoted: tuple[Line, ...]
    mail: MailHead | None

    @cached_property
    def text(self) -> str:
        """The lines joined by line feeds, digits folded."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def raw(self) -> str:
        """The same with digits as written; offsets are those of `text`."""
        return "\n".join(line.raw for line in self.lines)

    @cached_property
    def width(self) -> int:
        """The usual visible length of a filled line: nine in ten are not longer (45 to 95)."""
        lengths = sorted(
            visible_length(line.text) + line.indent
            for line in self.lines
            if len(line.text) < PARAGRAPH
        )
        return max(45, min(95, lengths[int(len(lengths) * 0.9)])) if lengths else 80

    @cached_property
    def margin(self) -> float | None:
        """The right margin as a share of the page's width, None where too few lines are placed."""
        ends = sorted(line.right for line in self.lines if line.right is not None)
        return ends[int(len(ends) * 0.97)] if len(ends) >= _LEAST_PLACED else None

    @cached_property
    def _starts(self) -> list[int]:
        starts, position = [], 0
        for line in self.lines:
            starts.append(position)
            position += len(line.text) + 1
        return starts

    def line_at(self, offset: int) -> int:
        """Return the index of the line that holds an offset into `text`."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def offset_of(self, index: int) -> int:
        """Return the offset into `text` at which a line begins."""
        return self._starts[index] if index < len(self._starts) else len(self.text)

    def value_at(
        self, start: int, end: int, value: str | None, confidence: float, *, check: bool = False
    ) -> FieldValue:
        """Return a field value whose evidence is a span of `text`."""
        line = self.lines[self.line_at(start)]
        return field_value(value, self.raw[start:end], line, confidence, check=check)


def field_value(
    value: str | None, raw: str | None, line: Line | None, confidence: float, *, check: bool = False
) -> FieldValue:
    """Return a field value; what of an image could be wrong is told by `certainty`."""
    ocr = line is not None and line.ocr
    if ocr:
        confidence *= 0.8
    return FieldValue(
        value=value,
        raw=raw,
        page=line.page if line else None,
        confidence=round(max(0.0, min(1.0, confidence)), 3),
        needs_check=check or (value is not None and confidence < 0.55),
    )


def visible_length(text: str) -> int:
    """Return how many characters of a text take room on a line: vowels above and below do not."""
    return sum(category(character) != "Mn" for character in text)


def build_letter(pages: tuple[PageText, ...], mail: MailHead | None) -> Letter:
    """Return the lines of the pages, the sender's own part apart from what is quoted."""
    lines = _within_limits([line for page in pages for line in _own_lines(page)])
    lines = drop_page_marks(lines)
    head = _printed_head(lines)
    if head is not None:
        lines, mail = lines[head.length :], mail or head.mail
    if mail is None:
        return Letter(lines=tuple(lines), quoted=(), mail=None)
    own, quoted = _own_and_quoted(lines)
    kept = [line for line in own if not _DEVICE_SIGNATURE.match(line.text)]
    return Letter(lines=tuple(kept), quoted=tuple(quoted), mail=mail)


def _own_lines(page: PageText) -> list[Line]:
    """Return a page's lines without its number and the words that the next page begins with."""
    lines = page_lines(page)
    if len(lines) < _LEAST_OF_PAGE:
        return lines
    while lines and (_PAGE_NUMBER.match(lines[-1].text) or _CATCHWORD.match(lines[-1].text)):
        lines.pop()
    return lines[1:] if lines and _PAGE_NUMBER.match(lines[0].text) else lines


def _within_limits(lines: list[Line]) -> list[Line]:
    """Return the lines that hold letter fields; a book's later pages are not searched."""
    total = 0
    for index, line in enumerate(lines[:MAX_LINES]):
        total += len(line.text) + 1
        if total > MAX_CHARACTERS:
            return lines[:index]
    return lines[:MAX_LINES]


@dataclass(frozen=True, slots=True)
class _PrintedHead:
    """The head of a mail that was printed or pasted: its first lines."""

    length: int
    mail: MailHead


def _printed_head(lines: list[Line]) -> _PrintedHead | None:
    """Return the mail head printed above a text: a sender and one more label at least."""
    found: dict[str, str] = {}
    length = 0
    for line in lines[:8]:
        match = _PRINTED_LABEL.match(line.raw)
        if match is None or match.lastgroup is None:
            break
        found.setdefault(match.lastgroup, line.raw[match.end() :].strip())
        length += 1
    if "sender" not in found or len(found) < 2:
        return None
    name, address = parseaddr(found["sender"])
    if "@" not in address:
        name, address = found["sender"], ""
    day = parse_date(found.get("date", ""))
    mail = MailHead(
        subject=found.get("subject"),
        sender_name=name or None,
        sender_address=address or None,
        sent_at=datetime.combine(day, time(), BANGKOK) if day else None,
    )
    return _PrintedHead(length, mail)


def _own_and_quoted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part a mail's own lines from quoted ones; text below or between `>` lines is its own.

    A mail that begins with the quotation only forwards it: the quotation then is its text.
    """
    own: list[Line] = []
    quoted: list[Line] = []
    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        if line.text.startswith(">"):
            quoted.append(line)
        elif _QUOTE_START.match(line.text) and own:
            if not following.startswith(">"):
                return own, [*quoted, *lines[index:]]
            quoted.append(line)
        else:
            own.append(line)
    return (own, quoted) if own else (quoted, [])


def page_lines(page: PageText) -> list[Line]:
    """Return the lines of one page that are not blank, top to bottom."""
    lines: list[Line] = []
    gap = 0
    text = _ZERO_WIDTH.sub("", page.text).replace("\u00a0", " ").replace("\u0e4d\u0e32", "\u0e33")
    # Where characters were dropped, the offsets of the pieces hold no more.
    places = _row_places(page) if len(text) == len(page.text) else {}
    for number, row in enumerate(text.splitlines()):
        row = row[:MAX_LINE_LENGTH]
        stripped = row.strip()
        if not stripped:
            gap += 1
            continue
        if page.method is ReadMethod.OCR:
            if is_stray(stripped):
                continue
            row = mend_months(without_specks(row))
            stripped = row.strip()
        expanded = row.expandtabs(4)
        left, right = places.get(number, (None, None))
        lines.append(
            Line(
                text=fold_digits(stripped),
                raw=stripped,
                page=page.number,
                indent=len(expanded) - len(expanded.lstrip()),
                gap=gap,
                ocr=page.method is ReadMethod.OCR,
                left=left,
                right=right,
            )
        )
        gap = 0
    return lines


def _row_places(page: PageText) -> dict[int, tuple[float, float]]:
    """Return the left and right edge of every row of a page that its pieces place."""
    starts, position = [], 0
    for row in page.text.splitlines(keepends=True):
        starts.append(position)
        position += len(row)
    places: dict[int, tuple[float, float]] = {}
    for piece in page.pieces:
        row_number = bisect_right(starts, piece.begin) - 1
        left, right = places.get(row_number, (1.0, 0.0))
        places[row_number] = (min(left, piece.box.left), max(right, piece.box.right))
    return places
