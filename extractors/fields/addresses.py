"""Lines that are part of a postal address or of a letterhead's contacts."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"^(?:เลขที่|บ้านเลขที่|ที่อยู่|\d|ถนน|ถ\.|ซอย|ซ\.|แขวง|เขต(?!พื้นที่|\s?\d)|ตำบล|ต\."
    r"|อำเภอ|อ\.|จังหวัด|จ\.|กรุงเทพ|กทม|หมู่|ม\.\s?\d|ชั้น|"
    r"อาคาร|ตึก|ทำเนียบรัฐบาล|ศูนย์ราชการ|ตู้|ต\s?ู้ ปณ|โทร|โทรสาร|Tel|Fax|E-?mail|www|http)"
    r"|\d{5}\s*$|^[^ก-๙]*\b(?:Road|Rd\.?|Street|Floor|floor|Building|Soi|Bangkok \d{5}|Tower"
    r"|Annex)\b"
)


def is_address(text: str) -> bool:
    """Tell whether a line is part of an address."""
    return bool(_ADDRESS.search(text))
