"""What the gate holds a draft against: the letter, its fields, the register, the office's words."""

from __future__ import annotations

from correspondence.clock import BANGKOK
from correspondence.reading import LetterFields
from drafting.faithfulness import Sources, gather_sources
from drafting.particulars import Head, asks_label
from drafting.request import DraftRequest

# More than the body a summary is taken from; the gate reads no more than 400,000 characters.
_SOURCE_LIMIT = 120_000


def memo_sources(request: DraftRequest) -> Sources:
    """Return what a memo may state: the letter, its fields, the register, the office's words."""
    fields, names, moment = request.extraction.fields, request.wording.names, request.received_at
    days = [e.document_date for e in request.earlier if e.document_date]
    if request.due and request.due.due_date:
        days.append(request.due.due_date)
    local = moment.astimezone(BANGKOK)
    return gather_sources(
        (
            *_labels(), *_field_texts(fields), request.sender or "",
            request.register_number or "", request.group_thai, request.subcategory_thai,
            f"{local:%H.%M}", names.office, names.phone, names.officer,
            *(f"{e.document_number} {e.register_number} {e.subject} {e.state}"
              for e in request.earlier),
            *(text for p in request.wording.proposal for text in p.texts),
            *(phrase.text for phrase in request.wording.legal),
            *request.wording.phrases.model_dump().values(),
            request.extraction.text[:_SOURCE_LIMIT],
        ),
        (*days, local.date()),
    )  # fmt: skip


def _field_texts(fields: LetterFields) -> tuple[str, ...]:
    texts: list[str] = []
    for name in LetterFields.model_fields:
        value = getattr(fields, name)
        for field in value if isinstance(value, tuple) else (value,):
            texts.extend(filter(None, (field.value, field.raw)))
            if field.value and "T" in field.value[8:12]:
                texts.append(field.value[11:16].replace(":", "."))
    if fields.stated_deadline.phrase:
        texts.append(fields.stated_deadline.phrase)
    return tuple(texts)


def letter_sources(request: DraftRequest) -> Sources:
    """Return what the letter alone says, for text that a language model wrote of it."""
    return gather_sources(
        (*_field_texts(request.extraction.fields), request.extraction.text[:_SOURCE_LIMIT])
    )


def _labels() -> tuple[str, ...]:
    return (*(head.value for head in Head), asks_label(""))
