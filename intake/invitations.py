"""Calendar invitations (`text/calendar`, RFC 5545) as lines that a person and the reader read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from correspondence.charsets import decode_thai
from correspondence.clock import BANGKOK
from correspondence.thai_dates import BE_OFFSET, Digits, thai_date

_FOLD = re.compile(r"\r?\n[ \t]")
_MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z)?)?$")
_ZONE = re.compile(r";TZID=\"?([^\";:]{1,80})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LABELS = (("SUMMARY", "เรื่อง"), ("DTSTART", "เริ่ม"), ("DTEND", "ถึงเวลา"), ("LOCATION", "สถานที่"),
           ("ORGANIZER", "ผู้จัด"), ("DESCRIPTION", "รายละเอียด"))  # fmt: skip
_MAX_BYTES = 1_000_000
_MAX_EVENTS = 5


def read_invitation(data: bytes, declared: str | None = None) -> str:
    """Return what an invitation says: subject, days and hours in Bangkok (BE), place, details.

    Empty where it says none of these. At most five events of one calendar.
    """
    text = _FOLD.sub("", decode_thai(data[:_MAX_BYTES], declared)[0])
    cancelled = re.search(r"^(?:METHOD|STATUS):CANCEL", text, re.IGNORECASE | re.MULTILINE)
    events = re.findall(
        r"^BEGIN:(?:VEVENT|VTODO)\s*$(.*?)^END:(?:VEVENT|VTODO)\s*$",
        text,
        re.DOTALL | re.MULTILINE | re.IGNORECASE,
    )
    shown = [_event(event) for event in events[:_MAX_EVENTS]]
    lines = [one for one in shown if one]
    if lines and cancelled:
        lines.insert(0, "ยกเลิกนัดหมาย")
    return "\n\n".join(lines)


def _event(text: str) -> str:
    values: dict[str, str] = {}
    # An alarm inside an event has a description of its own.
    text = re.sub(r"^BEGIN:VALARM.*?^END:VALARM", "", text, flags=re.DOTALL | re.MULTILINE)
    for line in text.splitlines():
        head, colon, value = _parted(line)
        name = head.partition(";")[0].strip().upper()
        if not colon or name in values:
            continue
        if name in ("DTSTART", "DTEND"):
            value = _moment(value.strip(), head)
        elif name == "ORGANIZER":
            match = re.search(r";CN=(\"[^\"]*\"|[^;:]*)", head, re.IGNORECASE)
            value = (match[1].strip('"') if match else value).removeprefix("mailto:")
        if name and value.strip():
            values[name] = _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()
    return "\n".join(f"{label} {values[name]}" for name, label in _LABELS if name in values)


def _parted(line: str) -> tuple[str, str, str]:
    # A colon inside quotes belongs to a parameter.
    quoted = False
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return line[:position], ":", line[position + 1 :]
    return line, "", ""


def _moment(value: str, head: str) -> str:
    match = _MOMENT.match(value)
    if match is None:
        return value
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    # Some Thai programs write Buddhist years here too.
    year = year - BE_OFFSET if 2400 <= year <= 2700 else year
    try:
        if match[4] is None:
            return _day(date(year, month, day))
        zone = UTC if match[6] else _zone(head)
        moment = datetime(year, month, day, int(match[4]), int(match[5]), tzinfo=zone)
        here = moment.astimezone(BANGKOK)
    except (ValueError, OverflowError):
        return value
    return f"{_day(here.date())} เวลา {here:%H.%M} น."


def _day(day: date) -> str:
    return f"วันที่ {thai_date(day, Digits.ARABIC)}"


def _zone(head: str) -> ZoneInfo:
    match = _ZONE.search(head)
    if match is None or "SE Asia" in match[1]:
        return BANGKOK
    try:
        return ZoneInfo(match[1])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # Outlook's own zone names; here they mean the office's zone.
        return BANGKOK
