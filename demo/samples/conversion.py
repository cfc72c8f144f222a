"""DOCX to PDF by LibreOffice: one start for all samples, private profile, killed when it hangs."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

SECONDS = 120


class OfficeFault(Exception):
    """LibreOffice is not installed, failed, or did not end in time; the message says which."""


def convert_to_pdf(documents: Mapping[str, bytes], *, seconds: float = SECONDS) -> dict[str, bytes]:
    """Return a PDF for each DOCX, under the same name.

    Args:
        documents: DOCX bytes by a name that is safe as a file name (a sample's id).
        seconds: after this long the process group is killed.

    Raises:
        OfficeFault: soffice is missing, was killed by the timer, or left a document out.
    """
    return _converted(documents, "pdf", seconds)


def save_again(documents: Mapping[str, bytes], *, seconds: float = SECONDS) -> dict[str, bytes]:
    """Return each DOCX as LibreOffice saves it; arguments and errors as of `convert_to_pdf`."""
    return _converted(documents, "docx", seconds)


def _converted(documents: Mapping[str, bytes], target: str, seconds: float) -> dict[str, bytes]:
    if not documents:
        return {}
    program = shutil.which("soffice")
    if program is None:
        raise OfficeFault("soffice is not installed (apt install libreoffice-writer-nogui)")
    with tempfile.TemporaryDirectory(
        prefix="saraban-samples-", ignore_cleanup_errors=True
    ) as scratch:
        folder = Path(scratch)
        out = folder / "out"
        out.mkdir()
        sources = []
        for name, raw in documents.items():
            source = folder / f"{name}.docx"
            source.write_bytes(raw)
            sources.append(str(source))
        _run_office(program, sources, target, out, folder / "profile", seconds)
        missing = [name for name in documents if not (out / f"{name}.{target}").is_file()]
        if missing:
            raise OfficeFault(f"soffice left out {len(missing)} of {len(documents)} documents")
        return {name: (out / f"{name}.{target}").read_bytes() for name in documents}


def _run_office(
    program: str, sources: list[str], target: str, out: Path, profile: Path, seconds: float
) -> None:
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        "--nolockcheck", "--convert-to", target, "--outdir", str(out), *sources,
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise OfficeFault(f"soffice did not end within {seconds:.0f} s") from None
    finally:
        # soffice is a script that starts soffice.bin: the whole group has to go.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
