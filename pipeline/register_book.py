"""Take the incoming register of a day or a year out of the database.

A letter with a secrecy mark and one open to named people keep its number and tell nothing else;
who complains is left out, because only the complaints group need know it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.national_ids import masked_national_ids
from correspondence.reading import Frozen
from correspondence.thai_dates import Digits, short_thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState, Category, IntakeOutcome, Secrecy, Urgency
from pipeline.bootstrap import House
from registry.chunks import chunks
from registry.engine import open_snapshot
from registry.models import Case, FieldRow, IntakeItem, Letter
from registry.voiding import void_reasons
from reports.register_book import EntryKind, RegisterBook, RegisterEntry
from reports.register_period import RegisterPeriod
from reports.register_sheet import write_register

COMPLAINANT = "ผู้ร้อง (ปกปิดชื่อ)"
UNKNOWN_SENDER = "ประชาชน (รอจำแนก)"
RESTRICTED = "(จำกัดผู้เข้าถึง)"
VOID = "ยกเลิกเลขรับ"
_SHOWN = ("document_number", "document_date", "agency", "addressee", "subject", "secrecy")
# Until a person or a sure machine has placed it, it may be a complaint.
_UNPLACED = (CaseState.REGISTERED, CaseState.CLASSIFIED, CaseState.TRIAGE)
_THAI = re.compile("[\u0e01-\u0e4e]")
_LONGEST = 1000


class RegisterSummary(Frozen):
    """JSON of `register`: counts and numbers only.

    `period` is in B.E. (`2569-11-21` or `2569`); `first_day` and `last_day` are ISO, CE. `secret`
    counts items of the period that stand in the secret desk's own register. `xlsx` and `html`
    are the paths written, None where not asked for.
    """

    period: str
    first_day: date
    last_day: date
    letters: int
    voided: int
    hidden: int
    secret: int
    first_number: int | None
    last_number: int | None
    xlsx: str | None = None
    html: str | None = None


def register_book(house: House, period: RegisterPeriod) -> RegisterBook:
    """Return the register of a period, by number."""
    groups = {group.id: group.thai for group in house.configuration.groups.group}
    with open_snapshot(house.sessions) as session:
        entries = tuple(_entries(session, period, groups))
        secret = _secret_items(session, period)
    return RegisterBook(
        office=house.configuration.wording.names.office_full,
        period=period,
        entries=entries,
        secret=secret,
        made_on=bangkok_day(house.clock()),
    )


def register_workbook(house: House, period: RegisterPeriod) -> bytes:
    """Return the register of a period as .xlsx bytes."""
    return write_register(register_book(house, period))


def summarise_book(
    book: RegisterBook, *, xlsx: str | None = None, html: str | None = None
) -> RegisterSummary:
    """Return what a register holds, in numbers."""
    first, after = book.period.bounds()
    numbers = [entry.number for entry in book.entries]
    return RegisterSummary(
        period=str(book.period),
        first_day=first.date(),
        last_day=date.fromordinal(after.date().toordinal() - 1),
        letters=len(numbers),
        voided=sum(entry.void for entry in book.entries),
        hidden=sum(entry.kind is EntryKind.HIDDEN for entry in book.entries),
        secret=book.secret,
        first_number=min(numbers, default=None),
        last_number=max(numbers, default=None),
        xlsx=xlsx,
        html=html,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    letter: Letter
    case: Case
    fields: dict[str, str]
    void_reason: str | None
    groups: dict[str, str]


def _entries(
    session: Session, period: RegisterPeriod, groups: dict[str, str]
) -> Iterator[RegisterEntry]:
    wanted = select(Letter.id).where(Letter.register_year == period.year)
    if period.day is not None:
        begin, after = period.bounds()
        wanted = wanted.where(Letter.received_at >= begin, Letter.received_at < after)
    ids = session.scalars(wanted.order_by(Letter.register_number)).all()
    for chunk in chunks(ids):
        rows = session.execute(
            select(Letter, Case)
            .join(Case, Case.id == Letter.case_id)
            .where(Letter.id.in_(chunk))
            .order_by(Letter.register_number)
        ).tuples()
        fields = _fields(session, chunk)
        reasons = void_reasons(session, chunk)
        for letter, case in rows:
            row = _Row(letter, case, fields[letter.id], reasons.get(letter.id), groups)
            yield _entry(row)
        # A year's letters need not stay in memory together.
        session.expunge_all()


def _fields(session: Session, letter_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = session.scalars(
        select(FieldRow).where(
            FieldRow.letter_id.in_(letter_ids), FieldRow.name.in_(_SHOWN), FieldRow.position == 0
        )
    )
    for row in rows:
        if row.value:
            found[row.letter_id][row.name] = row.value
    return found


def _entry(row: _Row) -> RegisterEntry:
    void = row.void_reason is not None
    hidden = _hidden_as(row)
    if hidden is not None:
        return RegisterEntry(
            number=row.letter.register_number,
            received_on=bangkok_day(row.letter.received_at),
            document_number="",
            document_date="",
            sender="",
            addressee="",
            subject=hidden,
            action=_action(row),
            note=VOID if void else "",
            kind=EntryKind.HIDDEN,
            void=void,
        )
    return RegisterEntry(
        number=row.letter.register_number,
        received_on=bangkok_day(row.letter.received_at),
        document_number=_number(_line(row.fields.get("document_number", ""))),
        document_date=_date(row.fields.get("document_date")),
        sender=_line(_sender(row)),
        addressee=_line(row.fields.get("addressee", "")),
        subject=_line(row.fields.get("subject", "")),
        action=_action(row),
        note=_line(_note(row)),
        kind=EntryKind.VOIDED if void else EntryKind.PLAIN,
        void=void,
    )


def _hidden_as(row: _Row) -> str | None:
    """Return what stands for the subject of a letter that tells nothing, None for the others."""
    grade = row.fields.get("secrecy", Secrecy.OPEN.value)
    if grade != Secrecy.OPEN.value:
        return f"({Secrecy(grade).thai if grade in list(Secrecy) else Secrecy.CONFIDENTIAL.thai})"
    return RESTRICTED if row.case.restricted else None


def _sender(row: _Row) -> str:
    agency = row.fields.get("agency")
    if agency:
        return agency
    if row.case.category is None or row.case.state in _UNPLACED:
        return UNKNOWN_SENDER
    if row.case.category == Category.COMPLAINT.value:
        return COMPLAINANT
    return row.letter.sender_name or row.letter.sender_address or ""


def _action(row: _Row) -> str:
    if row.void_reason is not None:
        return CaseState.VOIDED.thai
    state = CaseState(row.case.state).thai
    group = row.groups.get(row.case.group_id or "", "")
    return f"{group} ({state})" if group else state


def _note(row: _Row) -> str:
    parts = []
    if row.void_reason is not None:
        parts.append(f"{VOID}: {row.void_reason}")
    if row.case.urgency in list(Urgency) and row.case.urgency != Urgency.NORMAL.value:
        parts.append(Urgency(row.case.urgency).thai)
    return " · ".join(parts)


def _number(number: str) -> str:
    """Return a document number in the office's digits; a foreign one as it stands."""
    return thai_digits(number) if _THAI.search(number) else number


def _date(value: str | None) -> str:
    if value is None:
        return ""
    try:
        return short_thai_date(date.fromisoformat(value[:10]), Digits.THAI)
    except ValueError:
        return _line(value)


def _line(text: str) -> str:
    """Return a text on one line, without control characters, national numbers masked."""
    shown = masked_national_ids(text[: 2 * _LONGEST])
    # Word breaks of no width (Cf) go without a trace; they stand inside Thai words.
    kept = (c for c in shown if category(c) != "Cf")
    line = " ".join("".join(c if c.isprintable() else " " for c in kept).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _secret_items(session: Session, period: RegisterPeriod) -> int:
    begin, after = period.bounds()
    counted = select(func.count(IntakeItem.id)).where(
        IntakeItem.outcome == IntakeOutcome.SECRET.value,
        IntakeItem.arrived_at >= begin,
        IntakeItem.arrived_at < after,
    )
    return session.scalar(counted) or 0
