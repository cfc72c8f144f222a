"""LibreOffice, the external program that opens the old office formats."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from correspondence.errors import MissingDependency, UnreadableInput
from correspondence.vocabulary import ReadOutcome

PROGRAM = "soffice"


def find_program() -> str:
    """Return the path of LibreOffice.

    Raises:
        MissingDependency: not installed.
    """
    found = shutil.which(PROGRAM) or shutil.which("libreoffice")
    if found is None:
        raise MissingDependency(
            "LibreOffice is not installed.",
            thai="ยังไม่ได้ติดตั้ง LibreOffice",
            remedy="apt-get install libreoffice-writer-nogui",
        )
    return found


def convert(data: bytes, suffix: str, target: str, seconds: float) -> bytes:
    """Return a document in another format.

    Args:
        data: the document.
        suffix: its own extension, without the dot, as its content says: `doc`, `odt`, `rtf`.
        target: extension of the wanted format: `docx` or `pdf`.
        seconds: real time; then the program and all it started are killed.

    Raises:
        MissingDependency: LibreOffice is not installed.
        UnreadableInput: `timed_out`, or `damaged` where no file came out.
    """
    program = find_program()
    with tempfile.TemporaryDirectory(prefix="saraban-soffice-") as folder:
        source = Path(folder) / f"document.{suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", target, "--outdir", f"{folder}/out", str(source)),
        ]
        _run_group(command, folder, seconds)
        made = Path(folder) / "out" / f"document.{target}"
        if not made.is_file() or not made.stat().st_size:
            raise UnreadableInput(ReadOutcome.DAMAGED, "LibreOffice could not open the document.")
        return made.read_bytes()


def _run_group(command: list[str], home: str, seconds: float) -> None:
    # A session of its own, because the launcher leaves the real program behind when killed.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, HOME=home),
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise UnreadableInput(
                ReadOutcome.TIMED_OUT, f"LibreOffice was stopped after {seconds:g} seconds."
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
