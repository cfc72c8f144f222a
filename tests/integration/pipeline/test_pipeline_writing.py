"""Letters about cases through the house: rights, trail, and a forwarded copy with nothing left."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import socket
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from PIL import Image
from pypdf import PdfReader

from correspondence.errors import ActionRefused
from correspondence.letter_parts import CarriedFile
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Channel, LetterKind, ReadMethod, ReadOutcome, Role
from demo.samples.document import write_docx
from demo.samples.scanning import scan_pdf
from drafting.redaction.copies import UNCONFIRMED
from drafting.redaction.number_forms import TO_CHECK, Hidden
from extractors.soffice import convert
from office.letters import OutgoingKind
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.forwarded_copy import CopyChanged, CopyUnchecked, NotForwardable
from pipeline.writing import LetterOrder, write_letter
from registry.ledger import Arrival
from registry.models import AuditEvent, Case, FieldRow, IntakeItem
from registry.registration import Reading, register_letter
from tests.conftest import SetClock
from tests.seeding import employ, register, small_house

LETTER = """                                        บ้านเลขที่ ๙๙/๑๒ หมู่ ๓ ซอยสุขสมมุติ ๕
                                        ตำบลบางตัวอย่าง อำเภอเมือง จังหวัดลพบุรี ๑๕๐๐๐

                                        ๓ สิงหาคม ๒๕๖๙

เรื่อง  ขอให้ตรวจสอบการเก็บเงินบำรุงห้องสมุด

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

    ข้าพเจ้า นางสาวปาริชาต ทองสมมุติ เลขประจำตัวประชาชน ๓ ๑๐๐๕ ๐๐๑๒๓ ๔๕ ๑ เป็นผู้ปกครองของ
ด.ช.ธนกร ทองสมมุติ ขอร้องเรียนว่า โรงเรียนบ้านสมมุติวิทยา เรียกเก็บเงินค่าบำรุงห้องสมุดคนละ ๖๕๐ บาท
โดยครูสมหมายเป็นผู้เก็บเงินและไม่ออกใบเสร็จรับเงิน

    จึงเรียนมาเพื่อโปรดตรวจสอบ ติดต่อได้ที่ ๐๘๑-๕๕๕-๐๑๙๓ หรือ parichat.t@example.com

                    ขอแสดงความนับถือ

                    (นางสาวปาริชาต ทองสมมุติ)
