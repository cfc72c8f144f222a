"""Official letters made of parts, and mails that carry them as text files."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

MINISTER = "รัฐมนตรีว่าการกระทรวงศึกษาธิการ"
MATTERS = (
    (
        "ขออนุมัติงบประมาณซ่อมแซมอาคารเรียนที่ถูกพายุ",
        "ด้วยเมื่อวันที่ ๒ พฤศจิกายน ๒๕๖๙ ได้เกิดพายุลมแรงพัดหลังคาอาคารเรียนของโรงเรียนบ้านสายลม"
        "เสียหายจำนวน ๔ ห้อง นักเรียนต้องเรียนในหอประชุมเป็นการชั่วคราว สำนักงานเขตพื้นที่ได้สำรวจความเสียหาย"
        "และประมาณราคาค่าซ่อมแซมแล้วเป็นเงิน ๘๕๐,๐๐๐ บาท จึงขออนุมัติงบประมาณเพื่อดำเนินการโดยเร็ว",
    ),
    (
        "ขอเชิญเป็นประธานเปิดงานวันวิชาการประจำปี",
        "สมาคมผู้ปกครองกำหนดจัดนิทรรศการผลงานนักเรียน ณ ลานเอนกประสงค์ของจังหวัด มีผู้เข้าร่วมประมาณห้าร้อยคน"
        "จากสถานศึกษายี่สิบแห่ง ในการนี้เห็นว่าท่านเป็นผู้มีความรู้และให้การสนับสนุนกิจกรรมเยาวชนด้วยดีเสมอมา "
        "คณะกรรมการจัดงานขอเรียนเชิญท่านเป็นประธานในพิธีเปิดและบรรยายพิเศษหัวข้อการอ่านของเด็กไทย",
    ),
    (
        "รายงานผลการตรวจสอบการจัดซื้อหนังสือห้องสมุด",
        "ตามที่มีผู้แจ้งเบาะแสเกี่ยวกับราคาหนังสือสูงกว่าท้องตลาด คณะทำงานได้ตรวจเอกสารใบเสนอราคาทั้งสามราย"
        "พบว่าผู้ขายรายหนึ่งเสนอราคาเกินจริงร้อยละสิบแปด คณะทำงานจึงให้ยกเลิกการจัดซื้อและเรียกเงินคืนเรียบร้อย "
        "พร้อมทั้งตักเตือนเจ้าหน้าที่พัสดุและอบรมระเบียบใหม่ให้แก่บุคลากรทุกคนในสังกัดแล้ว",
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One official letter; `matter` is an index of `MATTERS`."""

    number: str = "ศธ ๐๔๑๒๓/๕๐๑"
    day: str = "๙ พฤศจิกายน ๒๕๖๙"
    matter: int = 0
    addressee: str = MINISTER
    top: str = ""
    between: str = ""
    more: str = ""

    def text(self) -> str:
        subject, body = MATTERS[self.matter]
        head = f"{self.top}\n" if self.top else ""
        between = f"{self.between}\n\n" if self.between else ""
        return (
            f"{head}ที่ {self.number}\n\nสำนักงานเขตพื้นที่การศึกษาสมมติ\nถนนตัวอย่าง จังหวัดนครสวรรค์ ๖๐๐๐๐"
            f"\n\n{self.day}\n\nเรื่อง {subject}\n\nเรียน {self.addressee}\n\n{between}{body}\n\n"
            f"{self.more}\n\nจึงเรียนมาเพื่อโปรดพิจารณา\n\nขอแสดงความนับถือ\n\n(นายสมมติ ตัวอย่าง)\n"
            "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาสมมติ\n"
        )


FIRST = Sample()
SECOND = Sample(number="ศธ ๐๔๑๒๓/๕๑๗", day="๑๑ พฤศจิกายน ๒๕๖๙", matter=1)
THIRD = Sample(number="ศธ ๐๔๑๒๓/๕๒๒", day="๑๒ พฤศจิกายน ๒๕๖๙", matter=2)


def mail_of(files: dict[str, str], *, message_id: str = "<several@example.org>") -> bytes:
    """Return a mail with text files attached."""
    message = EmailMessage()
    message["From"] = "clerk@example.org"
    message["To"] = "saraban@office.example"
    message["Subject"] = "ส่งหนังสือราชการ"
    message["Message-ID"] = message_id
    message.set_content("เรียนเจ้าหน้าที่ ขอส่งหนังสือตามแนบ")
    for name, text in files.items():
        message.add_attachment(text.encode(), "application", "octet-stream", filename=name)
    return bytes(message)
