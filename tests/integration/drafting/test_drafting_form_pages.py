"""The forms as pages: labels in their places, Thai page numbers, nothing lost when saved again.

Every form is drawn and saved again in one start of LibreOffice each;
`python -m benchmarks.form_pages` does so for 25 letters a form.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image, ImageDraw

from correspondence.classification import Classification
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import (
    Category,
    LetterKind,
    MemoForm,
    ReadMethod,
    ReadOutcome,
    Urgency,
)
from demo.samples.conversion import convert_to_pdf, save_again
from drafting import DraftRequest, draft_memo
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from office.letters import OutgoingKind, read_letters
from office.wording import read_wording
from pipeline.writing_pdf import letter_pdf, with_font

CONFIG = Path(__file__).resolve().parents[3] / "config"
CM = 72 / 2.54
FORMS = (*MemoForm, *OutgoingKind)
LETTER = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

\tด้วยสมาคมผู้ปกครองสมมุติจะจัดงานวันหนังสือเด็ก ในวันที่ ๒ เมษายน ๒๕๖๙ ณ หอประชุมตัวอย่าง จังหวัดเลย
\t๑. ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียนของโรงเรียนบ้านสมมุติ
\t๒. ขอให้แจ้งผลภายในวันที่ ๑๕ มีนาคม ๒๕๖๙
"""
# Where each label begins, centimetres from the left edge of the page, from top to bottom.
HEAD_OF_LETTER = {"ที่": 3.0, "สำนักงานรัฐมนตรี": 12.5, "เรื่อง": 3.0, "เรียน": 3.0}
END_OF_LETTER = {"ขอแสดงความนับถือ": 13.3, "หัวหน้าสำนักงานรัฐมนตรี": 12.9, "โทร": 3.0}
HEAD_OF_MEMO = {"บันทึกข้อความ": 8.9, "ส่วนราชการ": 3.0, "ที่ ": 3.0}
PLACES: Mapping[str, Mapping[str, float]] = {
    MemoForm.SUMMARY_MEMO: {
        "บันทึกสรุปเรื่อง": 9.2, "นำเสนอ รมว.ศธ. (ระบุชื่อ)": 3.0, "เรื่อง": 3.0, "จาก": 3.0,
        "เอกสารเลขที่": 3.0, "ลงวันที่": 9.4, "เลข สร": 14.7, "สรุปประเด็นสำคัญ": 3.0,
        "เรื่องเดิม (ถ้ามี)": 3.0, "ตรวจเสนอ": 3.0, "ข้อพิจารณา/ข้อกฎหมาย": 3.0, "ข้อเสนอ": 3.0,
        "เพื่อโปรด": 3.0, "(ลงชื่อ)": 12.75, "หัวหน้าสำนักงานรัฐมนตรี": 12.6,
    },
    MemoForm.DECISION_MEMO: {
        **HEAD_OF_MEMO, "วันที่": 11.3, "เรื่อง": 3.0, "เรียน": 3.0, "๑. ": 5.5,
        "๒. สร. ขอเรียนข้อมูลเพื่อประกอบการพิจารณา": 5.5, "๒.๑": 6.1,
        "๓. สร. ได้พิจารณาแล้วเห็นว่า": 5.5, "๔. เห็นควร": 5.5, "จึงเรียนมาเพื่อโปรด": 5.5,
        "(ลงชื่อ)": 12.75, "หัวหน้าสำนักงานรัฐมนตรี": 12.6,
    },
    OutgoingKind.ACKNOWLEDGEMENT: {**HEAD_OF_LETTER, "ตามที่ท่าน": 5.5, **END_OF_LETTER},
    OutgoingKind.MORE_NEEDED: {
        **HEAD_OF_LETTER, "ตามที่ท่าน": 5.5, "๑.": 5.5, "๒.": 5.5, **END_OF_LETTER,
    },
    OutgoingKind.REQUEST: {
        **HEAD_OF_LETTER, "ด้วยสำนักงานรัฐมนตรี": 5.5, "๑.": 5.5, "๒.": 5.5, **END_OF_LETTER,
    },
    OutgoingKind.COOPERATION: {
        **HEAD_OF_LETTER, "ด้วยสำนักงานรัฐมนตรี": 5.5, "๑.": 5.5, "๒.": 5.5, **END_OF_LETTER,
    },
    OutgoingKind.FORWARD: {
        **HEAD_OF_MEMO, "วันที่": 11.3, "เรื่อง": 3.0, "เรียน": 3.0, "ด้วย สร.": 5.5,
        "สิ่งที่ส่งมาด้วย": 3.0, "หัวหน้าสำนักงานรัฐมนตรี": 12.9,
    },
    OutgoingKind.THANKS: {**HEAD_OF_LETTER, "ตามที่": 5.5, **END_OF_LETTER},
    OutgoingKind.REMINDER: {
        **HEAD_OF_LETTER, "อ้างถึง": 3.0, "ตามหนังสือที่อ้างถึง": 5.5, **END_OF_LETTER,
    },
}  # fmt: skip

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is away")
forms = pytest.mark.parametrize("form", FORMS)


