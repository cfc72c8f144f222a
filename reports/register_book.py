"""ทะเบียนหนังสือรับ as data: the eight columns of the office's form, one entry a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from reports.register_period import RegisterPeriod

TITLE = "ทะเบียนหนังสือรับ"
COLUMNS = (
    "เลขทะเบียนรับ",
    "ที่",
    "ลงวันที่",
    "จาก",
    "ถึง",
    "เรื่อง",
    "การปฏิบัติ",
    "หมายเหตุ",
)


class EntryKind(StrEnum):
    """How an entry is shown: as it is, struck through, or with what it says left out."""

    PLAIN = "plain"
    VOIDED = "voided"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One register number. Every text is ready to be shown: masked, on one line.

    Attributes:
        number: the running number of the year.
        received_on: the day it came, CE, Bangkok's.
        document_number: ที่.
        document_date: ลงวันที่, as written on the form.
        sender: จาก.
        addressee: ถึง.
        subject: เรื่อง.
        action: การปฏิบัติ, the group that has it and its state.
        note: หมายเหตุ, urgency and why the number is void.
        kind: how it is shown.
        void: the number is void; a hidden entry may be void as well.
    """

    number: int
    received_on: date
    document_number: str = field(repr=False)
    document_date: str = field(repr=False)
    sender: str = field(repr=False)
    addressee: str = field(repr=False)
    subject: str = field(repr=False)
    action: str
    note: str = field(repr=False)
    kind: EntryKind
    void: bool = False

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the eight columns, numbers in Thai digits."""
        return (
            thai_digits(self.number),
            self.document_number,
            self.document_date,
            self.sender,
            self.addressee,
            self.subject,
            self.action,
            self.note,
        )


@dataclass(frozen=True, slots=True)
class RegisterBook:
    """The register of a period, by number.

    Attributes:
        office: the office's full name.
        period: the day or the year.
        entries: one a number.
        secret: items of the period that the registrar of classified information has; they
            stand in that register, with its numbers.
        made_on: the day it was taken out, CE.
    """

    office: str
    period: RegisterPeriod
    entries: tuple[RegisterEntry, ...]
    secret: int
    made_on: date

    @property
    def foot(self) -> str:
        """What stands below the table: how many, how many void, and what is kept elsewhere."""
        void = sum(entry.void for entry in self.entries)
        parts = [f"รวม {len(self.entries)} เลขรับ"]
        if void:
            parts.append(f"ยกเลิก {void} เลขรับ")
        if self.secret:
            parts.append(f"มีหนังสือชั้นความลับ {self.secret} รายการ อยู่ที่นายทะเบียนข้อมูลข่าวสารลับ")
        return thai_digits(" · ".join(parts)) + f" · ข้อมูล ณ วันที่ {thai_date(self.made_on)}"

    def by_day(self) -> Iterator[tuple[str | None, RegisterEntry]]:
        """Yield each entry, with a heading where another day begins in a year's register."""
        last: date | None = None
        for entry in self.entries:
            fresh = self.period.day is None and entry.received_on != last
            last = entry.received_on
            yield (f"วันที่ {thai_date(entry.received_on)}" if fresh else None), entry
