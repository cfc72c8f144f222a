"""What any classifier must beat: the commonest category, a keyword list, plain TF-IDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from classifiers.evaluation import BaselineScore, Classify, Judged, judge, summarise
from classifiers.labelled_letters import Labelled, labelled
from classifiers.letter_input import LetterInput
from classifiers.training_letters import TrainingLetter, as_input
from correspondence.classification import Classification
from correspondence.vocabulary import Category

_KEYWORDS: tuple[tuple[Category, tuple[str, ...]], ...] = (
    (Category.COMPLAINT, ("ร้องเรียน", "ร้องทุกข์", "complaint", "อุทธรณ์", "หมายศาล")),
    (Category.PARLIAMENTARY, ("กระทู้", "ญัตติ", "ร่างพระราชบัญญัติ", "กรรมาธิการ", "รัฐสภา")),
    (Category.PUBLIC_RELATIONS, ("ประชาสัมพันธ์", "แถลงข่าว", "สัมภาษณ์", "วารสาร", "interview")),
    (Category.FOREIGN_AFFAIRS, ("สถานเอกอัครราชทูต", "embassy", "เยี่ยมคารวะ", "ต่างประเทศ")),
)


MAJORITY, KEYWORDS, PLAIN_TFIDF = "majority", "keywords", "tfidf"


def compare(
    letters: Sequence[Labelled], training: Sequence[TrainingLetter]
) -> tuple[BaselineScore, ...]:
    """Return what each baseline, learnt from `training`, reaches on other letters."""
    return _scores({name: _judge(letters, said) for name, said in _baselines(training).items()})


def compare_left_out(letters: Sequence[TrainingLetter]) -> tuple[BaselineScore, ...]:
    """Return what each baseline reaches where it never saw a letter's writer."""
    judged: dict[str, list[Judged]] = {}
    for writer in sorted({letter.writer for letter in letters}):
        held = [labelled(letter) for letter in letters if letter.writer == writer]
        kept = [letter for letter in letters if letter.writer != writer]
        for name, said in _baselines(kept).items():
            judged.setdefault(name, []).extend(_judge(held, said))
    return _scores(judged)


def majority(letters: Sequence[TrainingLetter]) -> Classify:
    """Return a baseline that always gives the commonest label of the letters."""
    often = Counter((letter.category, letter.subcategory) for letter in letters)
    (category, subcategory), _ = often.most_common(1)[0]
    return lambda inputs: [_answer(category, subcategory, MAJORITY) for _ in inputs]


def keyword_list(inputs: Sequence[LetterInput]) -> list[Classification]:
    """Return the category of the first keyword found, general where none is."""
    answers = []
    for letter in inputs:
        text = f"{letter.subject or ''} {letter.text}".lower()
        found = (c for c, keys in _KEYWORDS if any(key in text for key in keys))
        answers.append(_answer(next(found, Category.GENERAL), "other", KEYWORDS))
    return answers


def plain_tfidf(letters: Sequence[TrainingLetter]) -> Classify:
    """Return TF-IDF with scikit-learn's own tokeniser (which breaks Thai) and a linear model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(sublinear_tf=True)
    rows = vectors.fit_transform([as_input(letter).text for letter in letters])
    # About as good here as logistic regression, in a hundredth of its time.
    model = LinearSVC(class_weight="balanced", random_state=0)
    model.fit(rows, [f"{letter.category.value}/{letter.subcategory}" for letter in letters])

    def classify(inputs: Sequence[LetterInput]) -> list[Classification]:
        labels = model.predict(vectors.transform([letter.text for letter in inputs]))
        return [
            _answer(Category(label.partition("/")[0]), label.partition("/")[2], PLAIN_TFIDF)
            for label in (str(item) for item in labels)
        ]

    return classify


def _baselines(training: Sequence[TrainingLetter]) -> dict[str, Classify]:
    return {
        MAJORITY: majority(training),
        KEYWORDS: keyword_list,
        PLAIN_TFIDF: plain_tfidf(training),
    }


def _judge(letters: Sequence[Labelled], classify: Classify) -> list[Judged]:
    answers = classify([one.letter for one in letters])
    return [judge(one, said) for one, said in zip(letters, answers, strict=True)]


def _scores(judged: Mapping[str, Sequence[Judged]]) -> tuple[BaselineScore, ...]:
    reports = {name: summarise(letters) for name, letters in judged.items()}
    return tuple(
        BaselineScore(
            name=name,
            macro_f1=report.macro_f1,
            accuracy=report.right_when_answered,
            subcategory_right=report.subcategory_right_given_category,
        )
        for name, report in reports.items()
    )


def _answer(category: Category, subcategory: str, version: str) -> Classification:
    return Classification(
        category=category,
        subcategory=subcategory,
        probabilities={c.value: float(c is category) for c in Category},
        abstained=False,
        model_version=version,
    )
