"""How letters name whoever complains, their children and kin: patterns with the group `name`."""

from __future__ import annotations

import re
from typing import Final

THAI: Final = "[ก-ฮะ-ฺเ-๎]"
_RANK = (
    r"(?:ว่าที่\s?)?(?:(?:พล|พัน|ร้อย|จ่า|สิบ)(?:ตำรวจ|เรือ|อากาศ)?(?:ตรี|โท|เอก)(?:หญิง)?"
    r"|(?:พล|พ|ร|ส|จ|ด)\.(?:[ตทอ]\.){1,3}(?:หญิง)?)"
)
# นายก…, นายอำเภอ and the like are no titles of a name.
_POST = r"กกัน(?!ต)|กรัฐ|กสภา|กเทศ|กองค์|กสมาคม|กอบ|อำเภอ|ทะเบียน|จ้าง|แพทย์|ช่าง|ตำรวจ|ทหาร|หน้า"
TITLE: Final = (
    rf"(?:นาง\s?สาว|นาย(?!{_POST})|นาง(?!าน)|น\.\s?ส\.|เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.|คุณ|(?:ผู้ช่วย|รอง)?ศาสตราจารย์(?:\s?ดร\.)?|ดร\.|(?:ผศ|รศ|ศ)\.(?:\s?ดร\.)?|{_RANK}"
    r"|(?:ท|ส)?พญ\.|(?<![ก-๎])[นทส]พ\.|(?<![ก-๎])ภ[กญ]\.|แพทย์หญิง"
    r"|นายแพทย์(?!สาธารณสุข|ชำนาญ|เชี่ยวชาญ|ปฏิบัติ|ทรงคุณ|ใหญ่)"
    r"|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)"
)
# What stands before a short or first name among people who know one another.
KIN: Final = (
    r"(?:คุณ|น้อง|พี่|ครู|ลุง|ป้า|น้า|อา(?!ตมา|จารย์|คาร|หาร|ยุ|ชีพ)|ตา(?!ม)|ยาย|ปู่|ย่า|แม่|พ่อ|เจ๊|เฮีย|หนู|ไอ้|อี)"
)
_INITIAL = rf"[ก-ฮ]\.\s?{THAI}{{2,30}}"
_LATIN = r"[A-Z][\w'-]{1,30}(?:\s[A-Z][\w'.-]{0,30}){1,3}"
# Names of one people have parts such as บิน; surnames may begin with ณ or แซ่.
_MORE = rf"(?:\s+(?:บิน|บินตี|ณ)\s+{THAI}{{2,40}})"
NAME: Final = (
    rf"{THAI}{{2,30}}{_MORE}|{THAI}{{2,30}}\s+{THAI}{{2,40}}|{_INITIAL}"
    rf"|{_LATIN}(?:\s{THAI}{{2,30}}){{0,2}}"
)
# ผม is hair, too: ทรงผม, ตัดผม, คลุมผม.
_I = (
    r"(?:ข้?าพเจ้?า|ดิฉัน|ดิชั้น|กระผม|(?<!ทรง)(?<!ตัด)(?<!คลุม)(?<!ไว้)(?<!สระ)(?<!เส้น)(?<!ย้อม)ผม|หนู|ฉัน"
    r"|(?<!ของพวก)(?<!พวก)เรา|อาตม(?:าภาพ|ภาพ|า))"
)
_SELF = rf"(?:{_I}|My name is|I am|I['’]m|I,)"
_TELLS = (
    r"(?:ผู้ร้อง|ได้?(?:มีหนังสือ|ร้อง|ยื่น|แจ้ง|ขอ|ส่ง)|ร้องเรียน|ร้องทุกข์|ร้องขอ|ขอความ|ขอให้|ยื่น|มีหนังสือ|แจ้งว่า"
    r"|ในฐานะผู้ร้อง|\(?ผู้เสียหาย)"
)
_COMPLAINANT = (
    r"(?:ผู้ร้อง(?:เรียน|ทุกข์|ขอ)?|ผู้เสียหาย|ผู้แจ้ง(?:เรื่อง|เบาะแส)?|ผู้ให้ข้อมูล|ผู้ขอ(?:ความช่วยเหลือ)?|ผู้เขียน|ผู้ปกครอง(?:ของ\S{0,20})?"
    r"|(?:คำร้อง|เรื่อง|หนังสือ|ข้อ)(?:ร้องเรียน|ร้องทุกข์|ร้อง)?(?:ทุกข์)?(?:จาก|ของ)|(?:ร้องเรียน|ร้องทุกข์)(?:จาก|ของ|โดย)|ราษฎร(?:ชื่อ|ราย)?|ประชาชน(?:ชื่อ|ราย))"
)
_CHILD = r"(?:บุตร|ลูก|หลาน|ภรรยา|สามี|มารดา|บิดา|พ่อ|แม่|พี่|น้อง)"
# What a person says of themselves next, behind a name that has no title.
_SAYS_NEXT = (
    r"(?=\s*(?:\(|,|\n|$)|\s+(?:เป็น|ขอ|แจ้ง|ร้อง|อายุ|อาชีพ|อยู่|มี|ได้|ซึ่ง|ตำแหน่ง|ในฐานะ|นักเรียน|ผู้ปกครอง|ครู|เบอร์|โทร|บ้าน"
    r"|เลข|คนขับ|เจ้าของ|อดีต|พนักงาน|ข้าราชการ|ประธาน|ชาว|พักอาศัย|จบ|เรียน|สมัคร|ถูก|พร้อม))"
)
# A word that begins so is what somebody does, not what they are called.
NO_FIRST: Final = (
    r"(?!บาท|ล้าน|คน|วัน|เดือน|ปี|ครั้ง|ชั่วโมง|ขอ|เป็น|ได้|มี|ไม่|ขับ|อยาก|เคย|จะ|ต้อง|ถูก|อยู่|ไป|มา|เห็น|ทราบ|เรียน|และ|กับ|ใน|ที่|รู้|คิด|พบ|สมัคร|จึง|ก็|ยัง|เพิ่ง|โอน|ซื้อ"
    r"|ชื่อ|ทำ|ให้|แจ้ง|ร้อง|นัก|ผู้|พ่อ|แม่|ครู|เอง|หรือ|แต่|เมื่อ|ตาม|จาก|ทั้ง|สอน|จบ|พา|ส่ง|เดิน|เสีย|ติด|รับ|ใช้|ยื่น|เดือด|สงสัย|กลัว|ได|ว่า|นี้|ซึ่ง|โดย"
    r"|ไว้|สั้น|ยาว|ทุก|คน|ขาย|ทำงาน|พยายาม|ประสงค์|ต่อ|พร้อม|ใคร|ลง|เข้า|ออก|กำลัง|ควร|อาจ|ยิน|รอ|ถาม|บอก|พูด|เล่น|กิน|นอน|เก็บ|จ่าย|แล้ว|ด้วย|สามารถ|ฝาก"
    r"|ตัด|แพ้|ปวด|เจ็บ|หิว|ป่วย|ลา|เล่า|อ่าน|เขียน|จำ|ลืม|คุย|โทร|ติดต่อ)"
)
_PARTICLE = r"(?:นะคะ|นะครับ|นะค่ะ|ค่ะ|คะ|ครับ|จ้า)"
_DIGITS = r"[+(]?[0-9๐-๙O][0-9๐-๙ ().\-–O]{6,}"
_PHONE = r"(?:[+]?66|[0๐O])(?:[ ().\-–]{0,3}[0-9๐-๙O]){8,9}(?![0-9๐-๙])"
_NO_LABEL = r"(?!เบอร์|มือถือ|แฟกซ์|บ้าน|เลข|ไลน์|หรือ|ที่)"
_ME = r"(?:ผม|ดิฉัน|ฉัน|หนู|ข้าพเจ้า|กระผม|ตัวเอง)"
# What is numbered as houses are: a year of school, an order.
_NUMBERED = r"ชั้น|ประถม|มัธยม|อนุบาล|ปีที่|ห้อง|เลขที่|ที่|คำสั่ง|หนังสือ|ประกาศ|เล่ม|ข้อ|มาตรา"
_KIND = rf"(?:{KIN}|พ่อครู|แม่ครู|หนาน|เจ็ก|แปะ|บัง|ก๊ะ|บัก|จ๊ะ|โกว|ซ้อ|กู๋|อาจารย์)"
_RELATIVE = (
    # No part of อย่า and เมตตา.
    r"(?<!อ)(?<!เมต)(?:ลูก(?:สะใภ้|เขย|สาว|ชาย)?|หลาน(?:สาว|ชาย)?|บุตร(?:สาว|ชาย)?|แฟน|สามี|ภรรยา|เมีย|แม่|พ่อ|มารดา|บิดา"
    r"|(?:พี่|น้อง)(?:สาว|ชาย|สะใภ้|เขย)?|เพื่อน(?:บ้าน)?|ปู่|ย่า|ตา|ยาย|ลุง|ป้า|น้า|อา)"
)
_CALL = r"(?:โทร|เบอร์|มือถือ|ติดต่อ|ไลน์|Line|LINE|Tel|Phone)"

