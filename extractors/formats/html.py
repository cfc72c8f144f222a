"""HTML, laid out as a browser would: tables keep their rows, scripts say nothing."""

from __future__ import annotations

import re

from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError
from lxml.html import HTMLParser, document_fromstring

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.charsets import decode_declared
from extractors.formats.protocol import FormatReading, native_reading
from extractors.request import ReadingRequest

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def read(data: bytes, request: ReadingRequest) -> FormatReading:
    """Return the visible text as one page; see `FormatReader`."""
    declared = _DECLARED.search(data[:4096])
    page = decode_declared(data, declared[1].decode("ascii") if declared else None)
    return native_reading(lay_out(page), request)


def lay_out(page: str) -> str:
    """Return the visible text of an HTML page or mail body.

    Raises:
        UnreadableInput: damaged beyond what a browser would mend.
    """
    page = _XML_DECLARATION.sub("", page)
    if not page.strip():
        return ""
    # Without huge_tree the parser drops everything below its 256th level, silently.
    parser = HTMLParser(huge_tree=True)
    try:
        tree = document_fromstring(page, parser=parser)
        return str(Inscriptis(tree, ParserConfig(css=CSS_PROFILES["strict"])).get_text())
    except (LxmlError, ValueError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The HTML cannot be parsed.") from None
    except RecursionError:
        # Nested deeper than any letter: the tags go, the words stay.
        return _TAG.sub(" ", _UNSEEN.sub(" ", page))
