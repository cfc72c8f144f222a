"""Kinds of senders, found by parts of an agency's name or of a mail address.

A sender never decides a category alone; the names only let the model weigh it (`senders.toml`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from classifiers.wording import compile_phrases

_FILE = Path(__file__).resolve().parent / "senders.toml"


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return compile_phrases(_FILE)


def sender_kinds(folded: str) -> list[str]:
    """Return the kinds of senders named in a folded text (see `wording.fold`)."""
    return [name for name, pattern in _compiled() if pattern.search(folded)]
