"""The memo's parts that are not the summary: from fields, the register and the office's words."""

from __future__ import annotations

from correspondence.clock import BANGKOK
from correspondence.thai_dates import parse_date, thai_date
from correspondence.vocabulary import Category, LetterKind, Secrecy, Urgency
from drafting.choice import Asking, asked
from drafting.clean_text import is_thai, office_digits, one_line
from drafting.completeness import CHECKED, missing_parts
from drafting.content import Fact, shown
from drafting.line_wraps import unwrap
from drafting.particulars import Particular, in_one_line
from drafting.request import DraftRequest

_BOX = "( )"
_MOST_EARLIER = 3
# With number, date and state two lines of the form.
_EARLIER_SUBJECT = 80
_ASKS = {
    Asking.APPROVE: "ขออนุมัติ",
    Asking.AGREE: "ขอความเห็นชอบ",
    Asking.ACKNOWLEDGE: "แจ้งเพื่อทราบ",
    Asking.CONSIDER: "ขอให้พิจารณา",
}


def sender(request: DraftRequest) -> str:
    """Return who wrote: the agency, else the signer, else the given sender."""
    fields = request.extraction.fields
    for field in (fields.agency, fields.signer):
        if field:
            return shown(field)
    return office_digits(one_line(request.sender or "", 200))


def document_date(request: DraftRequest) -> str:
    """Return the letter's date in Thai, marked where it must be checked."""
    field = request.extraction.fields.document_date
    return _marked(_thai_day(field.value or ""), needs_check=field.needs_check)


def urgency(request: DraftRequest) -> str:
    """Return the urgency mark, "" for an ordinary letter."""
    value = request.extraction.fields.urgency.value
    if value in (None, Urgency.NORMAL.value) or value not in list(Urgency):
        return ""
    return Urgency(value).thai


def secrecy(request: DraftRequest) -> str:
    """Return the secrecy mark, "" for an open letter."""
    value = request.extraction.fields.secrecy.value
    if value in (None, Secrecy.OPEN.value) or value not in list(Secrecy):
        return ""
    return Secrecy(value).thai


def office_line(request: DraftRequest) -> str:
    """Return ส่วนราชการ with group, officer and telephone."""
    names = request.wording.names
    parts = [names.office, request.group_thai, names.officer]
    if names.phone:
        parts.append(f"โทร. {names.phone}")
    return office_digits(one_line("  ".join(p for p in parts if p).replace("  ", " "), 200))


def subject(request: DraftRequest) -> str:
    """Return the letter's subject; a letter without one is named by its sub-category."""
    field = request.extraction.fields.subject
    return shown(field) if field else one_line(request.subcategory_thai, 200)


def matter(request: DraftRequest) -> str:
    """Return paragraph ๑ of form B: who wrote, when, under which number, about what."""
    number, day = shown(request.extraction.fields.document_number), document_date(request)
    who = sender(request) or "ผู้ส่ง"
    parts = [f"{who} มีหนังสือ" if who != "ผู้ส่ง" else "ผู้ส่งมีหนังสือ"]
    if number:
        parts.append(f"ที่ {number}")
    if day:
        parts.append(f"ลงวันที่ {day}")
    parts.append(f"{_ASKS[asked(request)]}ตามเรื่องข้างต้น รายละเอียดตามเอกสารที่แนบ มีสาระสำคัญดังนี้")
    return " ".join(parts)


def timing(request: DraftRequest) -> tuple[Fact, ...]:
    """Return in one line the meeting, the letter's deadline, the due date and whom to call."""
    fields, phrases = request.extraction.fields, request.wording.phrases
    facts: list[str] = []
    if fields.meeting_at.value and "T" in fields.meeting_at.value:
        day, clock = fields.meeting_at.value.split("T", 1)
        text = phrases.meeting.format(
            meeting_date=_thai_day(day), meeting_time=clock[:5].replace(":", ".")
        )
        facts.append(_marked(text, needs_check=fields.meeting_at.needs_check))
    stated = fields.stated_deadline
    words = stated.phrase or (_thai_day(stated.value) if stated.value else "")
    if words:
        text = phrases.asked_by.format(phrase=one_line(words, 200))
        facts.append(_marked(text, needs_check=stated.needs_check))
    if request.due and request.due.due_date:
        facts.append(phrases.due.format(due_date=thai_date(request.due.due_date)))
    facts.extend(_contact(request))
    return (Fact(text=" · ".join(facts)),) if facts else ()


def told_in_rows(request: DraftRequest) -> tuple[str, ...]:
    """Return as the letter has them the values that `timing` tells, longest first."""
    fields = request.extraction.fields
    found = {
        text
        for text in (
            fields.stated_deadline.phrase, fields.stated_deadline.raw, fields.meeting_at.raw,
            fields.contact_phone.raw, fields.contact_email.raw, fields.signer.raw,
        )
        if text
    }  # fmt: skip
    return tuple(sorted((unwrap(text) for text in found), key=len, reverse=True))


