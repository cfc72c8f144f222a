"""Every number, date, name and address of every draft of labelled letters stands in its sources.

Looked for by means of this file's own, over the whole documents: not the gate that made them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from drafting_letters import CONFIG, WORDING, document_text, request

from correspondence.errors import ActionRefused
from correspondence.reading import Extraction
from correspondence.thai_dates import find_dates
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Category, MemoForm
from drafting import draft_memo
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from drafting.rendering import template_bytes
from extractors.reader import read_document
from extractors.request import ReadingRequest
from office.letters import OutgoingKind, read_letters

SHARED = Path(__file__).resolve().parents[4] / "shared/data/letters/dev.jsonl"
needs_shared = pytest.mark.skipif(not SHARED.is_file(), reason="shared letters are not here")
RECEIVED = datetime(2026, 8, 3, 2, 15, tzinfo=UTC)
# What the register says of every letter here.
REGISTER = "123/2569 3 สิงหาคม 2569 09.15 กลุ่มรับเรื่องราวร้องทุกข์ ประเภทย่อย"
REPLY_BY, OWN = date(2026, 9, 30), OwnLetter(number="ศธ 0100/45", day=date(2026, 7, 1))
ORDER = "30 กันยายน 2569 ศธ 0100/45 1 กรกฎาคม 2569 พยานหลักฐาน"
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_LISTED = re.compile(r"^\s*(?:[-–•]\s*)?(?:\d{1,2}\.(?=\D)|\d\.\d{1,2}(?=[^\d.,/]))", re.MULTILINE)
_NAME = re.compile(
    r"(?:นางสาว|นาย(?!ก)|นาง(?!าน)|เด็กชาย|เด็กหญิง|ด\.[ชญ]\.|น\.ส\.|ดร\.)\s?"
    r"([ก-๎]{2,30}\s+[ก-๎]{2,30})"
)
_HOUR = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:น\.|นาฬิกา|โมง|a\.?m|hours)")
_POLITE = re.compile(r"นะคะ|นะครับ|ค่ะ|ครับ|คะ(?=\s)")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\w")


def _rows() -> list[dict[str, object]]:
    if not SHARED.is_file():
        return []
    return [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=1)
def _office_words() -> str:
    """Return what the forms and the office's configuration say themselves."""
    told = [
        (CONFIG / name).read_text(encoding="utf-8") for name in ("wording.toml", "letters.toml")
    ]
    from drafting.forms.build import LetterSheet

    forms = (*MemoForm, LetterSheet.LETTER, LetterSheet.COVERING_MEMO)
    return "\n".join([*told, *(document_text(template_bytes(form)) for form in forms)])


def _bare(text: str) -> str:
    return re.sub(r"[\s⟦⟧\u200b]", "", fold_digits(text))


def _days(text: str) -> set[date]:
    return {day for found in find_dates(text) for p in found.periods for day in (p.first, p.last)}


def _numbers(text: str) -> set[str]:
    whole = {re.sub(r",(?=\d{3}(?!\d))", "", n).replace(":", ".") for n in _NUMBER.findall(text)}
    return whole | {part for number in whole for part in re.findall(r"\d+", number)}


@dataclass(frozen=True)
class Said:
    """What a text states."""

    days: frozenset[date]
    numbers: frozenset[str]
    bare: str


@lru_cache(maxsize=4)
def _said(text: str) -> Said:
    folded = fold_digits(text)
    days = _days(folded)
    numbers = _numbers(folded)
    for day in days:
        numbers |= {str(day.day), str(day.year), str(day.year + 543)}
    numbers |= {f"{hour}.{minute or '00'}" for hour, minute in _HOUR.findall(folded)}
    # A memo leaves out what is only polite.
    return Said(frozenset(days), frozenset(numbers), _bare(text) + _bare(_POLITE.sub("", text)))


