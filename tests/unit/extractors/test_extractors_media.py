from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extractors import media
from extractors.media import media_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


def _image(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("L", (40, 40), 255).save(target, kind)
    return target.getvalue()


def _boxed(*brands: bytes) -> bytes:
    length = 16 + 4 * len(brands[1:])
    head = length.to_bytes(4, "big") + b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return head + bytes(64)


def _docx() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", media.EMPTY),
        (b" \r\n\0\0", media.EMPTY),
        (b"junk before\n%PDF-1.4\n", media.PDF),
        (_docx(), media.DOCX),
        (_zip(mimetype=media.ODT.encode()), media.ODT),
        (
            _zip(xl__workbook=b"x"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (_zip(readme=b"x"), "application/zip"),
        (OLE + "WordDocument".encode("utf-16-le"), media.DOC),
        (OLE + "EncryptedPackage".encode("utf-16-le"), media.ENCRYPTED_OFFICE),
        (OLE + "__substg1.0_0037001F".encode("utf-16-le"), media.OUTLOOK),
        (b"{\\rtf1\\ansi hello}", media.RTF),
        (_image("PNG"), "image/png"),
        (_image("JPEG"), "image/jpeg"),
        (_image("TIFF"), "image/tiff"),
        (_image("WEBP"), "image/webp"),
        (_image("BMP"), "image/bmp"),
        (_image("GIF"), "image/gif"),
        (_boxed(b"heic", b"mif1"), media.HEIC),
        (_boxed(b"heix"), media.HEIC),
        (_boxed(b"mif1", b"heic"), media.HEIC),
        (_boxed(b"hevc"), media.HEIC),
        (_boxed(b"mif1", b"miaf"), media.HEIC),
        (_boxed(b"avif", b"mif1"), "image/avif"),
        (_boxed(b"mif1", b"avif"), "image/avif"),
        (_boxed(b"isom", b"mp41"), "video/mp4"),
        (_boxed(b"zzzz"), media.UNKNOWN),
        (b"BMA is the office that wrote this letter to the minister", media.TEXT),
        (b"<!-- a comment --><html><body>x", media.HTML),
        ("\ufeff<div>เรียน</div>".encode(), media.HTML),
        ("เรียน ท่านรัฐมนตรี".encode(), media.TEXT),
        ("เรียน ท่านรัฐมนตรี".encode("cp874"), media.TEXT),
        ("เรียน ท่านรัฐมนตรี".encode("utf-16"), media.TEXT),
        (b"<?xml version='1.0'?><rss><item/></rss>", "text/xml"),
        (b"From: a@example.org\r\nSubject: x\r\n\r\nbody", media.MAIL),
        (b"From a@b Mon Jan 1\nReceived: by x\n\tcontinued\nDate: x\n\nbody", media.MAIL),
        (b"Subject: only one header line\n\nbody", media.TEXT),
        (b"\x78\x9f\x3e\x22\x01\x00", media.TNEF),
        # A small file that begins with the PDF it carries.
        (OLE[:512] + b"%PDF-1.7" + "__substg1.0_0037001F".encode("utf-16-le"), media.OUTLOOK),
        (_zip(letter=b"%PDF-1.7"), "application/zip"),
        (b"\x78\x9f\x3e\x22\x01\x00 %PDF-1.7", media.TNEF),
        (bytes(range(256)) * 4, media.UNKNOWN),
    ],
)
def test_content_decides(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


def test_a_letter_that_begins_with_a_label_is_no_mail() -> None:
    assert media_type("เรื่อง: ขอข้อมูล\nเรียน: ผู้อำนวยการ\n".encode()) == media.TEXT


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_have_a_type(data: bytes, name: str) -> None:
    assert media_type(data)
