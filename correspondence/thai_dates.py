"""Thai and English dates in running text, and the office's way of writing a date.

Rules and their sources (thai.md, "Dates"): a year 2400–2700 is Buddhist Era, 1900–2100 Common
Era, a two-digit year is BE unless ค.ศ. stands before it; 543 is subtracted before the date is
built, so 29 กุมภาพันธ์ 2567 (29 February 2024) exists. Thai, Arabic and mixed digits are one.
Offsets count into the text as given: folding digits keeps lengths. No locale, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from correspondence.thai_digits import fold_digits, thai_digits

BE_OFFSET = 543
_BE_YEARS = range(2400, 2701)
_CE_YEARS = range(1900, 2101)
# A page is some 4,000 characters; beyond this the text is not a letter and is not searched.
MAX_TEXT = 400_000

THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
THAI_SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_SPOKEN_MONTHS = (
    "มกรา", "กุมภา", "มีนา", "เมษา", "พฤษภา", "มิถุนา",
    "กรกฎา", "สิงหา", "กันยา", "ตุลา", "พฤศจิกา", "ธันวา",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class Digits(StrEnum):
    """Which digits a formatted date uses."""

    THAI = "thai"
    ARABIC = "arabic"


class DateProblem(StrEnum):
    """Why a date that was seen has no value."""

    NO_SUCH_DAY = "no_such_day"
    DAY_MISSING = "day_missing"
    YEAR_MISSING = "year_missing"
    YEAR_OUT_OF_RANGE = "year_out_of_range"


@dataclass(frozen=True, slots=True)
class DatePeriod:
    """One day (`first == last`) or a run of days, both ends included. Dates are CE."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date as it stands in a text.

    `start` and `end` are offsets into the text searched and `text` what stands there. `periods`
    holds the days it names (several for ๕ - ๖ และ ๙ - ๑๑ …); empty where `problem` says why.
    `day` and `month` are the first named; `year` is CE. `guessed` tells that the year was not
    written in full or that a month name was misspelt.
    """

    start: int
    end: int
    text: str
    day: int | None
    month: int
    year: int | None
    periods: tuple[DatePeriod, ...]
    problem: DateProblem | None = None
    guessed: bool = False

    @property
    def value(self) -> date | None:
        """The first day named, None where the date is impossible or incomplete."""
        return self.periods[0].first if self.periods else None

    @property
    def last(self) -> date | None:
        """The last day named, the same as `value` for a single day."""
        return self.periods[-1].last if self.periods else None

    @property
    def is_range(self) -> bool:
        """Whether more than one day is named."""
        return self.value != self.last


def _month_table() -> dict[str, int]:
    table: dict[str, int] = {}
    for names in (THAI_MONTHS, THAI_SHORT_MONTHS, _SPOKEN_MONTHS, _ENGLISH_MONTHS):
        for number, name in enumerate(names, 1):
            table[name.replace(".", "")] = number
    for number, name in enumerate(_ENGLISH_MONTHS, 1):
        table[name[:3]] = number
    table.update({"sept": 9, "กรกฏาคม": 7, "พฤษจิกายน": 11, "พฤศจิกยน": 11})
    return table


_MONTH_NUMBERS = _month_table()


def _short_pattern(name: str) -> str:
    """Return a pattern for a short month with its dots and blanks left out or kept."""
    return r"\s?".join(re.escape(part) + r"\.?" for part in name.strip(".").split("."))


_LONG = "|".join(sorted([*THAI_MONTHS, "กรกฏาคม", "พฤษจิกายน", "พฤศจิกยน"], key=len, reverse=True))
_SHORT = "|".join(_short_pattern(n) for n in sorted(THAI_SHORT_MONTHS, key=len, reverse=True))
# ตุลาการ is a judge; a spoken month must not be the beginning of another word's syllable.
_SPOKEN = "|".join(f"{name}(?!การ|คม|ยน|พันธ์)" for name in _SPOKEN_MONTHS)
_THAI_MONTH = f"(?:{_LONG}|{_SHORT}|{_SPOKEN})"
_ENGLISH_MONTH = (
    "(?:" + "|".join(_ENGLISH_MONTHS) + r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_ERA = r"(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|พุทธศักราช|คริสต์ศักราช|ปี)?"
# A two-digit number is a year only if it is not the beginning of a time, an amount or a number.
_YEAR = (
    r"(?:(?P<year>\d{4})(?!\d)|(?P<short>\d{2})(?!\d)(?![.:/,]\d)"
    r"(?!\s*(?:น\.|นาฬิกา|โมง|ทุ่ม|คน|ราย|ชุด|แห่ง|บาท|วัน|hrs|a\.?m|p\.?m|%)))"
)
_JOIN = r"(?:-|–|—|ถึง(?:วันที่)?|และ(?:วันที่)?|,|to|and|&)"
_DAYS = rf"(?P<days>(?<![\d/.,])\d{{1,2}}(?:\s*{_JOIN}\s*\d{{1,2}}(?!\d))*)"

_THAI_DATE = re.compile(rf"{_DAYS}\s*(?:เดือน\s*)?(?P<month>{_THAI_MONTH})\s*(?:{_ERA}\s*{_YEAR})?")
_ENGLISH_DAY_FIRST = re.compile(
    r"(?P<days>(?<![\d/.,])\d{1,2}(?:st|nd|rd|th)?(?:\s*(?:-|–|—|to|and|&)\s*\d{1,2}(?:st|nd|rd|th)?)*)"
    rf"[\s-]*(?:day\s+)?(?:of\s+)?(?P<month>{_ENGLISH_MONTH})(?![a-z])[\s,.-]*{_ERA}\s*(?:{_YEAR})?",
    re.IGNORECASE,
)
_ENGLISH_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_ENGLISH_MONTH})(?![a-z])\s*(?P<days>\d{{1,2}}(?:st|nd|rd|th)?(?!\d)"
    r"(?:\s*(?:-|–|—|to|and|&)\s*\d{1,2}(?:st|nd|rd|th)?(?!\d))*)"
    rf"(?:[\s,]+{_ERA}\s*{_YEAR})?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<days>\d{1,2})\s?(?P<separator>[/.-])\s?(?P<monthnumber>\d{1,2})\s?(?P=separator)\s?"
    r"(?:(?P<year>\d{4})|(?P<short>\d{2}))(?![\d/]|[.-]\d)"
)
_ISO = re.compile(
    r"(?<![\d/.-])(?P<year>\d{4})-(?P<monthnumber>\d{1,2})-(?P<days>\d{1,2})(?![\d-])"
)
_MONTH_ONLY = re.compile(
    # Short months need their dots here: กค 0402 is a letter number, not a July.
    rf"(?:(?P<month>{_LONG}|เ?[ก-ฮ][ิี]?\.\s?[ก-ฮ]\.|{_SPOKEN})\s*{_ERA}\s*(?P<year>\d{{4}})(?!\d))"
)
_ENGLISH_MONTH_ONLY = re.compile(
    rf"\b(?P<month>{_ENGLISH_MONTH})(?![a-z]),?\s+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE
)
# A recogniser's month: Thai letters with a mark lost or a letter wrong between a day and a year.
_MISSPELT = re.compile(
    rf"(?P<days>(?<![\d/.,])\d{{1,2}})\s*(?P<word>[ก-ฮะ-์]{{4,11}})\s*{_ERA}\s*(?P<year>\d{{4}})(?!\d)"
)
_RANGE_GAP = re.compile(r"\s*(?:-|–|—|ถึง|to)\s*(?:วัน\S{0,10}ที่\s*|วันที่\s*)?", re.IGNORECASE)
_MONTH_LIKENESS = 0.78


def common_era_year(year: int, era: str | None = None) -> int | None:
    """Return a written year as CE, or None where it lies outside what letters can mean.

    Args:
        year: two or four digits as written. Two digits are BE unless `era` is ค.ศ.
        era: "พ.ศ.", "ค.ศ." or None where nothing stands before the year.
    """
    christian = bool(era) and str(era).startswith("ค")
    if year < 100:
        return 2000 + year if christian else 2500 + year - BE_OFFSET
    if year in _BE_YEARS and not christian:
        return year - BE_OFFSET
    if year in _CE_YEARS:
        return year
    return None


def find_dates(text: str, *, default_year: int | None = None) -> tuple[FoundDate, ...]:
    """Find every date of a text, in order, overlapping none.

    Args:
        text: any text, Thai or English, digits of either kind.
        default_year: CE year for dates written without one; such dates are `guessed`. Without
            it they have no value and `problem` YEAR_MISSING.
    """
    folded = fold_digits(text[:MAX_TEXT])
    found: list[FoundDate] = []
    taken = bytearray(len(folded))
    for pattern in (
        _THAI_DATE, _ENGLISH_DAY_FIRST, _ENGLISH_MONTH_FIRST, _ISO, _NUMERIC, _MISSPELT,
        _MONTH_ONLY, _ENGLISH_MONTH_ONLY,
    ):  # fmt: skip
        for match in pattern.finditer(folded):
            if any(taken[match.start() : match.end()]):
                continue
            month = _month_of(match)
            if month is None:
                continue
            item = _date_of(match, month, text, default_year)
            found.append(item)
            taken[item.start : item.end] = b"\x01" * (item.end - item.start)
    found.sort(key=lambda item: item.start)
    return tuple(_joined(found, text))


def parse_date(text: str) -> date | None:
    """Return the first complete and possible date of a text (CE), None where it has none."""
    return next((found.value for found in find_dates(text) if found.value), None)


def thai_date(day: date, digits: Digits = Digits.THAI) -> str:
    """Return a CE date as the office writes it: ๑๗ มีนาคม ๒๕๖๖."""
    return _written(f"{day.day} {THAI_MONTHS[day.month - 1]} {day.year + BE_OFFSET}", digits)


def short_thai_date(day: date, digits: Digits = Digits.ARABIC) -> str:
    """Return a CE date in its short form: 17 มี.ค. 2566."""
    return _written(f"{day.day} {THAI_SHORT_MONTHS[day.month - 1]} {day.year + BE_OFFSET}", digits)


def thai_month(day: date, digits: Digits = Digits.THAI) -> str:
    """Return month and year alone, the day being left for the pen: มีนาคม ๒๕๖๖."""
    return _written(f"{THAI_MONTHS[day.month - 1]} {day.year + BE_OFFSET}", digits)


def _written(text: str, digits: Digits) -> str:
    return thai_digits(text) if digits is Digits.THAI else text


def _month_of(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("monthnumber"):
        return int(groups["monthnumber"])
    if groups.get("word"):
        return _likeliest_month(groups["word"])
    return _MONTH_NUMBERS.get(re.sub(r"[.\s]", "", groups["month"]).lower())


def _likeliest_month(word: str) -> int | None:
    """Return the month a misspelt word means, None where two are near or none is."""
    ranked = sorted(
        ((SequenceMatcher(None, word, name).ratio(), n) for n, name in enumerate(THAI_MONTHS, 1)),
        reverse=True,
    )
    best, second = ranked[0], ranked[1]
    if best[0] < _MONTH_LIKENESS or best[0] - second[0] < 0.08:
        return None
    return best[1]


def _date_of(match: re.Match[str], month: int, text: str, default_year: int | None) -> FoundDate:
    groups = match.groupdict()
    end = match.start() + len(match.group().rstrip(" \t\r\n,.-")) if not groups.get("year") else 0
    end = max(end, _written_end(match))
    guessed = "word" in groups
    problem: DateProblem | None = None
    year: int | None = None
    if groups.get("year") or groups.get("short"):
        year = common_era_year(int(groups.get("year") or groups["short"]), groups.get("era"))
        guessed = guessed or not groups.get("year")
        problem = None if year else DateProblem.YEAR_OUT_OF_RANGE
    elif default_year is not None:
        year, guessed = default_year, True
    else:
        problem = DateProblem.YEAR_MISSING
    days = groups.get("days")
    periods: tuple[DatePeriod, ...] = ()
    if not days:
        problem = problem or DateProblem.DAY_MISSING
    elif problem is None and year is not None:
        periods = _periods(days, month, year)
        problem = None if periods else DateProblem.NO_SUCH_DAY
    first = re.search(r"\d+", days) if days else None
    return FoundDate(
        start=match.start(), end=end, text=text[match.start() : end],
        day=int(first.group()) if first else None, month=month, year=year,
        periods=periods, problem=problem, guessed=guessed,
    )  # fmt: skip


def _written_end(match: re.Match[str]) -> int:
    """Return where the date ends without trailing blanks, era words or separators."""
    groups = match.groupdict()
    ends = [
        match.end(name)
        for name in ("days", "month", "year", "short", "monthnumber", "word")
        if groups.get(name)
    ]
    return max(ends)


def _periods(days: str, month: int, year: int) -> tuple[DatePeriod, ...]:
    """Return the periods of `๕ - ๖ และ ๙ - ๑๑`, empty where one of the days does not exist."""
    periods: list[DatePeriod] = []
    for part in re.split(r"และ(?:วันที่)?|,|\band\b|&", days):
        numbers = [int(n) for n in re.findall(r"\d+", part)]
        if not numbers:
            continue
        try:
            first, last = date(year, month, numbers[0]), date(year, month, numbers[-1])
        except ValueError:
            return ()
        if last < first:
            return ()
        periods.append(DatePeriod(first, last))
    return tuple(periods)


def _joined(found: list[FoundDate], text: str) -> Iterator[FoundDate]:
    """Join ๒๔ มกราคม - ๕ กุมภาพันธ์ ๒๕๖๙ into one date; the first borrows the year."""
    index = 0
    while index < len(found):
        item = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        if following and _is_span(item, following, text):
            yield _span(item, following, text)
            index += 2
            continue
        yield item
        index += 1


def _is_span(first: FoundDate, last: FoundDate, text: str) -> bool:
    if last.value is None or first.day is None or len(first.periods) > 1 or first.is_range:
        return False
    if first.problem not in (None, DateProblem.YEAR_MISSING):
        return False
    return bool(_RANGE_GAP.fullmatch(text[first.end : last.start]))


def _span(first: FoundDate, last: FoundDate, text: str) -> FoundDate:
    end_day, start_day, problem = last.last, first.value, first.problem
    if end_day is not None and first.day is not None and (start_day is None or first.guessed):
        year = end_day.year if first.month <= end_day.month else end_day.year - 1
        try:
            start_day, problem = date(year, first.month, first.day), None
        except ValueError:
            start_day, problem = None, DateProblem.NO_SUCH_DAY
    valid = start_day is not None and end_day is not None and start_day <= end_day
    return FoundDate(
        start=first.start, end=last.end, text=text[first.start : last.end], day=first.day,
        month=first.month, year=start_day.year if start_day else last.year,
        periods=(DatePeriod(start_day, end_day),) if valid and start_day and end_day else (),
        problem=None if valid else problem or DateProblem.NO_SUCH_DAY,
        guessed=last.guessed,
    )  # fmt: skip
