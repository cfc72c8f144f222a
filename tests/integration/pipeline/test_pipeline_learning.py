"""Learning from people's decisions, on SQLite and PostgreSQL: what teaches, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import pipeline.learning as learning
from classifiers import store
from classifiers.letter_input import LetterInput
from classifiers.model import Classifier
from classifiers.store import ModelRefused, put_in_force, save, version_in_force
from classifiers.training import Trained, train
from classifiers.training_letters import TrainingLetter, check_letters, shipped_letters
from correspondence.errors import ActionRefused
from correspondence.vocabulary import Category
from office.settings import Settings
from pipeline.alerts import CLASSIFIER, alerts_in_force
from pipeline.bootstrap import House, open_house
from pipeline.drift import DRIFT, watch_drift
from pipeline.learning import Tally, learn
from pipeline.models import (
    CHOICE_KEPT,
    NOT_PROMOTED,
    NoEarlierModel,
    model_lines,
    roll_back,
    shipped_version,
    use_model,
)
from registry.alerts import raise_alert
from registry.models import (
    AuditEvent,
    Campaign,
    Case,
    ClassificationRow,
    LetterSignatureRow,
    ModelVersionRow,
)
from tests.conftest import SetClock
from tests.seeding import Seed, register

FEW = shipped_letters()[::6]
"""Enough to learn the categories, few enough to learn them in seconds."""

KITES = [
    f"เรียน ท่านรัฐมนตรี\nชมรมคนรักว่าวจุฬา{place}ขอส่งผังลมประจำเดือน{month} ว่าวตัวแรกขึ้นที่ทุ่งหน้าวัด"
    f" ลมทิศใต้ เด็กนักเรียนมาดูกันมาก\nขอให้เก็บผังลมนี้ไว้ดู\nประธานชมรมคนรักว่าวจุฬา{place}"
    for place, month in zip(
        ("หนองแขม", "บางพลี", "ดอนหวาย", "ท่าตะโก", "เขาวัง", "แม่กลอง"),
        ("มกราคม", "มีนาคม", "เมษายน", "พฤษภาคม", "สิงหาคม", "ตุลาคม"),
        strict=True,
    )
]


@pytest.fixture(scope="module")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder whose model in force learnt from a few letters."""
    folder = tmp_path_factory.mktemp("small-models")
    model = train(FEW)
    save(model, folder)
    put_in_force(folder, model.version)
    return folder


@pytest.fixture
def house(
    database_url: str,
    tmp_path: Path,
    small_models: Path,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    monkeypatch.setattr(learning, "shipped_letters", lambda: FEW)
    home = tmp_path / "home"
    shutil.copytree(small_models, home / "models")
    opened = open_house(Settings(home=home, database_url=database_url, workers=1), clock=clock)
    yield opened
    opened.close()


def answering(house: House) -> Classifier:
    """The classifier the same office has after a restart."""
    opened = open_house(house.settings, clock=house.clock)
    try:
        return opened.classifier
    finally:
        opened.close()


def decide_by_hand(
    house: House,
    text: str,
    category: Category,
    subcategory: str,
    *,
    subject: str = "ผังลม",
    sender: str = "mali@example.org",
) -> int:
    """Register a letter and let a person choose its category; returns the case."""
    case_id = register(house, Seed(subject=subject, text=text))
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).letters[0].sender_address = sender
        session.add(
            ClassificationRow(
                case_id=case_id,
                decided_by="registrar",
                category=category.value,
                subcategory=subcategory,
                probabilities={},
                evidence=[],
                abstained=False,
                model_version="",
                decided_at=house.clock(),
            )
        )
    return case_id


def test_guesses_of_the_machine_never_teach(house: House) -> None:
    for text in KITES:
        register(house, Seed(text=text))
    learned = learn(house)
    assert (learned.corrections, learned.trained, learned.promoted) == (0, False, False)


def test_five_decisions_of_one_sort_change_the_next_letter(house: House, clock: SetClock) -> None:
    asked = LetterInput(text=KITES[5], subject="ผังลม")
    before = house.classifier.classify(asked)
    assert before.category is not Category.PUBLIC_RELATIONS
    clock.move(minutes=1)
    for text in KITES[:5]:
        decide_by_hand(house, text, Category.PUBLIC_RELATIONS, "journal")
    learned = learn(house)
    assert (learned.corrections, learned.trained, learned.promoted) == (5, True, True)
    assert learned.recent is not None
    assert learned.recent.letters == 5
    answer = answering(house).classify(asked)
    assert (answer.category, answer.subcategory) == (Category.PUBLIC_RELATIONS, "journal")
    assert answer.model_version == learned.version
    lines = {line.version: line for line in model_lines(house)}
    assert {line.check_letters for line in lines.values()} == {len(check_letters())}
    assert lines[learned.version].right >= lines[before.model_version].right - 1
    # The same process goes on with the model it began with; the next one has nothing to learn.
    assert not learn(house).trained


