"""Learn from the shipped letters and from people's decisions (`train`).

A new model takes over only where it is not worse: on the check letters, which no model is trained
on, than the model in force and than the one of the shipped letters alone; and on the decisions
the model in force did not learn from, each judged by a model that does not know its sender
either. Where a person chose the model in force, the new one must have learnt decisions made
since, and judge these no worse. The machine's own guesses never teach.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from classifiers.domain import abstention_reason
from classifiers.letter_input import letter_input
from classifiers.model import Classifier, decide
from classifiers.store import (
    answering,
    check_version,
    drop_old_versions,
    lock_models,
    save,
    version_in_force,
)
from classifiers.training import PROMISED_PRECISION, Trained, model_version, train_and_judge
from classifiers.training_letters import (
    TrainingLetter,
    as_input,
    check_letters,
    shipped_letters,
)
from classifiers.wording import MAX_TEXT
from correspondence.reading import Frozen
from correspondence.vocabulary import Category
from pipeline.alerts import CLASSIFIER
from pipeline.bootstrap import House
from pipeline.models import CHOICE_KEPT, NOT_PROMOTED, shipped_version
from pipeline.shared_models import share_version
from registry.alerts import clear_alerts, raise_alert
from registry.engine import open_snapshot
from registry.learning import (
    PersonDecision,
    chosen_by_a_person,
    find_version,
    people_decisions,
    promote,
    version_before,
)
from registry.letter_file import letter_extraction
from registry.models import ModelVersionRow
from registry.transitions import MACHINE

NEWEST_DECISIONS = 1_500
"""Memory and time of training grow with the square of the letters (decision 14)."""

OF_CAMPAIGN = 10
"""Letters of one petition that many sent in; more would teach that its category is always sure."""

WORSE_ON_CHECK = "worse_on_check_letters"
WORSE_ON_RECENT = "worse_on_recent_decisions"
SWITCHED_MEANWHILE = "switched_meanwhile"
_ALLOWANCE = 50
"""One letter in so many may go wrong that went right before; else chance would stop learning."""
_WORTH = 4
"""So many letters more that are right are worth one more that is wrong, of recent decisions."""


class Tally(Frozen):
    """How many letters were answered right, how many wrong; the others were left to people."""

    letters: int
    right: int
    wrong: int

    def is_worse_than(self, other: Tally, *, worth: int = 0) -> bool:
        """Whether fewer are right or more are wrong, beyond one letter in fifty.

        Args:
            other: of the same letters.
            worth: so many more right ones make up for a wrong one; 0 where nothing does.
        """
        spare = self.letters // _ALLOWANCE
        gained = max(0, self.right - other.right)
        forgiven = spare + (gained // worth if worth else 0)
        return self.right < other.right - spare or self.wrong > other.wrong + forgiven


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


class _Decided(NamedTuple):
    """A letter with the category a person gave it, and when."""

    letter: TrainingLetter
    at: datetime


class _Rivals(NamedTuple):
    """What the registry knows of the model in force and of the one of the shipped letters."""

    knows_until: datetime | None
    chosen_at: datetime | None
    floor: Tally | None


def learn(house: House) -> Learned:
    """Train when people's decisions, the shipped letters or the code have changed.

    A version that was ever made is not made again: one that was refused stays refused, and one
    that a person went back from stays away.

    Raises:
        ModelRefused: the file in force is damaged or poisoned; it is never silently replaced.
        StorageFull: no room for the new model; the one in force goes on answering.
    """
    incumbent, read_at = house.classifier, house.clock()
    shipped, decided = shipped_letters(), _decided_letters(house)
    letters = [*shipped, *(one.letter for one in decided)]
    version = model_version(letters, PROMISED_PRECISION)
    settled = Learned(
        version=incumbent.version,
        letters=len(shipped),
        corrections=len(decided),
        trained=False,
        promoted=False,
    )
    with open_snapshot(house.sessions) as session:
        known = find_version(session, version)
        if version == incumbent.version or known is not None:
            return settled.model_copy(update={"refused": known.refused if known else ""})
        rivals = _rivals(session, incumbent.version, model_version(shipped, PROMISED_PRECISION))
    trained = train_and_judge(letters)
    check, check_before = (
        _tally(model, check_letters()) for model in (trained.classifier, incumbent)
    )
    knows = rivals.knows_until
    fresh = [one.letter for one in decided if knows is None or one.at > knows]
    recent = _tally_out_of_fold(trained, fresh)
    floor = rivals.floor if rivals.floor and rivals.floor.letters == check.letters else check
    refused = ""
    if check.is_worse_than(check_before) or check.is_worse_than(floor):
        refused = WORSE_ON_CHECK
    elif recent.is_worse_than(_tally(incumbent, fresh), worth=_WORTH):
        refused = WORSE_ON_RECENT
    elif rivals.chosen_at is not None:
        since = [one.letter for one in decided if one.at > rivals.chosen_at]
        if not since or _tally_out_of_fold(trained, since).is_worse_than(_tally(incumbent, since)):
            refused = CHOICE_KEPT
    made = Learned(
        version=trained.classifier.version,
        letters=len(shipped),
        corrections=len(decided),
        trained=True,
        promoted=not refused,
        refused=refused,
        check=check,
        recent=recent,
    )
    return _keep(house, trained.classifier, made, settled.version, check_before, read_at)


def _rivals(session: Session, in_force: str, shipped: str) -> _Rivals:
    incumbent, base = find_version(session, in_force), find_version(session, shipped)
    return _Rivals(
        # A model of the shipped letters alone knows no decision, however late it was made.
        knows_until=incumbent.made_at if incumbent and incumbent.corrections else None,
        chosen_at=chosen_by_a_person(session),
        # Else the model might lose one letter in fifty every night.
        floor=Tally(letters=base.check_letters, right=base.check_right, wrong=base.check_wrong)
        if base and base.check_letters
        else None,
    )


def _decided_letters(house: House) -> list[_Decided]:
    """Return the letters people decided on, as the reader gave them, with the moment."""
    with open_snapshot(house.sessions) as session:
        return [
            _Decided(_as_training_letter(one), one.decision.decided_at)
            for one in people_decisions(session, NEWEST_DECISIONS, OF_CAMPAIGN)
            if one.case.letters
        ]


def _as_training_letter(decided: PersonDecision) -> TrainingLetter:
    case, row = decided.case, decided.decision
    letter = case.letters[0]
    seen = letter_input(letter_extraction(letter, f"case-{case.id}"))
    address = letter.sender_address or seen.sender_address
    # Letters of one sender are held out together, as those of one writer are; so is a petition.
    hand = (address or seen.agency or f"case-{case.id}").strip().lower()
    if decided.campaign_id is not None:
        hand = f"campaign-{decided.campaign_id}"
    return TrainingLetter(
        id=f"case-{case.id}",
        writer="office:" + hashlib.sha256(hand.encode()).hexdigest()[:12],
        channel=letter.channel,
        kind=seen.kind,
        language=seen.language,
        category=Category(row.category),
        subcategory=row.subcategory,
        hard=False,
        sender=seen.agency,
        sender_address=address,
        subject=seen.subject,
        text=seen.text[:MAX_TEXT] or seen.subject or "-",
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
    model, asked = trained.classifier, {letter.id: letter for letter in letters}
    right = wrong = 0
    for result in trained.out_of_fold:
        letter = asked.get(result.letter_id)
        if letter is None or abstention_reason(f"{letter.subject or ''}\n{letter.text}"):
            continue
        decision = decide(model.model.labels, result.scores, model.calibration)
        if decision.sure:
            hit = decision.first.label.partition("/")[0] == letter.category.value
            right, wrong = right + hit, wrong + (not hit)
    return Tally(letters=len(letters), right=right, wrong=wrong)


def _keep(
    house: House,
    model: Classifier,
    made: Learned,
    in_force: str,
    check_before: Tally,
    read_at: datetime,
) -> Learned:
    """Store a model with its figures; put it in force where nothing speaks against it.

    Args:
        house: where to.
        model: the new one.
        made: what it came of and how it did.
        in_force: the version it was measured against.
        check_before: how that one did on the check letters.
        read_at: when the decisions were read that it learnt.
    """
    models = house.settings.models_folder
    with lock_models(models):
        with house.sessions.begin() as session:
            known = find_version(session, model.version)
        answers = version_in_force(models) or in_force
        if known is not None:
            # Another process made the same meanwhile.
            news = {"version": answers, "trained": False, "promoted": False}
            return made.model_copy(update={**news, "refused": known.refused})
        if answers != in_force:
            # It was measured against another model than answers now; the next training sees.
            news = {"version": answers, "promoted": False}
            return made.model_copy(update={**news, "refused": SWITCHED_MEANWHILE})
        stored = save(model, models)
        row = _row(made, stored.sha256, read_at)
        if made.refused:
            with house.sessions.begin() as session:
                _note_check(session, in_force, check_before)
                session.add(row)
                code = CHOICE_KEPT if made.refused == CHOICE_KEPT else NOT_PROMOTED
                raise_alert(session, CLASSIFIER, code, at=house.clock())
            made = made.model_copy(update={"version": in_force})
        else:
            # Outside the transaction: it takes a second, and everybody waits for a writer.
            check_version(models, model.version)
            with answering(models, model.version), house.sessions.begin() as session:
                _note_check(session, in_force, check_before)
                session.add(row)
                session.flush()
                promote(session, row, at=house.clock(), by=MACHINE.name)
                share_version(session, row, models, house.blobs, house.clock)
                clear_alerts(session, CLASSIFIER, at=house.clock())
        with open_snapshot(house.sessions) as session:
            before = version_before(session, made.version)
        drop_old_versions(models, spared={before.version} if before else ())
    return made


def _note_check(session: Session, version: str, check: Tally) -> None:
    """Write down how a version does on the check letters, where nobody measured it yet."""
    row = find_version(session, version)
    if row is not None and not row.check_letters:
        row.check_letters, row.check_right, row.check_wrong = (
            check.letters,
            check.right,
            check.wrong,
        )


def _row(made: Learned, sha256: str, read_at: datetime) -> ModelVersionRow:
    check, recent = made.check, made.recent
    assert check is not None and recent is not None  # it was trained
    row = shipped_version(made.version, sha256, read_at)
    row.corrections = made.corrections
    row.check_letters, row.check_right, row.check_wrong = check.letters, check.right, check.wrong
    row.recent_letters = recent.letters
    row.recent_right, row.recent_wrong = recent.right, recent.wrong
    row.refused = made.refused
    return row
