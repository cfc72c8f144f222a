"""Sweep up behind killed processes: what they held goes on, what stays stuck is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome
from pipeline.alerts import SWEEP
from pipeline.bootstrap import House
from pipeline.receiving import put_files_away
from registry.alerts import clear_alerts, raise_alert
from registry.casework import MACHINE_STATES, MAX_ATTEMPTS
from registry.leases import free_dead_leases
from registry.ledger import ARCHIVE
from registry.models import Case, IntakeItem

CASE_STUCK: Final = "case_stuck"


class Swept(Frozen):
    """What was given back, and what is stuck all the same: counts only."""

    leases_freed: int
    files_moved: int
    letters_waiting: int
    cases_stuck: int


def sweep_house(house: House, waiting: timedelta) -> Swept:
    """Give back leases of processes that are dead, put files away, count what is stuck.

    Cases the machine has failed on four times become an alert, which the first sweep without
    one clears. Letters that wait are the watchdog's to tell.

    Args:
        house: the office's house.
        waiting: how long a letter may wait to be read.
    """
    freed = free_dead_leases(house.sessions)
    moved = put_files_away(house)
    now = house.clock()
    with house.sessions.begin() as session:
        letters = session.scalar(
            select(func.count())
            .select_from(IntakeItem)
            .where(
                IntakeItem.outcome == IntakeOutcome.PENDING.value,
                IntakeItem.source != ARCHIVE,
                IntakeItem.arrived_at < now - waiting,
            )
        )
        stuck = session.scalar(
            select(func.count())
            .select_from(Case)
            .where(
                Case.state.in_([state.value for state in MACHINE_STATES]),
                Case.attempts >= MAX_ATTEMPTS,
            )
        )
        if stuck:
            raise_alert(session, SWEEP, CASE_STUCK, at=now)
        else:
            clear_alerts(session, SWEEP, at=now)
    return Swept(
        leases_freed=freed,
        files_moved=moved,
        letters_waiting=letters or 0,
        cases_stuck=stuck or 0,
    )
