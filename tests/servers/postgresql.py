"""A private PostgreSQL server for the tests, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Yield a SQLAlchemy URL of the server's `postgres` database; the server ends with the block.

    PostgreSQL refuses to run as root; it then runs as the package's own user.
    """
    programs = find_programs()
    folder = Path(mkdtemp(prefix="saraban-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run(
            [*as_user, *command], check=True, capture_output=True, timeout=120, cwd=folder
        )

    run(
        *(str(programs / "initdb"), "-D", str(data), "-U", "saraban", "-A", "trust"),
        *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=150"
    run(
        *(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")),
        *("-o", options, "start"),
    )
    try:
        yield f"postgresql+psycopg://saraban@/postgres?host={folder}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
