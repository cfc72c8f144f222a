"""The stages of cases against their standard times: received → registered → … → signed.

A stage begins on the day the one before it ended, drafting of a reopened case on the day it was
opened again. Time on hold or with another agency is counted: a standard time knows no pause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from correspondence.vocabulary import Category, ThaiTerm
from office.deadlines import Stage, StageEntry
from reports.case_course import CaseCourse
from reports.shares import average_of, median_of, percent_of


class StagePlace(ThaiTerm):
    """Where a case stands in a stage that has begun for it."""

    WITHIN = "within", "เสร็จในเวลามาตรฐาน"
    BEYOND = "beyond", "เสร็จเกินเวลามาตรฐาน"
    WITHOUT = "without", "เสร็จ ไม่มีเวลามาตรฐาน"
    WAITING_WITHIN = "waiting_within", "ค้างในเวลามาตรฐาน"
    WAITING_BEYOND = "waiting_beyond", "ค้างเกินเวลามาตรฐาน"
    WAITING_WITHOUT = "waiting_without", "ค้าง ไม่มีเวลามาตรฐาน"


@dataclass(frozen=True, slots=True)
class PlacedStage:
    """A stage of a case, and the working days it took, None while it goes on."""

    stage: Stage
    place: StagePlace
    worked: int | None


@dataclass(frozen=True, slots=True)
class StageCell:
    """The figures of one stage: case ids by place, and how often it took so many working days."""

    NAMES: ClassVar[tuple[str, ...]] = tuple(place.value for place in StagePlace)

    lists: Mapping[StagePlace, tuple[int, ...]]
    worked: Mapping[int, int]

    def cases(self, place: str) -> tuple[int, ...]:
        """Return the cases in a place, ascending."""
        return self.lists.get(StagePlace(place), ())

    @property
    def within_percent(self) -> float | None:
        """Share within the standard time, waiting ones included; None for no case with one."""
        kept = self._number(StagePlace.WITHIN, StagePlace.WAITING_WITHIN)
        return percent_of(kept, kept + self._number(StagePlace.BEYOND, StagePlace.WAITING_BEYOND))

    @property
    def average_days(self) -> float | None:
        """Working days the stage took on average, one decimal; None where none has ended."""
        return average_of(self.worked)

    @property
    def median_days(self) -> float | None:
        """The median of the working days it took; None where none has ended."""
        return median_of(self.worked)

    def _number(self, *places: StagePlace) -> int:
        return sum(len(self.lists.get(place, ())) for place in places)


@dataclass(slots=True)
class StageTally:
    """The lists of a stage while they grow."""

    lists: dict[StagePlace, list[int]] = field(default_factory=dict)
    worked: Counter[int] = field(default_factory=Counter)

    def add(self, case_id: int, placed: PlacedStage) -> None:
        """Put a case where it stands."""
        self.lists.setdefault(placed.place, []).append(case_id)
        if placed.worked is not None:
            self.worked[placed.worked] += 1

    def cell(self) -> StageCell:
        """Return what was counted."""
        return StageCell(
            lists=MappingProxyType({p: tuple(sorted(ids)) for p, ids in self.lists.items()}),
            worked=MappingProxyType(dict(self.worked)),
        )


def stage_places(
    course: CaseCourse,
    as_of: date,
    worked: Callable[[date, date], int],
    last_day: Callable[[date, StageEntry], date],
    standard: Callable[[Stage, Category | None, str | None], StageEntry | None],
) -> Iterator[PlacedStage]:
    """Yield the stages of a case that have begun, in order.

    A case that ended without a stage (handed over, no answer needed) is in no place of it.

    Args:
        course: the case.
        as_of: the day on which a waiting case is within or beyond its time.
        worked: working days after the first day up to and with the last.
        last_day: the last day within a standard time, from the day the stage began.
        standard: the standard time for a category and sub-category.
    """
    began = course.received_on
    for stage in Stage:
        if stage is Stage.DRAFTED:
            began = max(began, course.started_on)
        ended = course.reached.get(stage)
        if ended is None and course.ended_on is not None:
            return
        entry = standard(stage, course.category, course.subcategory)
        yield PlacedStage(
            stage,
            _place(ended, as_of, last_day(began, entry) if entry else None),
            worked(began, ended) if ended else None,
        )
        if ended is None:
            return
        began = ended


def _place(ended: date | None, as_of: date, last: date | None) -> StagePlace:
    if ended is None:
        if last is None:
            return StagePlace.WAITING_WITHOUT
        return StagePlace.WAITING_WITHIN if as_of <= last else StagePlace.WAITING_BEYOND
    if last is None:
        return StagePlace.WITHOUT
    return StagePlace.WITHIN if ended <= last else StagePlace.BEYOND
