"""Words of the list of people and of one's own absence."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "people": ("บุคลากรและสิทธิ์", "People"),
        "people_shown": ("แสดง", "Shown"),
        "people_in_office": ("ผู้ปฏิบัติงาน", "In office"),
        "people_left_too": ("รวมผู้ที่พ้นไปแล้ว", "Those who left, too"),
        "people_has_left": ("พ้นจากสำนักงาน {day}", "left {day}"),
        "people_add": ("เพิ่มบุคลากร", "Add a person"),
        "people_email": ("อีเมลรับการแจ้งเตือน", "E-mail for notices"),
        "people_role": ("บทบาทแรก", "First role"),
        "people_give": ("เพิ่มบทบาท", "Give a role"),
        "people_take": ("ถอดบทบาท", "Take"),
        "people_no_role": ("ยังไม่มีบทบาท", "No role yet"),
        "people_save": ("บันทึก", "Save"),
        "people_nobody": ("ไม่มี", "Nobody"),
        "people_away_from": ("ลาตั้งแต่", "Away from"),
        "people_away_until": ("ถึง (เว้นว่างถ้ายังไม่ทราบ)", "Until (blank if not known)"),
        "people_day_hint": (
            "เช่น 24/11/2569 หรือ 24 พ.ย. 2569 เว้นว่างทั้งสองช่องเมื่อกลับมาแล้ว",
            "For example 24/11/2569; leave both blank when back at work",
        ),
        "people_deputy_why": (
            "ระหว่างลา ผู้แทนได้บทบาทของกลุ่มและการแจ้งเตือนแทน ไม่ได้ชั้นความลับ",
            "While the person is away the deputy holds their roles of a group and gets their "
            "notices, never the clearance.",
        ),
        "people_details": ("ชื่อและอีเมล", "Name and e-mail"),
        "people_done_details": ("บันทึกชื่อและอีเมลแล้ว", "The name and e-mail are saved"),
        "people_password": ("รหัสผ่านใช้ครั้งเดียว", "One-time password"),
        "people_password_make": ("ออกรหัสผ่านใหม่", "Make a new password"),
        "people_password_why": (
            "รหัสเดิมใช้ไม่ได้อีก และผู้นี้ถูกออกจากระบบทุกเครื่อง",
            "The old one ends, and the person is signed out everywhere.",
        ),
        "people_password_once": (
            "แสดงครั้งเดียว โปรดมอบให้เจ้าตัวโดยตรง เมื่อเข้าสู่ระบบครั้งแรกต้องเปลี่ยนรหัสผ่าน",
            "Shown once. Hand it over in person: it has to be changed at the first sign-in.",
        ),
        "people_retire": ("พ้นจากสำนักงาน", "Leaves the office"),
        "people_retire_why": (
            "เข้าสู่ระบบและทำรายการไม่ได้อีก สิ่งที่ทำไว้ยังอยู่ครบ ย้อนกลับไม่ได้",
            "They can neither sign in nor act again. What they did stays. It cannot be undone.",
        ),
        "people_retire_sure": ("ยืนยันว่า {name} พ้นจากสำนักงานแล้ว", "{name} has left the office"),
        "people_retired": ("บันทึกการพ้นจากสำนักงานแล้ว", "The person has left the office"),
        "people_done_role": ("เพิ่มบทบาทแล้ว", "The role is given"),
        "people_done_role_take": ("ถอดบทบาทแล้ว", "The role is taken"),
        "people_done_clearance": ("บันทึกชั้นความลับแล้ว", "The clearance is set"),
        "people_done_absence": ("บันทึกวันลาแล้ว", "The absence is saved"),
        "people_done_deputy": ("บันทึกผู้แทนแล้ว", "The deputy is set"),
        "roles": ("บทบาท", "Roles"),
        "clearance": ("ชั้นความลับที่เข้าถึงได้", "Clearance"),
        "deputy": ("ผู้แทน", "Deputy"),
        "absence": ("วันลา", "Away"),
        "absence_own": ("วันลาและผู้แทนของฉัน", "My absence and deputy"),
        "absence_back": ("กลับมาปฏิบัติงานแล้ว", "I am back at work"),
        "absence_deputy": ("ผู้แทนของท่านคือ {name}", "Your deputy is {name}"),
        "absence_no_deputy": ("ยังไม่ได้กำหนดผู้แทน", "You have no deputy"),
        "absence_deputy_why": (
            "ระหว่างที่ท่านลา ผู้แทนได้บทบาทของกลุ่มและการแจ้งเตือนแทนท่าน ไม่ได้ชั้นความลับ ระบบบันทึกว่าทำแทนใคร",
            "While you are away your deputy holds your roles of a group and gets your notices, "
            "never the clearance. The trail says for whom they acted.",
        ),
        "absence_stands_for": ("ท่านเป็นผู้แทนของ", "You stand in for"),
        "account": ("บัญชี", "Account"),
        "account_none": ("ไม่มี", "none"),
        "account_one_time": ("รอเปลี่ยนรหัสผ่าน", "one-time password"),
        "account_ready": ("พร้อมใช้", "ready"),
        "last_sign_in": ("เข้าใช้ล่าสุด", "Last sign-in"),
    }
)
