"""Ask the office's language model for summaries, outside of every transaction.

Off unless `SARABAN_LANGUAGE_MODEL_URL` is set. What it says is only a proposal: the gate of
`drafting` takes it or leaves it. A restricted or marked letter is never sent.
"""

from __future__ import annotations

import logging
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.reading import Extraction
from correspondence.vocabulary import CaseState, Secrecy
from drafting.language_model import LanguageModel, ModelUnusable, SummaryWriter
from drafting.request import WordedSummary
from office.settings import Settings
from pipeline.bootstrap import House
from registry.letter_file import letter_extraction
from registry.models import Case

_log = logging.getLogger(__name__)
# Less than the lease of a case, so that a slow model costs summaries and never cases.
_SECONDS_A_PASS = 300.0
_GIVEN_UP = frozenset({"away", "too_late"})
_DRAFTED_IN = (CaseState.ASSIGNED.value, CaseState.DRAFTING.value)


def summary_writer(settings: Settings) -> SummaryWriter | None:
    """Return the office's language model, None where it has set none."""
    if not settings.language_model_url:
        return None
    return LanguageModel(
        url=settings.language_model_url,
        name=settings.language_model_name,
        key=settings.language_model_key,
        seconds=settings.language_model_seconds,
    )


def word_letter(writer: SummaryWriter, extraction: Extraction) -> WordedSummary | None:
    """Return what the model wrote of a letter; None for a marked letter.

    Raises:
        ModelUnusable: it gave no usable answer.
    """
    if extraction.fields.secrecy.value not in (None, Secrecy.OPEN.value) or not extraction.text:
        return None
    return WordedSummary(writer=writer.name, lines=writer.write(extraction.text))


def word_summaries(house: House, ids: list[int]) -> dict[int, WordedSummary]:
    """Return the model's summaries of cases that will be drafted, by id of the case.

    A model that is away or too slow is not asked again in this pass. Without a model nothing is
    read.
    """
    writer = summary_writer(house.settings)
    if writer is None or not ids:
        return {}
    with house.sessions.begin() as session:
        letters = _letters(session, ids)
    worded: dict[int, WordedSummary] = {}
    ends = time.monotonic() + _SECONDS_A_PASS
    for case_id, extraction in letters.items():
        if time.monotonic() > ends:
            _log.warning("language model: out of time, %d of %d", len(worded), len(letters))
            break
        try:
            made = word_letter(writer, extraction)
        except ModelUnusable as fault:
            _log.warning("language model: %s, case %d", fault.reason, case_id)
            if fault.reason in _GIVEN_UP:
                break
            continue
        if made is not None:
            worded[case_id] = made
    return worded


def _letters(session: Session, ids: list[int]) -> dict[int, Extraction]:
    query = select(Case).where(
        Case.id.in_(ids), Case.state.in_(_DRAFTED_IN), Case.restricted.is_(False)
    )
    return {
        case.id: letter_extraction(case.letters[0], f"letter-{case.letters[0].id}")
        for case in session.scalars(query.order_by(Case.id))
        if case.letters
    }
