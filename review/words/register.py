"""Words of the incoming register, and of lists like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "today_is": ("วันนี้", "Today"),
        "all": ("ทั้งหมด", "All"),
        "filters": ("เลือกดู", "Narrow to"),
        "outcome": ("การรับ", "Intake"),
        "state": ("สถานะ", "State"),
        "category": ("ประเภท", "Category"),
        "group": ("กลุ่มงาน", "Group"),
        "letters": ("หนังสือที่ลงรับ", "Letters registered"),
        "overdue_count": ("เกินกำหนด", "Overdue"),
        "due_today_count": ("ครบกำหนดวันนี้", "Due today"),
        "held_count": ("พักไว้", "Holding pen"),
        "quarantine_count": ("กักไว้", "Quarantine"),
        "secret_count": ("ข้อมูลลับ", "Secret desk"),
        "register_number": ("เลขรับ", "Register no."),
        "arrived": ("มาถึง", "Arrived"),
        "channel": ("ช่องทาง", "Channel"),
        "due_date": ("ครบกำหนด", "Due"),
        "memo": ("บันทึก", "Memo"),
        "download": ("ดาวน์โหลด", "Download"),
        "version": ("ฉบับที่", "version"),
        "no_number": ("ไม่มีเลขรับ", "no number"),
        "unclassified": ("ยังไม่จำแนก", "not classified"),
        "no_group": ("ยังไม่มอบกลุ่ม", "no group yet"),
        "no_due": ("ไม่มีกำหนด", "no due date"),
        "probability": ("ความน่าจะเป็น", "probability"),
        "overdue": ("เกินกำหนด {days} วัน", "overdue by {days} d"),
        "due_today": ("ครบกำหนดวันนี้", "due today"),
        "due_soon": ("เหลือ {days} วัน", "{days} d left"),
        "empty": ("ไม่มีรายการตามที่เลือก", "Nothing matches"),
        "rows": (
            "{total} รายการ หน้า {number} จาก {pages}",
            "{total} rows, page {number} of {pages}",
        ),
        "newer": ("ใหม่กว่า", "Newer"),
        "older": ("เก่ากว่า", "Older"),
        "pages": ("หน้าของทะเบียน", "Pages of the register"),
        "secret_row": ("มีหนังสือชั้นความลับ", "A classified letter has come"),
        "secret_call": (
            "โปรดแจ้งนายทะเบียนข้อมูลข่าวสารลับให้มารับ ห้ามเปิดอ่าน",
            "Call the registrar of classified information; do not open it",
        ),
        "grade": ("ชั้นความลับ", "Grade"),
        "restricted": ("จำกัดผู้เข้าถึง", "Restricted"),
        "file": ("แฟ้ม", "File"),
        "reason": ("เหตุผล", "Reason"),
    }
)
