"""One pull of one mailbox whose lease is held: repair, list, fetch, store, put away."""

from __future__ import annotations

import re
from collections.abc import Sequence

from correspondence.clock import Clock
from correspondence.vocabulary import Channel
from intake.imap_mailbox import FetchedMail, ImapMailbox
from intake.pulling import Lease, Received
from intake.urgency_look import look_at_mail
from office.sources import Mailbox
from registry.ledger import Arrival, Ledger

# Visible ASCII only: a database refuses some control characters.
_MESSAGE_ID = re.compile(
    rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[!-;=?-~\x80-\xff]{1,300}>)", re.I | re.M
)
_LARGE = ":large"


class MailboxPull:
    """One pull of one mailbox; `run` does it all.

    UIDs name a mail only together with UIDVALIDITY. When that changed, the whole folder counts
    as new and is fetched again; a mail whose bytes stand in the ledger under an older number
    takes that row over, so nothing is registered twice (mail.md, rule 2).
    """

    def __init__(
        self, mailbox: Mailbox, box: ImapMailbox, ledger: Ledger, lease: Lease, clock: Clock
    ) -> None:
        """Keep the open mailbox, where rows go, and the lease to keep alive."""
        self._mailbox, self._box, self._ledger = mailbox, box, ledger
        self._lease, self._clock = lease, clock
        self._folder = f"imap:{mailbox.folder}:"
        self._prefix = f"{self._folder}{box.uid_validity}:"
        self._new = self._known = self._put_away = self._waiting = 0

    def run(self) -> Received:
        """Repair what a killed pull left, then take what is new, batch by batch.

        Raises:
            SourceUnavailable: the connection was lost or the server fails.
            StorageFull: no room; the mail stays where it is.
            LeaseLost: another poller took over.
        """
        self._repair()
        validity = self._box.uid_validity
        standing = self._ledger.polls.state(self._mailbox.name)
        after = (standing.last_uid or 0) if standing.uid_validity == validity else 0
        uids = self._box.list_new(after)
        lowest_missing: int | None = None
        for start in range(0, len(uids), self._mailbox.batch):
            batch = uids[start : start + self._mailbox.batch]
            missing = self._take(batch)
            self._waiting += len(missing)
            if missing and lowest_missing is None:
                lowest_missing = missing[0]
            # The mark stays below the first mail that was not delivered, so that it is asked
            # for again; the ledger knows those above it.
            after = batch[-1] if lowest_missing is None else lowest_missing - 1
            self._ledger.polls.save_uids(self._mailbox.name, uid_validity=validity, last_uid=after)
        return Received(self._new, self._known, self._put_away, self._waiting)

    def _repair(self) -> None:
        stored: list[tuple[int, int]] = []
        settled: list[int] = []
        for item_id, key in self._ledger.not_done(self._mailbox.name):
            uid = key.removeprefix(self._prefix)
            if key.startswith(self._prefix) and uid.isdecimal():
                stored.append((item_id, int(uid)))
            else:
                # Of an earlier UIDVALIDITY: the mail is listed anew under another UID, which
                # is put away instead. Oversize mails stay where they are.
                settled.append(item_id)
        self._ledger.mark_source_done(*settled)
        for start in range(0, len(stored), self._mailbox.batch):
            self._lease.renew()
            self._finish(stored[start : start + self._mailbox.batch])

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
        oversize: list[int] = []
        delivered: set[int] = set()
        for mails in self._box.fetch(wanted):
            self._lease.renew()
            items = self._ledger.store_many(
                [self._arrival(mail, keys[mail.listed.uid]) for mail in mails]
            )
            for mail, item in zip(mails, items, strict=True):
                delivered.add(mail.listed.uid)
                self._new += item.new
                self._known += not item.new
                if mail.whole:
                    stored.append((item.id, mail.listed.uid))
                else:
                    oversize.append(item.id)
        self._ledger.mark_source_done(*oversize)
        self._finish(stored)
        return [uid for uid in wanted if uid not in delivered]

    def _finish(self, stored: Sequence[tuple[int, int]]) -> None:
        """Do the post-action on mails whose bytes and rows are committed, and note it."""
        self._box.put_away([uid for _, uid in stored])
        self._ledger.mark_source_done(*(item_id for item_id, _ in stored))
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
            priority=look_at_mail(mail.data),
            to_sort=bool(self._mailbox.rule),
            renewable=self._folder,
            numbering=self._prefix,
        )


def find_message_id(raw: bytes) -> str | None:
    """Return the Message-ID of a mail's header block without parsing the mail, or None."""
    end = re.search(rb"\r?\n\r?\n", raw)
    match = _MESSAGE_ID.search(raw, 0, end.start() if end else min(len(raw), 65_536))
    return match[1].decode("ascii", "replace") if match else None
