"""The memo through LibreOffice: it opens, the labels stand in the form's order, it saves again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from correspondence.classification import Classification
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Category, MemoForm, ReadMethod, ReadOutcome
from drafting import DraftRequest, draft_memo
from drafting.forms.decision_form import LABELS as DECISION_LABELS
from drafting.forms.summary_form import LABELS as SUMMARY_LABELS
from office.wording import read_wording

CONFIG = Path(__file__).resolve().parents[3] / "config"
LETTER = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

\tด้วยสมาคมผู้ปกครองสมมุติจะจัดงานวันหนังสือเด็ก ในวันที่ ๒ เมษายน ๒๕๖๙ ณ หอประชุมตัวอย่าง จังหวัดเลย
\tจึงเรียนมาเพื่อโปรดพิจารณา และแจ้งผลภายในวันที่ ๑๕ มีนาคม ๒๕๖๙
"""

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is away")


def _request(subject: str) -> DraftRequest:
    page = PageText(number=1, text=LETTER, method=ReadMethod.NATIVE, quality=1.0)
    return DraftRequest(
        extraction=Extraction(
            file="letter.txt", outcome=ReadOutcome.OK, media_type="text/plain", pages=(page,),
            text=LETTER, fields=LetterFields(subject=FieldValue(value=subject)),
        ),
        classification=Classification(
            category=Category.GENERAL, subcategory="invitation", abstained=False,
            probabilities={"general": 0.9}, model_version="test",
        ),
        category_thai="บริหารงานทั่วไป", subcategory_thai="คำเชิญ", group_thai="กลุ่มบริหารงานทั่วไป",
        due=None, register_number="7/2569", received_at=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
        wording=read_wording(CONFIG),
    )  # fmt: skip


def _convert(source: Path, kind: str, profile: Path) -> Path:
    target = source.parent / "converted"
    process = subprocess.Popen(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
         kind, "--outdir", str(target), str(source)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.wait(timeout=120) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return target / f"{source.stem}.{kind}"


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+", "", text)


@pytest.mark.parametrize(
    ("subject", "form", "labels"),
    [
        ("เชิญร่วมงานวันหนังสือเด็ก", MemoForm.SUMMARY_MEMO, SUMMARY_LABELS),
        ("ขออนุมัติเข้าร่วมงาน", MemoForm.DECISION_MEMO, DECISION_LABELS),
    ],
)
def test_the_rendered_memo_has_its_labels_in_order_and_survives_a_save(
    tmp_path, subject, form, labels
):
    draft = draft_memo(_request(subject))
    assert draft.form is form
    source = tmp_path / "memo.docx"
    source.write_bytes(draft.docx)
    rendered = pypdfium2.PdfDocument(str(_convert(source, "pdf", tmp_path / "profile")))
    text = "".join(page.get_textpage().get_text_range() for page in rendered)
    assert len(rendered) <= 2
    rendered.close()
    # Marks are left out: LibreOffice places some of them apart from their consonant in a PDF.
    flat, position = _squeezed(text), 0
    for label in labels:
        position = flat.find(_squeezed(label), position)
        assert position >= 0, label
        position += 1
    saved = Document(BytesIO(_convert(source, "docx", tmp_path / "profile").read_bytes()))
    kept = "\n".join(p.text for p in saved.paragraphs)
    assert "วันหนังสือเด็ก" in kept and "๑๕ มีนาคม ๒๕๖๙" in kept
