"""What is filled into a form: every value as text, every list as numbered lines."""

from __future__ import annotations

from enum import StrEnum

from correspondence.memo import MemoSection
from correspondence.reading import FieldValue, Frozen
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import MemoForm
from drafting.clean_text import office_digits, one_line

FIELD_LIMIT = 400
LINE_LIMIT = 2_000


class LineKind(StrEnum):
    """How a line stands in the form."""

    NUMBERED = "numbered"
    PLAIN = "plain"
    ITEM = "item"


class Line(Frozen):
    """One line under a heading."""

    kind: LineKind
    number: str
    text: str


class Fact(Frozen):
    """A line before it is numbered.

    `item` is a line of a list under the fact before it; `lead` stands before the points, without
    a number.
    """

    text: str
    item: bool = False
    lead: bool = False


class MemoContent(Frozen):
    """Every value both forms take; empty text leaves a dotted blank."""

    form: MemoForm
    secrecy: str = ""
    urgency: str = ""
    minister: str
    minister_name: str
    office: str
    office_code: str
    office_line: str
    signer_position: str
    subject: str = ""
    sender: str = ""
    document_number: str = ""
    document_date: str = ""
    register_number: str = ""
    memo_number: str = ""
    memo_date: str = ""
    matter: str = ""
    view: str = ""
    verb: str = ""
    asker: str = ""
    purpose: str = ""
    summary: tuple[Line, ...] = ()
    earlier: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()
    considerations: tuple[Line, ...] = ()
    proposals: tuple[Line, ...] = ()

    def sections(self) -> tuple[MemoSection, ...]:
        """Return the form's parts under their labels, verbatim, in the form's order."""
        if self.form is MemoForm.SUMMARY_MEMO:
            pairs: tuple[tuple[str, str], ...] = (
                (f"นำเสนอ {self.minister} (ระบุชื่อ)", self.minister_name),
                ("เรื่อง", self.subject),
                ("จาก", self.sender),
                ("เอกสารเลขที่", self.document_number),
                ("ลงวันที่", self.document_date),
                (f"เลข {self.office_code}", self.register_number),
                ("สรุปประเด็นสำคัญ", _joined(self.summary)),
                ("เรื่องเดิม (ถ้ามี)", _joined(self.earlier)),
                ("ตรวจเสนอ", ""),
                ("ข้อพิจารณา/ข้อกฎหมาย", _joined(self.considerations)),
                ("ข้อเสนอ", _joined(self.proposals)),
                ("เพื่อโปรด", self.purpose),
                (self.signer_position, ""),
            )
        else:
            pairs = (
                ("ส่วนราชการ", self.office_line),
                ("ที่", self.memo_number),
                ("วันที่", self.memo_date),
                ("เรื่อง", self.subject),
                ("เรียน", f"{self.minister} {self.minister_name}".strip()),
                ("๑.", "\n".join(filter(None, (self.matter, _joined(self.summary))))),
                (f"๒. {self.office} ขอเรียนข้อมูลเพื่อประกอบการพิจารณา ดังนี้", _joined(self.facts)),
                (
                    f"๓. {self.office} ได้พิจารณาแล้วเห็นว่า",
                    "\n".join(
                        filter(
                            None,
                            (
                                self.view,
                                _joined(self.proposals),
                                f"จึงเห็นควร{self.verb} ตามที่ {self.asker} เสนอ",
                            ),
                        )
                    ),
                ),
                ("๔. เห็นควร", f"{self.verb} ตามที่ {self.office} เสนอในข้อ ๓"),
                ("จึงเรียนมาเพื่อโปรด", f"{self.verb} ตามข้อ ๔ หรือสุดแต่จะกรุณามีดำริ"),
                (self.signer_position, ""),
            )
        return tuple(MemoSection(label=label, text=text) for label, text in pairs)


def shown(field: FieldValue, limit: int = FIELD_LIMIT) -> str:
    """Return a field as the office writes it, ⟦…⟧ where a person must check it, "" if absent."""
    if field.value is None:
        return ""
    text = office_digits(one_line(field.value, limit))
    return f"⟦{text}⟧" if field.needs_check and text else text


def numbered(facts: tuple[Fact, ...], prefix: str = "") -> tuple[Line, ...]:
    """Return facts as lines; numbers stand only where a heading has more than one fact.

    Args:
        facts: in order; items carry their own marks and take no number.
        prefix: "๒." gives ๒.๑, ๒.๒ …; "" gives ๑., ๒. …
    """
    main = sum(not (fact.item or fact.lead) for fact in facts)
    lines: list[Line] = []
    count = 0
    for fact in facts:
        text = office_digits(one_line(fact.text, LINE_LIMIT))
        if not text:
            continue
        if fact.item:
            lines.append(Line(kind=LineKind.ITEM, number="", text=text))
        elif main > 1 and not fact.lead:
            count += 1
            number = f"{prefix}{thai_digits(count)}" + ("" if prefix else ".")
            lines.append(Line(kind=LineKind.NUMBERED, number=number, text=text))
        else:
            lines.append(Line(kind=LineKind.PLAIN, number="", text=text))
    return tuple(lines)


def _joined(lines: tuple[Line, ...]) -> str:
    return "\n".join(f"{line.number} {line.text}".strip() for line in lines)
