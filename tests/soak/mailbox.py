"""A mailbox whose server may be killed while mail goes on arriving."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from demo.dovecot import RunningDovecot, find_dovecot, run_dovecot
from tests.servers.maildirs import mail_folder

USER = "office"
PROCESSED = "Saraban"


@dataclass
class SoakMailbox:
    """One user's mailbox on a Dovecot that can be killed and started again at its port."""

    server: RunningDovecot
    _names: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _again: list[tuple[subprocess.Popen[bytes], int]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where the user's mails lie."""
        return mail_folder(self.server) / USER / "Maildir"

    def prepare(self) -> None:
        """Make the empty mailbox."""
        for name in ("cur", "new", "tmp"):
            (self.folder / name).mkdir(parents=True)
        _give_away(self.folder.parent)

    def deliver(self, raw: bytes) -> None:
        """Put a mail into the mailbox as a delivery agent does, whether or not IMAP is up."""
        name = f"{int(time.time())}.M{next(self._names)}P1.soak,S={len(raw)}"
        (partial := self.folder / "tmp" / name).write_bytes(raw)
        _give_away(partial)
        partial.rename(self.folder / "new" / name)

    def kill(self) -> None:
        """Kill the IMAP server and its connections."""
        for process in psutil.process_iter(["cmdline", "ppid"]):
            with suppress(psutil.NoSuchProcess):
                command = process.info["cmdline"] or []
                if str(self.server.folder / "dovecot.conf") in command and "-F" in command:
                    if "sandbox.guarded" in command:
                        continue
                    for one in (process, *process.children(recursive=True)):
                        with suppress(psutil.NoSuchProcess):
                            one.kill()

    def start(self) -> None:
        """Start it again at the same port and wait until it greets."""
        self.clean()
        held, lifeline = os.pipe()
        binary = find_dovecot()
        assert binary is not None
        conf = str(self.server.folder / "dovecot.conf")
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.guarded", str(held), binary, "-F", "-c", conf],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(held,),
        )
        os.close(held)
        self._again.append((process, lifeline))
        deadline = time.monotonic() + 30
        address = "127.0.0.1", self.server.port
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(address, timeout=1) as connection:
                if connection.recv(64).startswith(b"* OK"):
                    return
            time.sleep(0.1)
        raise AssertionError("Dovecot did not come up again")

    def clean(self) -> None:
        """End the servers that were started again."""
        while self._again:
            process, lifeline = self._again.pop()
            os.close(lifeline)
            process.wait(timeout=20)

    def counts(self) -> tuple[int, int]:
        """Return how many mails lie in the inbox and in the folder of processed ones."""
        inbox = [p for name in ("cur", "new") for p in (self.folder / name).iterdir()]
        done = self.folder / f".{PROCESSED}"
        put = [p for name in ("cur", "new") for p in (done / name).glob("*")]
        return len(inbox), len(put)


@contextmanager
def soak_mailbox(folder: Path) -> Iterator[SoakMailbox]:
    """Yield an empty mailbox; its server ends with the block."""
    with run_dovecot(folder) as server:
        mailbox = SoakMailbox(server)
        mailbox.prepare()
        try:
            yield mailbox
        finally:
            mailbox.clean()
            shutil.rmtree(mailbox.folder.parent, ignore_errors=True)


def _give_away(path: Path) -> None:
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam("nobody")
    os.chown(path, owner.pw_uid, owner.pw_gid)
    for below in path.rglob("*") if path.is_dir() else ():
        os.chown(below, owner.pw_uid, owner.pw_gid)
