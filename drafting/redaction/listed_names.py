"""First names found by PyThaiNLP's lists, wherever they stand in a private letter.

Patterns need a cue; people name themselves in the middle of sentences. A word of the lists counts
as a name; one that is a word of the language, too, only where a title, a kin word or a surname
stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pythainlp.util import Trie

from drafting.redaction.name_cues import NO_FIRST, THAI, TITLE

_LONGEST_LINE = 4_000
_LEAST = 3
_LONGEST_NICKNAME = 10
# What a place or house is called after somebody stays: it says where it happened.
_PLACE: Final = re.compile(
    r"(?:โรงเรียน|รร\.|วัด|วิทยา|วิทยาลัย|มหาวิทยาลัย|ถนน|ถ\.|ซอย|ซ\.|ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.|บ้าน|เขต|ค่าย|สำนัก|ธนาคาร|บริษัท|อนุบาล|วันที่|เดือน)"
    r"[^\s]{0,30}$"
)
# Of these the given name belongs to an official or to whoever is accused.
OFFICIAL: Final = re.compile(
    r"(?:ครู\S{0,14}|รอง(?:ฯ|ผอ\.?)|ผอ\.?|ผู้อำนวยการ\S{0,30}|อาจารย์\S{0,12}|อ\.|ศาสตราจารย์|ผศ\.|รศ\.|ดร\.|อุสตาซ|โค้ช|ภารโรง|หัวหน้า\S{0,20}"
    rf"|เจ้าหน้าที่\S{{0,20}}|ปลัด|นายก|กำนัน|ผู้ใหญ่(?:บ้าน)?)\s?(?:{TITLE}\s?)?$"
)
# Kin of the writer keep no office by it: เมียครูอุดม.
_OWN_KIN: Final = re.compile(
    rf"(?:เมีย|ภรรยา|สามี|ผัว|ลูก|บุตร|แม่|พ่อ|มารดา|บิดา)(?:สาว|ชาย)?(?:ของ)?\s?(?:ครู|อาจารย์)\s?(?P<name>{THAI}{{2,20}})"
)
_CALLED: Final = re.compile(
    r"(?:น้อง|ไอ้|(?<![ก-๎])อี(?=[ก-ฮเ-ไ])|บัก|(?<!ครู)(?<!คุณ)บัง|(?:หลาน|ลูก|บุตร)(?:ชาย|สาว)?(?:คน(?:โต|เล็ก|กลาง|แรก|เดียว))?ชื่อ(?:เล่น)?|แม่ชี|สามเณร|เณร|ด\.\s?[ชญ]\.|เด็กชาย|เด็กหญิง)\s?"
    r"(?!นัก|สาว|ชาย|เล็ก|คน|ๆ|ฯ|ที่|ก็|เขา|ไม่|ถูก|โดน|เมล)(?=[ก-ฮเ-ไ])"
)
_SURNAME: Final = re.compile(
    rf"[ ]{{1,3}}(?P<name>{NO_FIRST}{THAI}{{4,30}}?)(?=\s|$|[),.]|ได้|ไม่|ถูก)"
)
_TITLED: Final = re.compile(
    rf"(?:(?:นาย|นาง\s?(?:สาว)?|น\.\s?ส\.)\s?(?:{THAI}{{2,30}}\s{{1,3}})?|(?:ครู|อาจารย์|ผอ\.|ผู้อำนวยการ){THAI}{{2,30}}\s{{1,3}})$"
)
_NO_NICKNAME: Final = frozenset(
    [
        "นาย",
        "นาง",
        "คุณ",
        "ครู",
        "หน้า",
        "หลัง",
        "ข้าง",
        "ของ",
        "ใน",
        "มา",
        "ไป",
        "จะ",
        "ยัง",
        "ให้",
        "มี",
        "เป็น",
        "ได้",
        "และ",
        "กับ",
        "ว่า",
        "อยู่",
        "เรียน",
        "ชั้น",
        "ต้อง",
        "เลย",
        "ถึง",
        "กลับ",
        "ร้อง",
        "อยาก",
        "กลัว",
        "ทุก",
        "แล้ว",
        "เคย",
        "กำลัง",
        "จึง",
    ]
)
_CALLED_SO: Final = re.compile(
    r"(?:คุณ|(?<!ที่)ชื่อ|(?:สามี|ภรรยา|เมีย|ลูกชาย|ลูกสาว|หลานชาย|หลานสาว|บุตรชาย|บุตรสาว)(?:ของ)?(?:เรา|ผม|ฉัน|ดิฉัน|หนู)?)\s?$"
)
_PARTNER: Final = re.compile(rf"\s?(?:และ|กับ|/)\s?(?P<name>{THAI}{{3,24}})")
_SPEAKS: Final = re.compile(r"\s?(?:ครับ|ค่ะ|คะ|นะครับ|นะคะ)(?:\s|$)")


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str], Trie]:
    from pythainlp.corpus import thai_female_names, thai_male_names, thai_words

    names = frozenset(n for n in thai_male_names() | thai_female_names() if len(n) >= _LEAST)
    words = frozenset(thai_words())
    return names, words, Trie(names | words)


def cut_run_on(piece: str) -> str:
    """Return a first name without the sentence that ran into it, where the lists know the name."""
    names, _, _ = _lists()
    tokens = words_in(piece)
    if len(tokens) > 1 and len(piece) > _LONGEST_NICKNAME and tokens[0] in names:
        return tokens[0]
    return piece


def is_words(piece: str) -> bool:
    """Tell whether a piece is made of words of the language only, and is no listed name."""
    names, words, _ = _lists()
    tokens = [token for token in words_in(piece) if token.strip()]
    return bool(tokens) and piece not in names and all(token in words for token in tokens)


def listed_names(text: str) -> Iterator[str]:
    """Yield first names, with a surname where one follows, that no official bears."""
    found: list[str] = []
    spared: set[str] = set()
    names, words, _ = _lists()
    for line in re.finditer(r"[^\n]+", text):
        position = 0
        whole = line[0][:_LONGEST_LINE]
        for token in words_in(whole):
            begin, position = position, position + len(token)
            if token not in names:
                continue
            before, behind = whole[max(0, begin - 50) : begin], whole[position:]
            surname = _SURNAME.match(behind)
            real = surname is not None and not _goes_on(surname["name"])
            if OFFICIAL.search(before):
                spared.add(token)
            elif _TITLED.search(before):
                # Who has a title is judged by what stands around it: see people.
                continue
            elif _PLACE.search(before) or (behind and re.match(r"[ะ-ฺ็-๎]", behind)):
                continue
            elif token not in words or (real and begin == 0) or _is_meant(before, behind):
                found.append(f"{token} {surname['name']}" if surname and real else token)
    yield from (name for name in found if name.split()[0] not in spared)
    yield from (match["name"] for match in map(_first_word, _OWN_KIN.finditer(text)) if match)


def _goes_on(piece: str) -> bool:
    """Tell whether a piece that stands where a surname would has a word that binds sentences."""
    from pythainlp.corpus import thai_stopwords

    stop = thai_stopwords()
    return any(token in stop for token in words_in(piece))


def _is_meant(before: str, behind: str) -> bool:
    """Tell whether a word that is a name, too, is meant as one by what stands beside it."""
    if _CALLED_SO.search(before):
        return True
    if before and not before[-1].isspace():
        return False
    partner = _PARTNER.match(behind)
    paired = partner is not None and words_in(partner["name"])[0] in _lists()[0]
    return paired or _SPEAKS.match(behind) is not None


def nicknames(text: str) -> Iterator[str]:
    """Yield what follows น้อง, ไอ้, แม่ชี and the like: one word, no sentence."""
    for match in _CALLED.finditer(text):
        rest = re.match(rf"{THAI}{{2,24}}", text[match.end() :])
        if rest is None:
            continue
        tokens = words_in(rest[0])
        first = rest[0] if len(rest[0]) <= _LONGEST_NICKNAME and len(tokens) < 3 else tokens[0]
        if len(tokens) > 1 and tokens[1] in _lists()[1]:
            first = tokens[0]
        if 2 <= len(first) <= 20 and first not in _NO_NICKNAME:
            yield first


def _first_word(match: re.Match[str]) -> dict[str, str]:
    return {"name": words_in(match["name"])[0]}


def words_in(text: str) -> list[str]:
    """Return a text cut into words and listed names, without loss."""
    from pythainlp.tokenize import word_tokenize

    return word_tokenize(text, custom_dict=_lists()[2], engine="newmm-safe")