def test_restricted_void_and_duplicate_cases_never_teach(house: House) -> None:
    taught = [decide_by_hand(house, text, Category.GENERAL, "other") for text in KITES[:4]]
    with house.sessions.begin() as session:
        session.get_one(Case, taught[0]).restricted = True
        session.get_one(Case, taught[1]).state = "voided"
        session.get_one(Case, taught[2]).state = "duplicate"
    assert [one.letter.id for one in learning._decided_letters(house)] == [f"case-{taught[3]}"]


def test_the_last_decision_of_a_case_counts(house: House, clock: SetClock) -> None:
    case_id = decide_by_hand(house, KITES[0], Category.GENERAL, "other")
    with house.sessions.begin() as session:
        first = session.scalars(
            select(ClassificationRow).where(ClassificationRow.decided_by == "registrar")
        ).one()
        session.add(
            ClassificationRow(
                case_id=case_id,
                decided_by="head",
                category="parliamentary",
                subcategory="motion",
                probabilities={},
                evidence=[],
                abstained=False,
                model_version="",
                decided_at=first.decided_at + timedelta(minutes=5),
            )
        )
    ((letter, _),) = learning._decided_letters(house)
    assert (letter.category, letter.subcategory) == (Category.PARLIAMENTARY, "motion")


def test_a_model_that_does_worse_is_refused_once_and_said(house: House) -> None:
    in_force = house.classifier.version
    wrong = {c: list(Category)[(n + 1) % 5] for n, c in enumerate(Category)}
    for letter in check_letters():
        decide_by_hand(house, letter.text, wrong[letter.category], "other")
    learned = learn(house)
    assert (learned.trained, learned.promoted, learned.version) == (True, False, in_force)
    assert learned.refused == learning.WORSE_ON_CHECK
    assert answering(house).version == in_force
    assert NOT_PROMOTED in {alert.code for alert in alerts_in_force(house.sessions)}
    assert version_in_force(house.settings.models_folder) == in_force
    once_more = learn(house)
    assert (once_more.trained, once_more.refused) == (False, learning.WORSE_ON_CHECK)


def alerts(house: House) -> set[str]:
    return {alert.code for alert in alerts_in_force(house.sessions)}


def learn_after_restart(house: House) -> learning.Learned:
    """Train as the next night's process does."""
    opened = open_house(house.settings, clock=house.clock)
    try:
        return learn(opened)
    finally:
        opened.close()


def test_what_a_person_went_back_from_stays_away(house: House, clock: SetClock) -> None:
    first = house.classifier.version
    clock.move(minutes=1)
    cases = [decide_by_hand(house, t, Category.PUBLIC_RELATIONS, "journal") for t in KITES[:5]]
    left = learn(house)
    assert left.promoted
    clock.move(minutes=1)
    roll_back(house, by="admin")
    again = learn_after_restart(house)
    assert (again.version, again.trained, again.promoted) == (first, False, False)
    with house.sessions.begin() as session:
        session.get_one(Case, cases[0]).state = "voided"
    kept_back = learn_after_restart(house)
    assert (kept_back.version, kept_back.trained, kept_back.promoted) == (first, True, False)
    assert kept_back.refused == CHOICE_KEPT
    assert alerts(house) == {CHOICE_KEPT}
    assert answering(house).version == first
    clock.move(minutes=1)
    decide_by_hand(house, KITES[5], Category.PUBLIC_RELATIONS, "journal")
    new = learn_after_restart(house)
    assert (new.corrections, new.promoted, new.refused) == (5, True, "")
    assert new.version not in {first, left.version}
    assert alerts(house) == set()


