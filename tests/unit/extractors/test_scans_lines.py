from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.digits.fonts import find_fonts
from extractors.scans.cleaner import Pixels
from extractors.scans.ink import HEIGHT, find_ink, usual_letter
from extractors.scans.lines import cut_out, find_lines
from extractors.scans.rules import without_rules

LETTER = 40


def blank(rows: int = 6) -> Pixels:
    return np.full((160 * rows, 1600), 255, dtype=np.uint8)


def letters(page: Pixels, top: int, lefts: range, size: int = LETTER) -> None:
    for left in lefts:
        page[top : top + size, left : left + size * 3 // 5] = 0


def test_letters_on_one_baseline_are_one_line_and_blanks_do_not_part_it() -> None:
    page = blank()
    letters(page, 100, range(100, 400, 30))
    letters(page, 100, range(460, 700, 30))
    letters(page, 260, range(100, 700, 30))
    lines = find_lines(find_ink(page))
    assert [(line.row, line.left, line.right) for line in lines] == [(0, 100, 694), (1, 100, 694)]
    assert lines[0].letter == LETTER


def test_a_wide_gap_parts_a_row_in_columns() -> None:
    page = blank()
    letters(page, 100, range(100, 400, 30))
    letters(page, 100, range(900, 1200, 30))
    lines = find_lines(find_ink(page))
    assert [line.row for line in lines] == [0, 0]
    assert lines[0].right < 420 < 900 <= lines[1].left


def test_marks_belong_to_the_letters_they_stand_on_and_are_no_line() -> None:
    page = blank()
    letters(page, 200, range(100, 700, 30))
    for left in range(105, 690, 90):
        page[178:192, left : left + 20] = 0
        page[160:170, left : left + 12] = 0
        page[246:260, left : left + 10] = 0
    ink = find_ink(page)
    (line,) = find_lines(ink)
    assert len(line.pieces) == len(ink.boxes) - 1


def test_small_print_under_large_print_keeps_its_own_size() -> None:
    page = blank()
    letters(page, 100, range(100, 1000, 48), size=60)
    letters(page, 260, range(100, 1000, 20), size=24)
    sizes = [line.letter for line in find_lines(find_ink(page))]
    assert sizes == [60, 24]


def test_dirt_and_pictures_are_no_lines() -> None:
    page = blank()
    letters(page, 100, range(100, 700, 30))
    page[400:800, 200:900] = 0
    page[350, 50:52] = 0
    assert len(find_lines(find_ink(page))) == 1
    assert find_lines(find_ink(blank())) == []


def test_the_image_of_a_line_has_its_own_ink_only() -> None:
    page = blank()
    letters(page, 100, range(100, 700, 30))
    page[150:158, 100:108] = 0
    letters(page, 170, range(100, 700, 30))
    ink = find_ink(page)
    first = find_lines(ink)[0]
    image, left = cut_out(ink, first, LETTER)
    assert left == 100 - round(0.4 * LETTER)
    rows = np.flatnonzero((image < 128).any(axis=1))
    assert rows[-1] - rows[0] < 1.5 * LETTER
    half, _ = cut_out(ink, first, LETTER / 2)
    assert half.shape[0] == pytest.approx(image.shape[0] / 2, abs=1)


def test_the_usual_letter_is_not_that_of_dots_and_marks() -> None:
    page = blank()
    letters(page, 100, range(100, 700, 30))
    for left in range(100, 1500, 8):
        page[300:303, left : left + 3] = 0
    assert usual_letter(find_ink(page).boxes) == pytest.approx(LETTER, abs=2)
    assert usual_letter(find_ink(blank()).boxes) == 0


def grid(page: Pixels, *, gap: int = 0) -> Pixels:
    """Return the page with a table's rules; a gap now and then as fax machines leave them."""
    ruled = page.copy()
    for top in (60, 180, 300):
        ruled[top : top + 4, 60:1200] = 0
    for left in (60, 620, 1196):
        ruled[60:304, left : left + 4] = 0
    if gap:
        ruled[:, 100::50][:, :1] = page[:, 100::50][:, :1]
    return ruled


@pytest.mark.parametrize("gap", [0, 1])
def test_rules_go_and_the_letters_between_them_stay(gap: int) -> None:
    page = blank()
    letters(page, 110, range(100, 500, 30))
    letters(page, 230, range(700, 1100, 30))
    ink = without_rules(find_ink(grid(page, gap=gap)))
    lines = find_lines(ink)
    assert [(line.row, line.left) for line in lines] == [(0, 100), (1, 700)]
    assert {int(height) for line in lines for height in ink.boxes[line.pieces, HEIGHT]} == {LETTER}


def test_a_stroke_across_a_rule_stays_whole() -> None:
    page = blank()
    letters(page, 110, range(100, 500, 30))
    page[140:220, 300:308] = 0
    ink = without_rules(find_ink(grid(page)))
    assert ink.labels[182, 303] > 0
    assert ink.labels[182, 400] == 0


def test_a_page_without_rules_is_the_same_object() -> None:
    page = blank()
    letters(page, 110, range(100, 500, 30))
    ink = find_ink(page)
    assert without_rules(ink) is ink


@pytest.mark.skipif("Garuda" not in find_fonts(), reason="needs fonts-thai-tlwg")
def test_every_mark_of_thai_words_is_on_its_line() -> None:
    face = next(path for path in find_fonts()["Garuda"] if path.stem == "Garuda")
    font = ImageFont.truetype(str(face), 62)
    image = Image.new("L", (1700, 900), 255)
    pen = ImageDraw.Draw(image)
    texts = ["ตั้งแต่นี้ดื่มน้ำที่นั้นก็ได้", "รู้ว่าผู้ใหญ่ยู่ที่ฐานกฎหมาย", "เรื่องสิ่งที่ส่งมาด้วย"]
    for row, text in enumerate(texts):
        pen.text((60, 60 + 130 * row), text, font=font, fill=0)
    ink = find_ink(np.asarray(image).copy())
    lines = find_lines(ink)
    assert [line.row for line in lines] == [0, 1, 2]
    assert sum(len(line.pieces) for line in lines) == len(ink.boxes) - 1
