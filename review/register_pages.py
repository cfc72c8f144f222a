"""`/`: the incoming register with its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from correspondence.vocabulary import CaseState, Category, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.register_view import (
    CaseRow,
    DueWindow,
    RegisterFilter,
    RegisterRow,
    SecretRow,
    register_page,
)
from pipeline.standing import Standing, office_standing
from review.rendering import link, render, wording_for
from review.wording import Wording

MAX_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a link: what it says, how many it holds (None unknown), whether it is on."""

    words: str
    address: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """The links of one filter."""

    label: str
    choices: tuple[Choice, ...]


def register_routes(house: House) -> APIRouter:
    """Return the routes of the register."""
    routes = APIRouter()

    @routes.get("/")
    def show_register(
        request: Request,
        state: CaseState | None = None,
        category: Category | None = None,
        group: Annotated[str | None, Query(max_length=80)] = None,
        outcome: IntakeOutcome | None = None,
        due: DueWindow | None = None,
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    ) -> Response:
        wanted = RegisterFilter(
            state=state, category=category, group=group, outcome=outcome, due=due
        )
        wording = wording_for(house, request)
        standing = office_standing(house)
        found = register_page(house, wanted, page)
        values = {
            "standing": standing,
            "rows": [(_kind(row), row) for row in found.rows],
            "found": found,
            "asked": _asked(wanted),
            "filters": _filters(house, wording, wanted, standing),
        }
        return render("register.html", request, wording, values)

    return routes


def _kind(row: RegisterRow) -> str:
    if isinstance(row, SecretRow):
        return "secret"
    return "case" if isinstance(row, CaseRow) else "waiting"


def _asked(wanted: RegisterFilter) -> dict[str, str | int | None]:
    return {
        "outcome": wanted.outcome.value if wanted.outcome else None,
        "state": wanted.state.value if wanted.state else None,
        "category": wanted.category.value if wanted.category else None,
        "group": wanted.group,
        "due": wanted.due.value if wanted.due else None,
    }


def _filters(
    house: House,
    wording: Wording,
    wanted: RegisterFilter,
    standing: Standing,
) -> list[ChoiceRow]:
    asked = _asked(wanted)

    def row(
        name: str, offers: list[tuple[str, str, int | None]], label: str | None = None
    ) -> ChoiceRow:
        def choice(words: str, value: str | None, count: int | None) -> Choice:
            address = link("/", wording.language, {**asked, name: value})
            return Choice(words, address, asked[name] == value, count)

        everything = choice(wording.text("all"), None, None)
        return ChoiceRow(
            wording.text(label or name),
            (everything, *(choice(words, value, count) for value, words, count in offers)),
        )

    groups = [group.id for group in house.configuration.groups.group]
    return [
        row(
            "outcome",
            [
                (outcome.value, wording.term(outcome), standing.intake[outcome.value])
                for outcome in IntakeOutcome
                if standing.intake.get(outcome.value)
            ],
        ),
        row(
            "state",
            [
                (state.value, wording.term(state), standing.cases[state.value])
                for state in CaseState
                if standing.cases.get(state.value)
            ],
        ),
        row(
            "due",
            [
                (DueWindow.OVERDUE.value, wording.text("overdue_count"), standing.overdue),
                (DueWindow.TODAY.value, wording.text("due_today_count"), standing.due_today),
            ],
            "due_date",
        ),
        row("category", [(entry.value, wording.term(entry), None) for entry in Category]),
        row("group", [(group, wording.group(group), None) for group in groups]),
    ]
