"""What pulls of mailboxes and of folders share: their counts and their lease."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from correspondence.errors import SourceUnavailable
from registry.ledger import Ledger

LEASE_SECONDS = 900.0
# Alert: the mailbox lists a mail that it does not hand out. The other mails are taken.
NOT_DELIVERED = "mail_not_delivered"


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


class LeaseLost(SourceUnavailable):
    """Another poller holds the source now: this pull stops where it is, the other goes on."""

    code: ClassVar[str] = "lease_lost"

    def __init__(self, source: str) -> None:
        """Keep the source's name."""
        super().__init__(
            f"Another poller took over {source}, because this one was too slow.",
            thai=f"มีกระบวนการอื่นรับช่วงการดึงจาก {source} แล้ว",
            remedy="Nothing is lost; if it lasts, look at the speed of the network and the disk.",
        )


class Lease:
    """The sole right to pull a source, kept alive while the pull goes on.

    `standing` holds the codes of alerts that a pull found though it ended well.
    """

    def __init__(self, ledger: Ledger, source: str, owner: str) -> None:
        """Keep whose lease it is; it was taken just now."""
        self._ledger, self._source, self._owner = ledger, source, owner
        self._renewed = time.monotonic()
        self.standing: set[str] = set()

    def renew(self) -> None:
        """Extend the lease when a third of it has passed.

        Raises:
            LeaseLost: it had run out, and another poller took it.
        """
        if time.monotonic() - self._renewed > LEASE_SECONDS / 3:
            if not self._ledger.polls.lease(self._source, self._owner, LEASE_SECONDS):
                raise LeaseLost(self._source)
            self._renewed = time.monotonic()
