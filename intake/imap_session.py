"""A signed-in IMAP connection: TLS, password or OAuth2 token, every fault named."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Final, Self

from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)
from pydantic import SecretStr

from correspondence.errors import ConfigurationFault, SignInRefused, SourceUnavailable
from intake.errors import TlsFailed
from office.sources import Mailbox, MailboxTls, SignIn

# At DEBUG the library writes down all that passes over the line, mails and tokens among it.
logging.getLogger("imapclient").setLevel(logging.WARNING)

_TEMPORARY: Final = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "temporar", "try again")


class ImapSession:
    """A mailbox that is signed in to, its folder open; use as a context manager.

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

    def __enter__(self) -> Self:
        """Connect, sign in, select the folder.

        Raises:
            SourceUnavailable: refused, timed out, or dropped.
            TlsFailed: the certificate is not trusted, or the server speaks no TLS there.
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

    @property
    def _client(self) -> IMAPClient:
        if self._opened is None:
            raise SourceUnavailable(f"Mailbox {self._mailbox.name} is not open.")
        return self._opened

    def _connect(self) -> IMAPClient:
        box = self._mailbox
        try:
            context = ssl.create_default_context(cafile=str(box.ca_file) if box.ca_file else None)
        except OSError:
            raise ConfigurationFault(
                f"Mailbox {box.name}: its ca_file cannot be read.",
                remedy="Correct `ca_file` in sources.toml.",
            ) from None
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
        # A connection whose other end vanished without a word is noticed.
        client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return client

    def _sign_in(self, client: IMAPClient) -> None:
        with self._named_faults():
            try:
                self._present(client)
            except LoginError as fault:
                said = str(fault)
                # imapclient also calls a connection lost during the sign-in a refused one.
                if isinstance(fault.__context__, IMAPClientAbortError) or any(
                    word.lower() in said.lower() for word in _TEMPORARY
                ):
                    raise
                # The server's words may repeat the user name, so they are not passed on.
                raise SignInRefused(
                    f"Mailbox {self._mailbox.name} refused the sign-in.",
                    thai=f"กล่องจดหมาย {self._mailbox.name} ไม่ยอมให้เข้าใช้ "
                    "(ชื่อ รหัสผ่าน หรือโทเค็นไม่ถูกต้องหรือหมดอายุ)",
                    remedy=f"Check user and {self._mailbox.password_place}.",
                ) from None

    def _present(self, client: IMAPClient) -> None:
        user, secret = self._mailbox.user, self._password.get_secret_value()
        match self._mailbox.sign_in:
            case SignIn.PASSWORD:
                client.login(user, secret)
            case SignIn.XOAUTH2:
                token = f"user={user}\1auth=Bearer {secret}\1\1"
                client.sasl_login("XOAUTH2", _answer_once(token, ""))
            case SignIn.OAUTHBEARER:
                name = user.replace("=", "=3D").replace(",", "=2C")
                token = f"n,a={name},\1auth=Bearer {secret}\1\1"
                client.sasl_login("OAUTHBEARER", _answer_once(token, "\1"))

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
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError) as fault:
            raise self._away("connection lost", fault) from None
        except (ssl.SSLError, CapabilityError) as fault:
            raise TlsFailed(self._mailbox.name, type(fault).__name__) from None
        except TimeoutError as fault:
            raise self._away("no answer in time", fault) from None
        except (IMAPClientError, OSError, EOFError, ValueError, LookupError, TypeError) as fault:
            # The server's words may quote a mail, so only the kind of the fault is kept. The
            # last two are what the client library makes of a garbled answer.
            raise self._away("connection or server", fault) from None

    def _away(self, what: str, fault: BaseException) -> SourceUnavailable:
        return SourceUnavailable(
            f"Mailbox {self._mailbox.name} is not available: {what} ({type(fault).__name__}).",
            thai=f"ติดต่อกล่องจดหมาย {self._mailbox.name} ไม่ได้",
            remedy="The next poll tries again; check host, port and network if it lasts.",
        )


def _answer_once(first: str, later: str) -> Callable[[Any], str]:
    """Return a SASL answer: the token, then what lets the server say why it refused it."""
    left = [first]
    return lambda _challenge: left.pop() if left else later
