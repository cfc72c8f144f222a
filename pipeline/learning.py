"""Train and assess the classifier (`train`, `evaluate`)."""

from __future__ import annotations

from pathlib import Path

from classifiers.evaluation import Evaluation, evaluate, evaluate_left_out
from classifiers.store import FILE_NAME, load, load_or_train
from classifiers.training_letters import read_letters, shipped_letters
from correspondence.errors import UsageFault
from correspondence.reading import Frozen


class Learned(Frozen):
    """JSON of `train`: the model in force, and whether it was trained just now."""

    version: str
    letters: int
    trained: bool


def learn(models: Path) -> Learned:
    """Train when the letters or the code have changed since the model in `models` was made.

    Raises:
        ModelRefused: the file there is damaged or poisoned; it is never silently replaced.
    """
    before = load(models).version if (models / FILE_NAME).exists() else None
    version = load_or_train(models).version
    return Learned(version=version, letters=len(shipped_letters()), trained=version != before)


def assess(models: Path, file: Path | None) -> Evaluation:
    """Return how well the classifier does.

    Args:
        models: folder of the model in force.
        file: labelled letters (JSON Lines in the form of `classifiers/letters/`); without it,
            each shipped letter is judged by a model that never saw its writer.

    Raises:
        UsageFault: the file is not there.
    """
    if file is None:
        return evaluate_left_out(shipped_letters())
    if not file.is_file():
        raise UsageFault(f"{file} is not a file.")
    return evaluate(read_letters([file]), load_or_train(models).classify_many)
