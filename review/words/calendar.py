"""Words of the calendar of due dates, of the overdue list and of calendar feeds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "calendar": ("ปฏิทินกำหนด", "Calendar"),
        "calendar_month": ("{month} พ.ศ. {year}", "{month} {year} BE"),
        "calendar_previous": ("เดือนก่อน", "Previous month"),
        "calendar_next": ("เดือนถัดไป", "Next month"),
        "calendar_now": ("เดือนนี้", "This month"),
        "calendar_grid": ("จำนวนกำหนดส่งและประชุมของแต่ละวัน", "Due dates and meetings of each day"),
        "calendar_due": ("ครบกำหนด {count}", "{count} due"),
        "calendar_met": ("ประชุม {count}", "{count} met."),
        "calendar_totals": (
            "ครบกำหนด {due} เรื่อง ประชุม {meetings} ครั้ง",
            "{due} due, {meetings} meetings",
        ),
        "calendar_on": ("รายการวันที่ {day}", "On {day}"),
        "calendar_nothing": ("ไม่มีรายการในวันนี้", "Nothing on this day"),
        "calendar_what": ("รายการ", "What"),
        "calendar_is_due": ("ครบกำหนด", "Due"),
        "calendar_meeting": ("ประชุม", "Meeting"),
        "calendar_at": ("{hour} น.", "{hour}"),
        "calendar_holiday": ("วันหยุด", "Holiday"),
        "calendar_today": ("วันนี้", "today"),
        "calendar_subject": ("เรื่อง", "Subject"),
        "calendar_day_pages": ("หน้าของรายการ", "Pages of the list"),
        "month_1": ("มกราคม", "January"),
        "month_2": ("กุมภาพันธ์", "February"),
        "month_3": ("มีนาคม", "March"),
        "month_4": ("เมษายน", "April"),
        "month_5": ("พฤษภาคม", "May"),
        "month_6": ("มิถุนายน", "June"),
        "month_7": ("กรกฎาคม", "July"),
        "month_8": ("สิงหาคม", "August"),
        "month_9": ("กันยายน", "September"),
        "month_10": ("ตุลาคม", "October"),
        "month_11": ("พฤศจิกายน", "November"),
        "month_12": ("ธันวาคม", "December"),
        "weekday_0": ("จันทร์", "Mon"),
        "weekday_1": ("อังคาร", "Tue"),
        "weekday_2": ("พุธ", "Wed"),
        "weekday_3": ("พฤหัสฯ", "Thu"),
        "weekday_4": ("ศุกร์", "Fri"),
        "weekday_5": ("เสาร์", "Sat"),
        "weekday_6": ("อาทิตย์", "Sun"),
        "overdue_list": ("เรื่องเกินกำหนด", "Overdue"),
        "overdue_link": ("ดูเรื่องเกินกำหนดทั้งหมด", "All that is overdue"),
        "overdue_rows": (
            "{total} เรื่อง หน้า {number} จาก {pages} เรียงจากที่เกินกำหนดนานที่สุด",
            "{total} cases, page {number} of {pages}, the latest first",
        ),
        "overdue_none": ("ไม่มีเรื่องเกินกำหนด", "Nothing is overdue"),
        "overdue_by": ("เกินมาแล้ว", "Late by"),
        "overdue_days": ("{days} วันทำการ", "{days} working days"),
        "feeds": (
            "ติดตามจากโทรศัพท์หรือ Outlook (.ics)",
            "Subscribe from a telephone or Outlook (.ics)",
        ),
        "feeds_why": (
            "ที่อยู่ปฏิทินเป็นความลับเฉพาะตัวท่าน ใครมีที่อยู่นี้เห็นเลขรับ ประเภท และวันครบกำหนดได้โดยไม่ต้องเข้าสู่ระบบ "
            "ไม่มีชื่อบุคคล และไม่มีเรื่องที่จำกัดผู้เข้าถึง",
            "The address is a secret of yours: whoever has it sees register numbers, categories "
            "and dates without signing in. Never names, never restricted cases.",
        ),
        "feeds_new": (
            "ที่อยู่ปฏิทินของ{group} แสดงครั้งเดียว โปรดคัดลอกไว้",
            "The address for {group}. It is shown once: copy it now.",
        ),
        "feeds_address": ("ที่อยู่ปฏิทิน", "Address of the calendar"),
        "feeds_make": ("สร้างที่อยู่", "Make an address"),
        "feeds_renew": ("สร้างใหม่แทนที่อยู่เดิม", "Make a new one"),
        "feeds_revoke": ("ยกเลิก", "Revoke"),
        "feeds_made": ("สร้างเมื่อ {at}", "made {at}"),
        "feeds_none": ("ยังไม่มี", "none"),
        "feeds_office": ("ทั้งสำนักงาน", "The whole office"),
        "feeds_back": ("กลับไปปฏิทิน", "Back to the calendar"),
    }
)
