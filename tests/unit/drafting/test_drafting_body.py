"""Where the body of a letter begins when the page has lost its indents and blank lines."""

import pytest
from drafting_letters import extraction

from drafting.sentences import split_letter
from drafting.summary import summarise

HEAD = """ที่ ทส 99/418
ที่ทำการองค์การสมมุติ
13 สิงหาคม 2567
เรื่อง ขอรับการสนับสนุนระบบไฟฟ้าพลังงานแสงอาทิตย์และ
อินเทอร์เน็ตสำหรับโรงเรียนสาขา
เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ
"""


def _text(letter):
    return " ".join(s.text for s in split_letter(extraction(letter)))


@pytest.mark.parametrize(
    "enclosed",
    [
        "สิ่งที่ส่งมาด้วย 1. แผนที่สังเขป จำนวน 1 แผ่น\n2. รายการครุภัณฑ์ จำนวน 1 ชุด\n",
        "อ้างถึง ประกาศสำนักงานสมมุติ เรื่อง กำหนดเจ้าภาพ\nลงวันที่ ๑๐ มิถุนายน ๒๕๖๙\n"
        "สิ่งที่ส่งมาด้วย ร่างกำหนดการ จำนวน ๑ ชุด\n",
        "",
    ],
)
def test_the_body_begins_behind_the_enclosures_without_an_opening_word(enclosed):
    body = "องค์การสมมุติมีโรงเรียนสาขาบ้านห้วยสมมุติตั้งอยู่ในเขตป่า\nมีนักเรียนรวม 63 คน ครู 4 คน ไม่มีไฟฟ้าใช้\n"
    told = _text(HEAD + enclosed + body)
    assert told.startswith("องค์การสมมุติมีโรงเรียนสาขา") and "63 คน" in told
    assert "แผนที่" not in told and "กำหนดการ" not in told


def test_an_english_letter_begins_behind_its_salutation():
    told = _text(
        "Association for Examples, Exampletown - Liaison Office\n12 Example Road, 12th floor\n"
        "Proposal for a Memorandum of Understanding\n\nYour Excellency,\n\n"
        "Seventeen companies have asked our association to help them train workers.\n"
    )
    assert told == "Seventeen companies have asked our association to help them train workers."


def test_a_quoted_greeting_is_not_the_letters():
    told = _text(
        "เรียน รัฐมนตรี\n\nลูกสาวของข้าพเจ้าเรียนจบจากต่างประเทศเมื่อเดือนมิถุนายน 2569 "
        "ขอใบเทียบวุฒิ\n\n"
        "> On Monday the school wrote:\nDear Farida,\nYour certificate is ready now.\n"
    )
    assert "ใบเทียบวุฒิ" in told


def test_a_date_that_a_page_parts_stays_one():
    letter = extraction(
        "เรียน รัฐมนตรี\n\nด้วยสำนักงานสมมุติกำหนดจัดประชุมครูทั้งจังหวัด ระหว่างวันที่ ๒๓ - ๒๖",
        "กุมภาพันธ์ ๒๕๖๙ ณ ห้องประชุมสมมุติ จึงขอเชิญท่านเป็นประธาน",
    )
    assert "๒๓ - ๒๖ กุมภาพันธ์ ๒๕๖๙" in " ".join(p.text for p in summarise(letter).points)
