"""One pull of one source: bytes and ledger row committed first, the source told after.

Rules 1–3 of the intake specification. Killed at any moment, the next pull repairs: what is
stored but not put away is put away, what is fetched but not stored is fetched again, and the
ledger's key makes every second store a no-op.
"""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from correspondence.clock import Clock, utc_now
from correspondence.errors import SarabanError, SourceUnavailable, StorageFull
from correspondence.national_ids import masked_national_ids
from correspondence.vocabulary import Channel
from intake.drop_folder import WaitingFile, prepare_folder, read_file, scan_folder
from intake.errors import FileChanged, FileTooLarge
from intake.imap_mailbox import FetchedMail, ImapMailbox
from intake.put_away import put_done, put_held
from office.sources import DropFolder, Mailbox
from registry.ledger import Arrival, Ledger, LeftOutside

LEASE_SECONDS = 900.0
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,300}>)", re.I | re.M)
_LARGE = ":large"


@dataclass(frozen=True, slots=True)
class Received:
    """What one pull did; counts only.

    Attributes:
        new: items stored for the first time.
        known: items met again (repair after a kill, or a mailbox listed anew).
        put_away: mails or files whose post-action is done.
        waiting: not taken now, tried again next time (growing files, mails the server could
            not deliver).
        refused: not taken at all: links and pipes, files above the limit.
        busy: another poller holds the source; nothing was done.
    """

    new: int = 0
    known: int = 0
    put_away: int = 0
    waiting: int = 0
    refused: int = 0
    busy: bool = False


def receive_mailbox(
    mailbox: Mailbox,
    password: SecretStr,
    ledger: Ledger,
    *,
    owner: str | None = None,
    clock: Clock = utc_now,
) -> Received:
    """Take what is new in a mailbox into the ledger.

    Args:
        mailbox: where it is and what is done with a mail afterwards.
        password: its password.
        ledger: where bytes and rows go.
        owner: name of this poller in the lease; a fresh one by default.
        clock: used where the server gives no arrival time.

    Raises:
        SourceUnavailable: the server is away or the connection was lost; noted in the ledger.
        SignInRefused: wrong user or password; noted in the ledger.
        ConfigurationFault: the folder does not exist; noted in the ledger.
        StorageFull: no room; the mail stays where it is.
    """
    with _leased(ledger, mailbox.name, owner) as lease:
        if lease is None:
            return Received(busy=True)
        with ImapMailbox(mailbox, password) as box:
            return _MailboxPull(mailbox, box, ledger, lease, clock).run()


def receive_folder(
    folder: DropFolder,
    home: Path,
    ledger: Ledger,
    *,
    owner: str | None = None,
    clock: Clock = utc_now,
    wait: Callable[[float], None] = time.sleep,
) -> Received:
    """Take what lies whole in a drop folder into the ledger.

    Args:
        folder: its settings.
        home: the data folder, from which a relative path counts.
        ledger: where bytes and rows go.
        owner: name of this poller in the lease; a fresh one by default.
        clock: the present moment; no file arrived after it.
        wait: sleeps between the two looks at the folder.

    Raises:
        SourceUnavailable: the folder is missing or closed to us; noted in the ledger.
        StorageFull: no room; the file stays where it is.
    """
    with _leased(ledger, folder.name, owner) as lease:
        if lease is None:
            return Received(busy=True)
        root = folder.resolve(home)
        prepare_folder(root, folder)
        scan = scan_folder(root, folder, wait=wait)
        pull = _FolderPull(folder, root, ledger, clock)
        for file in scan.files:
            lease.renew()
            pull.take(file)
        pull.settle_vanished()
        if pull.fault is not None:
            raise pull.fault
        return Received(
            new=pull.new,
            known=pull.known,
            put_away=pull.put_away,
            waiting=pull.waiting + scan.growing,
            refused=pull.refused + scan.refused,
        )


