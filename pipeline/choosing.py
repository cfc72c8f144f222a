"""A person chooses or changes the category of a case: new group, new date, new memo."""

from __future__ import annotations

from sqlalchemy import select

from correspondence.classification import Classification
from correspondence.errors import ActionRefused
from correspondence.vocabulary import Category
from pipeline.case_dates import decide_case, put_due
from pipeline.case_turn import CaseTurn
from registry.case_clock import due_in_force, lapse_extensions
from registry.casework import MODEL, record_classification, supersede_drafts
from registry.models import ClassificationRow
from registry.transitions import CaseChange
from routing.groups import assign_group


def choose_category(turn: CaseTurn) -> None:
    """Choose the category in triage, or another one for an active case.

    The decision stands beside the model's, which the classifier learns from; the case is given
    to the category's group and dated anew; a memo drafted before is superseded.

    Raises:
        ActionRefused: no such sub-category, or the case is what is asked already.
    """
    category, subcategory, guess = _chosen(turn)
    same = (turn.case.category, turn.case.subcategory) == (category.value, subcategory)
    if same and turn.case.group_id is not None:
        raise ActionRefused("The case has this category already.", thai="เรื่องนี้เป็นประเภทนี้อยู่แล้ว")
    decided = Classification(
        category=category,
        subcategory=subcategory,
        probabilities={category.value: 1.0},
        abstained=False,
        model_version=guess.model_version if guess else "",
    )
    configuration = turn.house.configuration
    assignment = assign_group(category, subcategory, configuration.taxonomy, configuration.groups)
    assert assignment is not None  # there is a category
    decision = decide_case(turn.house, turn.session, turn.case, decided)
    if assignment.group != turn.case.group_id:
        turn.end_assignment()
    turn.take(
        CaseChange(category=category.value, subcategory=subcategory, group_id=assignment.group),
        detail={"due_date": decision.due_date.isoformat() if decision.due_date else None},
    )
    record_classification(turn.session, turn.case, decided, at=turn.now, decided_by=turn.actor.name)
    lapse_extensions(turn.session, turn.case, at=turn.now)
    put_due(turn.house, turn.session, turn.case, decision, at=turn.now)
    supersede_drafts(turn.session, turn.case, at=turn.now)


def return_to_triage(turn: CaseTurn) -> None:
    """Give a case back so that somebody chooses its category; it belongs to no group then."""
    turn.end_assignment()
    turn.take()
    if due_in_force(turn.session, turn.case) is None:
        decision = decide_case(turn.house, turn.session, turn.case, None)
        put_due(turn.house, turn.session, turn.case, decision, at=turn.now)


def _chosen(turn: CaseTurn) -> tuple[Category, str, ClassificationRow | None]:
    """Return category and sub-category asked for, and what the model said."""
    category = turn.request.category
    assert category is not None  # the table demands it
    guess = turn.session.scalars(
        select(ClassificationRow)
        .where(ClassificationRow.case_id == turn.case.id, ClassificationRow.decided_by == MODEL)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).first()
    subcategory = turn.request.subcategory
    if subcategory is None and guess is not None and guess.category == category.value:
        subcategory = guess.subcategory
    taxonomy = turn.house.configuration.taxonomy
    if subcategory is None or taxonomy.subcategory(category, subcategory) is None:
        known = ", ".join(entry.id for entry in taxonomy.entry(category).subcategories)
        raise ActionRefused(
            f"Name a subcategory of {category}: {known}.", thai="ต้องระบุประเภทย่อยของประเภทเรื่องนี้"
        )
    return category, subcategory, guess