"""
SECRETS = (
    "ปาริชาต", "ทองสมมุติ", "ธนกร", "๙๙/๑๒", "99/12", "สุขสมมุติ", "บางตัวอย่าง", "๐๐๑๒๓", "00123",
    "๐๘๑", "081", "๐๑๙๓", "0193", "parichat", "example.com",
)  # fmt: skip
KEPT = ("โรงเรียนบ้านสมมุติวิทยา", "๖๕๐", "ครูสมหมาย", "ห้องสมุด")

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is away")


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock)
    employ(opened, "wichai", Role.OFFICER, "complaints")
    employ(opened, "pranee", Role.OFFICER, "political")
    employ(opened, "admin", Role.ADMINISTRATOR, None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def letter_pdf() -> bytes:
    return convert(write_docx(LETTER, font="Laksaman", language="th"), "docx", "pdf", 90)


def _field(value: str) -> FieldValue:
    return FieldValue(value=value, raw=value, page=1, confidence=0.9)


def _case(house: House, data: bytes, name: str, file: bytes = b"") -> int:
    now = house.clock()
    item_id = house.ledger.store(Arrival("seed", "1", Channel.SCAN, name, None, data, now)).id
    page = PageText(number=1, text=LETTER, method=ReadMethod.TEXT_LAYER, quality=1.0)
    read = Extraction(
        file=name, outcome=ReadOutcome.OK, media_type="application/pdf",
        kind=LetterKind.CITIZEN_LETTER, pages=(page,), text=LETTER,
        fields=LetterFields(
            subject=_field("ขอให้ตรวจสอบการเก็บเงินจากบุตรของนางสาวปาริชาต ทองสมมุติ"),
            signer=_field("นางสาวปาริชาต ทองสมมุติ"),
        ),
    )  # fmt: skip
    carried = CarriedFile(
        role="letter",
        file_name=name,
        media_type="application/pdf",
        sha256=hashlib.sha256(file or data).hexdigest(),
        size=len(data),
        read_outcome="ok",
    )
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        reading = Reading(read, (carried,), "นางสาวปาริชาต ทองสมมุติ", "parichat.t@example.com", None)
        case_id = register_letter(session, item, reading, at=now, actor="saraban").case_id
        case = session.get_one(Case, case_id)
        case.group_id, case.category, case.subcategory = (
            "complaints", "complaint", "general_complaint",
        )  # fmt: skip
        return case_id


def _events(house: House, case_id: int) -> list[AuditEvent]:
    with house.sessions.begin() as session:
        found = session.query(AuditEvent).filter(AuditEvent.case_id == case_id)
        return [event for event in found if event.action.startswith(("write_", "propose_"))]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _docx_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist()]
    return "".join(re.sub(r"<[^>]+>", "", part.decode("utf-8", "ignore")) for part in parts)


def _pdf_text(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    text = "".join(page.extract_text() for page in reader.pages)
    with pypdfium2.PdfDocument(content) as document:
        text += "".join(page.get_textpage().get_text_range() for page in document)
    return text + str(reader.metadata) + str(reader.xmp_metadata)


def _pages(content: bytes, scale: float = 2.0) -> list[Image.Image]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.render(scale=scale).to_pil().convert("L") for page in document]


@needs_office
def test_a_forwarded_copy_holds_nothing_of_the_complainant(house: House, letter_pdf: bytes) -> None:
    case_id = _case(house, letter_pdf, "คำร้องนางสาวปาริชาต.pdf")
    order = LetterOrder(addressee="เลขาธิการคณะกรรมการการศึกษาขั้นพื้นฐาน", pdf="yes")
    made = write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", order)
    names = [file.file_name for file in made.files]
    assert names == [
        "forward-1-2569.docx", "forward-1-2569.pdf", "proposal-1-2569.docx", "proposal-1-2569.pdf",
        "proposal-1-2569-pages.pdf",
    ]  # fmt: skip
    texts = {
        file.file_name: (_docx_text if file.file_name.endswith("docx") else _pdf_text)(file.content)
        for file in made.files
    }
    for name, text in texts.items():
        for secret in SECRETS:
            assert _bare(secret) not in _bare(text), (name, secret)
            if not secret.isdecimal():
                content = next(f.content for f in made.files if f.file_name == name)
                assert secret.encode() not in content
    copy = "\n".join(
        paragraph.text for paragraph in Document(io.BytesIO(made.files[2].content)).paragraphs
    )
    assert all(_bare(word) in _bare(copy) for word in KEPT)
    assert copy.count("███") >= 6
    assert {"name", "address", "telephone", "national_id", "email"} <= set(made.hidden)
    assert _pdf_text(made.files[4].content).strip().startswith("{")  # metadata only, no text layer


def test_a_copy_is_a_proposal_until_a_person_confirms_what_they_looked_at(house: House) -> None:
    sheet = Document()
    for line in LETTER.splitlines():
        sheet.add_paragraph(line)
    packed = io.BytesIO()
    sheet.save(packed)
    case_id = _case(house, packed.getvalue(), "letter.docx")
    forward = OutgoingKind.FORWARD
    proposed = write_letter(house, case_id, forward, "wichai", LetterOrder())
    assert [file.file_name for file in proposed.files] == [
        "forward-1-2569.docx", "proposal-1-2569.docx"
    ]  # fmt: skip
    assert (
        _bare(UNCONFIRMED) in _bare(_docx_text(proposed.files[1].content))
        and not proposed.confirmed
    )
    assert any("ปาริชาต" in word.text for word in proposed.words)
    assert any("สมหมาย" in words for words in proposed.left)
    assert "ปาริชาต" not in repr(proposed)
    more = LetterOrder(
        hide=("ห้องสมุด",), show=("บางตัวอย่าง", "parichat.t@example.com"),
        confirm=proposed.fingerprint, checked=frozenset(TO_CHECK),
    )  # fmt: skip
    with pytest.raises(CopyChanged):
        write_letter(house, case_id, forward, "wichai", more)
    again = write_letter(house, case_id, forward, "wichai", more.model_copy(update={"confirm": ""}))
    sure = more.model_copy(update={"confirm": again.fingerprint})
    # Whoever confirms answers for each kind of what tells who complains, found or not.
    with pytest.raises(CopyUnchecked) as unchecked:
        some = frozenset({Hidden.NAME, Hidden.TELEPHONE})
        write_letter(house, case_id, forward, "wichai", sure.model_copy(update={"checked": some}))
    assert "ที่อยู่, เลขประจำตัว, อีเมล" in unchecked.value.thai
    made = write_letter(house, case_id, forward, "wichai", sure)
    text = _bare(_docx_text(made.files[1].content))
    assert made.files[1].file_name == "redacted-1-2569.docx"
    assert _bare(UNCONFIRMED) not in text and made.confirmed == again.fingerprint
    assert "บางตัวอย่าง" in text and "ห้องสมุด" not in text
    assert all(_bare(secret) not in text for secret in ("parichat", "ปาริชาต", "๐๑๙๓", "๙๙/๑๒"))
    events = _events(house, case_id)
    assert [event.action for event in events] == [
        "propose_forward", "propose_forward", "write_forward"
    ]  # fmt: skip
    assert events[2].after["hidden_by_person"] == 1 and events[2].after["shown_by_person"] == 2
    assert all("ปาริชาต" not in str(event.after) for event in events)


@needs_office
def test_the_painted_pages_are_black_where_the_lines_stood(house: House, letter_pdf: bytes) -> None:
    case_id = _case(house, letter_pdf, "letter.pdf")
    proposed = write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", LetterOrder())
    order = LetterOrder(confirm=proposed.fingerprint, checked=frozenset(TO_CHECK))
    made = write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", order)
    # On the screen the same page, marked, small.
    (preview,) = (Image.open(io.BytesIO(base64.b64decode(page))) for page in proposed.previews)
    assert preview.format == "JPEG" and preview.width <= 900 and not made.previews
    red, green, _ = preview.convert("RGB").getpixel((preview.width // 50, 6))
    assert red > 100 > green
    (marked,), (painted,) = (_pages(one.files[-1].content) for one in (proposed, made))
    # A proposal says so over each page; what is confirmed has the page as it was shown.
    assert marked.height / marked.width > 1.02 * painted.height / painted.width
    assert (
        marked.getpixel((marked.width // 50, 8)) < 100 < painted.getpixel((marked.width // 50, 8))
    )
    with pypdfium2.PdfDocument(letter_pdf) as document:
        page = document[0]
        width, height = page.get_size()
        layer = page.get_textpage()
        found = []
        for secret in ("0193", "parichat", "๐๑๙๓", "ปาริชาต"):
            search = layer.search(secret)
            while (place := search.get_next()) is not None:
                found += [layer.get_charbox(place[0] + n) for n in range(place[1])]
    assert found
    for left, bottom, right, top in found:
        x = int((left + right) / 2 / width * painted.width)
        y = int((1 - (bottom + top) / 2 / height) * painted.height)
        assert painted.crop((x - 4, y - 4, x + 4, y + 4)).getextrema()[1] < 60
    # Most of the page is still to be read.
    dark = sum(painted.histogram()[:60]) / (painted.width * painted.height)
    assert 0.03 < dark < 0.45


def test_nothing_a_file_hides_goes_with_the_copy_and_no_enclosure_does(house: House) -> None:
    sheet = Document()
    for line in LETTER.splitlines():
        sheet.add_paragraph(line)
    core = sheet.core_properties
    core.author = core.last_modified_by = core.title = core.comments = "ปาริชาต ทองสมมุติ"
    run = sheet.paragraphs[0].add_run("x")
    sheet.add_comment(run, text="parichat.t@example.com", author="ปาริชาต")
    plain, packed = io.BytesIO(), io.BytesIO()
    sheet.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, source.read(entry.filename))
        target.writestr("customXml/item9.xml", "<who>ปาริชาต 0815550193</who>")
        target.writestr("docProps/custom.xml", "<p>ทองสมมุติ</p>")
    photo = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(photo, "PNG")
    mail = EmailMessage()
    mail["From"] = "Writer <parichat.t@example.com>"
    mail["Subject"] = "ร้องเรียน"
    mail.set_content("แนบหนังสือ")
    word = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    letter = packed.getvalue()
    mail.add_attachment(letter, "application", word, filename="letter.docx")
    mail.add_attachment(photo.getvalue(), "image", "png", filename="card.png")
    case_id = _case(house, mail.as_bytes(), "letter.docx", letter)
    made = write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", LetterOrder())
    names = [file.file_name for file in made.files]
    assert names == ["forward-1-2569.docx", "proposal-1-2569.docx"]
    for file in made.files:
        text = _bare(_docx_text(file.content))
        assert all(_bare(secret) not in text for secret in SECRETS)
        with zipfile.ZipFile(io.BytesIO(file.content)) as package:
            parts = package.namelist()
        assert not [part for part in parts if "media" in part or "custom.xml" in part]
        assert "customXml/item9.xml" not in parts


@needs_office
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is away")
def test_a_scan_is_copied_without_the_complainant(house: House, letter_pdf: bytes) -> None:
    scan = scan_pdf(letter_pdf, seed=(3,))
    case_id = _case(house, scan, "scan.pdf")
    made = write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", LetterOrder())
    text = _bare(_docx_text(made.files[1].content))
    assert all(_bare(secret) not in text for secret in SECRETS)
    (painted,) = _pages(made.files[2].content)
    dark = sum(painted.histogram()[:60]) / (painted.width * painted.height)
    assert 0.03 < dark < 0.6
    assert _pdf_text(made.files[2].content).startswith("{")


def test_every_letter_is_written_once_the_trail_holds_who_asked(house: House) -> None:
    case_id = register(house)
    kinds = [kind for kind in OutgoingKind if kind is not OutgoingKind.FORWARD]
    for kind in kinds:
        order = LetterOrder(asks=("พยานหลักฐาน",) if kind is OutgoingKind.MORE_NEEDED else ())
        made = write_letter(house, case_id, kind, "wichai", order)
        assert [file.file_name for file in made.files] == [f"{kind.value}-1-2569.docx"]
        Document(io.BytesIO(made.files[0].content))
    events = _events(house, case_id)
    assert [event.action for event in events] == [f"write_{kind.value}" for kind in kinds]
    assert {event.actor for event in events} == {"wichai"}
    assert all(event.from_state is None and event.to_state is None for event in events)


def test_no_letter_asks_the_language_model(tmp_path: Path, clock: SetClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/v1"
        opened = small_house(tmp_path, clock, language_model_url=url)
        employ(opened, "wichai", Role.OFFICER, "complaints")
        case_id = register(opened)
        for kind in (OutgoingKind.THANKS, OutgoingKind.REQUEST, OutgoingKind.MORE_NEEDED):
            write_letter(opened, case_id, kind, "wichai", LetterOrder(asks=("พยานหลักฐาน",)))
        opened.close()
        door.settimeout(0)
        with pytest.raises(BlockingIOError):
            door.accept()


@pytest.mark.parametrize("who", ["pranee", "admin", "nobody", ""])
def test_who_may_not_work_on_the_case_gets_no_letter(house: House, who: str) -> None:
    case_id = register(house)
    with pytest.raises(ActionRefused):
        write_letter(house, case_id, OutgoingKind.THANKS, who, LetterOrder())
    assert _events(house, case_id) == []


def test_no_letter_is_written_about_a_marked_or_restricted_case(house: House) -> None:
    case_id = register(house)
    with house.sessions.begin() as session:
        letter = session.get_one(Case, case_id).letters[0]
        letter.fields.append(
            FieldRow(
                name="secrecy",
                position=0,
                machine_value="confidential",
                confidence=1.0,
                needs_check=False,
            )
        )
    with pytest.raises(CaseRestricted):
        write_letter(house, case_id, OutgoingKind.THANKS, "wichai", LetterOrder())
    with pytest.raises(CaseUnknown):
        write_letter(house, 999, OutgoingKind.THANKS, "wichai", LetterOrder())


def test_what_cannot_be_read_is_not_forwarded(house: House) -> None:
    case_id = _case(house, b"%PDF-1.4 broken", "letter.pdf")
    with pytest.raises(NotForwardable):
        write_letter(house, case_id, OutgoingKind.FORWARD, "wichai", LetterOrder())
    assert _events(house, case_id) == []
