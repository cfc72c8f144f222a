from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pypdfium2
import pytest
from PIL import Image, ImageDraw, features
from pypdf import PdfReader, PdfWriter

from correspondence.letter_parts import CarriedFile
from correspondence.reading import Extraction
from correspondence.vocabulary import Channel, LetterKind, ReadOutcome
from demo.samples.document import write_docx
from intake.outlook.properties import Property
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted
from pipeline.stamping import NotStampable, StampedLetter, StampSummary, stamp_number
from pipeline.voiding import NumberUnknown, void_letter
from registry.ledger import Arrival
from registry.models import Case, FieldRow, IntakeItem, Letter
from registry.numbers import RegisterNumber
from registry.registration import Reading, register_letter
from tests.conftest import SetClock
from tests.mail_files.outlook import Item, write_msg
from tests.seeding import small_house
from tests.servers.review_app import running_review_app

pytestmark = pytest.mark.skipif(
    not (features.check("raqm") and shutil.which("fc-match")), reason="needs FriBiDi, fontconfig"
)
FIRST = RegisterNumber(2026, 1)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = small_house(tmp_path, clock, pdf_passwords="other secret-word")
    yield opened
    opened.close()


def _pdf(password: str = "", pages: int = 2) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _picture(kind: str, frames: int = 1) -> bytes:
    page = Image.new("RGB", (827, 1170), "white")
    ImageDraw.Draw(page).rectangle((100, 300, 700, 1000), fill="black")
    target = io.BytesIO()
    more = {"save_all": True, "append_images": [page] * (frames - 1)} if frames > 1 else {}
    page.save(target, kind, **more)
    return target.getvalue()


def _mail(letter: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "ขอส่งหนังสือ"
    mail.set_content("ตามแนบ")
    mail.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    mail.add_attachment(letter, maintype="application", subtype="pdf", filename="letter.pdf")
    return mail.as_bytes()


def _register(house: House, payload: bytes, letter: bytes | None) -> int:
    now = house.clock()
    item_id = house.ledger.store(
        Arrival("seed", "1", Channel.EMAIL, "letter.pdf", None, payload, now)
    ).id
    read = Extraction(
        file="letter.pdf",
        outcome=ReadOutcome.OK,
        media_type="application/pdf",
        kind=LetterKind.EXTERNAL_LETTER,
    )
    carried = [_file("enclosure", "x.pdf", "application/pdf", "ab" * 32, 1)]
    if letter is not None:
        digest = hashlib.sha256(letter).hexdigest()
        carried.append(_file("letter", "letter.pdf", "x/y", digest, len(letter)))
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        reading = Reading(read, tuple(carried), "ผู้ส่ง", "a@example.org", None)
        return register_letter(session, item, reading, at=now, actor="saraban").case_id


def _file(role: str, name: str, media_type: str, digest: str, size: int) -> CarriedFile:
    return CarriedFile(
        role=role,
        file_name=name,
        media_type=media_type,
        sha256=digest,
        size=size,
        read_outcome="ok",
    )


def _stamped(house: House, payload: bytes, letter: bytes) -> StampedLetter:
    _register(house, payload, letter)
    before = {path: path.read_bytes() for path in _blobs(house)}
    made = stamp_number(house, FIRST)
    assert {path: path.read_bytes() for path in _blobs(house)} == before
    return made


def _blobs(house: House) -> list[Path]:
    return [path for path in (house.settings.home_folder / "blobs").rglob("*") if path.is_file()]


def _has_red(pdf: bytes) -> bool:
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=1).to_pil().convert("RGB")
    return any(
        red > green + 60 and red > blue + 60 for _, (red, green, blue) in image.getcolors(1 << 20)
    )


def test_a_pdf_is_stamped_and_its_bytes_in_the_store_stay(house: House) -> None:
    letter = _pdf()
    made = _stamped(house, letter, letter)
    assert made.file_name == "received-1-2569.pdf" and not made.signed and made.free
    assert len(PdfReader(io.BytesIO(made.content)).pages) == 2
    assert _has_red(made.content) and not _has_red(letter)
    assert StampSummary.of(made, "x.pdf").signature_holds is None


def test_the_letter_is_found_in_its_mail(house: House) -> None:
    letter = _pdf(pages=3)
    made = _stamped(house, _mail(letter), letter)
    assert len(PdfReader(io.BytesIO(made.content)).pages) == 3 and _has_red(made.content)


def _outlook_file(letter: bytes) -> bytes:
    name = {Property.ATTACH_LONG_NAME: "letter.pdf"}
    return write_msg(Item({Property.SUBJECT: "ขอส่งหนังสือ"}, files=[(name, letter)]))


