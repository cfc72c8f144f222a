"""อ้างถึง and สิ่งที่ส่งมาด้วย: the lists of a letter's head, one value an item."""

from __future__ import annotations

import re

from correspondence.reading import FieldValue, Reference
from extractors.fields.labels import Label, after_label, find_label, label_of
from extractors.fields.letter_lines import Letter, Line, field_value

_ITEM = re.compile(r"^(?:\(?\d{1,2}\s?[.)]|[-•–])\s*")
_INLINE_ITEMS = re.compile(r"\s*(?:;|(?<=\S)\s{2,})\s*(?=\(?\d{1,2}[.)]\s)|;\s*")
_MOST_ITEMS = 20
_ATTACHED = re.compile(
    r"(?:แนบ(?:ไฟล์|เอกสาร|สำเนา|ภาพ|รูป|ใบ|หลักฐาน|มา)|พร้อมแนบ|(?:is|are) (?:attached"
    r"|enclosed)|I (?:attach|enclose))"
)


def read_references(letter: Letter) -> tuple[Reference, ...]:
    """Return the items of อ้างถึง, one value each, without their numbers."""
    return tuple(Reference(**item.model_dump()) for item in _items(letter, Label.REFERENCE))


def read_enclosures(letter: Letter) -> tuple[FieldValue, ...]:
    """Return the items of สิ่งที่ส่งมาด้วย; where there is no such list, a sentence that attaches."""
    listed = _items(letter, Label.ENCLOSURE)
    if listed:
        return listed
    for line in letter.lines:
        if len(line.text) < 160 and _ATTACHED.search(line.text):
            return (field_value(line.raw, line.raw, line, 0.4, check=True),)
    return ()


def _items(letter: Letter, label: Label) -> tuple[FieldValue, ...]:
    index = find_label(letter, label, limit=len(letter.lines))
    if index is None:
        return ()
    first = letter.lines[index]
    offset = len(first.text) - len(after_label(first.text, label))
    numbered = bool(_ITEM.match(first.text[offset:]))
    items: list[tuple[str, Line]] = [(first.raw[offset:], first)]
    for position in range(index + 1, min(index + 40, len(letter.lines))):
        line = letter.lines[position]
        if line.gap or label_of(line.text) not in (None, Label.NUMBER) or len(items) >= _MOST_ITEMS:
            break
        if _ITEM.match(line.text) and numbered:
            items.append((line.raw, line))
        elif line.indent >= first.indent + 8 or len(letter.lines[position - 1].text) >= 75:
            text, source = items[-1]
            items[-1] = (f"{text} {line.raw}", source)
        else:
            break
    values: list[FieldValue] = []
    for text, line in items:
        for part in _INLINE_ITEMS.split(text) if label is Label.ENCLOSURE else [text]:
            value = _ITEM.sub("", part.strip()).strip()
            if value:
                values.append(field_value(value, part.strip(), line, 0.85))
    return tuple(values)
