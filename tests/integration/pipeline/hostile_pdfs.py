"""PDFs that nobody should open unguarded, written object by object; and one good one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping

import pypdf

GOOD_LINES = (
    "ที่ ตย ๐๒๐๑/๑๒๓๔",
    "๑๗ มีนาคม ๒๕๖๙",
    "เรื่อง ขอความอนุเคราะห์ใช้สถานที่จัดประชุม",
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ",
    "ด้วยกรมตัวอย่างกำหนดจัดประชุมคณะทำงาน จึงขอใช้ห้องประชุมใหญ่",
)
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_FONT_WIDTH = 12


def pdf(
    objects: Mapping[int, bytes], *, trailer: bytes = b"", tail: bytes = b"", root: int = 1
) -> bytes:
    """Return a PDF of the numbered objects with a right cross-reference table.

    Args:
        objects: by number; what stands between `obj` and `endobj`.
        trailer: more entries of the trailer.
        tail: stands before the table.
        root: number of the catalog.
    """
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    out.write(tail)
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        in_use = number in places
        place = places.get(number, 0)
        out.write(b"%010d %05d %b \n" % (place, 0 if in_use else 65535, b"n" if in_use else b"f"))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R %b >>\n" % (size, root, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def page(entries: bytes = b"", media_box: bytes = b"[0 0 595 842]", content: int = 4) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox %b /Contents %d 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> %b >>" % (media_box, content, entries)
    )


def letter_objects(lines: tuple[str, ...] = GOOD_LINES) -> dict[int, bytes]:
    """Return the objects of a page of Thai whose font has a right ToUnicode map."""
    letters = sorted(set("".join(lines)))
    codes = {letter: 33 + number for number, letter in enumerate(letters)}
    shown = b" ".join(
        b"1 0 0 1 60 %d Tm <%b> Tj"
        % (760 - 26 * row, b"".join(b"%02X" % codes[letter] for letter in line))
        for row, line in enumerate(lines)
    )
    says = "\n".join(f"<{code:02X}> <{ord(letter):04X}>" for letter, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapName /T def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(codes)} beginbfchar\n"
        f"{says}\nendbfchar endcmap end"
    )
    marks = set("ัิีึืฺุู็่้๊๋์ํ")
    widths = " ".join("0" if letter in marks else "500" for letter in letters)
    return {
        1: CATALOG,
        2: PAGES,
        3: page(),
        4: stream(b"BT /F %d Tf %b ET" % (_FONT_WIDTH, shown)),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Sample /FirstChar 33 /LastChar %d"
        b" /Widths [%b] /ToUnicode 6 0 R >>" % (32 + len(letters), widths.encode()),
        6: stream(cmap.encode()),
    }


def letter_pdf(changed: Mapping[int, bytes] | None = None, *, trailer: bytes = b"") -> bytes:
    """Return the good letter, some of its objects changed or added."""
    return pdf(letter_objects() | dict(changed or {}), trailer=trailer)


def cut_pdfs() -> Iterator[bytes]:
    """Yield the good letter cut at every object's border and inside every object."""
    whole = letter_pdf()
    borders = [place for place in range(1, len(whole)) if whole.startswith(b"endobj", place)]
    for place in (0, 5, 9, 20, *borders, *(place + 3 for place in borders)):
        yield whole[:place] or b"%"
    for share in range(5, 100, 5):
        yield whole[: len(whole) * share // 100]
    yield whole[:-7]
    yield whole[:-200]


def table_loop() -> bytes:
    """Return a PDF whose cross-reference table names itself as the one before."""
    whole = letter_pdf(trailer=b"/Prev 0000000000")
    start = whole.rindex(b"xref\n0 ")
    return whole.replace(b"/Prev 0000000000", b"/Prev %010d" % start)


def stream_loop() -> bytes:
    """Return a PDF of a cross-reference stream that names itself as the one before."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = [0]
    for number, body in letter_objects().items():
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    rows = b"".join(
        bytes([1 if place else 0]) + place.to_bytes(4, "big") + b"\0" for place in places
    )
    entries = b"/Type /XRef /W [1 4 1] /Size %d /Root 1 0 R /Prev %d" % (len(places), start)
    out.write(b"%d 0 obj\n%b\nendobj\n" % (len(places), stream(rows, entries)))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def reference_loop() -> bytes:
    """Return a PDF whose page, contents, length and font refer to themselves and each other."""
    return letter_pdf(
        {
            4: b"<< /Length 7 0 R >>\nstream\nBT ET\nendstream",
            5: b"5 0 R",
            6: b"6 0 R",
            7: b"8 0 R",
            8: b"7 0 R",
        }
    )


def form_loop(times: int = 1) -> bytes:
    """Return a page whose form draws itself, each time so many times."""
    entries = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 7 0 R >> >>"
    )
    drawn = page(b"/Resources << /XObject << /X 7 0 R >> >>").replace(
        b"/Resources << /Font << /F 5 0 R >> >>", b""
    )
    return letter_pdf({3: drawn, 4: stream(b"/X Do"), 7: stream(b"/X Do " * times, entries)})


def many_objects(count: int = 10_000) -> bytes:
    """Return the good letter among objects of no use, all of them annotations of its page."""
    numbers = range(10, 10 + count)
    small = {number: b"<< /Type /Annot /Subtype /Text /Rect [0 0 1 1] >>" for number in numbers}
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    return letter_pdf(small | {3: page(b"/Annots [%b]" % listed)})


def deep_tree(depth: int = 20_000) -> bytes:
    """Return a PDF whose only page hangs `depth` nodes deep."""
    nodes = {
        number: b"<< /Type /Pages /Count 1 /Kids [%d 0 R] /Parent %d 0 R >>"
        % (number + 1, number - 1)
        for number in range(10, 10 + depth)
    }
    last = 10 + depth
    return letter_pdf(
        {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"}
        | nodes
        | {last: page().replace(b"/Parent 2 0 R", b"/Parent %d 0 R" % (last - 1))}
    )


def tree_loop() -> bytes:
    """Return a PDF whose page tree holds itself and claims two thousand million pages."""
    return letter_pdf({2: b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 2000000000 >>"})


def object_stream_bomb(unpacked: int) -> bytes:
    """Return a PDF whose object stream unpacks a thousandfold; the catalog lies in it."""
    head = b"1 0 "
    body = head + CATALOG + b" " * unpacked
    packed = deflated(body, b"/Type /ObjStm /N 1 /First %d" % len(head))
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    objects = {n: b for n, b in letter_objects().items() if n != 1} | {7: packed}
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    rows = bytes(6) + bytes([2]) + (7).to_bytes(4, "big") + b"\0"
    for number in range(2, 8):
        rows += bytes([1]) + places[number].to_bytes(4, "big") + b"\0"
    start = out.tell()
    entries = b"/Type /XRef /W [1 4 1] /Size 8 /Root 1 0 R"
    out.write(b"8 0 obj\n%b\nendobj\n" % stream(rows, entries))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def content_bomb(unpacked: int) -> bytes:
    """Return a page whose content unpacks a thousandfold into text that is drawn."""
    piece = b"1 0 0 1 9 9 Tm <41> Tj "
    return letter_pdf({4: deflated(b"BT /F 9 Tf " + piece * (unpacked // len(piece)) + b"ET")})


def image_bomb(side: int) -> bytes:
    """Return a page with one white 8-bit picture of `side` by `side`, all but nothing packed."""
    packer = zlib.compressobj(9)
    row = b"\xff" * side
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray /Filter /FlateDecode" % (side, side)
    )
    drawn = page().replace(b"/Font << /F 5 0 R >>", b"/Font << /F 5 0 R >> /XObject << /X 7 0 R >>")
    content = stream(b"q 500 0 0 500 0 0 cm /X Do Q")
    return letter_pdf({3: drawn, 4: content, 7: stream(packed, entries)})


def sized(media_box: bytes) -> bytes:
    """Return the good letter on a page of another size."""
    return letter_pdf({3: page(media_box=media_box)})


def drawn(media_box: bytes) -> bytes:
    """Return a page without text, of some size, that is all black."""
    return letter_pdf({3: page(media_box=media_box), 4: stream(b"0 0 500 500 re f")})


def locked(password: str) -> bytes:
    """Return the good letter encrypted with a user password."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter_pdf()))
    writer.encrypt(password, owner_password="somebody else", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def acting(address: str, program: str) -> bytes:
    """Return the good letter with every action a PDF can ask for.

    Args:
        address: base URL that scripts, links, forms and remote files name.
        program: what the launch actions would start.
    """
    to, start = address.encode(), program.encode()
    script = b"(app.launchURL\\('%b/js', true\\); this.submitForm\\('%b/form'\\);)" % (to, to)
    javascript = b"<< /S /JavaScript /JS %b /Next 10 0 R >>" % script
    actions = {
        10: b"<< /S /Launch /F (%b) /Unix << /F (%b) >> /Win << /F (%b) >> /Next 11 0 R >>"
        % (start, start, start),
        11: b"<< /S /URI /URI (%b/uri) /Next 12 0 R >>" % to,
        12: b"<< /S /SubmitForm /F << /FS /URL /F (%b/submit) >> /Next 13 0 R >>" % to,
        13: b"<< /S /GoToR /F << /FS /URL /F (%b/goto.pdf) >> /D [0 /Fit] /Next 14 0 R >>" % to,
        14: b"<< /S /ImportData /F << /FS /URL /F (%b/data.fdf) >> >>" % to,
        15: b"<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A 11 0 R"
        b" /AA << /PO 9 0 R /PV 10 0 R >> >>",
        16: b"<< /Fields [17 0 R] /XFA 18 0 R >>",
        17: b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [0 0 9 9]"
        b" /AA << /C 9 0 R /F 9 0 R /K 9 0 R /V 9 0 R >> >>",
        18: stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>"),
        19: stream(b"", b"/F << /FS /URL /F (%b/outside) >>" % to),
        20: b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray /Length 0 /F << /FS /URL /F (%b/image) >> >>"
        b"\nstream\n\nendstream" % to,
    }
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R /AcroForm 16 0 R"
        b" /AA << /WC 9 0 R /WS 10 0 R >> /Names << /JavaScript << /Names [(a) 9 0 R] >> >> >>"
    )
    return letter_pdf(
        actions
        | {1: catalog, 3: page(b"/AA << /O 9 0 R >> /Annots [15 0 R 17 0 R]"), 9: javascript}
    )


def carrying(data: bytes, name: str) -> bytes:
    """Return the good letter with a file embedded in it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter_pdf()))
    writer.add_attachment(name, data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed() -> bytes:
    """Return the good letter with a signature field over its bytes (the seal itself is hollow)."""
    seal = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached"
    seal += b" /ByteRange [0 840 5000 900] /Contents <%b> >>" % (b"00" * 2000)
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 9 0 R /Rect [0 0 0 0] >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [8 0 R] >> >>"
    return letter_pdf({1: catalog, 3: page(b"/Annots [8 0 R]"), 8: field, 9: seal})
