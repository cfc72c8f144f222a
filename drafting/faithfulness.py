"""The gate: no number, date, amount, name, agency or quotation that its sources do not hold.

Digits and eras are folded first: 2026-06-09, 9 มิถุนายน 2569 and ๙ มิ.ย. ๖๙ are one date. What a
language model wrote is held against more: see `drafting.support`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from correspondence.errors import SarabanError
from correspondence.thai_dates import BE_OFFSET, DatePeriod, FoundDate, find_dates
from correspondence.thai_digits import fold_digits
from drafting.clean_text import drop_hostile

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_TITLED = re.compile(
    r"(?:(?<!ท)นาย|นางสาว|นาง(?!าน)|น\.ส\.|ด\.[ชญ]\.|ดร\.)\s?"
    r"([ก-๙]{2,30}\s+(?!โทร|มีหนังสือ)[ก-๙]{2,30})"
    r"|(?:Mr|Mrs|Ms|Dr)\.\s([A-Z][\w.-]{1,30}(?:\s[A-Z][\w.-]{1,30})*)"
)
# A name given with its title alone, an agency by its kind, what stands in quotation marks.
_NAMED = re.compile(
    r"(?:(?<!ท)นาย|นางสาว|นาง(?!าน)|น\.ส\.|ด\.[ชญ]\.|ดร\.)\s?[ก-๎]{2,30}"
    r"|(?:กระทรวง|กรม|สำนัก|มหาวิทยาลัย|วิทยาลัย|โรงเรียน|ศาล|สถาน(?:เอกอัครราช)?ทูต|คณะกรรมการ|คณะกรรมาธิการ|องค์การ|บริษัท|มูลนิธิ|สมาคม)"
    r"[ก-๎]{3,60}"
    r"|\b(?:Embassy|Ministry|University|Department|Institute) of (?:the )?"
    r"[A-Z]\w+(?: [A-Z]\w+){0,3}"
)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{3,200})[”\"]")
_LONGEST_PERIOD = 400


class UnfaithfulDraft(SarabanError):
    """A draft says a number, date, amount or name that is in none of its sources."""

    code = "unfaithful_draft"

    def __init__(self, kind: str, count: int) -> None:
        """Keep what kind of fact failed and how many; never the fact itself."""
        super().__init__(
            f"The draft holds {count} {kind} found in no source.",
            thai="ร่างมีตัวเลข วันที่ หรือชื่อที่ไม่ปรากฏในหนังสือหรือทะเบียน",
            remedy="The summary alone is used; an officer completes the memo.",
        )
        self.kind = kind
        self.count = count


@dataclass(frozen=True, slots=True)
class Sources:
    """The facts a draft may state, gathered from the texts it was made of."""

    dates: frozenset[date]
    numbers: frozenset[str]
    squeezed: str


def gather_sources(texts: Iterable[str], days: Iterable[date] = ()) -> Sources:
    """Return the facts of the source texts and of dates known as such (CE)."""
    whole = "\n".join(texts)
    # A draft is written without what a document may not hold: 0<0x1f>0 stands there as 00.
    cleaned = drop_hostile(whole)
    if cleaned != whole:
        whole = f"{whole}\n{cleaned}"
    found = find_dates(whole)
    dates = set(days)
    for item in found:
        for period in item.periods:
            dates.update(_days(period))
    numbers = set(_numbers(_plain(whole)))
    for day in dates:
        numbers.update({str(day.year), str(day.year + BE_OFFSET), str(day.day)})
    for item in found:
        if item.year:
            numbers.update({str(item.year), str(item.year + BE_OFFSET)})
    return Sources(frozenset(dates), frozenset(numbers), _squeeze(whole))


def check_faithful(text: str, sources: Sources) -> None:
    """Pass a draft's text whose every fact is in the sources.

    Raises:
        UnfaithfulDraft: a date, number, name, agency or quotation is in none of them.
    """
    check_figures(text, sources)
    named = (
        *_ADDRESS.findall(text),
        *(a or b for a, b in _TITLED.findall(text)),
        *(match.group() for match in _NAMED.finditer(text)),
    )
    wrong_names = sum(_squeeze(name) not in sources.squeezed for name in named)
    if wrong_names:
        raise UnfaithfulDraft("names", wrong_names)
    # What an omission (…) parts is quoted piece by piece.
    wrong_quotes = sum(
        _squeeze(piece) not in sources.squeezed
        for quote in _QUOTED.findall(text)
        for piece in quote.split("…")
    )
    if wrong_quotes:
        raise UnfaithfulDraft("quotations", wrong_quotes)


def check_figures(text: str, sources: Sources) -> None:
    """Pass a text whose every date and number is in the sources.

    Raises:
        UnfaithfulDraft: one of them is not.
    """
    found = tuple(item for item in find_dates(text) if item.periods)
    wrong_dates = sum(not _known(item, sources) for item in found)
    if wrong_dates:
        raise UnfaithfulDraft("dates", wrong_dates)
    rest = _without(text, found)
    wrong_numbers = sum(number not in sources.numbers for number in _numbers(_plain(rest)))
    if wrong_numbers:
        raise UnfaithfulDraft("numbers", wrong_numbers)


def _known(item: FoundDate, sources: Sources) -> bool:
    return all({p.first, p.last} <= sources.dates for p in item.periods) or (
        _squeeze(item.text) in sources.squeezed
    )


def _days(period: DatePeriod) -> Iterable[date]:
    length = min((period.last - period.first).days, _LONGEST_PERIOD)
    return (period.first + timedelta(days=n) for n in range(length + 1))


def _without(text: str, found: tuple[FoundDate, ...]) -> str:
    parts, position = [], 0
    for item in found:
        parts.append(text[position : item.start])
        position = item.end
    return " ".join([*parts, text[position:]])


def _plain(text: str) -> str:
    return fold_digits(text)


def _numbers(folded: str) -> list[str]:
    """Return the numbers of a folded text: whole tokens and their parts, 1,200 as 1200."""
    numbers: list[str] = []
    for match in _NUMBER.findall(folded):
        numbers.append(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", match).replace(":", "."))
    return numbers


def _squeeze(text: str) -> str:
    return re.sub(r"[\s⟦⟧]+", "", fold_digits(text))
