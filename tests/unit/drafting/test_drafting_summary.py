from drafting_letters import COMPLAINT, complaint_fields, extraction

from drafting.summary import MAX_SHARE, PAGE_BUDGET, solid_length, summarise


def test_the_summary_keeps_what_is_asked_by_when_and_how_much():
    summary = summarise(extraction(COMPLAINT, fields=complaint_fields()))
    text = " ".join(sentence.text for sentence in summary.sentences)
    assert "คนละ ๖๕๐ บาท" in text
    assert "ภายในวันที่ ๓๑ สิงหาคม ๒๕๖๙" in text
    assert "โปรดพิจารณาดำเนินการ" not in text


def test_long_letters_are_cut_to_their_share():
    letter = extraction(COMPLAINT, fields=complaint_fields())
    kept = sum(solid_length(s.text) for s in summarise(letter).sentences)
    assert 0 < kept <= MAX_SHARE * solid_length(COMPLAINT)


def test_no_summary_is_longer_than_a_page():
    paragraph = "\tโรงเรียนที่ {0} มีนักเรียน {0} คน และขอรับงบประมาณ {0},๐๐๐ บาท เพื่อซ่อมหลังคาอาคารเรียน\n"
    text = "เรียน  รัฐมนตรี\n\n" + "".join(paragraph.format(n) for n in range(100, 300))
    kept = sum(solid_length(s.text) for s in summarise(extraction(text)).sentences)
    assert 0 < kept <= PAGE_BUDGET


def test_a_repeated_sentence_is_taken_once():
    line = "\tโรงเรียนสมมุติขอรับงบประมาณ ๔๕,๐๐๐ บาท เพื่อซ่อมหลังคาอาคารเรียนที่ชำรุด\n\n"
    summary = summarise(extraction("เรียน  รัฐมนตรี\n\n" + line * 5))
    assert len(summary.sentences) == 1


def test_the_letters_list_stands_under_its_point():
    points = summarise(extraction(COMPLAINT, fields=complaint_fields())).points
    assert any(point.item and point.text.startswith("๒.") for point in points)


def test_an_empty_letter_has_an_empty_summary():
    assert summarise(extraction("")).sentences == ()


def test_quoted_mail_yields_to_the_answer_above_it():
    text = (
        "เรียน เจ้าหน้าที่\n\nโรงเรียนขอเลื่อนการประชุมเป็นวันที่ ๕ กันยายน ๒๕๖๙ เนื่องจากห้องประชุมไม่ว่าง\n\n"
        "> เมื่อ 1 ส.ค. 2569 เวลา 09:00 น. ผู้ส่ง เขียนว่า:\n"
        "> ขอเชิญประชุมวันที่ 1 กันยายน 2569 ณ ห้องประชุมใหญ่\n"
    )
    scores = {s.text: s.score for s in summarise(extraction(text)).sentences}
    first = next(score for words, score in scores.items() if "ขอเลื่อน" in words)
    assert all(score < first for words, score in scores.items() if "ขอเชิญ" in words)
