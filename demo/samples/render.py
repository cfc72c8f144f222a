"""All samples made real: files in a drop folder and messages for a mailbox."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from demo.samples.catalogue import (
    DOCUMENT_FORMS,
    PDF_FORMS,
    SCANNED_FORMS,
    Route,
    SampleForm,
    SampleLetter,
    load_samples,
)
from demo.samples.conversion import OfficeFault, convert_to_pdf
from demo.samples.document import OFFICE_FONT, write_docx
from demo.samples.messages import MailFile, write_message
from demo.samples.pdf_bytes import blank_pdf, fix_pdf, lock_pdf, truncate_pdf
from demo.samples.scanning import scan_pdf
from demo.samples.word_pdf import lose_sara_am

NO_OFFICE = "samples_without_libreoffice"
# Without LibreOffice these are made of an empty page; the rest of the PDFs become DOCX.
_BLANK_WILL_DO = frozenset({SampleForm.DAMAGED_PDF, SampleForm.ENCRYPTED_PDF})
_NEEDS_OFFICE = SCANNED_FORMS | {SampleForm.WORD_PDF}


class Progress(Protocol):
    """Told after each sample: how many are done, of how many, and the sample's id."""

    def __call__(self, done: int, total: int, sample_id: str) -> None:
        """Show it."""


@dataclass(frozen=True, slots=True)
class RenderedSample:
    """One sample made real: a file (`path`) or a mail (`message`), or why neither.

    `substituted` tells that a PDF was made as DOCX for want of LibreOffice; `left_out` gives the
    reason, in English, of a sample that could not be made.
    """

    sample: SampleLetter
    path: Path | None = None
    message: bytes | None = None
    substituted: bool = False
    left_out: str | None = None

    @property
    def id(self) -> str:
        """The sample's id, the same at every run."""
        return self.sample.id


def render_samples(
    folder: Path, progress: Progress, *, seed: int = 2569
) -> tuple[RenderedSample, ...]:
    """Make every sample and put the files into `folder`/scan and `folder`/hand.

    Each file is written under a hidden name and renamed when whole. The same seed and the same
    LibreOffice give the same bytes. Messages are returned, not sent.

    Args:
        folder: the drop folder; made if missing.
        progress: called after each sample.
        seed: decides tilt and dust of the scans.

    Returns:
        One entry a sample in the order of the catalogue; see `render_warning`.

    Raises:
        OSError: the folder cannot be written.
    """
    samples = load_samples()
    pdfs, fault = _make_pdfs(samples)
    rendered: list[RenderedSample] = []
    made: dict[str, RenderedSample] = {}
    for number, sample in enumerate(samples, 1):
        if sample.duplicate_of is not None:
            item = _repeat(sample, made[sample.duplicate_of], folder)
        elif fault is not None and sample.form in _NEEDS_OFFICE:
            item = RenderedSample(sample=sample, left_out=fault)
        elif sample.route is Route.MAIL:
            item = _make_mail(sample, pdfs, seed)
        else:
            file = _make_file(sample, pdfs, seed)
            path = _drop(folder, sample, file)
            item = RenderedSample(
                sample=sample, path=path, substituted=_is_substitute(sample, file)
            )
        made[sample.id] = item
        rendered.append(item)
        progress(number, len(samples), sample.id)
    return tuple(rendered)


def render_warning(rendered: tuple[RenderedSample, ...]) -> str | None:
    """Return one named line on what is missing or was made otherwise, None if all is there."""
    left_out = [item for item in rendered if item.left_out]
    if not left_out:
        return None
    substituted = [item.id for item in rendered if item.substituted]
    return (
        f"{NO_OFFICE}: {left_out[0].left_out}; left out: {', '.join(i.id for i in left_out)}; "
        f"sent as DOCX: {', '.join(substituted)}"
    )


def _make_pdfs(samples: tuple[SampleLetter, ...]) -> tuple[Mapping[str, bytes], str | None]:
    """Return the clean PDF of each sample that needs one, or none and why."""
    documents = {
        sample.id: write_docx(sample.text, font=sample.font, language=sample.language)
        for sample in samples
        if sample.form in PDF_FORMS
    }
    try:
        pdfs = convert_to_pdf(documents)
    except OfficeFault as fault:
        return {}, str(fault)
    return {name: fix_pdf(raw) for name, raw in pdfs.items()}, None


def _make_file(sample: SampleLetter, pdfs: Mapping[str, bytes], seed: int) -> MailFile:
    """Return the letter as a file under its name."""
    name = str(sample.file_name)
    if sample.form is SampleForm.EMPTY_FILE:
        return MailFile(name, b"")
    if sample.form in DOCUMENT_FORMS - PDF_FORMS or (
        sample.id not in pdfs and sample.form not in _BLANK_WILL_DO
    ):
        docx = write_docx(sample.text, font=OFFICE_FONT, language=sample.language)
        return MailFile(str(Path(name).with_suffix(".docx")), docx)
    pdf = pdfs.get(sample.id) or blank_pdf()
    if sample.form in SCANNED_FORMS:
        pdf = scan_pdf(pdf, seed=(seed, zlib.crc32(sample.id.encode())))
    elif sample.form is SampleForm.WORD_PDF:
        pdf = lose_sara_am(pdf)
    elif sample.form is SampleForm.DAMAGED_PDF:
        pdf = truncate_pdf(pdf)
    elif sample.form is SampleForm.ENCRYPTED_PDF:
        pdf = lock_pdf(pdf)
    return MailFile(name, pdf)


def _make_mail(sample: SampleLetter, pdfs: Mapping[str, bytes], seed: int) -> RenderedSample:
    files: list[MailFile] = []
    if sample.form in DOCUMENT_FORMS:
        files.append(_make_file(sample, pdfs, seed))
    if sample.enclosure is not None:
        paper = sample.enclosure
        docx = write_docx(paper.text, font=OFFICE_FONT, language=paper.language)
        files.append(MailFile(paper.file_name, docx))
    substituted = bool(files) and _is_substitute(sample, files[0])
    return RenderedSample(
        sample=sample, message=write_message(sample, files), substituted=substituted
    )


def _is_substitute(sample: SampleLetter, file: MailFile) -> bool:
    return file.name != sample.file_name


def _repeat(sample: SampleLetter, first: RenderedSample, folder: Path) -> RenderedSample:
    """Drop the bytes of an earlier file once more, under the copy's name."""
    if first.path is None:
        return RenderedSample(sample=sample, left_out=first.left_out or "nothing to repeat")
    name = str(Path(str(sample.file_name)).with_suffix(first.path.suffix))
    path = _drop(folder, sample, MailFile(name, first.path.read_bytes()))
    return RenderedSample(sample=sample, path=path, substituted=first.substituted)


def _drop(folder: Path, sample: SampleLetter, file: MailFile) -> Path:
    """Write a file into its channel's folder, whole or not at all."""
    place = folder / sample.channel.value
    place.mkdir(parents=True, exist_ok=True)
    target = place / file.name
    hidden = place / f".{sample.id}.part"
    hidden.write_bytes(file.content)
    return hidden.replace(target)
