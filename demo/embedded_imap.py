"""An IMAP server in a child process for offices without Dovecot: pymap over a maildir.

The maildir lies in the scratch folder and lasts, so that a second run finds the same mailbox with
the same UIDs. The server listens on loopback only, without TLS, and ends with its parent: it
reads its standard input, which closes when the parent is gone, killed or not.

A maildir of the standard library keeps line ends as LF, so a message comes back with LF where it
was appended with CRLF: all else is the same, byte for byte.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.util
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from correspondence.errors import MissingDependency, SourceUnavailable

LOOPBACK = "127.0.0.1"
USER = "letters"
_START_SECONDS = 20.0
_STOP_SECONDS = 5.0
_ATTEMPTS = 3
# The password is drawn at each start and lives as long as the process: a light hash will do.
_ROUNDS = 1_000

_CHILD = """
import os, sys, threading
def end_with_parent():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=end_with_parent, daemon=True).start()
from pymap.main import main
main()
"""


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """Where the server listens and how to sign in."""

    host: str
    port: int
    user: str
    password: str


def is_installed() -> bool:
    """Tell whether the package pymap can be imported."""
    return importlib.util.find_spec("pymap") is not None


@contextlib.contextmanager
def run_embedded_server(folder: Path) -> Iterator[EmbeddedServer]:
    """Run the server over `folder` until the block ends.

    Raises:
        MissingDependency: pymap is not installed.
        SourceUnavailable: the server did not answer in time.
    """
    if not is_installed():
        raise MissingDependency(
            "Neither Dovecot nor the package pymap is installed.",
            thai="ยังไม่ได้ติดตั้งเครื่องแม่ข่ายอีเมลสำหรับการสาธิต",
            remedy="Run: apt install dovecot-imapd, or: pip install pymap",
        )
    folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(18)
    _write_accounts(folder, password)
    process, port = _start(folder)
    try:
        yield EmbeddedServer(host=LOOPBACK, port=port, user=USER, password=password)
    finally:
        _stop(process)


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the child on a free port; another program may take the port first, so try again."""
    for _ in range(_ATTEMPTS):
        port = _free_port()
        process = subprocess.Popen(
            [
                sys.executable, "-c", _CHILD, "--host", LOOPBACK, "--port", str(port), "--no-tls",
                "--no-service", "managesieve", "--no-service", "admin", "maildir", str(folder),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )  # fmt: skip
        if _answers(process, port):
            return process, port
        _stop(process)
    raise SourceUnavailable(
        "The embedded IMAP server did not start.",
        thai="เครื่องแม่ข่ายอีเมลสำหรับการสาธิตไม่เริ่มทำงาน",
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait for the greeting of the server."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
                if connection.recv(64).startswith(b"* OK"):
                    return True
        except OSError:
            time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _write_accounts(folder: Path, password: str) -> None:
    """Write pymap's user and password files (the formats of passwd(5) and shadow(5))."""
    salt = secrets.token_bytes(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = "$".join(
        ("", "pbkdf2-sha256", str(_ROUNDS), _base64(salt), _base64(digest)),
    )
    (folder / "pymap-etc-passwd").write_text(f"{USER}:x::::{USER}:\r\n", encoding="ascii")
    shadow = folder / "pymap-etc-shadow"
    shadow.touch(mode=0o600)
    shadow.write_text(f"{USER}:{stored}:::::::\r\n", encoding="ascii")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
