"""A real Dovecot for every test that needs a mailbox, and an office whose mail lies there."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo.dovecot import RunningDovecot, find_dovecot, run_dovecot
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from tests.conftest import SetClock

PASSWORD_ENV = "SARABAN_TEST_MAIL_PASSWORD"


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDovecot]:
    """A private Dovecot; skips, visibly, where none is installed."""
    if find_dovecot() is None:
        pytest.skip("Dovecot is not installed")
    with run_dovecot(tmp_path_factory.mktemp("dv")) as server:
        yield server


@dataclass
class MailOffice:
    """A home, a database and mailboxes on a real server; opened as often as a test likes."""

    server: RunningDovecot
    home: Path
    database_url: str
    clock: SetClock
    user: str = field(default_factory=lambda: f"u{uuid.uuid4().hex[:10]}")
    opened: list[House] = field(default_factory=list)

    def write_sources(self, *mailboxes: str) -> None:
        """Write the office's config folder; each text is the keys and rules of one mailbox."""
        config = self.home / "config"
        if not config.exists():
            shutil.copytree(find_folder("config"), config)
        (config / "sources.toml").write_text("\n".join(mailboxes), encoding="utf-8")

    def mailbox(
        self, keys: str = "", *, name: str = "main", rules: str = "", **said: object
    ) -> str:
        """Return a `[[mailbox]]` at the server; what is said replaces what is usual."""
        usual: dict[str, object] = {
            "name": name,
            "host": "127.0.0.1",
            "port": self.server.port,
            "tls": "off",
            "user": self.user,
            "password_env": PASSWORD_ENV,
            "timeout": 20,
            **said,
        }
        lines = [
            f"{key} = {value}" if isinstance(value, int | float) else f'{key} = "{value}"'
            for key, value in usual.items()
            if value is not None
        ]
        return "\n".join(["[[mailbox]]", *lines, keys, rules])

    def open(self) -> House:
        """Open the house on what was written."""
        settings = Settings(home=self.home, database_url=self.database_url, workers=1)
        house = open_house(settings, clock=self.clock)
        self.opened.append(house)
        return house


@pytest.fixture
def mail_office(
    mail_server: RunningDovecot,
    database_url: str,
    tmp_path: Path,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MailOffice]:
    """An office with one mailbox at the server, once on SQLite and once on PostgreSQL."""
    monkeypatch.setenv(PASSWORD_ENV, mail_server.password)
    for name in ("SARABAN_CONFIG", "SARABAN_HOME", "SARABAN_BLOB_URL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "office"
    home.mkdir()
    office = MailOffice(mail_server, home, database_url, clock)
    office.write_sources(office.mailbox())
    yield office
    for house in office.opened:
        house.close()
