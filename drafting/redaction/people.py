"""Who the complainant is, by every name the letter gives them and their children."""

from __future__ import annotations

import re
from collections.abc import Iterable

from correspondence.reading import Extraction
from correspondence.vocabulary import LetterKind
from drafting.redaction.closing_block import block_lines, block_names
from drafting.redaction.doubtful import doubtful_words
from drafting.redaction.listed_names import cut_run_on, listed_names, nicknames, words_in
from drafting.redaction.name_cues import (
    ANYWHERE,
    KIN,
    NAME,
    OFFICE_BEFORE,
    OFFICE_BEHIND,
    PRIVATE,
    THAI,
    TITLE,
    TITLED,
)
from drafting.redaction.personal import as_one

# Letters of offices: their signer is an official, the complainant stands in the text.
_OF_OFFICES = frozenset(
    {
        LetterKind.INTERNAL_MEMO, LetterKind.STAMPED_LETTER, LetterKind.CIRCULAR,
        LetterKind.COURT_DOCUMENT, LetterKind.NEWS_RELEASE, LetterKind.ORDER,
        LetterKind.NOTE_VERBALE,
    }
)  # fmt: skip
# An official who complains writes on the sheet they know.
_OWN_MATTER = re.compile(
    r"\(\s?ส่วนตัว\s?\)|^[ \t]*เรื่อง[ \t]*(?:ขอความเป็นธรรม|ร้องเรียน|ร้องทุกข์|อุทธรณ์)"
    r"(?:.|\n){0,1200}?(?:กระผม|ข้าพเจ้า|ดิฉัน)",
    re.MULTILINE,
)
_HEAD = 2_000
_SEARCHED = 120_000
_LONG_BLANKS = re.compile(r"\s{9,}")
_MOST_BLANKS = 8
_LEAST_NAMED = 4
_MOST_NAMED = 60
_LONGEST_PIECE = 80
# Signers of letters that have a number but no agency the reader knows.
_OFFICE_HOLDER = re.compile(r"สมาชิกสภาผู้แทนราษฎร|สมาชิกวุฒิสภา|กรรมาธิการ|ผู้ว่าราชการ|นายกเทศมนตรี")
_OWN_NAME = re.compile(r"(?:กระผม|ข้าพเจ้า|ดิฉัน)[^\n]{2,90}?(?:สมาชิกสภาผู้แทนราษฎร|สมาชิกวุฒิสภา)")
# What stands where names do and is none.
_NO_NAME = re.compile(
    r"(?:ขอ(?:แสดง|บ|ให้|ความ|ร้อง|ปกปิด|ทราบ|เรียน)|ด้วยความ|ด้วย(?=$|\s)|ผู้|รอง|หัวหน้า|ประธาน|นายก|เลขา|กรรมการ|สมาชิก|กลุ่ม|ตัวแทน|ชมรม|สมาคม"
    r"|ลงชื่อ|โทร|สำนักงาน|กระทรวง|โรงเรียน|วิทยาลัย|มหาวิทยาลัย|เรียน(?=$|\s)|เรื่อง|จึงเรียน|หวังว่า|พิมพ์ลาย|ครูคน|ประชาชน|ราษฎร|นามสมมติ|(?:อำเภอ|ตำบล|จังหวัด|ถนน|หมู่|แขวง|เขต|ซอย|เลขที่|บ้านเลข|ถึง|ให้|เพราะ)|(?:หลาน|ลูก|บุตร|แม่|พ่อ|ยาย|ตา|ภรรยา|สามี)(?=$|\s|ๆ)|ไม่ประสงค์|ไม่ระบุ|ปกปิด"
    r"|office|department|student|ministry|embassy|the\b|dear\b|hello\b|sincerely|sent\b)",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"^\s*(?:จาก\s?)?(?:{TITLE}\s*)+")
