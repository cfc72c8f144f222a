"""Two versions of a memo held against each other, as data; which sentences outlived the review."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import ParseError

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import XMLSyntaxError
from rapidfuzz import fuzz

from correspondence.errors import SarabanError
from correspondence.reading import Frozen
from correspondence.thai_digits import fold_digits

_KEPT_SHARE = 75.0
MOST_LINES: Final = 1_000
_LONGEST_LINE: Final = 5_000
# A memo has some 40 KB; a person may hand in one with pictures.
_MOST_BYTES: Final = 50 * 2**20
_MARKS = re.compile(r"[\s⟦⟧]+")


class MemoUnreadable(SarabanError):
    """A memo cannot be opened, so its text cannot be compared."""

    code = "memo_unreadable"


class LineFate(StrEnum):
    """What became of a line between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class LineChange(Frozen):
    """One line of the difference: `before` is "" for what was added, `after` for what went."""

    fate: LineFate
    before: str
    after: str


class SentenceFate(StrEnum):
    """What became of a sentence of the machine's draft: kept word for word, edited, dropped."""

    KEPT = "kept"
    EDITED = "edited"
    DROPPED = "dropped"


def memo_lines(docx: bytes) -> tuple[str, ...]:
    """Return the lines of a memo's body in order, empty ones left out, at most MOST_LINES.

    Raises:
        MemoUnreadable: the bytes are no .docx that opens.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > _MOST_BYTES:
            raise ValueError("too large")
        body = Document(io.BytesIO(docx)).element.body
    except (
        PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, ParseError, XMLSyntaxError,
        OSError, AttributeError, TypeError, NotImplementedError,
    ):  # fmt: skip
        # The library walks into what is no document at all before it says so.
        raise MemoUnreadable(
            "The memo cannot be opened.", thai="เปิดแฟ้มบันทึกไม่ได้ จึงเทียบกับฉบับก่อนไม่ได้"
        ) from None
    lines: list[str] = []
    for paragraph in body.iter(qn("w:p")):
        text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        flat = " ".join(text.split())[:_LONGEST_LINE]
        if flat:
            lines.append(flat)
        if len(lines) >= MOST_LINES:
            break
    return tuple(lines)


def compare_lines(before: Sequence[str], after: Sequence[str]) -> tuple[LineChange, ...]:
    """Return the difference of two memos line by line, in the order of the later one."""
    matcher = SequenceMatcher(
        None, [_bare(line) for line in before], [_bare(line) for line in after], autojunk=False
    )
    changes: list[LineChange] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            changes += [
                LineChange(fate=LineFate.SAME, before=x, after=y)
                for x, y in zip(before[a:b], after[c:d], strict=True)
            ]
        else:
            changes += _replaced(before[a:b], after[c:d])
    return tuple(changes)


def _replaced(before: Sequence[str], after: Sequence[str]) -> list[LineChange]:
    """Pair lines that are mostly alike in order; what has no partner went or came."""
    changes: list[LineChange] = []
    rest = list(after)
    for old in before:
        place = next((i for i, new in enumerate(rest) if _alike(old, new)), None)
        if place is None:
            changes.append(LineChange(fate=LineFate.REMOVED, before=old, after=""))
            continue
        changes += [LineChange(fate=LineFate.ADDED, before="", after=new) for new in rest[:place]]
        changes.append(LineChange(fate=LineFate.CHANGED, before=old, after=rest[place]))
        del rest[: place + 1]
    return changes + [LineChange(fate=LineFate.ADDED, before="", after=new) for new in rest]


def sentence_fates(sentences: Sequence[str], final: Sequence[str]) -> tuple[SentenceFate, ...]:
    """Return for each sentence of a draft what became of it in the final text's lines.

    Blanks, ⟦…⟧ and the kind of digits do not count as edits; three quarters of a sentence found
    in one place make it an edited one.
    """
    whole = "\n".join(_bare(line) for line in final)
    fates: list[SentenceFate] = []
    for sentence in sentences:
        bare = _bare(sentence)
        if bare and bare in whole:
            fates.append(SentenceFate.KEPT)
        elif bare and whole and _found_in(bare, whole):
            fates.append(SentenceFate.EDITED)
        else:
            fates.append(SentenceFate.DROPPED)
    return tuple(fates)


def _found_in(sentence: str, whole: str) -> bool:
    # A text shorter than the sentence would be the needle, and any crumb of it a find.
    return len(whole) >= len(sentence) / 2 and (
        fuzz.partial_ratio(sentence, whole, score_cutoff=_KEPT_SHARE) >= _KEPT_SHARE
    )


def _alike(first: str, second: str) -> bool:
    return fuzz.ratio(_bare(first), _bare(second)) >= _KEPT_SHARE * 0.8


def _bare(text: str) -> str:
    return _MARKS.sub("", fold_digits(text))
