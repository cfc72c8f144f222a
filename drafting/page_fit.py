"""How much of its page form A takes, counted as it is drawn: lines of measured letters.

The form's own measures stand in `drafting.forms`; a change there is a change here, and the test
that lays both side by side through LibreOffice says so.
"""

from __future__ import annotations

from drafting.content import Line, LineKind, MemoContent
from drafting.forms.sheet import BODY_POINTS, BOTTOM_CM, PAGE_CM, TEXT_WIDTH_CM, TOP_CM
from drafting.forms.summary_form import LINE_POINTS as _LINE
from drafting.text_lines import count_lines

_CM = 72 / 2.54
# A kin of the font is drawn in whole halves of a point, up to a thirtieth larger
# (`drafting.forms.kin_fonts`); what fits then fits in the font itself.
_POINTS = BODY_POINTS * 1.0315
_WIDTH = TEXT_WIDTH_CM * _CM
_ROOM = (PAGE_CM - TOP_CM - BOTTOM_CM) * _CM
# The line above the head, and the head with a Garuda of 15 mm.
_HEAD = 1 + 1.5 * _CM
# Words are parted a little otherwise by each program: one paragraph may take a line more.
_SPARE = 16.0
_LABEL_INDENT = 1.6 * _CM
_CELLS = (6.4 * _CM, 5.3 * _CM, 4.3 * _CM)
_HANG = 0.8 * _CM
_ITEM = 1.5 * _CM
_AFTER_LABEL = 2.0
_BEFORE_HEADING = 3.0
# ตรวจเสนอ, เพื่อโปรด, and the signature: four lines and the room for the pen above them.
_FOOT = (4 + _LINE) + (_LINE + _AFTER_LABEL) + (10 + 4 * _LINE)


def overflow(content: MemoContent) -> float:
    """Return by how many points form A is longer than its page; negative where room is left."""
    used = _HEAD + (_LINE + _AFTER_LABEL)
    for value in (content.subject, content.sender):
        room = _WIDTH - _LABEL_INDENT
        # The dots behind the value need a little of the line.
        used += _lines(value + " .", room, room) + _AFTER_LABEL
    used += _numbers(content) + _AFTER_LABEL
    used += _section("สรุปประเด็นสำคัญ", content.summary)
    used += _section("เรื่องเดิม (ถ้ามี)", content.earlier)
    used += _section("ข้อพิจารณา/ข้อกฎหมาย", content.considerations)
    used += _section("ข้อเสนอ", content.proposals)
    return used + _FOOT + _SPARE - _ROOM


def _numbers(content: MemoContent) -> float:
    texts = (
        f"เอกสารเลขที่ {content.document_number}",
        f"ลงวันที่ {content.document_date}",
        f"เลข {content.office_code} {content.register_number}",
    )
    return max(_lines(text, width, width) for text, width in zip(texts, _CELLS, strict=True))


def _section(label: str, lines: tuple[Line, ...]) -> float:
    if not lines:
        return _LINE + _AFTER_LABEL
    if len(lines) == 1 and lines[0].kind is LineKind.PLAIN:
        return _BEFORE_HEADING + _lines(f"{label}  {lines[0].text}", _WIDTH, _WIDTH)
    return _BEFORE_HEADING + _LINE + sum(map(_hung, lines))


def _hung(line: Line) -> float:
    if line.kind is LineKind.NUMBERED:
        return _lines(line.text, _WIDTH - _HANG, _WIDTH - _HANG)
    if line.kind is LineKind.ITEM:
        return _lines(line.text, _WIDTH - _HANG, _WIDTH - _ITEM)
    return _lines(line.text, _WIDTH, _WIDTH)


def _lines(text: str, first: float, other: float) -> float:
    return count_lines(text, first, other, _POINTS) * _LINE
