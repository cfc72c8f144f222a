"""What any classifier must beat: the commonest category, a keyword list, plain TF-IDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from classifiers.evaluation import Classify
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


def majority(letters: Sequence[TrainingLetter]) -> Classify:
    """Return a baseline that always gives the commonest label of the letters."""
    often = Counter((letter.category, letter.subcategory) for letter in letters)
    (category, subcategory), _ = often.most_common(1)[0]
    return lambda inputs: [_answer(category, subcategory, "majority") for _ in inputs]


def keyword_list(inputs: Sequence[LetterInput]) -> list[Classification]:
    """Return the category of the first keyword found, general where none is."""
    answers = []
    for letter in inputs:
        text = f"{letter.subject or ''} {letter.text}".lower()
        found = (c for c, keys in _KEYWORDS if any(key in text for key in keys))
        answers.append(_answer(next(found, Category.GENERAL), "other", "keywords"))
    return answers


def plain_tfidf(letters: Sequence[TrainingLetter]) -> Classify:
    """Return TF-IDF with scikit-learn's own tokeniser (which breaks Thai) and a linear model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = TfidfVectorizer(sublinear_tf=True)
    rows = vectors.fit_transform([as_input(letter).text for letter in letters])
    model = LogisticRegression(C=10.0, max_iter=500, class_weight="balanced")
    model.fit(rows, [f"{letter.category.value}/{letter.subcategory}" for letter in letters])

    def classify(inputs: Sequence[LetterInput]) -> list[Classification]:
        labels = model.predict(vectors.transform([letter.text for letter in inputs]))
        return [
            _answer(Category(label.partition("/")[0]), label.partition("/")[2], "tfidf")
            for label in (str(item) for item in labels)
        ]

    return classify


def _answer(category: Category, subcategory: str, version: str) -> Classification:
    return Classification(
        category=category,
        subcategory=subcategory,
        probabilities={c.value: float(c is category) for c in Category},
        abstained=False,
        model_version=version,
    )
