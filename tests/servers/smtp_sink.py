"""A mail server that keeps what it is given: real sockets, real SMTP, answers set by a test."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class SmtpSink:
    """What came in, and for which recipients to answer something else than 250."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    sign_ins: int = 0
    hang_up: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?sender=saraban@office.example"


class _Handler(socketserver.StreamRequestHandler):
    sink: SmtpSink

    def handle(self) -> None:
        self._say("220 sink ready")
        while line := self.rfile.readline(2000):
            command, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match command.upper():
                case "EHLO":
                    self._say("250-sink", "250-8BITMIME", "250-SMTPUTF8", "250 AUTH PLAIN")
                case "AUTH":
                    self.sink.sign_ins += 1
                    self._say("235 welcome")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self._say(self.sink.answers.get(address, "250 ok"))
                case "DATA":
                    if self.sink.hang_up:
                        return
                    self._say("354 go on")
                    self._keep()
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _keep(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(mail, EmailMessage)
        self.sink.mails.append(mail)
        self._say("250 kept")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def get_request(self):  # type: ignore[no-untyped-def]
        connection, address = super().get_request()
        return (
            (self.tls.wrap_socket(connection, server_side=True), address)
            if self.tls
            else (
                connection,
                address,
            )
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no fault of the sink."""


@contextmanager
def running_sink(tls: ssl.SSLContext | None = None) -> Iterator[SmtpSink]:
    """Yield a sink that listens on a free port of the loopback; `tls` speaks it at once."""
    sink = SmtpSink()
    handler = type("Handler", (_Handler,), {"sink": sink})
    with _Server(("127.0.0.1", 0), handler) as server:
        server.tls = tls
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
