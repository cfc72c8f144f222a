"""One version of a case's memo, to hand out."""

from __future__ import annotations

from correspondence.reading import Frozen
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown, opened_row
from pipeline.permissions import OpenedCase
from registry.engine import open_snapshot
from registry.numbers import RegisterNumber


class MemoFile(Frozen):
    """A memo to hand out: bytes and a plain ASCII file name."""

    file_name: str
    content: bytes


def memo_file(
    house: House, case_id: int, version: int, opened: OpenedCase | None = None
) -> MemoFile:
    """Return one version of a case's memo.

    Raises:
        CaseUnknown: no such case or version.
        CaseRestricted: the case is restricted and was not opened as such.
        BlobDamaged: the stored bytes are missing or do not match their hash.
    """
    with open_snapshot(house.sessions) as session:
        case = opened_row(session, case_id, opened)
        draft = next((draft for draft in case.drafts if draft.version == version), None)
        if draft is None:
            raise CaseUnknown("No such draft.", thai="ไม่พบร่างบันทึกฉบับนี้")
        sha256 = draft.sha256
        letter = case.letters[0] if case.letters else None
        number = RegisterNumber.of(letter) if letter else None
    named = str(number).replace("/", "-") if number else f"case-{case_id}"
    return MemoFile(file_name=f"memo-{named}-v{version}.docx", content=house.blobs.get(sha256))
