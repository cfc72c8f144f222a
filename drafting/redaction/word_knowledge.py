"""What PyThaiNLP's lists know of a word: a name, a surname, a plain word, or nothing at all.

Word list and frequencies (words_th, tnc_freq) are CC0, the lists of names CC BY-SA 4.0, the
parts of speech CC BY 4.0; all stand in the installed package and are only read.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import Final

from correspondence.reading import Frozen
from drafting.redaction.word_sets import words_of

_LEAST = 3
_LONGEST_RUN = 4_000
# Of a million words: a name that is rarer as a word is meant as a name.
_RARE_NAME: Final = 600
# Of the costs of a cut: an unknown letter, a name, a word that never stands in the corpus.
_UNKNOWN: Final = 9.0
_NAME_COST: Final = 13.0
_CERTAIN_COST: Final = 9.0
_TOTAL: Final = log(33_500_000)
_LONGEST_WORD: Final = 24
_LONGEST_SIGN: Final = 4
# Signs no word begins with, vowels none ends with.
_NO_BEGIN: Final = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")
_LEADING: Final = frozenset("เแโใไ")
_RARE_SHORT: Final = 300
_COMMON: Final = 1_500
_OPEN_TAGS: Final = frozenset(
    ["VERB", "AUX", "ADV", "ADP", "PRON", "SCONJ", "CCONJ", "PART", "DET", "NUM", "INTJ", "ADJ"]
)
# What letters to a ministry of education say and the lists lack.
_OF_LETTERS: Final = words_of(
    """
    ค่ะ คะ ครับ คับ คร้าบ นะคะ นะครับ นะคับ จ้า จ้ะ อ่ะ ก้อ มั้ย ไหม เค้า เด้อ บ่ รมต
    รมว ศธ สพฐ สพป สพม กศน กศจ สช สอศ กพฐ คุรุสภา ผอ ผอ. รอง รร รร. อบต อบจ ปปช สตง สคบ
    กยศ ปพ ปวช ปวส ออทิสติก แป๊ะเจี๊ยะ เพจ แชท ไลน์ เฟซ เฟส ไอจี อินบ็อกซ์ แอด แอดมิน
    คลิป โพสต์ แชร์ สลิป ออนไลน์ เว็บไซต์ อีเมล อีเมล์ เมล มือถือ ครูพละ ครูเวร ครูใหญ่
    ครูประจำชั้น ภารโรง ธุรการ พัสดุ รายหัว อัตราจ้าง วิทยฐานะ ค.ศ ชำนาญการ
    ชำนาญการพิเศษ ผู้ช่วย รัฐมนตรี ปลัด กระทรวงศึกษาธิการ ตี4 สพป. สพม. กศน. พ.ศ. พ.ร.บ.
    บ. น. กก. กม. ซม. ผู้ร้อง ผู้ร้องเรียน คู่สัญญา ลูกความ ตามที่ อนึ่ง ทั้งนี้ ประการ
    บอกว่า ได้ว่า
    """
)


_OF_PLACES: Final = words_of(
    """
    สามแยก สี่แยก ห้าแยก ห้องแถว ห้องเช่า หย่อมบ้าน โรงสี หมู่ที่ ผู้ทรงคุณวุฒิ
    """
)


class _Lists(Frozen):
    listed: frozenset[str]
    names: frozenset[str]
    families: frozenset[str]
    words: frozenset[str]
    plain: frozenset[str]
    certain: frozenset[str]


@lru_cache(maxsize=1)
def _frequency() -> dict[str, int]:
    from pythainlp.corpus import tnc

    return dict(tnc.unigram_word_freqs())


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    from pythainlp.corpus import (
        provinces,
        thai_family_names,
        thai_female_names,
        thai_male_names,
        thai_stopwords,
        thai_words,
    )

    listed = thai_male_names() | thai_female_names()
    words = frozenset(thai_words()) | _OF_LETTERS | _OF_PLACES | frozenset(map(str, provinces()))
    frequency = _frequency()
    names = frozenset(
        name
        for name in listed
        if len(name) >= _LEAST
        and (name not in words or frequency.get(name, 0) < _RARE_NAME)
        and name not in _OF_LETTERS
    )
    families = frozenset(
        name for name in thai_family_names() if len(name) > _LEAST and name not in words
    )
    return _Lists(
        listed=frozenset(listed),
        names=names,
        families=families,
        words=words,
        plain=frozenset(thai_stopwords()) | _verbs(frequency, words) | _OF_LETTERS,
        certain=_OF_LETTERS | _OF_PLACES | frozenset(map(str, provinces())),
    )


def _verbs(frequency: dict[str, int], words: frozenset[str]) -> frozenset[str]:
    """Return the frequent words that are neither nouns nor names."""
    from pythainlp.tag import pos_tag

    frequent = [word for word in words if frequency.get(word, 0) >= _COMMON]
    tagged = pos_tag(frequent, engine="unigram", corpus="tud")
    return frozenset(word for word, tag in tagged if tag in _OPEN_TAGS)


def cut(run: str) -> list[str]:
    """Return a run of Thai letters cut into words, names and what is neither, without loss.

    The likeliest cut by how often each word stands in the corpus, in O(length); a run of more than
    4,000 letters is cut in stretches.
    """
    if len(run) > _LONGEST_RUN:
        return [*cut(run[:_LONGEST_RUN]), *cut(run[_LONGEST_RUN:])]
    costs, length = _costs(), len(run)
    best = [0.0] + [float("inf")] * length
    back = [0] * (length + 1)
    known = [False] * (length + 1)
    for begin in range(length):
        if best[begin] == float("inf") or run[begin] in _NO_BEGIN:
            continue
        for end in range(begin + 1, min(length, begin + _LONGEST_WORD) + 1):
            if end < length and run[end] in _NO_BEGIN:
                continue
            cost = costs.get(run[begin:end])
            listed = cost is not None
            if cost is None:
                if end - begin > _LONGEST_SIGN or (end < length and run[end - 1] in _LEADING):
                    continue
                cost = _UNKNOWN * (end - begin)
            if best[begin] + cost < best[end]:
                best[end], back[end], known[end] = best[begin] + cost, begin, listed
    if best[length] == float("inf"):
        return [run]
    return _joined(run, back, known)


def _joined(run: str, back: list[int], known: list[bool]) -> list[str]:
    """Return the cut, what is unknown side by side in one piece."""
    parts: list[tuple[str, bool]] = []
    end = len(run)
    while end:
        parts.append((run[back[end] : end], known[end]))
        end = back[end]
    found: list[str] = []
    before = True
    for part, listed in reversed(parts):
        if (
            found
            and not listed
            and before
            and len(part) <= _LEAST
            and len(found[-1]) <= _LONGEST_SIGN
        ):
            # What is left over of an unknown name: มิน|ท์.
            found[-1] += part
        elif listed or before or not found:
            found.append(part)
        else:
            found[-1] += part
        before = listed
    return found


@lru_cache(maxsize=1)
def _costs() -> dict[str, float]:
    lists, frequency = _lists(), _frequency()
    costs = dict.fromkeys(lists.names | lists.families, _NAME_COST)
    costs |= {word: _TOTAL - log(frequency.get(word, 0) + 1) for word in lists.words}
    return costs | dict.fromkeys(lists.certain, _CERTAIN_COST)


def is_name(token: str) -> bool:
    """Tell whether a token is a listed first name and no frequent word."""
    return token in _lists().names


def may_be_name(token: str) -> bool:
    """Tell whether a token is a listed first name, be it a word, too."""
    return token in _lists().listed


def is_family(token: str) -> bool:
    """Tell whether a token is a listed surname and no word."""
    return token in _lists().families


def is_word(token: str) -> bool:
    """Tell whether a token is a word of the language."""
    return token in _lists().words


def is_plain(token: str) -> bool:
    """Tell whether a token is what no name begins with: a verb, a particle, a word of offices."""
    return token in _lists().plain


def how_often(token: str) -> int:
    """Return how often the Thai National Corpus has a token, of 33 million words."""
    return _frequency().get(token, 0)


def is_weak(token: str) -> bool:
    """Tell whether a token is no word, or a rare short one as unknown names fall into."""
    if token not in _lists().words:
        return True
    return len(token) <= _LEAST and how_often(token) < _RARE_SHORT and not is_plain(token)
