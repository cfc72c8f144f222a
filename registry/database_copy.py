"""Copy a database at one moment while it is in use, and put a copy back.

SQLite through its online backup; PostgreSQL through pg_dump and pg_restore, which must be on PATH
and not older than the server. Both give one moment, and the copy's blobs are read at the same.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, create_engine, func, inspect, select, table, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from correspondence.errors import MissingDependency, SarabanError
from registry.faults import DATABASE_FAULTS, name_database_fault
from registry.models import AuditEvent, IntakeItem, Letter, Person

_FILE_NAMES = {"sqlite": "saraban.db", "postgresql": "saraban.dump"}
_CLIENT = "sudo apt-get install --no-install-recommends postgresql-client"
_ASIDE = "before_restore"
_SECONDS = 6 * 3600
# A house that has one of these is not empty.
_RECORDS = (IntakeItem, Letter, AuditEvent, Person)


class DatabaseCopyFailed(SarabanError):
    """A database could not be copied or put back; the part of the reason that may be told."""

    code = "database_copy_failed"


def copy_name(engine: Engine) -> str:
    """Return the file name of a copy of this kind of database."""
    return _FILE_NAMES[engine.dialect.name]


@contextmanager
def copied_database(engine: Engine, folder: Path) -> Iterator[Session]:
    """Copy the database into a folder and yield a session that reads the copied moment.

    Args:
        engine: an engine of `registry.engine`; other processes may go on writing.
        folder: where the copy goes, by the name of `copy_name`.

    Raises:
        MissingDependency: pg_dump is not on PATH.
        DatabaseCopyFailed: the copy is not whole.
    """
    target = folder / copy_name(engine)
    if engine.dialect.name == "sqlite":
        _copy_sqlite(Path(str(engine.url.database)), target)
        with reading_copy(target) as session:
            yield session
        return
    program = _program("pg_dump")
    with engine.connect() as connection:
        connection = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # pg_dump and our look at the blobs then see the very same moment.
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        asked = ("--format=custom", "--no-owner", "--no-privileges")
        apart = (f"--exclude-schema={_ASIDE}_*", f"--snapshot={moment}")
        _run([program, *asked, *apart, f"--file={target}"], engine.url)
        _sync(target)
        with Session(connection) as session:
            yield session


@contextmanager
def reading_copy(path: Path) -> Iterator[Session]:
    """Open a copy of a SQLite database; it is not changed by that, not even by a side file."""
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def check_copy(path: Path) -> None:
    """Read a copy once with the database's own eyes.

    Raises:
        DatabaseCopyFailed: it is not whole.
        MissingDependency: pg_restore is not on PATH.
    """
    if path.name == _FILE_NAMES["postgresql"]:
        _run([_program("pg_restore"), "--list", str(path)], None)
        return
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as fault:
        raise _failed(type(fault).__name__) from None
    if answer != ("ok",):
        raise _failed("quick_check")


def house_is_empty(engine: Engine) -> bool:
    """Tell whether the database has no tables, or none of the records that a house lives by."""
    try:
        tables = set(inspect(engine).get_table_names())
        with engine.connect() as connection:
            return not any(
                connection.execute(select(record.id).limit(1)).first() is not None
                for record in _RECORDS
                if record.__tablename__ in tables
            )
    except DATABASE_FAULTS as fault:
        raise name_database_fault(fault) from fault
    except DatabaseError:
        # A file that is no database any more may well be why somebody restores.
        return False


def row_counts(session: Session) -> dict[str, int]:
    """Return how many rows each table has, by its name."""
    connection = session.connection()
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    return {
        name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names
    }


def database_counts(engine: Engine) -> dict[str, int]:
    """Return how many rows each table of a database has, by its name."""
    with Session(engine) as session:
        return row_counts(session)


def put_database_back(engine: Engine, copy: Path, at: datetime) -> str | None:
    """Put a copy in the place of the database; what was there is put aside, never deleted.

    Args:
        engine: an engine of the database to restore; its connections are given back.
        copy: a checked copy of the same kind of database.
        at: names what is put aside.

    Returns:
        Where the former database is now (a file, or a schema of the same database), or None.

    Raises:
        MissingDependency: pg_restore is not on PATH.
        DatabaseCopyFailed: it was not put back; the former database is in its place again.
    """
    stamp = f"{at:%Y%m%dT%H%M%S}"
    if engine.dialect.name == "sqlite":
        engine.dispose()
        return _put_sqlite_back(Path(str(engine.url.database)), copy, stamp)
    return _put_postgresql_back(engine, copy, f"{_ASIDE}_{stamp.lower()}")


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: one moment, and in WAL mode no writer waits for it.
            live.backup(copy, pages=-1)
            # One file without side files.
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as fault:
        raise _failed(type(fault).__name__) from None
    _sync(target)


def _put_sqlite_back(database: Path, copy: Path, stamp: str) -> str | None:
    database.parent.mkdir(parents=True, exist_ok=True)
    coming = database.with_name(f"{database.name}.restoring")
    shutil.copyfile(copy, coming)
    _sync(coming)
    aside = database.with_name(f"{database.name}.{_ASIDE}_{stamp}")
    moved = _settle_sqlite(database)
    for ending in ("", "-wal", "-shm"):
        part = database.with_name(database.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    coming.rename(database)
    return str(aside) if moved else None


def _settle_sqlite(database: Path) -> bool:
    """Bring what a write-ahead log holds into its database; tells whether there is anything."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            found = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return True
    if found == (0,):
        database.unlink()
        return False
    return True


def _put_postgresql_back(engine: Engine, copy: Path, aside: str) -> str | None:
    program = _program("pg_restore")
    schema = inspect(engine).default_schema_name or "public"
    had_tables = bool(inspect(engine).get_table_names())
    if had_tables:
        with engine.begin() as connection:
            _rename_schema(connection, schema, aside)
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    engine.dispose()
    try:
        asked = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        _run([program, *asked, str(copy)], engine.url)
    except SarabanError:
        if had_tables:
            with engine.begin() as connection:
                connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
                _rename_schema(connection, aside, schema)
        raise
    return f"schema {aside}" if had_tables else None


def _rename_schema(connection: Connection, old: str, new: str) -> None:
    connection.execute(text(f'ALTER SCHEMA "{old}" RENAME TO "{new}"'))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingDependency(
            f"{name} is not on PATH.", thai=f"ยังไม่ได้ติดตั้งโปรแกรม {name}", remedy=_CLIENT
        )
    return found


def _run(command: list[str], url: URL | None) -> None:
    """Run a client program; the password goes by the environment, where no process list shows it.

    With a URL the program is told the database: pg_restore by `--dbname`, as pg_dump is.
    """
    environment = dict(os.environ)
    if url is not None:
        plain = {name: value for name, value in url.query.items() if isinstance(value, str)}
        named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
        said = {name: str(value) for name, value in named.items() if value} | plain
        command = [command[0], f"--dbname={make_conninfo('', **said)}", *command[1:]]
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    try:
        ended = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed("it took too long") from None
    if ended.returncode:
        # What it says may quote rows.
        told = "server version mismatch"
        why = told if told.encode() in ended.stderr else f"exit code {ended.returncode}"
        raise _failed(f"{Path(command[0]).name}: {why}")


def _failed(why: str) -> DatabaseCopyFailed:
    return DatabaseCopyFailed(
        f"The database was not copied whole ({why}).",
        thai="สำเนาฐานข้อมูลไม่สมบูรณ์",
        remedy="Check free disk space, and that pg_dump is not older than the server.",
    )


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
