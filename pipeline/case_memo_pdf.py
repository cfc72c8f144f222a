"""A version of a case's memo as PDF, drawn in a child process: a person may have handed it in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from correspondence.errors import MissingDependency, UnreadableInput
from correspondence.vocabulary import ReadOutcome
from pipeline.bootstrap import House
from pipeline.memo_file import MemoFile, memo_file
from pipeline.permissions import OpenedCase
from pipeline.writing_pdf import letter_pdf
from sandbox.faults import SandboxCrashed
from sandbox.limits import Limits
from sandbox.pool import SandboxPool

JOB: Final = "pipeline.case_memo_pdf:draw_memo"
LIMITS: Final = Limits(wall_seconds=90.0, cpu_seconds=60)
_NO_PROGRAM: Final = "missing_dependency"


def memo_pdf(house: House, case_id: int, version: int, opened: OpenedCase) -> MemoFile:
    """Return one version of a case's memo as PDF.

    Raises:
        CaseUnknown: no such case or version.
        CaseRestricted: the case is restricted and was not opened as such.
        BlobDamaged: the stored bytes are missing or do not match their hash.
        MissingDependency: LibreOffice is not installed.
        UnreadableInput: the memo cannot be drawn, or took too long.
        SandboxFault: the child failed.
    """
    memo = memo_file(house, case_id, version, opened)
    with SandboxPool(JOB, workers=1, limits=LIMITS) as pool:
        answer = pool.run(memo.content, {})
    outcome = str(answer.get("outcome", ""))
    if outcome == _NO_PROGRAM:
        raise MissingDependency(
            "LibreOffice is not installed.",
            thai="ยังไม่ได้ติดตั้ง LibreOffice",
            remedy="apt-get install libreoffice-writer-nogui",
        )
    if outcome != ReadOutcome.OK.value:
        known = ReadOutcome(outcome) if outcome in set(ReadOutcome) else ReadOutcome.DAMAGED
        raise UnreadableInput(known, "The memo cannot be drawn.", thai="ทำ PDF ของร่างฉบับนี้ไม่ได้")
    try:
        pdf = base64.b64decode(str(answer.get("pdf", "")), validate=True)
    except binascii.Error:
        # A child taken over by a hostile file could answer anything.
        raise SandboxCrashed("garbled_reply") from None
    return MemoFile(file_name=memo.file_name.removesuffix(".docx") + ".pdf", content=pdf)


def draw_memo(payload: bytes, _params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Draw a memo (.docx): `outcome`, and where it is `ok` also `pdf` (base64)."""
    try:
        pdf = letter_pdf(payload)
    except UnreadableInput as fault:
        return {"outcome": fault.outcome.value}
    except MissingDependency:
        return {"outcome": _NO_PROGRAM}
    except (ValueError, KeyError, OSError):
        # No zip, or not one of a document: letter_pdf expects one of ours.
        return {"outcome": ReadOutcome.DAMAGED.value}
    return {"outcome": ReadOutcome.OK.value, "pdf": base64.b64encode(pdf).decode()}
