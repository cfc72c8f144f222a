"""Mails a second from a real Dovecot into the ledger, against a plain imapclient + email loop.

    python -m benchmarks.intake [--mails 5000] [--large 40000] [--quick]

First poll: N mails fetched, committed (bytes durable on disk, ledger row) and put away. The plain
loop fetches the same mails one by one, parses each with `email` and writes it to a folder; it
keeps no ledger and syncs nothing. Second poll: a mailbox of `--large` mails with nothing new,
bytes counted by a proxy in between. Every measured poll is a process of its own, so that its peak
memory is its own. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from imapclient import IMAPClient
from sqlalchemy import insert

from demo.dovecot import RunningDovecot, run_dovecot
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.pulling import pull_source
from registry.models import IntakeItem
from tests.servers.flaky_proxy import running_proxy
from tests.servers.maildirs import write_maildir

_PASSWORD = "SARABAN_BENCH_PASSWORD"


@dataclass(frozen=True, slots=True)
class Poll:
    """One measured poll: mails, seconds, peak memory in MB, and bytes, 0 where not counted."""

    what: str
    mails: int
    seconds: float
    peak_mb: float
    wire_bytes: int

    @property
    def a_second(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds if self.seconds else 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=40_000)
    parser.add_argument("--quick", action="store_true", help="500 and 3,000 mails")
    parser.add_argument("--poll", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--user", help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--action", default="none", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.poll:
        count, seconds = poll_saraban(given.port, given.user, given.home, given.action)
        # The rusage of a child would begin with what its parent had.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        sys.stdout.write(json.dumps({"mails": count, "seconds": seconds, "peak_mb": peak}) + "\n")
        return
    mails, large = (500, 3_000) if given.quick else (given.mails, given.large)
    measure(mails, large)


def measure(mails: int, large: int) -> None:
    """Fill the mailboxes, poll them, print what was found."""
    polls: list[Poll] = []
    with (
        tempfile.TemporaryDirectory(prefix="sb-") as scratch,
        run_dovecot(Path(scratch) / "dv") as server,
    ):
        os.environ[_PASSWORD] = server.password
        homes = Path(scratch)
        for user, count in (("first", mails), ("plain", mails), ("large", large)):
            write_maildir(server, user, letters(count, attachments=user != "large"))
            open_folder(server, user)
        polls.append(run(server, "saraban", "first", homes / "a", "move", "first poll"))
        polls.append(run(server, "plain", "plain", homes / "b", "none", "plain loop"))
        mark_as_known(server, "large", large, homes / "c")
        polls.append(
            run(server, "saraban", "large", homes / "c", "none", "second poll", counted=True)
        )
    show(polls, large)


def letters(count: int, *, attachments: bool = True) -> Iterator[bytes]:
    """Yield mails of some 4 to 9 KB, every tenth with an attachment of 200 KB."""
    for number in range(count):
        body = f"เรียน รัฐมนตรี ขอให้ตรวจสอบโรงเรียนที่ {number} โดยเร็ว\r\n" * (30 + number % 20)
        head = (
            f"From: writer{number}@example.org\r\nTo: office@example.org\r\n"
            f"Subject: letter {number}\r\nMessage-ID: <b{number}@example.org>\r\n"
            "MIME-Version: 1.0\r\n"
        )
        plain = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
        if number % 10 or not attachments:
            yield (head + plain).encode()
            continue
        line = "JVBERi0xLjQK" * 6 + "\r\n"
        yield (
            f'{head}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n{plain}\r\n--b\r\n'
            "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{line * 2_700}\r\n--b--\r\n"
        ).encode()


def run(
    server: RunningDovecot,
    kind: str,
    user: str,
    home: Path,
    action: str,
    what: str,
    *,
    counted: bool = False,
) -> Poll:
    """Poll once in a process of its own; where bytes are counted, through a proxy."""
    with running_proxy(server.host, server.port) as proxy:
        port = str(proxy.port if counted else server.port)
        ours = ["--poll", "--user", user, "--port", port, "--home", str(home), "--action", action]
        command = (
            ["benchmarks.plain_mail_loop", port, user, str(home)]
            if kind == "plain"
            else ["benchmarks.intake", *ours]
        )
        done = subprocess.run(
            [sys.executable, "-m", *command],
            check=True,
            capture_output=True,
            text=True,
        )
        wire = proxy.from_server + proxy.from_client
    found = json.loads(done.stdout)
    return Poll(what, found["mails"], found["seconds"], found["peak_mb"], wire)


def poll_saraban(port: int, user: str, home: Path, action: str) -> tuple[int, float]:
    """Pull a mailbox into a ledger on SQLite; returns how many were new, and the seconds."""
    house = open_bench(port, user, home, action)
    started = time.perf_counter()
    report = pull_source(house, "bench", "bench")
    seconds = time.perf_counter() - started
    house.close()
    if report.fault:
        raise SystemExit(f"the poll failed: {report.fault}")
    return report.received, seconds


def open_bench(port: int, user: str, home: Path, action: str) -> House:
    """Open a house with that one mailbox."""
    config = home / "config"
    if not config.exists():
        shutil.copytree(find_folder("config"), config)
    (config / "sources.toml").write_text(
        f'[[mailbox]]\nname = "bench"\nhost = "127.0.0.1"\nport = {port}\ntls = "off"\n'
        f'user = "{user}"\npassword_env = "{_PASSWORD}"\npost_action = "{action}"\nbatch = 200\n',
        encoding="utf-8",
    )
    return open_house(Settings(home=home, config=config))


def open_folder(server: RunningDovecot, user: str) -> None:
    """Let the server number the mails before anything is measured."""
    with IMAPClient(server.host, port=server.port, ssl=False, timeout=600) as client:
        client.login(user, server.password)
        client.select_folder("INBOX")


def mark_as_known(server: RunningDovecot, user: str, count: int, home: Path) -> None:
    """Put the large mailbox into the ledger as its first poll would, without fetching it."""
    with IMAPClient(server.host, port=server.port, ssl=False, timeout=600) as client:
        client.login(user, server.password)
        found = client.select_folder("INBOX")
    validity, last = int(found[b"UIDVALIDITY"]), int(found[b"UIDNEXT"]) - 1
    house = open_bench(server.port, user, home, "none")
    now = house.clock()
    rows = [
        {
            "source": "bench", "source_key": f"imap:INBOX:{validity}:{uid}", "channel": "email",
            "file_name": f"{uid}.eml", "message_id": None, "sha256": f"{uid:064x}", "size": 4_000,
            "arrived_at": now, "stored_at": now, "outcome": "registered", "source_done_at": now,
        }
        for uid in range(last - count + 1, last + 1)
    ]  # fmt: skip
    with house.sessions.begin() as session:
        session.execute(insert(IntakeItem), rows)
    house.ledger.polls.save_uids("bench", uid_validity=validity, last_uid=last)
    house.close()


def show(polls: list[Poll], large: int) -> None:
    """Print a table and one line of JSON."""
    first, plain, second = polls
    out = sys.stdout.write
    out(f"{'':14}{'mails':>8}{'seconds':>10}{'mails/s':>10}{'peak MB':>10}{'bytes':>14}\n")
    for poll in polls:
        out(
            f"{poll.what:14}{poll.mails:>8}{poll.seconds:>10.2f}{poll.a_second:>10.1f}"
            f"{poll.peak_mb:>10.0f}{poll.wire_bytes:>14,}\n"
        )
    ratio = first.a_second / plain.a_second
    out(f"first poll / plain loop: {ratio:.2f} times as fast\n")
    out(f"second poll of {large:,} mails: {second.wire_bytes:,} bytes, {second.seconds:.2f} s\n")
    record = {"polls": [asdict(poll) for poll in polls], "ratio": ratio, "large": large}
    out(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