def _field(value: str, *, check: str = "") -> FieldValue:
    return FieldValue(
        value=value, raw=value, page=1, confidence=0.9, needs_check=bool(check)
    )  # fmt: skip


def _garuda() -> bytes:
    picture = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 239, 239), fill=(0, 0, 200))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _extraction() -> Extraction:
    page = PageText(number=1, text=LETTER, method=ReadMethod.NATIVE, quality=1.0)
    return Extraction(
        file="x", outcome=ReadOutcome.OK, media_type="text/plain", pages=(page,), text=LETTER,
        kind=LetterKind.CITIZEN_LETTER,
        fields=LetterFields(
            subject=_field("ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน"), urgency=_field("urgent"),
            document_number=_field("สผ ๐๑/๒๕", check="yes"), document_date=_field("2026-02-01"),
        ),
    )  # fmt: skip


def _memo(form: MemoForm) -> bytes:
    wording = read_wording(CONFIG)
    request = DraftRequest(
        extraction=_extraction(),
        classification=Classification(
            category=Category.COMPLAINT, subcategory="general_complaint", abstained=False,
            probabilities={"complaint": 0.9}, model_version="test",
        ),
        category_thai="ร้องทุกข์", subcategory_thai="ร้องทุกข์ทั่วไป",
        group_thai="กลุ่มรับเรื่องราวร้องทุกข์", due=None, register_number="7/2569",
        received_at=datetime(2026, 3, 1, 3, 0, tzinfo=UTC),
        wording=wording.model_copy(update={"garuda": _garuda()}),
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("drafting.memo.choose_form", lambda _: form)
        return draft_memo(request).docx


def _letter(kind: OutgoingKind, asks: tuple[str, ...] = ("ส่งเอกสาร", "แจ้งผล")) -> bytes:
    request = LetterRequest(
        kind=kind, extraction=_extraction(),
        category=Category.COMPLAINT, subcategory="general_complaint",
        group_thai="กลุ่มรับเรื่องราวร้องทุกข์", register_number="123/2569",
        received_at=datetime(2026, 8, 3, 2, 15, tzinfo=UTC), addressee="อธิบดีกรมตัวอย่าง",
        reply_by=date(2026, 9, 1), urgency=Urgency.URGENT, asks=asks, own=OwnLetter(),
        names=read_wording(CONFIG).names, phrases=read_wording(CONFIG).phrases,
        wording=read_letters(CONFIG), garuda=_garuda(),
    )  # fmt: skip
    return compose_letter(request).docx


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return {form: _memo(form) if isinstance(form, MemoForm) else _letter(form) for form in FORMS}


@pytest.fixture(scope="module")
def drawn(written: dict[str, bytes]) -> dict[str, bytes]:
    return convert_to_pdf({name: with_font(docx) for name, docx in written.items()})


@pytest.fixture(scope="module")
def saved(written: dict[str, bytes]) -> dict[str, bytes]:
    return save_again(written)


_MARKS = re.compile("[\\s\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0e32\u0e33]+")


def _lines(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """Return the letters of page 1 line by line with left and base in centimetres.

    Marks are left out: pdfplumber sorts some of them away from their consonant.
    """
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        letters = [
            (_MARKS.sub("", char["text"]), char["x0"] / CM, (page.height - char["matrix"][5]) / CM)
            for char in page.chars
            if _MARKS.sub("", char["text"])
        ]
    rows: dict[int, list[tuple[str, float, float]]] = {}
    for letter in sorted(letters, key=lambda letter: letter[1]):
        rows.setdefault(round(letter[2] * 10), []).append(letter)
    return [rows[base] for base in sorted(rows)]


def _at(lines: list[list[tuple[str, float, float]]], label: str, left: float) -> float | None:
    """Return the base of the first line, from the top, in which a label begins at a place."""
    wanted = _MARKS.sub("", label)
    for line in lines:
        text = "".join(letter[0] for letter, _, _ in line)
        place = text.find(wanted)
        while place >= 0:
            if abs(line[place][1] - left) < 0.25:
                return line[place][2]
            place = text.find(wanted, place + 1)
    return None


@forms
def test_labels_keep_their_places(form: str, drawn: dict[str, bytes]) -> None:
    lines, last = _lines(drawn[form]), 0.0
    for label, left in PLACES[form].items():
        base = _at(lines, label, left)
        assert base is not None, f"{label} does not begin {left} cm from the left"
        assert base >= last - 0.1, f"{label} stands too high"
        last = base
    assert all(line[0][1] > 2.9 and line[-1][1] < 19.1 for line in lines)


@forms
def test_the_garuda_and_the_mark_are_drawn(form: str, drawn: dict[str, bytes]) -> None:
    with pypdfium2.PdfDocument(drawn[form]) as document:
        image = document[0].render(scale=2).to_pil().convert("RGB")
    pixels = image.load()
    blue = [
        (x, y)
        for x in range(0, image.width, 2)
        for y in range(0, image.height // 3, 2)
        if pixels[x, y][2] > 150 > 60 > pixels[x, y][0]
    ]
    memo = form in (*MemoForm, OutgoingKind.FORWARD)
    height = (max(y for _, y in blue) - min(y for _, y in blue)) / 2 / CM
    assert height == pytest.approx(1.5 if memo else 3.0, abs=0.1)
    middle = sum(x for x, _ in blue) / len(blue) / 2 / CM
    assert middle == pytest.approx(3.75 if memo else 11.0, abs=0.4)
    reds = sum(
        pixels[x, y][0] > 150 and pixels[x, y][1] < 60
        for x in range(0, image.width, 2)
        for y in range(0, image.height // 3, 2)
    )
    assert reds > 40


def _texts(content: bytes) -> list[str]:
    body = Document(io.BytesIO(content)).element.body
    lines = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [" ".join(line.split()) for line in lines if line.strip()]


def _comments(content: bytes) -> list[str]:
    return [comment.text for comment in Document(io.BytesIO(content)).comments]


@forms
def test_saved_by_libreoffice_nothing_is_lost(
    form: str, written: dict[str, bytes], saved: dict[str, bytes]
) -> None:
    assert _texts(saved[form]) == _texts(written[form])
    assert _comments(saved[form]) == _comments(written[form])
    assert bool(_comments(saved[form])) or form not in set(MemoForm)
    sheet = Document(io.BytesIO(saved[form]))
    roots = (sheet.element.body, sheet.styles.element.find(qn("w:docDefaults")))
    fonts = [node.get(qn("w:cs")) for root in roots for node in root.iter(qn("w:rFonts"))]
    # What is the default need not be said again.
    assert set(fonts) <= {"TH SarabunPSK", None} and fonts[-1] == "TH SarabunPSK"


def test_comments_do_not_move_the_page(drawn: dict[str, bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("drafting.memo.note_checks", lambda docx, _: docx)
        plain = convert_to_pdf({"plain": with_font(_memo(MemoForm.SUMMARY_MEMO))})["plain"]
    noted = _lines(drawn[MemoForm.SUMMARY_MEMO])
    for before, after in zip(_lines(plain), noted, strict=True):
        assert before[0][2] == pytest.approx(after[0][2], abs=0.02)


def test_later_pages_carry_a_thai_number() -> None:
    asks = tuple(f"ส่งเอกสารหลักฐานรายการ{'ก' * (n + 1)} พร้อมคำชี้แจงของผู้เกี่ยวข้อง" for n in range(20))
    with pypdfium2.PdfDocument(letter_pdf(_letter(OutgoingKind.REQUEST, asks))) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) == 2
    assert re.search(r"–\s*๒\s*–", pages[1]) and "–" not in pages[0]
