"""Make a LibreOffice PDF lose its ำ as PDFs of Microsoft Word do.

Word's ToUnicode map sends the nikhahit glyph of ำ to a space and writes no `/ActualText`, so that
every extractor reads "ค านวณ" for คำนวณ while the page looks right (thai.md, "Digital PDFs").
LibreOffice writes the same two glyphs, but with the right text in `/ActualText` spans. Here the
spans go and the map is rewritten; what is drawn stays as it was.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

_SARA_AM, _NIKHAHIT, _SARA_AA = "\u0e33", "\u0e4d", "\u0e32"
_MARKS = frozenset("ัิีึืุู็่้๊๋์\u0e4d")
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<((?:[0-9A-Fa-f]{4})+)>")

_Operation = tuple[list[PdfObject], bytes]
# From a glyph's code and the character it draws to what the text layer says of it.
Spelling = Callable[[int, str], str]


class _FontText:
    """What the one-byte codes of one font mean, learnt from every place they are shown.

    LibreOffice's map and spans follow the order of the text, not of the glyphs: where two marks
    stand on one consonant (ผู้) each may carry the other's name. A mark that stands alone is
    named rightly, so those decide, and a pair gives its second mark by elimination.
    """

    def __init__(self, font: DictionaryObject) -> None:
        self.font = font
        self.written = _read_cmap(font)
        self.shown: list[tuple[int, str]] = []

    def note_run(self, codes: list[int]) -> None:
        """Take down codes shown outside spans: the font's own map gives their text."""
        self.shown += [(code, self.written[code]) for code in codes if code in self.written]

    def note_span(self, text: str, codes: list[int]) -> None:
        """Take down the codes of a span; ำ is drawn as two glyphs."""
        characters = text.replace(_SARA_AM, _NIKHAHIT + _SARA_AA)
        if len(characters) == len(codes):
            self.shown += zip(codes, characters, strict=True)

    def meaning(self) -> dict[int, str]:
        """Return the character each code stands for."""
        votes: dict[int, Counter[str]] = {}
        pairs: list[tuple[tuple[int, str], tuple[int, str]]] = []
        for before, here, after in zip(
            [(-1, ""), *self.shown], self.shown, [*self.shown[1:], (-1, "")], strict=False
        ):
            if here[1] not in _MARKS or (before[1] not in _MARKS and after[1] not in _MARKS):
                votes.setdefault(here[0], Counter())[here[1]] += 1
            elif after[1] in _MARKS:
                pairs.append((here, after))
        sure = {code: found.most_common(1)[0][0] for code, found in votes.items()}
        for (first, one), (second, other) in pairs:
            if first in sure:
                sure.setdefault(second, one if sure[first] == other else other)
            elif second in sure:
                sure[first] = one if sure[second] == other else other
        return self.written | sure


def lose_sara_am(raw: bytes) -> bytes:
    """Return the PDF with every ำ of its text layer torn into a space and า.

    Args:
        raw: a PDF written by LibreOffice, whose fonts have one-byte codes.
    """
    return respell_text_layer(raw, lambda _code, text: " " if text == _NIKHAHIT else text)


def respell_text_layer(raw: bytes, spelling: Spelling) -> bytes:
    """Return the PDF without `/ActualText`, its glyphs mapped to other characters.

    Args:
        raw: a PDF written by LibreOffice, whose fonts have one-byte codes.
        spelling: from a glyph's code and the character it draws (ำ is ํ and า) to the text that
            ToUnicode shall give.
    """
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    fonts: dict[int, _FontText] = {}
    for page in writer.pages:
        named: dict[str, _FontText] = {}
        for name, reference in _dictionary(_dictionary(page["/Resources"])["/Font"]).items():
            known = fonts.setdefault(reference.idnum, _FontText(reference.get_object()))
            named[name] = known
        content = ContentStream(page.get_contents(), writer)
        content.operations = list(_without_spans(content.operations, named))
        page.replace_contents(content)
    for font in fonts.values():
        stream = DecodedStreamObject()
        meaning = font.meaning()
        stream.set_data(_cmap({code: spelling(code, text) for code, text in meaning.items()}))
        font.font[NameObject("/ToUnicode")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _dictionary(value: PdfObject) -> DictionaryObject:
    found = value.get_object()
    if not isinstance(found, DictionaryObject):
        raise ValueError("not a PDF of LibreOffice")
    return found


def _read_cmap(font: DictionaryObject) -> dict[int, str]:
    table = font["/ToUnicode"].get_object() if "/ToUnicode" in font else None
    if not isinstance(table, StreamObject):
        return {}
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _BFCHAR.findall(table.get_data())
    }


def _without_spans(
    operations: list[_Operation], named: dict[str, _FontText]
) -> Iterator[_Operation]:
    """Drop the `/ActualText` spans and note in the font what each said."""
    font: _FontText | None = None
    open_spans: list[str | None] = []
    codes: list[int] = []
    for operands, operator in operations:
        if operator == b"Tf":
            font = named[str(operands[0])]
        elif operator in (b"BDC", b"BMC"):
            text = _actual_text(operands)
            open_spans.append(text)
            codes = []
            if text is not None:
                continue
        elif operator == b"EMC":
            text = open_spans.pop()
            if text is not None:
                if font is not None:
                    font.note_span(text, codes)
                continue
        elif operator in (b"Tj", b"TJ") and font is not None:
            shown = list(_codes(operands[0]))
            if any(text is not None for text in open_spans):
                codes += shown
            else:
                font.note_run(shown)
        yield operands, operator


def _actual_text(operands: list[PdfObject]) -> str | None:
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, DictionaryObject) and "/ActualText" in properties:
        return str(properties["/ActualText"])
    return None


def _codes(shown: PdfObject) -> Iterator[int]:
    """Yield the one-byte codes a text operator shows."""
    parts = shown if isinstance(shown, ArrayObject) else [shown]
    for part in parts:
        if isinstance(part, TextStringObject):
            yield from part.original_bytes
        elif isinstance(part, ByteStringObject):
            yield from bytes(part)


def _cmap(meaning: dict[int, str]) -> bytes:
    """Return a ToUnicode program; blocks hold at most 100 lines (PDF 32000-1, 9.10.3)."""
    lines = [
        f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>"
        for code, text in sorted(meaning.items())
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
