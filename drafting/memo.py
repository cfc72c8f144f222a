"""Draft the memo of one letter: choose the form, fill it, pass the gate, render it."""

from __future__ import annotations

import logging

from correspondence.clock import BANGKOK
from correspondence.errors import ActionRefused
from correspondence.memo import MemoDraft
from correspondence.reading import LetterFields
from correspondence.vocabulary import MemoForm, ReadOutcome, Secrecy
from drafting import frame
from drafting.choice import UNDECIDED, Asking, asked, choose_form, purpose
from drafting.clean_text import office_digits
from drafting.content import Fact, Line, MemoContent, numbered, shown
from drafting.faithfulness import Sources, UnfaithfulDraft, check_faithful, gather_sources
from drafting.page_fit import LETTERS_A_LINE, excess_letters
from drafting.rendering import render, template_version
from drafting.request import DraftRequest
from drafting.summary import Summary, solid_length, summarise

# A memo a few lines too long is trimmed to its page; beyond that a second page serves better
# than a summary that leaves facts out.
_TRIMMED = 4 * LETTERS_A_LINE
_LEAST_SUMMARY = 600
log = logging.getLogger(__name__)
# More than the body a summary is taken from; the gate reads no more than 400,000 characters.
_SOURCE_LIMIT = 120_000


def draft_memo(request: DraftRequest) -> MemoDraft:
    """Return the memo of a letter: form, sections, sourced sentences and .docx bytes.

    Nothing runs but this process; a text layer of any size or content is safe. A draft that
    states a fact found in no source is replaced by the letter's sentences alone.

    Raises:
        ActionRefused: the letter carries a secrecy mark; such letters are not drafted.
        ConfigurationFault: a template is missing.
    """
    extraction = request.extraction
    grade = extraction.fields.secrecy.value
    if extraction.outcome is ReadOutcome.SECRET or grade not in (None, Secrecy.OPEN.value):
        raise ActionRefused(
            "A letter with a secrecy mark is not drafted.", thai="หนังสือที่มีชั้นความลับไม่ร่างโดยระบบ"
        )
    summary = summarise(extraction)
    form = choose_form(request)
    content = _content(request, form, summary)
    excess = excess_letters(content) if form is MemoForm.SUMMARY_MEMO else 0
    if 0 < excess <= _TRIMMED:
        taken = sum(solid_length(sentence.text) for sentence in summary.sentences)
        summary = summarise(extraction, budget=max(_LEAST_SUMMARY, taken - excess))
        content = _content(request, form, summary)
    sources = _sources(request)
    try:
        for text in _stated(content):
            check_faithful(text, sources)
    except UnfaithfulDraft as fault:
        log.warning("draft fell back to its sentences: %s %d", fault.kind, fault.count)
        content = _sentences_alone(request, form, summary)
    return MemoDraft(
        form=form,
        template_version=template_version(form),
        sections=content.sections(),
        sentences=summary.sentences,
        docx=render(content, request.wording.garuda),
    )


def _content(request: DraftRequest, form: MemoForm, summary: Summary) -> MemoContent:
    fields = request.extraction.fields
    base = _sentences_alone(request, form, summary)
    quoted = frame.english_frame(request)
    points = tuple(Fact(text=p.text, item=p.item) for p in summary.points)
    asking = asked(request)
    common = {
        "subject": frame.subject(request),
        "document_number": shown(fields.document_number),
        "document_date": frame.document_date(request),
        "sender": frame.sender(request),
        "register_number": office_digits(request.register_number or ""),
    }
    timing = frame.timing(request)
    if form is MemoForm.SUMMARY_MEMO:
        own = {
            "summary": (*numbered(quoted), *numbered(points)),
            "earlier": numbered(frame.earlier(request)),
            "considerations": numbered(
                (*frame.completeness(request), *timing, *frame.legal(request))
            ),
            "proposals": numbered(frame.proposals(request)),
            "purpose": office_digits(purpose(request)),
        }
    else:
        coordination = Fact(text=request.wording.phrases.coordination + " " + "." * 60)
        own = {
            "matter": office_digits(frame.matter(request)),
            "summary": (*numbered(quoted), *numbered(points, "๑.")),
            "facts": numbered(
                (
                    *frame.earlier(request), *frame.received(request), *timing, coordination,
                    *frame.legal(request),
                ),
                "๒.",
            ),
            "verb": UNDECIDED if asking is Asking.CONSIDER else asking.value,
            "asker": frame.asker(request),
            **_view(frame.proposals(request)),
        }  # fmt: skip
    return base.model_copy(update={**common, **own})


def _view(proposals: tuple[Fact, ...]) -> dict[str, str | tuple[Line, ...]]:
    """Return paragraph ๓ of form B: one proposal runs in, several stand under their numbers."""
    # เห็นว่า stands before them in the form: เห็นควร becomes ควร.
    facts = tuple(Fact(text=fact.text.removeprefix("เห็น")) for fact in proposals)
    if len(facts) == 1:
        return {"view": office_digits(facts[0].text), "proposals": ()}
    return {"view": "", "proposals": numbered(facts, "๓.")}


def _sentences_alone(request: DraftRequest, form: MemoForm, summary: Summary) -> MemoContent:
    names = request.wording.names
    points = tuple(Fact(text=p.text, item=p.item) for p in summary.points)
    return MemoContent(
        form=form, minister=names.minister, minister_name=names.minister_name, office=names.office,
        office_code=names.office.rstrip("."), office_line=frame.office_line(request),
        signer_position=names.signer_position, urgency=frame.urgency(request),
        secrecy=frame.secrecy(request), verb=UNDECIDED, asker="." * 20,
        summary=numbered(points, "" if form is MemoForm.SUMMARY_MEMO else "๑."),
    )  # fmt: skip


def _stated(content: MemoContent) -> tuple[str, ...]:
    """Return the texts of a draft that state facts, without the form's own numbering."""
    lists = (
        content.summary, content.earlier, content.facts, content.considerations, content.proposals,
    )  # fmt: skip
    return (
        content.subject, content.sender, content.document_number, content.document_date,
        content.register_number, content.matter, content.purpose, content.asker, content.view,
        *(line.text for lines in lists for line in lines),
    )  # fmt: skip


def _sources(request: DraftRequest) -> Sources:
    fields, names, moment = request.extraction.fields, request.wording.names, request.received_at
    days = [e.document_date for e in request.earlier if e.document_date]
    if request.due and request.due.due_date:
        days.append(request.due.due_date)
    local = moment.astimezone(BANGKOK)
    return gather_sources(
        (
            *_field_texts(fields), request.sender or "",
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
