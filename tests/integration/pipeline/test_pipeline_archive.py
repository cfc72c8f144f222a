"""Old scans entered from a folder: each once, no clock, letters of the day first."""

from __future__ import annotations

import csv
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from correspondence.errors import UsageFault
from correspondence.vocabulary import CaseState, Channel, IntakeOutcome
from office.settings import Settings
from pipeline.admission import claim_items, drain_items
from pipeline.archive import Courtesy, give_way, read_archive
from pipeline.archive_import import import_archive
from pipeline.archive_report import HEAD
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work
from pipeline.verifying import verify_house
from pipeline.watchdog import LETTER_WAITS, look
from registry.ledger import ARCHIVE, Arrival
from registry.models import AuditEvent, Case, DueDateRow, IntakeItem, Letter, OutboxMessage
from registry.numbers import RegisterNumber
from tests.conftest import NOON, SetClock


def quiet(_part: str, _done: int, _total: int) -> None:
    return None


def text(number: int, *, year: int = 2540) -> bytes:
    return (
        f"ที่ ศธ ๐๒๐๑/{number}\nวันที่ {number} มีนาคม {year}\nเรื่อง ขอส่งบัญชีครุภัณฑ์ประจำปี รายการที่ {number}\n"
        f"เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\nด้วยโรงเรียนบ้านดอนหวายที่ {number} ขอส่งบัญชีครุภัณฑ์"
        "มาเพื่อโปรดทราบ\n\nขอแสดงความนับถือ\nนายสมชาย ใจงาม\n"
    ).encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "2540").mkdir(parents=True)
    for number in range(1, 4):
        (folder / "2540" / f"{number}.txt").write_bytes(text(number))
    (folder / "again.txt").write_bytes(text(1))
    (folder / "=formula.txt").write_bytes(text(9))
    (folder / "secret.txt").write_bytes("ลับมาก\n".encode() + text(5))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / ".hidden").write_bytes(b"x")
    return folder


def rows_of(report: Path) -> dict[str, dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def test_every_file_ends_once_with_its_own_date_and_no_clock(
    house: House, archive: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    done = import_archive(house, archive, report, quiet)
    assert (done.taken.new, done.taken.known, done.taken.refused) == (6, 1, 0)
    assert done.outcomes == {"held": 1, "registered": 4, "secret": 1}
    with house.sessions() as session:
        letters = session.scalars(select(Letter).order_by(Letter.register_number)).all()
        assert [str(RegisterNumber.of(letter)) for letter in letters] == [
            f"{n}/คลัง" for n in range(1, 5)
        ]
        assert {letter.received_at.date().isoformat() for letter in letters} >= {"1997-03-01"}
        cases = session.scalars(select(Case)).all()
        assert {(case.state, case.archived, case.due_date) for case in cases} == {
            (CaseState.CLOSED.value, True, None)
        }
        assert session.scalar(select(func.count()).select_from(DueDateRow)) == 4
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        actions = set(session.scalars(select(AuditEvent.action)))
        assert actions == {"settle_intake", "import_archive"}
    told = rows_of(report)
    assert tuple(next(iter(told.values()))) == HEAD
    assert told["2540/1.txt"]["register_number"].endswith("/คลัง")
    assert {told["2540/1.txt"]["outcome"], told["again.txt"]["outcome"]} == {
        "registered",
        "repeated",
    }
    assert "'=formula.txt" in told
    assert told["secret.txt"]["outcome"] == "secret"
    assert "ครุภัณฑ์" not in report.read_text(encoding="utf-8-sig")
    assert told["broken.pdf"]["outcome"] == "held"
    assert report.stat().st_mode & 0o077 == 0
    # Nothing is left for the machine, nor counted as the office's work, and all of it is whole.
    assert claim_work(house, "test") == []
    assert verify_house(house, quiet).outcome == "whole"
    # Begun again: nothing is entered twice.
    again = import_archive(house, archive, report, quiet)
    assert (again.taken.new, again.taken.known, again.outcomes) == (0, 7, {})


def test_letters_of_the_day_go_first_and_keep_their_own_numbers(
    house: House, archive: Path, clock: SetClock
) -> None:
    house.ledger.store_many(
        [arrival(ARCHIVE, "old", text(1)), arrival("hand", "new", text(2, year=2569))]
    )
    # The work of the day never claims old papers, and they do not wait too long for it.
    ids = claim_items(house, "day")
    with house.sessions() as session:
        assert [session.get_one(IntakeItem, one).source for one in ids] == ["hand"]
    waited: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds
        if len(waited) == 3:
            with house.sessions.begin() as session:
                item = session.get_one(IntakeItem, ids[0])
                item.leased_by = item.leased_until = None
            drain_items(house, "day")

    manners = Courtesy(longest=600, every=5, sleep=sleep, clock=lambda: now[0])
    with house.readers() as readers:
        outcomes = read_archive(house, "import", readers, quiet, courtesy=manners)
    assert len(waited) == 3
    assert outcomes == {IntakeOutcome.REGISTERED: 1}
    with house.sessions() as session:
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        assert [str(RegisterNumber.of(letter)) for letter in letters] == ["1/2569", "1/คลัง"]


def test_it_does_not_wait_for_ever(house: House) -> None:
    house.ledger.store(arrival("hand", "stuck", text(2)))
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    assert give_way(house, Courtesy(60, 5, sleep, lambda: now[0]), quiet) == 60


def test_old_papers_that_wait_are_no_alert(house: House, clock: SetClock) -> None:
    house.ledger.store(arrival(ARCHIVE, "old", text(1)))
    clock.move(hours=5)
    assert LETTER_WAITS not in {missed.code for missed in look(house)}


def test_the_report_may_not_become_an_old_paper(house: House, archive: Path) -> None:
    with pytest.raises(UsageFault):
        import_archive(house, archive, archive / "report.csv", quiet)
    with pytest.raises(UsageFault):
        import_archive(house, archive / "nowhere", archive.parent / "report.csv", quiet)


def arrival(source: str, key: str, data: bytes) -> Arrival:
    return Arrival(
        source=source,
        source_key=key,
        channel=Channel.SCAN,
        file_name=f"{key}.txt",
        message_id=None,
        data=data,
        arrived_at=NOON,
    )


def _import(settings: Settings, folder: Path, report: Path) -> None:
    os.setsid()
    with open_house(settings) as house:
        import_archive(house, folder, report, quiet)


def test_killed_in_the_middle_it_goes_on(house: House, archive: Path, tmp_path: Path) -> None:
    for number in range(10, 28):
        (archive / f"{number}.txt").write_bytes(text(number))
    report = tmp_path / "report.csv"
    process = multiprocessing.get_context("fork").Process(
        target=_import, args=(house.settings, archive, report)
    )
    process.start()

    def registered() -> int:
        with house.sessions() as session:
            return session.scalar(select(func.count()).select_from(Letter)) or 0

    deadline = time.monotonic() + 120
    while registered() < 3 and time.monotonic() < deadline and process.is_alive():
        time.sleep(0.02)
    assert process.pid is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.join(30)
    assert not report.exists()
    done = import_archive(house, archive, report, quiet)
    assert done.waiting == 0
    assert registered() == 4 + 18
    told = rows_of(report)
    assert len(told) == 7 + 18
    assert sorted(row["register_number"] for row in told.values() if row["outcome"] == "registered")
    assert verify_house(house, quiet).outcome == "whole"
