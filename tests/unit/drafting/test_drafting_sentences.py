from drafting_letters import COMPLAINT, INVITATION, complaint_fields, extraction
from hypothesis import given
from hypothesis import strategies as st

from drafting.body import find_paragraphs
from drafting.sentences import MAX_SENTENCE, split_letter, split_paragraph


def test_head_closing_and_signature_are_not_body():
    text = "\n".join(COMPLAINT[p.start : p.end] for p in find_paragraphs(COMPLAINT))
    assert text.startswith("ด้วยนางสาวปาริชาต")
    for left_out in ("ถนนสมมุติ", "สิ่งที่ส่งมาด้วย", "ขอแสดงความนับถือ", "นามสมมุติ)", "โทร."):
        assert left_out not in text


def test_english_head_and_signature_are_not_body():
    text = "\n".join(INVITATION[p.start : p.end] for p in find_paragraphs(INVITATION))
    assert text.startswith("I have the honour")
    assert "Ada Example" not in text


def test_thai_without_full_stops_is_split_at_clause_openers():
    sentences = split_paragraph(
        "ด้วยโรงเรียนสมมุติแจ้งว่าอาคารเรียนชำรุดหลายแห่ง ทั้งนี้ "
        "โรงเรียนได้ประมาณการค่าซ่อมไว้แล้ว จึงขอรับการสนับสนุนงบประมาณ"
    )
    assert [s.split()[0][:6] for s in sentences] == ["ด้วยโร", "ทั้งนี", "จึงขอร"]


def test_an_opener_inside_a_word_does_not_split():
    assert len(split_paragraph("คณะกรรมการแต่งตั้งบุคคลผู้มีความรู้ หากินสุจริต")) <= 2
    assert len(split_paragraph("ข้าราชการที่ได้รับแต่งตั้งต้องรายงานตัวต่อหน่วยงาน")) == 1


def test_numbers_and_units_stay_together():
    filler = "โรงเรียนตัวอย่างได้ดำเนินการตามแผนงานที่กำหนดไว้ทุกประการ " * 4
    for sentence in split_paragraph(filler + "ใช้งบประมาณทั้งสิ้น ๑,๒๕๐,๐๐๐ บาท ในปี ๒๕๖๙ " + filler):
        assert not sentence.startswith("บาท")
        assert ("๑,๒๕๐,๐๐๐" in sentence) == ("๑,๒๕๐,๐๐๐ บาท" in sentence)


def test_english_abbreviations_do_not_end_a_sentence():
    parts = split_paragraph(
        "Mr. Alan Example wrote to Dr. Beth Sample about note No. 12. She answered on the same day."
    )
    assert len(parts) == 2


def test_wrapped_lines_are_one_paragraph():
    text = (
        "เรียน  หัวหน้าสำนักงานรัฐมนตรี\n\n"
        "        ด้วยวิทยาลัยสมมุติจะจัดการประชุมวิชาการประจำปีในหัวข้อการศึกษาเพื่ออนาคต\n"
        "ณ หอประชุมใหญ่ของวิทยาลัย โดยมีผู้เข้าร่วมจากทุกภาคของประเทศจำนวนมากกว่าปีก่อน\n"
        "        จึงเรียนมาเพื่อโปรดทราบ\n"
    )
    assert len(find_paragraphs(text)) == 2


def test_each_sentence_stands_at_its_offsets_on_its_page():
    letter = extraction(
        COMPLAINT, "\tหน้าสองมีข้อความเพิ่มเติมว่าโรงเรียนมีนักเรียน ๙๘ คน", fields=complaint_fields()
    )
    sentences = split_letter(letter)
    assert {s.page for s in sentences} <= {1, 2}
    for sentence in sentences:
        assert " ".join(letter.text[sentence.start : sentence.end].split()) == sentence.text


def test_text_without_blanks_is_split_at_words():
    sentences = split_paragraph("การศึกษาเป็นรากฐานของการพัฒนาประเทศ" * 40)
    assert max(map(len, sentences)) <= MAX_SENTENCE
    assert "".join(sentences) == "การศึกษาเป็นรากฐานของการพัฒนาประเทศ" * 40


@given(st.text(alphabet="กขคงจ ่้าิเแ๑๒9A.\n\t(){}", max_size=600))
def test_no_text_breaks_the_splitter_and_offsets_rise(text):
    letter = extraction(text)
    position = 0
    for sentence in split_letter(letter):
        assert position <= sentence.start < sentence.end <= len(text)
        position = sentence.end
