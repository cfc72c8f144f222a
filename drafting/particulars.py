"""What a summary of each category must tell first: who, whom, where, when, which number.

Every value stands in the letter word for word and keeps its place; nothing is concluded. What the
letter does not say is left out here and shown by `drafting.completeness` or left to the pen. The
lists follow issue and manuals: complaint, court paper, question or motion, meeting, media request,
foreign affairs (office.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from correspondence.reading import Extraction, FieldValue
from correspondence.thai_dates import find_dates
from correspondence.vocabulary import Category
from drafting.clean_text import is_thai, one_line
from drafting.line_wraps import unwrap
from drafting.sentences import Sentence

_VALUE = 110
_FIELD = 60
_HEAD = 2_500


class Head(StrEnum):
    """Labels of the particulars, as the memo shows them."""

    COMPLAINANT = "ผู้ร้อง"
    COMPLAINED_OF = "ผู้ถูกร้อง/หน่วยงาน"
    WHEN = "เหตุเกิดเมื่อ"
    WHERE = "สถานที่"
    COURT = "ศาล"
    CASE_NUMBER = "คดี"
    PLAINTIFF = "ผู้ฟ้อง"
    DEFENDANT = "ผู้ถูกฟ้อง"
    ASKER = "ผู้ตั้งถาม/ผู้เสนอ"
    NUMBER = "เลขที่"
    KIND = "ประเภท"
    SITTING = "คราวประชุม"
    SUPPLIER = "หน่วยงานที่ต้องจัดข้อมูล"
    BODY = "คณะ/ผู้จัด"
    MEETING = "วันเวลา"
    AGENDA = "วาระ"
    ATTENDING = "ผู้เข้าร่วม"
    PAPERS = "เอกสาร"
    OUTLET = "สื่อ"
    FORMAT = "รูปแบบ"
    FOREIGN_SENDER = "ผู้แจ้ง"
    DAY = "กำหนดวัน"


@dataclass(frozen=True, slots=True)
class Particular:
    """A value under its label, and where in the letter it stands (`Extraction.text`)."""

    head: Head
    text: str
    page: int
    start: int
    end: int


_MAN = r"(?<!ท)นาย(?!ก(?:รัฐ|องค์|เทศ|สมา|สภา|เมือง|\s)|อำเภอ|จ้าง|ทะเบียน|แพทย์|หน้า)"
_PERSON = rf"(?:{_MAN}|นางสาว|นาง(?!าน)|น\.ส\.|ดร\.)\s?[ก-๎]{{2,25}}\s+[ก-๎]{{2,25}}"
# Words that cannot belong to the name of a school, body or place: the name ends before them.
_STOPS = frozenset(
    """
    ได้ เรียก ซึ่ง โดย ว่า ไม่ ถูก จะ เป็น ที่ แห่ง และ หรือ มี ใน จึง ให้ กรณี เพื่อ ของ
    ดังกล่าว พบ เคย ยัง ทำ ขอ นั้น เมื่อ ระหว่าง วันที่ เวลา ตั้งแต่ แจ้ง ใคร่ กำหนด สังกัด
    บอก แล้ว ก็ ต้อง กับ จาก ยื่น ต่าง นี้ เดียว เดียวกัน ตาม อื่น กำลัง หลาย ทุก บาง ทั้ง
    ทั่ว ส่ง ตอบ ยืนยัน ขึ้น
    """.split()  # noqa: SIM905
)
_UP_TO = (
    r"(?=\s(?:โดย|เพื่อ|และ|ซึ่ง|พร้อม|ในการ|จึง|ทั้งนี้|ตาม|ดังนี้|ระหว่าง|วัน|เวลา|นั้น|ใน(?:วัน|ระหว่าง))"
    r"|[,;)]|โดย(?:มี|ให้)|เพื่อ(?:พิจารณา|ชี้แจง)|ซึ่ง|\s*$)"
)

_COMPLAINANT = re.compile(
    rf"(?:คำร้อง(?:เรียน|ทุกข์)?|ร้องเรียน|ร้องทุกข์)\s?(?:จาก|ของ)\s?(?P<v>{_PERSON})"
    rf"|(?P<v2>{_PERSON})\s?(?:\([^)]{{1,40}}\)\s?)?(?:ผู้ร้อง|ได้(?:ยื่น|มี|ส่ง|นำ)?\S{{0,8}}ร้อง|ร้องเรียน|ร้องทุกข์)"
    rf"|(?:ข้าพเจ้า|ดิฉัน|กระผม|ผม|หนู)\s?(?:ชื่อ)?\s?(?P<v3>{_PERSON})"
)
_SCHOOL = re.compile(r"(?P<cut>(?:โรงเรียน|วิทยาลัย|มหาวิทยาลัย|สำนักงานเขตพื้นที่การศึกษา)[ก-๎]{3,45})")
_OFFICER = re.compile(
    rf"(?:ร้องเรียน|กล่าวหา|พฤติกรรม(?:ของ)?|พฤติการณ์(?:ของ)?)\s?(?:ว่า\s?)?(?P<v>(?:ผู้อำนวยการ|รองผู้อำนวยการ|ครู|ข้าราชการ)?\s?{_PERSON})"
)
_COURT = re.compile(r"(?P<cut>ศาล(?:ปกครอง|แพ่ง|อาญา|แรงงาน|จังหวัด|แขวง|ฎีกา|อุทธรณ์|เยาวชน)[ก-๎]{0,30})")
_CASE = re.compile(
    r"คดี(?:หมายเลข|เลข)?(?P<v>(?:ดำ|แดง)ที่\s?(?:[ก-ฮ]{1,3}\.?\s?)?[๐-๙\d]{1,6}/[๐-๙\d]{2,4})"
)
_PLAINTIFF = re.compile(
    r"(?m)^[ \t]*(?:ระหว่าง\s+)?(?P<v>[ก-๎][^\n\d๐-๙]{3,80}?)\s+"
    r"(?:ที่\s[๐-๙\d]+\s+)?(?:ผู้ฟ้องคดี|โจทก์)[ \t]*$"
)
_DEFENDANT = re.compile(
    r"(?:ผู้ฟ้องคดี|โจทก์)[ \t]*\n\s*(?P<v>[ก-๎][^:]{3,240}?)\s+(?:ผู้ถูกฟ้องคดี|จำเลย)[ \t]*\n"
)
_ASKER = re.compile(
    rf"(?P<v>{_PERSON})\s+(?:สมาชิกสภาผู้แทนราษฎร|สมาชิกวุฒิสภา|ส\.?ส\.|ส\.?ว\.)"
    rf"|(?:สมาชิกสภาผู้แทนราษฎร|สมาชิกวุฒิสภา|ส\.?ส\.|ส\.?ว\.)\s?(?:คือ\s)?(?P<v2>{_PERSON})"
    rf"|(?:ของ|โดย)\s?(?P<v3>{_PERSON})\s?(?:เป็นผู้(?:ตั้ง|เสนอ)|ตั้งถาม|ผู้ตั้งถาม|ได้ตั้ง)"
)
_QUESTION_NUMBER = re.compile(
    r"กระทู้ถาม\S{0,20}?(?:ที่|เลขที่)\s?(?P<v>[๐-๙\d]{1,5}(?:\s?[ก-ฮ]\.)?(?:/[๐-๙\d]{4})?)"
)
_QUESTION_KIND = re.compile(
    r"(?P<v>กระทู้ถาม(?:สดด้วยวาจา|สด|ทั่วไป|แยกเฉพาะ)|ญัตติด่วน|ญัตติ(?:ขอเปิดอภิปราย(?:ทั่วไป)?)?)"
)
_SITTING = re.compile(
    r"(?P<v>(?:ชุดที่\s?[๐-๙\d]+\s)?(?:ปีที่\s?[๐-๙\d]+\s)?ครั้งที่\s?[๐-๙\d]+(?:/[๐-๙\d]{4})?"
    r"(?:\s\(?สมัย[ก-๎]+(?:\s?ประจำปี[ก-๎]*)?\)?)?)"
)
_SUPPLIER = re.compile(
    r"(?:มอบ(?:หมาย)?(?:ให้)?|ให้)\s?(?P<v>(?:สำนักงาน(?:คณะกรรมการ|ปลัด|เลขาธิการ)[ก-๎]{3,40}?|กรม[ก-๎]{3,25}?"
    r"|สพฐ\.|สอศ\.|สกศ\.|สช\.|สป\.))\s?(?:จัด|เตรียม|ส่ง|เสนอ|รวบรวม|ชี้แจง|จัดทำ)"
)
_BODY = re.compile(
    r"(?P<cut>คณะ(?:กรรมาธิการ|อนุกรรมาธิการ|กรรมการ|อนุกรรมการ|ทำงาน)[ก-๎]{2,70})"
    r"(?P<tail>\s(?:สภาผู้แทนราษฎร|วุฒิสภา))?"
)
_ROOM = re.compile(
    rf"(?:^|\s)ณ\s+(?P<v>(?!วันที่|โอกาส|ที่นี้)\S.{{3,90}}?){_UP_TO}"
    r"|\b(?:at|in) (?P<v2>the [A-Z][\w' ]{4,60}(?:Hall|Room|Hotel|Centre|Center|Building))"
)
_AGENDA = re.compile(
    rf"(?:ระเบียบวาระ|วาระ)(?:การประชุม|พิจารณา)?(?:ที่\s[๐-๙\d.]+)?\s?(?:เรื่อง|คือ)\s?(?P<v>\S.{{8,110}}?){_UP_TO}"
    rf"|วาระพิจารณา(?P<v2>\S.{{8,110}}?){_UP_TO}|เพื่อพิจารณา(?:ศึกษา)?เรื่อง\s?(?P<v3>\S.{{8,110}}?){_UP_TO}"
)
_ATTENDING = re.compile(
    r"(?:เชิญ|มอบหมาย|ขอให้)\s?(?P<v>(?:ท่าน|รัฐมนตรี|ผู้แทน|เลขาธิการ|ปลัด|อธิบดี)\S*?(?:\s\S+?){0,8}?)"
    r"\s?(?:เข้าร่วม|ร่วมประชุม|ไปชี้แจง|ไปตอบ|มาชี้แจง|มาร่วม|เข้าชี้แจง)"
)
_OUTLET = re.compile(
    r"(?P<v>(?:รายการ|สถานีโทรทัศน์|สถานีวิทยุ|หนังสือพิมพ์|นิตยสาร|สำนักข่าว|เพจ)\s?"
    r"(?:[“\"][^“”\"]{2,40}[”\"]|[A-Z]\w+(?:\s[A-Z]\w+){0,4}|(?:ไทย|มติชน|เดลี่|คม|กรุงเทพ|แนวหน้า|ข่าวสด)[ก-๎]{0,20}))"
)
_FORMAT = re.compile(
    r"(?P<v>สัมภาษณ์(?:พิเศษ|สด|ทางโทรศัพท์)?|บันทึกเทป|ถ่ายทำ(?:สารคดี)?|ออกอากาศสด|ร่วมรายการ(?:สด)?"
    r"|ตอบคำถามเป็นลายลักษณ์อักษร|เสวนา|แถลงข่าว|(?:on-camera |written |live )?interview\b)",
    re.IGNORECASE,
)
_HAPPENED = r"(?:เมื่อ|ตั้งแต่|ใน)\S*\s*$"
_PLANNED = r"(?:ใน|ระหว่าง|กำหนด)\S*\s?(?:วัน\S*)?\s*(?:ที่\s*)?$"

_QUESTION_KINDS = frozenset({"question", "motion", "consultation"})


# What the part of the summary is called in which the letter asks, by sub-category.
_ASKS: Mapping[str, str] = MappingProxyType(
    {
        "question": "ประเด็นที่ถาม",
        "motion": "ประเด็นที่เสนอ",
        "court_summons": "สิ่งที่ต้องยื่นหรือดำเนินการ",
        "progress_report": "สิ่งที่รายงานหรือขอ",
        "meeting": "สิ่งที่ขอให้ดำเนินการ",
    }
)
_ASKS_ELSE = "สิ่งที่ขอ"


def asks_label(subcategory: str) -> str:
    """Return the label of what a letter of this sub-category asks."""
    return _ASKS.get(subcategory, _ASKS_ELSE)


def in_one_line(particulars: tuple[Particular, ...]) -> str:
    """Return the particulars under their labels, parted by ·; "" without any."""
    return " · ".join(f"{part.head.value}: {part.text}" for part in particulars)


def find_particulars(
    extraction: Extraction, sentences: tuple[Sentence, ...], category: Category, subcategory: str
) -> tuple[Particular, ...]:
    """Return what the summary of a letter of this kind tells before its sentences.

    Args:
        extraction: the letter.
        sentences: its sentences, all of them.
        category: its category.
        subcategory: its sub-category, which chooses among the lists of a category.
    """
    found = _Finder(extraction, sentences)
    if category is Category.COMPLAINT:
        parts = _court(found) if subcategory == "court_summons" else _complaint(found, subcategory)
    elif category is Category.PARLIAMENTARY:
        parts = _question(found) if subcategory in _QUESTION_KINDS else _meeting(found)
    elif category is Category.PUBLIC_RELATIONS:
        parts = _media(found) if subcategory == "media_request" else ()
    elif category is Category.FOREIGN_AFFAIRS:
        parts = _foreign(found)
    else:
        parts = ()
    return tuple(part for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class _Finder:
    extraction: Extraction
    sentences: tuple[Sentence, ...]

    def body(self, head: Head, pattern: re.Pattern[str]) -> Particular | None:
        """Return the first match in the body's sentences, whose words are whole."""
        for sentence in self.sentences:
            match = pattern.search(sentence.text)
            if match and (text := _matched(match)):
                return Particular(head, text, sentence.page, sentence.start, sentence.end)
        return None

    def top(self, head: Head, pattern: re.Pattern[str]) -> Particular | None:
        """Return the first match in the head of the letter, else in the body."""
        whole = self.extraction.text[:_HEAD]
        match = pattern.search(whole)
        if match and (text := _matched(match)):
            return Particular(head, text, 1, match.start(), match.end())
        return self.body(head, pattern)

    def field(self, head: Head, field: FieldValue, shown: str = "") -> Particular | None:
        """Return a field's value where the letter has it and nobody need look at it again."""
        if not field or field.needs_check:
            return None
        raw = field.raw or field.value or ""
        start = max(0, self.extraction.text.find(raw)) if raw else 0
        text = one_line(unwrap(shown or field.value or ""), _FIELD)
        return Particular(head, text, field.page or 1, start, start + len(raw))

    def day(self, head: Head, before: str = "") -> Particular | None:
        """Return the first whole date the body tells, after the words given."""
        for sentence in self.sentences:
            for item in find_dates(sentence.text):
                led = sentence.text[max(0, item.start - 18) : item.start]
                if item.value and item.year and (not before or re.search(before, led)):
                    place = sentence.page, sentence.start, sentence.end
                    return Particular(head, " ".join(item.text.split()), *place)
        return None


