"""An OAuth2 token introspection server (RFC 7662) for Dovecot: knows which tokens are good."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs


@dataclass
class TokenServer:
    """Good tokens and their users; a token taken out has expired."""

    port: int = 0
    users: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def dovecot_settings(self, folder: Path) -> str:
        """Return lines of dovecot.conf that let users sign in by token."""
        settings = folder / "oauth2.conf"
        settings.write_text(
            f"introspection_url = http://127.0.0.1:{self.port}/introspect\n"
            "introspection_mode = post\n"
            "username_attribute = username\n"
            "active_attribute = active\n"
            "active_value = true\n",
            encoding="utf-8",
        )
        return (
            "auth_mechanisms = plain login xoauth2 oauthbearer\n"
            "passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n"
            f"  args = {settings}\n}}\n"
        )


@contextmanager
def running_token_server() -> Iterator[TokenServer]:
    """Yield a server on a free port; it ends with the block."""
    tokens = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            token = parse_qs(body).get("token", [""])[0]
            user = tokens.users.get(token)
            tokens.asked += 1
            answer = {"active": True, "username": user} if user else {"active": False}
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tokens.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
