"""สิ่งที่ขอ: the sentence that asks (จึงเรียนมาเพื่อโปรด …), and amounts of baht."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from correspondence.reading import FieldValue
from extractors.fields.labels import CLOSING, body_start
from extractors.fields.letter_lines import Letter
from extractors.fields.number_words import BAHT_IN_WORDS, number_of_words

_LONGEST = 600
_ENGLISH_TRUST = 0.5
# What asks, the surest first, each with how far it is trusted.
_ASKS = tuple(
    (re.compile(pattern, re.IGNORECASE), trust)
    for pattern, trust in (
        (r"จึง\s?(?:กราบ\s?)?เ\s?ร[ีิ]?ยน\s?(?:ท่าน\s?)?(?:มา\s?)?(?:เพื่อ|เสนอ|ขอ)", 0.8),
        (r"จึง(?:มี)?(?:หมาย(?:เรียก|นัด|แจ้ง)?|มีคำสั่ง|ให้ท่าน|เรียก|นัด)(?=\S)", 0.75),
        (r"จึง(?:ใคร่)?ขอ(?:ให้|ความ|เรียนเชิญ|เชิญ|ได้โปรด|รับ|ส่ง|แจ้ง|กราบ)?", 0.7),
        (
            r"(?:ใคร่|(?<!ไม่ได้)อยาก|ขอความ(?:กรุณา|อนุเคราะห์|ร่วมมือ|เมตตา|เป็นธรรม)|ขอให้"
            r"|โปรด|รบกวน|ฝาก|ขอ(?:เรียน)?เชิญ|ขอเข้าพบ|ขอรับ)",
            0.6,
        ),
        (
            r"(?:[A-Z][^.]{0,160})?\b(?:would (?:\w+ )?be (?:most |very )?grateful"
            r"|should be grateful|would appreciate|kindly|has the honou?r to request|"
            r"(?:I|we) (?:\w+ )?(?:request|ask|propose)|may I request|please)\b",
            _ENGLISH_TRUST,
        ),
    )
)
_VAGUE = re.compile(r"^จึง\s?(?:กราบ)?เรียนมาเพื่อโปรด(?:พิจารณา|ทราบ)(?:ดำเนินการ)?(?:ต่อไป)?\s*$")
_AMOUNT = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d+)?)(?:\.-)?\s*(?P<scale>แสนล้าน|หมื่นล้าน"
    r"|พันล้าน|ล้าน|แสน|หมื่น|million|billion)?\s*(?:\([^)]{1,90}\)\s*)?(?:บาท|baht\b|THB\b)",
    re.IGNORECASE,
)
_AMOUNT_BEFORE = re.compile(
    r"(?:THB|฿)\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)"
)
_SCALES = {
    "หมื่น": 10**4, "แสน": 10**5, "ล้าน": 10**6, "พันล้าน": 10**9, "หมื่นล้าน": 10**10,
    "แสนล้าน": 10**11, "million": 10**6, "billion": 10**9,
}  # fmt: skip
_MOST_AMOUNTS = 30
# Words in brackets follow their digits within this many characters.
_WORDS_REACH = 90


def read_requested_action(letter: Letter) -> FieldValue:
    """Return the sentence that says what is asked.

    A bare "จึงเรียนมาเพื่อโปรดพิจารณา" asks nothing of its own: the จึงขอ … of the body is taken
    then, and the closing sentence only where there is no other.
    """
    start = letter.offset_of(body_start(letter))
    vague: FieldValue | None = None
    for rank, (pattern, trust) in enumerate(_ASKS):
        for match in pattern.finditer(letter.text, start):
            end = _sentence_end(letter, match.start(), english=trust == _ENGLISH_TRUST)
            sentence = " ".join(letter.raw[match.start() : end].split())
            if len(sentence) < 12:
                continue
            value = letter.value_at(match.start(), end, sentence, trust)
            if rank == 0 and _VAGUE.match(sentence):
                vague = value
                continue
            return value
    return vague or FieldValue()


def _sentence_end(letter: Letter, start: int, *, english: bool) -> int:
    """Return where a sentence ends: a full stop, else the end of its paragraph."""
    limit = min(len(letter.text), start + _LONGEST)
    if english:
        stop = re.compile(r"[.;](?=\s|$)").search(letter.text, start, limit)
        return stop.end() if stop else limit
    index = letter.line_at(start)
    end = letter.offset_of(index) + len(letter.lines[index].text)
    while index + 1 < len(letter.lines) and end < limit:
        following = letter.lines[index + 1]
        wrapped = len(letter.lines[index].text) >= 60
        if (
            following.gap
            or not wrapped
            or CLOSING.match(following.text)
            or following.text.startswith("(")
        ):
            break
        index += 1
        end = letter.offset_of(index) + len(following.text)
    return min(end, limit)


def read_amounts(letter: Letter) -> tuple[FieldValue, ...]:
    """Return the amounts of baht as plain number strings (`50000`, `3200000000`), each once.

    An amount in digits whose words in brackets say another number is to be checked; one written
    in words only counts too.
    """
    found: list[tuple[int, FieldValue]] = []
    for pattern in (_AMOUNT, _AMOUNT_BEFORE):
        for match in pattern.finditer(letter.text):
            value = _plain(match["number"], match.groupdict().get("scale"))
            if value is not None:
                check = _contradicted(letter.text, match.start(), match.end(), value)
                field = letter.value_at(match.start(), match.end(), value, 0.9, check=check)
                found.append((match.start(), field))
    for match in BAHT_IN_WORDS.finditer(letter.text):
        number = number_of_words(match["words"])
        bracketed = letter.text[: match.start()].rstrip()[-1:] in ("(", "（")
        if number is not None and not bracketed:
            value = str(number)
            found.append((match.start(), letter.value_at(*match.span(), value, 0.8)))
    unique: dict[str | None, FieldValue] = {}
    for _, field in sorted(found, key=lambda item: item[0]):
        unique.setdefault(field.value, field)
    return tuple(unique.values())[:_MOST_AMOUNTS]


def _contradicted(text: str, start: int, end: int, value: str) -> bool:
    """Tell whether the words in brackets within or behind an amount say another number."""
    words = BAHT_IN_WORDS.search(text, start, min(len(text), end + _WORDS_REACH))
    if words is None or not re.search(r"[(（]\s*$", text[start : words.start()]):
        return False
    if re.search(r"\d", text[end : words.start()]):
        return False
    said = number_of_words(words["words"])
    return said is not None and str(said) != value.split(".")[0]


def _plain(number: str, scale: str | None) -> str | None:
    try:
        amount = Decimal(number.replace(",", "")) * _SCALES.get((scale or "").lower(), 1)
    except InvalidOperation:
        return None
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
