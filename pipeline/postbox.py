"""The office's mail server: one connection, messages handed over one by one."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from types import TracebackType
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from correspondence.errors import ConfigurationFault, SarabanError, SourceUnavailable
from intake.gate import LOOP_HEADER
from registry.outbox import ACKNOWLEDGEMENT, WaitingMessage

SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_STARTTLS = ("offered", "required")
_PORTS = {"smtp": 25, "smtps": 465}


class MessageRefused(SarabanError):
    """The server refused one message; the others may still go."""

    code: ClassVar[str] = "message_refused"


class MessagePutOff(SarabanError):
    """The server asks to try this message again later (a 4xx answer, greylisting)."""

    code: ClassVar[str] = "message_put_off"
    retryable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PostboxAddress:
    """Where the mail server is, from SARABAN_SMTP_URL.

    `smtps` speaks TLS from the first byte; `smtp` turns it on where the server offers it, with
    `starttls=required` it sends nothing without. A password never goes in clear over a network.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    starttls_required: bool = False


def read_address(url: str) -> PostboxAddress:
    """Return the parts of `smtp[s]://user:password@host:port/?sender=address&starttls=required`.

    Raises:
        ConfigurationFault: not such a URL; the message never repeats it.
    """
    fault = ConfigurationFault(
        "SARABAN_SMTP_URL is not an SMTP address.",
        thai="ที่อยู่เครื่องส่งจดหมาย (SARABAN_SMTP_URL) ไม่ถูกต้อง",
        remedy="Write smtps://USER:PASSWORD@HOST:PORT/?sender=ADDRESS.",
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise fault from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise fault
    user = unquote(parts.username or "")
    query = parse_qs(parts.query)
    named = query.get("sender", [""])[0]
    starttls = query.get("starttls", ["offered"])[0]
    sender = named or (user if "@" in user else f"saraban@{socket.getfqdn()}")
    if any(letter in sender for letter in "\r\n\0") or starttls not in _STARTTLS:
        raise fault
    return PostboxAddress(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=user,
        password=unquote(parts.password or ""),
        sender=sender,
        starttls_required=starttls == "required",
    )


class Postbox:
    """An open connection to the mail server; use as a context manager."""

    def __init__(self, address: PostboxAddress) -> None:
        """Keep the address; the connection is made on entering."""
        self._address = address
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Postbox:
        """Connect, turn TLS on and sign in.

        Raises:
            SourceUnavailable: no answer, no TLS, or the sign-in was refused.
        """
        try:
            self._server = self._connect()
        except (OSError, smtplib.SMTPException) as fault:
            raise _away(type(fault).__name__) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take leave of the server; whether it hears that does not matter."""
        if self._server is None:
            return
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()
        self._server = None

    def send(self, message: WaitingMessage) -> None:
        """Hand one message over.

        Raises:
            MessageRefused: the server, or the address itself, refuses this message.
            MessagePutOff: the server wants this message later.
            SourceUnavailable: the connection is gone; try all that remain later.
        """
        if self._server is None:
            raise _away("closed")
        try:
            self._server.send_message(compose(message, self._address.sender))
        except (
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPDataError,
            smtplib.SMTPNotSupportedError,
            MessageError,
            ValueError,
        ) as fault:
            what = f"The mail server refused message {message.id}: {type(fault).__name__}."
            if _is_temporary(fault):
                raise MessagePutOff(what) from None
            raise MessageRefused(what) from None
        except (OSError, smtplib.SMTPException) as fault:
            raise _away(type(fault).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        address = self._address
        if address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host, address.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(address.host, address.port, timeout=SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            secured = address.scheme == "smtps"
            if not secured and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                secured = True
            if address.starttls_required and not secured:
                raise smtplib.SMTPNotSupportedError("no TLS")
            if address.user:
                if not secured and address.host not in _LOOPBACK:
                    raise smtplib.SMTPNotSupportedError("no TLS")
                server.login(address.user, address.password)
        except BaseException:
            server.close()
            raise
        return server


def compose(message: WaitingMessage, sender: str) -> EmailMessage:
    """Return the mail of a message.

    The Message-ID comes from the message's own token: should a kill between sending and marking
    make the same notice leave twice, a mailbox can tell; and an answer to it finds its case.
    Marked as automatic, so that nothing answers it.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(localtime=False)
    domain = sender.rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<{message.token}@{domain}>"
    answers = message.key.startswith(f"{ACKNOWLEDGEMENT}:")
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    mail[LOOP_HEADER] = ACKNOWLEDGEMENT if answers else "notice"
    mail.set_content(message.body)
    return mail


def _is_temporary(fault: Exception) -> bool:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
    elif isinstance(fault, smtplib.SMTPResponseException):
        codes = [fault.smtp_code]
    else:
        return False
    return bool(codes) and all(400 <= code < 500 for code in codes)


def _away(what: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"The mail server does not take messages ({what}).",
        thai="ติดต่อเครื่องส่งจดหมายไม่ได้",
        remedy="Check SARABAN_SMTP_URL and that the server runs; messages wait in the outbox.",
    )
