"""A memo as people edit it, part by part: the parts of a version, and the form filled from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from correspondence.errors import SarabanError
from correspondence.memo import MemoSection
from correspondence.reading import Frozen
from correspondence.vocabulary import MemoForm
from drafting.check_notes import note_checks
from drafting.clean_text import drop_hostile, office_digits, one_line
from drafting.content import FIELD_LIMIT, LINE_LIMIT, MemoContent, numbered
from drafting.faithfulness import Sources, UnfaithfulDraft, check_faithful
from drafting.page_fit import overflow
from drafting.point_lines import bare_lines, read_points
from drafting.rendering import render
from office.wording import Wording

MOST_LINES: Final = 60
_CLOSING = re.compile(r"จึงเห็นควร(?P<verb>.{0,60}?) ตามที่ (?P<asker>.{1,400}) เสนอ")


class MemoUneditable(SarabanError):
    """The memo is not made of parts: a person wrote it elsewhere, or its form is another one."""

    code = "memo_uneditable"


class PartTooLong(SarabanError):
    """A part of a memo holds more than its place in the form does."""

    code = "part_too_long"

    def __init__(self, part: str, limit: int) -> None:
        """Keep which part, by its key, and how many characters a line of it may have."""
        super().__init__(
            f"A line has more than {limit:,} characters, or the part more than {MOST_LINES} lines.",
            thai=f"มีบรรทัดที่ยาวเกิน {limit:,} ตัวอักษร หรือมีเกิน {MOST_LINES} บรรทัด",
        )
        self.part = part


class MemoPart(Frozen):
    """One part of a memo; `key` is its name in the form, `lines` whether it is a list of points."""

    key: str
    label: str
    text: str
    lines: bool
    accepted_by: str = ""
    unfounded: tuple[str, ...] = ()


class EditedMemo(Frozen):
    """A memo filled from edited parts.

    `unfounded` are, by the part's key, the kinds of values in edited lines that no source holds;
    `changed` the keys of parts that say something else than before; `over` tells that the summary
    is longer than its page.
    """

    content: MemoContent
    sections: tuple[MemoSection, ...]
    unfounded: Mapping[str, tuple[str, ...]]
    changed: frozenset[str]
    over: bool

    def docx(self, wording: Wording) -> bytes:
        """Return the document; values to be checked (⟦…⟧) carry a comment."""
        made = render(self.content, wording.garuda)
        if any("⟦" in section.text for section in self.sections):
            made = note_checks(made, wording.phrases)
        return made


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part stands: how its label begins, and how its points are numbered."""

    key: str
    label: str
    lines: bool = False
    prefix: str = ""


_FORM_A: Final = (
    _Place("minister_name", "นำเสนอ "),
    _Place("subject", "เรื่อง"),
    _Place("sender", "จาก"),
    _Place("document_number", "เอกสารเลขที่"),
    _Place("document_date", "ลงวันที่"),
    _Place("register_number", "เลข "),
    _Place("summary", "สรุปประเด็นสำคัญ", lines=True),
    _Place("earlier", "เรื่องเดิม (ถ้ามี)", lines=True),
    _Place("considerations", "ข้อพิจารณา/ข้อกฎหมาย", lines=True),
    _Place("proposals", "ข้อเสนอ", lines=True),
    _Place("purpose", "เพื่อโปรด"),
)
_FORM_B: Final = (
    _Place("memo_number", "ที่"),
    _Place("memo_date", "วันที่"),
    _Place("subject", "เรื่อง"),
    _Place("summary", "๑.", lines=True, prefix="๑."),
    _Place("facts", "๒.", lines=True, prefix="๒."),
    _Place("proposals", "๓.", lines=True, prefix="๓."),
    _Place("verb", "๔."),
)
# Their labels stand alone: a longer one is another part's.
_EXACT: Final = frozenset({"เรื่อง", "จาก", "ที่", "วันที่", "ลงวันที่"})


def memo_parts(form: MemoForm, sections: Sequence[MemoSection]) -> tuple[MemoPart, ...]:
    """Return the parts of a memo that people may edit, in the form's order; () where it has none.

    A memo written elsewhere has no parts. The closing words of the decision memo are made of its
    verb and of who asks, and follow them.
    """
    parts: list[MemoPart] = []
    for place in _places(form):
        section = _section(sections, place)
        if section is None:
            continue
        text = section.text
        if form is MemoForm.DECISION_MEMO and place.key in ("proposals", "verb"):
            text = _without_closing(place.key, sections)
        parts.append(
            MemoPart(
                key=place.key,
                label=section.label,
                text=text,
                lines=place.lines,
                accepted_by=section.accepted_by,
                unfounded=section.unfounded,
            )
        )
    return tuple(parts)


