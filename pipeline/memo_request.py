"""What a due date is counted from and what a memo is drafted from, for cases and bare files."""

from __future__ import annotations

from datetime import datetime

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import Extraction
from correspondence.vocabulary import Channel, Urgency
from drafting.request import DraftRequest
from office.configuration import Configuration
from routing.request import DueRequest


def due_request(
    received_at: datetime,
    channel: Channel | None,
    extraction: Extraction,
    decided: Classification | None,
) -> DueRequest:
    """Return what the due date of a read letter is counted from.

    Pass `decided=None` when the classifier abstained: only general rules then apply.
    """
    fields = extraction.fields
    return DueRequest.model_validate(
        {
            "received_at": received_at,
            "category": decided.category if decided else None,
            "subcategory": decided.subcategory if decided else None,
            "channel": channel,
            "stated_deadline": fields.stated_deadline.value,
            "stated_phrase": fields.stated_deadline.phrase,
            "meeting_at": fields.meeting_at.value,
            "urgency": fields.urgency.value or Urgency.NORMAL,
        }
    )


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
