"""Draft a case's memo anew from its letter as it stands, with what people have corrected in it."""

from __future__ import annotations

from drafting.memo import draft_memo
from pipeline.case_turn import CaseTurn
from pipeline.casework import draft_request
from registry.casework import MACHINE_DRAFT, record_draft
from registry.transitions import CaseChange


def redraft(turn: CaseTurn) -> None:
    """Make the machine's next version of the memo; every earlier version is kept.

    The letter's fields are those people have corrected; category, group and due date are the
    case's own. No language model is asked: the case is locked meanwhile.

    Raises:
        ActionRefused: the letter carries a secrecy mark; such letters are not drafted.
        ConfigurationFault: a template is missing.
    """
    memo = draft_memo(draft_request(turn.house, turn.session, turn.case, None))
    # Should the transaction fail, the bytes stand in the store unused.
    sha256 = turn.house.blobs.put(memo.docx)
    version = record_draft(
        turn.session, turn.case, memo, sha256=sha256, made_by=MACHINE_DRAFT, at=turn.now
    )
    turn.take(CaseChange(draft_version=version))
