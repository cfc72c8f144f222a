"""What a memo is drafted from, for cases and bare files alike."""

from __future__ import annotations

from datetime import datetime

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import Extraction
from drafting.request import DraftRequest, EarlierMatter, WordedSummary
from office.configuration import Configuration
from registry.earlier_matters import EarlierLetter


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
    earlier: tuple[EarlierLetter, ...] = (),
    restricted: bool = False,
    worded: WordedSummary | None = None,
) -> DraftRequest:
    """Return everything a memo is drafted from, with the office's own names and wording.

    `earlier` are letters of the same matter, `worded` what a language model wrote of this one.
    """
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
        earlier=tuple(_matter(letter) for letter in earlier),
        wording=configuration.wording,
        restricted=restricted,
        worded=worded,
    )


def _matter(letter: EarlierLetter) -> EarlierMatter:
    return EarlierMatter(
        register_number=letter.register_number,
        document_number=letter.document_number,
        document_date=letter.document_date,
        subject=letter.subject,
        state=letter.state.thai,
    )
