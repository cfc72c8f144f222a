"""The pages of one file as they are read: budget of OCR, warnings, what stayed unread."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from correspondence.errors import MissingDependency, UnreadableInput
from correspondence.reading import PageText
from correspondence.vocabulary import ReadMethod, ReadOutcome
from extractors.formats.protocol import FormatReading
from extractors.request import ReadingRequest
from extractors.scans import engine
from extractors.scans.page_text import RecognisedPage
from extractors.scans.recogniser import RecognitionFailed, trace_page

# Below it recognition yields more dirt than letters (benchmarks/quality.py).
_LEGIBLE = 0.3


class PageReader:
    """Collects pages in order and recognises images within the limits of the request."""

    def __init__(self, request: ReadingRequest) -> None:
        """Start with no page read."""
        self.request = request
        self._pages: list[PageText] = []
        self._warnings: list[str] = []
        self._unread = 0
        self._recognised = 0
        self._timed_out = 0
        self._complete = True

    def warn(self, warning: str) -> None:
        """Add a machine-readable warning once."""
        if warning not in self._warnings:
            self._warnings.append(warning)

    def leave_out(self, warning: str) -> None:
        """Add a warning for something that was not read: the outcome is partial."""
        self._complete = False
        self.warn(warning)

    def add(self, page: PageText) -> None:
        """Add a page that was read (it may be blank)."""
        self._pages.append(page)

    def add_unreadable(self, number: int, warning: str) -> None:
        """Add a page that could not be read at all, without text."""
        self.leave_out(f"{warning}:{number}")
        self._unread += 1
        self._pages.append(
            PageText(number=number, text="", method=ReadMethod.TEXT_LAYER, quality=0.0)
        )

    def add_unread_image(self, layer: PageText) -> None:
        """Add a page whose image stays unread; what its text layer says is kept."""
        self._complete = False
        self._unread += not layer.text
        self._pages.append(layer)

    def add_recognised(self, layer: PageText, draw: Callable[[], Image.Image]) -> None:
        """Recognise a page and add the better of that and its text layer.

        Args:
            layer: the page's text layer, text "" where it has none.
            draw: makes the page's image; called only when it will be recognised.
        """
        refused = self._refusal()
        if refused:
            self.warn(refused)
            self.add_unread_image(layer)
            return
        self._recognised += 1
        try:
            traced = trace_page(draw(), self.request.limits.ocr_seconds)
        except RecognitionFailed:
            self._timed_out += 1
            self.warn(f"ocr_timed_out:{layer.number}")
            self.add_unread_image(layer)
            return
        except MissingDependency:
            self.warn("no_ocr")
            self.add_unread_image(layer)
            return
        found = traced.found
        if self.request.traces is not None:
            self.request.traces.keep(layer.number, traced.cleaned, traced.lines)
        if _is_better(found, layer):
            self.add(
                PageText(
                    number=layer.number,
                    text=found.text,
                    method=ReadMethod.OCR,
                    quality=found.quality,
                    pieces=found.pieces,
                    size=(traced.cleaned.shape[1], traced.cleaned.shape[0]),
                    turn=traced.turn,
                )
            )
            return
        self.add(layer)

    def _refusal(self) -> str | None:
        if not self.request.ocr or not engine.is_installed():
            return "no_ocr"
        if self._recognised >= self.request.limits.ocr_pages:
            return "ocr_pages_left_out"
        return None

    def reading(self) -> FormatReading:
        """Return everything read.

        Raises:
            UnreadableInput: no page has text; the outcome says why.
        """
        warnings = tuple(self._warnings)
        if not any(page.text.strip() for page in self._pages):
            raise NothingRead(self._why_nothing(), warnings)
        return FormatReading(pages=tuple(self._pages), complete=self._complete, warnings=warnings)

    def _why_nothing(self) -> ReadOutcome:
        if self._timed_out:
            return ReadOutcome.TIMED_OUT
        if any(warning.startswith("page_too_large") for warning in self._warnings):
            return ReadOutcome.TOO_LARGE
        if any(warning.startswith("page_damaged") for warning in self._warnings):
            return ReadOutcome.DAMAGED
        return ReadOutcome.EMPTY


def _is_better(found: RecognisedPage, layer: PageText) -> bool:
    """Tell whether what was recognised says more than the layer, or says it better.

    Three times as much legible text is a letter under a stamp or a page number, however well
    those are read.
    """
    letters, known = (sum(map(str.isalnum, text)) for text in (found.text, layer.text))
    if letters >= 3 * known and found.quality >= _LEGIBLE:
        return bool(letters)
    return 2 * letters >= known and found.quality > layer.quality


class NothingRead(UnreadableInput):
    """No page of a file gave text; `warnings` say what stood in the way (`no_ocr`)."""

    def __init__(self, outcome: ReadOutcome, warnings: tuple[str, ...]) -> None:
        """Keep outcome and warnings."""
        super().__init__(outcome, "No page of the file gave text.")
        self.warnings = warnings
