"""How much of the machine's memos outlived their review in a period, in numbers."""

from __future__ import annotations

from datetime import date

from correspondence.reading import Frozen
from correspondence.vocabulary import ThaiTerm


class MemoFigure(ThaiTerm):
    """What became of the machine's memos; each has a list of cases behind it."""

    ACCEPTED_UNCHANGED = "accepted_unchanged", "เห็นชอบโดยไม่แก้ไข"
    ACCEPTED_EDITED = "accepted_edited", "เห็นชอบโดยแก้ไข"
    RETURNED = "returned", "ส่งร่างคืน"
    REJECTED = "rejected", "ไม่ลงนาม"
    UNREADABLE = "unreadable", "เทียบไม่ได้"


class MemoQuality(Frozen):
    """Of the machine's memos and their sentences, how many outlived the review of a period.

    Counted over memos approved in the period (Asia/Bangkok; days are CE), each against the
    machine's last version before the approval; a case approved twice counts once, with its last
    approval. A memo is accepted edited where the version approved is a person's. `returned` and
    `rejected` are cases of which a memo was sent back to be changed, or not signed, in the period:
    they may be accepted in it as well. Sentences are counted over `memos`; `untouched` are those
    whose every sentence was kept, `unreadable` those that cannot be compared: their file does not
    open, or their drafts name no sentence. Shares are 0 to 100, None where nothing was compared.
    """

    first: date
    last: date
    accepted_unchanged: int
    accepted_edited: int
    returned: int
    rejected: int
    unreadable: int
    memos: int
    untouched: int
    kept: int
    edited: int
    dropped: int
    kept_percent: float | None
    survived_percent: float | None
