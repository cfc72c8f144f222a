"""The memo of a case as a form: its parts with what was typed, and the buttons that send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from correspondence.states import Action
from pipeline.case_desk import CaseDesk
from pipeline.case_memo import FIXED, HAND_IN, MemoDesk
from pipeline.passwords import new_token
from review.forms import Form

PART: Final = "part-"
MOST_GIVEN_BACK: Final = 400_000
_LINE = 62


@dataclass(frozen=True, slots=True)
class PartField:
    """One part: `text` as it stands in the form, `fault` what is wrong with it.

    `unfounded` are kinds of values that no source holds; `rows` is how high the field is drawn.
    """

    key: str
    label: str
    text: str
    lines: bool
    fixed: bool
    accepted: bool
    accepted_by: str
    unfounded: tuple[str, ...]
    fault: str
    rows: int


@dataclass(frozen=True, slots=True)
class MemoForm:
    """The parts with the buttons that this person may press; none of them: it is shown only."""

    case_id: int
    case_version: int
    memo_version: int
    key: str
    parts: tuple[PartField, ...]
    buttons: tuple[Action, ...]
    ask_keep: bool

    @property
    def accepted(self) -> int:
        """How many parts somebody has accepted."""
        return sum(bool(part.accepted_by) for part in self.parts if not part.fixed)

    @property
    def all(self) -> int:
        """How many parts there are to accept."""
        return sum(not part.fixed for part in self.parts)


def memo_form(
    desk: CaseDesk,
    memo: MemoDesk,
    *,
    typed: Form | None = None,
    unfounded: Mapping[str, tuple[str, ...]] | None = None,
    faults: Mapping[str, str] | None = None,
) -> MemoForm | None:
    """Return the memo as a form, with what was typed where it comes back; None without parts.

    Args:
        desk: the case, as this person may work on it.
        memo: its memo.
        typed: what was sent, where it comes back.
        unfounded: by part, the kinds of values in what was sent that no source holds.
        faults: by part, what is wrong with it.
    """
    if not memo.parts or memo.version is None:
        return None
    may = tuple(action for action in HAND_IN if desk.possible(action)) if memo.in_force else ()
    ticked = frozenset(typed.all("ok")) if typed is not None else None
    parts = []
    for part in memo.parts:
        text = part.text
        if typed is not None:
            text = typed.get(PART + part.key, text).replace("\r\n", "\n")[:MOST_GIVEN_BACK]
        parts.append(
            PartField(
                key=part.key,
                label=part.label,
                text=text,
                lines=part.lines,
                fixed=part.key in FIXED,
                accepted=bool(part.accepted_by) if ticked is None else part.key in ticked,
                accepted_by=part.accepted_by,
                unfounded=(unfounded or {}).get(part.key, part.unfounded),
                fault=(faults or {}).get(part.key, ""),
                rows=_rows(text, lines=part.lines),
            )
        )
    return MemoForm(
        case_id=desk.case_id,
        case_version=desk.version,
        memo_version=memo.version,
        key=new_token(),
        parts=tuple(parts),
        buttons=may,
        ask_keep=bool(unfounded),
    )


def _rows(text: str, *, lines: bool) -> int:
    needed = sum(1 + len(line) // _LINE for line in text.split("\n"))
    return min(max(needed, 2 if lines else 1), 24)
