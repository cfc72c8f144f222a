"""The letters of a run as operators see them: numbers and links into the review app, no words."""

from __future__ import annotations

from datetime import datetime

from prefect.artifacts import create_markdown_artifact

from pipeline.bootstrap import House
from pipeline.run_letters import MOST, RunLetter, letters_since, review_address

# Outcomes that wait for a person at a page of their own.
_DESKS = {"held": "/waiting/items/{id}", "quarantined": "/waiting/items/{id}"}


def show_letters(house: House, since: datetime) -> None:
    """Leave a table of the run's letters with it; none where there were none."""
    letters = letters_since(house, since)
    if not letters:
        return
    address = review_address(house)
    lines = [
        "| register no. | item | outcome | state | open |",
        "|---|---|---|---|---|",
        *(_line(letter, address) for letter in letters),
    ]
    if len(letters) == MOST:
        lines += ["", f"The newest {MOST} only; all stand in [the register]({address}/)."]
    create_markdown_artifact(
        key="letters",
        markdown="\n".join(lines),
        description="The letters of this run; the links ask for a sign-in",
    )


def _line(letter: RunLetter, address: str) -> str:
    desk = _DESKS.get(letter.outcome)
    path = f"/cases/{letter.case_id}" if letter.case_id else desk and desk.format(id=letter.item_id)
    cells = (
        letter.register_number or "–",
        str(letter.item_id),
        letter.outcome,
        letter.state or "–",
        f"[open]({address}{path})" if path else "–",
    )
    return f"| {' | '.join(cells)} |"
