"""A real mail server (aiosmtpd) that keeps what it is given, with TLS, sign-in and a slow hand."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CLERK = LoginPassword(b"clerk", b"word")


@dataclass
class MailServer:
    """What came in; `answers` are for recipients, `seconds` it thinks over each mail."""

    host: str = "localhost"
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    sign_ins: int = 0
    secured: list[bool] = field(default_factory=list)

    def url(self, *, scheme: str = "smtp", user: str = "", query: str = "") -> str:
        at = f"{user}@" if user else ""
        return f"{scheme}://{at}{self.host}:{self.port}/?sender=saraban@office.example{query}"

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self.answers.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.secured.append(session.ssl is not None)
        return "250 kept"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        self.sign_ins += 1
        return AuthResult(success=data == CLERK)


class _OverTls(Controller):
    """Speaks TLS from the first byte; sign-in is allowed, for it is secured already."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, **{**self.SMTP_kwargs, "auth_require_tls": False})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(
    server: MailServer | None = None,
    *,
    certificate: Path | None = None,
    implicit: bool = False,
    sign_in: bool = False,
) -> Iterator[MailServer]:
    """Yield a server on a free port of the loopback, or again on the port it had.

    `certificate` (key and certificate in one file) turns STARTTLS on and demands it; with
    `implicit` TLS is spoken at once. `sign_in` asks for the clerk's password.
    """
    kept = server or MailServer()
    kept.port = kept.port or _free_port()
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    options: dict[str, object] = {"decode_data": False, "enable_SMTPUTF8": True}
    if sign_in:
        options |= {"authenticator": kept.authenticate, "auth_required": True}
    if tls is not None and not implicit:
        options |= {"tls_context": tls, "require_starttls": True}
    kind = _OverTls if implicit else Controller
    controller = kind(
        kept,
        hostname="127.0.0.1",
        port=kept.port,
        ssl_context=tls if implicit else None,
        **options,
    )
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
