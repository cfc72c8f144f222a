"""The demo's mailbox can do what intake needs, and is filled once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondence.errors import MissingDependency, SignInRefused, SourceUnavailable
from demo.dovecot import find_dovecot, run_dovecot
from demo.embedded_imap import USER, is_installed, run_embedded_server
from demo.imap import (
    INBOX,
    PROCESSED,
    MailboxKind,
    RunningMailbox,
    append_messages,
    sign_in,
    start_mailbox,
)
from demo.samples.catalogue import Route, load_samples
from demo.samples.messages import write_message

needs_dovecot = pytest.mark.skipif(find_dovecot() is None, reason="no Dovecot")
needs_pymap = pytest.mark.skipif(not is_installed(), reason="no pymap")
MESSAGES = [write_message(s) for s in load_samples() if s.route is Route.MAIL]


def embedded(folder: Path) -> Iterator[RunningMailbox]:
    with run_embedded_server(folder) as server:
        yield RunningMailbox(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            kind=MailboxKind.EMBEDDED,
        )


def through_dovecot() -> Iterator[RunningMailbox]:
    # pytest's own folders are too deep for the path of a socket.
    with (
        tempfile.TemporaryDirectory(prefix="saraban-imap-") as scratch,
        run_dovecot(Path(scratch)) as server,
    ):
        yield RunningMailbox(
            host=server.host,
            port=server.port,
            user=USER,
            password=server.password,
            kind=MailboxKind.DOVECOT,
        )


@pytest.fixture(
    params=[
        pytest.param("dovecot", marks=needs_dovecot),
        pytest.param("embedded", marks=needs_pymap),
    ]
)
def mailbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningMailbox]:
    yield from through_dovecot() if request.param == "dovecot" else embedded(tmp_path / "box")


def test_messages_come_back_as_they_were_sent(mailbox: RunningMailbox) -> None:
    assert append_messages(mailbox, MESSAGES) == len(MESSAGES)
    with sign_in(mailbox) as client:
        client.select_folder(INBOX)
        uids = client.search("ALL")
        fetched = client.fetch(uids, ["BODY.PEEK[]", "FLAGS"])
    bodies = {item[b"BODY[]"].replace(b"\r\n", b"\n") for item in fetched.values()}
    assert bodies == {message.replace(b"\r\n", b"\n") for message in MESSAGES}
    assert all(b"\\Seen" not in item[b"FLAGS"] for item in fetched.values())


def test_a_second_filling_brings_nothing_new(mailbox: RunningMailbox) -> None:
    append_messages(mailbox, MESSAGES)
    assert append_messages(mailbox, MESSAGES) == 0
    with sign_in(mailbox) as client:
        client.create_folder(PROCESSED)
        client.select_folder(INBOX)
        client.move(client.search("ALL")[:5], PROCESSED)
    assert append_messages(mailbox, MESSAGES) == 0


def test_mail_can_be_moved_and_expunged(mailbox: RunningMailbox) -> None:
    append_messages(mailbox, MESSAGES[:3])
    with sign_in(mailbox) as client:
        assert client.has_capability("MOVE")
        client.create_folder(PROCESSED)
        client.select_folder(INBOX)
        first, second, third = client.search("ALL")
        client.move([first], PROCESSED)
        client.copy([second], PROCESSED)
        client.delete_messages([second])
        client.expunge([second])
        assert client.search("ALL") == [third]
        assert client.select_folder(PROCESSED)[b"EXISTS"] == 2


def test_a_wrong_password_is_refused_by_name(mailbox: RunningMailbox) -> None:
    wrong = RunningMailbox(
        host=mailbox.host, port=mailbox.port, user=mailbox.user, password="no", kind=mailbox.kind
    )
    with pytest.raises(SignInRefused):
        append_messages(wrong, MESSAGES[:1])


def test_a_server_that_is_away_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    away = RunningMailbox(
        host="127.0.0.1", port=port, user="x", password="x", kind=MailboxKind.EMBEDDED
    )
    with pytest.raises(SourceUnavailable):
        append_messages(away, MESSAGES[:1])


def test_the_password_is_in_no_representation(mailbox: RunningMailbox) -> None:
    assert mailbox.password not in repr(mailbox)


@needs_pymap
def test_the_mail_and_its_uids_last_from_run_to_run(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with run_embedded_server(tmp_path) as server:
            box = RunningMailbox(
                host=server.host,
                port=server.port,
                user=server.user,
                password=server.password,
                kind=MailboxKind.EMBEDDED,
            )
            append_messages(box, MESSAGES[:2])
            with sign_in(box) as client:
                state = client.select_folder(INBOX)
                seen.append((state[b"UIDVALIDITY"], client.search("ALL")))
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 2


@needs_pymap
def test_the_embedded_server_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from demo.embedded_imap import run_embedded_server\n"
        f"with run_embedded_server(Path({str(tmp_path / 'box')!r})) as server:\n"
        "    sys.stdout.write(f'{server.port}\\n'); sys.stdout.flush(); time.sleep(300)\n"
    )
    root = Path(__file__).resolve().parents[3]
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert parent.stdout is not None
    port = int(parent.stdout.readline())
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.1)
    pytest.fail("the server outlived its parent")


def test_without_any_server_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymap", None)
    with pytest.raises(MissingDependency, match="dovecot-imapd"), run_embedded_server(tmp_path):
        pass


@pytest.mark.skipif(
    find_dovecot() is None and not is_installed(), reason="neither Dovecot nor pymap"
)
def test_the_demo_finds_a_mailbox_and_prefers_dovecot(tmp_path: Path) -> None:
    with start_mailbox(tmp_path) as box:
        assert append_messages(box, MESSAGES[:1]) == 1
        wanted = MailboxKind.EMBEDDED if find_dovecot() is None else MailboxKind.DOVECOT
        assert box.kind is wanted
