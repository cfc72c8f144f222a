"""One pull of one source: bytes and ledger row committed first, the source told after.

Rules 1–3 of the intake specification. Killed at any moment, the next pull repairs: what is
stored but not put away is put away, what is fetched but not stored is fetched again, and the
ledger's key makes every second store a no-op.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from correspondence.clock import Clock, utc_now
from correspondence.errors import SarabanError, SourceUnavailable, StorageFull
from intake.drop_folder import WaitingFile, prepare_folder, read_file, scan_folder
from intake.errors import FileChanged, FileTooLarge
from intake.imap_mailbox import ImapMailbox
from intake.mailbox_pull import MailboxPull
from intake.pulling import LEASE_SECONDS, NOT_DELIVERED, Lease, Received
from intake.put_away import put_done, put_held
from intake.urgency_look import look_at_name
from office.sources import DropFolder, Mailbox
from registry.ledger import Arrival, Ledger, LeftOutside


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
        SignInRefused: wrong user, password or token; noted in the ledger.
        ConfigurationFault: the folder does not exist; noted in the ledger.
        StorageFull: no room; the mail stays where it is.
    """
    with _leased(ledger, mailbox.name, owner) as lease:
        if lease is None:
            return Received(busy=True)
        with ImapMailbox(mailbox, password) as box:
            received = MailboxPull(mailbox, box, ledger, lease, clock).run()
        if received.waiting:
            lease.standing.add(NOT_DELIVERED)
        return received


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
        pull.settle_vanished(scan.files)
        if pull.fault is not None:
            raise pull.fault
        return Received(
            new=pull.new,
            known=pull.known,
            put_away=pull.put_away,
            waiting=pull.waiting + scan.growing,
            refused=pull.refused + scan.refused,
        )


@contextmanager
def _leased(ledger: Ledger, source: str, owner: str | None) -> Iterator[Lease | None]:
    """Hold the lease of a source for a block and note in the ledger how the block ended."""
    name = owner or uuid.uuid4().hex
    if not ledger.polls.lease(source, name, LEASE_SECONDS):
        yield None
        return
    lease = Lease(ledger, source, name)
    try:
        yield lease
        ledger.polls.note(source, fault_code=None, standing=lease.standing)
    except SarabanError as fault:
        ledger.polls.note(source, fault_code=fault.code)
        raise
    finally:
        ledger.polls.release(source, name)


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
                file_name=file.file_name,
                message_id=None,
                data=data,
                priority=look_at_name(file.file_name),
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
        key = f"large-{file.look.size}:{file.look.modified_ns}:{_name_mark(file)}"
        return LeftOutside(
            source=self._folder.name,
            source_key=key,
            channel=file.channel,
            file_name=file.file_name,
            size=file.look.size,
            arrived_at=min(file.arrived_at, self._clock()),
            code=fault.code,
            thai=fault.thai,
            english=str(fault),
        )

    def settle_vanished(self, found: Sequence[WaitingFile]) -> None:
        """Note files that a killed pull moved to `done/` without saying so.

        What this pull `found` and could not move is still to be put away.
        """
        present = {_name_mark(file) for file in found}
        for item_id, key in self._ledger.not_done(self._folder.name):
            if key.rpartition(":")[2] not in present:
                self._ledger.mark_source_done(item_id)

    @contextmanager
    def _fault_kept(self) -> Iterator[None]:
        try:
            yield
        except (SourceUnavailable, StorageFull) as fault:
            self.fault = self.fault or fault


def _file_key(file: WaitingFile, data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}:{file.look.modified_ns}:{_name_mark(file)}"


def _name_mark(file: WaitingFile) -> str:
    """Return what tells names apart and says none: the key stays when a letter turns out secret."""
    return hashlib.sha256(file.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
