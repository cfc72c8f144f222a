"""The office's figures as JSON: numbers of cells, and the cases behind one number."""

from __future__ import annotations

from datetime import date

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel
from office.deadlines import Stage, StageEntry
from reports.kpi import Breakdown
from reports.kpi_cell import Figure, KpiCell
from reports.kpi_stages import StageCell, StagePlace


class StageNumbers(Frozen):
    """A stage in numbers; the first six have lists named for example `drafted.beyond`."""

    stage: Stage
    within: int
    beyond: int
    without: int
    waiting_within: int
    waiting_beyond: int
    waiting_without: int
    within_percent: float | None
    average_days: float | None
    median_days: float | None


class KpiNumbers(Frozen):
    """A cell in numbers; shares are 0 to 100, days are working days, None is blank (0/0)."""

    received: int
    closed: int
    in_time: int
    late: int
    open_in_time: int
    open_overdue: int
    closed_undated: int
    open_undated: int
    extended: int
    kept_by_extension: int
    returned: int
    reopened: int
    closed_in_period: int
    voided: int
    duplicate: int
    in_time_percent: float | None
    average_days: float | None
    median_days: float | None
    stages: tuple[StageNumbers, ...]


class KpiRow(Frozen):
    """One row; None for what is not broken down by, and for what a case has not."""

    category: Category | None
    group: str | None
    channel: Channel | None
    month: str | None
    numbers: KpiNumbers


class KpiSummary(Frozen):
    """JSON of `kpi`: days are ISO, CE; `standards` are the standard times measured against."""

    first: date
    last: date
    as_of: date
    period: str
    by: tuple[Breakdown, ...]
    rows: tuple[KpiRow, ...]
    total: KpiNumbers
    standards: tuple[StageEntry, ...]


class KpiCase(Frozen):
    """A case behind a number; only its id where it tells nothing else (`withheld`)."""

    case_id: int
    withheld: bool = False
    register_number: str | None = None
    category: Category | None = None
    group: str | None = None
    channel: Channel | None = None
    received_on: date | None = None
    ended_on: date | None = None
    due_date: date | None = None
    original_due: date | None = None
    working_days: int | None = None
    extended: int | None = None
    returned: int | None = None
    reopened: int | None = None


class KpiList(Frozen):
    """JSON of `kpi --list`: the cases behind one number of the total, by id."""

    first: date
    last: date
    as_of: date
    figure: str
    number: int
    cases: tuple[KpiCase, ...]


def numbers_of(cell: KpiCell) -> KpiNumbers:
    """Return a cell in numbers, each the length of its list."""
    lengths = {figure.value: cell.number(figure) for figure in Figure}
    return KpiNumbers(
        **lengths,
        in_time_percent=cell.in_time_percent,
        average_days=cell.average_days,
        median_days=cell.median_days,
        stages=tuple(_stage_numbers(stage, cell.stages[stage]) for stage in Stage),
    )


def _stage_numbers(stage: Stage, cell: StageCell) -> StageNumbers:
    lengths = {place.value: len(cell.cases(place)) for place in StagePlace}
    return StageNumbers(
        stage=stage,
        **lengths,
        within_percent=cell.within_percent,
        average_days=cell.average_days,
        median_days=cell.median_days,
    )
