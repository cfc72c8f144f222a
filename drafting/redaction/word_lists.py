"""The lists of words and names, built before they are needed: each process pays for them once."""

from __future__ import annotations

from drafting.redaction.called_names import called_names
from drafting.redaction.listed_names import words_in
from drafting.redaction.pieces import pieces_of


def load_word_lists() -> None:
    """Build every list that hiding needs; whoever is forked from this process has them, too."""
    words_in("เรียน")
    list(called_names(pieces_of("เรียน"), frozenset()))
