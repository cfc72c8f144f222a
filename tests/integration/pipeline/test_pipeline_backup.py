"""Backup, wipe, restore, verify: on both databases, with writers, damage and older schemas."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url

import registry.migrate
from correspondence.errors import MissingDependency, SarabanError, UsageFault
from office.places import find_folder
from office.settings import Settings
from pipeline.backup import back_up
from pipeline.backup_folder import MANIFEST, BackupDamaged, read_manifest
from pipeline.bootstrap import House, open_house
from pipeline.restoring import BackupRefused, HouseNotEmpty, restore
from pipeline.verifying import verify_house
from registry.blob_references import referred_digests
from registry.migrate import schema_revision
from registry.models import AuditEvent, Letter
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house


def say_nothing(_part: str, _done: int, _total: int) -> None:
    """Progress nobody looks at."""


@dataclass
class Office:
    """A house that can be wiped; its backups lie beside it."""

    home: Path
    database_url: str
    clock: SetClock

    @property
    def settings(self) -> Settings:
        said = {"home": self.home, "database_url": self.database_url, "blob_url": ""}
        return Settings.model_validate(said)

    def open(self) -> House:
        return open_house(self.settings, clock=self.clock)

    def wipe(self) -> None:
        """Remove home and database, as a lost machine does."""
        shutil.rmtree(self.home)
        url = make_url(self.database_url)
        if url.get_backend_name() == "sqlite":
            for path in Path(str(url.database)).parent.glob("saraban.db*"):
                path.unlink()
            return
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()

    def numbers(self) -> list[tuple[int, int]]:
        house = self.open()
        with house.sessions.begin() as session:
            found = session.execute(
                select(Letter.register_year, Letter.register_number).order_by(Letter.id)
            ).all()
        house.close()
        return [(year, number) for year, number in found]


@pytest.fixture
def office(tmp_path: Path, database_url: str, clock: SetClock) -> Iterator[Office]:
    made = Office(tmp_path / "home", database_url, clock)
    house = small_house(made.home, clock, database_url=database_url)
    for _ in range(3):
        register(house, Seed())
    (made.home / "models" / "linear-000000000000").mkdir(parents=True)
    (made.home / "models" / "linear-000000000000" / "classifier.skops").write_bytes(b"model")
    shutil.copytree(find_folder("config"), made.home / "config")
    house.close()
    yield made


@pytest.fixture
def sqlite_office(tmp_path: Path, clock: SetClock) -> Office:
    url = f"sqlite:///{tmp_path / 'home' / 'saraban.db'}"
    house = small_house(tmp_path / "home", clock)
    for _ in range(2):
        register(house, Seed())
    house.close()
    return Office(tmp_path / "home", url, clock)


def digests(house: House) -> list[str]:
    with house.sessions.begin() as session:
        return list(referred_digests(session))


def test_a_wiped_house_comes_back_whole(office: Office, tmp_path: Path) -> None:
    backup = tmp_path / "kept" / "monday"
    report = back_up(office.settings, backup, say_nothing, office.clock)
    assert (report.outcome, report.letters, report.blobs) == ("whole", 3, 6)
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.iterdir()] == ["monday"]
    house = office.open()
    with house.sessions.begin() as session:
        events = session.scalar(select(func.count()).select_from(AuditEvent))
    house.close()
    before = office.numbers()
    office.wipe()

    restored = restore(office.settings, backup, say_nothing, office.clock)

    assert (restored.outcome, restored.config, restored.put_aside) == ("whole", "restored", None)
    assert (restored.verify.blobs, restored.verify.findings) == (6, ())
    assert restored.verify.events == (events or 0) + 1
    assert office.numbers() == before
    model = office.home / "models" / "linear-000000000000" / "classifier.skops"
    assert model.read_bytes() == b"model"
    assert (office.home / "config" / "groups.toml").is_file()
    house = office.open()
    register(house, Seed())
    assert verify_house(house, say_nothing).outcome == "whole"
    house.close()
    assert office.numbers() == [*before, (2026, 4)]


def test_a_backup_comes_back_on_another_machine_under_another_path(
    office: Office, tmp_path: Path
) -> None:
    """Nothing kept says where it was kept: the home, the configuration and the backup move."""
    (office.home / "config" / "mark.toml").write_text("# the office's own\n")
    (office.home / "drop" / "hand").mkdir(parents=True)
    back_up(office.settings, tmp_path / "kept" / "monday", say_nothing, office.clock)
    before = office.numbers()
    house = office.open()
    held = digests(house)
    house.close()
    office.wipe()
    elsewhere = tmp_path / "srv" / "another machine" / "บ้าน"
    shutil.move(tmp_path / "kept", tmp_path / "carried")
    lite = office.database_url.startswith("sqlite")
    other = Office(
        elsewhere,
        f"sqlite:///{elsewhere / 'saraban.db'}" if lite else office.database_url,
        office.clock,
    )

    restored = restore(other.settings, tmp_path / "carried" / "monday", say_nothing, office.clock)

    assert (restored.outcome, restored.config) == ("whole", "restored")
    assert restored.verify.findings == ()
    assert other.numbers() == before
    assert not office.home.exists()
    house = other.open()
    assert digests(house) == held
    assert all(house.blobs.get(digest) for digest in held)
    assert other.settings.config_folder == elsewhere / "config"
    assert (other.settings.config_folder / "mark.toml").is_file()
    with house.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if inspect(connection).get_columns(table):
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
                assert str(office.home) not in str(rows), table
    assert str(office.home) not in "".join(
        path.read_text(errors="replace") for path in elsewhere.rglob("*.toml")
    )
    register(house, Seed())
    assert verify_house(house, say_nothing).outcome == "whole"
    house.close()
    again = back_up(other.settings, tmp_path / "again", say_nothing, office.clock)
    assert (again.outcome, again.letters) == ("whole", len(before) + 1)


def test_a_backup_beside_a_writer_is_of_one_moment(office: Office, tmp_path: Path) -> None:
    stop, faults = threading.Event(), []

    def write() -> None:
        house = office.open()
        try:
            while not stop.is_set():
                register(house, Seed())
        except Exception as fault:
            faults.append(fault)
        finally:
            house.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [
            back_up(office.settings, tmp_path / f"b{number}", say_nothing, office.clock)
            for number in range(3)
        ]
    finally:
        stop.set()
        writer.join()
    assert faults == []
    assert [report.outcome for report in reports] == ["whole"] * 3
    assert reports[0].letters < reports[2].letters < len(office.numbers())
    office.wipe()
    restored = restore(office.settings, tmp_path / "b1", say_nothing, office.clock)
    assert (restored.outcome, restored.letters) == ("whole", reports[1].letters)
    assert office.numbers() == [(2026, number + 1) for number in range(reports[1].letters)]


def migrations(connection: Connection) -> Config:
    config = Config()
    folder = Path(registry.migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


def test_a_backup_of_an_older_schema_keeps_everything(office: Office, tmp_path: Path) -> None:
    before = office.numbers()
    house = office.open()
    held = digests(house)
    with house.engine.begin() as connection:
        command.downgrade(migrations(connection), "0007")
        kept = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in inspect(connection).get_table_names()
        }
    house.close()
    report = back_up(office.settings, tmp_path / "old", say_nothing, office.clock)
    assert (report.schema_revision, report.outcome) == ("0007", "whole")
    office.wipe()

    restored = restore(office.settings, tmp_path / "old", say_nothing, office.clock)

    assert (restored.outcome, restored.from_revision) == ("whole", "0007")
    house = office.open()
    assert schema_revision(house.engine) == restored.to_revision > "0007"
    assert digests(house) == held
    with house.engine.connect() as connection:
        now = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in kept
        }
    house.close()
    # The restore itself is one event.
    assert now == {**kept, "audit_events": kept["audit_events"] + 1}
    assert office.numbers() == before


def test_a_house_is_not_replaced_unless_told_and_never_deleted(
    office: Office, tmp_path: Path
) -> None:
    back_up(office.settings, tmp_path / "b", say_nothing, office.clock)
    house = office.open()
    register(house, Seed())
    house.close()
    with pytest.raises(HouseNotEmpty):
        restore(office.settings, tmp_path / "b", say_nothing, office.clock)
    assert len(office.numbers()) == 4
    restored = restore(office.settings, tmp_path / "b", say_nothing, office.clock, replace=True)
    assert (restored.outcome, restored.config) == ("whole", "kept")
    assert len(office.numbers()) == 3
    aside = str(restored.put_aside)
    if office.settings.database.startswith("sqlite"):
        old = create_engine(f"sqlite:///{aside}")
        count = text("SELECT count(*) FROM letters")
    else:
        old = create_engine(office.settings.database)
        count = text(f"SELECT count(*) FROM {aside.removeprefix('schema ')}.letters")
    with old.connect() as connection:
        assert connection.execute(count).scalar_one() == 4
    old.dispose()
    # What was put aside is no part of the next backup.
    again = back_up(office.settings, tmp_path / "c", say_nothing, office.clock)
    assert again.letters == 3


def test_blobs_that_the_house_lacks_are_named_and_mended_by_an_older_backup(
    office: Office, tmp_path: Path
) -> None:
    back_up(office.settings, tmp_path / "whole", say_nothing, office.clock)
    house = office.open()
    gone, hurt = digests(house)[:2]
    place = office.home / "blobs"
    (place / gone[:2] / gone).unlink()
    (place / hurt[:2] / hurt).write_bytes(b"other")
    found = verify_house(house, say_nothing)
    assert {line.kind.value: line.count for line in found.findings} == {
        "blob_missing": 1,
        "blob_damaged": 1,
    }
    house.close()
    report = back_up(office.settings, tmp_path / "lacking", say_nothing, office.clock)
    assert (report.outcome, report.missing, report.damaged) == ("incomplete", 1, 1)
    manifest = read_manifest(tmp_path / "lacking")
    assert (manifest.missing, manifest.damaged) == ((gone,), (hurt,))
    # Bytes whose hash is right mend what lies in their place.
    whole = restore(office.settings, tmp_path / "whole", say_nothing, office.clock, replace=True)
    assert whole.outcome == "whole"
    office.clock.move(seconds=1)
    office.wipe()
    partly = restore(office.settings, tmp_path / "lacking", say_nothing, office.clock)
    assert (partly.outcome, partly.missing_in_backup) == ("faults_found", 2)
    assert [line.kind.value for line in partly.verify.findings] == ["blob_missing"]


@pytest.mark.parametrize(
    "part", ["database/saraban.db", MANIFEST, "blobs.sha256", "config/groups.toml", "a blob"]
)
def test_a_changed_backup_is_refused_before_anything_is_touched(
    sqlite_office: Office, tmp_path: Path, part: str
) -> None:
    office = sqlite_office
    backup = tmp_path / "b"
    back_up(office.settings, backup, say_nothing, office.clock)
    path = next((backup / "blobs").glob("*/*")) if part == "a blob" else backup / part
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BackupDamaged):
        restore(office.settings, backup, say_nothing, office.clock, replace=True)
    path.unlink()
    with pytest.raises(BackupDamaged):
        restore(office.settings, backup, say_nothing, office.clock, replace=True)
    assert len(office.numbers()) == 2
    assert list(office.home.glob("*before_restore*")) == []


def test_paths_that_lead_out_of_a_backup_are_refused(sqlite_office: Office, tmp_path: Path) -> None:
    from hashlib import sha256

    backup = tmp_path / "b"
    back_up(sqlite_office.settings, backup, say_nothing, sqlite_office.clock)
    hostile = (backup / MANIFEST).read_text().replace("config/groups.toml", "config/../../g.toml")
    (backup / MANIFEST).write_text(hostile)
    (backup / "manifest.sha256").write_text(sha256(hostile.encode()).hexdigest())
    with pytest.raises(BackupDamaged, match="form"):
        read_manifest(backup)


def test_backups_of_newer_releases_and_other_databases_are_refused(
    sqlite_office: Office, tmp_path: Path
) -> None:
    office, backup = sqlite_office, tmp_path / "b"
    house = office.open()
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    house.close()
    back_up(office.settings, backup, say_nothing, office.clock)
    office.wipe()
    with pytest.raises(BackupRefused, match="9999"):
        restore(office.settings, backup, say_nothing, office.clock)
    other = office.settings.model_copy(
        update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/none"}
    )
    with pytest.raises(BackupRefused, match="of sqlite"):
        restore(other, backup, say_nothing, office.clock)


def test_a_backup_that_fails_leaves_nothing(
    sqlite_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = sqlite_office
    full = tmp_path / "full"
    full.mkdir()
    (full / "x").touch()
    for target in (full, office.home / "models" / "b"):
        with pytest.raises(UsageFault):
            back_up(office.settings, target, say_nothing, office.clock)
    nowhere = Settings(home=tmp_path / "nowhere")
    with pytest.raises(UsageFault, match="no house"):
        back_up(nowhere, tmp_path / "kept" / "b", say_nothing, office.clock)
    assert list((tmp_path / "kept").iterdir()) == []
    # A disk that fills: every file beyond this size is refused by the kernel.
    import resource
    import signal

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
    try:
        with pytest.raises(SarabanError) as caught:
            back_up(office.settings, tmp_path / "kept" / "b", say_nothing, office.clock)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.code in ("storage_full", "database_copy_failed")
    assert list((tmp_path / "kept").iterdir()) == []


def test_without_the_client_of_postgresql_the_line_that_installs_it_is_told(
    postgresql: str, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not office.settings.database.startswith("postgresql"):
        pytest.skip("SQLite needs no client")
    back_up(office.settings, tmp_path / "b", say_nothing, office.clock)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(MissingDependency, match="postgresql-client"):
        back_up(office.settings, tmp_path / "c", say_nothing, office.clock)
    with pytest.raises(MissingDependency, match="postgresql-client"):
        restore(office.settings, tmp_path / "b", say_nothing, office.clock, replace=True)
    assert len(office.numbers()) == 3
