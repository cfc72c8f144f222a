"""Which cases are new to a person: the version they last opened, and whether it changed since."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.bootstrap import House
from pipeline.staff import StaffMember
from registry.engine import open_snapshot
from registry.models import Case, CaseLook


def note_look(house: House, staff: StaffMember, case_id: int) -> None:
    """Keep that a person opens a case as it stands; nothing where they saw that version before.

    Call it before the case is read for the page: what changes in between stays unread.
    """
    with open_snapshot(house.sessions) as session:
        row = session.execute(
            select(Case.version, CaseLook.version)
            .outerjoin(
                CaseLook, (CaseLook.case_id == Case.id) & (CaseLook.person_id == staff.person_id)
            )
            .where(Case.id == case_id)
        ).one_or_none()
    if row is None or row[0] == row[1]:
        return
    seen = {"version": row[0], "seen_at": house.clock()}
    with house.sessions.begin() as session:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(
            dialect.insert(CaseLook)
            .values(person_id=staff.person_id, case_id=case_id, **seen)
            .on_conflict_do_update(index_elements=[CaseLook.person_id, CaseLook.case_id], set_=seen)
        )
