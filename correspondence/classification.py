"""What the classifier says of a letter (JSON contract of `classify`)."""

from __future__ import annotations

from correspondence.reading import Frozen
from correspondence.vocabulary import Category


class Evidence(Frozen):
    """A phrase of the letter and how far it moved the decision (positive: towards it)."""

    text: str
    weight: float


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
