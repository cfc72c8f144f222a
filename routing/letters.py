"""From a read and classified letter to the question of its due date."""

from __future__ import annotations

from datetime import date, datetime

from correspondence.classification import Classification
from correspondence.reading import FieldValue, LetterFields
from correspondence.vocabulary import Channel, Urgency
from routing.moments import read_date_or_moment
from routing.request import DueRequest


def build_request(
    received_at: datetime,
    channel: Channel | None,
    fields: LetterFields,
    classification: Classification | None,
) -> DueRequest:
    """Return what decides the due date of a letter.

    An abstained classification counts as none: its guess must not date the case. A stated
    deadline whose value is no date stays as a phrase, so that a person is asked; a meeting time
    or urgency that cannot be read is left out.

    Args:
        received_at: aware moment of arrival.
        channel: how it came.
        fields: the letter fields; dates ISO (CE), Bangkok's where without a zone.
        classification: what the classifier said, or None.
    """
    sure = classification if classification and not classification.abstained else None
    stated = _read(fields.stated_deadline)
    phrase = fields.stated_deadline.phrase or fields.stated_deadline.raw
    return DueRequest(
        received_at=received_at,
        category=sure.category if sure else None,
        subcategory=sure.subcategory if sure else None,
        channel=channel,
        stated_deadline=stated,
        stated_phrase=phrase or fields.stated_deadline.value,
        meeting_at=_read(fields.meeting_at),
        urgency=_urgency(fields.urgency),
    )


def _read(field: FieldValue) -> date | datetime | None:
    if field.value is None:
        return None
    try:
        return read_date_or_moment(field.value)
    except ValueError:
        return None


def _urgency(field: FieldValue) -> Urgency:
    return Urgency(field.value) if field.value in set(Urgency) else Urgency.NORMAL
