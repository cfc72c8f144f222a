"""How well the classifier does, beside the baselines of the same run (`evaluate`)."""

from __future__ import annotations

from pathlib import Path

from classifiers.baselines import compare, compare_left_out
from classifiers.evaluation import Evaluation, evaluate_labelled, evaluate_left_out
from classifiers.labelled_letters import read_labelled
from classifiers.report_page import make_report_page
from classifiers.store import load_or_train
from classifiers.training_letters import shipped_letters
from correspondence.clock import utc_now
from correspondence.errors import UsageFault
from office.configuration import read_configuration


def assess(models: Path, file: Path | None) -> Evaluation:
    """Return how well the classifier does, with the baselines measured on the same letters.

    Args:
        models: folder of the model in force.
        file: letters with labels (`classifiers.labelled_letters`); without it, each shipped
            letter is judged by a model that never saw its writer.

    Raises:
        UsageFault: the file is not there or holds no letters.
        ConfigurationFault: a line of it is no letter.
    """
    shipped = shipped_letters()
    if file is None:
        found, baselines = evaluate_left_out(shipped), compare_left_out(shipped)
    else:
        letters = read_labelled(file)
        found = evaluate_labelled(letters, load_or_train(models).classify_many)
        baselines = compare(letters, shipped)
    return found.model_copy(update={"baselines": baselines})


def write_page(evaluation: Evaluation, file: Path | None, config: Path, out: Path) -> None:
    """Write a report as one HTML page: letters by id, never their text.

    Args:
        evaluation: of `assess`.
        file: what was judged, as given to `assess`.
        config: the configuration folder, for the Thai names of labels.
        out: the page; one of the same name is replaced.

    Raises:
        UsageFault: the page cannot be written there.
        ConfigurationFault: a file of the configuration is missing or wrong.
    """
    page = make_report_page(
        evaluation,
        read_configuration(config).taxonomy,
        subject=file.name if file else "หนังสือตัวอย่างของระบบ ตัดสินโดยไม่เคยเห็นผู้เขียนคนนั้น",
        made_at=utc_now(),
    )
    try:
        out.write_text(page, encoding="utf-8")
    except OSError:
        raise UsageFault(f"{out} cannot be written.") from None
