"""What the counts of a run are called in Thai, and what a person does about them."""

from __future__ import annotations

from collections.abc import Mapping

THAI = {
    "received": "รับเข้ามาใหม่",
    "faults": "แหล่งที่ติดต่อไม่ได้",
    "registered": "ลงทะเบียนรับแล้ว",
    "duplicate": "ซ้ำกับที่รับไว้แล้ว",
    "held": "อ่านไม่ได้ รอคนดู",
    "quarantined": "จดหมายอัตโนมัติ กักไว้",
    "secret": "มีชั้นความลับ รอนายทะเบียน",
    "pending": "อ่านยังไม่สำเร็จ จะลองใหม่เอง",
    "rejected": "ไม่ใช่หนังสือ",
    "classified": "จำแนกประเภทแล้ว",
    "assigned": "มอบหมายกลุ่มแล้ว",
    "triage": "เครื่องไม่แน่ใจ รอคนจำแนก",
    "drafted": "ร่างบันทึกเสนอแล้ว",
    "failed": "เครื่องทำไม่สำเร็จ จะลองใหม่เอง",
    "acknowledgements": "ร่างหนังสือตอบรับแล้ว",
    "redated": "วันครบกำหนดที่เปลี่ยน",
    "kept": "วันครบกำหนดที่คงไว้",
    "asked": "ขอให้ตรวจปฏิทินปีใหม่",
    "watched": "เรื่องที่เฝ้าดู",
    "put": "แจ้งเตือนใหม่",
    "later": "รอเวลาราชการ",
    "unreachable": "ไม่รู้จะแจ้งใคร",
    "unclear": "ยังไม่ชัดเจน",
    "alerts": "เหตุขัดข้องที่แจ้งแล้ว",
    "sent": "ส่งออกแล้ว",
    "refused": "เซิร์ฟเวอร์อีเมลปฏิเสธ",
    "waiting": "รอส่ง",
    "given_up": "เลิกส่ง",
    "leases_freed": "งานค้างที่ปล่อยให้ทำต่อ",
    "runs_crashed": "รอบงานค้างที่ปิดให้",
    "files_moved": "แฟ้มที่ย้ายเข้าที่",
    "letters_waiting": "หนังสือที่รออ่านนานเกินไป",
    "cases_stuck": "เรื่องที่เครื่องทำไม่สำเร็จสี่ครั้ง",
}

TO_DO = {
    "held": "ดูคิว “อ่านไม่ได้” ในหน้าสารบรรณ · open the holding pen",
    "quarantined": "ไม่ต้องทำ เว้นแต่เป็นหนังสือจริง · nothing, unless it is a letter",
    "secret": "แจ้งนายทะเบียนข้อมูลข่าวสารลับ · call the registrar of secrets",
    "triage": "เลือกประเภทในคิว “รอจำแนก” · choose in the triage queue",
    "pending": "รอ ลองใหม่เองไม่เกินสี่ครั้ง · wait, it is tried again",
    "failed": "รอ ลองใหม่เองไม่เกินสี่ครั้ง · wait, it is tried again",
    "unreachable": "เพิ่มบุคคลหรืออีเมลกลุ่ม · enter people or the group's mailbox",
    "refused": "ตรวจที่อยู่อีเมลผู้รับ · check the recipient's address",
    "given_up": "ตรวจที่อยู่อีเมลผู้รับ · check the recipient's address",
    "letters_waiting": "ดูรอบงาน process · look at the runs of `process`",
    "cases_stuck": "`saraban status` แล้วดู logs/prefect-worker.log",
}

# Counts that wait for a person.
WAITING = ("triage", "held", "secret", "pending", "failed")


def count_rows(counts: Mapping[str, int]) -> list[Mapping[str, str | int]]:
    """Return the rows of a table of counts: Thai, the name in the code, number, what to do."""
    return [
        {
            "รายการ": THAI.get(what, what),
            "count of": what,
            "จำนวน": number,
            "ต้องทำอะไร": TO_DO.get(what, "–") if number else "–",
        }
        for what, number in counts.items()
    ]


def thai_line(counts: Mapping[str, int]) -> str:
    """Return one line of what happened, leaving out what did not."""
    said = [f"{THAI.get(what, what)} {number}" for what, number in counts.items() if number]
    return " · ".join(said) or "ไม่มีอะไรใหม่"


def waiting(counts: Mapping[str, int]) -> str:
    """Return what waits for a person, as `1 held, 2 triage`; empty where nothing does."""
    return ", ".join(f"{counts[name]} {name}" for name in WAITING if counts.get(name))
