"""What a person may write as the value of a letter field, and how it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from correspondence.clock_times import find_times
from correspondence.errors import SarabanError
from correspondence.national_ids import masked_national_ids
from correspondence.reading import LetterFields
from correspondence.thai_dates import parse_date
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Secrecy, ThaiTerm, Urgency

LONGEST_VALUE: Final = 2000
_LONGEST_NUMBER: Final = 120
# Kept in the trail as they are; every other field is words of the letter.
PLAIN_FIELDS: Final = frozenset(
    {"document_date", "stated_deadline", "meeting_at", "urgency", "secrecy"}
)
_BLANKS: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\s*\n\s*")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?)?")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().,/+-]{3,}(?:\s*(?:ต่อ|ext\.?|x)\s*[0-9 ,/-]+)?", re.I)
_EMAIL: Final = re.compile(r"[^\s@<>,;\"']{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


class FieldUnknown(SarabanError):
    """A letter has no field of this name."""

    code = "field_unknown"


class ValueRefused(SarabanError):
    """The value is not one that this field takes; nothing was changed."""

    code = "value_refused"


def checked_value(name: str, text: str) -> str | None:
    """Return what a person wrote as the field keeps it; None for an empty one: it has no value.

    Dates are kept in ISO (CE): B.E. and C.E. years, Thai months, dd/mm/yyyy and ISO are read. A
    national number is masked, as in what the machine reads.

    Args:
        name: of the field, as `LetterFields` has it.
        text: as typed; any digits.

    Raises:
        FieldUnknown: no such field.
        ValueRefused: too long, or no such date, telephone, address, urgency or grade.
    """
    if name not in LetterFields.model_fields:
        raise FieldUnknown("A letter has no such field.", thai="หนังสือไม่มีรายการนี้")
    if len(text) > LONGEST_VALUE:
        raise ValueRefused(
            f"The value has more than {LONGEST_VALUE} characters.",
            thai=f"ข้อความยาวเกิน {LONGEST_VALUE} ตัวอักษร",
        )
    tidy = _UNSEEN.sub("", text.encode("utf-8", "replace").decode("utf-8"))
    tidy = _LINES.sub(" ", _BLANKS.sub(" ", tidy)).strip()
    if not tidy:
        return None
    return _CHECKS.get(name, masked_national_ids)(tidy)


def _day(text: str) -> str:
    return _read_day(text)[0].isoformat()


def _day_or_moment(text: str) -> str:
    day, moment = _read_day(text)
    if moment is not None:
        return moment.isoformat(timespec="minutes")
    times = find_times(text)
    if not times:
        return day.isoformat()
    return datetime.combine(day, times[0].value).isoformat(timespec="minutes")


def _read_day(text: str) -> tuple[date, datetime | None]:
    folded = fold_digits(text)
    written = _ISO_DAY.fullmatch(folded)
    day = parse_date(folded)
    if day is None:
        raise ValueRefused(
            "No such date. Write it as 25/12/2569 or 25 ธันวาคม 2569.",
            thai="อ่านเป็นวันที่ไม่ได้ โปรดเขียนเช่น ๒๕/๑๒/๒๕๖๙ หรือ ๒๕ ธันวาคม ๒๕๖๙",
        )
    if written is None or written[4] is None:
        return day, None
    try:
        return day, datetime.combine(day, datetime.min.time()).replace(
            hour=int(written[4]), minute=int(written[5])
        )
    except ValueError:
        raise ValueRefused("No such time of day.", thai="อ่านเป็นเวลาไม่ได้") from None


def _phone(text: str) -> str:
    folded = fold_digits(text)
    if len(folded) > _LONGEST_NUMBER or _PHONE.fullmatch(folded) is None:
        raise ValueRefused(
            "No such telephone number.",
            thai="อ่านเป็นหมายเลขโทรศัพท์ไม่ได้ โปรดเขียนเช่น ๐ ๒๒๘๑ ๕๕๕๕ ต่อ ๑๒",
        )
    return masked_national_ids(folded)


def _email(text: str) -> str:
    if len(text) > 254 or _EMAIL.fullmatch(text) is None:
        raise ValueRefused("No such e-mail address.", thai="ที่อยู่อีเมลไม่ถูกต้อง")
    return text


def _choice(kind: type[ThaiTerm]) -> Callable[[str], str]:
    def choose(text: str) -> str:
        for term in kind:
            if text in (term.value, term.thai):
                return str(term.value)
        raise ValueRefused("Not one of the choices.", thai="ไม่ใช่ค่าที่เลือกได้")

    return choose


_CHECKS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "document_date": _day,
        "stated_deadline": _day_or_moment,
        "meeting_at": _day_or_moment,
        "contact_phone": _phone,
        "contact_email": _email,
        "urgency": _choice(Urgency),
        "secrecy": _choice(Secrecy),
    }
)
