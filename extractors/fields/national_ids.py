"""What of a letter may leave the reader: its text with national numbers masked."""

from __future__ import annotations

from collections.abc import Iterable

from correspondence.national_ids import NationalId, find_national_ids, mask_digits
from correspondence.reading import PageText, RestrictedValue
from correspondence.vocabulary import RestrictedKind
from extractors.fields.reading import MailHead

Restricted = tuple[RestrictedValue, ...]


def restrict_pages(pages: tuple[PageText, ...]) -> tuple[tuple[PageText, ...], Restricted]:
    """Return the pages with national numbers masked, and the numbers with their pages.

    Fields are read from what this returns, so that no part of a number gets into one. The
    length of every text stays, and with it the places of its pieces.
    """
    masked: list[PageText] = []
    values: list[RestrictedValue] = []
    for page in pages:
        found = find_national_ids(page.text)
        values += _values(found, page.number)
        text = mask_digits(page.text, found)
        masked.append(page.model_copy(update={"text": text}) if found else page)
    return tuple(masked), distinct(values)


def restrict_words(words: str) -> tuple[str, Restricted]:
    """Return a subject, a person's or a file's name masked, and the numbers (on no page)."""
    found = find_national_ids(words)
    return mask_digits(words, found), distinct(_values(found, None))


def restrict_head(head: MailHead) -> tuple[MailHead, Restricted]:
    """Return a mail's head masked, and the numbers (on no page)."""
    masked: dict[str, str] = {}
    values: list[RestrictedValue] = []
    for name in ("subject", "sender_name", "sender_address"):
        words: str | None = getattr(head, name)
        if words:
            masked[name], found = restrict_words(words)
            values += found
    return head.model_copy(update=masked), distinct(values)


def distinct(values: Iterable[RestrictedValue]) -> Restricted:
    """Return the values in order, each number once a page, and on no page only if on none."""
    found = tuple(dict.fromkeys(values))
    paged = {(value.kind, value.value) for value in found if value.page is not None}
    return tuple(v for v in found if v.page is not None or (v.kind, v.value) not in paged)


def _values(found: tuple[NationalId, ...], page: int | None) -> list[RestrictedValue]:
    kind = RestrictedKind.NATIONAL_ID
    return [RestrictedValue(kind=kind, page=page, value=number.digits) for number in found]
