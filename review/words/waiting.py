"""Words of the holding pen, the quarantine and the secret desk."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "waiting_held": ("พักไว้", "Holding pen"),
        "waiting_quarantined": ("กักไว้", "Quarantine"),
        "waiting_kind": ("แสดง", "Show"),
        "waiting_kind_held": ("พักไว้รอเจ้าหน้าที่", "Held"),
        "waiting_kind_pending": ("รอลองอ่านใหม่", "Waiting for a retry"),
        "waiting_kind_rejected": ("ไม่ใช่หนังสือ", "Not a letter"),
        "waiting_rows": (
            "{total} รายการ หน้า {number} จาก {pages}",
            "{total} items, page {number} of {pages}",
        ),
        "waiting_none": ("ไม่มีรายการค้าง", "Nothing waits"),
        "waiting_item": ("รายการที่ {id}", "Item {id}"),
        "item_id": ("รายการ", "Item"),
        "waiting_since": ("ตั้งแต่", "Since"),
        "waiting_source": ("แหล่งที่มา", "Source"),
        "waiting_tries": ("ลองแล้ว", "Tries"),
        "waiting_times": ("{times} ครั้ง", "{times}"),
        "waiting_next_try": ("ลองใหม่", "Next try"),
        "waiting_size": ("ขนาด", "Size"),
        "waiting_suspicious": ("น่าสงสัย", "suspicious"),
        "waiting_media": ("ชนิดแฟ้ม", "Kind of file"),
        "waiting_sender": ("ผู้ส่ง", "Sender"),
        "waiting_standing": ("สถานะ", "Standing"),
        "waiting_number": ("เลขรับ", "Register no."),
        "waiting_history": ("ประวัติ", "History"),
        "waiting_back": ("กลับไปรายการที่พักไว้", "Back to the holding pen"),
        "waiting_back_quarantine": ("กลับไปรายการที่กักไว้", "Back to the quarantine"),
        "waiting_only_registrar": (
            "ดำเนินการโดยเจ้าหน้าที่สารบรรณเท่านั้น",
            "Worked by registrars only",
        ),
        "waiting_retry": ("อ่านใหม่", "Read again"),
        "waiting_retry_how": (
            "ให้เครื่องอ่านใหม่ในรอบถัดไป ถ้าแฟ้มมีรหัสผ่าน พิมพ์รหัสผ่านแล้วเครื่องจะอ่านทันที รหัสผ่านไม่ถูกเก็บไว้",
            "The next pass reads it again; with a password it is read at once, and the password "
            "is not kept",
        ),
        "waiting_retry_chosen": ("อ่านรายการที่เลือกใหม่", "Read the chosen again"),
        "waiting_password": ("รหัสผ่านของแฟ้ม (ถ้ามี)", "Password of the file, if any"),
        "waiting_release": ("เป็นหนังสือ ลงทะเบียนรับ", "It is a letter: register it"),
        "waiting_release_how": (
            "ลงทะเบียนข้อความอัตโนมัติที่ที่จริงเป็นหนังสือ",
            "Registers an automatic mail that is a letter after all",
        ),
        "waiting_reject": ("ไม่ใช่หนังสือ", "Not a letter"),
        "waiting_reject_how": (
            "ยุติรายการนี้ แฟ้มยังเก็บไว้ และอ่านใหม่ได้ภายหลัง",
            "Ends the item; its file is kept and can be read again later",
        ),
        "waiting_reason": ("เหตุผล", "Reason"),
        "waiting_place": ("ลงทะเบียนด้วยมือ", "Register by hand"),
        "waiting_place_how": (
            "พิมพ์ข้อความของหนังสือหรืออย่างน้อยชื่อเรื่อง แล้วตรวจดูก่อนยืนยัน",
            "Type the letter, or its subject at least; look at it, then confirm",
        ),
        "waiting_place_text": ("ข้อความของหนังสือ", "Text of the letter"),
        "waiting_place_subject": ("เรื่อง", "Subject"),
        "waiting_place_sender": ("ผู้ส่ง", "Sender"),
        "waiting_place_number": ("ที่ (เลขที่หนังสือ)", "Document number"),
        "waiting_place_date": ("ลงวันที่ เช่น 21 พ.ย. 2569", "Document date, e.g. 21 พ.ย. 2569"),
        "waiting_place_agency": ("ส่วนราชการ/หน่วยงาน", "Agency"),
        "waiting_place_look": ("ตรวจดูก่อนลงทะเบียน", "Look before registering"),
        "waiting_place_confirm": ("ยืนยัน", "Confirm"),
        "waiting_place_would": ("เมื่อยืนยันแล้วจะเป็น", "Once confirmed it becomes"),
        "waiting_place_same": ("มีเลขที่หนังสือเดียวกันแล้ว", "Same document number as"),
        "waiting_place_by_person": ("พิมพ์", "typed"),
        "waiting_place_by_machine": ("เครื่องอ่าน", "machine"),
        "waiting_place_wrong": (
            "ข้อมูลที่พิมพ์ไม่ครบหรือผิดรูปแบบ ต้องมีข้อความหรือชื่อเรื่อง และวันที่ต้องถูกต้อง",
            "Something is missing or wrong: a text or a subject is needed, and a proper date",
        ),
        "waiting_did": (
            "รายการที่ {id}: {outcome}",
            "Item {id}: {outcome}",
        ),
        "waiting_retried": (
            "ให้อ่านใหม่ {done} รายการ ไม่ได้ทำ {refused} รายการ",
            "{done} to be read again, {refused} refused",
        ),
        "waiting_nothing_chosen": ("ยังไม่ได้เลือกรายการ", "Nothing is chosen"),
        "waiting_as_letter": ("เปิดเรื่อง", "Open the case"),
        "secret_desk": ("หนังสือลับ", "Secret desk"),
        "secret_how": (
            "ระบบไม่อ่านและไม่แสดงเนื้อหา ชื่อเรื่อง หรือชื่อแฟ้มของหนังสือชั้นความลับ",
            "Of a classified letter neither text nor subject nor file name is read or shown",
        ),
        "secret_none": ("ไม่มีหนังสือลับรอส่งมอบ", "No classified letter waits"),
        "secret_waiting": ("รอส่งมอบ", "Waiting"),
        "secret_everything": ("ทั้งหมด", "All"),
        "secret_whom": ("ผู้มีสิทธิ์รับ", "Who may take it"),
        "secret_nobody": ("ไม่มีผู้มีชั้นความลับถึง แจ้งหัวหน้าสำนักงาน", "Nobody is cleared: call the head"),
        "secret_state": ("การส่งมอบ", "Hand-over"),
        "secret_taken": ("{by} รับไปเมื่อ {at}", "taken by {by}, {at}"),
        "secret_take": ("ข้าพเจ้ารับรายการนี้แล้ว", "I have taken this item"),
        "secret_take_item": ("รับรายการที่ {id}", "Take item {id}"),
        "secret_not_cleared": ("เกินชั้นความลับของท่าน", "above your clearance"),
        "secret_done": ("บันทึกการรับรายการที่ {id} แล้ว", "Item {id}: the hand-over is recorded"),
    }
)
