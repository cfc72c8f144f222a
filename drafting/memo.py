"""Draft the memo of one letter: choose the form, fill it, pass the gate, render it."""

from __future__ import annotations

import logging

from correspondence.errors import ActionRefused
from correspondence.memo import MemoDraft, SourcedSentence
from correspondence.vocabulary import MemoForm, ReadOutcome, Secrecy
from drafting import frame
from drafting.check_notes import note_checks
from drafting.choice import UNDECIDED, Asking, asked, choose_form, purpose
from drafting.clean_text import office_digits
from drafting.content import Fact, Line, MemoContent, numbered, shown
from drafting.faithfulness import UnfaithfulDraft, check_faithful, check_figures
from drafting.page_fit import overflow
from drafting.particulars import Particular, asks_label, find_particulars
from drafting.rendering import render, template_version
from drafting.request import DraftRequest
from drafting.sentences import split_letter
from drafting.sources import letter_sources, memo_sources
from drafting.summary import (
    LEAST_ROOM,
    PAGE_BUDGET,
    Shortlist,
    Summary,
    SummaryPoint,
    length_limit,
    solid_length,
    summarise,
)
from drafting.support import check_supported

# What of its summary form B keeps at least where that makes it one page.
_KEPT = 0.6
# More letters than a page of form A can hold, and how near to its end the summary comes.
_MOST_ON_PAGE = 2_600
_STEP = 12
log = logging.getLogger(__name__)


def draft_memo(request: DraftRequest) -> MemoDraft:
    """Return the memo of a letter: form, sections, sourced sentences and .docx bytes.

    Nothing runs but this process; a text layer of any size or content is safe. A draft that
    states a fact found in no source is replaced by the letter's sentences alone; so is what a
    language model worded.

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
    form = choose_form(request)
    particulars = _particulars(request)
    worded = _worded(request)
    summary = worded or _extracted(request, form, particulars)
    content = _content(request, form, summary, particulars)
    try:
        _check(request, content, summary, particulars)
    except UnfaithfulDraft as fault:
        log.warning("draft fell back to its sentences: %s %d", fault.kind, fault.count)
        particulars, worded = (), None
        summary = summarise(extraction)
        content = _sentences_alone(request, form, summary)
    version = template_version(form)
    if worded and request.worded:
        version += f"+{request.worded.writer}"
    sections = content.sections()
    docx = render(content, request.wording.garuda)
    if any("⟦" in section.text for section in sections):
        docx = note_checks(docx, request.wording.phrases)
    return MemoDraft(
        form=form,
        template_version=version,
        sections=sections,
        sentences=(*_sourced(particulars), *summary.sentences),
        docx=docx,
    )


def _extracted(
    request: DraftRequest, form: MemoForm, particulars: tuple[Particular, ...]
) -> Summary:
    """Return the letter's own sentences, as many as one page holds.

    Form B goes on a second page rather than lose much of what is to be decided.
    """
    told = (*(part.text for part in particulars), *frame.told_in_rows(request))
    whole = form is MemoForm.SUMMARY_MEMO
    shortlist = Shortlist(
        request.extraction, room=_MOST_ON_PAGE if whole else PAGE_BUDGET, told=told
    )
    # Labels and frame count as summary, too.
    beside = solid_length(asks_label(_kind(request)))
    beside += sum(solid_length(fact.text) for fact in frame.english_frame(request))
    room = shortlist.room - beside

    def overflows(shorter: Summary) -> bool:
        return overflow(_content(request, form, shorter, particulars)) > 0

    summary = shortlist.summary(room)
    if not overflows(summary):
        return summary
    taken = sum(solid_length(sentence.text) for sentence in summary.sentences)
    least, most = LEAST_ROOM if whole else int(taken * _KEPT), room
    if not whole and overflows(shortlist.summary_on_lines(least)):
        return summary
    while most - least > _STEP:
        middle = (least + most) // 2
        if overflows(shortlist.summary_on_lines(middle)):
            most = middle
        else:
            least = middle
    return shortlist.summary_on_lines(least)


def _worded(request: DraftRequest) -> Summary | None:
    """Return what a language model worded where every line of it is the letter's, else None."""
    worded = request.worded
    if worded is None or request.restricted:
        return None
    sources = letter_sources(request)
    try:
        for line in worded.lines:
            check_faithful(line, sources)
        sentences = check_supported(worded.lines, split_letter(request.extraction))
        room = length_limit(request.extraction.text)
        if sum(solid_length(line) for line in worded.lines) > room:
            raise UnfaithfulDraft("characters too many", 1)
        if len(set(worded.lines)) < len(worded.lines):
            raise UnfaithfulDraft("repetitions", 1)
    except UnfaithfulDraft as fault:
        log.warning("worded summary refused: %s %d", fault.kind, fault.count)
        return None
    points = tuple(SummaryPoint(text=line, item=False) for line in worded.lines)
    return Summary(sentences=sentences, points=points)


