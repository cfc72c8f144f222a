"""Words of the list of people."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "people": ("บุคลากรและสิทธิ์", "People"),
        "people_how": ("เพิ่มหรือแก้ไขด้วยคำสั่ง", "Added and changed by the command"),
        "roles": ("บทบาท", "Roles"),
        "clearance": ("ชั้นความลับที่เข้าถึงได้", "Clearance"),
        "deputy": ("ผู้แทน", "Deputy"),
        "absence": ("วันลา", "Away"),
        "account": ("บัญชี", "Account"),
        "account_none": ("ไม่มี", "none"),
        "account_one_time": ("รอเปลี่ยนรหัสผ่าน", "one-time password"),
        "account_ready": ("พร้อมใช้", "ready"),
        "last_sign_in": ("เข้าใช้ล่าสุด", "Last sign-in"),
    }
)
