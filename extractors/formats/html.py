"""HTML, laid out as a browser would: tables keep their rows, scripts say nothing."""

from __future__ import annotations

import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from correspondence.errors import UnreadableInput
from correspondence.vocabulary import ReadOutcome
from extractors.charsets import decode_declared
from extractors.formats.protocol import FormatReading, native_reading
from extractors.request import ReadingRequest

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
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
    try:
        return str(get_text(page, ParserConfig(css=CSS_PROFILES["strict"])))
    except (LxmlError, ValueError):
        raise UnreadableInput(ReadOutcome.DAMAGED, "The HTML cannot be parsed.") from None
    except RecursionError:
        # Nested deeper than any letter: the tags go, the words stay.
        return _TAG.sub(" ", page)