def _archive(letter: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("letter.pdf", letter)
    return target.getvalue()


def _bare_mail(letter: bytes) -> bytes:
    """A mail with so few headers that only its file name tells that it is one."""
    return b"MIME-Version:" + _mail(letter).partition(b"MIME-Version:")[2]


@pytest.mark.parametrize("wrap", [_outlook_file, _archive, _bare_mail])
def test_the_letter_is_found_in_whatever_is_read_as_a_mail(
    house: House, wrap: Callable[[bytes], bytes]
) -> None:
    letter = _pdf(pages=3)
    made = _stamped(house, wrap(letter), letter)
    assert len(PdfReader(io.BytesIO(made.content)).pages) == 3


@pytest.mark.parametrize(("kind", "frames"), [("JPEG", 1), ("PNG", 1), ("TIFF", 3)])
def test_a_scan_becomes_pages_of_a4(house: House, kind: str, frames: int) -> None:
    letter = _picture(kind, frames)
    made = _stamped(house, letter, letter)
    pages = PdfReader(io.BytesIO(made.content)).pages
    assert len(pages) == frames and made.free and _has_red(made.content)
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=3)


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_a_docx_is_stamped_on_what_libreoffice_prints(house: House) -> None:
    letter = write_docx("เรื่อง ขอเชิญประชุม\n\nเรียน รัฐมนตรี", font="Laksaman", language="th")
    made = _stamped(house, letter, letter)
    assert _has_red(made.content) and "เชิญ" in PdfReader(io.BytesIO(made.content)).pages[
        0
    ].extract_text().replace("\n", "")


def test_a_locked_pdf_is_opened_with_the_offices_passwords(house: House) -> None:
    letter = _pdf("secret-word")
    made = _stamped(house, letter, letter)
    assert not PdfReader(io.BytesIO(made.content)).is_encrypted and _has_red(made.content)


@pytest.mark.parametrize(
    ("letter", "outcome"),
    [
        (_pdf("nobody-knows"), ReadOutcome.ENCRYPTED),
        (b"%PDF-1.7 broken", ReadOutcome.DAMAGED),
        (b"plain text, no pages at all", ReadOutcome.UNSUPPORTED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, ReadOutcome.DAMAGED),
    ],
)
def test_what_cannot_be_stamped_has_a_named_outcome(
    house: House, letter: bytes, outcome: ReadOutcome
) -> None:
    _register(house, letter, letter)
    with pytest.raises(NotStampable) as caught:
        stamp_number(house, FIRST)
    assert caught.value.outcome is outcome and caught.value.exit_code == 3


def test_a_mails_own_text_has_no_page(house: House) -> None:
    _register(house, _mail(_pdf()), None)
    with pytest.raises(NotStampable):
        stamp_number(house, FIRST)


def test_void_unknown_restricted_and_marked_letters_are_not_stamped(house: House) -> None:
    letter = _pdf()
    case_id = _register(house, letter, letter)
    with pytest.raises(NumberUnknown):
        stamp_number(house, RegisterNumber(2026, 2))
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    with pytest.raises(CaseRestricted):
        stamp_number(house, FIRST)
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = False
        marked = FieldRow(
            name="secrecy", position=0, machine_value="confidential", confidence=1,
            needs_check=False,
        )  # fmt: skip
        letter_row = session.query(Letter).one()
        letter_row.fields.append(marked)
    with pytest.raises(CaseRestricted):
        stamp_number(house, FIRST)
    with house.sessions.begin() as session:
        session.query(FieldRow).delete()
    void_letter(house, FIRST, reason="ลงรับซ้ำ", by="somsri")
    with pytest.raises(NotStampable, match="void"):
        stamp_number(house, FIRST)


def test_the_case_page_offers_the_copy(house: House) -> None:
    letter = _pdf()
    case_id = _register(house, letter, letter)
    with running_review_app(house) as client:
        address = f"/cases/{case_id}/stamped/2569/1"
        assert address in client.get(f"/cases/{case_id}").text
        answer = client.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        assert 'filename="received-1-2569.pdf"' in answer.headers["content-disposition"]
        assert _has_red(answer.content)
        for wrong in ("999/stamped/2569/1", f"{case_id}/stamped/2569/2", f"{case_id}/stamped/1/1"):
            assert client.get(f"/cases/{wrong}").status_code == 404
        void_letter(house, FIRST, reason="ลงรับซ้ำ", by="head")
        assert client.get(address).status_code == 422


def test_the_register_is_offered_to_print_and_as_a_file(house: House) -> None:
    letter = _pdf()
    _register(house, letter, letter)
    with running_review_app(house) as client:
        page = client.get("/register/print")
        assert "วันที่ ๒๐ พฤศจิกายน ๒๕๖๙" in page.text and "<td>๑</td>" in page.text
        assert "<style" not in page.text and client.get("/static/printed-register.css").is_success
        assert "<td>๑</td>" in client.get("/register/print?year=2026").text
        assert "ไม่มีหนังสือรับ" in client.get("/register/print?day=2569-11-19").text
        book: httpx.Response = client.get("/register/book.xlsx?day=2569-11-20")
        assert book.content.startswith(b"PK")
        assert 'filename="register-2569-11-20.xlsx"' in book.headers["content-disposition"]
        for wrong in ("day=x", "year=0", "day=2569-11-20&year=2569"):
            assert client.get(f"/register/print?{wrong}").status_code == 404
