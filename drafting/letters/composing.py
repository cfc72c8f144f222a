"""Compose an outgoing letter: the office's words, the register's facts, the gate, the form."""

from __future__ import annotations

from correspondence.clock import BANGKOK
from correspondence.errors import ActionRefused
from correspondence.vocabulary import ReadOutcome, Secrecy, Urgency
from drafting.check_notes import note_checks
from drafting.clean_text import office_digits, one_line
from drafting.completeness import missing_parts
from drafting.content import Line, LineKind
from drafting.faithfulness import check_faithful, gather_sources
from drafting.forms.build import LetterSheet
from drafting.forms.letter_form import GARUDA_CM
from drafting.letters.places import (
    PLACES_OF_NOBODY,
    addressee,
    hidden,
    places_of,
    subject_read,
)
from drafting.letters.request import LetterRequest, WrittenLetter
from drafting.rendering import GARUDA_HEIGHT_MM, fill_form, template_version
from office.letters import FIVE_PARTS, LetterWords, OutgoingKind

_SOURCE_LIMIT = 120_000
_MOST_LINES = 20
_LONG = 600
_AGENCY_LETTERS = frozenset({*FIVE_PARTS, OutgoingKind.FORWARD})


def compose_letter(request: LetterRequest) -> WrittenLetter:
    """Return an outgoing letter as .docx, with blanks for number, date and signature.

    Every value that a person must check stands in ⟦…⟧ and has a comment.

    Raises:
        ActionRefused: the letter received has a secrecy mark; more is asked of a writer whose
            letter lacks nothing.
        UnfaithfulDraft: it would state a number, date or name found in no source.
        ConfigurationFault: a template is missing.
    """
    _refuse_secret(request)
    words = request.wording.words(request.kind)
    lists = {"asks": _asks(request), "missing": _missing(request)}
    places = places_of(request)
    paragraphs = _paragraphs(words, places, lists)
    subject = one_line(words.subject.format(**places, asks="", missing=""), _LONG)
    whom = addressee(request)
    references = _list(tuple(text.format(**places) for text in words.references))
    enclosures = _list(tuple(text.format(**places) for text in words.enclosures))
    # What the office wrote into its own words is its own; what fills their places is not.
    filled = {**places, "matter": subject_read(request)}
    _gate(request, (whom, *filled.values(), *lists["missing"]))
    sheet = LetterSheet.LETTER
    if request.kind is OutgoingKind.FORWARD:
        sheet = LetterSheet.COVERING_MEMO
    values: dict[str, object] = {
        "secrecy": "",
        "urgency": "" if request.urgency is Urgency.NORMAL else request.urgency.thai,
        "letter_number": _number(request, sheet),
        "letter_date": "",
        "subject": subject,
        "addressee": whom,
        "signer_position": request.names.signer_position,
        "paragraphs": [line.model_dump() for line in paragraphs],
        "references": [line.model_dump() for line in references],
        "enclosures": [line.model_dump() for line in enclosures],
        **_unit(request),
    }
    height = GARUDA_CM * 10 if sheet is LetterSheet.LETTER else GARUDA_HEIGHT_MM
    docx = fill_form(sheet, values, request.garuda, height)
    said = (*paragraphs, *references, *enclosures)
    if any("⟦" in text for text in (subject, whom, *(line.text for line in said))):
        docx = note_checks(docx, request.phrases)
    return WrittenLetter(
        kind=request.kind,
        sheet=sheet,
        template_version=template_version(sheet),
        subject=subject,
        addressee=whom,
        paragraphs=paragraphs,
        missing=_blanks(request, words, whom),
        docx=docx,
    )


def _refuse_secret(request: LetterRequest) -> None:
    extraction = request.extraction
    grade = extraction.fields.secrecy.value
    if extraction.outcome is ReadOutcome.SECRET or grade not in (None, Secrecy.OPEN.value):
        raise ActionRefused(
            "No letter is written about one with a secrecy mark.",
            thai="หนังสือที่มีชั้นความลับไม่ร่างหนังสือตอบโดยระบบ",
        )


def _asks(request: LetterRequest) -> tuple[str, ...]:
    given = tuple(office_digits(one_line(text, _LONG)) for text in request.asks)
    chosen = given or request.wording.asks(request.category, request.subcategory)
    if request.kind in _AGENCY_LETTERS and not chosen:
        return ("พิจารณาในส่วนที่เกี่ยวข้อง",)
    return tuple(hidden(request, text) for text in chosen[:_MOST_LINES] if text)


