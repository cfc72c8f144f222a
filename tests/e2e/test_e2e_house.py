"""The main job end to end: a real mailbox, PDFs and scans, a real database, a Prefect server."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, text

from correspondence.vocabulary import IntakeOutcome
from demo.samples.catalogue import Trait, load_samples
from demo.samples.delivery import prepare_samples

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SARABAN = str(Path(sys.executable).parent / "saraban")
KILLS = int(os.environ.get("SARABAN_TEST_KILLS", "1"))
SOAK = "SARABAN_TEST_KILLS" in os.environ


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample letters, rendered once for all tests of this file."""
    folder = tmp_path_factory.mktemp("rendered") / "samples"
    prepare_samples(folder, lambda done, total, sample_id: None)
    return folder


@pytest.fixture
def home(rendered: Path, tmp_path: Path) -> Path:
    """A scratch folder that holds the rendered samples already."""
    home = tmp_path / "home"
    shutil.copytree(rendered, home / "samples")
    return home


def demo_command(home: Path, database: str) -> tuple[list[str], dict[str, str]]:
    environment = {
        **os.environ,
        "SARABAN_HOME": str(home),
        "SARABAN_DATABASE_URL": "" if database.startswith("sqlite") else database,
    }
    return [SARABAN, "demo", "--json"], environment


def run_demo(home: Path, database: str) -> dict[str, Any]:
    command, environment = demo_command(home, database)
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:] + logs(home)
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def logs(home: Path) -> str:
    return "\n".join(
        f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}"
        for log in sorted((home / "logs").glob("*.log"))
    )


def database_of(home: Path, database_url: str) -> str:
    return f"sqlite:///{home / 'saraban.db'}" if database_url.startswith("sqlite") else database_url


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(statement))]
    engine.dispose()
    return rows


def assert_register_is_whole(url: str) -> None:
    numbers = [row[0] for row in query(url, "SELECT register_number FROM letters ORDER BY 1")]
    assert numbers == list(range(1, len(numbers) + 1))
    registered = query(url, "SELECT count(*) FROM intake_items WHERE outcome = 'registered'")
    assert registered == [(len(numbers),)]


def test_letters_go_in_and_memos_come_out(home: Path, database_url: str) -> None:
    url = database_of(home, database_url)
    first = run_demo(home, database_url)
    samples = {(f"{s.id}.eml" if s.mail else s.file_name): s for s in load_samples()}
    assert (first["unaccounted"], first["errors"]) == (0, 0)
    assert len(first["letters"]) == len(samples) >= 30
    for letter in first["letters"]:
        sample = samples[letter["file"]]
        assert letter["outcome"] == sample.expected.value, letter["file"]
        if letter["outcome"] == IntakeOutcome.REGISTERED:
            assert letter["state"] in ("in_review", "triage")
            assert letter["due_date"], letter["file"]
            assert (letter["memo_path"] is not None) == (letter["state"] == "in_review")
        else:
            assert letter["reason"], letter["file"]
    answered = [x for x in first["letters"] if x["state"] == "in_review"]
    right = sum(x["category"] == samples[x["file"]].category for x in answered)
    assert len(answered) >= 0.7 * first["new_letters"]
    assert right >= 0.9 * len(answered)
    assert_register_is_whole(url)
    assert_secret_text_is_nowhere(home, url)
    if database_url.startswith("postgresql") and not SOAK:
        return  # a second run asks the same of both databases, and takes as long as half the first
    second = run_demo(home, database_url)
    assert (second["new_letters"], second["errors"], second["unaccounted"]) == (0, 0, 0)
    assert_register_is_whole(url)


def assert_secret_text_is_nowhere(home: Path, url: str) -> None:
    """No words of a marked letter stand in a table, a log, an artifact or a file but its blob."""
    secrets = [s for s in load_samples() if Trait.SECRET_MARK in s.traits]
    assert secrets
    phrases = [
        phrase
        for sample in secrets
        for phrase in sorted(sample.text.split(), key=len, reverse=True)[:3]
    ]
    engine_dump = dump(url) + dump(f"sqlite:///{home / 'prefect' / 'prefect.db'}")
    for phrase in phrases:
        assert phrase not in engine_dump
        for path in home.rglob("*"):
            own = {"samples", "blobs", "mailbox"} & set(path.relative_to(home).parts)
            if path.is_file() and not own:
                assert phrase.encode() not in path.read_bytes(), path
    rows = query(
        url,
        "SELECT file_name, message_id, reason_thai FROM intake_items WHERE outcome = 'secret'",
    )
    assert len(rows) == len(secrets)
    for file_name, message_id, reason in rows:
        assert (file_name, message_id) == ("", None)
        assert "นายทะเบียนข้อมูลข่าวสารลับ" in reason


def dump(url: str) -> str:
    """Return every value of every table."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        everything = "\n".join(connection.iterdump())
        connection.close()
        return everything
    tables = query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return "\n".join(
        str(value)
        for (table,) in tables
        for row in query(url, f'SELECT * FROM "{table}"')
        for value in row
    )


@pytest.mark.faults
@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_at_any_moment_the_next_run_ends_with_each_letter_once(
    home: Path, database_url: str, kill: int
) -> None:
    if not SOAK:
        pytest.skip("deaths of the whole house are for `make soak`")
    url = database_of(home, database_url)
    chance = random.Random(f"{database_url[:6]}-{kill}")
    command, environment = demo_command(home, database_url)
    for _ in range(2):
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        below = kill_after(process, chance.uniform(3, 45))
        assert psutil.wait_procs(below, timeout=20)[1] == []
    result = run_demo(home, database_url)
    assert (result["unaccounted"], result["errors"]) == (0, 0)
    outcomes = Counter(letter["outcome"] for letter in result["letters"])
    assert outcomes == Counter(sample.expected.value for sample in load_samples())
    assert_register_is_whole(url)
    letters = query(url, "SELECT count(*) FROM letters")
    assert letters == [(outcomes["registered"],)]
    waiting = "('registered', 'classified', 'assigned', 'drafting')"
    assert query(url, f"SELECT count(*) FROM cases WHERE state IN {waiting}") == [(0,)]


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> list[psutil.Process]:
    """Kill a process after a while and return what it had started."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    try:
        below: Callable[..., list[psutil.Process]] = psutil.Process(process.pid).children
        started = below(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    process.send_signal(signal.SIGKILL)
    process.wait()
    return started
