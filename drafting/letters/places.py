"""The values for the places `{…}` of the office's letters, from fields and register alone."""

from __future__ import annotations

from correspondence.clock import BANGKOK
from correspondence.thai_dates import parse_date, thai_date
from correspondence.vocabulary import LetterKind
from drafting.clean_text import office_digits, one_line
from drafting.letters.request import LetterRequest
from drafting.line_wraps import unwrap
from drafting.redaction import black_out, complainant_names
from office.letters import OutgoingKind

TO_WRITER = frozenset({OutgoingKind.ACKNOWLEDGEMENT, OutgoingKind.MORE_NEEDED})
DOTS = "." * 30
# Who is meant where the register names nobody.
PLACES_OF_NOBODY = ("กลุ่มงานที่เกี่ยวข้อง", "หน่วยงานของท่าน")
_SHORT = 200
_LONG = 400


def places_of(request: LetterRequest) -> dict[str, str]:
    """Return every place but `asks` and `missing`; what nobody knows is a dotted blank.

    Of letters to agencies the personal data of the complainant is blacked out.
    """
    names, moment = request.names, request.received_at.astimezone(BANGKOK)
    values = {
        "matter": matter(request),
        "source": _source(request),
        "received_date": thai_date(moment.date()),
        "register_number": office_digits(request.register_number),
        "group": one_line(request.group_thai, _SHORT) or PLACES_OF_NOBODY[0],
        "office": names.office,
        "office_full": names.office_full,
        "agency": PLACES_OF_NOBODY[1],
        "reply_by": thai_date(request.reply_by) if request.reply_by else DOTS,
        "our_letter": _our_letter(request),
    }
    return values


def matter(request: LetterRequest) -> str:
    """Return the subject as the letter's reader may see it, ⟦…⟧ where a person must look."""
    field = request.extraction.fields.subject
    text = hidden(request, subject_read(request)) or DOTS
    return f"⟦{text}⟧" if field.needs_check and field.value else text


def subject_read(request: LetterRequest) -> str:
    """Return the subject of the letter received, "" where it has none."""
    value = unwrap(request.extraction.fields.subject.value or "")
    return office_digits(one_line(value, _LONG)).removeprefix("เรื่อง").strip()


def hidden(request: LetterRequest, text: str) -> str:
    """Return a text as the letter's reader may see it: whole to the writer, else blacked out."""
    if request.kind in TO_WRITER:
        return text
    names = complainant_names(request.extraction, (request.sender, *request.hide))
    return black_out(text, (*names, *request.hide), request.show).text


def addressee(request: LetterRequest) -> str:
    """Return whom the letter is written to: as given, else the writer; "" for an agency."""
    if request.addressee.strip():
        return office_digits(one_line(request.addressee, _SHORT))
    if request.kind not in TO_WRITER:
        return ""
    fields = request.extraction.fields
    official = request.extraction.kind is not LetterKind.CITIZEN_LETTER and fields.agency
    chosen = fields.signer_position if official and fields.signer_position else fields.signer
    text = one_line(unwrap(chosen.value or "") or request.sender, _SHORT)
    if "@" in text:
        return ""
    return f"⟦{text}⟧" if chosen.value and chosen.needs_check else text


def _source(request: LetterRequest) -> str:
    """Return how the writer wrote: มีหนังสือ ที่ … ลงวันที่ …."""
    fields = request.extraction.fields
    word = "ส่งอีเมล" if request.extraction.kind is LetterKind.EMAIL else "มีหนังสือ"
    parts = [word]
    if fields.document_number:
        parts.append(
            f"ที่ {_checked(fields.document_number.value, fields.document_number.needs_check)}"
        )
    day = parse_date((fields.document_date.value or "")[:10])
    if day is not None:
        parts.append(f"ลงวันที่ {_checked(thai_date(day), fields.document_date.needs_check)}")
    return " ".join(parts)


def _our_letter(request: LetterRequest) -> str:
    number = office_digits(one_line(request.own.number, 60)) or DOTS
    day = thai_date(request.own.day) if request.own.day else DOTS
    return f"หนังสือ{request.names.office_full} ที่ {number} ลงวันที่ {day}"


def _checked(value: str | None, doubtful: object) -> str:
    text = office_digits(one_line(value or "", _SHORT))
    return f"⟦{text}⟧" if doubtful and text else text
