"""Write the described forms as .docx files whose bytes are the same at every build."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from docx.document import Document as Sheet

from correspondence.vocabulary import MemoForm
from drafting.forms.copy_form import copy_form
from drafting.forms.covering_form import covering_form
from drafting.forms.decision_form import decision_form
from drafting.forms.letter_form import letter_form
from drafting.forms.summary_form import summary_form


class LetterSheet(StrEnum):
    """What the office's own letters are written on; the value names the template."""

    LETTER = "outgoing_letter"
    COVERING_MEMO = "covering_memo"
    REDACTED_COPY = "redacted_copy"


Form = MemoForm | LetterSheet
FORMS: Mapping[Form, Callable[[], Sheet]] = MappingProxyType(
    {
        MemoForm.SUMMARY_MEMO: summary_form,
        MemoForm.DECISION_MEMO: decision_form,
        LetterSheet.LETTER: letter_form,
        LetterSheet.COVERING_MEMO: covering_form,
        LetterSheet.REDACTED_COPY: copy_form,
    }
)
_EPOCH = (2026, 1, 1, 0, 0, 0)


def template_name(form: Form) -> str:
    """Return the file name of a form's template."""
    return f"{form.value}.docx"


def form_bytes(form: Form) -> bytes:
    """Return the template of a form as .docx bytes, free of build times."""
    sheet = FORMS[form]()
    moment = datetime(*_EPOCH, tzinfo=UTC)
    sheet.core_properties.created = sheet.core_properties.modified = moment
    sheet.core_properties.revision = 1
    raw, fixed = BytesIO(), BytesIO()
    sheet.save(raw)
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in sorted(source.infolist(), key=lambda item: item.filename):
            part = zipfile.ZipInfo(entry.filename, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(entry.filename))
    return fixed.getvalue()


def build_forms(folder: Path) -> tuple[Path, ...]:
    """Write every form's template into a folder and return the paths."""
    paths = []
    for form in FORMS:
        path = folder / template_name(form)
        path.write_bytes(form_bytes(form))
        paths.append(path)
    return tuple(paths)
