"""Pulling mailboxes from a real Dovecot into a real ledger."""

from __future__ import annotations

import imaplib
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from correspondence.clock import utc_now
from correspondence.errors import ConfigurationFault, SignInRefused, SourceUnavailable, StorageFull
from demo.dovecot import RunningDovecot, find_dovecot, run_dovecot
from intake.errors import MimeTooLarge
from intake.imap_mailbox import ImapMailbox
from intake.mime import take_apart
from intake.pulling import Received
from intake.receiving import receive_mailbox
from office.sources import Mailbox, MailboxTls, PostAction
from registry.blobs import BlobStore
from registry.engine import Sessions
from registry.ledger import Arrival, Ledger, StoredItem
from registry.models import IntakeItem
from registry.polls import Polls

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")

ARRIVED = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDovecot]:
    with run_dovecot(tmp_path_factory.mktemp("dv")) as server:
        yield server


@pytest.fixture
def mailbox(dovecot: RunningDovecot) -> Mailbox:
    return Mailbox(
        name="main",
        host=dovecot.host,
        port=dovecot.port,
        tls=MailboxTls.OFF,
        user=f"u{uuid.uuid4().hex[:10]}",
        password_env="SARABAN_TEST_PASSWORD",
        timeout=20,
    )


def mail(number: int, *, subject: str = "ขอเชิญประชุม") -> bytes:
    return (
        f"From: clerk{number}@example.go.th\r\nTo: office@example.go.th\r\n"
        f"Subject: {subject} {number}\r\nMessage-ID: <m{number}@example.go.th>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\nเรียน รัฐมนตรี ฉบับที่ {number}\r\n"
    ).encode()


def fill(server: RunningDovecot, mailbox: Mailbox, *numbers: int) -> None:
    for number in numbers:
        server.append(mailbox.user, mail(number), arrived_at=ARRIVED)


def pull(server: RunningDovecot, mailbox: Mailbox, ledger: Ledger) -> Received:
    return receive_mailbox(mailbox, SecretStr(server.password), ledger)


def count(server: RunningDovecot, user: str, folder: str, criterion: str = "ALL") -> int:
    with imaplib.IMAP4(server.host, server.port) as client:
        client.login(user, server.password)
        if client.select(folder, readonly=True)[0] != "OK":
            return 0
        return len(client.search(None, criterion)[1][0].split())


def rows(sessions: Sessions) -> list[IntakeItem]:
    with sessions.begin() as session:
        return list(session.scalars(select(IntakeItem).order_by(IntakeItem.id)))


def test_a_mail_is_stored_byte_for_byte_and_then_moved(
    dovecot: RunningDovecot,
    mailbox: Mailbox,
    ledger: Ledger,
    sessions: Sessions,
    blobs: BlobStore,
) -> None:
    fill(dovecot, mailbox, 1, 2, 3)
    assert pull(dovecot, mailbox, ledger) == Received(new=3, put_away=3)
    stored = rows(sessions)
    assert [row.message_id for row in stored] == [f"<m{n}@example.go.th>" for n in (1, 2, 3)]
    assert [blobs.get(row.sha256) for row in stored] == [mail(n) for n in (1, 2, 3)]
    assert {row.arrived_at for row in stored} == {ARRIVED}
    assert all(row.source_done_at is not None for row in stored)
    assert count(dovecot, mailbox.user, "INBOX") == 0
    assert count(dovecot, mailbox.user, "Saraban") == 3
    assert count(dovecot, mailbox.user, "Saraban", "UNSEEN") == 3


