"""What is known of a letter when its due date is decided."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel, Urgency


class DueRequest(Frozen):
    """A letter as far as its due date depends on it.

    Attributes:
        received_at: aware moment of arrival.
        category: None where the classifier abstained; only general rules then apply.
        subcategory: id within the category, or None.
        channel: how it came; chooses the receipt rule.
        stated_deadline: the date or moment the letter itself sets (naive is Bangkok's).
        stated_phrase: the letter's words for it, also where they hold no date.
        meeting_at: when the meeting or sitting is (naive is Bangkok's).
        urgency: the mark on the letter.
        ordered_date: the day a superior has ordered, or None.
        event_date: day of notification, resolution or service where the rule counts from that
            and it is known; receipt stands in for it otherwise, and the reason says so.
        named_rules: ids of `on_request` rules a person has named for this case.
    """

    received_at: AwareDatetime
    category: Category | None = None
    subcategory: str | None = None
    channel: Channel | None = None
    stated_deadline: datetime | date | None = None
    stated_phrase: str | None = None
    meeting_at: datetime | date | None = None
    urgency: Urgency = Urgency.NORMAL
    ordered_date: date | None = None
    event_date: date | None = None
    named_rules: tuple[str, ...] = ()
