"""The lines of a part of a memo as people write them, read as points and lists under points."""

from __future__ import annotations

import re

from correspondence.thai_digits import fold_digits
from drafting.body import ITEM_MARK
from drafting.clean_text import office_digits
from drafting.content import Fact

_COUNTED = re.compile(r"^[๐-๙]{1,2}[.](?:[๐-๙]{1,2})?\s+")


def read_points(text: str, prefix: str) -> tuple[Fact, ...]:
    """Return the lines of a part as points: numbers are counted anew, lists stay under theirs.

    A list of the letter's own under a point begins with its own ๑. and counts on; any other number
    is a point's, however people have moved it.
    """
    mark = re.compile(rf"{re.escape(prefix)}([๐-๙0-9]{{1,2}}){'' if prefix else '[.]'}\s+")
    lines = text.split("\n") if text else []
    found = [mark.match(office_digits(line)) for line in lines]
    numbers = [int(fold_digits(one[1])) if one else None for one in found]
    first = next((place for place, number in enumerate(numbers) if number is not None), len(lines))
    # One number alone counts no points.
    leads = sum(number is not None for number in numbers) > 1
    facts: list[Fact] = []
    listed = 0
    for place, (line, one, number) in enumerate(zip(lines, found, numbers, strict=True)):
        if one is None or number is None:
            marked = bool(ITEM_MARK.match(line))
            lead = leads and place < first
            facts.append(Fact(text=line, lead=lead, item=bool(facts) and marked and not lead))
            listed = listed if facts[-1].item else 0
        elif facts and (number == 1 or number == listed + 1 > 1) and place > first:
            facts.append(Fact(text=line, item=True))
            listed = number
        elif not leads and place > 0:
            facts.append(Fact(text=line, item=True))
        else:
            facts.append(Fact(text=line[one.end() :]))
            listed = 0
    return tuple(facts)


def bare_lines(text: str) -> list[str]:
    """Return lines without the numbers that the form counts them by."""
    return [_COUNTED.sub("", line) for line in text.split("\n")]
