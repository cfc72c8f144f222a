"""ชั้นความเร็ว and ชั้นความลับ: marks that stand alone, in their label, or in a mail's subject.

A mark is a line of its own near the top or bottom of a page, or the value of its label (thai.md);
กลับ, ลำดับ, ความลับ and เรื่องลับ ๆ hold the letters ลับ and mark nothing.
"""

from __future__ import annotations

import re

from correspondence.reading import FieldValue, PageText
from correspondence.vocabulary import ReadMethod, Secrecy, Urgency
from extractors.fields.letter_lines import Letter, Line, field_value, page_lines

# Lines from a page's edge within which a mark is looked for.
EDGE_LINES = 6

# Recognisers lose tone marks and tear words apart; the letters ด-ว-น and ล-บ must be there.
_URGENT_THAI = r"ด\s?[่้]?\s?ว\s?[่้]?\s?น"
_MOST = r"ที[่้]?\s?ส\s?[ุู]?\s?ด"
_VERY = r"ม\s?า\s?ก"
_URGENCY = re.compile(
    rf"(?P<most>{_URGENT_THAI}\s*{_MOST}|most urgent|most immediate)"
    rf"|(?P<very>{_URGENT_THAI}\s*{_VERY}|very urgent|immediate)"
    rf"|(?P<urgent>{_URGENT_THAI}|urgent)",
    re.IGNORECASE,
)
_SECRECY = re.compile(
    rf"(?P<top>ล\s?ั\s?บ\s*{_MOST}|top[ -]?secret|strictly confidential)"
    rf"|(?P<secret>ล\s?ั\s?บ\s*{_VERY}|secret)"
    r"|(?P<confidential>ล\s?ั\s?บ|confidential|restricted)",
    re.IGNORECASE,
)
_MISREAD_MARK = re.compile(r"(?<![ก-๙])[ลส]\s?[ัิี้่็]?\s?[บป](?=[\s\W]*(?:มาก|ที|$))")
_MARK_LENGTH = 24
_FRAME = " \t-–—_=*#.|:[](){}<>«»“”\"'๏•!"
_URGENCY_LABEL = re.compile(r"^ชั้?น\s?ความ\s?เร[็]?ว\s*[:：]?\s*")
_SECRECY_LABEL = re.compile(
    r"(?:ชั้?น\s?ความ\s?ลับ|(?:security )?classification)\s*[:：]?\s*", re.IGNORECASE
)
_NUMBER_FOLLOWS = re.compile(r"^(?:ที[่้]?|ส่วนราชการ|บันทึกข้อความ)")
_PRINTED_SUBJECT = re.compile(r"^(?:Subject|หัวเรื่อง|เรื่อง)\s*[:：]\s*", re.IGNORECASE)
# A token of a subject or a file name is delimited by these.
_TOKEN = re.compile(
    r"[\[\](){}|/\\:：_,;<>«»“”\"'!]+|\s[-–—]\s|(?<=\w)[-–—](?=\w)|\.(?=\w{2,5}$)|^\s+|\s{2,}"
)
_BRACKETED = re.compile(r"[\[({<【「](?P<inside>[^\])}>】」]{1,40})[\])}>】」]")
# A mark that opens a subject, a file name, or what follows RE: in one; ลับ ๆ means "secretly".
_OPENING_MARK = re.compile(rf"^\s*(?P<mark>ลับ(?:\s?{_MOST}|\s?{_VERY})?)(?=\s+(?!ๆ)\S)")
_LEADING = re.compile(r"^(?P<inside>[^:：|!/_–—-]{1,24}?)\s*(?:[:：|!_/]|\s[-–—]\s|[-–—])")


def mark_line(text: str) -> bool:
    """Tell whether a line is nothing but a mark."""
    return _urgency_alone(text) is not None or _secrecy_alone(text) is not None


def read_urgency(letter: Letter) -> FieldValue:
    """Return the urgency, `normal` where no mark is seen.

    ด่วนที่สุด stands alone near the top or before ที่; in a mail, in brackets in the subject.
    """
    for line in letter.lines[:10]:
        found = _line_urgency(line)
        if found is not None:
            return field_value(found.value, line.raw, line, 0.95)
    subject = (letter.mail.subject if letter.mail else None) or ""
    tagged = urgency_tag(subject)
    if tagged is not None:
        return FieldValue(value=tagged.value, raw=subject, confidence=0.8)
    return FieldValue(value=Urgency.NORMAL.value, confidence=0.85)


def urgency_tag(subject: str) -> Urgency | None:
    """Return the urgency a subject is tagged with in brackets or before a colon."""
    for pattern in (_BRACKETED, _LEADING):
        for match in pattern.finditer(subject):
            found = _urgency_alone(match["inside"])
            if found is not None:
                return found
    return None


def without_urgency_tag(subject: str) -> str:
    """Return a subject without its bracketed urgency tags; other tags stay."""
    return _BRACKETED.sub(
        lambda m: "" if _urgency_alone(m["inside"]) or _secrecy_alone(m["inside"]) else m.group(),
        subject,
    ).strip()