# So many words of the dictionary in one piece are a sentence and no name.
_SENTENCE = 4
_LEAST_SENTENCE = 12
_TITLE_ONLY = re.compile(rf"(?:{TITLE}|{KIN})$")
_BOTH = re.compile(r"(?<=.{2})(?:กับ|\s?/\s?|(?<=[ก-๎])-(?=[ก-๎])|,\s?)(?=[ก-๎]{2})")
_KIN_FIRST = re.compile(
    r"^(?:พ่อครู|แม่ครู|แม่|พ่อ|ครู|ยาย|ลุง|ป้า|พี่|น้อง|หนาน|เจ็ก|แปะ|บัก|ก๊ะ|จ๊ะ|โกว|ซ้อ|กู๋|เจ๊|เฮีย)"
    r"(?:หนาน)?(?=[ก-ฮเ-ไ].)"
)
# A word that ran into the surname where no blank parts them.
_RUN_ON = re.compile(
    r"(?<=.{2})(?:ได้(?:ร้อง|มี|ยื่น|แจ้ง|ขอ|ส่ง)|ซึ่ง|อายุ|ผู้ร้อง|ร้องเรียน|ร้องทุกข์|ขอความ|ขอให้|มีหนังสือ|แจ้งว่า|อยู่บ้าน|ที่อยู่|ตำแหน่ง"
    r"|และ(?=ภรรยา|สามี|บุตร|นาย|นาง|ครอบครัว|คณะ|พวก)|นะคะ|นะครับ|นะค่ะ|ค่ะ|คะ(?=\s|$)|ครับ|เป็นผู้|เป็นบิดา|เป็นมารดา|\s*\().*"
)
# A second word that begins so is the sentence going on, and no surname.
_BESIDE = (
    re.compile(rf"\s*[(“\"‘'](?:{KIN}|ชื่อเล่น\s?)?(?P<name>{THAI}{{2,14}}|[A-Z]\w{{1,14}})[)”\"’']"),
    re.compile(
        r"\s*(?:และ|กับ|,)\s*(?:ภรรยา|สามี|บุตร|มารดา|บิดา|ลูก)?(?:ของ)?"
        rf"\s*{TITLE}\s*(?P<name>{NAME})"
    ),
)
_SURNAME = re.compile(rf"[ ]{{1,3}}(?!ครับ|ค่ะ){THAI}{{3,30}}(?=\s*(?:ค่ะ|ครับ|$|\n|\(|,|โทร|เบอร์))")
_GOES_ON = re.compile(
    r"(?<=\S)\s+(?:ครู|อาจารย์|ผอ\.|โรงเรียน|เรียน(?:ที่|ชั้น|อยู่)|อายุ|อาชีพ|อยู่(?:บ้าน|ที่)|ซึ่ง|ขอ(?:ร้อง|ให้|ความ)"
    r"|ร้องเรียน|ได้(?:ร้อง|รับ|มี|ยื่น)|เป็น(?:ผู้|ครู|พ่อ|แม่|นัก|บิดา|มารดา|คน)|โทร|เบอร์|เลข|มือถือ|ติดต่อ|มี(?:อาชีพ|หนังสือ|ความ)"
    r"|ผู้ปกครอง|ผู้ร้อง|พร้อมด้วย|และ|หรือ|กับ(?=\S)|ว่า|ที่อยู่|ตำแหน่ง|แจ้งว่า|พิมพ์ลาย|[+(]?[0-9๐-๙]).*"
)


