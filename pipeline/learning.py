"""Learn from the shipped letters and from people's decisions (`train`).

A new model takes over only where it is not worse: on the check letters, which no model is trained
on, and on the decisions made since the model in force was trained, each judged by a model that
does not know its sender either. The machine's own guesses never teach.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from classifiers.letter_input import letter_input
from classifiers.model import Classifier, decide
from classifiers.store import drop_old_versions, lock_models, put_in_force, save
from classifiers.training import PROMISED_PRECISION, Trained, model_version, train_and_judge
from classifiers.training_letters import (
    TrainingLetter,
    as_input,
    check_letters,
    shipped_letters,
)
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from pipeline.alerts import CLASSIFIER
from pipeline.bootstrap import House
from pipeline.models import shipped_version
from registry.alerts import clear_alerts, raise_alert
from registry.learning import find_version, people_decisions, promote
from registry.letter_file import letter_extraction
from registry.models import Case, ClassificationRow, ModelVersionRow
from registry.transitions import MACHINE

NEWEST_DECISIONS = 1_500
"""Memory and time of training grow with the square of the letters (decision 14)."""

NOT_PROMOTED = "model_not_promoted"
WORSE_ON_CHECK = "worse_on_check_letters"
WORSE_ON_RECENT = "worse_on_recent_decisions"
_ALLOWANCE = 50
"""One letter in so many may go wrong that went right before; else chance would stop learning."""


class Tally(Frozen):
    """How many letters were answered right, how many wrong; the others were left to people."""

    letters: int
    right: int
    wrong: int

    def is_worse_than(self, other: Tally) -> bool:
        """Whether fewer are right or more are wrong, beyond one letter in fifty."""
        spare = self.letters // _ALLOWANCE
        return self.right < other.right - spare or self.wrong > other.wrong + spare


class Learned(Frozen):
    """JSON of `train`: the model in force, what the training made, and why it was refused.

    `trained` tells whether a model was made just now, `promoted` whether it answers from now on.
    `check` and `recent` are the new model's, None where nothing was trained.
    """

    version: str
    letters: int
    corrections: int
    trained: bool
    promoted: bool
    refused: str = ""
    check: Tally | None = None
    recent: Tally | None = None


def learn(house: House) -> Learned:
    """Train when people's decisions, the shipped letters or the code have changed.

    Raises:
        ModelRefused: the file in force is damaged or poisoned; it is never silently replaced.
    """
    incumbent = house.classifier
    shipped = shipped_letters()
    decided = _decided_letters(house)
    letters = [*shipped, *(letter for letter, _ in decided)]
    version = model_version(letters, PROMISED_PRECISION)
    settled = Learned(
        version=incumbent.version,
        letters=len(shipped),
        corrections=len(decided),
        trained=False,
        promoted=False,
    )
    with lock_models(house.settings.models_folder), house.sessions.begin() as session:
        known = find_version(session, version)
        if version == incumbent.version or known is not None:
            return settled.model_copy(update={"refused": known.refused if known else ""})
        made = session.scalar(
            select(ModelVersionRow.made_at).where(ModelVersionRow.version == incumbent.version)
        )
    trained = train_and_judge(letters)
    check = _tally(trained.classifier, check_letters())
    fresh = [letter for letter, at in decided if made is None or at > made]
    recent = _tally_out_of_fold(trained, fresh)
    refused = ""
    if check.is_worse_than(_tally(incumbent, check_letters())):
        refused = WORSE_ON_CHECK
    elif recent.is_worse_than(_tally(incumbent, fresh)):
        refused = WORSE_ON_RECENT
    _keep(house, trained.classifier, settled, check, recent, refused)
    return settled.model_copy(
        update={
            "version": incumbent.version if refused else trained.classifier.version,
            "trained": True,
            "promoted": not refused,
            "refused": refused,
            "check": check,
            "recent": recent,
        }
    )


def _decided_letters(house: House) -> list[tuple[TrainingLetter, datetime]]:
    """Return the letters people decided on, as the reader gave them, with the moment."""
    with house.sessions.begin() as session:
        return [
            (_as_training_letter(case, row), row.decided_at)
            for case, row in people_decisions(session, NEWEST_DECISIONS)
            if case.letters
        ]


def _as_training_letter(case: Case, row: ClassificationRow) -> TrainingLetter:
    letter = case.letters[0]
    seen = letter_input(letter_extraction(letter, f"case-{case.id}"))
    address = letter.sender_address or seen.sender_address
    # Letters of one sender are held out together, as those of one writer are.
    sender = (address or seen.agency or f"case-{case.id}").strip().lower()
    return TrainingLetter(
        id=f"case-{case.id}",
        writer="office:" + hashlib.sha256(sender.encode()).hexdigest()[:12],
        channel=letter.channel,
        kind=seen.kind,
        language=seen.language,
        category=Category(row.category),
        subcategory=row.subcategory,
        hard=False,
        sender=seen.agency,
        sender_address=address,
        subject=seen.subject,
        text=seen.text or seen.subject or "-",
        as_read=True,
    )


def _tally(model: Classifier, letters: Sequence[TrainingLetter]) -> Tally:
    said = model.classify_many([as_input(letter) for letter in letters])
    pairs = list(zip(letters, said, strict=True))
    answered = [(one, answer) for one, answer in pairs if not answer.abstained]
    right = sum(answer.category is one.category for one, answer in answered)
    return Tally(letters=len(pairs), right=right, wrong=len(answered) - right)


def _tally_out_of_fold(trained: Trained, letters: Sequence[TrainingLetter]) -> Tally:
    """Return how models without a letter's sender answered these letters."""
    model, gold = trained.classifier, {letter.id: letter.category.value for letter in letters}
    decisions = {
        result.letter_id: decide(model.model.labels, result.scores, model.calibration)
        for result in trained.out_of_fold
        if result.letter_id in gold
    }
    sure = {key: decision for key, decision in decisions.items() if decision.sure}
    right = sum(d.first.label.partition("/")[0] == gold[key] for key, d in sure.items())
    return Tally(letters=len(gold), right=right, wrong=len(sure) - right)


def _keep(
    house: House, model: Classifier, settled: Learned, check: Tally, recent: Tally, refused: str
) -> None:
    """Store a model with its figures; put it in force where nothing speaks against it."""
    models = house.settings.models_folder
    with lock_models(models), house.sessions.begin() as session:
        stored = save(model, models)
        now = house.clock()
        row = shipped_version(stored.version, stored.sha256, now)
        row.corrections = settled.corrections
        row.check_letters, row.check_right, row.check_wrong = (
            check.letters,
            check.right,
            check.wrong,
        )
        row.recent_letters = recent.letters
        row.recent_right, row.recent_wrong = recent.right, recent.wrong
        row.refused = refused
        session.add(row)
        session.flush()
        if refused:
            raise_alert(session, CLASSIFIER, NOT_PROMOTED, at=now)
        else:
            promote(session, row, at=now, by=MACHINE.name)
            clear_alerts(session, CLASSIFIER, at=now)
            put_in_force(models, stored.version)
    drop_old_versions(models)
