from __future__ import annotations

import gzip
import io
import struct
import time
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import MimeTooLarge
from intake.mail_parts import MailParts, MimeLimits, Obstacle, PartCondition
from intake.mime import take_apart

PDF = b"%PDF-1.7\n" + b"0" * 300
NAME = "หนังสือเชิญประชุม.pdf"
WHOLE, OPENED = PartCondition.WHOLE, PartCondition.OPENED


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def carried(data: bytes, name: str = "เอกสาร.zip") -> MailParts:
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail["Subject"] = "ส่งเอกสาร"
    mail.set_content("ดังแนบ")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return take_apart(mail.as_bytes())


def shown(parts: MailParts) -> list[tuple[str, int | None, PartCondition]]:
    return [(one.file_name, one.nested_in, one.condition) for one in parts.attachments]


def locked(data: bytes, method: int = 0) -> bytes:
    """Set the encryption flag of every entry, and its method where one is given."""
    changed = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(signature)
        while place >= 0:
            changed[place + flags] |= 1
            if method:
                struct.pack_into("<H", changed, place + flags + 2, method)
            place = changed.find(signature, place + 4)
    return bytes(changed)


def test_files_of_a_zip_stand_beside_it() -> None:
    data = zipped((f"โฟลเดอร์/{NAME}", PDF), ("__MACOSX/._x", b"x"), ("a/Thumbs.db", b"x"))
    expected = [("เอกสาร.zip", None, OPENED), (NAME, 0, WHOLE)]
    assert shown(carried(data)) == expected
    assert carried(data).attachments[1].data == PDF


def test_a_zip_by_itself_reads_the_same_way() -> None:
    parts = take_apart(zipped((NAME, PDF)))
    assert shown(parts) == [("archive.zip", None, OPENED), (NAME, 0, WHOLE)]
    assert (parts.subject, parts.body_text) == ("", "")


def test_a_zip_in_a_zip_is_opened_and_a_third_is_too_deep() -> None:
    inner = zipped((NAME, PDF))
    parts = carried(zipped(("ใน.zip", inner)))
    assert shown(parts)[1:] == [("ใน.zip", 0, OPENED), (NAME, 1, WHOLE)]
    with pytest.raises(MimeTooLarge) as caught:
        carried(zipped(("b.zip", zipped(("c.zip", inner)))))
    assert caught.value.limit == "archive_depth"


def test_mails_and_outlook_files_in_a_zip_are_opened() -> None:
    mail = EmailMessage()
    mail["From"] = "b@example.org"
    mail["To"] = "c@example.org"
    mail["Subject"] = "เรื่องเดิม"
    mail.set_content("ขอร้องเรียน")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=NAME)
    parts = carried(zipped(("เดิม.eml", mail.as_bytes())))
    assert shown(parts)[1:] == [("เดิม.eml", 0, OPENED), (NAME, 1, WHOLE)]
    assert (parts.attachments[1].text, parts.attachments[1].subject) == ("ขอร้องเรียน", "เรื่องเดิม")


@pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype", "META-INF/manifest.xml"])
def test_a_document_is_no_archive(name: str) -> None:
    assert shown(carried(zipped((name, b"x"), ("b", b"y")), "a.docx")) == [("a.docx", None, WHOLE)]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (NAME.encode(), NAME),
        (NAME.encode("cp874"), NAME),
        ("rechnung_für_müller.pdf".encode("cp437"), "rechnung_für_müller.pdf"),
    ],
)
def test_names_without_the_unicode_flag(raw: bytes, name: str) -> None:
    place_holder = "n" * len(raw)
    data = zipped((place_holder, PDF)).replace(place_holder.encode(), raw)
    assert shown(carried(data))[1] == (name, 0, WHOLE)


def test_the_unicode_path_field_wins() -> None:
    entry = zipfile.ZipInfo("nnn")
    content = b"\1" + b"\0" * 4 + NAME.encode()
    entry.extra = struct.pack("<HH", 0x7075, len(content)) + content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, PDF)
    assert shown(carried(out.getvalue()))[1] == (NAME, 0, WHOLE)


@pytest.mark.parametrize("method", [0, 99])
def test_an_encrypted_zip_is_an_obstacle(method: int) -> None:
    parts = carried(locked(zipped((NAME, PDF)), method))
    assert parts.obstacles == (Obstacle.ARCHIVE_ENCRYPTED,)
    assert shown(parts)[1] == (NAME, 0, PartCondition.LOCKED)
    assert "รหัสผ่าน" in parts.obstacles[0].thai