def _missing(request: LetterRequest) -> tuple[str, ...]:
    if request.kind is not OutgoingKind.MORE_NEEDED:
        return ()
    given = tuple(office_digits(one_line(text, _LONG)) for text in request.asks if text.strip())
    found = given or missing_parts(request.extraction)
    if not found:
        raise ActionRefused(
            "Nothing was found missing in this letter.",
            thai="ไม่พบว่าหนังสือฉบับนี้ขาดข้อมูลใด",
            remedy="Say what is missing with --ask.",
        )
    return found[:_MOST_LINES]


def _paragraphs(
    words: LetterWords, places: dict[str, str], lists: dict[str, tuple[str, ...]]
) -> tuple[Line, ...]:
    """Return the body's lines: one value of a list runs in, several stand under numbers."""
    lines: list[Line] = []
    for paragraph in words.paragraph:
        below: tuple[str, ...] = ()
        inner = dict(places)
        for name, values in lists.items():
            several = len(values) > 1
            inner[name] = _below(paragraph.text, name) if several else "".join(values)
            if several and f"{{{name}}}" in paragraph.text:
                below = values
        text = " ".join(paragraph.text.format(**inner).split())
        if paragraph.joins and lines and lines[-1].kind is LineKind.PLAIN:
            lines[-1] = Line(kind=LineKind.PLAIN, number="", text=f"{lines[-1].text} {text}")
        else:
            lines.append(Line(kind=LineKind.PLAIN, number="", text=text))
        lines.extend(_numbered(below))
    return tuple(lines)


def _below(text: str, name: str) -> str:
    """Return what leads to the numbered lines below: …เพื่อ wants a verb first."""
    return "ดำเนินการ ดังนี้" if text.split(f"{{{name}}}")[0].endswith("เพื่อ") else "ดังนี้"


def _numbered(texts: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(kind=LineKind.NUMBERED, number=office_digits(f"{number}."), text=text)
        for number, text in enumerate(texts, 1)
    )


def _list(texts: tuple[str, ...]) -> tuple[Line, ...]:
    if len(texts) > 1:
        return _numbered(texts)
    return tuple(Line(kind=LineKind.PLAIN, number="", text=text) for text in texts)


def _number(request: LetterRequest, sheet: LetterSheet) -> str:
    prefix = request.wording.head.number_prefix
    if sheet is LetterSheet.COVERING_MEMO:
        return request.names.office
    return f"{prefix} {'.' * 24}"


def _unit(request: LetterRequest) -> dict[str, object]:
    """Return how to reach whoever is responsible, for the head or the foot of the form."""
    names, head = request.names, request.wording.head
    group = one_line(request.group_thai, 200)
    phone = office_digits(names.phone)
    telephone = f"โทร. {phone}" if phone else f"โทร. {'.' * 24}"
    line = "  ".join(part for part in (names.office, group, names.officer, telephone) if part)
    return {
        "address_first": office_digits(head.address[0]),
        "address_rest": office_digits("\n".join(head.address[1:])),
        "unit": group or names.office_full,
        "telephone": telephone,
        "email": f"ไปรษณีย์อิเล็กทรอนิกส์ {head.email}" if head.email else "",
        "unit_line": one_line(line if phone else line.replace(telephone, "").strip(), 200),
    }


def _blanks(request: LetterRequest, words: LetterWords, whom: str) -> tuple[str, ...]:
    """Return what a person still has to fill in."""
    texts = " ".join((words.subject, *words.references, *(p.text for p in words.paragraph)))
    own = request.own
    blanks = (
        ("addressee", not whom),
        ("reply_by", "{reply_by}" in texts and request.reply_by is None),
        ("our_letter", "{our_letter}" in texts and not (own.number and own.day)),
    )
    return tuple(name for name, blank in blanks if blank)


def _gate(request: LetterRequest, texts: tuple[str, ...]) -> None:
    fields = request.extraction.fields
    known = [day for day in (request.reply_by, request.own.day) if day]
    local = request.received_at.astimezone(BANGKOK)
    own = (
        request.register_number, request.sender, request.addressee, request.own.number,
        request.group_thai, *request.asks, *request.names.model_dump().values(),
        *(text for ask in request.wording.ask for text in ask.texts),
        *PLACES_OF_NOBODY, request.names.office_full, *missing_parts(request.extraction),
    )  # fmt: skip
    read = (
        fields.subject, fields.document_number, fields.document_date, fields.signer,
        fields.signer_position, fields.agency,
    )  # fmt: skip
    sources = gather_sources(
        (
            *own,
            *(text for field in read for text in (field.value, field.raw) if text),
            request.extraction.text[:_SOURCE_LIMIT],
        ),
        (*known, local.date()),
    )
    for text in texts:
        check_faithful(text, sources)
