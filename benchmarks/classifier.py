"""The classifier beside its baselines: writers it never saw, letters of others, public titles.

    python -m benchmarks.classifier [--shared FOLDER] [--skip-left-out]

Always: training time, milliseconds a letter on one core, the shipped letters by held-out writers.
Where the shared data are there, also: the labelled letters by their text and fields, clean and as
poor readers would give them; and titles of public texts, source by source, none of them trained
on: what each label of each source is taken for, and foreign affairs in cabinet titles along the
threshold. Every figure stands beside the baselines of the same run. Prints tables and one line of
JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.public_titles import Found, public_titles, read_titles
from classifiers.baselines import compare_left_out, keyword_list, majority, plain_tfidf
from classifiers.evaluation import (
    BaselineScore,
    Classify,
    Evaluation,
    evaluate_labelled,
    evaluate_left_out,
)
from classifiers.labelled_letters import Labelled, read_labelled
from classifiers.letter_input import LetterInput
from classifiers.model import Classifier
from classifiers.reading_noise import misread
from classifiers.training import train
from classifiers.training_letters import TrainingLetter, shipped_letters

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
NOISE = (0.03, 0.06, 0.12)
"""Reading faults a character: a fair scan, a poor one, a bad one."""
_COPIES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One way of sorting on one set of letters; shares are 0 to 1.

    Attributes:
        letters: name of the set.
        sorter: who sorted.
        strict_f1: macro-F1 of categories, abstentions counted as wrong.
        guess_f1: macro-F1 of the best guesses.
        answered: share answered.
        right: share right of those.
        hard_right: the same of hard letters.
        subcategory: share of right sub-categories, given the category.
        calibration: expected calibration error; None for a sorter without probabilities.
    """

    letters: str
    sorter: str
    strict_f1: float
    guess_f1: float
    answered: float
    right: float
    hard_right: float | None
    subcategory: float
    calibration: float | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds by the clock and of CPU; a difference of two is how long it took."""

    clock: float
    cpu: float

    def __sub__(self, earlier: Moment) -> Moment:
        """Return the time since an earlier moment."""
        return Moment(self.clock - earlier.clock, self.cpu - earlier.cpu)


@dataclass(frozen=True, slots=True)
class Speed:
    """Of training and of one letter at a time on one core; CPU time is free of other programs.

    Attributes:
        training_seconds: by the clock.
        training_cpu_seconds: of all its threads.
        median_ms: of a letter, by the clock.
        median_cpu_ms: of a letter.
        mean_cpu_ms: of a letter.
        slowest_cpu_ms: of the slowest letter.
    """

    training_seconds: float
    training_cpu_seconds: float
    median_ms: float
    median_cpu_ms: float
    mean_cpu_ms: float
    slowest_cpu_ms: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--skip-left-out", action="store_true")
    options = parser.parse_args()
    shipped = shipped_letters()
    began = _now()
    classifier = train(shipped)
    training = _now() - began
    sorters = {
        "ours": classifier.classify_many,
        "majority": majority(shipped),
        "keywords": keyword_list,
        "tfidf": plain_tfidf(shipped),
    }
    gold, public = options.shared / "letters/dev.jsonl", options.shared / "corpus/public_text.jsonl"
    rows: list[Row] = []
    found: list[Found] = []
    timed: Sequence[LetterInput] = [LetterInput(text=letter.text) for letter in shipped[:100]]
    if not options.skip_left_out:
        rows += left_out_rows(shipped)
    if gold.is_file():
        letters = read_labelled(gold)
        timed = [one.letter for one in letters]
        rows += letter_rows(letters, sorters)
    else:
        _say(f"{gold} is not there: letters of others are not measured.")
    speed = measure_speed(classifier, timed, training)
    _say_speed(speed, len(shipped))
    _say_rows(rows)
    if public.is_file():
        titles = read_titles(public)
        found = public_titles(titles, sorters)
    else:
        _say(f"{public} is not there: public titles are not measured.")
    _say(
        json.dumps(
            {
                "model": classifier.version,
                "speed": asdict(speed),
                "rows": [asdict(row) for row in rows],
                "foreign_affairs_in_cabinet_titles": [asdict(one) for one in found],
            },
            ensure_ascii=False,
        )
    )


def measure_speed(
    classifier: Classifier, letters: Sequence[LetterInput], training: Moment
) -> Speed:
    """Return the time of one letter at a time on one core, after a first that warms up."""
    classifier.classify(letters[0])
    taken: list[Moment] = []
    with _one_core():
        for letter in letters:
            began = _now()
            classifier.classify(letter)
            taken.append(_now() - began)
    cpu = [one.cpu * 1000 for one in taken]
    return Speed(
        training_seconds=round(training.clock, 1),
        training_cpu_seconds=round(training.cpu, 1),
        median_ms=round(statistics.median(one.clock * 1000 for one in taken), 2),
        median_cpu_ms=round(statistics.median(cpu), 2),
        mean_cpu_ms=round(statistics.mean(cpu), 2),
        slowest_cpu_ms=round(max(cpu), 2),
    )


def _now() -> Moment:
    return Moment(time.perf_counter(), time.process_time())


@contextmanager
def _one_core() -> Iterator[None]:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def left_out_rows(shipped: Sequence[TrainingLetter]) -> list[Row]:
    """Return ours and the baselines on the shipped letters, each writer held out in turn."""
    name = "writers held out"
    ours = _row(name, "ours", evaluate_left_out(shipped))
    return [ours, *(_baseline_row(name, score) for score in compare_left_out(shipped))]


def letter_rows(letters: Sequence[Labelled], sorters: dict[str, Classify]) -> list[Row]:
    """Return every sorter on letters, clean and with reading faults."""
    sets = {"as written": list(letters)}
    sets |= {f"noise {rate:.0%}": noisy_copies(letters, rate) for rate in NOISE}
    return [
        _row(name, sorter, evaluate_labelled(some, classify))
        for name, some in sets.items()
        for sorter, classify in sorters.items()
    ]


def noisy_copies(letters: Sequence[Labelled], rate: float) -> list[Labelled]:
    """Return three copies of each letter, text and fields misread; the same on every call."""
    copies: list[Labelled] = []
    for number in range(_COPIES):
        for one in letters:
            dice = random.Random(f"{one.id}/{rate}/{number}")
            plain = one.letter
            misread_letter = plain.model_copy(
                update={
                    "text": misread(plain.text, rate, dice),
                    "subject": misread(plain.subject, rate, dice) if plain.subject else None,
                    "agency": misread(plain.agency, rate, dice) if plain.agency else None,
                    "addressee": misread(plain.addressee, rate, dice) if plain.addressee else None,
                }
            )
            copies.append(one.model_copy(update={"letter": misread_letter}))
    return copies


def _row(letters: str, sorter: str, found: Evaluation) -> Row:
    # A baseline says 1 of its answer and 0 of the rest: that is no probability to judge.
    sure = found.calibration_error if sorter == "ours" else None
    return Row(
        letters,
        sorter,
        found.macro_f1,
        found.guess_macro_f1,
        found.answered,
        found.right_when_answered,
        found.hard_right_when_answered,
        found.subcategory_right_given_category,
        sure,
    )


def _baseline_row(letters: str, score: BaselineScore) -> Row:
    f1 = score.macro_f1
    return Row(
        letters, score.name, f1, f1, 1.0, score.accuracy, None, score.subcategory_right, None
    )


def _say_rows(rows: Sequence[Row]) -> None:
    _say(
        f"\n{'letters':>17} {'sorter':>9} {'strict F1':>9} {'guess F1':>9} {'answered':>9} "
        f"{'right':>6} {'hard':>6} {'sub':>6} {'ECE':>6} {'ours/this':>9}"
    )
    ours = {row.letters: row for row in rows if row.sorter == "ours"}
    for row in rows:
        hard = "" if row.hard_right is None else f"{row.hard_right:.3f}"
        sure = "" if row.calibration is None else f"{row.calibration:.3f}"
        ratio = ours[row.letters].guess_f1 / row.guess_f1 if row.guess_f1 else 0.0
        _say(
            f"{row.letters:>17} {row.sorter:>9} {row.strict_f1:9.3f} {row.guess_f1:9.3f} "
            f"{row.answered:9.3f} {row.right:6.3f} {hard:>6} {row.subcategory:6.3f} {sure:>6} "
            f"{ratio:9.2f}"
        )


def _say_speed(speed: Speed, shipped: int) -> None:
    _say(
        f"training on {shipped} letters: {speed.training_seconds} s "
        f"({speed.training_cpu_seconds} s of CPU)"
    )
    _say(
        f"one letter, one core: median {speed.median_cpu_ms} ms of CPU ({speed.median_ms} ms by "
        f"the clock), mean {speed.mean_cpu_ms} ms, slowest {speed.slowest_cpu_ms} ms"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