def _contact(request: DraftRequest) -> tuple[str, ...]:
    fields = request.extraction.fields
    phone = shown(fields.contact_phone, 120)
    parts = [
        shown(fields.signer, 120),
        f"โทร. {phone}" if phone else "",
        shown(fields.contact_email, 120),
    ]
    if not (fields.contact_phone or fields.contact_email):
        return ()
    text = " ".join(part for part in parts if part)
    return (request.wording.phrases.contact.format(contact=text),)


def received(request: DraftRequest) -> tuple[Fact, ...]:
    """Return when the office took the matter in, under which number, for which group."""
    if not request.register_number:
        return ()
    moment = request.received_at.astimezone(BANGKOK)
    text = request.wording.phrases.received.format(
        received_date=thai_date(moment.date()), received_time=f"{moment:%H.%M}",
        register_number=request.register_number, group=request.group_thai,
    )  # fmt: skip
    return (Fact(text=text),)


def earlier(request: DraftRequest) -> tuple[Fact, ...]:
    """Return เรื่องเดิม: the newest earlier letters with number, date and state.

    Of more than the form has room for, the register tells the rest.
    """
    facts: list[Fact] = []
    if len(request.earlier) > _MOST_EARLIER:
        facts.append(Fact(text=request.wording.phrases.earlier_more, lead=True))
    for item in request.earlier[-_MOST_EARLIER:]:
        number = item.document_number or item.register_number or "-"
        day = thai_date(item.document_date) if item.document_date else "-"
        text = request.wording.phrases.earlier.format(
            document_number=number, document_date=day, state=item.state or "-"
        )
        subject = one_line(item.subject or "", _EARLIER_SUBJECT)
        facts.append(Fact(text=f"{text} {subject}".strip()))
    return tuple(facts)


def particulars(request: DraftRequest, found: tuple[Particular, ...]) -> tuple[Fact, ...]:
    """Return in one line what the category asks for, and whether a complaint is complete."""
    text = " · ".join(filter(None, (in_one_line(found), _completeness(request))))
    return (Fact(text=text),) if text else ()


def _completeness(request: DraftRequest) -> str:
    """Return for a complaint whether it is complete, and what is missing; "" for other letters."""
    chosen = request.classification
    if chosen is None or chosen.category is not Category.COMPLAINT:
        return ""
    if chosen.subcategory not in CHECKED:
        return ""
    missing = missing_parts(request.extraction)
    phrases = request.wording.phrases
    return phrases.incomplete.format(missing=" ".join(missing)) if missing else phrases.complete


def legal(request: DraftRequest) -> tuple[Fact, ...]:
    """Return the legal phrases of the sub-category; an unverified one says so."""
    chosen = request.classification
    if chosen is None:
        return ()
    return tuple(
        Fact(
            text=phrase.text
            if phrase.verified
            else f"⟦{phrase.text}⟧ {request.wording.phrases.unverified}"
        )
        for phrase in request.wording.legal_for(chosen.category, chosen.subcategory)
    )


def proposals(request: DraftRequest) -> tuple[Fact, ...]:
    """Return ข้อเสนอ of the sub-category, worded as proposals."""
    chosen = request.classification
    if chosen is None:
        return ()
    proposal = request.wording.proposal_for(chosen.category, chosen.subcategory)
    return tuple(Fact(text=text) for text in proposal.texts) if proposal else ()


def choices(request: DraftRequest) -> tuple[Fact, ...]:
    """Return ข้อเสนอ as form A offers them: each with a box for the superior's pen."""
    return tuple(Fact(text=f"{_BOX} {fact.text}", item=True) for fact in proposals(request))


def english_frame(request: DraftRequest) -> tuple[Fact, ...]:
    """Return the Thai sentence that stands before sentences quoted in English."""
    if is_thai(request.extraction.text[:20_000]):
        return ()
    return (Fact(text=request.wording.phrases.english_frame),)


def asker(request: DraftRequest) -> str:
    """Return who proposes in paragraph ๓ of form B."""
    if request.extraction.kind is LetterKind.INTERNAL_MEMO:
        return sender(request) or "หน่วยงาน"
    return sender(request) or "ผู้ส่ง"


def _thai_day(value: str) -> str:
    day = parse_date(value[:10])
    if day is None:
        return office_digits(one_line(value, 60))
    text = thai_date(day)
    return (
        f"{text} เวลา {office_digits(value[11:16].replace(':', '.'))} น." if "T" in value else text
    )


def _marked(text: str, *, needs_check: bool) -> str:
    return f"⟦{text}⟧" if needs_check and text else text