def read_secrecy(letter: Letter, grade: Secrecy) -> FieldValue:
    """Return the secrecy field for a grade already found, with its line as evidence."""
    for line in letter.lines:
        if grade is not Secrecy.OPEN and _line_secrecy(line.text) is grade:
            return field_value(grade.value, line.raw, line, 0.95)
    sure = 0.9 if grade is Secrecy.OPEN else 0.8
    return FieldValue(value=grade.value, confidence=sure)


def secrecy_mark(
    pages: tuple[PageText, ...], *, subject: str | None = None, file_name: str | None = None
) -> Secrecy:
    """Return the highest grade a letter is marked with, OPEN where it is not marked.

    Args:
        pages: text of the pages; the first and last lines of each are looked at.
        subject: a mail's subject; a grade counts in brackets or between delimiters.
        file_name: the file's name, looked at like a subject.
    """
    grades = [Secrecy.OPEN]
    for page in pages:
        lines = page_lines(page)
        edges = lines
        if len(lines) > 2 * EDGE_LINES:
            edges = [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]
        for line in edges:
            printed = _as_printed(line.text) if page.method is ReadMethod.OCR else line.text
            if (found := _line_secrecy(printed)) is not None:
                grades.append(found)
        # The head of a printed mail: Subject: [ลับ] ….
        for line in edges:
            label = _PRINTED_SUBJECT.match(line.text)
            if label:
                tags = _BRACKETED.finditer(line.text, label.end())
                grades += [g for tag in tags if (g := _secrecy_alone(tag["inside"])) is not None]
    for text in (subject, file_name):
        grades += _token_grades(text or "")
    order = list(Secrecy)
    return max(grades, key=order.index)


def _as_printed(text: str) -> str:
    """Return a line of a scan with a misread mark put right: ลบ and สับ alone mark ลับ.

    A letter stopped without need costs a look; one let through cannot be called back.
    """
    return _MISREAD_MARK.sub("ลับ", text) if len(text) <= _MARK_LENGTH else text


def _line_secrecy(text: str) -> Secrecy | None:
    cells = [text, *re.split(r"\s{3,}|\t+", text)]
    for cell in cells:
        alone = _secrecy_alone(cell)
        if alone is not None:
            return alone
    label = _SECRECY_LABEL.search(text)
    if label and label.start() < 40:
        value = _SECRECY.match(text[label.end() :].lstrip(_FRAME))
        if value and not re.match(
            r"[ก-ฮะ-ูเ-ไ็-์a-z]", text[label.end() :].lstrip(_FRAME)[value.end() :]
        ):
            return _grade(value)
    return None


def _secrecy_alone(text: str) -> Secrecy | None:
    stripped = text.strip(_FRAME)
    # Both marks may share a line: ลับ  ด่วนที่สุด.
    words = re.fullmatch(rf"(?:{_URGENCY.pattern})\s+(?P<rest>.+)", stripped, re.IGNORECASE)
    if words is None:
        words = re.fullmatch(rf"(?P<rest>.+?)\s+(?:{_URGENCY.pattern})", stripped, re.IGNORECASE)
    match = _SECRECY.fullmatch(words["rest"] if words else stripped)
    if match is None or (stripped.isascii() and stripped != stripped.upper() and len(stripped) < 4):
        return None
    return _grade(match)


def _grade(match: re.Match[str]) -> Secrecy:
    if match["top"]:
        return Secrecy.TOP_SECRET
    return Secrecy.SECRET if match["secret"] else Secrecy.CONFIDENTIAL


def _token_grades(text: str) -> list[Secrecy]:
    tokens = [m["inside"] for m in _BRACKETED.finditer(text)]
    parts = [part for part in _TOKEN.split(text) if part and part.strip()]
    # An English word between blanks is prose; between delimiters it is a mark.
    tokens += parts if len(parts) > 1 else []
    opened = [_OPENING_MARK.match(part) for part in (text, *parts)]
    tokens += [found["mark"] for found in opened if found]
    tokens.append(re.sub(r"\.\w{2,5}$", "", text))
    return [grade for token in tokens if (grade := _secrecy_alone(token)) is not None]


def _line_urgency(line: Line) -> Urgency | None:
    for cell in (line.text, *line.cells):
        alone = _urgency_alone(cell)
        if alone is not None:
            return alone
        label = _URGENCY_LABEL.match(cell)
        if label:
            return _urgency_alone(cell[label.end() :])
        lead = _URGENCY.match(cell)
        if lead and _NUMBER_FOLLOWS.match(cell[lead.end() :].strip()):
            return _level(lead)
    return None


def _urgency_alone(text: str) -> Urgency | None:
    match = _URGENCY.fullmatch(text.strip(_FRAME))
    return _level(match) if match else None


def _level(match: re.Match[str]) -> Urgency:
    if match["most"]:
        return Urgency.MOST_URGENT
    return Urgency.VERY_URGENT if match["very"] else Urgency.URGENT