def test_a_second_poll_takes_only_what_is_new(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    kept = mailbox.model_copy(update={"post_action": PostAction.SEEN})
    fill(dovecot, kept, 1, 2)
    assert pull(dovecot, kept, ledger).new == 2
    assert pull(dovecot, kept, ledger) == Received()
    fill(dovecot, kept, 3)
    assert pull(dovecot, kept, ledger) == Received(new=1, put_away=1)


def test_nothing_new_asks_the_server_for_nothing(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    kept = mailbox.model_copy(update={"post_action": PostAction.FLAG})
    fill(dovecot, kept, *range(1, 8))
    pull(dovecot, kept, ledger)
    with ImapMailbox(kept, SecretStr(dovecot.password)) as box:
        assert box.list_new(7) == []
        assert box.list_new(5) == [6, 7]
        assert box.list_new(0) == [1, 2, 3, 4, 5, 6, 7]


def test_the_folder_is_read_in_batches(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger, sessions: Sessions
) -> None:
    small = mailbox.model_copy(update={"batch": 2})
    fill(dovecot, small, *range(1, 6))
    assert pull(dovecot, small, ledger) == Received(new=5, put_away=5)
    assert len(rows(sessions)) == 5


@pytest.mark.parametrize(
    ("action", "criterion"), [(PostAction.SEEN, "SEEN"), (PostAction.FLAG, "KEYWORD $Saraban")]
)
def test_a_mailbox_may_mark_instead_of_moving(
    dovecot: RunningDovecot,
    mailbox: Mailbox,
    ledger: Ledger,
    action: PostAction,
    criterion: str,
) -> None:
    marked = mailbox.model_copy(update={"post_action": action})
    fill(dovecot, marked, 1, 2)
    pull(dovecot, marked, ledger)
    assert count(dovecot, marked.user, "INBOX", criterion) == 2


class KilledError(BaseException):
    """Stands for a kill: nothing in the house catches it."""


class DyingPolls(Polls):
    """The polls of a ledger that dies: a killed process releases nothing."""

    before_save: Callable[[], None]

    def save_uids(self, source: str, *, uid_validity: int, last_uid: int) -> None:
        self.before_save()
        super().save_uids(source, uid_validity=uid_validity, last_uid=last_uid)

    def release(self, source: str, owner: str) -> None:
        """A killed process releases nothing."""


class DyingLedger(Ledger):
    """A ledger whose process dies after the n-th call of one method."""

    def die(self, after: str, calls: int = 1) -> DyingLedger:
        self._after, self._left = after, calls
        polls = DyingPolls(self._sessions, self._clock)
        polls.before_save = lambda: self._step("before_save")
        self.polls = polls
        return self

    def _step(self, name: str) -> None:
        if name == self._after:
            self._left -= 1
            if self._left == 0:
                raise KilledError

    def store_many(self, arrivals: Sequence[Arrival]) -> list[StoredItem]:
        items = super().store_many(arrivals)
        self._step("store")
        return items

    def mark_source_done(self, *item_ids: int) -> None:
        if item_ids:
            self._step("put_away")
        super().mark_source_done(*item_ids)
        if item_ids:
            self._step("mark")


@pytest.mark.parametrize("action", list(PostAction))
@pytest.mark.parametrize(
    ("after", "calls"),
    [("store", 1), ("store", 2), ("put_away", 1), ("mark", 1), ("mark", 2), ("before_save", 1)],
)
def test_killed_anywhere_the_next_pull_ends_with_one_row_a_mail(
    dovecot: RunningDovecot,
    mailbox: Mailbox,
    sessions: Sessions,
    blobs: BlobStore,
    action: PostAction,
    after: str,
    calls: int,
) -> None:
    box = mailbox.model_copy(update={"post_action": action, "batch": 2})
    fill(dovecot, box, 1, 2, 3)
    dying = DyingLedger(sessions, blobs, utc_now).die(after, calls)
    with pytest.raises(KilledError):
        receive_mailbox(box, SecretStr(dovecot.password), dying, owner="first")
    ledger = Ledger(sessions, blobs, utc_now)
    # Its lease is still held, so another poller does nothing; its own name may go on.
    assert pull(dovecot, box, ledger) == Received(busy=True)
    receive_mailbox(box, SecretStr(dovecot.password), ledger, owner="first")
    stored = rows(sessions)
    assert sorted(row.message_id or "" for row in stored) == [
        f"<m{n}@example.go.th>" for n in (1, 2, 3)
    ]
    assert all(row.source_done_at is not None for row in stored)
    if action is PostAction.MOVE:
        assert count(dovecot, box.user, "INBOX") == 0
        assert count(dovecot, box.user, "Saraban") == 3
    assert pull(dovecot, box, ledger) == Received()


def test_two_pollers_do_not_meet(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger, sessions: Sessions
) -> None:
    fill(dovecot, mailbox, 1)
    assert ledger.polls.lease("main", "somebody", 60)
    assert pull(dovecot, mailbox, ledger) == Received(busy=True)
    ledger.polls.release("main", "somebody")
    assert pull(dovecot, mailbox, ledger).new == 1
    assert len(rows(sessions)) == 1


def test_a_full_disk_leaves_the_mail_where_it_is(
    dovecot: RunningDovecot, mailbox: Mailbox, sessions: Sessions, blobs: BlobStore
) -> None:
    class FullLedger(Ledger):
        def store_many(self, arrivals: Sequence[Arrival]) -> list[StoredItem]:
            raise StorageFull("No room.")

    fill(dovecot, mailbox, 1)
    full = FullLedger(sessions, blobs, utc_now)
    with pytest.raises(StorageFull):
        pull(dovecot, mailbox, full)
    assert full.polls.state("main").fault_code == "storage_full"
    assert count(dovecot, mailbox.user, "INBOX", "UNSEEN") == 1
    assert pull(dovecot, mailbox, Ledger(sessions, blobs, utc_now)).new == 1


def test_a_wrong_password_is_named_and_noted(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    with pytest.raises(SignInRefused) as caught:
        receive_mailbox(mailbox, SecretStr("wrong"), ledger)
    assert mailbox.user not in str(caught.value)
    assert ledger.polls.state("main").fault_code == "sign_in_refused"
    assert ledger.polls.state("main").last_good_poll_at is None
    fill(dovecot, mailbox, 1)
    assert pull(dovecot, mailbox, ledger).new == 1
    assert ledger.polls.state("main").fault_code is None


def test_a_refused_connection_is_named_and_noted(mailbox: Mailbox, ledger: Ledger) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = mailbox.model_copy(update={"port": probe.getsockname()[1]})
        with pytest.raises(SourceUnavailable):
            receive_mailbox(closed, SecretStr("x"), ledger)
    assert ledger.polls.state("main").fault_code == "source_unavailable"
    assert ledger.polls.lease("main", "next", 1)


def test_a_silent_server_ends_in_time(mailbox: Mailbox, ledger: Ledger) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = mailbox.model_copy(update={"port": silent.getsockname()[1], "timeout": 0.3})
        with pytest.raises(SourceUnavailable, match="no answer in time"):
            receive_mailbox(mute, SecretStr("x"), ledger)


def test_a_missing_folder_is_a_wrong_setting(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    astray = mailbox.model_copy(update={"folder": "ไม่มี"})
    with pytest.raises(ConfigurationFault):
        pull(dovecot, astray, ledger)
    assert ledger.polls.state("main").fault_code == "wrong_setting"


def test_a_folder_with_a_thai_name_receives_the_mail(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    thai = mailbox.model_copy(update={"processed_folder": "รับแล้ว"})
    fill(dovecot, thai, 1)
    assert pull(dovecot, thai, ledger).put_away == 1
    moved = thai.model_copy(update={"folder": "รับแล้ว", "processed_folder": "เก็บ", "name": "two"})
    assert pull(dovecot, moved, ledger).new == 1


def test_a_new_uidvalidity_lists_anew_and_loses_nothing(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger, sessions: Sessions
) -> None:
    kept = mailbox.model_copy(update={"post_action": PostAction.SEEN, "folder": "Letters"})
    for round_ in (1, 2):
        with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
            client.login(kept.user, dovecot.password)
            if round_ == 2:
                client.delete("Letters")
            client.create("Letters")
        for number in range(1, 3 + round_):
            dovecot.append(kept.user, mail(number), folder="Letters", arrived_at=ARRIVED)
        pull(dovecot, kept, ledger)
    stored = rows(sessions)
    # Three rows took their new numbers over, the fourth mail is new.
    assert len({row.source_key.split(":")[2] for row in stored}) == 1
    assert [row.message_id for row in stored] == [f"<m{n}@example.go.th>" for n in range(1, 5)]


def test_an_oversize_mail_stays_and_stands_in_the_ledger_by_its_headers(
    dovecot: RunningDovecot,
    mailbox: Mailbox,
    ledger: Ledger,
    sessions: Sessions,
    blobs: BlobStore,
) -> None:
    tight = mailbox.model_copy(update={"max_bytes": 5_000})
    fill(dovecot, tight, 1)
    dovecot.append(tight.user, mail(2) + b"x" * 9_000)
    fill(dovecot, tight, 3)
    assert pull(dovecot, tight, ledger) == Received(new=3, put_away=2)
    large = next(row for row in rows(sessions) if row.source_key.endswith(":large"))
    assert large.message_id == "<m2@example.go.th>"
    assert large.size < 1_000
    with pytest.raises(MimeTooLarge):
        take_apart(blobs.get(large.sha256))
    assert count(dovecot, tight.user, "INBOX") == 1
    assert pull(dovecot, tight, ledger) == Received()


def test_tls_is_verified_against_the_given_authority(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    if dovecot.tls_port is None:
        pytest.skip("OpenSSL is not installed")
    safe = mailbox.model_copy(
        update={
            "tls": MailboxTls.ON,
            "port": dovecot.tls_port,
            "host": "localhost",
            "ca_file": dovecot.certificate,
        }
    )
    fill(dovecot, mailbox, 1)
    assert pull(dovecot, safe, ledger).new == 1
    stranger = safe.model_copy(update={"ca_file": None})
    with pytest.raises(SourceUnavailable, match="TLS"):
        pull(dovecot, stranger, ledger)


def test_starttls_protects_the_password(
    dovecot: RunningDovecot, mailbox: Mailbox, ledger: Ledger
) -> None:
    if dovecot.tls_port is None:
        pytest.skip("OpenSSL is not installed")
    update = {"tls": MailboxTls.STARTTLS, "host": "localhost", "ca_file": dovecot.certificate}
    fill(dovecot, mailbox, 1)
    assert pull(dovecot, mailbox.model_copy(update=update), ledger).new == 1
    update["ca_file"] = None
    with pytest.raises(SourceUnavailable, match="TLS"):
        pull(dovecot, mailbox.model_copy(update=update), ledger)


def test_raw_thai_bytes_in_the_subject_arrive_readable(
    dovecot: RunningDovecot,
    mailbox: Mailbox,
    ledger: Ledger,
    sessions: Sessions,
    blobs: BlobStore,
) -> None:
    raw = (
        "From: clerk@example.go.th\r\nSubject: ขอความอนุเคราะห์ข้อมูล\r\n"
        "Content-Type: text/plain; charset=windows-874\r\n\r\nเรียน รัฐมนตรี\r\n"
    ).encode("cp874")
    dovecot.append(mailbox.user, raw)
    pull(dovecot, mailbox, ledger)
    parts = take_apart(blobs.get(rows(sessions)[0].sha256))
    assert parts.subject == "ขอความอนุเคราะห์ข้อมูล"
    assert parts.body_text == "เรียน รัฐมนตรี"
