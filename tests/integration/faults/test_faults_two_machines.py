"""Two machines, one backlog, on PostgreSQL and S3: each letter once, also when one dies at work.

`make soak` gives a longer backlog and more deaths.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url

from correspondence.clock import utc_now
from correspondence.vocabulary import Channel
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.machines import check_fit, enter_this_machine
from pipeline.verifying import verify_house
from registry.leases import lease_owner
from registry.ledger import Arrival
from registry.machines import MachineRole
from registry.models import Case, Draft, IntakeItem, Letter
from tests.ready_databases import ready_postgresql, run_on_server
from tests.servers.machine import work
from tests.servers.s3_server import S3Server, running_s3

LETTERS = int(os.environ.get("SARABAN_TEST_BACKLOG", "10"))
DEATHS = int(os.environ.get("SARABAN_TEST_MACHINE_DEATHS", "1"))
SECONDS = 280 if LETTERS <= 20 else 6000
ROOT = Path(__file__).resolve().parents[3]
SUBJECTS = (
    "ขอร้องเรียนการเก็บเงินค่าบำรุงการศึกษา",
    "ขอเชิญประชุมคณะกรรมาธิการการศึกษา",
    "ขอเชิญให้สัมภาษณ์เรื่องอาหารกลางวัน",
    "ขอเข้าเยี่ยมคารวะของเอกอัครราชทูต",
)


def quiet(_part: str, _done: int, _total: int) -> None:
    return None


def text(number: int) -> bytes:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return (
        f"ที่ ศธ ๐๓๐๑/{number}\nวันที่ ๑๒ พฤศจิกายน ๒๕๖๙\nเรื่อง {subject} ครั้งที่ {number}\n"
        f"เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\nด้วยหมู่บ้านดอนทองที่ {number} มีความประสงค์{subject}"
        f" จึงเรียนมาเพื่อโปรดพิจารณา\n\nขอแสดงความนับถือ\nนายสมหวัง ทองที่ {number}\n"
    ).encode()


def fill(house: House) -> None:
    house.ledger.store_many(
        [
            Arrival(
                source="hand",
                source_key=str(number),
                channel=Channel.HAND,
                file_name=f"{number}.txt",
                message_id=None,
                data=text(number),
                arrived_at=house.clock(),
            )
            for number in range(1, LETTERS + 1)
        ]
    )


@dataclass
class Machine:
    """A process with a home of its own."""

    process: subprocess.Popen[str]
    owner: str

    @property
    def out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self) -> int:
        said, _ = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == 0
        return int(said.strip().splitlines()[-1])

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)


def start(settings: Settings, environment: dict[str, str]) -> Machine:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.machine"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("SARABAN_")},
            **environment,
            "SARABAN_HOME": str(settings.home),
            "SARABAN_MACHINE": settings.machine,
            "SARABAN_DATABASE_URL": settings.database_url,
            "SARABAN_BLOB_URL": settings.blob_url,
            "SARABAN_WORKERS": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    return Machine(process, process.stdout.readline().strip())


@pytest.fixture
def server() -> Iterator[S3Server]:
    with running_s3() as running:
        yield running


@pytest.fixture
def database(postgresql: str) -> Iterator[str]:
    url = make_url(postgresql)
    ready_postgresql(url, "two_machines")
    yield url.set(database="two_machines").render_as_string(hide_password=False)
    run_on_server(url, "DROP DATABASE two_machines WITH (FORCE)")


def outcome(house: House) -> list[tuple[object, ...]]:
    """What became of each letter, less its number, which follows the order of arrival."""
    with house.sessions() as session:
        rows = session.execute(
            select(
                IntakeItem.file_name,
                IntakeItem.outcome,
                Case.state,
                Case.category,
                Case.subcategory,
                Case.group_id,
                Case.due_date,
            )
            .join(Letter, Letter.intake_item_id == IntakeItem.id)
            .join(Case, Case.id == Letter.case_id)
            .order_by(IntakeItem.file_name)
        )
        return [tuple(row) for row in rows]


@pytest.mark.faults
@pytest.mark.timeout(SECONDS + 20)
def test_two_machines_do_what_one_does_and_a_dead_one_loses_nothing(
    server: S3Server, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = server.make_bucket("two-machines")

    def settings(name: str) -> Settings:
        (tmp_path / name).mkdir(exist_ok=True)
        return Settings(
            home=tmp_path / name, machine=name, database_url=database, blob_url=bucket, workers=1
        )

    with open_house(settings("first")) as first, open_house(settings("second")) as second:
        enter_this_machine(first, MachineRole.SERVE)
        check_fit(second)
        enter_this_machine(second, MachineRole.WORK)
        # The first shares the model that answers; the second has none of its own.
        version = first.classifier.version
        fill(first)
    for death in range(DEATHS):
        victim = start(settings("second"), server.environment)
        victim.go()
        with open_house(settings("first")) as house:
            wanted = min(2 + death, LETTERS - 3)
            deadline = time.monotonic() + 120
            while _registered(house) < wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            victim.kill()
            assert victim.owner.partition("/")[0]
            # Half an hour later: leases of a machine that is gone end by themselves.
            _end_leases(house)
    second_machine = start(settings("second"), server.environment)
    with open_house(settings("first")) as house, house.readers() as readers:
        second_machine.go()
        assert work(house, lease_owner(), readers) > 0
        assert second_machine.end() > 0
        found = outcome(house)
        assert verify_house(house, quiet).outcome == "whole"
        with house.sessions() as session:
            assert session.scalar(select(func.count()).select_from(Letter)) == LETTERS
            drafts = session.scalar(
                select(func.count()).select_from(Draft).where(Draft.superseded_at.is_(None))
            )
        assert house.classifier.version == version
    alone = Settings(home=tmp_path / "alone", workers=1)
    with open_house(alone) as house:
        fill(house)
        with house.readers() as readers:
            work(house, "alone", readers)
        with house.sessions() as session:
            assert drafts == session.scalar(select(func.count()).select_from(Draft))
        assert outcome(house) == found
    assert not [path for path in (tmp_path / "second").rglob("*") if path.suffix == ".db"]


def _registered(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Letter)) or 0


def _end_leases(house: House) -> None:
    with house.sessions.begin() as session:
        for table in (IntakeItem, Case):
            session.execute(
                update(table).where(table.leased_by.is_not(None)).values(leased_until=utc_now())
            )
