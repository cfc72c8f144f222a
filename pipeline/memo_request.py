"""What a memo is drafted from, for cases and bare files alike."""

from __future__ import annotations

from datetime import datetime

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import Extraction
from drafting.request import DraftRequest
from office.configuration import Configuration


def memo_request(
    configuration: Configuration,
    extraction: Extraction,
    decided: Classification,
    *,
    group_id: str | None,
    due: DueDecision | None,
    register_number: str | None,
    received_at: datetime,
    sender: str | None,
) -> DraftRequest:
    """Return everything a memo is drafted from, with the office's own names and wording."""
    taxonomy = configuration.taxonomy
    subcategory = taxonomy.subcategory(decided.category, decided.subcategory)
    return DraftRequest(
        extraction=extraction,
        classification=decided,
        category_thai=taxonomy.entry(decided.category).thai,
        subcategory_thai=subcategory.thai if subcategory else decided.subcategory,
        group_thai=configuration.groups.get(group_id).thai if group_id else "",
        due=due,
        register_number=register_number,
        received_at=received_at,
        sender=sender,
        wording=configuration.wording,
    )
