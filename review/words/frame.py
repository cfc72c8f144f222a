"""Words of every page: head, menu, switch."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "office": ("สำนักงานรัฐมนตรี", "Office of the Minister"),
        "print_register": ("พิมพ์ทะเบียนวันนี้", "Print today's register"),
        "register": ("ทะเบียนรับ", "Incoming register"),
        "skip": ("ข้ามไปเนื้อหา", "Skip to the content"),
        "switch": ("English", "ภาษาไทย"),
        "menu": ("เมนูหลัก", "Main menu"),
        "digits_arabic": ("แสดงเป็นเลขอารบิก", "Show Arabic digits"),
        "digits_thai": ("แสดงเป็นเลขไทย", "Show Thai digits"),
        "keys": ("แป้นลัดของหน้านี้", "Keys of this page"),
        "keys_rows": ("รายการถัดไป / ก่อนหน้า (Enter เพื่อเปิด)", "Next and previous row (Enter opens)"),
        "keys_search": ("ไปช่องค้นหา", "To the search field"),
        "close_window": ("ปิด", "Close"),
    }
)
