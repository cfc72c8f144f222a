"""`/`: the incoming register with its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from correspondence.vocabulary import CaseState, Category, IntakeOutcome
from pipeline.bootstrap import House
from pipeline.register_view import (
    CaseRow,
    RegisterFilter,
    RegisterRow,
    SecretRow,
    register_page,
)
from pipeline.standing import office_standing
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
        page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    ) -> Response:
        wanted = RegisterFilter(state=state, category=category, group=group, outcome=outcome)
        wording = wording_for(house, request)
        standing = office_standing(house)
        found = register_page(house, wanted, page)
        values = {
            "standing": standing,
            "rows": [(_kind(row), row) for row in found.rows],
            "found": found,
            "asked": _asked(wanted),
            "filters": _filters(house, wording, wanted, standing.intake, standing.cases),
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
    }


def _filters(
    house: House,
    wording: Wording,
    wanted: RegisterFilter,
    intake: dict[str, int],
    cases: dict[str, int],
) -> list[ChoiceRow]:
    asked = _asked(wanted)

    def row(name: str, offers: list[tuple[str, str, int | None]]) -> ChoiceRow:
        def choice(words: str, value: str | None, count: int | None) -> Choice:
            address = link("/", wording.language, {**asked, name: value})
            return Choice(words, address, asked[name] == value, count)

        everything = choice(wording.text("all"), None, None)
        return ChoiceRow(
            wording.text(name),
            (everything, *(choice(words, value, count) for value, words, count in offers)),
        )

    groups = [group.id for group in house.configuration.groups.group]
    return [
        row(
            "outcome",
            [
                (outcome.value, wording.term(outcome), intake[outcome.value])
                for outcome in IntakeOutcome
                if intake.get(outcome.value)
            ],
        ),
        row(
            "state",
            [
                (state.value, wording.term(state), cases[state.value])
                for state in CaseState
                if cases.get(state.value)
            ],
        ),
        row("category", [(entry.value, wording.term(entry), None) for entry in Category]),
        row("group", [(group, wording.group(group), None) for group in groups]),
    ]
