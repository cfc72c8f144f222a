"""Pollers killed at any moment, two at once: each letter once, its number once, nothing lost."""

from __future__ import annotations

import hashlib
import imaplib
import itertools
import json
import logging
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import psutil
import pytest
from fault_pollers import OPEN_RUNS, KillPoint, PollerPlace, choose_point, start_poller
from fault_post import FILES, HELD, MAILS, REGISTERED, SECRET, SECRET_WORD, Post
from sqlalchemy import Engine, create_engine, text

from registry.audit_check import check_trail
from registry.audit_form import AuditKeys
from registry.blobs import BlobStore
from registry.engine import open_sessions, open_snapshot
from tests.integration.conftest import PASSWORD_ENV, MailOffice

KILLS = int(os.environ.get("SARABAN_TEST_STORM_KILLS", "12"))
# After so many deaths a pass without one, and everything is counted.
WAVE = 25
SOURCES = ("main", "second", "drop")

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120 + 20 * KILLS)]
_log = logging.getLogger(__name__)


@dataclass
class Storm:
    """An office under way: what was sent in, and which deaths it met."""

    office: MailOffice
    place: PollerPlace
    chance: random.Random
    database: Engine
    sent: dict[str, list[Post]] = field(default_factory=lambda: {name: [] for name in SOURCES})
    deaths: Counter[str] = field(default_factory=Counter)
    points: set[tuple[str, str, str]] = field(default_factory=set)
    events: dict[str, int] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def drop(self) -> Path:
        return self.place.home / "drop"

    def user(self, source: str) -> str:
        return f"{self.office.user}-{source}"

    def send(self, source: str, post: Post) -> None:
        """Let a post arrive at a mailbox or in the drop folder."""
        self.sent[source].append(post)
        if source == "drop":
            for piece in post.pieces:
                number = next(self.names)
                whole = self.drop / "hand" / f"แฟ้ม {number}{post.ending}"
                (partial := self.drop / "hand" / f".{number}").write_bytes(piece)
                partial.rename(whole)
            return
        server = self.office.server
        with imaplib.IMAP4(server.host, server.port, timeout=20) as client:
            client.login(self.user(source), server.password)
            for piece in post.pieces:
                assert client.append("INBOX", "", "", piece)[0] == "OK"

    def send_some(self) -> None:
        """Let one to three posts arrive."""
        self.send("main", self.chance.choice(MAILS)())
        if self.chance.random() < 0.5:
            self.send("second", self.chance.choice(MAILS)())
        if self.chance.random() < 0.5:
            self.send("drop", self.chance.choice(FILES)())

    def pass_whole(self, count_into: Path | None = None) -> None:
        """One pass that nobody kills."""
        poller = start_poller(self.place, count_into=count_into)
        poller.join(120)
        assert poller.exitcode == 0

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def storm(mail_office: MailOffice, database_url: str, tmp_path: Path) -> Iterator[Storm]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = (
        ("TMPDIR", str(scratch)),
        (PASSWORD_ENV, mail_office.server.password),
    )
    chance = random.Random(f"{database_url[:6]} {os.environ.get('SARABAN_TEST_SEED', '1')}")
    database = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    place = PollerPlace(mail_office.home, database_url, scratch, environment)
    found = Storm(mail_office, place, chance, database)
    mail_office.write_sources(
        mail_office.mailbox(user=found.user("main"), batch=3),
        mail_office.mailbox(
            name="second",
            user=found.user("second"),
            post_action="flag",
            rules='[[mailbox.rule]]\nname = "first"\nsubject = ["ส่ง"]\npriority = 5\n',
        ),
        '[[drop_folder]]\nname = "drop"\npath = "drop"\nstill_seconds = 0\n',
    )
    (mail_office.home / "drop" / "hand").mkdir(parents=True)
    yield found
    database.dispose()