ANYWHERE: Final = (
    re.compile(rf"{_SELF}\s*(?:ชื่อ\s*(?:{TITLE}\s*)?|{TITLE}\s*)(?P<name>{NAME})"),
    re.compile(
        rf"{_I}\s?(?P<name>{THAI}{{2,24}}(?:\s{THAI}{{2,30}})?)\s{{1,3}}"
        r"(?:โทร|เบอร์|มือถือ|ติดต่อ|ไลน์|Line)"
    ),
    re.compile(rf"{_SELF}\s+(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)+)"),
    re.compile(rf"(?:มอบอำนาจ(?:จาก|ของ)?|ลูกความ(?:คือ|ชื่อ)?|แทน)\s*{TITLE}\s*(?P<name>{NAME})"),
    re.compile(rf"{_COMPLAINANT}\s*(?:คือ|ชื่อ|ราย|[:：])?\s*{TITLE}\s*(?P<name>{NAME})"),
    re.compile(
        rf"ผู้(?:ร้อง(?:เรียน|ทุกข์)?|แจ้ง|เสียหาย)\s?(?:คือ|ชื่อ|[:：]|\()\s*(?:{TITLE}\s*)?"
        rf"(?P<name>{THAI}{{3,30}}(?:\s+{THAI}{{2,40}})?)"
    ),
    re.compile(
        rf"{TITLE}\s*(?P<name>{THAI}{{2,30}}\s+{THAI}{{2,30}}?)(?:\s*\([^()\n]{{1,40}}\))?\s*{_TELLS}"
    ),
    re.compile(
        rf"{TITLE}\s*(?P<name>{THAI}{{2,30}}\s+{THAI}{{2,40}})(?:(?!{TITLE})[^\n]){{0,90}}?"
        r"(?:ได้มีหนังสือ|มีหนังสือร้อง|ได้ร้อง(?:เรียน|ทุกข์|ขอ)|(?:ได้)?ยื่น(?:เรื่อง|คำร้อง|หนังสือ)|ขอความเป็นธรรม)"
    ),
    re.compile(rf"(?:เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.)\s*(?P<name>{NAME}|{THAI}{{2,30}})"),
    re.compile(
        rf"{_CHILD}(?:ชาย|สาว|หญิง)?(?:ของ)?(?:{_SELF}|ผู้ร้อง)?\s*(?:ชื่อ|คือ)(?:เล่น)?\s*(?:{TITLE}\s*)?(?P<name>{NAME}|{THAI}{{2,30}})"
    ),
    re.compile(
        rf"{_SELF}\s*{TITLE}?\s*{THAI}{{2,30}}\s+{THAI}{{2,40}}\s+(?:เป็น)?{_CHILD}(?:ของ)?\s*{TITLE}\s*(?P<name>{NAME})"
    ),
    re.compile(rf"ชื่อ(?:จริง|บัญชี|เล่น)(?:ว่า|คือ)?\s*[:：]?\s*(?:{TITLE}\s*)?(?P<name>{NAME}|{THAI}{{2,30}})"),
    re.compile(
        r"^[ \t]*(?:ชื่อ(?:\s?[-–]?\s?(?:นาม)?สกุล)?(?:ผู้ร้อง\S{0,8})?|ผู้ร้อง\S{0,8}|ผู้แจ้ง\S{0,8}|ผู้ส่ง|จาก"
        r"|From|Name|Full name|Sender)"
        rf"[ \t]*[:：][ \t]*(?:{TITLE}[ \t]*)?(?P<name>[^\n<@:,]{{3,60}})",
        re.MULTILINE | re.IGNORECASE,
    ),
    re.compile(
        rf"^[ \t]*(?:ผู้ส่ง|ผู้ร้อง\S{{0,8}})[ \t]*\n\s*(?:{TITLE}\s*)?(?P<name>{NAME})",
        re.MULTILINE,
    ),
    re.compile(
        r"\bmy\s(?:full\s|real\s)?name is\s+(?P<name>[a-z][\w'-]{1,30}"
        r"(?:\s(?!and\b|from\b|i\b|im\b)[a-z][\w'-]{1,30}){0,2})",
        re.IGNORECASE,
    ),
    re.compile(r"\bI(?:['’]M| AM),?\s(?P<name>[A-Z][A-Z'-]+(?:\s[A-Z][A-Z'-]+){1,2})(?=[,.\n(])"),
    re.compile(
        r"\b(?:(?:mother|father|parents?|mum|mom|dad|guardian|grandmother|grandfather)\s+of"
        r"|my\s+(?:son|daughter|child|wife|husband|grandson|granddaughter)),?\s+(?-i:(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,3}))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:son|daughter|boy|girl|child|wife|husband|grandson|granddaughter|nephew|niece)\b[^.\n]{0,30}?(?:,|\bnamed|\bcalled|\()\s?(?-i:(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2}))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:นาม\s?|ชื่อ\s?|(?<![ก-๎]))สกุล\s*+(?:เดิม)?\s*+(?:ว่า|คือ)?\s*+[:：]?\s*(?P<name>{THAI}{{3,40}})"),
    re.compile(rf"(?:ชื่อ(?:ตามบัตร\S{{0,9}}|ไทย|ในบัตร|เต็ม|เดิม|อังกฤษ))\s*(?:ว่า|คือ|[:：])?\s*(?:{TITLE}\s*)?(?P<name>{NAME})"),
    re.compile(
        r"(?:calls?|called|known as|nicknamed?)\s(?:me\s|as\s|is\s)?"
        r"[“\"'‘](?P<name>[A-Z]\w{1,20})[”\"'’]"
    ),
)  # fmt: skip
# Only of private persons: of an official these tell a name that has to stay.
PRIVATE: Final = (
    re.compile(rf"^[ \t]*\([ \t]*(?:{TITLE}\s*)?(?P<name>{NAME})[ \t]*\)", re.MULTILINE),
    # Kin with title and whole name: มารดา นางคำ ณ ลำปาง.
    re.compile(rf"{_RELATIVE}(?:ของ)?{_ME}?\s?(?:คือ\s?|ชื่อ\s?)?{TITLE}\s*(?P<name>{NAME})"),
    # A whole name before a house number: where to answer.
    re.compile(
        rf"(?:(?<![ก-๎])|(?<=ที่)|(?<=ถึง))(?:{TITLE}\s*)?(?!{_NUMBERED})"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}"
        rf"(?!{_NUMBERED}){NO_FIRST}{THAI}{{2,30}})[ \t]{{1,3}}"
        r"(?:(?:บ้าน)?เลขที่\s?)?(?=[0-9๐-๙]{1,5}/(?![2๒][5๕][0-9๐-๙]{2})[0-9๐-๙])"
    ),
    re.compile(
        rf"^[ \t]*ผู้(?:บันทึก|เล่า|พิมพ์|โทร|จด|ส่ง|เขียน|ลงชื่อ)\s*+[:：]?\s*+(?:{TITLE}\s*)?"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{NO_FIRST}{THAI}{{2,30}})",
        re.MULTILINE,
    ),
    # Under the closing of a letter or mail the name often stands bare.
    re.compile(
        r"(?:ขอแสดงความ|ด้วยความ(?:เคารพ|นับถือ)|ขอบ(?:พระ)?คุณ|sincerely|faithfully"
        r"|regards|respectfully|thanks|thank you)"
        r"[^\n]{0,40}\n\s*"
        rf"\(?\s*(?:{TITLE}\s*)?(?P<name>{THAI}{{2,24}}(?:[ ]{{1,2}}{THAI}{{2,30}})?|{NAME}"
        r"|[A-Za-z]{2,20}(?=\s*$))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:ลงชื่อ|ลงนาม)\)?[ \t.…]*(?:{TITLE}\s*)?(?P<name>{NAME})"),
    # A line that is a name and nothing else, or a name and how to reach them.
    re.compile(
        rf"^[ \t]*(?:{TITLE}\s*|จาก[ \t]*)?"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,6}}{THAI}{{2,30}})[ \t]*"
        rf"(?:\(|$|(?={_CALL}|{_DIGITS}))",
        re.MULTILINE,
    ),
    re.compile(
        rf"^[ \t]*{TITLE}\s*(?P<name>{NAME})[ \t]*"
        rf"(?:$|(?={_CALL}|{_DIGITS}|ใบขับขี่|บัตร|เลข|อยู่บ้าน|ที่อยู่|ผู้ร้อง))",
        re.MULTILINE,
    ),
    # Whose parent somebody is stands behind the name in lists of those who sign.
    re.compile(
        rf"^[ \t]*(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}}|{_LATIN})"
        r"[ \t]+(?:แม่|พ่อ|ผู้ปกครอง|ยาย|ตา|ป้า|ลุง)(?:ของ)?น้อง",
        re.MULTILINE,
    ),
    # Numbered lines of those who sign together.
    re.compile(
        rf"^[ \t]*[0-9๐-๙]{{1,3}}[.)]?[ \t]+(?:{TITLE}\s*)?"
        rf"(?P<name>{THAI}{{2,30}}[ \t]{{1,4}}{THAI}{{2,40}})"
        r"(?=[ \t]*(?:$|[ \t]{2}|โทร|เบอร์|\.{3}|ที่อยู่|บ้าน|[0-9๐-๙]))",
        re.MULTILINE,
    ),
    # Said of oneself further on in the sentence.
    re.compile(
        rf"{_I}(?:(?!ครู|ผอ|ผู้อำนวยการ|เจ้าหน้าที่|อาจารย์|ชื่อ|บุตร|ลูก)[^\n]){{0,80}}\sชื่อ\s*(?:{TITLE}\s*)?(?P<name>{NAME})"
    ),
    re.compile(rf"{_I}\s?(?P<name>[A-Z]\w{{1,20}}(?:\s{THAI}{{2,30}}){{1,2}})"),
    # ดิฉัน and a name without a title.
    re.compile(rf"{_I}\s?(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}}){_SAYS_NEXT}"),
    re.compile(rf"(?:{_I})\s?(?P<name>{_INITIAL}|{_LATIN}(?:\s{THAI}{{2,30}}){{0,2}})"),
    re.compile(rf"{_I}[^\n()]{{0,40}}\(\s*{TITLE}\s*(?P<name>{NAME})\s*\)"),
    # Nicknames: หนูชื่อแป้ง, ครูน้อย of oneself, ยาย… who asks, ชื่อเล่น is above.
    re.compile(rf"{_I}\s?(?:ชื่อ\s?(?:เล่น\s?)?(?:ว่า\s?)?)(?P<name>{THAI}{{2,16}}?)(?=\s|{_PARTICLE}|\(|,|$)"),
    re.compile(rf"{_I}\s?{KIN}(?P<name>{THAI}{{2,12}})(?=\s)"),
    re.compile(
        rf"{_I}(?P<name>{NO_FIRST}{THAI}{{2,8}})(?=\s+(?:คน|อาชีพ|แม่ค้า|พ่อค้า|ช่าง|นักเรียน|ครู|เรียนชั้น|อายุ|ชั้น|ม\.|ป\.))"
    ),
    re.compile(
        rf"^[ \t]*(?:จาก\s*)?{KIN}(?P<name>{THAI}{{2,20}}(?:[ ]{{1,2}}{THAI}{{2,30}})?)[ \t]*"
        r"(?:$|\(|(?=\s+(?:ขอ|แจ้ง|ร้อง|เป็น|อายุ)))",
        re.MULTILINE,
    ),
    re.compile(rf"(?:เรียก(?:ผม|ดิฉัน|หนู|ข้าพเจ้า)?ว่า|รู้จักกันในชื่อ)\s?{KIN}?(?P<name>{THAI}{{2,16}})(?=\s|$|\))"),
    re.compile(rf"เรียก{_ME}(?:ว่า)?\s?[“\"‘'](?P<name>{THAI}{{2,20}})[”\"’']"),
    re.compile(rf"เรียก(?:ว่า)?\s?[“\"‘'](?P<name>{_KIND}{THAI}{{2,16}})[”\"’']"),
    re.compile(rf"เรียก{_ME}?(?!เก็บ|ร้อง|รับ)\s?(?P<name>{THAI}{{2,18}}?)(?:ก็ได้|เฉย)"),
    re.compile(rf"เรียก(?:ว่า)?\s?(?P<name>{_KIND}{THAI}{{2,18}})(?=\s{{0,4}}(?:\)|\n|$))"),
    # A daughter-in-law (…), my eldest son (… …).
    re.compile(
        rf"{_RELATIVE}(?:คน\S{{1,8}})?(?:ของ)?{_ME}?\s?\(\s?(?:{TITLE}\s*)?"
        rf"(?P<name>{THAI}{{2,24}}(?:\s{THAI}{{2,30}})?)\s?\)"
    ),
    re.compile(rf"อาตม(?:าภาพ|ภาพ|า)(?!ทาง|ได้|ขอ|ไป)\s?(?:ชื่อ\s?)?(?:พระ(?:ครู|มหา|อาจารย์)?\s?)?(?P<name>{NAME})"),
    re.compile(
        r"(?:ป้า|ลุง|ยาย|ตา|ย่า|ปู่|น้า|อา|พี่)ชื่อ\s?"
        rf"(?P<name>{THAI}{{2,24}}[ ]{{1,2}}{NO_FIRST}{THAI}{{3,30}})"
    ),
    re.compile(rf"(?:ป้า|ลุง|ยาย|ตา|น้า|อา|พี่)ชื่อ\s?(?P<name>{THAI}{{2,16}}?)(?=\s|{_PARTICLE}|\(|,|$)"),
    re.compile(
        rf"(?:ลูก|บุตร|หลาน)(?:สาว|ชาย)?(?:คน(?:เล็ก|โต|กลาง|เดียว|ที่\S{{1,6}}))?\s+(?P<name>{NO_FIRST}{THAI}{{3,16}})(?=\s)"
    ),
    re.compile(rf"จากบัญชี(?:ของ)?(?:{_I})?\s*(?:{TITLE}\s*)?(?P<name>{NAME})"),
    # Two who sign in one line.
    re.compile(
        rf"^[ \t]*(?:{TITLE}\s*)?{NO_FIRST}{THAI}{{2,24}}[ ]{{1,2}}{THAI}{{2,30}}(?:[ ]{{3,}}|\t+)"
        rf"(?:{TITLE}\s*)?(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,2}}{THAI}{{2,30}})[ \t]*$",
        re.MULTILINE,
    ),
    # A name right before a telephone number, on its line or in it.
    re.compile(
        rf"(?:^|(?<=[ \t]))(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}})[ \t]{{1,3}}"
        rf"\(?(?:{_CALL}[.: ]{{0,3}})?(?={_PHONE})",
        re.MULTILINE,
    ),
    re.compile(
        rf"^[ \t]*(?P<name>{NO_FIRST}{_NO_LABEL}{THAI}{{2,20}})"
        rf"[ \t]*[(,:\-]?[ \t]*(?={_PHONE})",
        re.MULTILINE,
    ),
    re.compile(
        rf"(?:^|หรือ\s?|[ \t])(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}})"
        r"\s+ขอ(?:แจ้ง|ร้องเรียน|ร้องทุกข์)",
        re.MULTILINE,
    ),
    # Quoted mail: whom it answers is who wrote to us.
    re.compile(
        r"\bDear\s(?:(?:Mr|Mrs|Ms)\.?\s)?(?!Sir|Madam|Minister|Mr|Ms|Excellency|Your)"
        r"(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?)\s*,"
    ),
    re.compile(r"(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){0,2})\s(?:<[^>\n]{0,80}>\s)?wrote:"),
    re.compile(rf"[“\"]{KIN}?(?P<name>{THAI}{{2,14}})[”\"]\s*(?:หรือ|คือ)\s*{THAI}"),
    re.compile(r"\b[Tt]his is (?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){1,3})"),
    re.compile(r"^[ \t]*(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'.-]*){1,2})[ \t]*\Z", re.MULTILINE),
    re.compile(rf"น้อง(?!สาว|ชาย|นัก|เล็ก)(?P<name>{NO_FIRST}{THAI}{{2,8}})(?=\s|$|{_PARTICLE})"),
    # A client, a child's parent, the writer, told of in the third person.
    re.compile(
        rf"(?:(?<![ก-๎])|(?<=ของ)|(?<=คือ)|(?<=ตามที่)|(?<=ว่า))(?:{TITLE}\s*)?"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}}?)\s*"
        r"(?:ซึ่ง(?:ก็)?(?:คือ|เป็น))?\s*"
        r"(?:ลูกความ|ผู้ร้อง(?!เรียน\S)|(?:ดิฉัน|ข้าพเจ้า|กระผม|ผม)เอง)"
    ),
    re.compile(
        rf"(?:บุตร|ลูก|หลาน)(?:สาว|ชาย)?ของ\s*(?:{TITLE}\s*)?"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}[ ]{{1,3}}{THAI}{{2,30}})"
    ),
    re.compile(rf"{_I}\s(?P<name>[a-z]{{3,20}}\s[a-z]{{3,20}})(?=\s)"),
    re.compile(rf"^[ \t]*(?:แม่ชี|สามเณร)(?P<name>{THAI}{{3,24}})", re.MULTILINE),
    re.compile(r"พระ(?:ครู|มหา|อธิการ|ปลัด|ครูปลัด|สมุห์)?\S{3,24}\s*\((?P<name>[^()\n]{4,40})\)"),
    re.compile(rf"{_I}\s?(?:ชื่อ)?(?:พระครู|พระมหา|พระ)\s?(?P<name>{THAI}{{3,24}})"),
    re.compile(rf"{_I}\s*(?:โดย|คือ)\s*{TITLE}\s*(?P<name>{NAME})"),
    re.compile(rf"นักเรียน\s*(?:ชื่อ|คือ)?\s*{TITLE}\s*(?P<name>{NAME})"),
    re.compile(rf"{_PHONE}\s*\(\s*{KIN}?(?P<name>{THAI}{{2,14}})\s*\)"),
    re.compile(rf"(?P<name>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){{1,2}}),?\s*(?:(?:Tel|Mobile|Phone)[.:]{{0,2}}\s*)?(?={_PHONE}|\+[0-9])"),
    # Whom to call, with the number behind it.
    re.compile(
        rf"(?:ติดต่อ(?:กลับ)?|สอบถาม(?:เพิ่มเติม)?|โทร(?!ศัพท์|สาร)(?:หา)?|แจ้งกลับ|ประสาน)\s?(?:ได้)?(?:ที่)?\s?{KIN}?\s?"
        rf"(?P<name>{NO_FIRST}{THAI}{{2,24}}(?:\s{THAI}{{2,30}})?)\s{{0,2}}(?:{_CALL})?[.:\s]{{0,4}}(?={_DIGITS})"
    ),
    re.compile(rf"(?:ตัวแทน|ในนาม)[^\n]{{0,30}}?{TITLE}\s*(?P<name>{NAME})"),
)  # fmt: skip

