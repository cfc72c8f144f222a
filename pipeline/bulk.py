"""One action on many cases: each an action of its own, done or refused with its reason.

Nothing is undone where one of them is refused; what was done stands in the trail case by case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import Field
from sqlalchemy import func, select

from correspondence.errors import SarabanError, UsageFault
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_request import LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, CaseRequest
from registry.chunks import chunks
from registry.engine import open_snapshot
from registry.models import Case, Letter
from registry.numbers import RegisterNumber

MOST_CASES: Final = 500
# What several cases can be given at once; all else is decided case by case.
BULK_ACTIONS: Final = (
    Action.REASSIGN,
    Action.ASSIGN,
    Action.CHOOSE_CATEGORY,
    Action.RECATEGORISE,
    Action.RETURN_TO_TRIAGE,
)


class BulkRequest(Frozen):
    """One action of one person on several cases; the fields are those of `CaseRequest`.

    Attributes:
        cases: ids of the cases, each with the version the person saw (None takes what stands).
        key: begins the idempotency key of each action; a repeat does nothing twice.
    """

    cases: Mapping[int, int | None]
    action: Action
    by: str = Field(max_length=LONGEST_NAME)
    reason: str = Field(default="", max_length=LONGEST_TEXT, repr=False)
    group: str | None = Field(default=None, max_length=LONGEST_NAME)
    person: str | None = Field(default=None, max_length=LONGEST_NAME)
    category: Category | None = None
    subcategory: str | None = Field(default=None, max_length=LONGEST_NAME)
    key: str | None = Field(default=None, min_length=1, max_length=LONGEST_KEY - 20)


class BulkLine(Frozen):
    """JSON of `case bulk`: what became of one case.

    `register_number` is None where there is no such case; `fault` is a stable name, `thai` and
    `english` say why it was refused. Nothing is told of where a case stands that was refused.
    """

    case_id: int
    register_number: str | None
    done: bool
    state: CaseState | None = None
    group: str | None = None
    fault: str | None = None
    thai: str = ""
    english: str = ""


def act_on_cases(house: House, request: BulkRequest) -> tuple[BulkLine, ...]:
    """Carry out an action on each case in its own transaction; one line a case, in their order.

    Raises:
        UsageFault: no case, too many, or not an action for several cases.
    """
    if request.action not in BULK_ACTIONS:
        raise UsageFault(f"{request.action} is done case by case.", thai="รายการนี้ต้องทำทีละเรื่อง")
    if not request.cases:
        raise UsageFault("No case is chosen.", thai="ยังไม่ได้เลือกเรื่อง")
    if len(request.cases) > MOST_CASES:
        raise UsageFault(
            f"More than {MOST_CASES} cases at once.", thai=f"เลือกได้ไม่เกิน {MOST_CASES} เรื่องต่อครั้ง"
        )
    numbers = _numbers(house, list(request.cases))
    return tuple(
        _line(house, request, case_id, version, numbers.get(case_id))
        for case_id, version in request.cases.items()
    )


def _line(
    house: House, request: BulkRequest, case_id: int, version: int | None, number: str | None
) -> BulkLine:
    asked = CaseRequest(
        case_id=case_id,
        action=request.action,
        by=request.by,
        expected_version=version,
        key=f"{request.key}-{case_id}" if request.key else None,
        reason=request.reason,
        group=request.group,
        person=request.person,
        category=request.category,
        subcategory=request.subcategory,
    )
    try:
        done = act_on_case(house, asked)
    except SarabanError as fault:
        return BulkLine(
            case_id=case_id,
            register_number=number,
            done=False,
            fault=fault.code,
            thai=fault.thai,
            english=fault.english,
        )
    return BulkLine(
        case_id=case_id, register_number=number, done=True, state=done.state, group=done.group
    )


def _numbers(house: House, ids: list[int]) -> dict[int, str]:
    """Return the first register number of each case, the case's id where it has no letter."""
    found: dict[int, str] = {}
    with open_snapshot(house.sessions) as session:
        for part in chunks(ids):
            first = (
                select(func.min(Letter.id)).where(Letter.case_id.in_(part)).group_by(Letter.case_id)
            )
            found |= {
                case_id: str(case_id)
                for case_id in session.scalars(select(Case.id).where(Case.id.in_(part)))
            }
            found |= {
                letter.case_id: str(RegisterNumber.of(letter))
                for letter in session.scalars(select(Letter).where(Letter.id.in_(first)))
            }
    return found
