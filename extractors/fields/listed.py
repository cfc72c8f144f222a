"""อ้างถึง and สิ่งที่ส่งมาด้วย: the lists of a letter's head, one value an item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from correspondence.reading import FieldValue, Reference
from correspondence.thai_dates import find_dates
from correspondence.thai_digits import fold_digits
from extractors.fields.contacts import has_contact
from extractors.fields.document_number import find_letter_numbers
from extractors.fields.labels import (
    BODY_STARTER,
    CLOSING,
    RULE,
    SALUTATION,
    Label,
    after_label,
    body_start,
    closing_index,
    find_label,
    label_of,
)
from extractors.fields.letter_lines import PARAGRAPH, Letter, Line, field_value
from extractors.fields.line_breaks import is_broken, join_lines

_ITEM = re.compile(r"^(?:\(?(?P<digit>\d{1,2})\s?[.),](?!\d)|[-•–])\s*")
_BARE_ITEM = re.compile(r"^(?P<digit>\d{1,2})\s+(?=[ก-๙A-Za-z])")
_INLINE_ITEMS = re.compile(r"\s*(?:;|(?<=\S)\s{2,})\s*(?=\(?\d{1,2}[.)]\s)|;\s*")
_COUNT_END = re.compile(r"(?:จำนวน|รวม)\s*[\d๐-๙,]{1,6}$")
_UNIT_LENGTH = 14
# An item that gives its count is complete.
_COMPLETE = re.compile(r"(?:จำนวน|รวม)\s*[\d๐-๙,]{1,6}\s*[ก-ฮเ-ไ]\S{1,10}$")
# Words that are a label elsewhere may begin the broken line of an item: ที่ ศธ …, เรื่อง ….
_MAY_STAND_IN = {
    Label.REFERENCE: (Label.NUMBER, Label.DATE, Label.SUBJECT),
    Label.ENCLOSURE: (Label.NUMBER, Label.DATE),
}
_MOST_ITEMS = 20
_MOST_LINES = 40
_ATTACHED = re.compile(
    r"(?:แนบ(?:ไฟล์|เอกสาร|สำเนา|ภาพ|รูป|ใบ|หลักฐาน|มา)|พร้อมแนบ|(?:is|are) (?:attached"
    r"|enclosed)|I (?:attach|enclose))"
)
# The first words of a letter that answers another: the letter it answers.
_ANSWERED = re.compile(
    r"^(?:ตาม|อนุสนธิ|สืบเนื่องจาก)\s?(?P<cited>(?:หนังสือ|บันทึก)(?!สือ|ที่อ้าง).{0,160}?ลงวันที่"
    r"\s*\d{1,2}\s*[ก-๙.]{2,14}\s*(?:พ\.ศ\.\s*)?\d{2,4})",
    re.DOTALL,
)
_ANSWERED_ENGLISH = re.compile(
    r"\b(?:your|our|the)\s+(?P<cited>(?:letter|note(?: verbale)?|memo(?:randum)?|e-?mail)\b"
    r"[^.;]{0,20}?(?:(?:Ref\.?\s*)?No\.?|Ref\.?)\s*[^;]{2,60}?\bdated\s[^,;.]{5,30}(?:,?\s\d{4})?)",
    re.IGNORECASE,
)
# The next letter cited within one item: และที่ ศธ …, ที่ ศธ … .
_NEXT_CITED = re.compile(
    r"\s*(?:,|;|และ|กับ)\s*(?=(?:เลข)?ที[่้]?\s|หนังสือ|ลับ|ด่วน)|\s+and\s+(?=No\.?\s)"
)


@dataclass
class _Item:
    """An item under way: its lines as written and the one it began on."""

    line: Line
    parts: list[str] = field(default_factory=list)


def read_references(letter: Letter) -> tuple[Reference, ...]:
    """Return the letters referred to, one value each, with number and day (ISO, CE) if stated.

    The items of อ้างถึง; an item that cites several letters gives one value for each. Where
    there is no such list, the letter that the first sentence answers.
    """
    items = _items(letter, Label.REFERENCE)
    found = [part for item in items for part in _cited_letters(item)]
    return tuple(found) if found else _answered(letter)


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
    values: list[FieldValue] = []
    for item in _item_lines(letter, index, label):
        text = join_lines(item.parts)
        raw = "\n".join(item.parts)
        for part in _INLINE_ITEMS.split(raw) if label is Label.ENCLOSURE else [text]:
            value = _unnumbered(join_lines(part.split("\n")))
            if value:
                values.append(field_value(value, part.strip(), item.line, 0.85))
    return tuple(values[:_MOST_ITEMS])


def _item_lines(letter: Letter, index: int, label: Label) -> list[_Item]:
    """Gather the items of a list: numbered ones begin anew, broken or hanging lines go on."""
    first = letter.lines[index]
    offset = len(first.text) - len(after_label(first.text, label))
    numbered = _number_of(first.text[offset:]) is not None or bool(_ITEM.match(first.text[offset:]))
    items = [_Item(first, [first.raw[offset:]])]
    for position in range(index + 1, min(index + _MOST_LINES, len(letter.lines))):
        line = letter.lines[position]
        broken = is_broken(letter, position - 1) and not _COMPLETE.search(items[-1].parts[-1])
        if first.text[offset:].strip() and CLOSING.match(line.text):
            break
        broken = broken or _counts_on(items[-1].parts[-1], line.text)
        if (
            has_contact(line.text)
            or RULE.match(line.text)
            or SALUTATION.match(line.text)
            or len(line.text) > PARAGRAPH
        ):
            break
        begun = label_of(line.text)
        if begun and not (broken and begun in _MAY_STAND_IN[label]):
            break
        if numbered and _begins_item(line.text, len(items)):
            items.append(_Item(line, [line.raw]))
        elif not line.gap and _goes_on(line, broken=broken or line.indent >= first.indent + 8):
            items[-1].parts.append(line.raw)
        else:
            break
    return items


def _counts_on(before: str, text: str) -> bool:
    """Tell whether a line is the unit of the count that ended the line before (จำนวน ๑ / ชุด)."""
    return bool(_COUNT_END.search(before)) and len(text) <= _UNIT_LENGTH


def _goes_on(line: Line, *, broken: bool) -> bool:
    return broken and not (BODY_STARTER.match(line.text) and not line.text[0].isdigit())


def _begins_item(text: str, seen: int) -> bool:
    """Tell whether a line begins the next item: a dash, or the number that follows the last."""
    number = _number_of(text)
    return number == seen + 1 or (number is None and bool(_ITEM.match(text)))


def _number_of(text: str) -> int | None:
    match = _ITEM.match(text) or _BARE_ITEM.match(text)
    return int(match["digit"]) if match and match["digit"] else None


def _unnumbered(text: str) -> str:
    folded = fold_digits(text)
    match = _ITEM.match(folded)
    bare = _BARE_ITEM.match(folded)
    if match is None and bare is not None and bare["digit"] == "1":
        match = bare
    return text[match.end() :].strip() if match else text.strip()


def _cited_letters(item: FieldValue) -> list[Reference]:
    """Return the letters an item cites, each with its number and its day where it has them."""
    text = item.value or ""
    numbers = find_letter_numbers(text)
    pieces = [text]
    if len(numbers) > 1:
        split = [part for part in _NEXT_CITED.split(text) if part.strip()]
        if all(find_letter_numbers(part) for part in split):
            pieces = split
    return [_reference(item, piece.strip()) for piece in pieces]


def _reference(item: FieldValue, text: str) -> Reference:
    numbers = find_letter_numbers(text)
    days = [found.value for found in find_dates(text) if found.value and not found.is_range]
    return Reference(
        **item.model_copy(update={"value": text}).model_dump(
            exclude={"document_number", "document_date"}
        ),
        document_number=numbers[0] if numbers else None,
        document_date=days[0].isoformat() if len(set(days)) == 1 else None,
    )


def _answered(letter: Letter) -> tuple[Reference, ...]:
    """Return the letter that the body's first sentence answers."""
    start = body_start(letter)
    closing = closing_index(letter)
    for index in range(start, min(start + 3, closing or len(letter.lines), len(letter.lines))):
        offset = letter.offset_of(index)
        match = _ANSWERED.match(letter.text[offset : offset + 320])
        match = match or _ANSWERED_ENGLISH.search(letter.text[offset : offset + 320])
        if match:
            raw = letter.raw[offset + match.start("cited") : offset + match.end("cited")]
            item = field_value(join_lines(raw.split("\n")), raw, letter.lines[index], 0.7)
            return (_reference(item, item.value or ""),)
    return ()
