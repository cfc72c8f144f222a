"""Mailboxes filled by writing Maildir files: tens of thousands of mails in seconds."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable
from pathlib import Path

from demo.dovecot import RunningDovecot


def write_maildir(server: RunningDovecot, user: str, mails: Iterable[bytes]) -> int:
    """Put mails into a new user's inbox behind the server's back; returns how many.

    Dovecot finds and numbers them when the folder is next opened.
    """
    base = mail_folder(server) / user / "Maildir"
    for name in ("cur", "new", "tmp"):
        (base / name).mkdir(parents=True, exist_ok=True)
    count = 0
    for count, raw in enumerate(mails, 1):
        # The first part of the name orders the mails; S= spares Dovecot a look at each file.
        name = f"{1_700_000_000 + count}.M{count}P1.test,S={len(raw)}"
        (base / "cur" / f"{name}:2,").write_bytes(raw)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("nobody")
        for folder, _, files in os.walk(base.parent):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            for file in files:
                os.chown(Path(folder) / file, owner.pw_uid, owner.pw_gid)
    return count


def mail_folder(server: RunningDovecot) -> Path:
    """Return the folder that holds one folder for each user."""
    for line in (server.folder / "dovecot.conf").read_text(encoding="utf-8").splitlines():
        if line.startswith("mail_home = "):
            return Path(line.removeprefix("mail_home = ").removesuffix("/%u"))
    raise ValueError("the server's configuration names no mail folder")