def _check(
    request: DraftRequest,
    content: MemoContent,
    summary: Summary,
    particulars: tuple[Particular, ...],
) -> None:
    """Pass a draft that says nothing beyond its sources; raises UnfaithfulDraft."""
    sources = memo_sources(request)
    for text in _stated(content):
        check_faithful(text, sources)
    # Joined in one line, two sentences would make a name of what stood apart.
    for sentence in summary.sentences:
        check_faithful(sentence.text, sources)
    for part in particulars:
        check_faithful(part.text, sources)
    for line in content.summary:
        check_figures(line.text, sources)


def _kind(request: DraftRequest) -> str:
    return request.classification.subcategory if request.classification else ""


def _particulars(request: DraftRequest) -> tuple[Particular, ...]:
    chosen = request.classification
    if chosen is None:
        return ()
    sentences = split_letter(request.extraction)
    found = find_particulars(request.extraction, sentences, chosen.category, chosen.subcategory)
    rows = "".join(f"{frame.subject(request)} {frame.sender(request)}".split())
    # What the rows above the summary say already is not said again.
    return tuple(part for part in found if "".join(office_digits(part.text).split()) not in rows)


def _sourced(particulars: tuple[Particular, ...]) -> tuple[SourcedSentence, ...]:
    return tuple(
        SourcedSentence(text=p.text, page=p.page, start=p.start, end=p.end, score=0.0)
        for p in particulars
    )


def _points(request: DraftRequest, summary: Summary) -> tuple[Fact, ...]:
    """Return the lines of the summary, the first that asks under its label."""
    label = asks_label(_kind(request))
    return tuple(
        Fact(text=f"{label}: {p.text}" if p.asks else p.text, item=p.item) for p in summary.points
    )


def _content(
    request: DraftRequest,
    form: MemoForm,
    summary: Summary,
    particulars: tuple[Particular, ...],
) -> MemoContent:
    fields = request.extraction.fields
    base = _sentences_alone(request, form, summary)
    quoted = tuple(fact.model_copy(update={"lead": True}) for fact in frame.english_frame(request))
    points = _points(request, summary)
    told = frame.particulars(request, particulars)
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
            "summary": numbered((*quoted, *points)),
            "earlier": numbered(frame.earlier(request)),
            "considerations": numbered((*told, *timing, *frame.legal(request))),
            "proposals": numbered(frame.choices(request)),
            "purpose": office_digits(purpose(request)),
        }
    else:
        coordination = Fact(text=request.wording.phrases.coordination + " " + "." * 36)
        own = {
            "matter": office_digits(frame.matter(request)),
            "summary": numbered((*quoted, *points), "๑."),
            "facts": numbered(
                (
                    *frame.earlier(request), *frame.received(request), *told, *timing, coordination,
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
    points = _points(request, summary)
    return MemoContent(
        form=form, minister=names.minister, minister_name=names.minister_name, office=names.office,
        office_code=names.office.rstrip("."), office_line=frame.office_line(request),
        signer_position=names.signer_position, urgency=frame.urgency(request),
        secrecy=frame.secrecy(request), verb=UNDECIDED, asker="." * 20,
        summary=numbered(points, "" if form is MemoForm.SUMMARY_MEMO else "๑."),
    )  # fmt: skip


def _stated(content: MemoContent) -> tuple[str, ...]:
    """Return the texts of a draft that state facts but for the summary's own lines."""
    lists = (
        content.earlier, content.facts, content.considerations, content.proposals,
    )  # fmt: skip
    return (
        content.subject, content.sender, content.document_number, content.document_date,
        content.register_number, content.matter, content.purpose, content.asker, content.view,
        *(line.text for lines in lists for line in lines),
    )  # fmt: skip
