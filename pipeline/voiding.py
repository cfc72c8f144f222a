"""Void a register number for a reason; nothing is deleted and the number is never given again."""

from __future__ import annotations

from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.vocabulary import Role
from pipeline.acting import acting_person
from pipeline.bootstrap import House
from registry.numbers import RegisterNumber, find_letter
from registry.voiding import void_number

# Who may void, as the state table has it.
_MAY = (Role.REGISTRAR, Role.OFFICE_HEAD)


class NumberUnknown(SarabanError):
    """No letter has this register number."""

    code = "number_unknown"


class VoidedNumber(Frozen):
    """JSON of `void`: the number, who, and whether the case ended with it."""

    register_number: str
    case_id: int
    case_voided: bool
    by: str


def void_letter(house: House, number: RegisterNumber, *, reason: str, by: str) -> VoidedNumber:
    """Void a number in one transaction: state, audit event, outbox.

    Args:
        house: the office's house.
        number: year (CE) and running number.
        reason: why, in the person's words.
        by: the sign-in name of the person, a registrar or the head of the office.

    Raises:
        NumberUnknown: no letter has it.
        ActionRefused: the person may not, there is no reason, it is void already, or the case
            has gone too far (signed, dispatched, closed).
    """
    with house.sessions.begin() as session:
        actor = acting_person(session, by, _MAY)
        letter = find_letter(session, number)
        if letter is None:
            raise NumberUnknown("No letter has this number.", thai="ไม่มีเลขรับนี้ในทะเบียน")
        ended = void_number(session, letter, actor, reason=reason, at=house.clock())
        return VoidedNumber(
            register_number=str(number), case_id=letter.case_id, case_voided=ended, by=actor.name
        )