class _Lease:
    """The sole right to pull a source, kept alive while the pull goes on."""

    def __init__(self, ledger: Ledger, source: str, owner: str) -> None:
        self._ledger, self._source, self._owner = ledger, source, owner
        self._renewed = time.monotonic()

    def renew(self) -> None:
        """Extend the lease when a third of it has passed."""
        if time.monotonic() - self._renewed > LEASE_SECONDS / 3:
            self._ledger.lease_source(self._source, self._owner, LEASE_SECONDS)
            self._renewed = time.monotonic()


@contextmanager
def _leased(ledger: Ledger, source: str, owner: str | None) -> Iterator[_Lease | None]:
    """Hold the lease of a source for a block and note in the ledger how the block ended."""
    name = owner or uuid.uuid4().hex
    if not ledger.lease_source(source, name, LEASE_SECONDS):
        yield None
        return
    try:
        yield _Lease(ledger, source, name)
        ledger.note_poll(source, fault_code=None)
    except SarabanError as fault:
        ledger.note_poll(source, fault_code=fault.code)
        raise
    finally:
        ledger.release_source(source, name)


class _MailboxPull:
    """One pull of one mailbox whose lease is held."""

    def __init__(
        self, mailbox: Mailbox, box: ImapMailbox, ledger: Ledger, lease: _Lease, clock: Clock
    ) -> None:
        self._mailbox, self._box, self._ledger = mailbox, box, ledger
        self._lease, self._clock = lease, clock
        self._prefix = f"imap:{mailbox.folder}:{box.uid_validity}:"
        self._new = self._known = self._put_away = self._waiting = 0

    def run(self) -> Received:
        """Repair what a killed pull left, then take what is new, batch by batch."""
        self._repair()
        validity = self._box.uid_validity
        standing = self._ledger.source_state(self._mailbox.name)
        after = (standing.last_uid or 0) if standing.uid_validity == validity else 0
        uids = self._box.list_new(after)
        lowest_missing: int | None = None
        for start in range(0, len(uids), self._mailbox.batch):
            self._lease.renew()
            batch = uids[start : start + self._mailbox.batch]
            missing = self._take(batch)
            self._waiting += len(missing)
            if missing and lowest_missing is None:
                lowest_missing = missing[0]
            # The mark stays below the first mail that was not delivered, so that it is asked
            # for again; the ledger knows those above it.
            after = batch[-1] if lowest_missing is None else lowest_missing - 1
            self._ledger.save_uids(self._mailbox.name, uid_validity=validity, last_uid=after)
        return Received(self._new, self._known, self._put_away, self._waiting)

    def _repair(self) -> None:
        stored: list[tuple[int, int]] = []
        for item_id, key in self._ledger.not_done(self._mailbox.name):
            uid = key.removeprefix(self._prefix)
            if key.startswith(self._prefix) and uid.isdecimal():
                stored.append((item_id, int(uid)))
            else:
                # Of an earlier UIDVALIDITY: the mail is listed anew under another UID, which
                # is put away instead. Oversize mails stay where they are.
                self._ledger.mark_source_done(item_id)
        self._finish(stored)

    def _take(self, batch: Sequence[int]) -> list[int]:
        """Store one batch and put it away; return the UIDs the server did not deliver."""
        keys = {uid: f"{self._prefix}{uid}" for uid in batch}
        known = self._ledger.known_keys(
            self._mailbox.name, [*keys.values(), *(key + _LARGE for key in keys.values())]
        )
        wanted = [
            uid for uid, key in keys.items() if key not in known and key + _LARGE not in known
        ]
        self._known += len(batch) - len(wanted)
        if not wanted:
            return []
        stored: list[tuple[int, int]] = []
        delivered: set[int] = set()
        for mail in self._box.fetch(wanted):
            item = self._ledger.store(self._arrival(mail, keys[mail.listed.uid]))
            delivered.add(mail.listed.uid)
            self._new += item.new
            self._known += not item.new
            if mail.whole:
                stored.append((item.id, mail.listed.uid))
            else:
                self._ledger.mark_source_done(item.id)
        self._finish(stored)
        return [uid for uid in wanted if uid not in delivered]

    def _finish(self, stored: Sequence[tuple[int, int]]) -> None:
        self._box.put_away([uid for _, uid in stored])
        for item_id, _ in stored:
            self._ledger.mark_source_done(item_id)
        self._put_away += len(stored)

    def _arrival(self, mail: FetchedMail, key: str) -> Arrival:
        return Arrival(
            source=self._mailbox.name,
            source_key=key if mail.whole else key + _LARGE,
            channel=Channel.EMAIL,
            file_name=f"{mail.listed.uid}.eml",
            message_id=find_message_id(mail.data),
            data=mail.data,
            arrived_at=mail.listed.arrived_at or self._clock(),
        )


