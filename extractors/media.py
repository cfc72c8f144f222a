"""What a file is, by its content; names and declared types are never believed."""

from __future__ import annotations

import io
import re
import zipfile

import filetype

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
DOC = "application/msword"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
RTF = "application/rtf"
HTML = "text/html"
TEXT = "text/plain"
MAIL = "message/rfc822"
OUTLOOK = "application/vnd.ms-outlook"
TNEF = "application/vnd.ms-tnef"
ENCRYPTED_OFFICE = "application/x-ole-encrypted-package"
HEIC = "image/heic"
EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"
# Pictures that are read as pages.
IMAGES = (
    "image/jpeg",
    "image/png",
    "image/tiff",
    HEIC,
    "image/webp",
    "image/bmp",
    "image/gif",
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_LINE = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]*\S?")
_MAIL_HEADERS = frozenset(
    b"received return-path delivered-to from to cc date subject message-id mime-version reply-to"
    b" content-type content-transfer-encoding x-mailer dkim-signature sender"
    b" in-reply-to references authentication-results".split()
)
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|style|div|table|p|span|center|font|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_ZIP_MEMBERS = 5000
# Brands of ISO/IEC 23008-12: HEVC pictures by name, and pictures of any codec.
_HEVC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_PICTURE_BRANDS = frozenset((b"mif1", b"mif2", b"msf1"))
_AV1_BRANDS = frozenset((b"avif", b"avis"))
# Sizes of the header that follows the 14 bytes of a BMP file.
_BMP_HEADERS = frozenset((12, 16, 40, 52, 56, 64, 108, 124))


def media_type(data: bytes) -> str:
    """Return the media type of a file's bytes.

    `message/rfc822` for a mail as text (two known header lines or more at its start), which the
    caller takes apart; `application/octet-stream` for what nothing explains. The name of a file
    decides nothing.
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return EMPTY
    if data.startswith(_OLE):
        return _ole_type(data)
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    if data.lstrip()[:5] == b"{\\rtf":
        return RTF
    if data.startswith(b"\x78\x9f\x3e\x22"):
        return TNEF
    # Some writers set lines before the mark; in a container it is the mark of what lies within.
    if b"%PDF-" in data[:1024]:
        return PDF
    if _looks_like_mail(data):
        return MAIL
    if data[4:8] == b"ftyp":
        return _picture_type(data)
    guessed = filetype.guess_mime(data[:8192])
    # Two letters make a BMP for `filetype`, and a text may begin with them.
    header = int.from_bytes(data[14:18], "little")
    if guessed and (guessed != "image/bmp" or header in _BMP_HEADERS):
        return "image/png" if guessed == "image/apng" else str(guessed)
    if _is_text(data):
        plain = _as_ascii(data[:4096])
        if _HTML_START.match(plain):
            return HTML
        return "text/xml" if plain.lstrip().startswith(b"<?xml") else TEXT
    return UNKNOWN


def _ole_type(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return ENCRYPTED_OFFICE
    if holds("__substg1.0_") or holds("__properties_version1.0"):
        return OUTLOOK
    if holds("WordDocument"):
        return DOC
    return XLS if holds("Workbook") else "application/x-ole-storage"


def _picture_type(data: bytes) -> str:
    """Return the type of an ISO base media file: HEIC where its pictures are HEVC."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & _AV1_BRANDS and not brands & _HEVC_BRANDS:
        return "image/avif"
    if brands & _HEVC_BRANDS or data[8:12] in _PICTURE_BRANDS:
        return HEIC
    return str(filetype.guess_mime(data[:8192]) or UNKNOWN)


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:_ZIP_MEMBERS])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if declared.startswith("application/"):
                    return declared
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, EOFError):
        # A damaged archive still says what it wanted to be.
        if b"word/document" in data:
            return DOCX
        return XLSX if b"xl/workbook" in data else "application/zip"
    if any(name.startswith("word/") for name in names):
        return DOCX
    if any(name.startswith("xl/") for name in names):
        return XLSX
    if any(name.startswith("ppt/") for name in names):
        return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    return "application/zip"


def _looks_like_mail(data: bytes) -> bool:
    known: set[bytes] = set()
    for number, line in enumerate(data[:16384].lstrip(b"\xef\xbb\xbf\r\n").splitlines()[:80]):
        if number == 0 and line.startswith((b"From ", b">From ")):
            continue
        if line[:1] in (b" ", b"\t"):
            if number == 0:
                return False
            continue
        header = _HEADER_LINE.match(line)
        if header is None:
            break
        known |= {header[1].lower()} & _MAIL_HEADERS
    return len(known) >= 2


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    sample = data[:65536]
    odd = sum(byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 27) for byte in sample)
    return b"\0" not in sample and odd <= len(sample) // 100


def _as_ascii(data: bytes) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")