def complainant_names(extraction: Extraction, given: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names to hide, without titles: the complainant's and children's.

    Args:
        extraction: the letter.
        given: names known otherwise: the sender of a mail, what a person has added.
    """
    # Cues allow for blanks; of a run without end each would be tried from every one.
    text = _LONG_BLANKS.sub(_fewer_blanks, extraction.text[:_SEARCHED])
    found = [*given]
    private = is_private(extraction)
    patterns = (*ANYWHERE, *PRIVATE) if private else ANYWHERE
    # A member of parliament writes of themselves as a citizen does, and is none.
    spoken = text if private else _OWN_NAME.sub(" ", text)
    for pattern in patterns:
        found.extend(match["name"] for match in pattern.finditer(spoken))
    signer = extraction.fields.signer
    if private:
        found.extend(_bystanders(text))
        found.extend(listed_names(text))
        found.extend(nicknames(text))
        found.extend(block_names(text))
        found.extend(filter(None, (signer.value, signer.raw)))
    names = tuple(dict.fromkeys(name for one in found for name in _forms(one)))
    beside = _beside(text, names)
    whole = block_lines(text) if private else ()
    doubtful = doubtful_words(text) if private else ()
    return tuple(dict.fromkeys((*names, *beside, *doubtful, *map(as_one, whole))))


def _fewer_blanks(run: re.Match[str]) -> str:
    """Return the end of a run of blanks, for what stands right before a word, and its line end."""
    kept = run[0][-_MOST_BLANKS:]
    return "\n" + kept if "\n" in run[0] and "\n" not in kept else kept


def is_private(extraction: Extraction) -> bool:
    """Tell whether a private person may have written: in doubt it is one."""
    if extraction.kind is LetterKind.EXTERNAL_LETTER:
        fields = extraction.fields
        official = fields.agency or _OFFICE_HOLDER.search(
            f"{fields.signer_position.value or ''} {extraction.text[-400:]}"
        )
        return not (fields.document_number and official)
    if extraction.kind is LetterKind.INTERNAL_MEMO and _OWN_MATTER.search(extraction.text[:_HEAD]):
        return True
    return extraction.kind not in _OF_OFFICES


def _bystanders(text: str) -> list[str]:
    """Return the titled names that are neither accused nor in an office: in doubt all of them."""
    found: list[str] = []
    spared: set[str] = set()
    for match in TITLED.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        # A scan parts the letters of an office, too; and it may stand where a surname would.
        torn = before.replace(" ", "")
        second = match.start("name") + len(match["name"].split()[0])
        if (
            OFFICE_BEFORE.search(before)
            or OFFICE_BEFORE.search(torn)
            or OFFICE_BEHIND.match(text, match.end())
            or OFFICE_BEHIND.match(text, second)
            or OFFICE_BEHIND.match(text[match.end() : match.end() + 40].replace(" ", ""))
        ):
            spared.add(match["name"])
        else:
            found.append(match["name"])
    return [name for name in found if name not in spared]


def _beside(text: str, names: tuple[str, ...]) -> list[str]:
    """Return what stands beside known names: nicknames in brackets, spouses, a missing surname."""
    found: list[str] = []
    for name in names[:_MOST_NAMED]:
        if len(name) < _LEAST_NAMED:
            continue
        words = r"\s*".join(re.escape(word) for word in name.split())
        for match in re.finditer(words, text):
            for cue in _BESIDE:
                if beside := cue.match(text, match.end()):
                    found += _forms(beside["name"])
            if " " not in name and (more := _SURNAME.match(text, match.end())):
                found += _forms(match[0] + more[0])
    return found


def _forms(name: str) -> tuple[str, ...]:
    """Return a name without title and what ran into it; called แม่น้อย, น้อย as well."""
    flat = " ".join(_TITLED.sub("", name).strip(" .()[]\"'").split())
    both = _BOTH.split(flat)
    if len(both) > 1:
        return tuple(form for one in both for form in _forms(one))
    bare = _GOES_ON.sub("", _RUN_ON.sub("", flat)).strip()
    first, blank, rest = bare.partition(" ")
    bare = first + blank + rest if cut_run_on(first) == first else cut_run_on(first)
    if (
        len(bare) < 2
        or _TITLE_ONLY.match(bare)
        or _NO_NAME.match(bare)
        or any(map(_is_sentence, bare.split()))
    ):
        return ()
    called = _KIN_FIRST.sub("", bare)
    return (bare,) if called == bare else (bare, called)


def _is_sentence(piece: str) -> bool:
    """Tell whether a piece between blanks is words run together, as no name is."""
    if len(piece) < _LEAST_SENTENCE:
        return False
    from pythainlp.corpus import thai_words

    words = words_in(piece[:_LONGEST_PIECE])
    known = thai_words()
    return len(words) >= _SENTENCE and all(word in known for word in words)
