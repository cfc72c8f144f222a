"""Channels beside mail, against a local web server; off unless SARABAN_NOTIFY_URLS is set."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Role
from pipeline.alert_notices import tell_alerts
from pipeline.channels import ChannelPost
from pipeline.posting import send_outbox
from registry.alerts import raise_alert
from registry.models import OutboxMessage
from tests.conftest import SetClock
from tests.seeding import employ, small_house

pytest.importorskip("apprise")
# apprise looks for a module that later versions of Python have not.
pytestmark = pytest.mark.filterwarnings("ignore:.imghdr:DeprecationWarning")


@dataclass
class Hook:
    """A webhook that keeps what it is given and answers with `status`."""

    port: int = 0
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def running_hook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(hook.status)
            self.end_headers()
            if hook.status == 200:
                hook.bodies.append(json.loads(body))

        def log_message(self, format: str, *args: object) -> None:
            """A test's server says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()


def test_an_alert_reaches_the_webhook_once_and_its_secret_is_nowhere(
    tmp_path: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    with running_hook() as hook:
        urls = SecretStr(f"json://127.0.0.1:{hook.port}/token-of-the-office")
        house = small_house(tmp_path, clock, notify_urls=urls)
        with house.sessions.begin() as session:
            raise_alert(session, "main", "source_unavailable", at=clock())
        assert tell_alerts(house) == 1
        hook.status = 503
        assert send_outbox(house).sent == 0
        hook.status = 200
        clock.move(hours=2)
        assert send_outbox(house).sent == 1
        clock.move(hours=2)
        assert send_outbox(house).sent == 0
        (body,) = hook.bodies
        assert "main: source_unavailable" in body["message"]
        with house.sessions.begin() as session:
            row = session.scalars(select(OutboxMessage)).one()
        assert "token" not in f"{row.key}{row.recipient}{row.body}"
        assert "token-of-the-office" not in caplog.text
        house.close()


def test_a_channel_that_is_away_holds_up_no_mail_and_no_other_channel(
    tmp_path: Path, clock: SetClock
) -> None:
    with running_hook() as hook, running_hook() as dead:
        dead.status = 500
        urls = SecretStr(f"json://127.0.0.1:{dead.port}/x json://127.0.0.1:{hook.port}/y")
        house = small_house(tmp_path, clock, notify_urls=urls)
        employ(house, "admin", Role.ADMINISTRATOR, None)
        with house.sessions.begin() as session:
            raise_alert(session, "main", "source_unavailable", at=clock())
        assert tell_alerts(house) == 3
        counts = send_outbox(house)
        # No mail server is set: the mail waits beside the channel that is away.
        assert (counts.sent, counts.waiting) == (1, 2)
        assert len(hook.bodies) == 1
        house.close()


def test_a_message_for_a_channel_taken_out_of_the_settings_is_given_up(
    tmp_path: Path, clock: SetClock
) -> None:
    house = small_house(tmp_path, clock, notify_urls=SecretStr("json://127.0.0.1:1/old"))
    with house.sessions.begin() as session:
        raise_alert(session, "main", "source_unavailable", at=clock())
    tell_alerts(house)
    house.close()
    house = small_house(tmp_path, clock, notify_urls=SecretStr("json://127.0.0.1:1/new"))
    for _ in range(5):
        counts = send_outbox(house)
        clock.move(hours=2)
    assert (counts.waiting, counts.given_up) == (0, 1)
    house.close()


def test_a_wrong_url_is_not_repeated() -> None:
    with pytest.raises(ConfigurationFault) as fault:
        ChannelPost(["nonsense://secret-token"])
    assert "secret-token" not in str(fault.value)
