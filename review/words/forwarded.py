"""Words of the copy of a letter that is forwarded without who complains."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "forwarded": ("สำเนาปกปิดชื่อผู้ร้องสำหรับส่งต่อ", "The copy to forward, without who complains"),
        "forwarded_how": (
            "ระบบเสนอว่าจะปกปิดอะไร ท่านอ่านสำเนาทุกบรรทัด ปกปิดเพิ่มหรือเปิดให้อ่าน แล้วยืนยันฉบับที่ตรวจแล้ว",
            "The system proposes what to hide. Read every line, hide more or open again, "
            "then confirm the copy you have read",
        ),
        "forwarded_not_yours": (
            "ผู้รับผิดชอบเรื่องเท่านั้นที่ทำสำเนานี้ได้",
            "Only whoever works on the case or answers for it makes this copy",
        ),
        "forwarded_to": ("เรียน (ผู้รับ)", "Addressed to"),
        "forwarded_propose": ("เสนอสำเนา", "Propose the copy"),
        "forwarded_again": ("เสนอใหม่ตามที่เลือก", "Propose again as chosen"),
        "forwarded_files": ("ดาวน์โหลดร่าง (.zip)", "Download the proposal (.zip)"),
        "forwarded_confirm": (
            "ข้าพเจ้าตรวจสำเนาแล้ว ยืนยันและดาวน์โหลด (.zip)",
            "I have read this copy: confirm and download (.zip)",
        ),
        "forwarded_first": (
            "หากเลือกหรือพิมพ์เพิ่ม ให้กดเสนอใหม่และตรวจก่อนยืนยัน",
            "If you choose or type more, propose again and read it before you confirm",
        ),
        "forwarded_pages": ("ภาพหน้าหนังสือที่จะส่ง", "The pages that go out"),
        "forwarded_page": ("ภาพหน้าที่ {page}", "Picture of page {page}"),
        "forwarded_check": (
            "ก่อนยืนยัน ตรวจสำเนาทีละอย่าง",
            "Before you confirm, check the copy for each of these",
        ),
        "forwarded_checked": (
            "{kind}ของผู้ร้อง: ปกปิดครบทุกแห่งแล้ว",
            "{kind} of the complainant: nothing of it is left",
        ),
        "forwarded_none": (
            "{kind}ของผู้ร้อง: ระบบไม่พบ และอ่านแล้วไม่มีในหนังสือ",
            "{kind} of the complainant: none found, and I read that the letter has none",
        ),
        "forwarded_gone": ("ปกปิดแล้ว {count} แห่ง", "{count} places are hidden"),
        "forwarded_show": ("เลือกสิ่งที่จะเปิดให้อ่าน", "Choose what to leave readable"),
        "forwarded_never": ("เปิดไม่ได้", "never opened"),
        "forwarded_times": ("{times} แห่ง", "{times} places"),
        "forwarded_left": (
            "ยังอ่านได้และควรดู เลือกสิ่งที่จะปกปิด",
            "Still readable and worth a look: choose what to hide",
        ),
        "forwarded_more": ("ปกปิดคำอื่น บรรทัดละคำ", "Hide other words, one a line"),
        "forwarded_text": ("ข้อความในสำเนา", "The text of the copy"),
        "forwarded_withheld": ("หน้าที่ปิดทั้งหน้า: {pages}", "Pages that are wholly black: {pages}"),
        "forwarded_print": (
            "รหัสของสำเนานี้:",
            "Fingerprint of this copy:",
        ),
    }
)