def test_killed_anywhere_each_letter_is_there_once(
    storm: Storm, record_property: Any, tmp_path: Path
) -> None:
    counts = tmp_path / "events.json"
    for make in MAILS:
        storm.send("main", make())
    for make in FILES:
        storm.send("drop", make())
    storm.pass_whole(counts)
    storm.events = json.loads(counts.read_text())
    assert set(storm.events) == {run for runs in OPEN_RUNS.values() for run in runs}
    assert_all_is_whole(storm)
    done = 0
    while done < KILLS:
        wave = min(WAVE, KILLS - done)
        kill_pollers(storm, wave)
        done += wave
        storm.pass_whole()
        assert_all_is_whole(storm)
        _log.info("%d kills %s", done, dict(storm.deaths))
    _log.info(
        "points %d, letters %s", len(storm.points), storm.query("SELECT count(*) FROM letters")
    )
    record_property("deaths", dict(storm.deaths))
    assert {"fetch", "store", "register", "post-action"} <= set(storm.deaths)
    assert sum(storm.deaths.values()) == KILLS


def kill_pollers(storm: Storm, kills: int) -> None:
    """Keep two pollers at work until so many were killed; then let the last two end."""
    killed = started = 0
    running: list[tuple[ForkServerProcess, str, KillPoint | None]] = []
    while killed < kills or running:
        while killed + len(running) < kills and len(running) < 2:
            started += 1
            assert started < 12 * kills + 20, storm.deaths
            storm.send_some()
            stage = min(
                ("fetch", "store", "register", "post-action", "any moment"),
                key=lambda name: (storm.deaths[name], storm.chance.random()),
            )
            point = None
            if stage != "any moment":
                point = choose_point(storm.chance, stage, storm.events)
            running.append((start_poller(storm.place, point), stage, point))
        delay = storm.chance.uniform(0, 2.0)
        ended = wait([poller.sentinel for poller, _, _ in running], delay)
        if not ended:
            poller, stage, point = storm.chance.choice(running)
            if point is None and poller.pid is not None:
                os.kill(poller.pid, signal.SIGKILL)
                ended = wait([poller.sentinel], 20)
        for entry in list(running):
            poller, stage, point = entry
            if poller.sentinel not in ended:
                continue
            poller.join()
            running.remove(entry)
            assert poller.exitcode in (0, -signal.SIGKILL), (poller.exitcode, stage, point)
            if poller.exitcode:
                killed += 1
                storm.deaths[stage] += 1
                if point is not None:
                    storm.points.add((point.within, point.at, point.event))


def assert_all_is_whole(storm: Storm) -> None:
    """Every post has its one outcome, every letter its one number, every place is tidy."""
    rows = storm.query(
        "SELECT id, source, sha256, outcome, source_done_at, leased_by, attempts, size"
        " FROM intake_items ORDER BY id"
    )
    for source in SOURCES:
        posts = storm.sent[source]
        pieces = Counter(digest(piece) for post in posts for piece in post.pieces)
        found = Counter(row[2] for row in rows if row[1] == source)
        assert found == pieces, source
        by_digest: dict[str, list[str]] = {}
        for row in rows:
            if row[1] == source:
                by_digest.setdefault(row[2], []).append(row[3])
        for post in posts:
            ends = [end for sha in {digest(p) for p in post.pieces} for end in by_digest[sha]]
            assert tuple(sorted(ends)) == post.outcomes
    assert all(row[4] is not None and row[5] is None for row in rows)
    letters_in = {
        digest(p): post.letters
        for posts in storm.sent.values()
        for post in posts
        for p in post.pieces
    }
    due = [row[0] for row in rows if row[3] == REGISTERED for _ in range(letters_in[row[2]])]
    letters = storm.query("SELECT intake_item_id, register_number FROM letters ORDER BY 1, 2")
    assert [letter[0] for letter in letters] == due
    assert sorted(letter[1] for letter in letters) == list(range(1, len(due) + 1))
    empty = "SELECT count(*) FROM cases WHERE id NOT IN (SELECT case_id FROM letters)"
    assert storm.query(empty) == [(0,)]
    settled = storm.query(
        "SELECT intake_item_id, count(*) FROM audit_events"
        " WHERE action = 'settle_intake' GROUP BY 1 ORDER BY 1"
    )
    assert settled == [(row[0], 1) for row in rows]
    assert_trail_is_whole(storm)
    held_sources = storm.query("SELECT count(*) FROM source_states WHERE leased_by IS NOT NULL")
    assert held_sources == [(0,)]
    assert_blobs_are_whole(storm, {row[2] for row in rows})
    assert_mail_is_put_away(storm)
    assert_files_are_put_away(storm, rows)
    assert_nothing_is_left_running(storm)
    assert list(storm.place.scratch.iterdir()) == []


