r"""The RTF body of an Outlook mail: unpacked, and the HTML or the text inside it brought out.

Outlook wraps a mail's HTML in RTF ([MS-OXRTFEX]): tags stand in `\*\htmltag` groups, what is for
RTF readers only between `\htmlrtf` and `\htmlrtf0`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from correspondence.charsets import decode_thai
from intake.outlook.properties import codec_of

_MAX_UNPACKED = 40_000_000
# What the window holds before the first byte ([MS-OXRTFCP] 2.1.2.1).
_WINDOW_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})"
    rb"|\\([a-zA-Z]{1,32})(-?[0-9]{1,10})?[ ]?"
    rb"|\\([^a-zA-Z])"
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\"
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl"
    b" footerr footerf generator themedata colorschememapping latentstyles datastore xmlnstbl"
    b" listtable listoverridetable rsidtbl mhtmltag fldinst bkmkstart bkmkend".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"endash": "–", b"emdash": "—", b"emspace": " ", b"enspace": " ",
    b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip
_SYMBOLS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"\r": "\n", b"\n": "\n"}
# fmt: off
# \fcharset to the Windows code page; 222 is Thai.
_CHARSETS = {0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254,
             163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}
# fmt: on


@dataclass(frozen=True, slots=True)
class RichText:
    """What an RTF body says: `text` is HTML where `is_html`, else plain."""

    text: str = field(repr=False)
    is_html: bool


def unpack_rich_text(packed: bytes, limit: int = _MAX_UNPACKED) -> bytes:
    """Return the RTF of PR_RTF_COMPRESSED ([MS-OXRTFCP]).

    A wrong checksum or an early end is no reason to lose a body: what unpacks is returned, at
    most `limit` bytes; none where it is something else.
    """
    if packed.startswith(b"{\\rtf"):
        return packed[:limit]
    if packed[8:12] == b"MELA":
        return packed[16 : 16 + min(int.from_bytes(packed[4:8], "little"), limit)]
    if packed[8:12] != b"LZFu":
        return b""
    return _unpack(packed[16:], limit)


def _unpack(data: bytes, limit: int) -> bytes:
    # The window is a ring of 4096; keeping all that was written makes it a plain look back.
    out = bytearray(_WINDOW_START)
    start, ring = len(out), 4096
    position = 0
    while position < len(data) and len(out) < limit + start:
        control = data[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                if position >= len(data):
                    break
                out.append(data[position])
                position += 1
                continue
            if position + 2 > len(data):
                return bytes(out[start:])
            reference = int.from_bytes(data[position : position + 2], "big")
            position += 2
            distance = (len(out) - (reference >> 4)) % ring
            if distance == 0:
                return bytes(out[start:])
            for _ in range((reference & 0xF) + 2):
                # Before the first byte the ring is blank.
                out.append(out[-distance] if distance <= len(out) else 0x20)
    return bytes(out[start:])


def read_rich_text(rtf: bytes, code_page: int = 0, limit: int = 4_000_000) -> RichText:
    """Return the HTML or the text of an RTF body; never raises.

    Args:
        rtf: the unpacked body.
        code_page: what its 8-bit letters mean where it does not say so.
        limit: characters kept.
    """
    is_html = b"\\fromhtml" in rtf[:4096]
    return RichText(_RichTextReader(rtf, code_page, limit, is_html).read(), is_html)


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and leaves behind at its end."""

    skipped: bool = False
    in_tag: bool = False
    for_rtf: bool = False
    in_fonts: bool = False
    font: int = -1
    after_unicode: int = 1


class _RichTextReader:
    """One pass over the tokens of an RTF file."""

    def __init__(self, rtf: bytes, code_page: int, limit: int, is_html: bool) -> None:  # noqa: FBT001
        self._rtf = rtf
        self._code_page = code_page
        self._limit = limit
        self._is_html = is_html
        self._state = _State()
        self._stack: list[_State] = []
        self._fonts: dict[int, int] = {}
        self._out: list[str] = []
        self._length = 0
        self._pending: list[bytes] = []
        self._pending_page = 0
        self._starred = False
        self._swallow = 0

    def read(self) -> str:
        """Return the text."""
        position = 0
        while position < len(self._rtf) and self._length <= self._limit:
            token = _TOKEN.match(self._rtf, position)
            if token is None:
                break
            position = token.end()
            position += self._take(token)
        self._flush()
        # Letters beyond the first plane come as two halves.
        whole = "".join(self._out).encode("utf-16-le", "surrogatepass").decode("utf-16", "replace")
        return whole[: self._limit]

    def _take(self, token: re.Match[bytes]) -> int:
        octet, word, parameter, symbol, brace, text = token.groups()
        if brace == b"{":
            self._stack.append(self._state)
            self._starred = False
        elif brace == b"}":
            self._flush()
            self._state = self._stack.pop() if self._stack else _State()
            self._swallow = 0
        elif word is not None:
            number = int(parameter) if parameter is not None else None
            if word == b"bin":
                return max(0, number or 0)
            self._control(word, number)
            self._starred = False
        elif symbol == b"*":
            self._starred = True
        elif symbol is not None and symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])
        elif octet is not None:
            self._spell(bytes([int(octet, 16)]))
        elif text is not None:
            self._spell(text)
        return 0

    def _control(self, word: bytes, number: int | None) -> None:
        state = self._state
        if word == b"htmltag":
            self._flush()
            self._state = replace(state, in_tag=True, skipped=not self._is_html)
        elif word == b"htmlrtf":
            self._flush()
            self._state = replace(state, for_rtf=number != 0)
        elif word == b"fonttbl":
            self._state = replace(state, skipped=True, in_fonts=True)
        elif word in _SKIPPED or (self._starred and word not in _SIGNS):
            self._flush()
            self._state = replace(state, skipped=True)
        elif word == b"f" and number is not None:
            self._flush()
            self._state = replace(state, font=number)
        elif word == b"fcharset" and state.in_fonts and number is not None:
            self._fonts[state.font] = _CHARSETS.get(number, 0)
        elif word == b"plain":
            self._flush()
            self._state = replace(state, font=-1)
        elif word == b"ansicpg" and number:
            # A page of 1252 on a Thai mail is the sender's program, not its text.
            self._code_page = self._code_page or number
        elif word == b"uc" and number is not None:
            self._state = replace(state, after_unicode=min(max(0, number), 8))
        elif word == b"u" and number is not None:
            self._say(chr(number % 65536))
            self._swallow = self._state.after_unicode
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _spell(self, octets: bytes) -> None:
        if self._swallow:
            kept = octets[self._swallow :]
            self._swallow = max(0, self._swallow - len(octets))
            octets = kept
        if not octets or not self._shown():
            return
        page = self._code_page
        if not self._state.in_tag:
            page = self._fonts.get(self._state.font, 0) or page
        if page != self._pending_page:
            self._flush()
            self._pending_page = page
        self._pending.append(octets)

    def _say(self, text: str) -> None:
        self._flush()
        if self._shown():
            self._out.append(text)
            self._length += len(text)

    def _shown(self) -> bool:
        state = self._state
        return not state.skipped and not (self._is_html and state.for_rtf)

    def _flush(self) -> None:
        if self._pending:
            text = decode_thai(b"".join(self._pending), codec_of(self._pending_page))[0]
            self._pending = []
            self._out.append(text)
            self._length += len(text)