def _province(found: _Finder) -> Particular | None:
    """Return district and province, whose names are known, from the first sentence with one."""
    names = "|".join(sorted(_provinces(), key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<v>(?:(?:ตำบล|ต\.)\s?[ก-๎]{{2,25}}\s)?(?:(?:อำเภอ|อ\.)\s?[ก-๎]{{2,25}}\s)?(?:จังหวัด|จ\.)\s?(?:{names}))"
    )
    return found.body(Head.WHERE, pattern)


@lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    from pythainlp.corpus import provinces

    return frozenset(str(name) for name in provinces())


def _matched(match: re.Match[str]) -> str:
    """Return what was found in one line, a name up to the word that ends it, or ""."""
    groups = match.groupdict()
    if groups.get("cut"):
        text = _name_only(groups["cut"])
        text += (groups.get("tail") or "") if text == groups["cut"] else ""
    else:
        text = unwrap(next(v for k, v in groups.items() if k.startswith("v") and v))
    if text.count("(") != text.count(")"):
        text = text.split("(")[0]
    return one_line(text, _VALUE).strip(" ,;:")


def _name_only(run: str) -> str:
    """Return a name from text without blanks; "" where only the kind of thing is named."""
    from pythainlp.tokenize import word_tokenize

    words: list[str] = []
    for word in word_tokenize(run, engine="newmm-safe"):
        if word in _STOPS:
            break
        words.append(word)
    return "".join(words) if len(words) > 1 else ""