def find_message_id(raw: bytes) -> str | None:
    """Return the Message-ID of a mail's header block without parsing the mail, or None."""
    end = re.search(rb"\r?\n\r?\n", raw)
    match = _MESSAGE_ID.search(raw, 0, end.start() if end else min(len(raw), 65_536))
    return match[1].decode("ascii", "replace") if match else None


class _FolderPull:
    """One pull of one drop folder whose lease is held.

    `fault` is the first failure to put a file away: the other files are still taken in.
    """

    def __init__(self, folder: DropFolder, root: Path, ledger: Ledger, clock: Clock) -> None:
        self._folder, self._root, self._ledger, self._clock = folder, root, ledger, clock
        self.new = self.known = self.put_away = self.waiting = self.refused = 0
        self.fault: SarabanError | None = None

    def take(self, file: WaitingFile) -> None:
        """Store one file, then move it to `done/`; above the limit, to `held/`."""
        try:
            data = read_file(file, self._folder.max_bytes)
        except FileChanged:
            self.waiting += 1
            return
        except FileTooLarge as fault:
            self.refused += 1
            left = self._ledger.note_outside(self._left(file, fault))
            with self._fault_kept():
                put_held(self._root, file, left.id, fault.thai, str(fault))
                self._ledger.mark_source_done(left.id)
            return
        stored = self._ledger.store(
            Arrival(
                source=self._folder.name,
                source_key=_file_key(file, data),
                channel=file.channel,
                file_name=unicodedata.normalize("NFC", file.path.name),
                message_id=None,
                data=data,
                arrived_at=min(file.arrived_at, self._clock()),
            )
        )
        self.new += stored.new
        self.known += not stored.new
        with self._fault_kept():
            put_done(self._root, file, stored.id)
            self._ledger.mark_source_done(stored.id)
            self.put_away += 1

    def _left(self, file: WaitingFile, fault: FileTooLarge) -> LeftOutside:
        # The name stands third, as in the key of a stored file.
        key = f"large-{file.look.size}:{file.look.modified_ns}:{masked_national_ids(file.name)}"
        return LeftOutside(
            source=self._folder.name,
            source_key=key,
            channel=file.channel,
            file_name=unicodedata.normalize("NFC", file.path.name),
            size=file.look.size,
            arrived_at=min(file.arrived_at, self._clock()),
            code=fault.code,
            thai=fault.thai,
            english=str(fault),
        )

    def settle_vanished(self) -> None:
        """Note files that a killed pull moved to `done/` without saying so."""
        for item_id, key in self._ledger.not_done(self._folder.name):
            name = key.split(":", 2)[2]
            if not (self._root / name).exists():
                self._ledger.mark_source_done(item_id)

    @contextmanager
    def _fault_kept(self) -> Iterator[None]:
        try:
            yield
        except (SourceUnavailable, StorageFull) as fault:
            self.fault = self.fault or fault


def _file_key(file: WaitingFile, data: bytes) -> str:
    name = masked_national_ids(file.name)
    return f"{hashlib.sha256(data).hexdigest()}:{file.look.modified_ns}:{name}"
