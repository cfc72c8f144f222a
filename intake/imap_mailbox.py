"""One IMAP mailbox: list what is new, fetch without marking, put away after the commit."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from imapclient import DELETED, SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError
from pydantic import SecretStr

from correspondence.clock import BANGKOK
from correspondence.errors import ConfigurationFault, SignInRefused, SourceUnavailable
from intake.errors import OVERSIZE_HEADER
from office.sources import Mailbox, MailboxTls, PostAction

# One answer line of imaplib may hold a million bytes, about 90,000 UIDs.
_SEARCH_WINDOW: Final = 80_000
_FETCH_BYTES: Final = 16_000_000
_HEAD_BYTES: Final = 262_144
_TEMPORARY = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "temporar", "try again")


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail in the folder: its UID, size in bytes, and arrival (aware) if the server says."""

    uid: int
    size: int
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """A mail's bytes. `whole` is False where only the headers of an oversize mail were taken."""

    listed: ListedMail
    data: bytes = field(repr=False)
    whole: bool


class ImapMailbox:
    """A signed-in mailbox; use as a context manager.

    Every method raises `SourceUnavailable` when the connection is lost or the server fails.
    """

    def __init__(self, mailbox: Mailbox, password: SecretStr) -> None:
        """Keep what is needed to connect; nothing is opened yet."""
        self._mailbox = mailbox
        self._password = password
        self._opened: IMAPClient | None = None
        self.uid_validity = 0
        self._uid_next = 1
        self._count = 0
        self._folder_ready = False

    def __enter__(self) -> Self:
        """Connect, sign in, select the folder.

        Raises:
            SourceUnavailable: refused, timed out, or TLS failed.
            SignInRefused: wrong user, password or token.
            ConfigurationFault: the folder does not exist.
        """
        with self._named_faults():
            client = self._connect()
            self._opened = client
        try:
            self._sign_in(client)
            self._select(client)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Sign out and close; a lost connection is only closed."""
        self._close()

    def list_new(self, after_uid: int) -> list[int]:
        """Return the UIDs above `after_uid`, ascending; nothing is asked where nothing is new."""
        if self._uid_next <= after_uid + 1 or not self._count:
            return []
        if self._count <= _SEARCH_WINDOW:
            windows = [f"{after_uid + 1}:*"]
        else:
            windows = [
                f"{start}:{min(start + _SEARCH_WINDOW, self._uid_next) - 1}"
                for start in range(after_uid + 1, self._uid_next, _SEARCH_WINDOW)
            ]
        found: set[int] = set()
        for window in windows:
            with self._named_faults():
                found.update(self._client.search(["UID", window]))
        # "n:*" always includes the last mail, even if its UID is below n (RFC 3501, 6.4.8).
        return sorted(uid for uid in found if uid > after_uid)

    def fetch(self, uids: Sequence[int]) -> Iterator[FetchedMail]:
        """Yield the mails of one batch in order, marking nothing on the server.

        Mails above the mailbox's `max_bytes` come as headers only. A mail the server cannot
        deliver is left out; the others still come.
        """
        with self._named_faults():
            listed = self._list_sizes(uids)
        for chunk in _chunks(listed, self._mailbox.max_bytes):
            oversize = chunk[0].size > self._mailbox.max_bytes
            part = f"BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>" if oversize else "BODY.PEEK[]"
            bodies = self._fetch_bodies([mail.uid for mail in chunk], part)
            for mail in chunk:
                data = bodies.get(mail.uid)
                if data is None:
                    continue
                if oversize:
                    data = OVERSIZE_HEADER + b": %d\r\n" % mail.size + data
                yield FetchedMail(mail, data, whole=not oversize)

    def put_away(self, uids: Sequence[int]) -> None:
        """Do the mailbox's post-action on mails whose bytes are committed.

        UIDs no longer in the folder are passed over by the server, so it may be repeated.
        """
        if not uids:
            return
        action = self._mailbox.post_action
        with self._named_faults():
            for start in range(0, len(uids), 200):
                some = list(uids[start : start + 200])
                if action is PostAction.MOVE:
                    self._move(some)
                elif action is PostAction.SEEN:
                    self._client.add_flags(some, [SEEN], silent=True)
                else:
                    self._client.add_flags(some, [self._mailbox.flag.encode()], silent=True)

    @property
    def _client(self) -> IMAPClient:
        if self._opened is None:
            raise SourceUnavailable(f"Mailbox {self._mailbox.name} is not open.")
        return self._opened

    def _connect(self) -> IMAPClient:
        box = self._mailbox
        context = ssl.create_default_context(cafile=str(box.ca_file) if box.ca_file else None)
        tls = box.tls is MailboxTls.ON
        client = IMAPClient(
            box.host,
            port=box.port,
            ssl=tls,
            ssl_context=context if tls else None,
            timeout=box.timeout,
        )
        client.normalise_times = False
        if box.tls is MailboxTls.STARTTLS:
            try:
                client.starttls(ssl_context=context)
            except BaseException:
                with suppress(OSError):
                    client.shutdown()
                raise
        return client

    def _sign_in(self, client: IMAPClient) -> None:
        with self._named_faults():
            try:
                client.login(self._mailbox.user, self._password.get_secret_value())
            except IMAPClientAbortError:
                raise
            except LoginError as fault:
                said = str(fault)
                if any(word.lower() in said.lower() for word in _TEMPORARY):
                    raise
                # The server's words may repeat the user name, so they are not passed on.
                raise SignInRefused(
                    f"Mailbox {self._mailbox.name} refused the sign-in.",
                    thai=f"กล่องจดหมาย {self._mailbox.name} ไม่ยอมให้เข้าใช้ (ชื่อหรือรหัสผ่านไม่ถูกต้อง)",
                    remedy=f"Check user and {self._mailbox.password_env}.",
                ) from None

    def _select(self, client: IMAPClient) -> None:
        with self._named_faults():
            if not client.folder_exists(self._mailbox.folder):
                raise ConfigurationFault(
                    f"Mailbox {self._mailbox.name} has no folder of the configured name.",
                    thai=f"กล่องจดหมาย {self._mailbox.name} ไม่มีโฟลเดอร์ตามที่ตั้งค่าไว้",
                    remedy="Correct `folder` in sources.toml.",
                )
            answer = client.select_folder(self._mailbox.folder)
            self.uid_validity = int(answer.get(b"UIDVALIDITY", 0))
            self._uid_next = int(answer.get(b"UIDNEXT", 1 << 32))
            self._count = int(answer.get(b"EXISTS", 0))

    def _list_sizes(self, uids: Sequence[int]) -> list[ListedMail]:
        answer = self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
        return [
            ListedMail(uid, int(answer[uid].get(b"RFC822.SIZE", 0)), _aware(answer[uid]))
            for uid in uids
            if uid in answer
        ]

    def _fetch_bodies(self, uids: list[int], part: str) -> dict[int, bytes]:
        with self._named_faults():
            try:
                return _bodies(self._client.fetch(uids, [part]))
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                if len(uids) == 1:
                    # The server cannot read this one mail: the rest of the mailbox goes on.
                    return {}
        found: dict[int, bytes] = {}
        for uid in uids:
            found.update(self._fetch_bodies([uid], part))
        return found

    def _move(self, uids: list[int]) -> None:
        client, target = self._client, self._mailbox.processed_folder
        if not self._folder_ready:
            if not client.folder_exists(target):
                client.create_folder(target)
                client.subscribe_folder(target)
            self._folder_ready = True
        if client.has_capability("MOVE"):
            client.move(uids, target)
            return
        present = client.search(["UID", ",".join(map(str, uids))])
        if not present:
            return
        client.copy(present, target)
        client.add_flags(present, [DELETED], silent=True)
        if client.has_capability("UIDPLUS"):
            # A plain EXPUNGE would also remove mails that somebody else marked, unread by us.
            client.uid_expunge(present)

    def _close(self) -> None:
        client, self._opened = self._opened, None
        if client is None:
            return
        try:
            client.logout()
        except (IMAPClientError, OSError, EOFError, ValueError):
            with suppress(IMAPClientError, OSError):
                client.shutdown()

    @contextmanager
    def _named_faults(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLError as fault:
            raise self._away("TLS", fault) from None
        except TimeoutError as fault:
            raise self._away("no answer in time", fault) from None
        except (IMAPClientError, OSError, EOFError, ValueError) as fault:
            # The server's words may quote a mail, so only the kind of the fault is kept.
            raise self._away("connection or server", fault) from None

    def _away(self, what: str, fault: BaseException) -> SourceUnavailable:
        return SourceUnavailable(
            f"Mailbox {self._mailbox.name} is not available: {what} ({type(fault).__name__}).",
            thai=f"ติดต่อกล่องจดหมาย {self._mailbox.name} ไม่ได้",
            remedy="The next poll tries again; check host, port and network if it lasts.",
        )


def _aware(answer: dict[bytes, object]) -> datetime | None:
    moment = answer.get(b"INTERNALDATE")
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BANGKOK)


def _bodies(answer: dict[int, dict[bytes, object]]) -> dict[int, bytes]:
    return {
        uid: value
        for uid, entry in answer.items()
        for key, value in entry.items()
        if key.startswith(b"BODY[") and isinstance(value, bytes)
    }


def _chunks(listed: Sequence[ListedMail], max_bytes: int) -> Iterator[list[ListedMail]]:
    """Split a batch so that one fetch holds some 16 MB; oversize mails stand alone."""
    chunk: list[ListedMail] = []
    total = 0
    for mail in listed:
        alone = mail.size > max_bytes
        if chunk and (alone or total + mail.size > _FETCH_BYTES):
            yield chunk
            chunk, total = [], 0
        if alone:
            yield [mail]
            continue
        chunk.append(mail)
        total += mail.size
    if chunk:
        yield chunk
