"""What a person asks to be done to a case, and what came of it."""

from __future__ import annotations

import hashlib
from datetime import date

from pydantic import Field, JsonValue, field_validator

from correspondence.memo import MemoSection
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, ContactChannel, LinkKind

LONGEST_TEXT = 4000
LONGEST_NAME = 300
LONGEST_KEY = 200
MAX_MEMO_BYTES = 20 * 2**20


class CaseRequest(Frozen):
    """One action of one person on one case; which fields it needs, the state table says.

    Attributes:
        case_id: the case.
        action: what is to be done.
        by: the sign-in name; the caller knows that it is that person.
        expected_version: the version of the case that the person saw; None takes what stands.
        key: idempotency key; a second request under it does nothing and gets the first's result.
        reason: why, in the person's words.
        category: the category chosen.
        subcategory: id within the category; needed with a category that the model did not guess.
        group: id of the group that the case is given to.
        person: sign-in name of whoever has the case in hand from now on.
        agency: who is asked, takes the matter over, or has agreed to a later date.
        due: the date set, extended to, or by which an agency is to answer (CE, Bangkok).
        memo: the memo a person has written or edited (.docx).
        sections: the parts of that memo where it was edited by parts, () where it comes whole.
        duplicate_of: id of the earlier case that this one repeats.
        other_case: id of the case to link with or merge into.
        link: RELATED or EARLIER_MATTER.
        letter: id of the letter to split off.
        contribution: id of the contribution that came; not needed where one only is awaited.
        contact: whom one spoke with.
        channel: how.
        note: what was asked, answered, said or promised.
        promised_by: the day something was promised for (CE, Bangkok).
    """

    case_id: int
    action: Action
    by: str = Field(max_length=LONGEST_NAME)
    expected_version: int | None = None
    key: str | None = Field(default=None, min_length=1, max_length=LONGEST_KEY)
    reason: str = Field(default="", max_length=LONGEST_TEXT, repr=False)
    category: Category | None = None
    subcategory: str | None = Field(default=None, max_length=LONGEST_NAME)
    group: str | None = Field(default=None, max_length=LONGEST_NAME)
    person: str | None = Field(default=None, max_length=LONGEST_NAME)
    agency: str | None = Field(default=None, max_length=LONGEST_NAME, repr=False)
    due: date | None = None
    memo: bytes | None = Field(default=None, max_length=MAX_MEMO_BYTES, repr=False)
    sections: tuple[MemoSection, ...] = Field(default=(), max_length=40, repr=False)
    duplicate_of: int | None = None
    other_case: int | None = None
    link: LinkKind = LinkKind.RELATED
    letter: int | None = None
    contribution: int | None = None
    contact: str | None = Field(default=None, max_length=LONGEST_NAME, repr=False)
    channel: ContactChannel | None = None
    note: str = Field(default="", max_length=LONGEST_TEXT, repr=False)
    promised_by: date | None = None

    @field_validator("*", mode="after")
    @classmethod
    def _no_nul(cls, value: object) -> object:
        # PostgreSQL takes no NUL in a text.
        return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value

    def given(self) -> frozenset[str]:
        """Return the names of those fields of the state table that the registry does not check."""
        texts = {"contact": self.contact, "person": self.person}
        values = {
            "due": self.due,
            "letter": self.letter,
            "other_case": self.other_case,
            "channel": self.channel,
        }
        return frozenset(
            {name for name, text in texts.items() if text and text.strip()}
            | {name for name, value in values.items() if value is not None}
        )

    def fingerprint(self) -> str:
        """Return what two requests have in common only if they ask the same (SHA-256)."""
        # The version a page was opened at may differ in a repeat that is otherwise the same.
        asked = self.model_dump_json(exclude={"key", "memo", "expected_version"})
        memo = hashlib.sha256(self.memo or b"").hexdigest()
        return hashlib.sha256(f"{asked}{memo}".encode()).hexdigest()


class CaseResult(Frozen):
    """What came of a request: the case as it stands now.

    `new_case_id` is the case that a split has opened; `repeated` tells that nothing was done
    because the request had been carried out before.
    """

    case_id: int
    action: Action
    state: CaseState
    version: int
    category: Category | None = None
    subcategory: str | None = None
    group: str | None = None
    due_date: date | None = None
    draft_version: int | None = None
    new_case_id: int | None = None
    repeated: bool = False

    def stored(self) -> dict[str, JsonValue]:
        """Return the result as it is kept under an idempotency key."""
        return dict(self.model_dump(mode="json", exclude={"repeated"}))
