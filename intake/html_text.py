"""HTML of a mail as text: what a reader sees, and nothing that is hidden from one."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from inscriptis.html_engine import Inscriptis
from lxml.etree import LxmlError
from lxml.html import HtmlElement, document_fromstring
from lxml.html import HTMLParser as TreeParser

from correspondence.charsets import decode_thai, resolve_codec
from intake.mail_text import clean_text

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# Labels that mailers write without looking; a page that names its own set knows better.
_UNCONSIDERED = frozenset({"ascii", "iso8859-1", "cp1252"})
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)
# `<![if !mso]>` is no comment for every parser, and Word's own tags are no words.
_CONDITION = re.compile(r"<!\[(?:if\b[^\]>]{0,200}|endif)\](?:--)?>", re.IGNORECASE)
_WIDE_GAP = re.compile(r"(?<=\S) {3,}")
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table"})


def decode_html(data: bytes, declared: str | None = None) -> str:
    """Return the HTML as text.

    Args:
        data: the bytes of a page or mail body.
        declared: the charset of the mail's header; it wins over the page's own `meta`, but not
            where it is missing or one of the labels that mailers write for anything.
    """
    codec = resolve_codec(declared)
    if (codec is None or codec in _UNCONSIDERED) and (meta := _META_CHARSET.search(data[:4096])):
        own = meta[1].decode("ascii", "replace")
        # A `meta` of utf-16 that is read as bytes of ASCII was written by another program.
        if not (resolve_codec(own) or "utf-16").startswith("utf-16"):
            declared = own
    return decode_thai(data, declared)[0]


def render_html(html: str) -> str:
    """Return HTML as plain text with its line and table layout; never raises.

    Hidden elements (preview lines, text for machines), comments, Office's conditional blocks,
    scripts and pictures say nothing; a mail that hides everything keeps it all. What the renderer
    refuses (damaged or hostile markup) is read by a plain tag stripper.
    """
    try:
        text = _lay_out(html)
    except (
        LxmlError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        KeyError,
        RecursionError,
    ):
        stripper = _TagStripper()
        stripper.feed(html)
        text = "".join(stripper.pieces)
    # Tables that only lay a page out leave gaps as wide as the page.
    lines = (_WIDE_GAP.sub("  ", line.rstrip()) for line in text.split("\n"))
    return clean_text("\n".join(lines))


def _lay_out(html: str) -> str:
    html = _CONDITION.sub("", _without_comments(_XML_DECLARATION.sub("", html)))
    tree = _tree(html)
    hidden = _hidden_elements(tree)
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()
    text = str(Inscriptis(tree).get_text())
    if text.strip() or not hidden:
        return text
    tree = _tree(html)
    for element in _hidden_elements(tree):
        element.attrib.pop("style", None)
    return str(Inscriptis(tree).get_text())


def _tree(html: str) -> HtmlElement:
    # Without huge_tree the parser drops everything below its 256th level, silently.
    return document_fromstring(html, parser=TreeParser(huge_tree=True, remove_comments=True))


def _hidden_elements(tree: HtmlElement) -> list[HtmlElement]:
    return [one for one in tree.iter() if isinstance(one, HtmlElement) and _is_hidden(one)]


def _without_comments(html: str) -> str:
    """Return HTML without closed comments; Office writes whole pages into them."""
    kept: list[str] = []
    position = 0
    while (start := html.find("<!--", position)) >= 0:
        end = html.find("-->", start + 2)
        if end < 0:
            break
        kept.append(html[position:start])
        position = end + 3
    return "".join([*kept, html[position:]])


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in ("body", "html"):
        return False
    if "hidden" in element.attrib:
        return True
    style = element.get("style", "")[:2_000]
    # A table set to size 0 closes gaps; the cells inside it set their own size.
    return bool(_HIDDEN_STYLE.search(style) or (not len(element) and _NO_SIZE.search(style)))


class _TagStripper(HTMLParser):
    """Collects the text between tags; the last resort for markup nothing else reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a hidden element, or break the line at a block."""
        if tag in _UNSEEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a hidden element."""
        if tag in _UNSEEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Keep text that is shown."""
        if not self._hidden:
            self.pieces.append(data)
