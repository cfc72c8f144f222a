"""Reminders of what agencies were asked to contribute: each request has a due date of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from correspondence.vocabulary import Role
from routing.wording import word_day


@dataclass(frozen=True, slots=True)
class AwaitedPart:
    """A contribution that an agency still owes: its id, the day asked (Bangkok), its due date."""

    contribution_id: int
    asked: date
    due: date


@dataclass(frozen=True, slots=True)
class PartStep:
    """A step that an awaited contribution has reached; `reason` is Thai and names no agency."""

    level: int
    role: Role
    key: str
    reason: str


def part_steps(today: date, part: AwaitedPart, near: date | None) -> tuple[PartStep, ...]:
    """Return the steps reached by today, lowest first.

    The officer is told shortly before, on the day and when it is late, the head of the group when
    it is late.

    Args:
        today: the day in Bangkok.
        part: what is awaited.
        near: the day of the first step; None where no calendar tells.
    """
    when = f"(กำหนดตอบ{word_day(part.due)})"
    reached = []
    if near is not None and part.asked < near <= today:
        reached.append((1, Role.OFFICER, "ใกล้กำหนดที่ขอข้อมูลจากหน่วยงานไว้"))
    if part.due <= today:
        reached.append((2, Role.OFFICER, "ครบกำหนดที่ขอข้อมูลจากหน่วยงานไว้"))
    if part.due < today:
        late = "หน่วยงานยังไม่ส่งข้อมูลที่ขอไว้และเลยกำหนดแล้ว"
        reached += [(3, Role.OFFICER, late), (4, Role.GROUP_HEAD, late)]
    return tuple(
        PartStep(
            level=level,
            role=role,
            key=f"{level}:{part.due.isoformat()}:{part.contribution_id}",
            reason=f"{words} {when}",
        )
        for level, role, words in reached
    )
