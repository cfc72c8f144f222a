"""What is known of a mailbox or drop folder between polls, and who may poll it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from correspondence.clock import Clock
from registry.alerts import clear_alerts, raise_alert
from registry.engine import Sessions
from registry.models import SourceState


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """What is known of a mailbox or folder between polls."""

    uid_validity: int | None
    last_uid: int | None
    last_poll_at: datetime | None
    last_good_poll_at: datetime | None
    fault_code: str | None


class Polls:
    """The state of every source, and the sole right to poll one."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        """Keep where rows go, and the clock."""
        self._sessions = sessions
        self._clock = clock

    def state(self, source: str) -> SourceStanding:
        """Return what is known of a source; all None for a new one."""
        with self._sessions.begin() as session:
            row = session.get(SourceState, source)
            if row is None:
                return SourceStanding(None, None, None, None, None)
            return SourceStanding(
                row.uid_validity,
                row.last_uid,
                row.last_poll_at,
                row.last_good_poll_at,
                row.fault_code,
            )

    def save_uids(self, source: str, *, uid_validity: int, last_uid: int) -> None:
        """Remember up to which UID a mailbox is stored."""
        with self._sessions.begin() as session:
            row = _source_row(session, source)
            row.uid_validity, row.last_uid = uid_validity, last_uid

    def note(self, source: str, *, fault_code: str | None, standing: Iterable[str] = ()) -> None:
        """Record the end of a poll, good (None) or with a named fault, and its alert.

        A good poll clears the alerts of the source, less those of `standing`, which it found.
        """
        now = self._clock()
        with self._sessions.begin() as session:
            row = _source_row(session, source)
            row.last_poll_at, row.fault_code = now, fault_code
            if fault_code is not None:
                raise_alert(session, source, fault_code, at=now)
                return
            row.last_good_poll_at = now
            clear_alerts(session, source, at=now, but=(found := sorted(standing)))
            for code in found:
                raise_alert(session, source, code, at=now)

    def lease(self, source: str, owner: str, seconds: float) -> bool:
        """Take the sole right to poll a source; False while another poller holds it."""
        now = self._clock()
        with self._sessions.begin() as session:
            _source_row(session, source)
        with self._sessions.begin() as session:
            row = session.get_one(SourceState, source, with_for_update=True)
            if row.leased_until is not None and row.leased_until > now and row.leased_by != owner:
                return False
            row.leased_by, row.leased_until = owner, now + timedelta(seconds=seconds)
            return True

    def release(self, source: str, owner: str) -> None:
        """Give the right to poll back."""
        with self._sessions.begin() as session:
            session.execute(
                update(SourceState)
                .where(SourceState.source == source, SourceState.leased_by == owner)
                .values(leased_by=None, leased_until=None)
            )


def _source_row(session: Session, source: str) -> SourceState:
    row = session.get(SourceState, source)
    if row is None:
        try:
            with session.begin_nested():
                row = SourceState(source=source)
                session.add(row)
                session.flush()
        except IntegrityError:
            row = session.get_one(SourceState, source)
    return row