def _complaint(found: _Finder, subcategory: str) -> tuple[Particular | None, ...]:
    fields = found.extraction.fields
    who = found.body(Head.COMPLAINANT, _COMPLAINANT)
    if who is None and not fields.agency and subcategory != "progress_report":
        who = found.field(Head.COMPLAINANT, fields.signer)
    whom = found.body(Head.COMPLAINED_OF, _OFFICER) or found.body(Head.COMPLAINED_OF, _SCHOOL)
    if subcategory in ("opinion", "request_for_help", "progress_report"):
        return (who, _province(found))
    return (
        who,
        whom,
        found.day(Head.WHEN, _HAPPENED),
        _province(found),
    )


def _court(found: _Finder) -> tuple[Particular | None, ...]:
    return (
        found.top(Head.COURT, _COURT), found.top(Head.CASE_NUMBER, _CASE),
        found.top(Head.PLAINTIFF, _PLAINTIFF),
        found.top(Head.DEFENDANT, _DEFENDANT),
    )  # fmt: skip


def _question(found: _Finder) -> tuple[Particular | None, ...]:
    return (
        found.top(Head.ASKER, _ASKER), found.top(Head.KIND, _QUESTION_KIND),
        found.top(Head.NUMBER, _QUESTION_NUMBER), found.body(Head.SITTING, _SITTING),
        found.body(Head.SUPPLIER, _SUPPLIER),
    )  # fmt: skip


def _meeting(found: _Finder) -> tuple[Particular | None, ...]:
    enclosures = [field.value for field in found.extraction.fields.enclosures if field.value]
    papers = found.extraction.fields.enclosures[0] if enclosures else FieldValue()
    return (
        found.body(Head.BODY, _BODY), found.body(Head.WHERE, _ROOM),
        found.body(Head.AGENDA, _AGENDA), found.body(Head.ATTENDING, _ATTENDING),
        found.field(Head.PAPERS, papers, " ".join(enclosures)),
    )  # fmt: skip


def _media(found: _Finder) -> tuple[Particular | None, ...]:
    agency = found.extraction.fields.agency
    return (
        found.body(Head.OUTLET, _OUTLET) or found.field(Head.OUTLET, agency),
        found.body(Head.FORMAT, _FORMAT), found.day(Head.DAY, _PLANNED),
    )  # fmt: skip


def _foreign(found: _Finder) -> tuple[Particular | None, ...]:
    # Who writes and about what stand in the form's own rows; what is asked, in the summary.
    if not is_thai(found.extraction.text[:20_000]):
        return ()
    return (found.day(Head.DAY, _PLANNED), found.body(Head.WHERE, _ROOM))
