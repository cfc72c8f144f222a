"""What others contribute to a case: agencies asked with a date of their own, the log of calls."""

from __future__ import annotations

from sqlalchemy import select

from correspondence.errors import ActionRefused
from correspondence.national_ids import masked_national_ids
from pipeline.case_turn import CaseTurn
from registry.models import Contribution, CoordinationEntry
from registry.transitions import CaseChange


def ask_contribution(turn: CaseTurn) -> None:
    """Ask an agency for its part, by the day named or by the office's usual time.

    Raises:
        ActionRefused: the day is past.
    """
    agency = (turn.request.agency or "").strip()
    days = turn.house.configuration.casework.contribution.working_days
    due = turn.request.due or turn.house.calendar.add_working_days(turn.today, days)
    if due < turn.today:
        raise ActionRefused("The day is past.", thai="วันที่กำหนดผ่านไปแล้ว")
    asked = Contribution(
        case_id=turn.case.id,
        agency=agency,
        question=turn.note or turn.reason,
        due_date=due,
        asked_by=turn.actor.name,
        asked_at=turn.now,
    )
    turn.session.add(asked)
    turn.session.flush()
    turn.take(
        CaseChange(agency=agency or None),
        detail={"contribution": asked.id, "contribution_due": due.isoformat()},
    )


def receive_contribution(turn: CaseTurn) -> None:
    """Note that an agency's part has come; with the last one the case goes on.

    Raises:
        ActionRefused: none is awaited under this id, or several are and none is named.
    """
    awaited = turn.session.scalars(
        select(Contribution)
        .where(Contribution.case_id == turn.case.id, Contribution.received_at.is_(None))
        .order_by(Contribution.id)
    ).all()
    wanted = turn.request.contribution
    chosen = [row for row in awaited if wanted is None or row.id == wanted]
    if len(chosen) > 1 or (not chosen and (awaited or wanted is not None)):
        raise ActionRefused(
            "Name one of the contributions that are awaited.", thai="ต้องระบุรายการขอข้อมูลที่ได้รับ"
        )
    for row in chosen:
        row.received_at, row.received_by, row.answer = turn.now, turn.actor.name, turn.note
    left = len(awaited) - len(chosen)
    received = chosen[0].id if chosen else None
    turn.take(detail={"contribution": received, "awaited": left}, stays=left > 0)


def log_coordination(turn: CaseTurn) -> None:
    """Enter whom one spoke with, how, and what was promised by when: progress of the case.

    The names stand in the log only; the trail has the entry's id.
    """
    channel = turn.request.channel
    assert channel is not None  # the table demands it
    promised = turn.request.promised_by
    entry = CoordinationEntry(
        case_id=turn.case.id,
        contact=masked_national_ids((turn.request.contact or "").strip()),
        channel=channel.value,
        note=turn.note,
        promised_by=promised,
        entered_by=turn.actor.name,
        entered_at=turn.now,
    )
    turn.session.add(entry)
    turn.session.flush()
    turn.take(
        detail={
            "entry": entry.id,
            "channel": channel.value,
            "promised_by": promised.isoformat() if promised else None,
        }
    )