def unfounded(draft: str, letter: str) -> Iterator[str]:
    """Yield everything in a draft that none of its sources says."""
    office, own = _said(f"{REGISTER}\n{ORDER}\n{_office_words()}"), _said(letter)
    said = fold_digits(draft)
    days, bare = office.days | own.days, office.bare + own.bare
    numbers = office.numbers | own.numbers
    rest = said
    for found in find_dates(said):
        if not {p.first for p in found.periods} <= days and _bare(found.text) not in bare:
            yield f"date {found.text}"
        rest = rest.replace(found.text, " ")
    for number in _NUMBER.findall(_LISTED.sub(" ", rest)):
        if re.sub(r",(?=\d{3}(?!\d))", "", number).replace(":", ".") not in numbers:
            yield f"number {number}"
    for name in _NAME.findall(said):
        if _bare(name) not in bare:
            yield f"name {name}"
    for address in _MAIL.findall(said):
        if _bare(address) not in bare:
            yield f"address {address}"


def _drafts(row: dict[str, object], read: Extraction, form: MemoForm) -> Iterator[str]:
    made = request(read, Category(str(row["category"])), str(row["subcategory"]))
    yield document_text(draft_memo(made).docx)


def _letters(row: dict[str, object], read: Extraction, number: int) -> Iterator[str]:
    words = read_letters(CONFIG)
    kinds = tuple(OutgoingKind)
    # Three kinds of each letter, each kind of three letters in seven: all would take a minute.
    for step in range(3):
        kind = kinds[(number + 2 * step) % len(kinds)]
        order = LetterRequest(
            kind=kind, extraction=read, category=Category(str(row["category"])),
            subcategory=str(row["subcategory"]), group_thai="กลุ่มรับเรื่องราวร้องทุกข์",
            register_number="123/2569", received_at=RECEIVED, reply_by=REPLY_BY, own=OWN,
            asks=("พยานหลักฐาน",) if kind is OutgoingKind.MORE_NEEDED else (),
            names=WORDING.names, wording=words, phrases=WORDING.phrases,
        )  # fmt: skip
        yield document_text(compose_letter(order).docx)


def test_what_is_in_no_source_is_seen() -> None:
    letter = "นายสมชาย ใจดี ขอเงิน ๖๕๐ บาท เมื่อวันที่ ๓ มีนาคม ๒๕๖๙"
    assert list(unfounded("นายสมชาย ใจดี ขอ 650 บาท เมื่อ 3 มี.ค. 69", letter)) == []
    for wrong in ("๖๕๑ บาท", "วันที่ ๔ มีนาคม ๒๕๖๙", "นายสมชาย ใจร้าย", "a@b.example"):
        assert list(unfounded(wrong, letter)), wrong


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("form", list(MemoForm))
def test_no_memo_states_what_its_sources_do_not(
    form: MemoForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every letter in both forms, whatever it asks for.
    monkeypatch.setattr("drafting.memo.choose_form", lambda _: form)
    wrong: dict[str, list[str]] = {}
    made = 0
    for row in _rows():
        text = _text(row)
        read = read_document(text.encode(), "letter.txt", ReadingRequest())
        try:
            for draft in _drafts(row, read, form):
                made += 1
                if found := list(unfounded(draft, text)):
                    wrong[str(row["id"])] = found
        except ActionRefused:
            assert row["fields"]["secrecy"] != "open"  # type: ignore[index]
    assert made >= 50 and wrong == {}


@needs_shared
@pytest.mark.shared
def test_no_letter_states_what_its_sources_do_not() -> None:
    wrong: dict[str, list[str]] = {}
    made = 0
    for number, row in enumerate(_rows()):
        text = _text(row)
        read = read_document(text.encode(), "letter.txt", ReadingRequest())
        try:
            for draft in _letters(row, read, number):
                made += 1
                if found := list(unfounded(draft, text)):
                    wrong[str(row["id"])] = found
        except ActionRefused:
            assert row["fields"]["secrecy"] != "open"  # type: ignore[index]
    assert made >= 3 * 50 and wrong == {}


def _text(row: dict[str, object]) -> str:
    return str(row["text"])
