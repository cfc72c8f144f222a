"""One thing that `doctor` looked at."""

from __future__ import annotations

from correspondence.reading import Frozen


class Check(Frozen):
    """One thing that was looked at; `remedy` is empty where `ok`."""

    name: str
    ok: bool
    needed: bool
    detail: str
    remedy: str = ""