# In a private letter whoever has a title is hidden, too, but for whom it accuses or whoever holds
# an office: what stands right before or behind the name tells them.
TITLED: Final = re.compile(rf"{TITLE}\s*(?P<name>{THAI}{{2,30}}[ ]{{1,3}}{THAI}{{2,40}})")
OFFICE_BEFORE: Final = re.compile(
    r"(?:ร้องเรียน|กล่าวหา|ผู้ถูกร้อง\S{0,8}|คู่กรณี|กรณี|ผู้อำนวยการ|ผอ\.?|ครู|อาจารย์|คณบดี|อธิการ\S{0,4}|หัวหน้า|เจ้าหน้าที่|พนักงาน|ผู้รับเรื่อง|ให้ย้าย|คัดค้าน"
    r"|ตรวจสอบ|สอบสวน|สืบสวน|เอาผิด|ลงโทษ|รัฐมนตรี\S{0,30}|ปลัด|รอง(?!ประธาน)ฯ?|ศึกษาธิการ\S{0,12}|โรงเรียน\S{0,40}|แผนก|คุมสอบ|ถูก|จาก|การย้าย)"
    r"[^\n]{0,14}$"
)
OFFICE_BEHIND: Final = re.compile(
    r"\s*[,(]?\s*(?:ในตำแหน่ง|ตำแหน่ง|ซึ่งเป็น|เป็น)?\s?(?:ผู้อำนวยการ|รองผู้|ผอ\.|รอง|ครู|อาจารย์|คณบดี|อธิการ|หัวหน้า|เจ้าหน้าที่|ศึกษาธิการ|ปลัด|เลขาธิการ|อธิบดี|รัฐมนตรี|สมาชิกสภา|สมาชิกวุฒิ|นายก|ธุรการ|ภารโรง|คนขับ|ผู้ดูแล|ผู้จัดการ|พนักงาน|ผู้รับ(?:ผิดชอบ|เรื่อง|เงิน)|ศึกษานิเทศก์|ยาม"
    r"|รับเงิน|เรียกเก็บ|เรียกรับ|ยักยอก|ทุจริต|ไม่(?:อนุญาต|อนุมัติ|ดำเนินการ|จ่าย|คืน|ออก))"
)
