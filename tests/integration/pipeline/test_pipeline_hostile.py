"""Hostile files in the reading child: each ends by name within its limits, the next is read."""

from __future__ import annotations

import contextlib
import hashlib
import resource
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile_files as files
import hostile_pdfs as pdfs
import pytest

from correspondence.reading import Extraction
from correspondence.vocabulary import ReadOutcome
from pipeline.item_reading import JOB, READING_LIMITS
from registry.blobs import BlobStore
from sandbox.faults import SandboxFault
from sandbox.limits import Limits
from sandbox.order import in_order
from sandbox.pool import Request, SandboxPool

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
needs_ocr = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Tesseract")

# Far below what a letter may use, so that a bomb goes off early.
TIGHT = Limits(wall_seconds=25, cpu_seconds=20, memory_bytes=3 << 30, recycle_after=100)
MEGABYTE = 1_000_000
READ, EMPTY = ReadOutcome.OK, ReadOutcome.EMPTY
DAMAGED, TOO_LARGE = ReadOutcome.DAMAGED, ReadOutcome.TOO_LARGE

Ending = ReadOutcome | type[SandboxFault]


class Listener:
    """A server on the loopback that answers nobody and remembers who called."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.calls: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        # Ends when the socket is shut down.
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                with caller:
                    caller.settimeout(2)
                    self.calls.append(caller.recv(200))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture(scope="module")
def readers() -> Iterator[SandboxPool]:
    with SandboxPool(JOB, workers=1, limits=TIGHT) as pool:
        yield pool


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


def test_the_listener_hears_who_calls(listener: Listener) -> None:
    port = int(listener.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.sendall(b"GET /")
        caller.recv(1)
    assert listener.calls == [b"GET /"]


def read(pool: SandboxPool, data: bytes, **params: list[str]) -> Extraction:
    return Extraction.model_validate(pool.run(data, {"name": "file", **params})["extraction"])


def ending(pool: SandboxPool, data: bytes) -> Extraction | SandboxFault:
    try:
        return read(pool, data)
    except SandboxFault as fault:
        return fault


def assert_ends(found: Extraction | SandboxFault, *allowed: Ending) -> None:
    outcome = type(found) if isinstance(found, SandboxFault) else found.outcome
    assert outcome in allowed


def assert_good_letter_is_read(pool: SandboxPool) -> None:
    found = read(pool, pdfs.letter_pdf())
    assert found.outcome is READ
    assert found.text.split("\n") == list(pdfs.GOOD_LINES)
    assert found.fields.document_number.value == "ตย 0201/1234"


HOSTILE_PDFS: dict[str, tuple[Callable[[], bytes], tuple[Ending, ...]]] = {
    "cross-reference table that follows itself": (pdfs.table_loop, (READ,)),
    "cross-reference stream that follows itself": (pdfs.stream_loop, (READ,)),
    "references in a ring": (pdfs.reference_loop, (EMPTY, DAMAGED)),
    "form that draws itself": (pdfs.form_loop, (READ, EMPTY, DAMAGED)),
    "ten thousand tiny objects": (pdfs.many_objects, (READ,)),
    "page twenty thousand nodes deep": (pdfs.deep_tree, (DAMAGED,)),
    "page tree that holds itself": (pdfs.tree_loop, (READ, ReadOutcome.PARTIAL, DAMAGED)),
    "object stream of 1:1000": (lambda: pdfs.object_stream_bomb(200 * MEGABYTE), (READ, DAMAGED)),
    "content stream of 1:400": (
        lambda: pdfs.content_bomb(MEGABYTE),
        (READ, ReadOutcome.PARTIAL, TOO_LARGE),
    ),
    "picture of 400 million dots": (lambda: pdfs.image_bomb(20_000), (EMPTY, DAMAGED, TOO_LARGE)),
    "page of a thousand million points": (lambda: pdfs.sized(b"[0 0 1e9 1e9]"), (READ,)),
    "page beyond every number": (lambda: pdfs.sized(b"[0 0 %b 9]" % (b"9" * 60)), (READ,)),
    "page of no size": (lambda: pdfs.sized(b"[0 0 0 0]"), (READ,)),
    "page of negative size": (lambda: pdfs.sized(b"[0 0 -595 -842]"), (READ,)),
    "page as thin as a hair": (lambda: pdfs.sized(b"[0 0 0.001 900000]"), (READ,)),
    "page whose size is no number": (lambda: pdfs.sized(b"[(a) /b null true]"), (READ,)),
}  # fmt: skip


@needs_ocr
@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_a_hostile_pdf_ends_by_name_and_the_next_is_read(readers: SandboxPool, name: str) -> None:
    make, allowed = HOSTILE_PDFS[name]
    assert_ends(ending(readers, make()), *allowed)
    assert_good_letter_is_read(readers)


def test_a_pdf_cut_anywhere_ends_by_name(readers: SandboxPool) -> None:
    for cut in pdfs.cut_pdfs():
        found = ending(readers, cut)
        assert_ends(found, READ, ReadOutcome.PARTIAL, EMPTY, DAMAGED, ReadOutcome.UNSUPPORTED)
    assert_good_letter_is_read(readers)


@needs_ocr
def test_vast_pages_without_text_are_not_drawn(readers: SandboxPool) -> None:
    for box in (b"[0 0 1e9 1e9]", b"[0 0 14400 14400]", b"[0 0 0 0]", b"[0 0 3 800]"):
        assert_ends(ending(readers, pdfs.drawn(box)), EMPTY, DAMAGED, TOO_LARGE)
    assert_good_letter_is_read(readers)


@needs_ocr
def test_a_page_as_thin_as_a_hair_ends_by_name(readers: SandboxPool) -> None:
    for box in (b"[0 0 0.001 900000]", b"[0 0 60000 30]"):
        assert_ends(ending(readers, pdfs.drawn(box)), EMPTY, DAMAGED, TOO_LARGE)
    assert_good_letter_is_read(readers)


def test_a_locked_pdf_opens_with_a_word_of_the_list_only(readers: SandboxPool) -> None:
    locked = pdfs.locked("เปิด1234")
    assert read(readers, locked).outcome is ReadOutcome.ENCRYPTED
    assert read(readers, locked, passwords=["1234", ""]).outcome is ReadOutcome.ENCRYPTED
    opened = read(readers, locked, passwords=["1234", "เปิด1234"])
    assert (opened.outcome, opened.text.split("\n")[0]) == (READ, pdfs.GOOD_LINES[0])


def test_no_action_of_a_pdf_is_followed_and_no_program_started(
    readers: SandboxPool, listener: Listener, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    program.chmod(0o755)
    found = read(readers, pdfs.acting(listener.address, str(program)))
    assert found.outcome is READ
    assert found.text.split("\n") == list(pdfs.GOOD_LINES)
    assert not (tmp_path / "started").exists()
    assert listener.calls == []


def test_an_embedded_file_is_named_and_not_read(readers: SandboxPool) -> None:
    found = read(readers, pdfs.carrying(pdfs.letter_pdf(), "inner.pdf"))
    assert found.text.split("\n") == list(pdfs.GOOD_LINES)
    assert found.warnings == ("embedded_files_not_read",)
    assert found.attachments == ()


def test_a_signed_pdf_is_read_and_its_bytes_stay(readers: SandboxPool, blobs: BlobStore) -> None:
    signed = pdfs.signed()
    digest = blobs.put(signed)
    reply = readers.run(blobs.get(digest), {"name": "signed.pdf"})
    assert Extraction.model_validate(reply["extraction"]).outcome is READ
    (carried,) = reply["carried"]
    assert carried["sha256"] == digest == hashlib.sha256(signed).hexdigest()
    assert blobs.get(digest) == signed


HOSTILE_FILES: dict[str, tuple[Callable[[], bytes], tuple[Ending, ...]]] = {
    "DOCX of 1:1000": (lambda: files.swollen_docx(400 * MEGABYTE), (TOO_LARGE,)),
    "DOCX that lies about its size": (
        lambda: files.lying_docx(60 * MEGABYTE),
        (DAMAGED, TOO_LARGE),
    ),
    "DOCX of ten thousand members": (lambda: files.crowded_docx(10_000), (TOO_LARGE,)),
    "sheet with a cell at either end": (files.wide_workbook, (TOO_LARGE,)),
    "text of five million marks": (
        lambda: files.marked_text(5_000_000),
        (ReadOutcome.PARTIAL,),
    ),
    "text of half a million blanks": (lambda: b"a" + b" " * 490_000 + b"b", (READ,)),
    "TIFF of ten thousand frames": (lambda: files.many_frames(10_000), (EMPTY,)),
    "TIFF whose frames are a ring": (lambda: files.frames_in_a_ring(5), (EMPTY, DAMAGED)),
    "PNG of ten thousand million dots": (lambda: files.vast_png(100_000), (TOO_LARGE, DAMAGED)),
    "PNG whose comment is a bomb": (
        lambda: files.talkative_png(200 * MEGABYTE),
        (EMPTY, DAMAGED, TOO_LARGE),
    ),
}


@needs_ocr
@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_ends_by_name_and_the_next_is_read(readers: SandboxPool, name: str) -> None:
    make, allowed = HOSTILE_FILES[name]
    assert_ends(ending(readers, make()), *allowed)
    assert read(readers, files.good_docx()).text == files.SAID


def test_a_sheet_that_declares_every_row_is_read_by_what_it_holds(readers: SandboxPool) -> None:
    for sheet in (files.declared_workbook(), files.long_workbook(1_000_000)):
        found = read(readers, sheet)
        assert (found.outcome, found.text.strip()) == (READ, files.SAID)


def test_html_however_deep_keeps_its_words(readers: SandboxPool) -> None:
    for depth in (300, 2_000, 100_000):
        found = read(readers, files.nested_html(depth))
        assert (found.outcome, found.text.strip()) == (READ, files.SAID)


@needs_office
def test_rich_text_however_deep_is_read(readers: SandboxPool) -> None:
    found = read(readers, files.deep_rtf(100_000))
    assert (found.outcome, found.text) == (READ, files.SAID)


@pytest.mark.parametrize(
    "make",
    [
        files.calling_docx,
        files.calling_html,
        pytest.param(files.calling_odt, marks=needs_office),
        pytest.param(files.calling_rtf, marks=needs_office),
    ],
)
def test_what_lies_on_another_machine_is_never_fetched(
    readers: SandboxPool, listener: Listener, make: Callable[[str], bytes]
) -> None:
    found = read(readers, make(listener.address))
    assert (found.outcome, found.text.strip()) == (READ, files.SAID)
    assert listener.calls == []


@needs_office
def test_what_lies_in_another_file_is_never_drawn_in(readers: SandboxPool, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("password of the house")
    source = f"<text:section-source xlink:href='file://{other}' xlink:show='embed'/>"
    section = f"<text:section text:name='s'>{source}<text:p/></text:section>"
    field = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{other}"}}{{\\fldrslt }}}}'
    for data in (
        files.odt(f"<text:p>{files.SAID}</text:p>{section}"),
        files.rtf(files.SAID + field),
    ):
        assert read(readers, data).text.strip() == files.SAID


@pytest.mark.parametrize(
    "make",
    [
        files.swelling_docx,
        files.swelling_workbook,
        pytest.param(files.swelling_odt, marks=needs_office),
    ],
)
def test_entities_neither_swell_nor_call(
    readers: SandboxPool, listener: Listener, make: Callable[[str], bytes]
) -> None:
    began = time.monotonic()
    found = ending(readers, make(listener.address))
    assert_ends(found, READ, EMPTY, DAMAGED)
    assert isinstance(found, Extraction)
    assert "lol" not in found.text
    assert Path("/etc/hostname").read_text().strip() not in found.text.split()
    assert listener.calls == []
    assert time.monotonic() - began < TIGHT.wall_seconds
    assert read(readers, files.good_docx()).text == files.SAID


@needs_ocr
def test_a_batch_of_bad_files_leaves_the_caller_small_and_the_good_ones_read() -> None:
    good = pdfs.letter_pdf()
    bad = [
        pdfs.form_loop(times=2),
        pdfs.deep_tree(),
        pdfs.object_stream_bomb(100 * MEGABYTE),
        files.wide_workbook(),
        files.vast_png(100_000),
        files.swollen_docx(100 * MEGABYTE),
        b"",
    ]
    requests = [Request(data, {"name": "a"}) for one in bad for data in (one, good)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tight = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=1 << 30)
    with SandboxPool(JOB, workers=2, limits=tight) as pool:
        replies = list(in_order(pool.map(requests)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    for reply in replies[1::2]:
        assert not isinstance(reply, SandboxFault)
        assert Extraction.model_validate(reply["extraction"]).text.startswith(pdfs.GOOD_LINES[0])
    assert len(replies) == 2 * len(bad)
    # Kilobytes: the caller holds bytes and replies, never what a bomb unpacks to.
    assert grown < 100_000


def test_the_limits_in_force_are_finite_and_below_the_machine() -> None:
    assert READING_LIMITS.wall_seconds <= 300
    assert READING_LIMITS.cpu_seconds <= 300
    assert READING_LIMITS.memory_bytes <= 4 << 30
    assert READING_LIMITS.recycle_after <= 100
