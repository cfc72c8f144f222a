"""How much of a person's work each filter would show: counted in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from correspondence.reading import Frozen
from correspondence.vocabulary import CaseState
from pipeline.staff import StaffMember
from pipeline.work_filter import WorkFilter, WorkView, is_unread, joined, of_view
from pipeline.work_scope import OPEN, WorkScope
from registry.models import Case


class WorkCounts(Frozen):
    """How many cases each filter would show; the others by value within the view asked for."""

    views: dict[str, int]
    states: dict[str, int]
    categories: dict[str, int]
    urgencies: dict[str, int]
    bands: dict[str, int]
    unread: int


def count_work(
    session: Session,
    staff: StaffMember,
    scope: WorkScope,
    wanted: WorkFilter,
    band: ColumnElement[str],
) -> tuple[WorkCounts, int]:
    """Count all filters in one query, by the few kinds of cases there can be, and the rows."""

    def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return case((condition, 1), else_=0)

    views = [view for view in WorkView if not (scope.office and view is WorkView.GROUP)]
    open_or_sent = Case.state.in_([state.value for state in (*OPEN, CaseState.DISPATCHED)])
    kinds = (
        joined(
            select(
                Case.state.label("state"),
                case((Case.restricted.is_(False), Case.category)).label("category"),
                Case.urgency.label("urgency"),
                band.label("band"),
                flag(is_unread()).label("unread"),
                flag(of_view(scope, wanted.view)).label("chosen"),
                *(flag(of_view(scope, view)).label(f"in_{view}") for view in views),
            ),
            staff,
        )
        .where(open_or_sent, or_(scope.everything, of_view(scope, wanted.view)))
        .subquery()
    )
    by_view: Counter[str] = Counter()
    states, categories, urgencies, bands = (
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
    )
    unread = total = 0
    query = select(*kinds.c, func.count().label("number")).group_by(*kinds.c)
    for row in session.execute(query).mappings():
        number, sent = row["number"], row["state"] == CaseState.DISPATCHED.value
        total += number if _fits(dict(row), wanted) else 0
        if row["chosen"]:
            states[row["state"]] += number
        if sent:
            continue
        for view in views:
            by_view[view.value] += number if row[f"in_{view}"] else 0
        if row["chosen"]:
            urgencies[row["urgency"]] += number
            bands[row["band"]] += number
            unread += number if row["unread"] else 0
            if row["category"] is not None:
                categories[row["category"]] += number
    counts = WorkCounts(
        views=dict(by_view),
        states=dict(states),
        categories=dict(categories),
        urgencies=dict(urgencies),
        bands=dict(bands),
        unread=unread,
    )
    return counts, total


def _fits(kind: Mapping[str, Any], wanted: WorkFilter) -> bool:
    """Tell whether the cases of a kind are among those asked for, as `_conditions` has it."""
    sent = CaseState.DISPATCHED
    state = wanted.state.value if wanted.state else None
    return (
        bool(kind["chosen"])
        and (state == kind["state"] or (state is None and kind["state"] != sent.value))
        and (wanted.category is None or kind["category"] == wanted.category.value)
        and (wanted.urgency is None or kind["urgency"] == wanted.urgency.value)
        and (wanted.band is None or kind["band"] == wanted.band.value)
        and (not wanted.unread or bool(kind["unread"]))
    )
