"""The demo on a terminal: steps, progress, a table, and where to look."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from demo.result import DemoLetter, DemoResult
from flows.prefect_environment import SIGN_IN_FILE

LOG_WIDTH = 190


class DemoScreen:
    """A context manager; `quiet` shows nothing, for JSON."""

    def __init__(self, *, quiet: bool, look: bool) -> None:
        """Choose where to write, and whether the servers stay up at the end."""
        self._look = look
        self._quiet = quiet
        self._console = Console(stderr=quiet)
        if not self._console.is_terminal:
            # A log has no edge; a table broken into narrow columns cannot be read.
            self._console.width = LOG_WIDTH
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._task = None if quiet else self._progress.add_task("", total=None)

    def __enter__(self) -> DemoScreen:
        """Start drawing."""
        if not self._quiet:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self._progress.stop()

    def step(self, what: str) -> None:
        """Begin a step."""
        if self._task is not None:
            self._progress.stop_task(self._task)
            self._task = self._progress.add_task(what, total=None)

    def advance(self, done: int, total: int, what: str) -> None:
        """Show how far the step is."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def show(self, result: DemoResult) -> None:
        """Show what became of each letter, and where to look."""
        self._progress.stop()
        if self._quiet:
            return
        table = Table(title="หนังสือรับ · incoming letters", header_style="bold")
        for heading in (
            *("เลขรับ", "file", "came by", "outcome", "category"),
            *("group", "due", "state", "memo / reason"),
        ):
            table.add_column(heading, overflow="ellipsis", no_wrap=heading != "memo / reason")
        for letter in sorted(result.letters, key=_by_number):
            sure = f" {letter.confidence:.0%}" if letter.confidence is not None else ""
            memo = letter.memo_path.rsplit("/", 1)[-1] if letter.memo_path else ""
            table.add_row(
                self._number(letter, result.where.review_page),
                letter.file,
                letter.channel,
                letter.outcome.value,
                f"{letter.category}{sure}" if letter.category else "–",
                letter.group or "–",
                letter.due_date.isoformat() if letter.due_date else "–",
                letter.state or "–",
                memo or (letter.reason or "").split(" / ")[0],
            )
        console = self._console
        console.print(table)
        for warning in result.warnings:
            console.print(f"warning: {warning}", style="yellow")
        console.print(
            f"{len(result.letters)} letters accounted for, {result.new_letters} newly registered, "
            f"{result.unaccounted} unaccounted, {result.errors} errors"
        )
        console.print(f"memos        {result.where.memos}")
        console.print(f"everything   {result.where.home}")
        if self._look:
            console.print(f"Prefect UI   {result.where.prefect_ui}")
            kept = result.where.home / "prefect" / SIGN_IN_FILE
            console.print(f"  opens with the line in {kept}", highlight=False)
            console.print(f"review page  {result.where.review_page}")
            if result.sign_in is not None:
                names = ", ".join(result.sign_in.names)
                console.print(f"sign in as   {names}", highlight=False)
                console.print(
                    f"password     {result.sign_in.password}", markup=False, highlight=False
                )
        else:
            console.print("Prefect UI and review page: saraban demo --look")

    def _number(self, letter: DemoLetter, review_page: str) -> Text:
        """Return a register number; while the review page is up it leads to the case."""
        number = Text(letter.register_number or "–")
        if self._look and letter.case_id is not None:
            number.stylize(f"link {review_page}/cases/{letter.case_id}")
        return number

    def wait(self) -> None:
        """Keep the servers up until Ctrl-C or SIGTERM."""
        enough = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            enough.set()

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        self._console.print("up until Ctrl-C")
        enough.wait()


def _by_number(letter: DemoLetter) -> tuple[int, str]:
    """Registered letters in the order of the register, the others after them."""
    if letter.register_number is None:
        return (sys.maxsize, letter.outcome.value)
    return (int(letter.register_number.split("/")[0]), "")
