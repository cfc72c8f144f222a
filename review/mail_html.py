"""The HTML body of a mail as a page of ours may show it: its words and tables, nothing active.

Nothing of it is fetched, run or styled: scripts, styles, pictures (remote ones tell the sender
that the mail was opened), forms, frames, ids and classes go. A link stays one, but says where it
leads. Cleaned by nh3 (ammonia), which parses as browsers do; what we add is cleaned once more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Final

import nh3
from markupsafe import Markup

MAX_CHARACTERS: Final = 500_000
# The parser's time grows with the square of the depth; a newsletter has some three thousand tags.
MAX_TAGS: Final = 10_000
_LONGEST_ADDRESS: Final = 300

_KEPT = (
    "a abbr b blockquote br caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 "
    "h5 h6 hr i ins kbd li ol p pre q s small span strike strong sub sup table tbody td tfoot th "
    "thead tr tt u ul"
)
# What stands inside these is no word of the writer's.
_UNSAID = (
    "script style title template noscript noembed noframes iframe object svg math textarea select "
    "xmp plaintext"
)
_TAGS: Final = frozenset(_KEPT.split())
_DROPPED_WHOLE: Final = frozenset(_UNSAID.split())
_VOID: Final = frozenset({"br", "col", "hr", "img"})
_ATTRIBUTES: Final = MappingProxyType(
    {
        "a": {"href"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
        "img": {"alt"},
    }
)
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_REL: Final = "noopener noreferrer nofollow"
_NUMBER: Final = re.compile(r"[0-9]{1,3}")
# Signs that turn the reading direction make an address look like another one.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SafeMail:
    """A mail body that may stand in a page.

    Attributes:
        html: cleaned; a template includes it as it is.
        blocked_pictures: how many pictures were left out, for the page to say so.
    """

    html: Markup
    blocked_pictures: int


def safe_mail_html(html: str) -> SafeMail | None:
    """Return the HTML body of a mail cleaned for a page of ours.

    Args:
        html: as decoded from the mail (`intake.html_text.decode_html`); hostile.

    Returns:
        The clean body; None where it is too large or too tangled to be cleaned in reasonable
        time: the page then shows the mail's text only.
    """
    if len(html) > MAX_CHARACTERS or html.count("<") > MAX_TAGS:
        return None
    # Surrogates are no characters; ammonia takes none.
    tidy = _UNSEEN.sub("", html.encode("utf-8", "replace").decode("utf-8"))
    telling = _Telling()
    telling.feed(_clean(tidy, _TAGS | {"img"}))
    telling.close()
    return SafeMail(Markup(_clean(telling.html, _TAGS)), telling.pictures)


def _clean(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        html,
        tags=set(tags),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items() if tag in tags},
        attribute_filter=_keep,
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        strip_comments=True,
        link_rel=_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _keep(tag: str, name: str, value: str) -> str | None:
    if name in {"colspan", "rowspan", "start"}:
        return value if _NUMBER.fullmatch(value) else None
    if name == "href" and len(value) > 2000:
        return None
    return value


class _Telling(HTMLParser):
    """Writes clean HTML anew: every link with its address behind it, pictures as their words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._address: str | None = None
        self._said: list[str] = []
        self.pictures = 0

    @property
    def html(self) -> str:
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.pictures += 1
            if words := _BLANKS.sub(" ", values.get("alt", "")).strip():
                self.handle_data(f"[{words}]")
            return
        if tag == "a":
            self._address, self._said = values.get("href"), []
        written = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
        self._out.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        self._out.append(f"</{tag}>")
        if tag == "a" and self._address is not None:
            if _bare(self._address) != _bare("".join(self._said)):
                self._out.append(f" ({escape(self._address[:_LONGEST_ADDRESS])})")
            self._address = None

    def handle_data(self, data: str) -> None:
        if self._address is not None:
            self._said.append(data)
        self._out.append(escape(data, quote=False))


def _bare(address: str) -> str:
    return re.sub(r"^(?:mailto:|https?://)|/$", "", address.strip().lower())
