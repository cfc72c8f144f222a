"""A memo that a person has written or edited: taken as a .docx, nothing else."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from correspondence.errors import SarabanError
from correspondence.memo import MemoDraft, MemoSection
from correspondence.vocabulary import MemoForm
from pipeline.case_turn import CaseTurn
from registry.casework import record_draft
from registry.models import Draft

_PARTS: Final = frozenset({"[Content_Types].xml", "word/document.xml"})
_MOST_PARTS: Final = 2000
_MOST_BYTES: Final = 200 * 2**20
_MACROS: Final = "vbaproject.bin"


class MemoRefused(SarabanError):
    """What was handed in as a memo is no plain .docx."""

    code = "memo_refused"


def keep_memo(turn: CaseTurn, docx: bytes) -> int:
    """Keep a person's memo as the next version and return that version.

    Parts that say what they said before make no version: only who accepted them is noted. The
    form is that of the memo before it. The bytes go to the blob store first: should the
    transaction fail, they stand there unused.

    Raises:
        MemoRefused: not a .docx, with macros, or unpacking to too much.
    """
    _check(docx)
    last = turn.session.scalars(
        select(Draft).where(Draft.case_id == turn.case.id).order_by(Draft.version.desc()).limit(1)
    ).first()
    sections = turn.request.sections
    if sections and last is not None and last.superseded_at is None and same_text(last, sections):
        last.sections = [section.model_dump(mode="json") for section in sections]
        return last.version
    memo = MemoDraft(
        form=MemoForm(last.form) if last else MemoForm.SUMMARY_MEMO,
        template_version=last.template_version if last else "",
        sections=sections,
        sentences=(),
        docx=docx,
    )
    sha256 = turn.house.blobs.put(docx)
    return record_draft(
        turn.session, turn.case, memo, sha256=sha256, made_by=turn.actor.name, at=turn.now
    )


def same_text(draft: Draft, sections: Sequence[MemoSection]) -> bool:
    """Tell whether parts say what a version says, whoever has accepted them."""
    stored = [(entry["label"], entry["text"]) for entry in draft.sections]
    return stored == [(section.label, section.text) for section in sections]


def _check(docx: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError):
        raise _refused() from None
    names = {part.filename for part in parts}
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise _refused()
    if not names >= _PARTS or any(name.lower().endswith(_MACROS) for name in names):
        raise _refused()


def _refused() -> MemoRefused:
    return MemoRefused("The memo is not a plain .docx file.", thai="แฟ้มบันทึกต้องเป็น .docx ที่ไม่มีมาโคร")
