"""A private Dovecot for the demonstration and the tests: loopback only, its own folder."""

from __future__ import annotations

import datetime
import grp
import imaplib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from correspondence.errors import MissingDependency, SourceUnavailable

START_SECONDS = 20.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class RunningDovecot:
    """A running server: where it listens, its one password, and the folder of its mail.

    Every user name is accepted with the same password; each has a mailbox of its own.
    `tls_port` and `certificate` are None where OpenSSL is not installed.
    """

    port: int
    tls_port: int | None
    certificate: Path | None
    password: str = field(repr=False)
    folder: Path
    pid: int

    @property
    def host(self) -> str:
        """The loopback address it listens on."""
        return "127.0.0.1"

    def append(
        self,
        user: str,
        raw: bytes,
        *,
        folder: str = "INBOX",
        arrived_at: datetime.datetime | None = None,
    ) -> None:
        """Put a mail into a mailbox; `arrived_at` (aware) becomes its INTERNALDATE."""
        moment = (arrived_at or datetime.datetime.now(datetime.UTC)).astimezone()
        with imaplib.IMAP4(self.host, self.port, timeout=START_SECONDS) as client:
            client.login(user, self.password)
            status, _ = client.append(folder, "", imaplib.Time2Internaldate(moment), raw)
            if status != "OK":
                raise SourceUnavailable("The mail server refused the sample mail.")


def find_dovecot() -> str | None:
    """Return the path of the Dovecot 2.3 or 2.4 binary, or None where it is not installed."""
    return shutil.which("dovecot") or shutil.which(
        "dovecot", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )


@contextmanager
def run_dovecot(folder: Path, *, further: str = "") -> Iterator[RunningDovecot]:
    """Run Dovecot until the block ends; works as root and as an ordinary user.

    Args:
        folder: an empty folder for configuration, sockets, logs and (but for root) mail. Its
            path should be short: a socket path may have some hundred characters only.
        further: lines for the end of its configuration; the last word on a setting counts.

    Raises:
        MissingDependency: Dovecot is not installed.
        SourceUnavailable: it did not start; its log is in the folder.
    """
    binary = find_dovecot()
    if binary is None:
        raise MissingDependency("Dovecot is not installed.", remedy="apt-get install dovecot-imapd")
    folder = folder.resolve()
    for name in ("run", "state"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    owner = _mail_owner()
    mail = _make_mail_folder(folder, owner)
    certificate = _make_certificate(folder)
    password = secrets.token_urlsafe(12)
    port, tls_port = _free_port(), _free_port() if certificate else 0
    settings = folder / "dovecot.conf"
    text = _settings(folder, mail, owner, port, tls_port, password)
    settings.write_text(f"{text}{further}\n", encoding="utf-8")
    settings.chmod(0o600)
    # The guard ends Dovecot when this process ends in any way: the kernel then closes the pipe.
    held, lifeline = os.pipe()
    with (folder / "start.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.guarded", str(held), binary, "-F", "-c", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(held,),
        )
    os.close(held)
    try:
        _wait_until_up(process, port, folder)
        yield RunningDovecot(
            port=port,
            tls_port=tls_port or None,
            certificate=certificate,
            password=password,
            folder=folder,
            pid=psutil.Process(process.pid).children()[0].pid,
        )
    finally:
        _stop(process)
        os.close(lifeline)
        if mail.parent != folder:
            shutil.rmtree(mail, ignore_errors=True)


def _mail_owner() -> pwd.struct_passwd:
    # Dovecot refuses to keep mail as root.
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _make_mail_folder(folder: Path, owner: pwd.struct_passwd) -> Path:
    if os.geteuid() != 0:
        mail = folder / "mail"
        mail.mkdir(exist_ok=True)
        return mail
    # The given folder may lie below one that only root may enter.
    mail = Path(tempfile.mkdtemp(prefix="saraban-mail-"))
    os.chown(mail, owner.pw_uid, owner.pw_gid)
    return mail


def _settings(
    folder: Path,
    mail: Path,
    owner: pwd.struct_passwd,
    port: int,
    tls_port: int,
    password: str,
) -> str:
    user = owner.pw_name
    as_root = os.geteuid() == 0
    lines = [
        f"base_dir = {folder}/run",
        f"state_dir = {folder}/state",
        f"log_path = {folder}/dovecot.log",
        "protocols = imap",
        "listen = 127.0.0.1",
        "disable_plaintext_auth = no",
        "auth_mechanisms = plain login",
        "first_valid_uid = 0",
        "first_valid_gid = 0",
        f"mail_uid = {owner.pw_uid}",
        f"mail_gid = {owner.pw_gid}",
        f"mail_home = {mail}/%u",
        f"mail_location = maildir:{mail}/%u/Maildir",
        "mail_max_userip_connections = 50",
        "auth_failure_delay = 0",
        "ssl = yes" if tls_port else "ssl = no",
        "passdb {",
        "  driver = static",
        f"  args = password={password}",
        "}",
        "userdb {",
        "  driver = static",
        f"  args = uid={owner.pw_uid} gid={owner.pw_gid} home={mail}/%u",
        "}",
        "service imap-login {",
        "  chroot =",
        "  inet_listener imap {",
        f"    port = {port}",
        "  }",
        "  inet_listener imaps {",
        f"    port = {tls_port}",
        "    ssl = yes" if tls_port else "",
        "  }",
        "}",
        "service anvil {",
        "  chroot =",
        # Every client comes from one address: refusals must not slow the others down.
        "  unix_listener anvil-auth-penalty {",
        "    mode = 0",
        "  }",
        "}",
        "service stats {",
        "  chroot =",
        "}",
        "namespace inbox {",
        "  inbox = yes",
        "  separator = /",
        "}",
    ]
    if tls_port:
        lines += [f"ssl_cert = <{folder}/cert.pem", f"ssl_key = <{folder}/key.pem"]
    if not as_root:
        group = grp.getgrgid(owner.pw_gid).gr_name
        lines += [
            f"default_internal_user = {user}",
            f"default_login_user = {user}",
            f"default_internal_group = {group}",
        ]
    return "\n".join(line for line in lines if line) + "\n"


def _make_certificate(folder: Path) -> Path | None:
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    certificate = folder / "cert.pem"
    done = subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(folder / "key.pem"), "-out", str(certificate),
        ],
        capture_output=True,
        timeout=30,
        check=False,
    )  # fmt: skip
    return certificate if done.returncode == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _wait_until_up(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if connection.recv(64).startswith(b"* OK"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise SourceUnavailable(
        "Dovecot did not start.", remedy=f"Read {folder}/start.log and {folder}/dovecot.log."
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    # Dovecot's master ends its children itself; the group is killed only if it does not.
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_STOP_SECONDS)
