from __future__ import annotations

import pypdfium2
import pytest

from extractors.normaliser import normalise
from extractors.text_layer import raw_text, read_layer, rebuilt_text

# Width of every glyph in points at size 20, and the line the glyphs stand on.
WIDE, BASE = 10, 700
Drawn = tuple[str, float] | tuple[str, float, float]


def draw(*drawn: Drawn, rules: str = "") -> pypdfium2.PdfTextPage:
    """Return a page with glyphs in this order: what each says, where from the left, which line.

    `rules` are drawn before: operators of a PDF's content.
    """
    codes = {text: 65 + number for number, text in enumerate(dict.fromkeys(g[0] for g in drawn))}
    lines = [
        f"1 0 0 1 {glyph[1]} {glyph[2] if len(glyph) == 3 else BASE} Tm <{codes[glyph[0]]:02X}> Tj"
        for glyph in drawn
    ]
    content = f"{rules} BT /F 20 Tf " + " ".join(lines) + " ET"
    says = "\n".join(f"<{code:02X}> <{ord(text):04X}>" for text, code in codes.items())
    mapping = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(codes)} beginbfchar\n"
        f"{says}\nendbfchar endcmap end"
    )
    widths = " ".join(str(WIDE * 50) for _ in range(60))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(content)} >> stream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Sample /FirstChar 65 /LastChar 124"
        f" /Widths [{widths}] /ToUnicode 6 0 R >>",
        f"<< /Length {len(mapping)} >> stream\n{mapping}\nendstream",
    ]
    file = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj {body} endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = len(file)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    file += f"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n{end}\n%%EOF".encode()
    return pypdfium2.PdfDocument(file)[0].get_textpage()


def test_a_mark_given_much_later_stands_on_its_own_and_never_on_a_leading_vowel() -> None:
    page = draw(("น", 100), ("ี", 102), ("เ", 110), ("ห", 120), ("น", 100, 650), ("้", 105.5))
    assert rebuilt_text(page, 99) == "นี้เห\nน"


def test_marks_go_to_the_letter_they_stand_over() -> None:
    page = draw(("ค", 100), ("ร", 112), ("้", 114), ("ั", 113), ("ง", 124))
    assert normalise(rebuilt_text(page, 99) or "") == "ครั้ง"


def test_a_blank_that_is_drawn_parts_words_however_narrow() -> None:
    page = draw(("ค", 100), (" ", 109), ("า", 112))
    assert rebuilt_text(page, 99) == "ค า"


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    page = draw(("ก", 100), ("L", 110), ("-", 120), ("6", 100, 670), ("9", 110, 670))
    assert rebuilt_text(page, 99) == "กL-\n69"
    assert "L-" in raw_text(page)


def test_a_wide_gap_parts_columns_and_a_narrow_one_words() -> None:
    page = draw(("ก", 100), ("ข", 119), ("ค", 200))
    assert rebuilt_text(page, 99) == "ก ข   ค"


def test_a_page_is_read_as_far_as_the_limit() -> None:
    page = draw(("ก", 100), ("ข", 110), ("ค", 120))
    assert rebuilt_text(page, 2) == "กข"


# Two columns and two rows, the first twice as high.
GRID = "1 w " + " ".join(
    [f"{x} 600 m {x} 720 l S" for x in (90, 150, 210)]
    + [f"90 {y} m 210 {y} l S" for y in (600, 640, 720)]
)
CELLS: tuple[Drawn, ...] = (
    *(("ก", 100, 700), ("ข", 135, 700), ("ค", 100, 660)),
    *(("ง", 160, 700), ("จ", 100, 610), ("ฉ", 160, 610)),
)


def test_a_row_of_a_ruled_table_is_read_cell_by_cell() -> None:
    assert rebuilt_text(draw(*CELLS, rules=GRID), 99) == "ก ขค   ง\nจ   ฉ"


def test_the_same_without_rules_is_read_line_by_line() -> None:
    assert rebuilt_text(draw(*CELLS), 99) == "ก ข ง\nค\nจ   ฉ"


def test_a_line_that_was_full_goes_on_without_a_blank_unless_the_file_has_one() -> None:
    short = [cell for cell in CELLS if cell[0] != "ข"]
    assert rebuilt_text(draw(*short, rules=GRID), 99) == "ก ค   ง\nจ   ฉ"
    blank = [*CELLS[:2], (" ", 145, 700), *CELLS[2:]]
    assert rebuilt_text(draw(*blank, rules=GRID), 99) == "ก ข ค   ง\nจ   ฉ"


def test_text_beside_a_table_stays_in_its_place() -> None:
    page = draw(("ต", 100, 750), *CELLS, ("ท", 100, 500), rules=GRID)
    assert (rebuilt_text(page, 99) or "").split("\n") == ["ต", "ก ขค   ง", "จ   ฉ", "ท"]


def test_pieces_tell_where_each_part_of_the_text_stands() -> None:
    page = draw(("ก", 60), ("ค", 300), ("ข", 60, 660))
    layer = read_layer(page, 99)
    text = layer.text or ""
    pieces = layer.pieces_of_rows(text)
    assert [text[piece.begin : piece.end] for piece in pieces] == ["ก", "ค", "ข"]
    assert [piece.box.left for piece in pieces] == [0.1, 0.5, 0.1]
    # A glyph that the substitute font draws wider than it says reaches over its end.
    rights = [piece.box.right for piece in pieces]
    assert rights == pytest.approx([0.117, 0.517, 0.117], abs=0.006)
    assert pieces[0].box.top < 1 - BASE / 800 < pieces[0].box.bottom < pieces[2].box.top


def test_pieces_follow_what_the_normaliser_repairs() -> None:
    page = draw(("น", 100), (" ", 109), ("า", 112), ("\uf700", 100, 660), ("ค", 120, 660))
    layer = read_layer(page, 99)
    text = normalise(layer.text or "")
    assert [text[p.begin : p.end] for p in layer.pieces_of_rows(text)] == text.split("\n")


def test_another_reading_of_the_page_is_placed_by_its_letters() -> None:
    page = draw(("ก", 60), ("ค", 300), ("ข", 60, 660))
    layer = read_layer(page, 99)
    text = "ข\nก ค\nพ"
    pieces = layer.pieces_of(text)
    assert [text[piece.begin : piece.end] for piece in pieces] == ["ข", "ก ค"]
    assert pieces[1].box.left == 0.1
    assert pieces[1].box.right > 0.5
    assert pieces[1].box.top < pieces[0].box.top


def test_lines_that_were_joined_are_placed_by_their_letters() -> None:
    layer = read_layer(draw(("ก", 60), ("ข", 60, 660)), 99)
    (piece,) = layer.pieces_of_rows("กข")
    assert (piece.begin, piece.end) == (0, 2)
    assert piece.box.bottom - piece.box.top > 40 / 800
