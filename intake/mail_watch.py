"""Wait for a server to announce new mail (IDLE, RFC 2177). It tells nothing but "look now"."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Final, Self

from pydantic import SecretStr

from intake.imap_session import ImapSession
from office.sources import Mailbox

# How soon a wait notices that it should stop.
_SLICE_SECONDS: Final = 1.0


class MailWatch(ImapSession):
    """A connection that waits for new mail in a mailbox; use as a context manager.

    It fetches nothing and marks nothing.
    """

    def __init__(self, mailbox: Mailbox, password: SecretStr) -> None:
        """Keep what is needed to connect; nothing is opened yet."""
        super().__init__(mailbox, password)
        self._present_mails = 0

    def __enter__(self) -> Self:
        """Connect, sign in, select the folder; raises as any session does."""
        super().__enter__()
        self._present_mails = self._count
        return self

    @property
    def can_idle(self) -> bool:
        """Tell whether the server announces new mail."""
        with self._named_faults():
            return bool(self._client.has_capability("IDLE"))

    def wait(self, stopping: threading.Event) -> bool:
        """Wait until mail arrives; False where none came in the mailbox's `idle_seconds`.

        The wait ends within its time whatever the server does, which also renews it: servers
        may end one of 30 minutes, and networks forget quiet connections sooner.

        Raises:
            SourceUnavailable: the connection was lost, or does not answer any more.
        """
        client = self._client
        with self._named_faults():
            _, already = client.noop()
        if self._count_arrivals(already):
            return True
        with self._named_faults():
            client.idle()
            # Mail of the moment in between is told in one piece with the leave to wait; that
            # piece has been read already, and looking at the connection does not find it.
            if not self._has_unread_word():
                _wait_for_word(client.socket(), self._mailbox.idle_seconds, stopping)
            # What came before, while and after the wait is all in this answer.
            _, said = client.idle_done()
        return self._count_arrivals(said)

    def _has_unread_word(self) -> bool:
        """Tell whether something the server said lies read in, but not looked at."""
        connection = self._client.socket()
        patience = connection.gettimeout()
        connection.settimeout(0.0)
        try:
            return bool(self._client._imap.file.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            connection.settimeout(patience)

    def _count_arrivals(self, said: Iterable[tuple[object, ...]]) -> bool:
        arrived = False
        for answer in said:
            match answer:
                case (int(number), b"EXISTS", *_):
                    arrived = arrived or number > self._present_mails
                    self._present_mails = number
                case (int(), b"EXPUNGE", *_):
                    self._present_mails = max(0, self._present_mails - 1)
                case _:
                    pass
        return arrived


def _wait_for_word(connection: socket.socket, seconds: float, stopping: threading.Event) -> None:
    """Wait until the server says anything, the time is up, or we are stopping."""
    deadline = time.monotonic() + seconds
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    while not stopping.is_set() and (left := deadline - time.monotonic()) > 0:
        if poll.poll(min(left, _SLICE_SECONDS) * 1000):
            return
