"""What a draft is made of: the letter as read, its category, its due date, the office's words."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from correspondence.classification import Classification
from correspondence.deadline import DueDecision
from correspondence.reading import Extraction, Frozen
from office.wording import Wording


class EarlierMatter(Frozen):
    """เรื่องเดิม: an earlier letter of the same matter; `document_date` is CE, `state` Thai."""

    register_number: str | None = None
    document_number: str | None = None
    document_date: date | None = None
    subject: str | None = None
    state: str = ""


class WordedSummary(Frozen):
    """What an office's language model wrote of a letter; nothing of it is believed yet."""

    writer: str
    lines: tuple[str, ...]


class DraftRequest(Frozen):
    """Everything one memo is drafted from.

    Attributes:
        extraction: the letter as read; its offsets are those of the summary's sentences.
        classification: None where the classifier has not run; the form is then the summary memo.
        category_thai: Thai name of the category.
        subcategory_thai: Thai name of the sub-category.
        group_thai: Thai name of the responsible group.
        due: the due date with its reasons, None where none was counted.
        register_number: the office's number and Buddhist year, "123/2569"; None before it has one.
        received_at: when the letter arrived, aware.
        sender: who sent it where the letter names no agency and no signer.
        earlier: earlier letters of the same matter, oldest first.
        wording: the office's own words.
        restricted: the case is restricted; no language model may word it.
        worded: a language model's summary, None where the office has none or it failed.
    """

    extraction: Extraction
    classification: Classification | None
    category_thai: str
    subcategory_thai: str
    group_thai: str
    due: DueDecision | None
    register_number: str | None
    received_at: AwareDatetime
    sender: str | None = None
    earlier: tuple[EarlierMatter, ...] = ()
    wording: Wording
    restricted: bool = False
    worded: WordedSummary | None = None
