"""The demo's mailbox: Dovecot where it is installed, otherwise the embedded IMAP server."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from correspondence.errors import SignInRefused, SourceUnavailable
from demo.dovecot import find_dovecot, run_dovecot
from demo.embedded_imap import USER, run_embedded_server

INBOX = "INBOX"
PROCESSED = "Processed"
_SECONDS = 30
_ID_HEADER = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


class MailboxKind(StrEnum):
    """Which server holds the demo's mail."""

    DOVECOT = "dovecot"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class RunningMailbox:
    """A mailbox that can be signed in to on loopback, without TLS, until its block ends."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    kind: MailboxKind


@contextlib.contextmanager
def sign_in(mailbox: RunningMailbox) -> Iterator[IMAPClient]:
    """Yield a client that is signed in, and sign it out at the end.

    Raises:
        SourceUnavailable: the server is away.
        SignInRefused: it refused user or password.
    """
    try:
        client = IMAPClient(mailbox.host, port=mailbox.port, ssl=False, timeout=_SECONDS)
    except OSError as fault:
        raise SourceUnavailable("The demo's mailbox does not answer.") from fault
    with client:
        try:
            client.login(mailbox.user, mailbox.password)
        except LoginError as fault:
            raise SignInRefused("The demo's mailbox refused the sign-in.") from fault
        yield client


def append_messages(
    mailbox: RunningMailbox, messages: Iterable[bytes], *, processed: str = PROCESSED
) -> int:
    """Put messages into the inbox and return how many were new.

    A message whose Message-ID already stands in the inbox or in the folder `processed` is left
    out, so that a second run of the demo brings no new mail.

    Raises:
        SourceUnavailable: the server is away or refused a message.
        SignInRefused: it refused user or password.
    """
    added = 0
    with sign_in(mailbox) as client:
        try:
            known = _message_ids(client, INBOX) | _message_ids(client, processed)
            for message in messages:
                found = _MESSAGE_ID.search(message)
                if found is not None and found.group(1) in known:
                    continue
                client.append(INBOX, message)
                added += 1
                if found is not None:
                    known.add(found.group(1))
        except (IMAPClientError, OSError) as fault:
            raise SourceUnavailable("The demo's mailbox refused a message.") from fault
    return added


def _message_ids(client: IMAPClient, folder: str) -> set[bytes]:
    if not client.folder_exists(folder):
        return set()
    client.select_folder(folder, readonly=True)
    uids = client.search("ALL")
    heads = client.fetch(uids, [_ID_HEADER]) if uids else {}
    return {
        found.group(1)
        for head in heads.values()
        for value in head.values()
        if isinstance(value, bytes) and (found := _MESSAGE_ID.search(value))
    }


@contextlib.contextmanager
def start_mailbox(folder: Path) -> Iterator[RunningMailbox]:
    """Run the demo's mailbox until the block ends.

    Dovecot keeps its mail in a folder of its own that goes with it; the embedded server keeps
    it in `folder`.

    Raises:
        MissingDependency: neither Dovecot nor pymap is installed.
        SourceUnavailable: the server did not start.
    """
    if find_dovecot() is not None:
        # The path of a socket must be short, and Dovecot's own user must reach its mail.
        with (
            tempfile.TemporaryDirectory(prefix="saraban-imap-") as scratch,
            run_dovecot(Path(scratch)) as dovecot,
        ):
            yield RunningMailbox(
                host=dovecot.host,
                port=dovecot.port,
                user=USER,
                password=dovecot.password,
                kind=MailboxKind.DOVECOT,
            )
        return
    with run_embedded_server(folder / "maildir") as server:
        yield RunningMailbox(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            kind=MailboxKind.EMBEDDED,
        )
