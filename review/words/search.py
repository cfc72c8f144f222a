"""Words of the search page and of the field in every head."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "search": ("ค้นหา", "Search"),
        "search_label": ("ค้นหาหนังสือ", "Search letters"),
        "search_hint": ("เรื่อง ชื่อ เลขหนังสือ เลขรับ", "Subject, name, number"),
        "search_help": (
            "พิมพ์คำในหนังสือ ชื่อคน หน่วยงาน เลขที่หนังสือ หรือเลขรับ ใช้เลขไทยหรือเลขอารบิกก็ได้",
            "Type words of the letter, a name, an agency, a document or register number, in "
            "either kind of digits.",
        ),
        "search_for": ("ผลการค้นหา “{query}”", "Found for “{query}”"),
        "search_total": (
            "พบ {total} ฉบับ หน้า {number} จาก {pages}",
            "{total} letters, page {number} of {pages}",
        ),
        "search_many": (
            "พบมากกว่า {total} ฉบับ แสดงฉบับใหม่สุดก่อน โปรดพิมพ์คำให้เจาะจงขึ้น",
            "More than {total} letters; the newest are ranked. Be more exact.",
        ),
        "search_none": (
            "ไม่พบหนังสือที่ท่านมีสิทธิ์เปิดและตรงกับคำค้น",
            "No letter that you may open has these words.",
        ),
        "search_tips": (
            "ลองใช้คำที่สั้นลง ลบคำนำหน้าชื่อ หรือค้นด้วยเลขที่หนังสือเพียงอย่างเดียว",
            "Try fewer words, leave titles out, or search for the number alone.",
        ),
        "search_restricted": (
            "เรื่องจำกัดผู้เข้าถึง ไม่แสดงเนื้อหาในผลการค้นหา",
            "A restricted case; nothing of what it says is shown here.",
        ),
        "search_next": ("ผลถัดไป", "Next"),
        "search_previous": ("ผลก่อนหน้า", "Previous"),
        "search_pages": ("หน้าของผลการค้นหา", "Pages of hits"),
        "search_from": ("จาก", "From"),
        "search_number": ("ที่", "No."),
        "search_received": ("รับ", "Received"),
    }
)
