"""One IMAP mailbox: list what is new, fetch without marking, put away after the commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from imapclient import DELETED, SEEN
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from pydantic import SecretStr

from correspondence.clock import BANGKOK
from intake.errors import OVERSIZE_HEADER
from intake.imap_session import ImapSession
from office.sources import Mailbox, PostAction

# One answer line of imaplib may hold a million bytes, about 90,000 UIDs.
_SEARCH_WINDOW: Final = 80_000
_FETCH_BYTES: Final = 16_000_000
_HEAD_BYTES: Final = 262_144


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


class ImapMailbox(ImapSession):
    """A signed-in mailbox to take mail from; use as a context manager.

    Every method raises `SourceUnavailable` when the connection is lost or the server fails.
    """

    def __init__(self, mailbox: Mailbox, password: SecretStr) -> None:
        """Keep what is needed to connect; nothing is opened yet."""
        super().__init__(mailbox, password)
        self._folder_ready = False

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

    def fetch(self, uids: Sequence[int]) -> Iterator[list[FetchedMail]]:
        """Yield the mails of one batch in order, some 16 MB at a time, marking nothing.

        Mails above the mailbox's `max_bytes` come as headers only. A mail the server cannot
        deliver is left out; the others still come.
        """
        with self._named_faults():
            listed = self._list_sizes(uids)
        for chunk in _chunks(listed, self._mailbox.max_bytes):
            oversize = chunk[0].size > self._mailbox.max_bytes
            part = f"BODY.PEEK[HEADER]<0.{_HEAD_BYTES}>" if oversize else "BODY.PEEK[]"
            bodies = self._fetch_bodies([mail.uid for mail in chunk], part)
            fetched: list[FetchedMail] = []
            for mail in chunk:
                data = bodies.get(mail.uid)
                if data is None:
                    continue
                if oversize:
                    data = OVERSIZE_HEADER + b": %d\r\n" % mail.size + data
                fetched.append(FetchedMail(mail, data, whole=not oversize))
            yield fetched

    def put_away(self, uids: Sequence[int]) -> None:
        """Do the mailbox's post-action on mails whose bytes are committed.

        UIDs no longer in the folder are passed over by the server, so it may be repeated.
        """
        action = self._mailbox.post_action
        if not uids or action is PostAction.NONE:
            return
        with self._named_faults():
            for start in range(0, len(uids), 200):
                some = list(uids[start : start + 200])
                if action is PostAction.MOVE:
                    self._move(some)
                elif action is PostAction.SEEN:
                    self._client.add_flags(some, [SEEN], silent=True)
                else:
                    self._client.add_flags(some, [self._mailbox.flag.encode()], silent=True)

    def _list_sizes(self, uids: Sequence[int]) -> list[ListedMail]:
        wanted = ["RFC822.SIZE", "INTERNALDATE"]
        try:
            answer = self._client.fetch(list(uids), wanted)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            # Somebody removed one of them meanwhile. After a NOOP the server has told us, and
            # passes over those that are gone.
            self._client.noop()
            answer = self._client.fetch(list(uids), wanted)
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
