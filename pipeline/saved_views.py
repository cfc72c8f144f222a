"""A person's own views of their work: a name for filters, listed as links, removable."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from pipeline.bootstrap import House
from pipeline.staff import StaffMember
from pipeline.work_filter import WorkFilter
from registry.engine import open_snapshot
from registry.models import Person, SavedView

LONGEST_NAME: Final = 60
MOST_VIEWS: Final = 20


class ViewOfWork(Frozen):
    """A saved view; filters that the office no longer knows are left out."""

    id: int
    name: str
    filters: WorkFilter


def saved_views(house: House, staff: StaffMember) -> tuple[ViewOfWork, ...]:
    """Return a person's views, the first saved first."""
    query = select(SavedView).where(SavedView.person_id == staff.person_id).order_by(SavedView.id)
    with open_snapshot(house.sessions) as session:
        return tuple(
            ViewOfWork(id=row.id, name=row.name, filters=_known(row.filters))
            for row in session.scalars(query)
        )


def save_view(house: House, staff: StaffMember, name: str, filters: WorkFilter) -> None:
    """Keep filters under a name; a name that the person has already is given these filters.

    Raises:
        UsageFault: no name, one too long, or too many views.
    """
    said = " ".join(name.replace("\0", "").split())
    if not said or len(said) > LONGEST_NAME:
        raise UsageFault(
            f"A name of 1 to {LONGEST_NAME} characters is needed.",
            thai=f"ต้องตั้งชื่อมุมมอง ไม่เกิน {LONGEST_NAME} ตัวอักษร",
        )
    kept = filters.model_dump(mode="json", exclude_defaults=True)
    with house.sessions.begin() as session:
        # Two pages of one person wait for each other here.
        session.get_one(Person, staff.person_id, with_for_update=True)
        own = SavedView.person_id == staff.person_id
        row = session.scalar(select(SavedView).where(own, SavedView.name == said))
        if row is not None:
            row.filters = kept
            return
        if (session.scalar(select(func.count(SavedView.id)).where(own)) or 0) >= MOST_VIEWS:
            raise UsageFault(
                f"There are {MOST_VIEWS} views already.",
                thai=f"บันทึกมุมมองได้ไม่เกิน {MOST_VIEWS} รายการ โปรดลบรายการเดิมก่อน",
            )
        session.add(
            SavedView(person_id=staff.person_id, name=said, filters=kept, saved_at=house.clock())
        )


def remove_view(house: House, staff: StaffMember, view_id: int) -> None:
    """Remove a view of a person's own; of anybody else's nothing happens."""
    with house.sessions.begin() as session:
        session.execute(
            delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == staff.person_id)
        )


def _known(filters: dict[str, object]) -> WorkFilter:
    kept = WorkFilter()
    for name, value in filters.items():
        try:
            kept = WorkFilter.model_validate({**kept.model_dump(), name: value})
        except ValueError:
            # An office may give up a category; the rest of the view still holds.
            continue
    return kept
