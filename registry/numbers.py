"""Register numbers (เลขรับ): gapless per calendar year in Bangkok, never reused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from correspondence.clock import bangkok_day
from correspondence.thai_dates import BE_OFFSET
from registry.chunks import chunks
from registry.models import Letter, RegisterCounter

ARCHIVE_YEAR = 0
"""The book of old papers entered afterwards (registry.archive); no year of any calendar."""
_REGISTER_LOCK = 7_260_425_570


@dataclass(frozen=True, slots=True, order=True)
class RegisterNumber:
    """Year (CE) and running number; written as the office does, year in BE."""

    year: int
    number: int

    @classmethod
    def of(cls, letter: Letter) -> RegisterNumber:
        """Return the number of a letter."""
        return cls(letter.register_year, letter.register_number)

    def __str__(self) -> str:
        """Return for example `123/2569`; `123/คลัง` in the archive's book."""
        if self.year == ARCHIVE_YEAR:
            return f"{self.number}/คลัง"
        return f"{self.number}/{self.year + BE_OFFSET}"


def allocate_number(session: Session, received_at: datetime) -> RegisterNumber:
    """Take the next number of the year in which the item arrived.

    The counter's row stays locked until the caller's transaction ends; a rollback gives the
    number back, so there is never a gap.
    """
    return _next_of(session, bangkok_day(received_at).year)


def allocate_archive_number(session: Session) -> RegisterNumber:
    """Take the next number of the archive's book; as gapless as those of a year."""
    return _next_of(session, ARCHIVE_YEAR)


def _next_of(session: Session, year: int) -> RegisterNumber:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(RegisterCounter)
        .values(year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=[RegisterCounter.year],
            set_={"last_number": RegisterCounter.last_number + 1},
        )
        .returning(RegisterCounter.last_number)
    )
    return RegisterNumber(year, session.execute(statement).scalar_one())


def find_letter(session: Session, number: RegisterNumber) -> Letter | None:
    """Return the letter that has a register number, or None."""
    return session.scalar(
        select(Letter).where(
            Letter.register_year == number.year, Letter.register_number == number.number
        )
    )


def numbers_of_items(session: Session, item_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the register numbers of all letters of these items, by item, in their order.

    Items without a letter are not in it.
    """
    found: dict[int, list[str]] = defaultdict(list)
    wanted = list(item_ids)
    for chunk in chunks(wanted):
        letters = session.scalars(
            select(Letter)
            .where(Letter.intake_item_id.in_(chunk))
            .order_by(Letter.intake_item_id, Letter.part)
        )
        for letter in letters:
            found[letter.intake_item_id].append(str(RegisterNumber.of(letter)))
    return {item_id: tuple(numbers) for item_id, numbers in found.items()}


def queue_for_register(session: Session) -> None:
    """Wait until no other transaction may be about to register; hold that to this one's end.

    Whoever then looks for an earlier copy of a mail sees every registered one: two workers that
    have one mail each of the same bytes would otherwise both find none. SQLite has one writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_REGISTER_LOCK)))