# `zip -P secret` of a file `a.txt` that says `opened`.
LOCKED = bytes.fromhex(
    "504b03040a00090000000000215c5b2756ad120000000600000005000000612e747874e2dc3addc4"
    "a9253cbd78f42c1396f5105155504b07085b2756ad1200000006000000504b01021e030a00090000"
    "000000215c5b2756ad1200000006000000050000000000000001000000a48100000000612e747874"
    "504b0506000000000100010033000000450000000000"
)


def test_a_password_of_the_office_opens_a_zip() -> None:
    parts = take_apart(LOCKED, passwords=["wrong", "secret"])
    assert (parts.attachments[1].data, parts.obstacles) == (b"opened", ())
    assert take_apart(LOCKED, passwords=["wrong"]).obstacles == (Obstacle.ARCHIVE_ENCRYPTED,)


def test_an_odd_method_is_listed_and_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(NAME, PDF)
    assert shown(carried(out.getvalue()))[1] == (NAME, 0, PartCondition.UNOPENED)


@pytest.mark.parametrize("start", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"])
def test_other_archives_are_listed(start: bytes) -> None:
    parts = carried(start + b"0" * 50, "ส่ง.7z")
    assert shown(parts) == [("ส่ง.7z", None, PartCondition.UNOPENED)]
    assert parts.defects == ("archive_not_opened",)


def test_a_gzip_is_its_file() -> None:
    assert shown(carried(gzip.compress(PDF), "a.pdf.gz"))[1] == ("a.pdf", 0, WHOLE)
    damaged = carried(gzip.compress(PDF)[:-9], "a.pdf.gz")
    assert shown(damaged) == [("a.pdf.gz", None, PartCondition.DAMAGED)]


def test_a_damaged_zip_is_told() -> None:
    for data in (zipped((NAME, PDF))[:-30], b"PK\x03\x04"):
        assert shown(carried(data)) == [("เอกสาร.zip", None, PartCondition.DAMAGED)]
    torn = zipped(("a.pdf", PDF)).replace(PDF[:4], b"")
    flipped = bytearray(zipped(("a.txt", b"x" * 99), ("b.txt", b"y")))
    flipped[40] ^= 0xFF
    assert ("b.txt", 0, WHOLE) in shown(carried(bytes(flipped)))
    assert shown(carried(torn))


def liar(size: int) -> bytes:
    """Return a ZIP whose entry unpacks to more than it says."""
    data = zipped(("a.txt", b"0" * size))
    return data.replace(struct.pack("<I", size), struct.pack("<I", 10))


def crowd(count: int) -> bytes:
    return zipped(*((f"{number}.txt", b"x") for number in range(count)))


BIG = 30_000_000


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (zipped(("a.txt", b"0" * BIG)), "archive_ratio"),
        (gzip.compress(b"0" * BIG), "archive_ratio"),
        (crowd(501), "archive_files"),
        (crowd(5_000), "archive_files"),
        (zipped(*((f"{n}.zip", crowd(200)) for n in range(5))), "parts"),
        (zipped(*((f"{n}.zip", zipped(("a.zip", crowd(3)))) for n in range(16))), "archive_depth"),
        (zipped(("a", zipped(("b", b"0" * BIG)))), "archive_ratio"),
    ],
)
def test_zip_bombs_end_in_a_named_limit_and_soon(data: bytes, limit: str) -> None:
    started = time.monotonic()
    with pytest.raises(MimeTooLarge) as caught:
        carried(data)
    assert caught.value.limit == limit
    assert any("ก" <= one <= "๙" for one in caught.value.thai)
    assert time.monotonic() - started < 5


def test_what_unpacks_to_more_than_allowed_is_refused() -> None:
    limits = MimeLimits(max_unpacked=1_000)
    for data in (zipped(("a", b"ab" * 600)), zipped(("a", b"c" * 600), ("b", b"d" * 600))):
        with pytest.raises(MimeTooLarge) as caught:
            take_apart(data, limits)
        assert caught.value.limit == "archive_bytes"


def test_an_entry_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    (_, entry) = carried(liar(100_000)).attachments
    assert len(entry.data) <= 10


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=6))
def test_no_damage_makes_a_zip_fail_without_a_name(place: int, noise: bytes) -> None:
    whole = zipped((NAME, PDF), ("b.zip", zipped(("c.txt", b"x" * 50))))
    at = place % len(whole)
    try:
        assert carried(whole[:at] + noise + whole[at + len(noise) :]).attachments
    except MimeTooLarge:
        return
