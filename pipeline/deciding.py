"""Memo, review and signature: people draft, submit, approve, return, sign, reject, send, close."""

from __future__ import annotations

from correspondence.errors import ActionRefused
from pipeline.case_turn import CaseTurn
from pipeline.edited_memo import keep_memo
from registry.casework import draft_in_force, release_case
from registry.models import Draft
from registry.outbox import withdraw_messages
from registry.transitions import CaseChange
from registry.voiding import CASE_VOIDED


def take_plainly(turn: CaseTurn) -> None:
    """Take the edge; the table says all there is to it."""
    turn.take()


def submit_draft(turn: CaseTurn) -> None:
    """Put a memo before the reviewer: the one handed in, else the one in force."""
    memo = turn.request.memo
    version = keep_memo(turn, memo) if memo is not None else _draft(turn).version
    turn.take(CaseChange(draft_version=version))


def decide_on_draft(turn: CaseTurn) -> None:
    """Approve, return, sign or reject the memo in force; the trail names its version."""
    turn.take(CaseChange(draft_version=_draft(turn).version))


def edit_draft(turn: CaseTurn) -> None:
    """Keep the memo as somebody has edited it; the case stays where it is."""
    memo = turn.request.memo
    assert memo is not None  # the table demands it
    turn.take(CaseChange(draft_version=keep_memo(turn, memo)))


def approve_with_edits(turn: CaseTurn) -> None:
    """Approve the memo as the reviewer has edited it: a version of its own.

    Raises:
        ActionRefused: nothing was edited.
        MemoRefused: the memo is no plain .docx.
    """
    memo = turn.request.memo
    assert memo is not None  # the table demands it
    before = draft_in_force(turn.session, turn.case)
    version = keep_memo(turn, memo)
    if before is not None and before.version == version:
        raise ActionRefused(
            "Nothing was edited: approve it as it is.",
            thai="ยังไม่ได้แก้ไขร่าง หากเห็นชอบตามนี้ให้กด “เห็นชอบ”",
        )
    turn.take(CaseChange(draft_version=version))


def propose_transfer(turn: CaseTurn) -> None:
    """Propose that another agency takes the matter over; a second person decides."""
    agency = turn.request.agency
    turn.take(CaseChange(agency=agency), detail={"agency": agency})


def void_case(turn: CaseTurn) -> None:
    """Void a case with all its numbers; they stay burned, and what waits about it never leaves."""
    turn.end_assignment()
    turn.take()
    release_case(turn.case)
    withdraw_messages(turn.session, turn.case.id, CASE_VOIDED, at=turn.now)


def _draft(turn: CaseTurn) -> Draft:
    draft = draft_in_force(turn.session, turn.case)
    if draft is None:
        raise ActionRefused("There is no memo in force.", thai="เรื่องนี้ยังไม่มีร่างบันทึก")
    return draft
