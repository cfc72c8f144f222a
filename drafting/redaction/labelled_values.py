"""What stands behind the labels of a form: ที่พัก: …, ชื่อ ..….., อำเภอ/เขต   …

A label ends with a colon, dots to write on, or the blanks of a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_WRITER: Final = r"(?:ผู้(?:ร้อง|แจ้ง|เขียน|ส่ง|บันทึก|เล่า|พิมพ์|ยื่น|ขอ|เสียหาย)(?:เรียน|ทุกข์|เรื่อง|คำร้อง)?)"
_NAME: Final = (
    rf"(?:ชื่อ(?!\s?โรงเรียน|\s?เรื่อง|\s?สถาน|\s?หน่วย|\s?ผู้ถูก)[^\s:：.…_]{{0,24}}|(?:นาม)?สกุล|{_WRITER}"
    r"|ผู้ปกครอง|บิดา|มารดา|บุตร|นักเรียนชื่อ)"
)
_PLACE: Final = (
    r"(?:ที่(?:อยู่|พัก|ติดต่อ|ทำงาน)(?!\s?ผู้ถูก|\s?โรงเรียน)[^\s:：.…_]{0,20}|สถานที่(?:ทำงาน|ติดต่อ)|บ้าน(?:เลขที่)?|หมู่(?:ที่|บ้าน)?|ซอย|ตรอก|ถนน"
    r"|(?:ตำบล|แขวง)(?:\s?/\s?(?:แขวง|ตำบล))?|(?:อำเภอ|เขต)(?:\s?/\s?(?:เขต|อำเภอ))?|รหัสไปรษณีย์)"
)
# Possessive: a line of a hundred thousand dots must not be tried from each of them.
_ENDS: Final = r"(?:[ \t]*+(?:[:：]|[.…_]{2})[ \t.…_]*+|[ \t]{3,}+|\t)"
_VALUES: Final = re.compile(
    rf"(?:^[ \t\-–•*]*(?:[0-9๐-๙]{{1,2}}[.)][ \t]*)?|(?<=[.…_]{{2}})[ \t]*|(?<=[ \t]{{2}}))"
    rf"(?:(?P<name>{_NAME})|(?P<place>{_PLACE})){_ENDS}"
    # What is longer than any value is hidden as far as it is looked at.
    r"(?P<value>[^\s.…_:](?:[^\n]{0,300}?(?=[ \t]{3}|[.…_]{2}|[ \t]?$)|[^\n]{300}))",
    re.MULTILINE,
)


def labelled_values(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield offsets of the values behind labels of persons and places; True for a place.

    Args:
        text: the letter.
    """
    for match in _VALUES.finditer(text):
        begin, end = match.span("value")
        yield begin, end, match["place"] is not None
