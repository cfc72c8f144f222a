"""One cell of the figures: the numbers, and the cases behind each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from correspondence.errors import UsageFault
from correspondence.vocabulary import ThaiTerm
from office.deadlines import Stage
from reports.kpi_stages import StageCell
from reports.shares import average_of, median_of, percent_of


class Figure(ThaiTerm):
    """A number of the report that has a list of cases behind it."""

    RECEIVED = "received", "รับ"
    CLOSED = "closed", "ยุติแล้ว"
    IN_TIME = "in_time", "ทันกำหนด"
    LATE = "late", "ล่าช้า"
    OPEN_IN_TIME = "open_in_time", "ค้าง ในกำหนด"
    OPEN_OVERDUE = "open_overdue", "ค้าง เกินกำหนด"
    CLOSED_UNDATED = "closed_undated", "ยุติ ไม่มีกำหนด"
    OPEN_UNDATED = "open_undated", "ค้าง ไม่มีกำหนด"
    EXTENDED = "extended", "ขยายเวลา"
    KEPT_BY_EXTENSION = "kept_by_extension", "ทันเพราะขยายเวลา"
    RETURNED = "returned", "ส่งคืนแก้ไข"
    REOPENED = "reopened", "เปิดเรื่องใหม่"
    CLOSED_IN_PERIOD = "closed_in_period", "ยุติในช่วงเวลา"
    VOIDED = "voided", "ยกเลิกเลขรับ"
    DUPLICATE = "duplicate", "เรื่องซ้ำ"


# Every case received in the period is in exactly one of these.
STANDINGS = (
    Figure.IN_TIME,
    Figure.LATE,
    Figure.OPEN_IN_TIME,
    Figure.OPEN_OVERDUE,
    Figure.CLOSED_UNDATED,
    Figure.OPEN_UNDATED,
    Figure.VOIDED,
    Figure.DUPLICATE,
)
ENDED = (Figure.IN_TIME, Figure.LATE, Figure.CLOSED_UNDATED)
KEPT = (Figure.IN_TIME, Figure.OPEN_IN_TIME)
DATED = (*KEPT, Figure.LATE, Figure.OPEN_OVERDUE)


@dataclass(frozen=True, slots=True)
class KpiCell:
    """The figures of some cases. Lists are of case ids, ascending; those not there are empty.

    Attributes:
        lists: the cases behind each figure.
        worked: of ended cases, working days from the clock's start to the end: how often each.
        stages: the figures of each stage.
    """

    lists: Mapping[Figure, tuple[int, ...]]
    worked: Mapping[int, int]
    stages: Mapping[Stage, StageCell]

    def cases(self, figure: Figure) -> tuple[int, ...]:
        """Return the cases behind a figure."""
        return self.lists.get(figure, ())

    def number(self, *figures: Figure) -> int:
        """Return how many cases are behind some figures together."""
        return sum(len(self.cases(figure)) for figure in figures)

    @property
    def in_time_percent(self) -> float | None:
        """The share in time, 0 to 100 with one decimal; None for no case with a due date."""
        return percent_of(self.number(*KEPT), self.number(*DATED))

    @property
    def average_days(self) -> float | None:
        """Working days to the end on average, one decimal; None where nothing ended."""
        return average_of(self.worked)

    @property
    def median_days(self) -> float | None:
        """The median of the working days to the end; None where nothing ended."""
        return median_of(self.worked)


def list_of(cell: KpiCell, name: str) -> tuple[int, ...]:
    """Return the cases behind a number named `late`, or of a stage, `drafted.beyond`.

    Raises:
        UsageFault: there is no such number; the remedy names them all.
    """
    if name in list(Figure):
        return cell.cases(Figure(name))
    stage, _, place = name.partition(".")
    if stage in list(Stage) and place in StageCell.NAMES:
        return cell.stages[Stage(stage)].cases(place)
    raise UsageFault(
        "There is no figure of that name.",
        thai="ไม่มีตัวชี้วัดชื่อนี้",
        remedy=f"Write one of {', '.join(Figure)}, or {'|'.join(Stage)} with "
        f".{', .'.join(StageCell.NAMES)}.",
    )
