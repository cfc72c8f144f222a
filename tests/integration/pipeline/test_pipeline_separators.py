"""Scans of several letters with separator sheets: real pages, tilted, speckled, recognised."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from correspondence.vocabulary import Channel, IntakeOutcome
from demo.samples.catalogue import load_samples
from demo.samples.conversion import convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf
from drafting.separator_sheet import draw_separator
from extractors.request import ReadingLimits, ReadingRequest
from extractors.scan_parts import part_scan
from extractors.scans.separators import SeparatorMarks
from office.sources import Separator
from pipeline.bootstrap import House
from pipeline.casework import drain_cases
from pipeline.ingest import ingest_files
from pipeline.item_reading import ItemReading
from pipeline.reading_job import read_item
from pipeline.stamping import stamp_number
from registry.models import AuditEvent, Case, CaseLink, IntakeItem, Letter
from registry.numbers import RegisterNumber

TEXT = Separator().text
MARKS = SeparatorMarks(text=TEXT)
PDF = "application/pdf"
LETTERS = ("complaint-canteen-fees", "stamped-asset-survey")


@lru_cache(maxsize=1)
def letter_pdfs() -> tuple[bytes, ...]:
    """The clean PDFs of two sample letters."""
    samples = {sample.id: sample for sample in load_samples()}
    made = convert_to_pdf(
        {name: write_docx(samples[name].text, font="Norasi", language="th") for name in LETTERS}
    )
    return tuple(made[name] for name in LETTERS)


def join(*pdfs: bytes) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for pdf in pdfs:
        whole.import_pages(pypdfium2.PdfDocument(pdf))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def blank() -> bytes:
    empty = pypdfium2.PdfDocument.new()
    empty.new_page(595, 842)
    out = io.BytesIO()
    empty.save(out)
    return out.getvalue()


def page_count(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


def spans(pdf: bytes, marks: SeparatorMarks = MARKS) -> list[tuple[int, int]] | None:
    parts = part_scan(pdf, PDF, ReadingRequest(), marks)
    if parts is None:
        return None
    for part in parts:
        assert page_count(part.data) == part.last_page - part.first_page + 1
    return [(part.first_page, part.last_page) for part in parts]


def text_page(lines: int = 30) -> bytes:
    """A page full of lines of ink."""
    page = np.full((1754, 1240), 255, np.uint8)
    for line in range(lines):
        for word in range(12):
            left = 120 + word * 85
            page[150 + line * 48 : 162 + line * 48, left : left + 62] = 0
    out = io.BytesIO()
    Image.fromarray(page).save(out, format="PDF", resolution=150)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_a_scanned_sheet_parts_two_letters(seed: int) -> None:
    batch = join(text_page(), text_page(), draw_separator(TEXT), text_page())
    assert spans(scan_pdf(batch, seed=(seed,))) == [(1, 2), (4, 4)]


def test_a_sheet_scanned_upside_down_or_across_still_parts() -> None:
    sheet = pypdfium2.PdfDocument(draw_separator(TEXT))
    for turn in (90, 180, 270):
        sheet[0].set_rotation(turn)
        out = io.BytesIO()
        sheet.save(out)
        assert spans(join(text_page(), out.getvalue(), text_page())) == [(1, 1), (3, 3)]


def test_sheets_in_front_behind_and_in_a_row_make_no_empty_letter() -> None:
    sheet = draw_separator(TEXT)
    batch = join(sheet, text_page(), sheet, sheet, text_page(), sheet)
    assert spans(batch) == [(2, 2), (5, 5)]
    assert spans(sheet) == []


def test_the_blank_back_of_a_sheet_belongs_to_no_letter() -> None:
    sheet, back = draw_separator(TEXT), blank()
    batch = join(text_page(), back, sheet, back, text_page(), back)
    assert spans(scan_pdf(batch, seed=(9,))) == [(1, 2), (5, 6)]


def test_blank_pages_part_letters_only_where_so_set() -> None:
    batch = scan_pdf(join(text_page(), blank(), text_page()), seed=(2,))
    assert spans(batch) is None
    assert spans(batch, MARKS.model_copy(update={"blank_pages": True})) == [(1, 1), (3, 3)]


def test_another_code_or_a_letter_that_shows_the_code_parts_nothing() -> None:
    assert spans(join(text_page(), draw_separator("ANOTHER"), text_page())) is None
    letter = Image.open(io.BytesIO(_picture(text_page())))
    code = Image.open(io.BytesIO(_picture(draw_separator(TEXT)))).crop((330, 450, 920, 1010))
    letter.paste(code.resize((300, 300)), (850, 1350))
    out = io.BytesIO()
    letter.save(out, format="PDF", resolution=150)
    assert spans(join(text_page(), out.getvalue(), text_page())) is None


def _picture(pdf: bytes) -> bytes:
    out = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L").save(out, "PNG")
    return out.getvalue()


def test_a_tiff_of_many_pages_is_parted_alike() -> None:
    pages = [
        Image.open(io.BytesIO(_picture(pdf)))
        for pdf in (text_page(), draw_separator(TEXT), text_page(), text_page())
    ]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    parts = part_scan(out.getvalue(), "image/tiff", ReadingRequest(), MARKS)
    assert parts is not None
    assert [(part.first_page, part.last_page) for part in parts] == [(1, 1), (3, 4)]
    with Image.open(io.BytesIO(parts[1].data)) as image:
        assert image.n_frames == 2  # type: ignore[attr-defined]


def test_a_scan_longer_than_is_read_waits_for_a_person() -> None:
    batch = join(text_page(), draw_separator(TEXT), text_page(), text_page())
    read = ItemReading.model_validate(
        read_item(
            join(*[batch] * 60),
            {"name": "a.pdf", "separator": MARKS.model_dump(), "passwords": []},
        )
    )
    assert ReadingLimits().pages < 240
    assert read.refusal is not None
    assert (read.refusal.code, read.apart) == ("scan_too_long", ())


def test_damage_is_left_to_the_reader() -> None:
    assert part_scan(b"%PDF-1.7 broken", PDF, ReadingRequest(), MARKS) is None
    assert part_scan(b"II*\x00broken", "image/tiff", ReadingRequest(), MARKS) is None
    assert part_scan(b"text", "text/plain", ReadingRequest(), MARKS) is None


def test_a_scan_of_two_letters_becomes_two_cases_and_one_row(house: House, tmp_path: Path) -> None:
    first, second = letter_pdfs()
    path = tmp_path / "สแกน.pdf"
    path.write_bytes(scan_pdf(join(first, draw_separator(TEXT), second), seed=(5,)))
    (done,) = ingest_files(house, [path], channel=Channel.SCAN)
    assert done.outcome is IntakeOutcome.REGISTERED
    assert done.register_numbers == ("1/2569", "2/2569")
    assert drain_cases(house, "tests")["failed"] == 0
    between = page_count(first) + 1
    with house.sessions.begin() as session:
        assert len(session.scalars(select(IntakeItem)).all()) == 1
        letters = session.scalars(select(Letter).order_by(Letter.part)).all()
        assert len({letter.case_id for letter in letters}) == 2
        assert [(a.first_page, a.last_page) for row in letters for a in row.attachments] == [
            (1, page_count(first)),
            (between + 1, between + page_count(second)),
        ]
        texts = ["".join(page.text for page in letter.pages) for letter in letters]
        assert "อาหารกลางวัน" in texts[0]
        assert "อาหารกลางวัน" not in texts[1]
        assert not any("แผ่นคั่น" in text for text in texts)
        assert session.scalars(select(CaseLink).where(CaseLink.kind == "same_file")).all() == []
        for case in session.scalars(select(Case)).all():
            begun = select(AuditEvent.action).where(AuditEvent.case_id == case.id)
            actions = session.scalars(begun.order_by(AuditEvent.id)).all()
            assert actions[0] in ("settle_intake", "register_part")
    stamped = stamp_number(house, RegisterNumber(2026, 2))
    assert page_count(stamped.content) == page_count(second)


def test_a_scan_by_another_channel_is_not_parted(house: House, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    first, second = letter_pdfs()
    path.write_bytes(join(first, draw_separator(TEXT), second))
    (done,) = ingest_files(house, [path], channel=Channel.HAND)
    assert done.register_numbers == ("1/2569",)


def test_a_letter_that_cannot_be_read_keeps_all_of_the_scan_waiting(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(join(letter_pdfs()[0], draw_separator(TEXT), text_page(40)))
    (done,) = ingest_files(house, [path], channel=Channel.SCAN)
    assert (done.outcome, done.register_numbers) == (IntakeOutcome.HELD, ())
    with house.sessions.begin() as session:
        assert session.scalars(select(IntakeItem.reason_code)).one() == "scan_part_unread"


def test_one_secret_letter_withholds_the_whole_scan() -> None:
    secret = write_docx("ลับมาก\n\n\tเรื่องที่ไม่ควรอ่าน\n\n^^ลับมาก", font="Norasi", language="th")
    (pdf,) = convert_to_pdf({"s": secret}).values()
    read = ItemReading.model_validate(
        read_item(
            join(letter_pdfs()[0], draw_separator(TEXT), pdf),
            {"name": "a.pdf", "separator": MARKS.model_dump(), "passwords": []},
        )
    )
    assert read.extraction.outcome == "secret"
    assert (read.apart, read.carried, read.restricted, read.extraction.text) == ((), (), (), "")
