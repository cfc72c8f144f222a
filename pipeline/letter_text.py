"""What a letter says, for whoever has its case open and asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.classification import Evidence
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, ReadMethod
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown, check_opened
from pipeline.letter_pages import MAILS
from pipeline.permissions import OpenedCase
from registry.models import Case, ClassificationRow, Letter, PageTextRow
from registry.numbers import RegisterNumber


class TextPart(Frozen):
    """A stretch of a page's text; `evidence` of the category, and which one it speaks for."""

    text: str
    evidence: bool = False
    speaks_for: Category | None = None


class PageView(Frozen):
    """The text of one page in its parts."""

    number: int
    method: ReadMethod
    parts: tuple[TextPart, ...]


class LetterText(Frozen):
    """The text of a letter, national numbers masked; `is_mail` where a mail brought it."""

    letter_id: int
    register_number: str
    is_mail: bool
    pages: tuple[PageView, ...]


def letter_text(
    house: House, case_id: int, letter_id: int, opened: OpenedCase | None = None
) -> LetterText:
    """Return what a letter of a case says, with the evidence of its category marked.

    Raises:
        CaseUnknown: no such case or letter.
        CaseRestricted: the case is restricted and was not opened as such.
    """
    with house.sessions.begin() as session:
        case = session.get(Case, case_id)
        letter = session.get(Letter, letter_id)
        if case is None or letter is None or letter.case_id != case.id:
            raise CaseUnknown("The case has no such letter.", thai="ไม่พบหนังสือฉบับนี้ในเรื่อง")
        check_opened(case, opened)
        evidence = _evidence(session, case, letter)
        rows = session.scalars(
            select(PageTextRow).where(PageTextRow.letter_id == letter.id).order_by(PageTextRow.id)
        )
        return LetterText(
            letter_id=letter.id,
            register_number=str(RegisterNumber.of(letter)),
            is_mail=letter.media_type in MAILS,
            pages=tuple(
                PageView(
                    number=row.number,
                    method=ReadMethod(row.method),
                    parts=tuple(
                        parted(row.text, [item for item in evidence if item.page == row.number])
                    ),
                )
                for row in rows
            ),
        )


def parted(text: str, evidence: Sequence[Evidence]) -> Iterator[TextPart]:
    """Yield a page's text in parts, evidence apart; where two overlap, the first stands.

    Args:
        text: of the page.
        evidence: on this page; what has no place on it is left out.
    """
    done = 0
    placed = [
        (item.start, item.end, item.speaks_for)
        for item in evidence
        if item.start is not None and item.end is not None
    ]
    for start, end, speaks_for in sorted(placed, key=lambda place: place[:2]):
        if not done <= start < end <= len(text):
            continue
        if done < start:
            yield TextPart(text=text[done:start])
        yield TextPart(text=text[start:end], evidence=True, speaks_for=speaks_for)
        done = end
    if done < len(text):
        yield TextPart(text=text[done:])


def _evidence(session: Session, case: Case, letter: Letter) -> list[Evidence]:
    """Return the evidence of the last decision, which is on the first letter of a case."""
    first = session.scalar(
        select(Letter.id).where(Letter.case_id == case.id).order_by(Letter.id).limit(1)
    )
    found = session.scalars(
        select(ClassificationRow.evidence)
        .where(ClassificationRow.case_id == case.id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).first()
    if first != letter.id or found is None:
        return []
    return [Evidence.model_validate(item) for item in found]
