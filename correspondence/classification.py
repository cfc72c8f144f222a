"""What the classifier says of a letter (JSON contract of `classify`)."""

from __future__ import annotations

from correspondence.reading import Frozen
from correspondence.vocabulary import Category


class Evidence(Frozen):
    """A phrase of the letter and how far it moved the decision (positive: towards it).

    Attributes:
        text: the phrase, as it stands in the letter.
        weight: above 0 for the chosen category, below for the second guess.
        speaks_for: the category that the phrase speaks for.
        page: the page it stands on, from 1; None where it stands in a field or an attachment.
        start: offset of its first character in the page's text.
        end: offset after its last.
    """

    text: str
    weight: float
    speaks_for: Category | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None


class Classification(Frozen):
    """Category and sub-category with probabilities; `abstained` sends the case to triage.

    When it abstained, `category` and `subcategory` still hold the best guess.
    """

    category: Category
    subcategory: str
    probabilities: dict[str, float]
    abstained: bool
    evidence: tuple[Evidence, ...] = ()
    model_version: str

    @property
    def confidence(self) -> float:
        """Probability of the chosen category, 0 to 1."""
        return self.probabilities.get(self.category.value, 0.0)

    @property
    def second_guess(self) -> Category | None:
        """The next most probable category."""
        ranked = sorted(self.probabilities, key=self.probabilities.__getitem__, reverse=True)
        return Category(ranked[1]) if len(ranked) > 1 else None
