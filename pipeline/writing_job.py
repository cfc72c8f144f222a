"""The job that runs in a child process: one letter's bytes to its redacted copies.

What leaves the child is the black text and the painted pages, never the letter's own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping

import pypdfium2
from PIL import Image
from pydantic import JsonValue

from correspondence.errors import UnreadableInput
from correspondence.reading import Extraction, PageText
from correspondence.vocabulary import READABLE, ReadMethod, ReadOutcome
from drafting.redaction import load_word_lists
from drafting.redaction.copies import UNCONFIRMED, RedactionIncomplete, copy_text
from drafting.redaction.people import complainant_names
from drafting.redaction.pictures import (
    MOST_PAGES,
    PageCover,
    bind,
    cover_page,
    digest_of,
    mark_page,
    paint,
    preview_of,
)
from extractors import media
from extractors.formats.pdf import open_pdf
from extractors.media import media_type
from extractors.reader import read_document
from extractors.request import ReadingRequest
from extractors.scans.traces import Traces
from intake.errors import MimeTooLarge, MimeUnreadable
from intake.mime import take_apart
from pipeline.mail_reading import is_mail, read_mail
from pipeline.reading_job import reading_request

_DOTS = 150
_MOST_PIXELS = 4_000_000
_A4 = (1240, 1754)

# Every child is forked from a process that has imported this: the lists are built there, once.
load_word_lists()


def redact_item(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Make the redacted copies of a letter.

    Args:
        payload: the item as it arrived: the letter itself or the mail that carries it.
        params: `name`, `sha256` of the letter's file ("" for a mail's own text), `hide` (names and
            words known otherwise), `show` (words a person has opened again), `confirm` (the
            fingerprint of the copy they looked at: pages of any other are marked), `passwords`,
            `first_page` and `last_page` (from 1; None for all).

    Returns:
        `outcome` (a `ReadOutcome`, or `redaction_incomplete`); where it is readable also `text`
        (a `TextCopy`), `pages` (base64, "" where the letter has none), `previews` (of a proposal:
        the same pages small, base64), `painted` (their digest without any mark) and
        `withheld` (numbers of pages that are wholly black).
    """
    hide, show = _listed(params, "hide"), _listed(params, "show")
    request = reading_request(params).model_copy(update={"traces": Traces()})
    try:
        data, extraction = _read(payload, params, request)
        if extraction.outcome not in READABLE:
            return {"outcome": extraction.outcome.value}
        extraction = _of_pages(extraction, params)
        names = complainant_names(extraction, hide)
        text = copy_text(extraction, (*names, *hide), show)
        covers = [cover_page(page, (*names, *hide), show) for page in extraction.pages]
        pages = list(_painted(data, extraction, covers, request))
        painted = digest_of(pages)
        previews: list[JsonValue] = []
        if params.get("confirm") != text.fingerprint(painted):
            pages = [mark_page(page, UNCONFIRMED) for page in pages]
            previews += [base64.b64encode(preview_of(page)).decode() for page in pages]
    except UnreadableInput as fault:
        return {"outcome": fault.outcome.value}
    except RedactionIncomplete as fault:
        return {"outcome": fault.code}
    return {
        "outcome": ReadOutcome.OK.value,
        "text": text.model_dump(mode="json"),
        "pages": base64.b64encode(bind(pages)).decode() if pages else "",
        "previews": previews,
        "painted": painted,
        "withheld": [c.number for c in covers if c.withheld] if pages else [],
    }


def _listed(params: Mapping[str, JsonValue], key: str) -> tuple[str, ...]:
    given = params.get(key)
    return tuple(str(word) for word in given) if isinstance(given, list) else ()


def _read(
    payload: bytes, params: Mapping[str, JsonValue], request: ReadingRequest
) -> tuple[bytes, Extraction]:
    name, sha256 = str(params["name"]), str(params["sha256"])
    if hashlib.sha256(payload).hexdigest() == sha256:
        return payload, read_document(payload, name, request)
    if not is_mail(payload, media_type(payload), name):
        if sha256:
            raise UnreadableInput(ReadOutcome.UNSUPPORTED, "The item does not carry that file.")
        return payload, read_document(payload, name, request)
    if not sha256:
        return b"", read_mail(payload, name, request).extraction
    try:
        attachments = take_apart(payload, passwords=request.passwords).attachments
    except (MimeTooLarge, MimeUnreadable):
        attachments = ()
    for attachment in attachments:
        if hashlib.sha256(attachment.data).hexdigest() == sha256:
            file_name = attachment.file_name or "letter"
            return attachment.data, read_document(attachment.data, file_name, request)
    raise UnreadableInput(ReadOutcome.UNSUPPORTED, "The item does not carry that file.")


def _of_pages(extraction: Extraction, params: Mapping[str, JsonValue]) -> Extraction:
    """Return the extraction with the letter's own pages, of a file that holds several letters."""
    first, last = params.get("first_page"), params.get("last_page")
    pages = extraction.pages
    if isinstance(first, int) and isinstance(last, int):
        pages = tuple(page for page in pages if first <= page.number <= last)
    if len(pages) > MOST_PAGES:
        raise UnreadableInput(ReadOutcome.TOO_LARGE, "The letter has too many pages to copy.")
    return extraction.model_copy(update={"pages": pages})


def _painted(
    data: bytes, extraction: Extraction, covers: list[PageCover], request: ReadingRequest
) -> Iterator[Image.Image]:
    """Yield the painted pages; a page without a picture is black, a file without pages has none."""
    methods = {page.method for page in extraction.pages}
    if not methods & {ReadMethod.OCR, ReadMethod.TEXT_LAYER}:
        return
    document = None
    if media_type(data) == media.PDF:
        document, _ = open_pdf(data, request.passwords)
    try:
        for page, cover in zip(extraction.pages, covers, strict=True):
            image = _image(page, document, request)
            if image is None:
                image, cover = Image.new("RGB", _A4), PageCover(number=page.number, withheld=True)
            yield paint(image, cover)
    finally:
        if document is not None:
            document.close()


def _image(
    page: PageText, document: pypdfium2.PdfDocument | None, request: ReadingRequest
) -> Image.Image | None:
    """Return a page as the reader saw it: boxes are shares of that very picture."""
    if page.method is ReadMethod.OCR:
        trace = request.traces.pages.get(page.number) if request.traces else None
        return trace.page if trace else None
    if document is None:
        return None
    try:
        drawn = document[page.number - 1]
        width, height = drawn.get_size()
        scale = min(_DOTS / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        picture: Image.Image = drawn.render(scale=scale).to_pil()
        return picture
    except pypdfium2.PdfiumError:
        return None
