"""Latin words hidden by default: capitalised words that are no school's, office's or month's.

In a Thai letter any Latin word that is not on the list of harmless ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from drafting.redaction.pieces import Kind, Piece
from drafting.redaction.word_sets import words_of

_INSTITUTION: Final = words_of(
    """
    school college university ministry office department embassy company institute
    hospital committee commission board bureau council academy center centre court
    kindergarten polytechnic
    """
)
_OFFICIAL: Final = words_of(
    """
    teacher director principal headmaster headmistress kru khru minister secretary
    professor officer inspector coach dean head
    """
)
_HARMLESS: Final = words_of(
    """
    a i an the and or but so if as at in on of to by for from with without about after
    before since because when while what why how who where which we he she it they you
    this that these those there here our his her their your my its us me him them is are
    was were be been am do does did has have had will would can could should may must
    not no yes please thank thanks dear sir madam yours sincerely faithfully regards
    kind best respectfully subject re date sent also then however although moreover
    furthermore finally first second last next now today yesterday tomorrow all any some
    many every each both one two three four five january february march april june july
    august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri
    sat sun thai thailand english bangkok education excellency minister ministry mr mrs
    ms miss dr call tel phone mobile email e-mail mail address name line id fax facebook
    fb ig instagram tiktok youtube twitter google meet zoom messenger whatsapp telegram
    iphone android ipad samsung huawei oppo vivo wifi sms app online website web link
    pdf word excel file photo video clip post page inbox chat admin wrote message
    forwarded original begin reply o-net onet pisa nt ielts toefl toeic gpa gpax ep mep
    covid covid-19 stem ict ai qr code kg km cm m.1 m.2 m.3 m.4 m.5 m.6 p.1 p.2 p.3 p.4
    p.5 p.6 grade class visa permit work passport baht thb usd student teacher school
    director report bullying fee fees bus lunch term semester regarding concerning
    complaint request urgent recently unfortunately hello hi good morning afternoon
    evening attached enclosed according despite during until even only just let speak
    know nobody everyone everything nothing to-whom whom concern sirs re: fw: fwd cc bcc
    """
)
_STRONG: Final = re.compile(
    r"(?:\bmy\s(?:\w+\s)?name\s(?:is\s)?|\bI\s?am\s|\bI['’]m\s|\bthis is\s"
    r"|\bcalled\s|\bnamed\s"
    r"|\bson,?\s|\bdaughter,?\s|\bwife,?\s|\bhusband,?\s|\bspeak\s|\bask for\s|\bDear\s)$",
    re.IGNORECASE,
)
_LOWER_NAME: Final = re.compile(
    r"(?:\bmy\s(?:\w+\s)?name\s(?:is\s)?|\bspeak\s(?:to|with)?\s?|\bask for\s)"
    r"(?P<name>[a-z][a-z'-]{2,20}"
    r"(?:\s[a-z][a-z'-]{2,20})?)"
)
_SCHOOL: Final = re.compile(
    rf"(?:[A-Z][\w'.-]*\s){{1,5}}(?i:{'|'.join(sorted(_INSTITUTION))})(?![a-z])"
)
_PROVINCES: Final = frozenset(
    [
        "chiang mai",
        "chiang rai",
        "udon thani",
        "khon kaen",
        "phuket",
        "nakhon ratchasima",
        "korat",
        "ayutthaya",
        "chonburi",
        "hat yai",
        "songkhla",
        "nonthaburi",
    ]
)
# A letter that is neither Latin nor Thai, and what goes on with it: signs above and below, too.
_FOREIGN: Final = re.compile(
    r"[^\W\d_A-Za-z\u0080-\u024f\u0e00-\u0e7f][^\s\x00-\x7f\u0e00-\u0e7f]*+"
)
_THAI_OFFICE: Final = ("ครู", "ผอ", "ผู้อำนวยการ", "อาจารย์")
_MOST_WORDS: Final = 6


def doubtful_latin(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield offsets of Latin words nobody can say are harmless.

    Args:
        text: the letter.
        pieces: its pieces.
    """
    latin = sum(piece.kind is Kind.LATIN for piece in pieces)
    is_english = latin > sum(piece.kind is Kind.THAI for piece in pieces)
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind is not Kind.LATIN:
            index += 1
            continue
        if not is_english:
            if (
                not _is_officials(pieces, index)
                and _is_strange(piece.text)
                and (len(piece.text) > 2 or piece.text[0].isupper())
            ):
                yield piece.begin, piece.end
            index += 1
            continue
        if not piece.text[0].isupper():
            index += 1
            continue
        last = _phrase(pieces, index)
        yield from _strange(text, pieces, index, last)
        index = last + 1
    if is_english:
        for match in _LOWER_NAME.finditer(text):
            yield match.span("name")