def edit_memo(
    form: MemoForm,
    sections: Sequence[MemoSection],
    texts: Mapping[str, str],
    *,
    base: MemoContent,
    sources: Sources,
    accepted: Mapping[str, str],
) -> EditedMemo:
    """Return a memo with its parts as somebody has edited them.

    Args:
        form: which form.
        sections: the version that was edited.
        texts: by key, what the parts say now; a part that is left out stays.
        base: what of the form is no part: names of office and minister, urgency.
        sources: what the memo may state; values of edited lines found in none are told, not lost.
        accepted: by key, who accepts the part as it stands now.

    Raises:
        MemoUneditable: the version has no parts.
        PartTooLong: a line is longer than its place.
    """
    before = {part.key: part for part in memo_parts(form, sections)}
    if not before:
        raise MemoUneditable(
            "The memo was written elsewhere: edit the file.",
            thai="ร่างฉบับนี้ทำขึ้นในโปรแกรมอื่น โปรดแก้ในแฟ้ม .docx แล้วส่งเข้ามา",
        )
    now = {key: _cleaned(key, part, texts.get(key)) for key, part in before.items()}
    content = _content(form, sections, now, base)
    made = _as_written(content, sections)
    unfounded: dict[str, tuple[str, ...]] = {}
    changed = set()
    for part in memo_parts(form, made):
        old = before[part.key]
        if part.text != old.text:
            changed.add(part.key)
        known = set(bare_lines(old.text))
        kinds = _unfounded([line for line in bare_lines(part.text) if line not in known], sources)
        kept = old.unfounded if part.text == old.text else ()
        if kinds or kept:
            unfounded[part.key] = tuple(dict.fromkeys((*kept, *kinds)))
    noted = _noted(form, made, unfounded, accepted)
    over = form is MemoForm.SUMMARY_MEMO and overflow(content) > 0
    fresh = {key: kinds for key, kinds in unfounded.items() if key in changed}
    return EditedMemo(
        content=content, sections=noted, unfounded=fresh, changed=frozenset(changed), over=over
    )


def _places(form: MemoForm) -> tuple[_Place, ...]:
    return _FORM_A if form is MemoForm.SUMMARY_MEMO else _FORM_B


def _section(sections: Sequence[MemoSection], place: _Place) -> MemoSection | None:
    exact = place.label in _EXACT
    return next(
        (
            section
            for section in sections
            if section.label == place.label or (not exact and section.label.startswith(place.label))
        ),
        None,
    )


def _text(sections: Sequence[MemoSection], label: str) -> str:
    return next((section.text for section in sections if section.label.startswith(label)), "")


def _without_closing(key: str, sections: Sequence[MemoSection]) -> str:
    *lines, last = _text(sections, "๓.").split("\n")
    closing = _CLOSING.fullmatch(last)
    if key == "verb":
        return closing["verb"].strip() if closing else ""
    return "\n".join(lines if closing else [*lines, last])


def _cleaned(key: str, part: MemoPart, text: str | None) -> str:
    """Return what a part says now, safe for the form; raises PartTooLong."""
    if text is None:
        return part.text
    limit = LINE_LIMIT if part.lines else FIELD_LIMIT
    lines = drop_hostile(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    flat = [" ".join(line.split()) for line in lines]
    filled = [line for line in flat if line]
    if len(filled) > MOST_LINES or any(len(line) > limit for line in filled):
        raise PartTooLong(key, limit)
    return "\n".join(filled) if part.lines else " ".join(filled)


def _content(
    form: MemoForm,
    sections: Sequence[MemoSection],
    now: Mapping[str, str],
    base: MemoContent,
) -> MemoContent:
    places = {place.key: place for place in _places(form)}
    values: dict[str, object] = {"form": form}
    for key, text in now.items():
        if places[key].lines:
            values[key] = numbered(read_points(text, places[key].prefix), places[key].prefix)
        else:
            values[key] = office_digits(one_line(text, FIELD_LIMIT))
    if form is MemoForm.DECISION_MEMO:
        values |= _paragraphs(sections, now)
    return base.model_copy(update=values)


def _paragraphs(sections: Sequence[MemoSection], now: Mapping[str, str]) -> dict[str, object]:
    """Return paragraphs ๑ and ๓ of the decision memo, which begin with words without a number."""
    matter, _, points = now.get("summary", "").partition("\n")
    closing = _CLOSING.search(_text(sections, "๓."))
    verb = now.get("verb", "")
    proposals = numbered(read_points(now.get("proposals", ""), "๓."), "๓.")
    alone = proposals[0].text if len(proposals) == 1 else ""
    return {
        "matter": office_digits(matter),
        "summary": numbered(read_points(points, "๑."), "๑."),
        "view": alone,
        "proposals": () if alone else proposals,
        # The form's own words for what is not decided begin with a blank.
        "verb": f" {verb}" if verb.startswith("(") else verb,
        "asker": closing["asker"] if closing else "." * 20,
        "office_line": _text(sections, "ส่วนราชการ"),
    }


def _as_written(content: MemoContent, before: Sequence[MemoSection]) -> tuple[MemoSection, ...]:
    """Return the parts of a filled form; what is no part of it stands as it stood."""
    stood = {section.label: section for section in before}
    fixed = ("เรียน", "ส่วนราชการ")
    return tuple(
        stood[section.label]
        if section.label in fixed and section.label in stood
        else MemoSection(label=section.label, text=section.text)
        for section in content.sections()
    )


def _unfounded(lines: Sequence[str], sources: Sources) -> tuple[str, ...]:
    kinds: list[str] = []
    for line in lines:
        try:
            check_faithful(line, sources)
        except UnfaithfulDraft as fault:
            kinds.append(fault.kind)
    return tuple(dict.fromkeys(kinds))


def _noted(
    form: MemoForm,
    made: Sequence[MemoSection],
    unfounded: Mapping[str, tuple[str, ...]],
    accepted: Mapping[str, str],
) -> tuple[MemoSection, ...]:
    """Return the parts with who accepted them and what of them no source holds."""
    notes = {}
    for place in _places(form):
        section = _section(made, place)
        if section is not None:
            notes[section.label] = {
                "accepted_by": accepted.get(place.key, ""),
                "unfounded": unfounded.get(place.key, ()),
            }
    return tuple(section.model_copy(update=notes.get(section.label, {})) for section in made)
