"""Words of the sign-in, the password and the first run."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "sign_in": ("เข้าสู่ระบบ", "Sign in"),
        "sign_out": ("ออกจากระบบ", "Sign out"),
        "sign_out_everywhere": ("ออกจากระบบทุกเครื่อง", "Sign out everywhere"),
        "sign_out_everywhere_why": (
            "ใช้เมื่อลืมออกจากระบบในเครื่องอื่นหรือเครื่องสูญหาย เครื่องนี้จะออกจากระบบด้วย",
            "For a browser left open elsewhere or a lost machine; this one is signed out, too.",
        ),
        "sign_in_name": ("ชื่อผู้ใช้", "Sign-in name"),
        "sign_in_name_rule": (
            "ใช้ตัวอักษรอังกฤษตัวเล็ก เลขอารบิก และ . _ - @ อย่างน้อยสองตัว เปลี่ยนภายหลังไม่ได้",
            "2 or more of a-z, 0-9 and . _ - @; it cannot be changed later",
        ),
        "sign_in_help": (
            "ลืมรหัสผ่านหรือยังไม่มีบัญชี โปรดติดต่อผู้ดูแลระบบ",
            "Without a password or an account, ask the administrator.",
        ),
        "form_signed_out_why": (
            "ท่านไม่ได้ใช้งานนานเกินไปหรือออกจากระบบแล้ว ยังไม่มีการบันทึกใด ๆ โปรดเข้าสู่ระบบแล้วลองอีกครั้ง",
            "You were away too long or are signed out. Nothing was saved: sign in and try again.",
        ),
        "form_kept": ("ข้อความที่พิมพ์ไว้ คัดลอกไปใช้ต่อได้", "What you typed, to be copied"),
        "form_anew": ("เปิดหน้าเดิมใหม่", "Open the page anew"),
        "or": ("หรือ", "or"),
        "sign_in_by_provider": ("เข้าสู่ระบบด้วยบัญชีหน่วยงาน", "Sign in with the agency's account"),
        "password": ("รหัสผ่าน", "Password"),
        "password_again": ("รหัสผ่านอีกครั้ง", "Password once more"),
        "old_password": ("รหัสผ่านเดิม", "Present password"),
        "new_password": ("รหัสผ่านใหม่", "New password"),
        "new_password_again": ("รหัสผ่านใหม่อีกครั้ง", "New password once more"),
        "change_password": ("เปลี่ยนรหัสผ่าน", "Change the password"),
        "password_rule": (
            "ยาวอย่างน้อย {shortest} ตัวอักษร จะเป็นประโยคภาษาไทยก็ได้ ไม่ต้องมีอักขระพิเศษ",
            "{shortest} characters or more; a sentence will do, special characters are not needed.",
        ),
        "password_elsewhere": (
            "เมื่อเปลี่ยนแล้ว เครื่องอื่นที่เข้าสู่ระบบไว้จะออกจากระบบทั้งหมด",
            "Every other browser of yours is signed out when it changes.",
        ),
        "first_run": ("ตั้งผู้ดูแลระบบคนแรก", "The first administrator"),
        "first_run_why": (
            "ยังไม่มีผู้ดูแลระบบ ผู้ดูแลระบบเพิ่มบุคลากรและกำหนดสิทธิ์ได้ แต่เปิดอ่านหนังสือไม่ได้",
            "Nobody administers this office yet. An administrator enters people and their roles, "
            "and reads no letters.",
        ),
        "first_run_code": ("รหัสครั้งแรก", "One-time code"),
        "first_run_code_help": (
            "คำสั่ง saraban serve และ saraban doctor พิมพ์รหัสนี้ไว้",
            "saraban serve and saraban doctor print it.",
        ),
        "first_run_do": ("สร้างบัญชีผู้ดูแลระบบ", "Make the account"),
        "own_name": ("ชื่อ–นามสกุล", "Name"),
    }
)
