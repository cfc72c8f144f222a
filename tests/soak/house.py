"""A whole house under load: mailbox, PostgreSQL, mail sink and `saraban serve`, all killable."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, create_engine, text

from correspondence.vocabulary import Role
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import open_house
from tests.seeding import employ
from tests.servers.postgresql import PostgresqlServer, postgresql_server
from tests.servers.smtp_sink import SmtpSink, running_sink
from tests.soak.mailbox import PROCESSED, USER, SoakMailbox, soak_mailbox
from tests.soak.prefect_api import PrefectApi

SARABAN = str(Path(sys.executable).parent / "saraban")
PASSWORD_ENV = "SARABAN_SOAK_MAIL_PASSWORD"
ADMINISTRATOR = "admin@office.example"
START_SECONDS = 300.0
SIGN_IN = "operator:soak"


@dataclass
class SoakHouse:
    """The servers around `saraban serve`, and `serve` itself."""

    home: Path
    postgresql: PostgresqlServer
    mailbox: SoakMailbox
    sink: SmtpSink
    environment: dict[str, str]
    serve: subprocess.Popen[str]
    api: PrefectApi
    database: Engine
    said: list[str] = field(default_factory=list)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def below(self, mark: str) -> list[psutil.Process]:
        """Return the house's processes whose command line has a mark, less their guards."""
        found = []
        for process in psutil.Process(self.serve.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                line = " ".join(process.cmdline())
                if mark in line and "sandbox.guarded" not in line:
                    found.append(process)
        return found

    def kill(self, mark: str) -> int:
        """Kill the house's processes of a mark; returns how many there were."""
        found = self.below(mark)
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        return len(found)

    def logs(self) -> str:
        """Return the end of every log, for whoever reads of a failure."""
        tails = [
            f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}"
            for log in sorted((self.home / "logs").glob("*.log"))
        ]
        return "\n".join([*tails, "--- serve", *self.said[-40:]])

    def saraban(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command in this house."""
        return subprocess.run(
            [SARABAN, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@contextmanager
def soak_house(folder: Path) -> Iterator[SoakHouse]:
    """Yield a running house with an empty mailbox; everything ends with the block."""
    with (
        postgresql_server() as postgresql,
        running_sink() as sink,
        soak_mailbox(folder / "dv") as mailbox,
    ):
        home = folder / "home"
        ports = _free_port(), _free_port()
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("SARABAN_", "PREFECT_"))},
            "SARABAN_HOME": str(home),
            "SARABAN_DATABASE_URL": postgresql.url,
            "SARABAN_PREFECT_PORT": str(ports[0]),
            "SARABAN_REVIEW_PORT": str(ports[1]),
            "SARABAN_PREFECT_AUTH": SIGN_IN,
            "SARABAN_SMTP_URL": sink.url,
            "SARABAN_ALARM_TO": "operator@office.example",
            PASSWORD_ENV: mailbox.server.password,
        }
        _prepare(home, postgresql.url, mailbox)
        process = subprocess.Popen(
            [SARABAN, "serve"], env=environment, stderr=subprocess.PIPE, text=True
        )
        database = create_engine(postgresql.url, pool_pre_ping=True)
        house = SoakHouse(
            home,
            postgresql,
            mailbox,
            sink,
            environment,
            process,
            PrefectApi(ports[0], SIGN_IN),
            database,
        )
        reader = threading.Thread(target=_listen, args=(house,), daemon=True)
        reader.start()
        try:
            _wait_until_running(house)
            yield house
        finally:
            _stop(process)
            reader.join(timeout=10)
            database.dispose()


def _prepare(home: Path, url: str, mailbox: SoakMailbox) -> None:
    """Lay the office's configuration, its schema and its one administrator."""
    shutil.copytree(find_folder("config"), home / "config")
    (home / "config" / "sources.toml").write_text(
        f"""[[mailbox]]
name = "main"
host = "127.0.0.1"
port = {mailbox.server.port}
tls = "off"
user = "{USER}"
password_env = "{PASSWORD_ENV}"
timeout = 20
post_action = "move"
processed_folder = "{PROCESSED}"
""",
        encoding="utf-8",
    )
    with open_house(Settings(home=home, database_url=url, blob_url="")) as house:
        employ(house, "admin", Role.ADMINISTRATOR, None, email=ADMINISTRATOR)
        # As `make setup` does: a first run that trains would be measured for the training.
        _ = house.classifier


def _listen(house: SoakHouse) -> None:
    assert house.serve.stderr is not None
    for line in house.serve.stderr:
        house.said.append(f"{time.strftime('%H:%M:%S')} {line.rstrip()}")


def _wait_until_running(house: SoakHouse) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not any("running; stop" in line for line in house.said):
        assert house.serve.poll() is None, house.logs()
        assert time.monotonic() < deadline, house.logs()
        time.sleep(0.5)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
