"""The forms as pages: labels in their places, Thai page numbers, nothing lost when saved again."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image, ImageDraw

from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Category, LetterKind, ReadMethod, ReadOutcome, Urgency
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from extractors.soffice import convert
from office.letters import OutgoingKind, read_letters
from office.wording import read_wording
from pipeline.writing_pdf import letter_pdf

CONFIG = Path(__file__).resolve().parents[3] / "config"
CM = 72 / 2.54
# One of each sheet in CI; `python -m benchmarks.form_pages` draws all forms for 25 letters.
DRAWN = (OutgoingKind.REQUEST, OutgoingKind.FORWARD)

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is away")


def _field(value: str) -> FieldValue:
    return FieldValue(value=value, raw=value, page=1, confidence=0.9)


def _garuda() -> bytes:
    picture = Image.new("RGB", (240, 240), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 239, 239), fill=(0, 0, 200))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _written(kind: OutgoingKind, garuda: bytes | None = None, asks: tuple[str, ...] = ()) -> bytes:
    text = "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\nขอให้ตรวจสอบการจัดซื้อโต๊ะเรียนของโรงเรียนบ้านสมมุติ"
    page = PageText(number=1, text=text, method=ReadMethod.NATIVE, quality=1.0)
    request = LetterRequest(
        kind=kind,
        extraction=Extraction(
            file="x", outcome=ReadOutcome.OK, media_type="text/plain", pages=(page,), text=text,
            kind=LetterKind.CITIZEN_LETTER,
            fields=LetterFields(subject=_field("ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน")),
        ),
        category=Category.COMPLAINT, subcategory="general_complaint",
        group_thai="กลุ่มรับเรื่องราวร้องทุกข์", register_number="123/2569",
        received_at=datetime(2026, 8, 3, 2, 15, tzinfo=UTC), addressee="อธิบดีกรมตัวอย่าง",
        reply_by=date(2026, 9, 1), urgency=Urgency.URGENT, asks=asks, own=OwnLetter(),
        names=read_wording(CONFIG).names, wording=read_letters(CONFIG), garuda=garuda,
        phrases=read_wording(CONFIG).phrases,
    )  # fmt: skip
    return compose_letter(request).docx


@pytest.fixture(scope="module", params=DRAWN)
def drawn(request: pytest.FixtureRequest) -> Iterator[tuple[OutgoingKind, bytes, bytes]]:
    docx = _written(request.param, _garuda())
    yield request.param, docx, letter_pdf(docx)


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


def _first(lines: list[list[tuple[str, float, float]]], label: str) -> tuple[float, float]:
    """Return left and base of a label where it is first found, from the top."""
    wanted = _MARKS.sub("", label)
    for line in lines:
        place = _joined(line).find(wanted)
        if place >= 0:
            return line[place][1:]
    raise AssertionError(f"{label} is not on the page")


def _begins(lines: list[list[tuple[str, float, float]]], label: str) -> tuple[float, float]:
    """Return left and base of the first line that begins with a label."""
    wanted = _MARKS.sub("", label)
    return next(line[0][1:] for line in lines if _joined(line).startswith(wanted))


def _joined(line: list[tuple[str, float, float]]) -> str:
    return "".join(text[0] for text, _, _ in line)


def test_labels_keep_their_places(drawn: tuple[OutgoingKind, bytes, bytes]) -> None:
    kind, _, pdf = drawn
    places = _lines(pdf)
    at = {label: _begins(places, label) for label in ("ที่", "เรื่อง", "เรียน")}
    assert all(left == pytest.approx(3.0, abs=0.15) for left, _ in at.values())
    assert at["ที่"][1] < at["เรื่อง"][1] < at["เรียน"][1]
    assert all(line[0][1] > 2.9 for line in places)
    if kind is OutgoingKind.FORWARD:
        assert _first(places, "ส่วนราชการ")[1] < at["ที่"][1]
        assert _first(places, "วันที่")[0] > 9
        assert _first(places, "บันทึกข้อความ")[0] > 6
        return
    agency = _first(places, "สำนักงานรัฐมนตรี")
    # The agency stands at the right, on the line of ที่, by the feet of the Garuda.
    assert agency[0] == pytest.approx(12.5, abs=0.2) and agency[1] == pytest.approx(
        at["ที่"][1], abs=0.2
    )
    assert 3.8 < agency[1] < 5.0
    assert _first(places, "ขอแสดงความนับถือ")[0] > 10.5
    body = _first(places, "ด้วยสำนักงานรัฐมนตรี")
    assert body[0] == pytest.approx(5.5, abs=0.2)


def test_the_garuda_and_the_mark_are_drawn(drawn: tuple[OutgoingKind, bytes, bytes]) -> None:
    kind, _, pdf = drawn
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2).to_pil().convert("RGB")
    pixels = image.load()
    blue = [
        (x, y)
        for x in range(0, image.width, 2)
        for y in range(0, image.height, 2)
        if pixels[x, y][2] > 150 > 60 > pixels[x, y][0]
    ]
    height = (max(y for _, y in blue) - min(y for _, y in blue)) / 2 / CM
    assert height == pytest.approx(1.5 if kind is OutgoingKind.FORWARD else 3.0, abs=0.1)
    middle = sum(x for x, _ in blue) / len(blue) / 2 / CM
    assert middle == pytest.approx(3.75 if kind is OutgoingKind.FORWARD else 11.0, abs=0.4)
    reds = sum(
        pixels[x, y][0] > 150 and pixels[x, y][1] < 60
        for x in range(0, image.width, 2)
        for y in range(0, image.height // 3, 2)
    )
    assert reds > 40


def test_saved_by_libreoffice_nothing_is_lost(drawn: tuple[OutgoingKind, bytes, bytes]) -> None:
    _, docx, _ = drawn
    saved = convert(docx, "docx", "docx", 90)

    def texts(content: bytes) -> list[str]:
        body = Document(io.BytesIO(content)).element.body
        lines = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
        return [" ".join(line.split()) for line in lines if line.strip()]

    assert texts(saved) == texts(docx)
    sheet = Document(io.BytesIO(saved))
    roots = (sheet.element.body, sheet.styles.element.find(qn("w:docDefaults")))
    fonts = [node.get(qn("w:cs")) for root in roots for node in root.iter(qn("w:rFonts"))]
    # What is the default need not be said again.
    assert set(fonts) <= {"TH SarabunPSK", None} and fonts[-1] == "TH SarabunPSK"


def test_later_pages_carry_a_thai_number() -> None:
    asks = tuple(f"ส่งเอกสารหลักฐานรายการ{'ก' * (n + 1)} พร้อมคำชี้แจงของผู้เกี่ยวข้อง" for n in range(18))
    with pypdfium2.PdfDocument(letter_pdf(_written(OutgoingKind.REQUEST, asks=asks))) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) == 2
    assert re.search(r"–\s*๒\s*–", pages[1]) and "–" not in pages[0]
