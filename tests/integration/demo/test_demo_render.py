"""All samples rendered by LibreOffice are what they claim to be."""

from __future__ import annotations

import email
import email.policy
import io
import re
import shutil
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2
import pytest

from demo.samples.catalogue import PDF_FORMS, SCANNED_FORMS, Route, SampleForm, load_samples
from demo.samples.conversion import OfficeFault, convert_to_pdf
from demo.samples.document import write_docx
from demo.samples.layout import plain_text
from demo.samples.render import NO_OFFICE, RenderedSample, render_samples, render_warning

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
Rendered = dict[str, RenderedSample]


def silent(done: int, total: int, sample_id: str) -> None:
    assert 0 < done <= total
    assert sample_id


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    items = render_samples(tmp_path_factory.mktemp("drop"), silent)
    assert render_warning(items) is None
    return {item.id: item for item in items}


def letter_bytes(item: RenderedSample) -> bytes:
    """The bytes of the letter itself: the file, or the first attachment of the mail."""
    if item.path is not None:
        return item.path.read_bytes()
    assert item.message is not None
    message = email.message_from_bytes(item.message, policy=email.policy.default)
    content = next(message.iter_attachments()).get_content()
    assert isinstance(content, bytes)
    return content


def page_texts(raw: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(raw)
    try:
        texts = []
        for number in range(len(document)):
            page = document[number]
            layer = page.get_textpage()
            texts.append(layer.get_text_range())
            layer.close()
            page.close()
        return texts
    finally:
        document.close()


def first_page(raw: bytes) -> np.ndarray:
    document = pypdfium2.PdfDocument(raw)
    try:
        page = document[0]
        picture = page.render(scale=1.5, grayscale=True).to_numpy().copy()
        page.close()
        return picture.squeeze()
    finally:
        document.close()


def squeezed(text: str) -> str:
    """The text without spaces and with its tones after its vowels, as LibreOffice may not."""
    return re.sub("([่้๊๋์])([ัิีึืุู])", r"\2\1", re.sub(r"[\s\ufffe]", "", text))


@needs_office
def test_every_sample_is_made(rendered: Rendered) -> None:
    samples = load_samples()
    assert list(rendered) == [sample.id for sample in samples]
    for sample in samples:
        item = rendered[sample.id]
        assert (item.message is not None) == (sample.route is Route.MAIL)
        if item.path is not None:
            assert item.path.name == sample.file_name
            assert item.path.parent.name == sample.channel.value


@needs_office
def test_nothing_unfinished_stays_in_the_drop_folder(rendered: Rendered) -> None:
    paths = [item.path for item in rendered.values() if item.path is not None]
    folder = paths[0].parents[1]
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == sorted(paths)


@needs_office
@pytest.mark.parametrize("form", list(SampleForm))
def test_files_are_of_their_type(rendered: Rendered, form: SampleForm) -> None:
    items = [item for item in rendered.values() if item.sample.form is form]
    assert items
    for item in items:
        if form in PDF_FORMS:
            assert letter_bytes(item).startswith(b"%PDF-")
        elif form in (SampleForm.DOCX, SampleForm.MAIL_WITH_DOCX):
            assert letter_bytes(item).startswith(b"PK\x03\x04")
        elif form is SampleForm.EMPTY_FILE:
            assert letter_bytes(item) == b""


@needs_office
def test_digital_pdfs_carry_the_letter_in_their_text_layer(rendered: Rendered) -> None:
    for item in rendered.values():
        if item.sample.form is not SampleForm.DIGITAL_PDF:
            continue
        read = squeezed("".join(page_texts(letter_bytes(item))))
        wanted = squeezed(plain_text(item.sample.text))
        assert abs(len(read) - len(wanted)) <= 0.02 * len(wanted), item.id


@needs_office
def test_word_pdfs_have_lost_their_sara_am_and_nothing_else(rendered: Rendered) -> None:
    items = [i for i in rendered.values() if i.sample.form is SampleForm.WORD_PDF]
    assert items
    for item in items:
        wanted = plain_text(item.sample.text)
        assert wanted.count("ำ") >= 3
        text = "".join(page_texts(letter_bytes(item)))
        assert "ำ" not in text
        assert "\u0e4d" not in text
        assert re.search("[ก-ฮ] [่้]?า", text)
        repaired = re.sub("([ก-ฮ]) ([่้]?)า", r"\1\2ำ", text)
        assert repaired.count("ำ") == wanted.count("ำ"), item.id
        for word in ("ผู้", "เรื่อง", "พฤศจิกายน"):
            assert squeezed(repaired).count(word) == squeezed(wanted).count(word), (item.id, word)


@needs_office
def test_word_pdfs_read_alike_in_another_extractor(rendered: Rendered) -> None:
    raw = letter_bytes(rendered["report-factfinding-result"])
    text = pypdf.PdfReader(io.BytesIO(raw)).pages[0].extract_text()
    assert "ส านักงานรัฐมนตรี" in text
    assert b"ActualText" not in pypdf.PdfReader(io.BytesIO(raw)).pages[0].get_contents().get_data()


@needs_office
def test_word_pdfs_look_as_they_did(rendered: Rendered, tmp_path: Path) -> None:
    item = rendered["report-factfinding-result"]
    docx = write_docx(item.sample.text, font=item.sample.font, language=item.sample.language)
    clean = convert_to_pdf({"clean": docx})["clean"]
    before, after = first_page(clean), first_page(letter_bytes(item))
    assert before.shape == after.shape
    assert np.abs(before.astype(int) - after.astype(int)).max() <= 8


@needs_office
def test_scans_are_pictures_of_200_to_300_dpi_without_text(rendered: Rendered) -> None:
    items = [i for i in rendered.values() if i.sample.form in SCANNED_FORMS]
    assert len(items) >= 8
    for item in items:
        raw = letter_bytes(item)
        assert not "".join(page_texts(raw)).strip()
        page = pypdf.PdfReader(io.BytesIO(raw)).pages[0]
        (image,) = page["/Resources"]["/XObject"].values()
        picture = image.get_object()
        assert picture["/Filter"] in ("/DCTDecode", ["/DCTDecode"])
        assert picture["/ColorSpace"] == "/DeviceGray"
        dpi = picture["/Width"] / (float(page.mediabox.width) / 72)
        assert 195 <= dpi <= 305
        grey = first_page(raw)
        assert 0.01 < (grey < 128).mean() < 0.2
        assert 225 < np.median(grey) < 255


@needs_office
def test_the_locked_pdf_does_not_open_without_its_password(rendered: Rendered) -> None:
    raw = letter_bytes(rendered["encrypted-password"])
    reader = pypdf.PdfReader(io.BytesIO(raw))
    assert reader.is_encrypted
    assert not reader.decrypt("")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(raw)


@needs_office
def test_the_damaged_pdf_is_cut_off(rendered: Rendered) -> None:
    raw = letter_bytes(rendered["damaged-truncated"])
    assert raw.startswith(b"%PDF-")
    assert b"%%EOF" not in raw
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(raw)


@needs_office
def test_the_secret_mark_stands_alone_at_the_top_and_the_bottom(rendered: Rendered) -> None:
    (page,) = page_texts(letter_bytes(rendered["secret-investigation"]))
    lines = [line.strip() for line in page.strip().splitlines()]
    assert (lines[0], lines[-1]) == ("ลับ", "ลับ")


@needs_office
def test_the_copy_has_the_bytes_of_its_first(rendered: Rendered) -> None:
    copy = rendered["duplicate-appeal"]
    first = rendered[str(copy.sample.duplicate_of)]
    assert letter_bytes(copy) == letter_bytes(first)
    assert copy.path != first.path


@needs_office
def test_two_attachments_are_the_letter_and_its_enclosure(rendered: Rendered) -> None:
    item = rendered["cooperation-mou-teachers"]
    assert item.message is not None
    message = email.message_from_bytes(item.message, policy=email.policy.default)
    letter, enclosure = message.iter_attachments()
    assert letter.get_filename() == item.sample.file_name
    assert enclosure.get_content().startswith(b"PK\x03\x04")


@needs_office
def test_a_second_rendering_gives_the_same_bytes(rendered: Rendered, tmp_path: Path) -> None:
    changed = [
        again.id
        for again in render_samples(tmp_path / "drop", silent)
        if (again.message or again.path)
        and (again.message or letter_bytes(again))
        != (rendered[again.id].message or letter_bytes(rendered[again.id]))
    ]
    assert changed == []


def test_without_libreoffice_the_rest_is_made_and_the_missing_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    items = render_samples(tmp_path / "drop", silent)
    warning = render_warning(items)
    assert warning is not None
    assert warning.startswith(f"{NO_OFFICE}: ")
    for item in items:
        lost = item.sample.form in SCANNED_FORMS | {SampleForm.WORD_PDF}
        assert (item.left_out is not None) == lost
        assert (item.path is None and item.message is None) == lost
        if item.left_out or item.substituted:
            assert item.id in warning
        if item.sample.form is SampleForm.DIGITAL_PDF:
            assert item.substituted
            assert letter_bytes(item).startswith(b"PK\x03\x04")
    held = {i.sample.form: letter_bytes(i) for i in items if i.path and not i.substituted}
    assert pypdf.PdfReader(io.BytesIO(held[SampleForm.ENCRYPTED_PDF])).is_encrypted
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(held[SampleForm.DAMAGED_PDF])


def test_an_office_program_that_hangs_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    mark = tmp_path / "child.pid"
    program.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {mark}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(OfficeFault, match="within"):
        convert_to_pdf({"letter": b"not read"}, seconds=1)
    child = Path("/proc") / mark.read_text().strip() / "stat"
    # Gone, or a zombie that init has yet to collect.
    assert not child.exists() or child.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_an_office_program_that_leaves_a_document_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(OfficeFault, match="1 of 1"):
        convert_to_pdf({"letter": b"not read"})
