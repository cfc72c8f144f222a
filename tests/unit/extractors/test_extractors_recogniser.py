from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from extractors import scan_cleaner
from extractors.recogniser import read_lines, recognise_page
from extractors.tesseract import Word, parse_table

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def word(text: str, left: int, line: int, *, height: int = 40, sure: float = 90.0) -> Word:
    return Word(text, left, 100 * line, 20 * len(text), height, sure, (1, 1, line))


def test_the_table_yields_words_and_skips_what_is_none() -> None:
    rows = [
        HEAD,
        "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t91.5\tเรื่อง",
        "5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t88\t ",
        "5\t1\t1\t1\t1\tx\tbroken\t20\t30\t40\t88\tx",
        '5\t1\t1\t1\t1\t3\t90\t20\t30\t40\t70\t"ขอ',
    ]
    words = parse_table("\n".join(rows))
    assert [found.text for found in words] == ["เรื่อง", '"ขอ']
    assert words[0].confidence == 91.5


def test_ghost_lines_are_dropped() -> None:
    words = [
        word("เรื่องขอความอนุเคราะห์", 0, 1),
        word("่้", 0, 2, height=9),
        word("กข", 0, 3, sure=12),
        word("เรียนผู้อำนวยการ", 0, 4),
    ]
    lines, confidence = read_lines(words)
    assert [text for _, text in lines] == ["เรื่องขอความอนุเคราะห์", "เรียนผู้อำนวยการ"]
    assert confidence == pytest.approx(0.9)


def test_pieces_are_joined_as_far_apart_as_they_stand() -> None:
    def piece(text: str, left: int, right: int) -> Word:
        return Word(text, left, 100, right - left, 40, 90.0, (1, 1, 1))

    pieces = [
        *(piece("ข", 0, 20), piece("อ", 30, 50), piece("ก", 70, 90), piece("า", 96, 110)),
        *(piece("ร", 124, 140), piece("เรียน", 180, 260), piece("กรม", 600, 660)),
        *(piece("Note", 700, 760), piece("Verbale", 770, 860)),
    ]
    lines, _ = read_lines(pieces)
    assert lines[0][1] == "ขอการ เรียน   กรม Note Verbale"


def test_nothing_recognised_is_no_text() -> None:
    assert read_lines([]) == ([], 0.0)
    assert recognise_page(Image.new("L", (400, 400), 255), 5).text == ""


def _striped(angle: float) -> scan_cleaner.Pixels:
    image = Image.new("L", (800, 1100), 255)
    draw = ImageDraw.Draw(image)
    for top in range(100, 1000, 40):
        draw.rectangle((100, top, 700, top + 12), fill=0)
    return np.asarray(image.rotate(angle, fillcolor=255))


@pytest.mark.parametrize("tilt", [-2.0, -0.7, 0.0, 1.2])
def test_the_tilt_of_a_page_is_found(tilt: float) -> None:
    assert scan_cleaner.find_tilt(_striped(tilt)) == pytest.approx(-tilt, abs=0.25)


def test_specks_go_and_letters_stay() -> None:
    page = _striped(0).copy()
    page[20:22, 20:22] = 0
    cleaned = scan_cleaner.clean(page)
    assert cleaned[20, 20] > 200
    assert cleaned[106, 300] < 50


def test_red_ink_goes_from_the_page_and_is_kept_apart() -> None:
    image = Image.new("RGB", (200, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 80, 60), fill=(220, 30, 40))
    draw.rectangle((20, 100, 80, 140), fill="black")
    assert scan_cleaner.grey_page(image)[40, 50] > 180
    assert scan_cleaner.grey_page(image)[120, 50] < 50
    red = scan_cleaner.red_ink(image)
    assert red is not None
    assert red[40, 50] == 0
    assert red[120, 50] == 255
    assert scan_cleaner.red_ink(Image.new("RGB", (200, 200), "white")) is None
