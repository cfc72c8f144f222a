"""What the demo tells: one line a sample letter (JSON of `demo`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from correspondence.reading import Frozen
from correspondence.vocabulary import IntakeOutcome


class DemoLetter(Frozen):
    """What became of one sample letter; `case_id` leads to its page and is not in the JSON."""

    file: str
    outcome: IntakeOutcome
    register_number: str | None = None
    channel: str
    category: str | None = None
    confidence: float | None = None
    group: str | None = None
    due_date: date | None = None
    state: str | None = None
    memo_path: str | None = None
    reason: str | None = None
    case_id: int | None = Field(default=None, exclude=True)


class WhereToLook(Frozen):
    """Addresses and folders for people."""

    prefect_ui: str
    review_page: str
    memos: Path
    home: Path


class DemoSignIn(Frozen):
    """Whose names open the review app, and the password of them all."""

    names: tuple[str, ...]
    password: str


class DemoResult(Frozen):
    """The whole run. `new_letters` counts what this run registered; `errors` failed flows.

    `sign_in` is None where the review app is not up.
    """

    letters: tuple[DemoLetter, ...]
    new_letters: int
    unaccounted: int
    errors: int
    warnings: tuple[str, ...]
    where: WhereToLook
    sign_in: DemoSignIn | None = None