def _is_officials(pieces: Sequence[Piece], index: int) -> bool:
    """Tell whether the word of an office stands before a Latin name in a Thai letter."""
    before = [piece.text for piece in pieces[max(0, index - 7) : index]]
    return any(word.startswith(_THAI_OFFICE) for word in before)


def foreign_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield offsets of what stands in letters of a third script: a migrant signs in their own."""
    for match in _FOREIGN.finditer(text):
        yield match.span()


def schools_in_english(text: str) -> Iterator[tuple[int, int]]:
    """Yield offsets of the names of schools and offices."""
    for match in _SCHOOL.finditer(text):
        yield match.span()


def _phrase(pieces: Sequence[Piece], index: int) -> int:
    """Return the last of capitalised words that stand side by side."""
    last = index
    for _ in range(_MOST_WORDS):
        step = last + 1
        if step < len(pieces) and pieces[step].text == ".":
            if len(pieces[last].text) > 2:
                return last
            step += 1
        if (
            step + 1 < len(pieces) and pieces[step].kind is Kind.BLANK
            and pieces[step + 1].kind is Kind.LATIN and pieces[step + 1].text[0].isupper()
        ):  # fmt: skip
            last = step + 1
        elif step < len(pieces) and pieces[step].kind is Kind.LATIN and step != last + 1:
            last = step
        else:
            return last
    return last


def _strange(
    text: str, pieces: Sequence[Piece], first: int, last: int
) -> Iterator[tuple[int, int]]:
    """Yield the words of a phrase that are hidden: none where it names a school or an official."""
    words = [p for p in pieces[first : last + 1] if p.kind is Kind.LATIN]
    lowered = [word.text.lower() for word in words]
    before = text[max(0, words[0].begin - 30) : words[0].begin]
    behind = re.match(r"\s([a-z]+)", text[words[-1].end : words[-1].end + 20])
    if _INSTITUTION & set(lowered) or (behind and behind[1] in _INSTITUTION):
        return
    said = re.findall(r"[A-Za-z]+", before)
    official = said and said[-1].lower() in _OFFICIAL | {"school", "college", "university"}
    if (official or lowered[0] in _OFFICIAL) and not _STRONG.search(before):
        return
    if len(said) > 1 and said[-1].lower() in ("mr", "mrs", "ms") and said[-2].lower() in _OFFICIAL:
        return
    if " ".join(lowered) in _PROVINCES:
        return
    titled = lowered[0] in ("mr", "mrs", "ms")
    if titled and said and said[-1].lower() in _OFFICIAL:
        return
    for word in words:
        if _is_strange(word.text) and not _begins_sentence(text, word):
            yield word.begin, word.end


def _begins_sentence(text: str, word: Piece) -> bool:
    """Tell whether a word has its capital from where it stands: it is written small elsewhere."""
    if not re.search(r"(?:^|[.!?:\n])\s*$", text[max(0, word.begin - 4) : word.begin]):
        return False
    small = word.text.lower()
    if re.search(rf"(?<![A-Za-z]){re.escape(small)}(?![A-Za-z])", text):
        return True
    return re.search(r"(?:ing|ed|ly|tion|ment|ever|ness)$", small) is not None


def _is_strange(word: str) -> bool:
    small = word.lower().rstrip(".")
    if small in _HARMLESS or small in _INSTITUTION or small in _OFFICIAL:
        return False
    return not (word.isupper() and len(word) <= 3)
