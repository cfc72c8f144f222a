"""A mail and what it carries joined to one letter."""

from __future__ import annotations

from collections.abc import Sequence

from correspondence.reading import (
    Extraction,
    FieldValue,
    LetterFields,
    RestrictedValue,
    join_pages,
)
from correspondence.vocabulary import READABLE, LetterKind, ReadOutcome
from extractors.fields import MailHead, distinct, read_fields
from extractors.request import ReadingRequest

# A mail or an invitation inside the mail: its text is part of the covering text.
TEXT_OF_MAIL = "text_of_the_mail"
_SILENT = frozenset({TEXT_OF_MAIL, "contents_beside", "accessory_not_read"})
# Unread, and nothing is missing for it.
_EXPECTED = _SILENT | {"inline_image_not_read", "attachments_not_read"}


def join_mail(
    note: Extraction,
    head: MailHead,
    attachments: list[Extraction],
    chosen: int | None,
    request: ReadingRequest,
) -> Extraction:
    """Return the mail as one letter; `note` has what the sender wrote in it."""
    letter = attachments[chosen] if chosen is not None else None
    forwarded = [a for a in attachments if TEXT_OF_MAIL in a.warnings and a is not letter]
    cover = (note, *forwarded)
    # A covering note must not out-shout the letter it brings: the letter's pages come first.
    parts = (letter, *cover) if letter else cover
    pages = tuple(
        page.model_copy(update={"number": number})
        for number, page in enumerate((page for part in parts for page in part.pages), start=1)
    )
    covering = read_fields(
        tuple(page for part in cover for page in part.pages),
        mail=head,
        received_on=request.received_on,
    )
    kind, language, fields = covering.kind, covering.language, covering.fields
    if letter is not None:
        kind = letter.kind if letter.kind is not LetterKind.UNKNOWN else kind
        language = letter.language
        fields = _complete(letter.fields, covering.fields, len(letter.pages))
    unread = [a for a in attachments if a.outcome not in READABLE]
    failed = [a for a in unread if not _EXPECTED & set(a.warnings)]
    if pages:
        outcome = ReadOutcome.PARTIAL if failed else ReadOutcome.OK
    else:
        outcome = failed[0].outcome if failed else ReadOutcome.EMPTY
    if letter is not None and letter.outcome is ReadOutcome.PARTIAL:
        outcome = ReadOutcome.PARTIAL
    warnings = [f"attachment_{a.outcome.value}" for a in failed]
    warnings += [w for a in attachments for w in a.warnings if w not in _SILENT]
    return Extraction(
        file=note.file,
        outcome=outcome,
        media_type=note.media_type,
        kind=kind,
        language=language,
        pages=pages,
        text=join_pages(pages),
        fields=fields,
        attachments=tuple(attachments),
        warnings=tuple(dict.fromkeys(warnings)),
        restricted=_restricted(parts, attachments),
    )


def _restricted(
    parts: Sequence[Extraction], attachments: Sequence[Extraction]
) -> tuple[RestrictedValue, ...]:
    """Return the restricted values by the joined pages; those of enclosures stand on none."""
    values: list[RestrictedValue] = []
    before = 0
    for part in parts:
        places = {page.number: before + place for place, page in enumerate(part.pages, start=1)}
        values += [
            value.model_copy(update={"page": places.get(value.page) if value.page else None})
            for value in part.restricted
        ]
        before += len(part.pages)
    joined = {id(part) for part in parts}
    values += [
        value.model_copy(update={"page": None})
        for attachment in attachments
        if id(attachment) not in joined
        for value in attachment.restricted
    ]
    return distinct(values)


# What the covering mail knows better than nothing, where the letter itself does not say.
_FROM_COVER = ("subject", "signer", "contact_email", "contact_phone", "stated_deadline")


def _complete(letter: LetterFields, cover: LetterFields, shift: int) -> LetterFields:
    """Fill what the letter lacks from the covering mail; its pages stand after the letter's."""
    update: dict[str, FieldValue] = {}
    for name in _FROM_COVER:
        own: FieldValue = getattr(letter, name)
        other: FieldValue = getattr(cover, name)
        if not own and other:
            page = other.page + shift if other.page else None
            update[name] = other.model_copy(update={"page": page, "needs_check": True})
    return letter.model_copy(update=update)
