"""Train and assess the classifier (`train`, `evaluate`)."""

from __future__ import annotations

from correspondence.reading import Frozen


class Learned(Frozen):
    """JSON of `train`: the model in force, and whether it was trained just now."""

    version: str
    letters: int
    trained: bool
