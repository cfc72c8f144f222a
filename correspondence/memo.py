"""What drafting yields: a memo with every sentence tied to its source."""

from __future__ import annotations

from pydantic import Field

from correspondence.reading import Frozen
from correspondence.vocabulary import MemoForm


class SourcedSentence(Frozen):
    """A sentence of the letter used in the summary; offsets count into `Extraction.text`."""

    text: str
    page: int
    start: int
    end: int
    score: float


class MemoSection(Frozen):
    """One labelled part of a form; `label` is verbatim from the form.

    `accepted_by` is who has accepted the part as it stands, "" while nobody has. `unfounded` are
    the kinds of values a person has written that no source holds, and kept after a warning.
    """

    label: str
    text: str
    accepted_by: str = ""
    unfounded: tuple[str, ...] = ()


class MemoDraft(Frozen):
    """A drafted memo: the form, its sections, the summary's sentences and the .docx bytes."""

    form: MemoForm
    template_version: str
    sections: tuple[MemoSection, ...]
    sentences: tuple[SourcedSentence, ...]
    docx: bytes = Field(repr=False)
