"""Which attachments of a mail are letters by themselves, beside the one that was chosen.

A number once given is burned, so an attachment becomes a letter of its own only where nothing
speaks against it: its own ที่, เรื่อง, เรียน and date, a body, the same addressee, and no sign that
the chosen letter brings or cites it. What has the marks and fails one of these stays an enclosure
and is named doubtful, for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from correspondence.reading import Extraction, FieldValue
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import READABLE, LetterKind
from intake.choice import ENCLOSURE_NAME
from intake.mail_parts import MailAttachment, PartCondition

MOST_LETTERS = 10
_KINDS = frozenset(
    {
        LetterKind.EXTERNAL_LETTER,
        LetterKind.INTERNAL_MEMO,
        LetterKind.STAMPED_LETTER,
        LetterKind.CIRCULAR,
    }
)
_LEAST_BODY = 200
_LEAST_CONFIDENCE = 0.5
# Of a hundred. Two letters of one office on two matters share less than two thirds.
_ALIKE = 75
_SAME_ADDRESSEE = 85
_COMPARED = 4_000
_ENCLOSURE_HEAD = re.compile(r"(?:สิ่งที่ส่งมาด้วย|เอกสารแนบ|ภาคผนวก|สำเนา)")
_HEAD_LINES = 3
_BRINGS_LETTERS = re.compile(r"หนังสือ|บันทึกข้อความ|จดหมาย")
_RUNNING_NUMBER = re.compile(r"[0-9.]*/?ว?[0-9]+$")


@dataclass(frozen=True, slots=True)
class LetterParting:
    """Indexes of attachments: `further` are letters, `doubtful` perhaps; both in order."""

    further: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()


def part_letters(
    attachments: Sequence[MailAttachment], readings: Sequence[Extraction], chosen: int | None
) -> LetterParting:
    """Tell which attachments beside the chosen letter are letters themselves.

    Args:
        attachments: in the order of the mail.
        readings: what was read in each, in the same order.
        chosen: index of the letter; None where the mail's own text is it, then all is doubtful.
    """
    found: list[int] = []
    doubtful: list[int] = []
    candidates = [
        index
        for index, (attachment, reading) in enumerate(zip(attachments, readings, strict=True))
        if index != chosen and _looks_like_letter(attachment, reading)
    ]
    if chosen is None:
        return LetterParting(doubtful=tuple(candidates))
    known = [readings[chosen]]
    rest = sum(_is_file(attachment) for attachment in attachments) - 1 - len(candidates)
    sure_of_first = _is_whole(readings[chosen]) and not _brings_letters(readings[chosen], rest)
    for index in candidates:
        reading = readings[index]
        if _is_enclosure(reading, known):
            continue
        if (
            sure_of_first
            and len(found) + 1 < MOST_LETTERS
            and attachments[index].nested_in == attachments[chosen].nested_in
            and not ENCLOSURE_NAME.search(attachments[index].file_name)
            and _is_whole(reading)
            and all(_stand_apart(other, reading) for other in known)
        ):
            found.append(index)
            known.append(reading)
        else:
            doubtful.append(index)
    return LetterParting(tuple(found), tuple(doubtful))


def _is_file(attachment: MailAttachment) -> bool:
    return attachment.condition is PartCondition.WHOLE and not attachment.inline


def _looks_like_letter(attachment: MailAttachment, reading: Extraction) -> bool:
    """Tell whether a file has most marks of a letter; a mail inside the mail is none."""
    whole = attachment.condition is PartCondition.WHOLE and not attachment.text
    if not whole or reading.outcome not in READABLE or reading.kind is LetterKind.UNKNOWN:
        return False
    return sum(map(bool, _marks(reading))) >= 3 and _letters(reading) >= _LEAST_BODY


def _is_whole(reading: Extraction) -> bool:
    sure = all(mark and mark.confidence >= _LEAST_CONFIDENCE for mark in _marks(reading))
    return sure and reading.kind in _KINDS and _letters(reading) >= _LEAST_BODY


def _marks(reading: Extraction) -> tuple[FieldValue, ...]:
    fields = reading.fields
    return (fields.document_number, fields.document_date, fields.subject, fields.addressee)


def _letters(reading: Extraction) -> int:
    return sum(map(str.isalnum, reading.text))


def _brings_letters(first: Extraction, rest: int) -> bool:
    """Tell whether the first letter's own list of enclosures may speak of the others.

    Args:
        first: the chosen letter.
        rest: how many files beside it look like no letter.
    """
    listed = first.fields.enclosures
    return len(listed) > rest or any(
        _BRINGS_LETTERS.search(enclosure.value or "") for enclosure in listed
    )


def _is_enclosure(reading: Extraction, known: Sequence[Extraction]) -> bool:
    """Tell whether a file surely is none: a letter once more, one that is cited, an annex."""
    head = reading.text.lstrip().split("\n")[:_HEAD_LINES]
    if any(_ENCLOSURE_HEAD.match(line.strip(" ()\t")) for line in head):
        return True
    number = _squeeze(reading.fields.document_number.value or "")
    day = reading.fields.document_date.value
    return any(
        number
        and (
            (
                number == _squeeze(other.fields.document_number.value or "")
                and day == other.fields.document_date.value
            )
            or _cites(other, number)
        )
        for other in known
    )


def _stand_apart(first: Extraction, second: Extraction) -> bool:
    """Tell whether nothing ties two letters together but the mail they came in."""
    one, two = first.fields, second.fields
    number, other = (_squeeze(fields.document_number.value or "") for fields in (one, two))
    if number == other or _cites(second, number) or _cites(first, other):
        return False
    days = {reference.document_date for reference in one.references} - {None}
    if two.document_date.value in days:
        return False
    if one.subject.value == two.subject.value:
        return False
    addressees = [_squeeze(fields.addressee.value or "") for fields in (one, two)]
    if fuzz.ratio(*addressees) < _SAME_ADDRESSEE:
        return False
    return fuzz.ratio(*(_squeeze(r.text)[:_COMPARED] for r in (first, second))) < _ALIKE


def _cites(reading: Extraction, number: str) -> bool:
    """Tell whether a letter's text has this number, which is not its own."""
    if number == _squeeze(reading.fields.document_number.value or ""):
        return False
    running = _RUNNING_NUMBER.search(number)
    if running is None or "/" not in running.group():
        wanted = re.escape(number)
    else:
        # Offices write the letters before the number in more than one way.
        wanted = re.escape(running.group())
    return re.search(rf"(?<![0-9]){wanted}(?![0-9])", _squeeze(reading.text)) is not None


def _squeeze(text: str) -> str:
    return "".join(fold_digits(text).split())
