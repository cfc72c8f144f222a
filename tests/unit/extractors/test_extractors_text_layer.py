from __future__ import annotations

import pypdfium2

from extractors.normaliser import normalise
from extractors.text_layer import raw_text, rebuilt_text

# Width of every glyph in points at size 20, and the line the glyphs stand on.
WIDE, BASE = 10, 700
Drawn = tuple[str, float] | tuple[str, float, float]


def draw(*drawn: Drawn) -> pypdfium2.PdfTextPage:
    """Return a page with glyphs in this order: what each says, where from the left, which line."""
    codes = {text: 65 + number for number, text in enumerate(dict.fromkeys(g[0] for g in drawn))}
    lines = [
        f"1 0 0 1 {glyph[1]} {glyph[2] if len(glyph) == 3 else BASE} Tm <{codes[glyph[0]]:02X}> Tj"
        for glyph in drawn
    ]
    content = "BT /F 20 Tf " + " ".join(lines) + " ET"
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
