"""Which case a mail that answers something belongs to; where that is not sure, a person decides.

A register number alone proves nothing: anybody can write it. It counts where the case knows the
sender's address. The Message-ID of a mail of the case is known to its correspondents only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from correspondence.vocabulary import CaseState
from registry.threads import ThreadCases

# A mail never opens these again; people do.
ENDED = frozenset({CaseState.CLOSED, CaseState.DUPLICATE, CaseState.VOIDED})


class AnswerDoubt(StrEnum):
    """Why a mail is not put into the case it points to."""

    STRANGER = "stranger"
    SEVERAL = "several"
    ENDED = "ended"
    AUTOMATIC = "automatic"

    def thai(self, number: str, state: CaseState) -> str:
        """Return the reason for a person; names the register number only."""
        return _REASONS[self].format(number=number, state=state.thai)


_REASONS = {
    AnswerDoubt.STRANGER: "อีเมลอ้างเลขรับ {number} แต่ไม่ได้มาจากที่อยู่อีเมลซึ่งปรากฏในเรื่องนั้น",
    AnswerDoubt.SEVERAL: "อีเมลอ้างถึงหลายเรื่อง รวมทั้งเลขรับ {number}",
    AnswerDoubt.ENDED: (
        "อีเมลตอบเรื่องเลขรับ {number} ซึ่งอยู่ในสถานะ “{state}” โปรดพิจารณาว่าจะเปิดเรื่องอีกหรือไม่"
    ),
    AnswerDoubt.AUTOMATIC: "ข้อความตอบกลับอัตโนมัติที่เจ้าหน้าที่ให้รับไว้ อ้างถึงเลขรับ {number}",
}


@dataclass(frozen=True, slots=True)
class AnswerDecision:
    """The case to join, or those to suggest and why; neither for a mail that answers nothing."""

    case_id: int | None = None
    suggested: tuple[int, ...] = ()
    doubt: AnswerDoubt | None = None


def decide_answer(
    found: ThreadCases, states: Mapping[int, CaseState], *, automatic: bool
) -> AnswerDecision:
    """Return what becomes of a mail.

    Args:
        found: the cases its claims lead to.
        states: the state of each of them.
        automatic: an automatic mail, though a person let it through; it never joins a case.
    """
    pointed = found.thread | found.named
    if not pointed:
        return AnswerDecision()
    case_id, doubt = _one_case(found)
    if case_id is not None and automatic:
        doubt = AnswerDoubt.AUTOMATIC
    elif case_id is not None and states[case_id] in ENDED:
        doubt = AnswerDoubt.ENDED
    if doubt is None:
        return AnswerDecision(case_id=case_id)
    return AnswerDecision(suggested=tuple(sorted(pointed)), doubt=doubt)


def _one_case(found: ThreadCases) -> tuple[int | None, AnswerDoubt | None]:
    by_headers = found.answered if len(found.answered) == 1 else found.thread
    if len(by_headers) > 1:
        return None, AnswerDoubt.SEVERAL
    if by_headers:
        (case_id,) = by_headers
        agreed = not found.named or case_id in found.named
        return (case_id, None) if agreed else (None, AnswerDoubt.SEVERAL)
    if len(found.named) > 1:
        return None, AnswerDoubt.SEVERAL
    (case_id,) = found.named
    return (case_id, None) if found.known else (None, AnswerDoubt.STRANGER)
