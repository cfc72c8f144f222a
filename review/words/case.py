"""Words of the case page."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "case": ("เรื่อง", "Case"),
        "case_title": ("เรื่องเลขรับ {number}", "Register no. {number}"),
        "the_letter": ("หนังสือต้นฉบับ", "The letter"),
        "back": ("กลับไปทะเบียนรับ", "Back to the register"),
        "urgency": ("ชั้นความเร็ว", "Urgency"),
        "received": ("วันเวลาที่ได้รับ", "Received"),
        "kind": ("ชนิดหนังสือ", "Kind"),
        "sender": ("ผู้ส่ง", "Sender"),
        "fields": ("ข้อมูลจากหนังสือ", "Fields of the letter"),
        "field": ("รายการ", "Field"),
        "machine_value": ("ค่าที่เครื่องอ่านได้", "Read by the machine"),
        "person_value": ("ค่าที่เจ้าหน้าที่แก้", "Set by a person"),
        "page": ("หน้า", "Page"),
        "confidence": ("ความมั่นใจ", "Confidence"),
        "needs_check": ("โปรดตรวจสอบ", "Check this"),
        "no_fields": ("ไม่พบข้อมูลในหนังสือ", "No field was found"),
        "phrase": ("ข้อความในหนังสือ", "the letter's words"),
        "classification": ("การจำแนกประเภท", "Classification"),
        "abstained": (
            "เครื่องไม่มั่นใจ ต้องให้เจ้าหน้าที่เลือกประเภท",
            "The machine is not sure: a person must choose",
        ),
        "evidence": ("คำที่ใช้ตัดสิน", "Evidence"),
        "evidence_for": ("สนับสนุน", "for"),
        "evidence_against": ("คัดค้าน", "against"),
        "decided_by": ("ตัดสินโดย", "Decided by"),
        "by_model": ("เครื่อง", "the machine"),
        "model": ("แบบจำลอง", "Model"),
        "due": ("กำหนดเวลา", "Due date"),
        "anchor": ("วันเริ่มนับ", "Counted from"),
        "explanation": ("คำอธิบาย", "Explanation"),
        "candidates": ("กติกาที่พิจารณา", "Rules considered"),
        "rule": ("กติกา", "Rule"),
        "source": ("ที่มา", "Source"),
        "verified": ("ตรวจยืนยัน", "Verified"),
        "verified_yes": ("ยืนยันแล้ว", "yes"),
        "verified_no": ("ยังไม่ยืนยัน", "no"),
        "unsure": ("เครื่องไม่มั่นใจ", "unsure"),
        "chosen": ("เลือกใช้", "chosen"),
        "not_chosen": ("ไม่ใช้", "not used"),
        "unconfirmed": (
            "ปีที่นับยังไม่ได้ยืนยันวันหยุดราชการ",
            "The holidays of a year it crosses are not confirmed",
        ),
        "needs_person": ("ต้องให้เจ้าหน้าที่กำหนดวัน", "A person must set the date"),
        "drafts": ("ร่างบันทึก", "Drafts"),
        "form": ("แบบ", "Form"),
        "made_at": ("จัดทำเมื่อ", "Made"),
        "superseded": ("มีฉบับใหม่แทนแล้ว", "superseded"),
        "in_force": ("ฉบับปัจจุบัน", "current"),
        "no_drafts": ("ยังไม่มีร่าง", "No draft yet"),
        "attachments": ("แฟ้มที่มาด้วย", "Files that came with it"),
        "perhaps_another_letter": (
            "อาจเป็นหนังสืออีกฉบับ โปรดตรวจสอบ",
            "Perhaps another letter: check it",
        ),
        "size": ("ขนาด", "Size"),
        "bytes": ("ไบต์", "bytes"),
        "text": ("ข้อความในหนังสือ (กดเพื่อเปิดอ่าน)", "Text of the letter (open to read)"),
        "history": ("ประวัติ", "History"),
        "when": ("เมื่อ", "When"),
        "who": ("ผู้กระทำ", "Who"),
        "what": ("การกระทำ", "What"),
        "machine": ("ระบบ", "the system"),
        "not_found": ("ไม่พบหน้าที่ขอ", "Not found"),
        "not_found_why": (
            "ไม่มีเรื่องหรือหน้านี้ในทะเบียน โปรดตรวจเลขแล้วลองใหม่",
            "There is no such case or page in the register. Check the number and try again.",
        ),
        "forbidden": ("เรื่องนี้จำกัดผู้เข้าถึง", "This case is restricted"),
        "forbidden_why": (
            "เปิดได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับที่ได้รับอนุญาต ระบบบันทึกการขอเปิดครั้งนี้ไว้แล้ว",
            "Only a registrar of classified information with the clearance opens it. "
            "This attempt has been recorded.",
        ),
        "case_refused": ("ท่านไม่มีสิทธิ์เปิดเรื่องนี้", "This case is not open to you"),
        "case_refused_why": (
            "เป็นเรื่องของกลุ่มอื่น โปรดติดต่อหัวหน้ากลุ่มที่รับผิดชอบ ระบบบันทึกการขอเปิดครั้งนี้ไว้แล้ว",
            "It belongs to another group: ask its head. This attempt has been recorded.",
        ),
        "not_allowed": ("ท่านไม่มีสิทธิ์เปิดหน้านี้", "This page is not open to you"),
        "not_allowed_why": (
            "หน้านี้เป็นของบทบาทอื่น หากจำเป็นต้องใช้โปรดติดต่อผู้ดูแลระบบ",
            "It belongs to another role. Ask the administrator if you need it.",
        ),
        "go_home": ("ไปหน้าแรก", "To the first page"),
        "form_foreign": ("แบบฟอร์มนี้หมดอายุแล้ว", "This form has expired"),
        "form_foreign_why": (
            "เปิดไว้ก่อนเข้าสู่ระบบครั้งนี้หรือมาจากที่อื่น ยังไม่มีการบันทึกใด ๆ โปรดเปิดหน้าใหม่แล้วลองอีกครั้ง",
            "It was opened before this sign-in, or comes from elsewhere. Nothing was saved: "
            "open the page anew and try again.",
        ),
        "form_too_large": ("ข้อมูลที่ส่งมามากเกินไป", "Too much was sent"),
        "form_too_large_why": (
            "ยังไม่มีการบันทึกใด ๆ โปรดย่อข้อความแล้วส่งใหม่",
            "Nothing was saved. Shorten the text and send it again.",
        ),
        "likeness": ("อาจซ้ำหรือเกี่ยวข้องกับ", "Perhaps a duplicate of or related to"),
        "campaign": (
            "เรื่องข้อความเดียวกันจากหลายคน รวม {letters} ฉบับ ฉบับแรกเลขรับ",
            "One petition from many senders, {letters} letters; the first is no.",
        ),
        "link_kind": ("ความเกี่ยวข้อง", "Relation"),
        "common_text": ("ข้อความตรงกัน", "Common text"),
        "link_decided": ("ผลพิจารณา", "Decided"),
        "link_open": ("รอพิจารณา", "to be decided"),
        "link_accepted": ("ใช่", "accepted"),
        "link_declined": ("ไม่ใช่", "declined"),
        "stamped_copy": ("สำเนาประทับตรารับ (.pdf)", "Copy with the receipt stamp (.pdf)"),
        "not_stampable": ("ทำสำเนาประทับตรารับไม่ได้", "No stamped copy can be made"),
        "not_stampable_why": (
            "หนังสือเป็นข้อความอีเมล แฟ้มเปิดไม่ได้ หรือเลขรับยกเลิกแล้ว ต้นฉบับยังอยู่ครบในระบบ",
            "The letter is a mail's own text, its file cannot be opened, or the number is void. "
            "The original is safe.",
        ),
        "blob_damaged": ("แฟ้มในที่เก็บเสียหายหรือสูญหาย", "The stored file is damaged or missing"),
        "blob_damaged_why": (
            "โปรดแจ้งผู้ดูแลระบบให้นำแฟ้มจากสำเนาสำรองกลับมา",
            "Ask the administrator to restore it from the backup.",
        ),
        "fault": ("ระบบขัดข้อง", "Something went wrong"),
        "fault_why": (
            "ลองใหม่อีกครั้ง ถ้ายังขัดข้องโปรดแจ้งผู้ดูแลระบบพร้อมเวลาที่เกิด",
            "Try again; if it stays, tell the administrator the time it happened.",
        ),
    }
)