def assert_trail_is_whole(storm: Storm) -> None:
    """Every event has its link: none is lost, none is chained without its transaction."""
    with open_snapshot(open_sessions(storm.database)) as session:
        found = check_trail(session, AuditKeys())
    assert found.breaks == ()
    assert [(found.sequence,)] == storm.query("SELECT count(*) FROM audit_events")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def assert_blobs_are_whole(storm: Storm, digests: set[str]) -> None:
    root = storm.place.home / "blobs"
    store = BlobStore(f"file://{root}")
    for one in digests:
        store.get(one)
    names = {path.name for path in root.rglob("*") if path.is_file()}
    # What a killed writer left half-written is swept when it is old.
    assert {name for name in names if not name.endswith(".part")} == digests


def assert_mail_is_put_away(storm: Storm) -> None:
    def in_folder(source: str, folder: str, criterion: str = "ALL") -> Counter[str]:
        server = storm.office.server
        with imaplib.IMAP4(server.host, server.port, timeout=20) as client:
            client.login(storm.user(source), server.password)
            if client.select(folder, readonly=True)[0] != "OK":
                return Counter()
            found: Counter[str] = Counter()
            (numbers,) = client.search(None, criterion)[1]
            if numbers:
                answer = client.fetch(numbers.replace(b" ", b",").decode(), "(BODY.PEEK[])")[1]
                found.update(digest(part[1]) for part in answer if isinstance(part, tuple))
            return found

    def all_sent(source: str) -> Counter[str]:
        return Counter(digest(piece) for post in storm.sent[source] for piece in post.pieces)

    assert in_folder("main", "INBOX") == Counter()
    assert in_folder("main", "Saraban") == all_sent("main")
    assert in_folder("second", "INBOX") == all_sent("second")
    assert in_folder("second", "INBOX", "KEYWORD $Saraban") == all_sent("second")


def assert_files_are_put_away(storm: Storm, rows: list[tuple[Any, ...]]) -> None:
    outcomes = {row[0]: row[3] for row in rows if row[1] == "drop"}
    assert [path for path in (storm.drop / "hand").iterdir()] == []

    def ids(folder: str) -> list[int]:
        files = (storm.drop / folder).iterdir()
        return sorted(
            int(path.name.partition("-")[0])
            for path in files
            if not (folder == "held" and path.name.count(".") > 1)
        )

    assert ids("held") == sorted(i for i, outcome in outcomes.items() if outcome == HELD)
    assert ids("done") == sorted(
        i for i, outcome in outcomes.items() if outcome not in (HELD, SECRET)
    )
    for path in storm.drop.rglob("*"):
        assert path.is_dir() or SECRET_WORD.encode() not in path.read_bytes()


def assert_nothing_is_left_running(storm: Storm) -> None:
    """No reader outlives its poller; a guard may take a moment to notice."""
    deadline = time.monotonic() + 10
    while below(storm.place.scratch):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def below(scratch: Path) -> list[int]:
    """Return the processes whose temporary files go below a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR", "").startswith(str(scratch)):
                found.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found
