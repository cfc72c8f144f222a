from __future__ import annotations

import pytest

from intake.html_text import decode_html, render_html

THAI = "ขอเชิญประชุมคณะกรรมการ"


def page(body: str, charset: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return f"<html><head>{meta if charset else ''}<title>x</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("header", "meta", "codec"),
    [
        ("utf-8", "windows-874", "utf-8"),
        ("windows-874", "utf-8", "cp874"),
        ("iso-8859-1", "tis-620", "cp874"),
        ("us-ascii", "utf-8", "utf-8"),
        (None, "windows-874", "cp874"),
        (None, "", "cp874"),
        (None, "", "utf-8"),
        ("utf-8", "", "cp874"),
        ("x-unknown", "tis-620", "cp874"),
        (None, "utf-16", "utf-8"),
        (None, "nonsense", "cp874"),
    ],
)
def test_the_charset_that_fits_the_bytes(header: str | None, meta: str, codec: str) -> None:
    assert render_html(decode_html(page(THAI, meta).encode(codec), header)) == THAI


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none;max-height:0">ซ่อน</div>',
        '<span style="DISPLAY : NONE">ซ่อน</span>',
        '<p style="visibility:hidden">ซ่อน</p>',
        '<p style="mso-hide:all">ซ่อน</p>',
        '<span style="font-size:0px">ซ่อน</span>',
        "<div hidden>ซ่อน<p>ซ่อน</p></div>",
        "<style>ซ่อน</style><script>ซ่อน</script>",
        "<!-- ซ่อน -->",
        "<!--[if gte mso 9]><xml><o:p>ซ่อน</o:p></xml><![endif]-->",
        '<img src="https://t.example/p.gif?u=ซ่อน" width="1" height="1" alt="">',
    ],
)
def test_what_is_hidden_says_nothing(hidden: str) -> None:
    assert render_html(page(f"<p>{THAI}</p>{hidden}<p>ท้าย</p>")).split() == [THAI, "ท้าย"]


def test_text_after_a_hidden_piece_stays() -> None:
    assert render_html('<p>หนึ่ง<span style="display:none">x</span>สอง</p>') == "หนึ่งสอง"


def test_what_office_shows_to_others_is_shown() -> None:
    html = "<![if !mso]><p>เห็น</p><![endif]><!--[if !mso]><!--><p>ด้วย</p><!--<![endif]-->"
    assert render_html(page(html)).split() == ["เห็น", "ด้วย"]


def test_a_mail_that_hides_everything_is_kept() -> None:
    assert render_html(page(f'<div style="display:none">{THAI}</div>')) == THAI


def test_a_cell_of_size_nothing_keeps_what_stands_in_it() -> None:
    html = (
        f'<table><tr><td style="font-size:0"><p style="font-size:16px">{THAI}</p></td></tr></table>'
    )
    assert render_html(page(html)) == THAI


def test_a_newsletter_of_tables_reads_from_top_to_bottom() -> None:
    html = page(
        '<table width="100%"><tr><td align="center"><table width="600">'
        '<tr><td><img src="logo.png" alt=""></td></tr>'
        f"<tr><td><h1>{THAI}</h1></td></tr>"
        "<tr><td><p>เรียน สมาชิกทุกท่าน</p></td></tr>"
        "<tr><td><table><tr><td>วันที่</td><td>๒ ธันวาคม ๒๕๖๙</td></tr>"
        "<tr><td>สถานที่</td><td>ห้องประชุม</td></tr></table></td></tr>"
        "</table></td></tr></table>"
    )
    lines = [line.strip() for line in render_html(html).split("\n") if line.strip()]
    assert lines == [
        THAI, "เรียน สมาชิกทุกท่าน", "วันที่  ๒ ธันวาคม ๒๕๖๙", "สถานที่  ห้องประชุม",
    ]  # fmt: skip
