"""A private PostgreSQL server for the tests, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp


class PostgresqlMissing(Exception):
    """No PostgreSQL server is installed."""


def find_programs() -> Path:
    """Return the folder of initdb and pg_ctl."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name)
    for folder in reversed(versions):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    raise PostgresqlMissing("sudo apt-get install postgresql")


@dataclass(frozen=True)
class PostgresqlServer:
    """A server in a folder of its own; it may be stopped and started again."""

    programs: Path
    folder: Path
    as_user: tuple[str, ...]

    @property
    def url(self) -> str:
        """A SQLAlchemy URL of its `postgres` database."""
        return f"postgresql+psycopg://saraban@/postgres?host={self.folder}"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
        subprocess.run(
            [*self.as_user, str(self.programs / program), *arguments],
            check=True,
            capture_output=True,
            timeout=120,
            cwd=self.folder,
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=150"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, as a power loss would; connections are lost."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Yield a running server; it ends with the block.

    PostgreSQL refuses to run as root; it then runs as the package's own user.
    """
    programs = find_programs()
    folder = Path(mkdtemp(prefix="saraban-pg-"))
    folder.chmod(0o755)
    as_user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ("runuser", "-u", "postgres", "--")
    server = PostgresqlServer(programs, folder, as_user)
    server.run(
        *("initdb", "-D", str(folder / "data"), "-U", "saraban", "-A", "trust"),
        *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    server.start()
    try:
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Yield a SQLAlchemy URL of a server's `postgres` database; the server ends with the block."""
    with postgresql_server() as server:
        yield server.url
