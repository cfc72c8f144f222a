"""What a mailbox rule expects a letter to be: it helps where the classifier abstains."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Classification, Evidence
from correspondence.vocabulary import Category
from office.taxonomy import Taxonomy
from registry.models import IntakeItem, Letter


@dataclass(frozen=True, slots=True)
class CategoryHint:
    """The category that the rule `rule` of a mailbox expects."""

    category: Category
    rule: str


def find_hint(session: Session, letter: Letter) -> CategoryHint | None:
    """Return the hint of the mail that a letter came with, or None."""
    row = session.execute(
        select(IntakeItem.category_hint, IntakeItem.rule).where(
            IntakeItem.id == letter.intake_item_id
        )
    ).one()
    return CategoryHint(Category(row[0]), row[1] or "") if row[0] else None


def weigh_hint(found: Classification, hint: CategoryHint, taxonomy: Taxonomy) -> Classification:
    """Return a decision with the hint among its evidence.

    A hint never overrules a decision. Where the classifier abstained, a hint that agrees with
    its best guess decides; one that agrees with its second guess is proposed instead, and a
    person still decides.
    """
    agrees = hint.category is found.category
    evidence = Evidence(text=f"กฎกล่องจดหมาย: {hint.rule}", weight=1.0 if agrees else -1.0)
    changes: dict[str, object] = {"evidence": (*found.evidence, evidence)}
    if found.abstained and agrees:
        changes["abstained"] = False
    elif found.abstained and hint.category is found.second_guess:
        changes["category"] = hint.category
        changes["subcategory"] = taxonomy.entry(hint.category).subcategories[0].id
        changes["evidence"] = (*found.evidence, evidence.model_copy(update={"weight": 1.0}))
    return found.model_copy(update=changes)
