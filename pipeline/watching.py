"""Watch mailboxes and pull at once when mail arrives. It only triggers the ordinary pull.

Nothing is kept here: a watcher that is killed, or was never started, costs minutes (the pull
flow's own schedule goes on), never a mail.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Final

from correspondence.errors import SarabanError
from intake.mail_watch import MailWatch
from office.sources import Mailbox, ReadPassword
from pipeline.bootstrap import House
from pipeline.cycle import record_cycle
from pipeline.pulling import pull_source
from registry.leases import lease_owner

# Mails that arrive together are pulled together.
GATHER_SECONDS: Final = 0.5
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 300.0
_BUSY_PAUSE: Final = 2.0

_log = logging.getLogger(__name__)


class _PullFailed(Exception):
    """The pull ended in a fault, which stands in the ledger and in the alerts."""


class MailboxWatcher:
    """Watches one mailbox until told to stop; `run` never raises."""

    def __init__(
        self,
        house: House,
        mailbox: Mailbox,
        stopping: threading.Event,
        *,
        read_password: ReadPassword = Mailbox.read_password,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """Keep what to watch.

        Args:
            house: where pulls go.
            mailbox: one of its mailboxes.
            stopping: ends the watch within a few seconds.
            read_password: gives the password or token, anew at every connection.
            first_pause: seconds before the first new try after a fault; doubles.
        """
        self._house, self._mailbox, self._stopping = house, mailbox, stopping
        self._read_password, self._first_pause = read_password, first_pause
        self._owner = lease_owner()
        self._pause = first_pause

    def run(self) -> None:
        """Connect, pull, wait, pull …; after any fault begin again, after a pause that grows."""
        while not self._stopping.is_set():
            try:
                self._watch()
            except _PullFailed:
                pass
            except SarabanError as fault:
                _log.warning("watch of %s ended: %s", self._mailbox.name, fault.code)
            except Exception as fault:  # the border of one mailbox: its watch begins again
                _log.error("watch of %s ended: %s", self._mailbox.name, type(fault).__name__)
            if self._stopping.wait(self._pause):
                return
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _watch(self) -> None:
        box = self._mailbox
        with MailWatch(box, self._read_password(box)) as watch:
            announces = watch.can_idle
            if announces:
                # What came before the folder was opened is pulled now, what comes after is
                # announced: there is no moment in between.
                self._pull()
                while not self._stopping.is_set():
                    if watch.wait(self._stopping):
                        self._stopping.wait(GATHER_SECONDS)
                        self._pull()
        while not announces and not self._stopping.is_set():
            self._pull()
            self._stopping.wait(box.poll_seconds)

    def _pull(self) -> None:
        house, name = self._house, self._mailbox.name
        started = house.clock()
        while not self._stopping.is_set():
            report = pull_source(house, name, self._owner, read_password=self._read_password)
            if report.fault is not None:
                raise _PullFailed
            if not report.busy:
                break
            # Another poller is at it and may have listed the folder before this mail came.
            self._stopping.wait(_BUSY_PAUSE)
        else:
            return
        self._pause = self._first_pause
        if report.received:
            record_cycle(house, "pull", started, {"received": report.received}, outcome="done")


def watch_mailboxes(
    house: House,
    stopping: threading.Event,
    *,
    read_password: ReadPassword = Mailbox.read_password,
) -> None:
    """Watch every enabled mailbox that allows it, side by side, until `stopping` is set."""
    threads = [
        threading.Thread(
            target=MailboxWatcher(house, mailbox, stopping, read_password=read_password).run,
            name=f"watch-{mailbox.name}",
            # A server that does not answer must not keep the process from ending.
            daemon=True,
        )
        for mailbox in mailboxes_to_watch(house.configuration.sources.mailbox)
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    for thread in threads:
        thread.join(timeout=5.0)


def mailboxes_to_watch(mailboxes: Sequence[Mailbox]) -> list[Mailbox]:
    """Return the mailboxes to watch."""
    return [mailbox for mailbox in mailboxes if mailbox.enabled and mailbox.idle]