def test_a_new_model_that_judges_what_was_decided_since_worse_is_kept_back(
    house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The decisions alone shall speak.
    monkeypatch.setattr(learning, "check_letters", lambda: ())
    first = house.classifier.version
    clock.move(minutes=1)
    for number, text in enumerate(KITES[:5]):
        sender = f"{number}@example.org"
        decide_by_hand(house, text, Category.PUBLIC_RELATIONS, "journal", sender=sender)
    clock.move(minutes=1)
    use_model(house, first, by="admin")
    clock.move(minutes=1)
    decide_by_hand(house, KITES[5], Category.GENERAL, "other", sender="5@example.org")
    kept_back = learn(house)
    assert (kept_back.version, kept_back.trained) == (first, True)
    assert kept_back.recent == Tally(letters=6, right=5, wrong=1)
    assert kept_back.refused == CHOICE_KEPT


def test_a_person_who_switches_while_it_trains_is_not_overruled(
    house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(minutes=1)
    for text in KITES[:5]:
        decide_by_hand(house, text, Category.PUBLIC_RELATIONS, "journal")
    judge, chosen = learning.train_and_judge, list[str]()

    def train_slowly(letters: list[TrainingLetter]) -> Trained:
        chosen.append(_second_version(house))
        return judge(letters)

    monkeypatch.setattr(learning, "train_and_judge", train_slowly)
    learned = learn(house)
    assert (learned.promoted, learned.refused) == (False, learning.SWITCHED_MEANWHILE)
    assert version_in_force(house.settings.models_folder) == chosen[0]
    with house.sessions.begin() as session:
        in_force = session.scalars(
            select(ModelVersionRow.version).where(ModelVersionRow.in_force_since.is_not(None))
        ).all()
    assert in_force == chosen


def test_two_trainings_at_once_make_one_version(
    house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(minutes=1)
    for text in KITES[:5]:
        decide_by_hand(house, text, Category.PUBLIC_RELATIONS, "journal")
    judge, others = learning.train_and_judge, list[learning.Learned]()

    def train_beside_another(letters: list[TrainingLetter]) -> Trained:
        trained = judge(letters)
        monkeypatch.setattr(learning, "train_and_judge", lambda _: trained)
        others.append(learn_after_restart(house))
        return trained

    monkeypatch.setattr(learning, "train_and_judge", train_beside_another)
    learned = learn(house)
    assert others[0].promoted
    assert (learned.trained, learned.promoted) == (False, False)
    assert learned.version == others[0].version == answering(house).version


def test_one_petition_of_many_teaches_ten_times_and_as_one_hand(
    house: House, clock: SetClock
) -> None:
    other = decide_by_hand(house, KITES[0], Category.GENERAL, "other")
    many = [
        decide_by_hand(house, KITES[1], Category.COMPLAINT, "opinion", sender=f"{n}@example.org")
        for n in range(12)
    ]
    with house.sessions.begin() as session:
        letters = [session.get_one(Case, case_id).letters[0].id for case_id in many]
        campaign = Campaign(first_letter_id=letters[0], created_at=house.clock())
        session.add(campaign)
        session.flush()
        for letter_id in letters:
            row = session.get(LetterSignatureRow, letter_id)
            if row is None:
                row = LetterSignatureRow(letter_id=letter_id, scheme=1, shingles=0, pages=1)
                session.add(row)
            row.campaign_id = campaign.id
    taught = [one.letter for one in learning._decided_letters(house)]
    assert [letter.id for letter in taught] == [f"case-{n}" for n in (other, *many[2:])]
    assert len({letter.writer for letter in taught}) == 2


def test_no_model_may_lose_more_than_one_in_fifty_against_the_shipped_one(
    house: House, clock: SetClock
) -> None:
    shipped = house.classifier.version
    checked = len(check_letters())
    with house.sessions.begin() as session:
        row = session.scalars(select(ModelVersionRow)).one()
        row.check_letters = row.check_right = checked
        # However late it was made, the shipped model knows no decision.
        row.made_at = house.clock() + timedelta(days=1)
    clock.move(minutes=1)
    decide_by_hand(house, KITES[0], Category.PUBLIC_RELATIONS, "journal")
    learned = learn(house)
    assert (learned.version, learned.refused) == (shipped, learning.WORSE_ON_CHECK)
    assert learned.recent is not None
    assert learned.recent.letters == 1


@pytest.mark.parametrize(
    ("new", "old", "worth", "worse"),
    [
        ((5, 4, 1), (5, 0, 0), 0, True),
        ((5, 4, 1), (5, 0, 0), 4, False),
        ((5, 3, 1), (5, 0, 0), 4, True),
        ((5, 4, 0), (5, 5, 0), 4, True),
        ((100, 90, 4), (100, 92, 2), 0, False),
        ((100, 89, 2), (100, 92, 2), 0, True),
        ((100, 92, 5), (100, 92, 2), 0, True),
    ],
)
def test_worse_is_fewer_right_or_more_wrong(
    new: tuple[int, int, int], old: tuple[int, int, int], worth: int, worse: bool
) -> None:
    first, second = (
        Tally(letters=letters, right=right, wrong=wrong) for letters, right, wrong in (new, old)
    )
    assert first.is_worse_than(second, worth=worth) is worse


def _second_version(house: House) -> str:
    """Store another model and let a person put it in force."""
    stored = save(train(shipped_letters()[1::6]), house.settings.models_folder)
    with house.sessions.begin() as session:
        row = shipped_version(stored.version, stored.sha256, house.clock())
        session.add(row)
    use_model(house, stored.version, by="admin")
    return stored.version


def test_one_command_goes_back_and_forth(house: House) -> None:
    first = house.classifier.version
    with pytest.raises(NoEarlierModel):
        roll_back(house, by="admin")
    second = _second_version(house)
    assert answering(house).version == second
    assert roll_back(house, by="admin").version == first
    assert answering(house).version == first
    lines = {line.version: line for line in model_lines(house)}
    assert (lines[first].in_force, lines[second].in_force) == (True, False)
    with house.sessions.begin() as session:
        actions = session.scalars(
            select(AuditEvent.actor).where(AuditEvent.action == "use_model")
        ).all()
    assert actions == ["admin", "admin"]


def test_nobody_and_unknown_versions_are_refused(house: House) -> None:
    version = house.classifier.version
    with pytest.raises(ActionRefused):
        use_model(house, version, by=" ")
    with pytest.raises(ModelRefused):
        use_model(house, "linear-0123456789ab", by="admin")


def test_a_file_other_than_the_one_written_down_is_refused(house: House) -> None:
    model: Classifier = house.classifier
    other = Classifier(
        model.version, model.basis, model.vocabulary, model.model,
        model.calibration._replace(temperature=1.0),
    )  # fmt: skip
    save(other, house.settings.models_folder)
    with pytest.raises(ModelRefused, match="registry"):
        answering(house)
    assert alerts(house) == {"model_refused"}
    with pytest.raises(ModelRefused, match="registry"):
        use_model(house, model.version, by="admin")
    with house.sessions.begin() as session:
        assert session.scalars(select(ModelVersionRow)).one().in_force_since is not None


def test_the_shipped_model_learnt_again_after_its_folder_was_lost_is_taken(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = house.classifier.version
    monkeypatch.setattr(store, "shipped_letters", lambda: FEW)
    monkeypatch.setattr(store, "BASE_FOLDER", tmp_path / "no-base")
    shutil.rmtree(house.settings.models_folder)
    assert answering(house).version == version
    assert answering(house).version == version


def test_choosing_a_version_ends_the_alert_of_the_training(house: House) -> None:
    with house.sessions.begin() as session:
        raise_alert(session, CLASSIFIER, NOT_PROMOTED, at=house.clock())
    answering(house)
    assert alerts(house) == {NOT_PROMOTED}
    _second_version(house)
    assert alerts(house) == set()


def test_a_week_unlike_the_others_raises_an_alert_and_the_next_clears_it(
    house: House, clock: SetClock
) -> None:
    for _ in range(22):
        register(house)
    clock.move(days=10)
    for number in range(22):
        register(house, Seed(abstained=number < 12))
    clock.move(minutes=1)
    drift = watch_drift(house)
    assert (drift.letters, drift.abstained, drift.drifted) == (22, 12, True)
    answering(house)
    assert DRIFT in {alert.code for alert in alerts_in_force(house.sessions)}
    clock.move(days=8)
    for _ in range(22):
        register(house)
    assert not watch_drift(house).drifted
    assert DRIFT not in {alert.code for alert in alerts_in_force(house.sessions)}


def test_decisions_against_the_machine_count_as_drift(house: House, clock: SetClock) -> None:
    for _ in range(14):
        register(house)
    for _ in range(10):
        decide_by_hand(house, KITES[0], Category.GENERAL, "other")
    clock.move(minutes=1)
    drift = watch_drift(house)
    assert (drift.letters, drift.corrected, drift.drifted) == (24, 10, True)
