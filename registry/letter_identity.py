"""Whose letter it is: the sender's number and date, the agency, the signer, the address.

Pure but for the rows it is given. Spelling differs from one reading to the next, so everything is
compared without blanks, marks and the kind of digits.
"""

from __future__ import annotations

from rapidfuzz import fuzz

from registry.letter_signature import bare_text
from registry.models import Letter

_AGENCY_LIKENESS = 75
_SIGNER_LIKENESS = 80
_NUMBER_WORD = "ท"  # ที่, without its marks


def number_key(letter: Letter) -> str | None:
    """Return the sender's number and date as one comparable text; None where one is missing."""
    number, day = document_number(letter), field_value(letter, "document_date")
    return f"{number}|{day}" if number and day else None


def document_number(letter: Letter) -> str:
    """Return the sender's number without blanks, dots and the word ที่; empty without one."""
    return number_text(field_value(letter, "document_number") or "")


def number_text(value: str) -> str:
    """Return a sender's number without blanks, dots and the word ที่."""
    # The stroke parts the group's code from the running number; without it 1/12 is 11/2.
    return "/".join(bare_text(part) for part in value.split("/")).removeprefix(_NUMBER_WORD)


def may_be_one_agency(first: Letter, second: Letter) -> bool | None:
    """Tell whether two letters come from one agency; None where one of them names none."""
    agencies = [bare_text(field_value(letter, "agency") or "") for letter in (first, second)]
    if not all(agencies):
        return None
    return fuzz.partial_ratio(*agencies) >= _AGENCY_LIKENESS


def is_one_sender(first: Letter, second: Letter) -> bool | None:
    """Tell whether two letters are of one sender; None where nothing tells.

    The signer counts before the address: a letter may be passed on by somebody else.
    """
    signers = [bare_text(field_value(letter, "signer") or "") for letter in (first, second)]
    if all(signers):
        return fuzz.ratio(*signers) >= _SIGNER_LIKENESS
    addresses = [(letter.sender_address or "").casefold() for letter in (first, second)]
    if all(addresses):
        return addresses[0] == addresses[1]
    return None


def field_value(letter: Letter, name: str) -> str | None:
    """Return the first value of a letter's field: a person's where there is one."""
    return next((row.value for row in letter.fields if row.name == name and row.value), None)
