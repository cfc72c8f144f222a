"""What a letter says, for whoever has its case open and asks for it."""

from __future__ import annotations

from sqlalchemy import select

from correspondence.reading import Frozen
from correspondence.vocabulary import ReadMethod
from pipeline.bootstrap import House
from pipeline.case_view import CaseUnknown, check_opened
from pipeline.letter_pages import MAILS
from pipeline.permissions import OpenedCase
from registry.models import Case, Letter, PageTextRow
from registry.numbers import RegisterNumber


class PageView(Frozen):
    """The text of one page; `quality` from 0 to 1."""

    number: int
    text: str
    method: ReadMethod
    quality: float


class LetterText(Frozen):
    """The text of a letter, national numbers masked; `is_mail` where a mail brought it."""

    letter_id: int
    register_number: str
    is_mail: bool
    pages: tuple[PageView, ...]


def letter_text(
    house: House, case_id: int, letter_id: int, opened: OpenedCase | None = None
) -> LetterText:
    """Return what a letter of a case says.

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
                    text=row.text,
                    method=ReadMethod(row.method),
                    quality=row.quality,
                )
                for row in rows
            ),
        )
