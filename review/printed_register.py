"""The incoming register as a page to print: the office's form, A4 across, Thai whatever the app.

Served under the app's own style sheet, or written as one file that needs nothing beside it.
"""

from __future__ import annotations

from markupsafe import Markup

from reports.register_book import COLUMNS, TITLE, RegisterBook
from review.rendering import STATIC, page_text

STYLE = "printed-register.css"


def standalone_page(book: RegisterBook) -> str:
    """Return the register as one HTML file with its style inside."""
    # Our own file: nothing in it ends the style element.
    return _page(book, Markup((STATIC / STYLE).read_text(encoding="utf-8")), bar=())


def served_page(book: RegisterBook, bar: tuple[tuple[str, str], ...]) -> str:
    """Return the register for the app; `bar` are links (words, address) that are not printed."""
    return _page(book, None, bar)


def _page(book: RegisterBook, style: Markup | None, bar: tuple[tuple[str, str], ...]) -> str:
    return page_text(
        "printed_register.html",
        {"book": book, "title": TITLE, "columns": COLUMNS, "style": style, "bar": bar},
    )
