"""Words of the dashboard and of the lists behind its figures."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "figures": ("ตัวชี้วัด", "Figures"),
        "figures_year": ("ปีงบประมาณ พ.ศ. {year}", "Fiscal year {year} BE"),
        "figures_fiscal": ("ปีงบประมาณ", "Fiscal year"),
        "figures_month": ("เดือน", "Month"),
        "figures_whole": ("ทั้งปี", "Whole year"),
        "figures_office": ("ทั้งสำนักงาน", "The whole office"),
        "figures_as_of": ("ตัวเลขของช่วงเวลา ณ วันที่ {day}", "Figures of the period as of {day}"),
        "figures_only": ("แสดงเฉพาะตัวเลข", "Figures only"),
        "figures_received": ("รับ", "Received"),
        "figures_closed": ("ยุติในช่วงเวลา", "Closed"),
        "figures_in_time_share": ("ร้อยละทันกำหนด", "In time"),
        "figures_open_now": ("ค้างอยู่วันนี้", "Open today"),
        "figures_overdue_now": ("เกินกำหนดวันนี้", "Overdue today"),
        "figures_by_month": ("รับและยุติรายเดือน", "Received and closed by month"),
        "figures_by_month_why": (
            "นับตามเดือนที่รับ และเดือนที่ส่งคำตอบหรือยุติเรื่อง",
            "By the month of receipt, and the month in which the answer left or the case closed",
        ),
        "figures_by_category": ("รับและยุติตามประเภท", "Received and closed by category"),
        "figures_by_category_why": (
            "เรื่องที่รับในช่วงเวลา และเรื่องที่ยุติในช่วงเวลาไม่ว่ารับเมื่อใด",
            "Cases received in the period, and those closed in it whenever they came",
        ),
        "figures_in_time": ("ร้อยละทันกำหนดตามประเภท", "Share in time by category"),
        "figures_in_time_why": (
            "ของเรื่องที่รับในช่วงเวลาและมีวันครบกำหนด",
            "Of the cases received in the period that have a due date.",
        ),
        "figures_target": (
            "เส้นประคือเป้าหมายของสำนักงาน ร้อยละ {target}",
            "The dashed line is the office's target, {target}%.",
        ),
        "figures_reached": ("ถึงเป้าหมาย", "Reaches the target"),
        "figures_short": ("ต่ำกว่าเป้าหมาย", "Below the target"),
        "figures_by_age": ("เรื่องค้างตามอายุ", "Open cases by age"),
        "figures_by_group": ("ปริมาณงานตามกลุ่ม", "Workload by group"),
        "figures_now_why": (
            "เรื่องที่ยังไม่ยุติ ณ {day} ไม่ว่ารับเมื่อใด",
            "Cases open on {day}, whenever they came",
        ),
        "figures_now_in_time": ("ในกำหนด", "In time"),
        "figures_now_overdue": ("เกินกำหนด", "Overdue"),
        "figures_now_undated": ("ไม่มีกำหนด", "No due date"),
        "figures_age": ("อายุเรื่อง", "Age"),
        "figures_age_week": ("ไม่เกิน 7 วัน", "Up to 7 days"),
        "figures_age_month": ("8–30 วัน", "8–30 days"),
        "figures_age_two_months": ("31–60 วัน", "31–60 days"),
        "figures_age_three_months": ("61–90 วัน", "61–90 days"),
        "figures_age_older": ("เกิน 90 วัน", "Over 90 days"),
        "figures_classifier": ("การจำแนกประเภทโดยระบบ", "The classifier"),
        "figures_classifier_why": (
            "เจ้าหน้าที่แก้ประเภท {share} ของเรื่องที่ระบบจำแนกในช่วงเวลา",
            "People corrected {share} of what it judged in the period",
        ),
        "figures_judged": ("ระบบจำแนก", "Judged"),
        "figures_abstained": ("ส่งให้เจ้าหน้าที่เลือก", "Left to people"),
        "figures_corrected": ("เจ้าหน้าที่แก้ประเภท", "Corrected by people"),
        "figures_memos": ("ร่างของระบบหลังการตรวจ", "The machine's drafts after review"),
        "figures_memos_why": (
            "ร่างที่เห็นชอบ ส่งคืน หรือไม่ลงนามในช่วงเวลา",
            "Drafts approved, returned or not signed in the period",
        ),
        "figures_what": ("รายการ", "What"),
        "figures_number": ("เรื่อง", "Cases"),
        "figures_nothing": ("ยังไม่มีเรื่องในช่วงเวลานี้", "No case in this period yet"),
        "figures_rows": (
            "{total} เรื่อง หน้า {number} จาก {pages}",
            "{total} cases, page {number} of {pages}",
        ),
        "figures_list_why": (
            "รายการไม่แสดงชื่อเรื่องและชื่อบุคคล เรื่องที่จำกัดผู้เข้าถึงแสดงเฉพาะลำดับ",
            "No subject and no name is listed; of a restricted case only its number in the system",
        ),
        "figures_withheld": ("จำกัดผู้เข้าถึง", "Restricted"),
        "figures_received_on": ("วันที่รับ", "Received"),
        "figures_ended_on": ("วันที่ยุติ", "Closed"),
        "figures_case": ("เรื่อง", "Case"),
        "figures_back": ("กลับไปตัวชี้วัด", "Back to the figures"),
    }
)
