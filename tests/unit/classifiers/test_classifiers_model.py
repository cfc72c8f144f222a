"""What the classifier answers, when it abstains, and what it shows for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.domain import abstention_reason
from classifiers.letter_input import LetterInput, letter_input
from classifiers.model import Classifier
from classifiers.training import train
from classifiers.training_letters import TrainingLetter, as_input
from correspondence.errors import UsageFault
from correspondence.reading import PAGE_BREAK, Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Category, LetterKind, ReadMethod, ReadOutcome

COMPLAINT = """เรียน ท่านรัฐมนตรี
ลูกชายดิฉันอยู่ ป.4 โรงเรียนบ้านท่ามะเดื่อ โดนครูเก็บเงินค่าแอร์ห้องละพันสองไม่มีใบเสร็จ
ใครไม่จ่ายก็ให้ไปนั่งหลังห้อง ถามผู้อำนวยการก็บอกว่าเป็นมติผู้ปกครอง ทั้งที่ไม่เคยเรียกประชุม
อยากให้ท่านส่งคนมาตรวจสอบให้หน่อยค่ะ ไม่กล้าบอกชื่อกลัวลูกโดนเพ่งเล็ง
"""
QUESTION = """ที่ สผ ๐๐๑๔/๙๙๑
เรื่อง กระทู้ถามทั่วไป เรื่อง งบประมาณอาหารกลางวัน
เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ
ด้วยประธานสภาผู้แทนราษฎรได้บรรจุกระทู้ถามทั่วไปของสมาชิกสภาผู้แทนราษฎรเข้าระเบียบวาระการประชุม
จึงเรียนมาเพื่อโปรดตอบในที่ประชุมสภาผู้แทนราษฎรต่อไป
ขอแสดงความนับถือ
"""
OUTSIDE = {
    "empty": "   \n ",
    "noise": "¤¦~^ ||| 3#9 ,;. --- \\\\ {}[] %% 0x0f @@@ ### <<< >>> ((( ))) *** +++ ===",
    "letters of noise": "กดฟ หกด ้่า สวย ฟหก ดวน กดส ่า้ หฟก ดกห ฟกด หดก าส่ วงท ฝปอ ทผป แอิ",
    "shopping list": "ไข่ไก่ 1 แผง\nนมจืด 2 ลิตร\nผักบุ้ง 3 กำ\nน้ำปลา\nสบู่ ยาสีฟัน\nกระดาษทิชชู่ 1 แพ็ก",
    "french": (
        "Monsieur le Directeur, nous vous prions de bien vouloir nous faire parvenir les documents"
        " relatifs au projet de jumelage entre nos deux établissements dans les meilleurs délais."
    ),
    "chinese": "尊敬的部长先生,我们谨代表学校向您致以最诚挚的问候,并邀请您参加我们的庆典活动。",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_abstains_outside_its_field(classifier: Classifier, name: str) -> None:
    assert abstention_reason(OUTSIDE[name]) is not None
    assert classifier.classify(LetterInput(text=OUTSIDE[name])).abstained


@pytest.mark.parametrize(
    ("text", "category"), [(COMPLAINT, Category.COMPLAINT), (QUESTION, Category.PARLIAMENTARY)]
)
def test_plain_letters_are_answered(classifier: Classifier, text: str, category: Category) -> None:
    answer = classifier.classify(LetterInput(text=text))
    assert answer.category is category
    assert not answer.abstained
    assert answer.confidence == max(answer.probabilities.values())
    assert sum(answer.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert answer.second_guess is not answer.category
    assert answer.model_version == classifier.version


def test_evidence_stands_in_its_place(classifier: Classifier) -> None:
    first, second = "ใบปะหน้า\nส่งถึง สำนักงานรัฐมนตรี", QUESTION
    read = Extraction(
        file="a.pdf",
        outcome=ReadOutcome.OK,
        media_type="application/pdf",
        kind=LetterKind.EXTERNAL_LETTER,
        pages=tuple(
            PageText(number=n, text=text, method=ReadMethod.TEXT_LAYER, quality=1.0)
            for n, text in enumerate((first, second), 1)
        ),
        text=first + PAGE_BREAK + second,
    )
    answer = classifier.classify(letter_input(read))
    assert answer.category is Category.PARLIAMENTARY
    placed = [item for item in answer.evidence if item.page is not None]
    assert any("กระทู้" in item.text and item.page == 2 for item in placed)
    for item in placed:
        page = (first, second)[(item.page or 0) - 1]
        assert " ".join(page[item.start : item.end].split()) == item.text


def test_evidence_says_what_speaks_for_the_second_guess(classifier: Classifier) -> None:
    answer = classifier.classify(LetterInput(text=COMPLAINT))
    for item in answer.evidence:
        assert item.speaks_for is (answer.category if item.weight > 0 else answer.second_guess)
    assert any(item.weight < 0 for item in answer.evidence)


def test_evidence_of_a_decomposed_text_points_into_that_text(classifier: Classifier) -> None:
    split = QUESTION.replace("ำ", "\u0e4d\u0e32").replace("แ", "เเ")
    assert split != QUESTION
    evidence = classifier.classify(LetterInput(text=split)).evidence
    for item in evidence:
        assert item.start is not None and item.end is not None
        composed = split[item.start : item.end].replace("\u0e4d\u0e32", "ำ").replace("เเ", "แ")
        assert " ".join(composed.split()).startswith(item.text[:-1])


def test_evidence_in_an_attachment_has_no_page(classifier: Classifier) -> None:
    letter = LetterInput(text="ตามแนบ\n\n" + QUESTION, own_length=6)
    assert {item.page for item in classifier.classify(letter).evidence} == {None}


def test_evidence_stands_in_the_letter(classifier: Classifier) -> None:
    evidence = classifier.classify(LetterInput(text=QUESTION)).evidence
    flat = " ".join(QUESTION.split())
    assert all(item.text in flat for item in evidence)
    assert evidence[0].weight > 0
    assert any("กระทู้" in item.text for item in evidence if item.weight > 0)


def test_many_is_one_after_another(classifier: Classifier) -> None:
    inputs = [LetterInput(text=COMPLAINT), LetterInput(text=QUESTION)]
    assert classifier.classify_many(inputs) == [classifier.classify(i) for i in inputs]


def test_same_letters_give_the_same_model(
    classifier: Classifier, letters: tuple[TrainingLetter, ...]
) -> None:
    some = letters[::6]
    once, again = train(some), train(tuple(reversed(some)))
    assert again.version == once.version != classifier.version
    assert again.calibration == once.calibration
    sample = [as_input(letter) for letter in letters[::15]]
    assert again.classify_many(sample) == once.classify_many(sample)


def test_other_letters_give_another_version(
    classifier: Classifier, letters: tuple[TrainingLetter, ...]
) -> None:
    from classifiers.training import PROMISED_PRECISION, model_version

    assert model_version(letters[1:], PROMISED_PRECISION) != classifier.version


def test_one_writer_is_not_enough(letters: tuple[TrainingLetter, ...]) -> None:
    with pytest.raises(UsageFault):
        train([letter for letter in letters if letter.writer == letters[0].writer])


def test_input_is_made_of_what_was_read() -> None:
    read = Extraction(
        file="a.pdf",
        outcome=ReadOutcome.OK,
        media_type="application/pdf",
        kind=LetterKind.CIRCULAR,
        text="เรื่อง การแต่งกาย",
        fields=LetterFields(subject=FieldValue(value="การแต่งกาย")),
    )
    seen = letter_input(read)
    assert (seen.subject, seen.kind, seen.agency) == ("การแต่งกาย", LetterKind.CIRCULAR, None)


def test_empty_mail_is_judged_by_its_attachment() -> None:
    letter = Extraction(
        file="b.pdf",
        outcome=ReadOutcome.OK,
        media_type="application/pdf",
        kind=LetterKind.EXTERNAL_LETTER,
        text=QUESTION,
        fields=LetterFields(subject=FieldValue(value="กระทู้ถามทั่วไป")),
    )
    mail = Extraction(
        file="m.eml",
        outcome=ReadOutcome.OK,
        media_type="message/rfc822",
        kind=LetterKind.EMAIL,
        text="ตามไฟล์แนบครับ",
        attachments=(letter,),
    )
    seen = letter_input(mail)
    assert QUESTION in seen.text
    assert seen.kind is LetterKind.EXTERNAL_LETTER
    assert seen.subject == "กระทู้ถามทั่วไป"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=600), st.none() | st.text(max_size=80))
def test_any_text_is_classified(classifier: Classifier, text: str, subject: str | None) -> None:
    answer = classifier.classify(LetterInput(text=text, subject=subject))
    assert 0 <= answer.confidence <= 1


def test_very_long_unspaced_text_is_bounded(classifier: Classifier) -> None:
    assert classifier.classify(LetterInput(text="กระทู้ถาม" * 200_000)).category


def test_import_is_cheap() -> None:
    heavy = (
        "import classifiers.model, classifiers.store, sys;"
        "print({'sklearn', 'pythainlp', 'scipy', 'skops'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
