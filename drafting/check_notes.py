"""A comment in the document at every value a person must check: ⟦…⟧."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.text.run import Run

from drafting.forms.sheet import write
from office.wording import MemoPhrases

_OPEN = "⟦"
_POINTS = 14.0
_AUTHOR, _INITIALS = "Saraban", "ส"
# A letter that is doubtful everywhere is read again, not commented a hundred times.
MOST_COMMENTS = 20


def note_checks(docx: bytes, phrases: MemoPhrases) -> bytes:
    """Return the document with a comment on every ⟦…⟧ of its body; unchanged without any.

    Args:
        docx: a filled form.
        phrases: the office's words: what is said of a value and of an unverified rule.
    """
    sheet = Document(BytesIO(docx))
    marked = [
        run
        for run in sheet.element.body.iter(qn("w:r"))
        if _OPEN in "".join(node.text or "" for node in run.iter(qn("w:t")))
    ]
    if not marked:
        return docx
    for element in marked[:MOST_COMMENTS]:
        comment = sheet.add_comment(
            Run(element, sheet), text="", author=_AUTHOR, initials=_INITIALS
        )
        # The same letter drafted twice gives the same bytes: no moment of making in it.
        comment._comment_elm.attrib.pop(qn("w:date"), None)
        told = "".join(node.text or "" for node in element.iter(qn("w:t")))
        note = phrases.unverified.strip("()") if phrases.unverified in told else phrases.check
        write(comment.paragraphs[0], note, points=_POINTS)
    target = BytesIO()
    sheet.save(target)
    return target.getvalue()
