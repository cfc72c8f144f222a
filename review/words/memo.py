"""Words of the memo: its parts, versions, what changed between two of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "memo_title": ("ร่างบันทึก", "The memo"),
        "memo_version": ("ฉบับที่ {version}", "Version {version}"),
        "memo_by_machine": ("ระบบร่าง", "drafted by the system"),
        "memo_by": ("โดย {name}", "by {name}"),
        "memo_none": ("เรื่องนี้ยังไม่มีร่างบันทึก", "There is no memo yet"),
        "memo_not_in_force": (
            "ฉบับนี้เลิกใช้แล้ว ระบบหรือเจ้าหน้าที่ต้องทำฉบับใหม่",
            "This version is out of force; a new one has to be made",
        ),
        "memo_elsewhere": (
            "ฉบับนี้ทำขึ้นในโปรแกรม Word จึงแก้ทีละส่วนบนหน้านี้ไม่ได้ ให้ดาวน์โหลด แก้ไข แล้วส่งแฟ้มกลับเข้ามา",
            "This version was made in Word, so its parts cannot be edited here: download it, "
            "edit it, and hand the file in again",
        ),
        "memo_unreadable": ("เปิดแสดงข้อความของแฟ้มนี้ไม่ได้", "The text of this file cannot be shown"),
        "memo_accept": ("ยอมรับส่วนนี้", "Accept this part"),
        "memo_accepted_by": ("ยอมรับแล้วโดย {name}", "accepted by {name}"),
        "memo_accepted_of": (
            "ยอมรับแล้ว {accepted} จาก {all} ส่วน",
            "{accepted} of {all} parts are accepted",
        ),
        "memo_unfounded": ("มีค่าที่ไม่พบในหนังสือ: {kinds}", "Values not found in the letter: {kinds}"),
        "memo_kind_dates": ("วันที่", "dates"),
        "memo_kind_numbers": ("ตัวเลข", "numbers"),
        "memo_kind_names": ("ชื่อบุคคลหรือหน่วยงาน", "names"),
        "memo_kind_quotations": ("ข้อความในเครื่องหมายคำพูด", "quotations"),
        "memo_keep": (
            "ข้าพเจ้าตรวจแล้ว ค่าเหล่านี้ถูกต้อง ให้คงไว้และทำเครื่องหมายไว้",
            "I have checked them: keep these values, marked",
        ),
        "memo_hint_lines": (
            "หนึ่งบรรทัดต่อหนึ่งข้อ ระบบใส่เลขข้อให้ใหม่เอง",
            "One line a point; the numbers are counted anew",
        ),
        "memo_hint_check": (
            "ข้อความใน ⟦…⟧ คือค่าที่ระบบอ่านได้ไม่แน่ชัด ตรวจแล้วให้ลบเครื่องหมายออก",
            "What stands in ⟦…⟧ was not read with certainty: check it and take the marks away",
        ),
        "memo_versions": ("ทุกฉบับ", "All versions"),
        "memo_compare": ("เทียบสองฉบับ", "Compare two versions"),
        "memo_before": ("ฉบับก่อน", "Earlier"),
        "memo_after": ("ฉบับหลัง", "Later"),
        "memo_show_changes": ("แสดงสิ่งที่เปลี่ยน", "Show what changed"),
        "memo_changes": ("สิ่งที่เปลี่ยนระหว่างสองฉบับ", "What changed between two versions"),
        "memo_changes_none": ("ข้อความทั้งสองฉบับตรงกัน", "Both versions say the same"),
        "memo_line_same": ("เหมือนเดิม", "same"),
        "memo_line_changed": ("แก้ไข", "changed"),
        "memo_line_added": ("เพิ่ม", "added"),
        "memo_line_removed": ("ตัดออก", "removed"),
        "memo_run_added": ("เริ่มข้อความที่เพิ่ม", "begin added"),
        "memo_run_removed": ("เริ่มข้อความที่ตัดออก", "begin removed"),
        "memo_run_end": ("จบ", "end"),
        "memo_files": ("แฟ้ม", "Files"),
        "memo_pdf_failed": ("ทำ PDF ของร่างฉบับนี้ไม่ได้", "No PDF of this version can be made"),
        "memo_pdf_failed_why": (
            "แฟ้มเปิดไม่ได้ หรือระบบยังไม่ได้ติดตั้ง LibreOffice โปรดดาวน์โหลดแฟ้ม .docx แทน",
            "The file does not open, or LibreOffice is not installed. Download the .docx instead.",
        ),
        "memo_upload": ("ส่งแฟ้มที่แก้ใน Word", "Hand in a file edited in Word"),
        "memo_over": (
            "บันทึกยาวเกินหนึ่งหน้า โปรดพิจารณาย่อ",
            "The memo is longer than one page: consider shortening it.",
        ),
        "memo_edit": ("แก้ไขร่างบันทึก", "Edit the memo"),
    }
)
