"""Letters read by the real readers: where their fields stand on the pictures of their pages."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf
from extractors.scans import engine
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown
from pipeline.case_view import case_view
from pipeline.ingest import ingest_files
from pipeline.letter_pages import PageDrawer
from pipeline.letter_view import LetterView
from registry.models import Letter
from tests.conftest import SetClock
from tests.seeding import small_house

pytestmark = [
    pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice"),
    pytest.mark.skipif(not engine.is_installed(), reason="needs Tesseract's Thai model"),
]

LETTER = (
    "ที่ ตย ๐๒๐๑/๑๒๓๔\n๑๒ พฤศจิกายน ๒๕๖๙\nเรื่อง ขอความอนุเคราะห์ใช้สถานที่จัดประชุมประจำปี\n"
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n"
    "ด้วยโรงเรียนตัวอย่างจะจัดประชุมผู้ปกครองในเดือนหน้า จึงขอใช้ห้องประชุมของกระทรวง\n"
    "จึงเรียนมาเพื่อโปรดพิจารณา\nขอแสดงความนับถือ\n(นายทดสอบ ระบบดี)\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = small_house(tmp_path_factory.mktemp("letter-pages"), SetClock(), workers=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def letters(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[int, LetterView]]:
    """The same letter as DOCX, PDF and tilted scan: by ending, its case and its view."""
    folder = tmp_path_factory.mktemp("files")
    written = write_docx(LETTER, font="Laksaman", language="th")
    pdf = convert_to_pdf({"letter": written})["letter"]
    files = {"docx": written, "pdf": pdf, "scan": scan_pdf(pdf, seed=(7,))}
    paths: list[Path] = []
    for name, data in files.items():
        path = folder / f"{name}.{'docx' if name == 'docx' else 'pdf'}"
        path.write_bytes(data)
        paths.append(path)
    ingest_files(house, paths)
    with house.sessions.begin() as session:
        cases = session.scalars(select(Letter.case_id).order_by(Letter.id)).all()
    return {
        name: (case_id, case_view(house, case_id).letters[0])
        for name, case_id in zip(files, cases, strict=True)
    }


@pytest.fixture(scope="module")
def drawer(house: House) -> Iterator[PageDrawer]:
    opened = PageDrawer(house)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", ["pdf", "scan"])
def test_a_field_stands_on_the_picture_where_it_was_read(
    letters: dict[str, tuple[int, LetterView]], drawer: PageDrawer, name: str
) -> None:
    case_id, letter = letters[name]
    (sheet,) = letter.sheets
    picture = Image.open(io.BytesIO(drawer.draw(case_id, letter.id, 1))).convert("L")
    assert sheet.width is not None and sheet.height is not None
    assert picture.height / picture.width == pytest.approx(sheet.height / sheet.width, rel=0.01)
    marks = {mark.name: mark.box for mark in sheet.marks if mark.kind == "field"}
    assert {"document_number", "subject", "addressee"} <= marks.keys()
    dark = np.asarray(picture) < 128
    height, width = dark.shape
    for field in ("document_number", "subject", "addressee"):
        box = marks[field]
        top, bottom = int(box.top * height), int(box.bottom * height) + 1
        left, right = int(box.left * width), int(box.right * width) + 1
        assert dark[top:bottom, left:right].mean() > 0.03
        # Above and below it is paper: the box has the line, and not half of another.
        line = bottom - top
        ink = dark[top - line // 4 : bottom + line // 4, left:right].sum()
        assert dark[top:bottom, left:right].sum() > 0.8 * ink


def test_a_word_document_is_laid_out_once_and_its_pages_are_known_then(
    house: House, letters: dict[str, tuple[int, LetterView]], drawer: PageDrawer
) -> None:
    case_id, letter = letters["docx"]
    assert [sheet.number for sheet in letter.sheets] == [1]
    picture = Image.open(io.BytesIO(drawer.draw(case_id, letter.id, 1)))
    assert picture.width == pytest.approx(1240, abs=3)
    kept = sorted(
        path.suffix for path in (house.settings.home_folder / "cache" / "pages").iterdir()
    )
    assert {".pdf", ".pages"} <= set(kept)
    with pytest.raises(CaseUnknown):
        drawer.draw(case_id, letter.id, 2)
