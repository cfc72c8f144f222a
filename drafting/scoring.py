"""How much a sentence says: what is asked, facts, place in the letter, centrality."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from correspondence.thai_digits import fold_digits
from drafting.body import Part
from drafting.sentences import Sentence

Matrix = NDArray[np.float64]

_REQUEST = re.compile(
    r"ขอ(?:ให้|ความ|เชิญ|เรียนเชิญ|อนุ|รับ|ทราบ|เวลา|ได้โปรด|ท่าน|ยืนยัน|สัมภาษณ์|เข้า|เสนอ|ผ่อน|แก้)|โปรด|ประสงค์|อยาก"
    r"|รบกวน|เห็นควร|ต้องการ|ให้(?:ส่ง|แจ้ง|ยื่น|คืน|ตรวจสอบ|รายงาน|ดำเนินการ|ความเห็น)|เรียกร้อง|มอบหมาย|ชวน|ช่วย|(?<!สม)(?<!พอ)ควร(?!แก่)"
    r"|\b(?:request|please|kindly|grateful|invite|ask|would like|wish|propose|nominate|appreciate"
    r"|verify|issue|confirm|correct|demand|urge|recommend)\w*",
    re.IGNORECASE,
)
_BEGINNING = 45
_ASKING = re.compile(
    r"^(?:\S{0,24}\s)?(?:จึง(?:ใคร่|ได้)?(?:ขอ|เรียน|มีคำสั่ง)|ใคร่ขอ|ขอ(?:ให้|ความ|เชิญ|เรียนเชิญ|รับ|ได้โปรด|สัมภาษณ์)|โปรด|กรุณา|รบกวน|อยากให้|อยากขอ)"
    r"|\b(?:request|kindly|grateful|please|invite|appreciate)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"หรือไม่|อย่างไร|อะไร|เพราะเหตุใด|เมื่อใด|เท่าใด|ไหม|มั้ย|ไหน|\?")
_DEADLINE = re.compile(
    r"ภายใน|ก่อนวันที่|ไม่เกินวันที่|อย่างช้า|ให้ทัน|ก่อน\S{0,10}(?:โมง|ทุ่ม)"
    r"|\b(?:by|before|not later than|no later than|within|on or before|deadline)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,./:-]*")
_MONTH = re.compile(
    r"มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|[ก-ฮ]\.[ก-ฮ]\.|\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)
_AMOUNT = re.compile(r"บาท|ล้าน|ร้อยละ|%|USD|EUR|\bbaht\b", re.IGNORECASE)
_NAME = re.compile(
    r"(?:นาย|นาง(?!าน)|นางสาว|น\.ส\.|ด\.[ชญ]\.|ดร\.|ครู|ผู้อำนวยการ|ผอ\.|Mr\.|Ms\.|Mrs\.|Dr\.)\s?[ก-๙A-Z]"
    r"|(?<=[a-z,] )[A-Z][\w-]+ [A-Z][\w-]+"
)
_PLACE = re.compile(
    r"โรงเรียน|วิทยาลัย|มหาวิทยาลัย|จังหวัด|อำเภอ|ตำบล|ห้องประชุม|โรงแรม|อาคาร|ณ\s|คณะกรรมาธิการ|สำนักงาน|คดีหมายเลข"
    r"|\b(?:School|University|College|Province|Embassy|Hotel|Ministry)\b"
)
_QUOTE = re.compile(r"[“”\"]")


def score_sentences(
    sentences: tuple[Sentence, ...], subject: str, told: tuple[str, ...] = ()
) -> tuple[tuple[float, ...], Matrix]:
    """Return a score per sentence (about 0 to 5) and their cosine likeness to each other.

    Args:
        sentences: the letter's sentences in order.
        subject: the letter's subject, "" where it has none; likeness to it counts.
        told: values that stand elsewhere in the memo; they are no facts here.
    """
    if not sentences:
        return (), np.zeros((0, 0))
    likeness, to_subject = _likeness(sentences, subject)
    central = _text_rank(likeness)
    count = len(sentences)
    scores = []
    for index, sentence in enumerate(sentences):
        place = 0.4 * (1 - index / count) + (0.5 if index < 2 else 0.0)
        news = _without(sentence.text, told)
        score = _facts(news) + _asks(news) + place
        score += 0.8 * float(central[index]) + 0.5 * float(to_subject[index])
        # What the writer numbered are the points of the letter.
        score += 0.4 * sentence.item
        if sentence.part is Part.AFTER:
            score *= 0.35
        scores.append(score)
    return tuple(scores), likeness


def is_request(text: str) -> bool:
    """Tell whether a sentence begins by asking: จึงขอ, ขอให้, โปรด, We would be grateful …."""
    return _ASKING.search(text[:_BEGINNING]) is not None


def _asks(text: str) -> float:
    return (
        1.0 * bool(_REQUEST.search(text))
        + 0.8 * bool(_DEADLINE.search(text))
        + 0.6 * bool(_QUESTION.search(text))
    )


def _without(text: str, told: tuple[str, ...]) -> str:
    for value in told:
        text = text.replace(value, "")
    return text


def _facts(text: str) -> float:
    folded = fold_digits(text)
    kinds = (
        0.35 * min(len(_NUMBER.findall(folded)), 4),
        0.4 * bool(_MONTH.search(text)),
        0.5 * bool(_AMOUNT.search(text)),
        0.4 * min(len(_NAME.findall(text)), 2),
        0.3 * min(len(_PLACE.findall(text)), 2),
        0.3 * bool(_QUOTE.search(text)),
    )
    return float(sum(kinds))


def _likeness(sentences: tuple[Sentence, ...], subject: str) -> tuple[Matrix, Matrix]:
    texts = [fold_digits(sentence.text) for sentence in sentences]
    # Characters, not words: the default tokeniser breaks Thai at its marks (thai.md).
    # A second and a half to load, which commands that draft nothing need not spend.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 4), sublinear_tf=True)
    try:
        rows = vectors.fit_transform([*texts, fold_digits(subject) or texts[0]])
    except ValueError:  # no text of three characters anywhere
        return np.eye(len(texts)), np.zeros(len(texts))
    all_pairs = np.asarray((rows @ rows.T).todense(), dtype=np.float64)
    return all_pairs[:-1, :-1], all_pairs[-1, :-1] if subject else np.zeros(len(texts))


def _text_rank(likeness: Matrix) -> Matrix:
    """Return the stationary weight of each sentence, the greatest 1 (damping 0.85)."""
    weights = likeness.copy()
    np.fill_diagonal(weights, 0.0)
    sums = weights.sum(axis=1, keepdims=True)
    count = len(weights)
    moves = np.divide(weights, sums, out=np.full_like(weights, 1 / count), where=sums > 0)
    rank = np.full(count, 1 / count)
    for _ in range(30):
        rank = 0.15 / count + 0.85 * (rank @ moves)
    return np.asarray(rank / rank.max(), dtype=np.float64)
