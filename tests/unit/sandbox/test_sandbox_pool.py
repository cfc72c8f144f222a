from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox import (
    JobFailed,
    Limits,
    Request,
    SandboxCrashed,
    SandboxOutOfMemory,
    SandboxPool,
    SandboxTimedOut,
)

JOB = "sandbox_jobs:behave"


@pytest.fixture
def pool() -> Iterator[SandboxPool]:
    with SandboxPool(JOB, 2, Limits(wall_seconds=3, memory_bytes=2 << 30)) as made:
        yield made


def wait_until_gone(*pids: int) -> bool:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_large_payload_arrives_whole(pool: SandboxPool) -> None:
    assert pool.run(b"x" * 20_000_000, {"how": "echo"})["length"] == 20_000_000


def test_a_child_is_reused_and_recycled() -> None:
    with SandboxPool(JOB, 1, Limits(recycle_after=2)) as pool:
        pids = [pool.run(b"", {"how": "echo"})["pid"] for _ in range(4)]
    assert pids[0] == pids[1]
    assert pids[2] == pids[3]
    assert pids[1] != pids[2]


def test_output_of_libraries_does_not_disturb_replies(pool: SandboxPool) -> None:
    assert pool.run(b"", {"how": "print"}) == {"printed": True}


def test_settings_and_secrets_do_not_reach_the_child(
    pool: SandboxPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARABAN_SMTP_URL", "smtp://somebody:password@host")
    reply = pool.run(b"", {"how": "environment"})
    environment = reply["environment"]
    assert isinstance(environment, dict)
    assert "SARABAN_SMTP_URL" not in environment
    assert environment["OMP_THREAD_LIMIT"] == "1"


def test_a_slow_job_is_stopped_and_the_pool_goes_on() -> None:
    with SandboxPool(JOB, 1, Limits(wall_seconds=0.5)) as pool:
        with pytest.raises(SandboxTimedOut):
            pool.run(b"", {"how": "sleep"})
        assert pool.run(b"", {"how": "echo"})["length"] == 0


def test_a_job_out_of_processor_time_is_stopped() -> None:
    with SandboxPool(JOB, 1, Limits(wall_seconds=20, cpu_seconds=1)) as pool:
        begun = time.monotonic()
        with pytest.raises(SandboxTimedOut):
            pool.run(b"", {"how": "spin"})
        assert time.monotonic() - begun < 15


def test_a_timeout_also_kills_what_the_job_started(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    with SandboxPool(JOB, 1, Limits(wall_seconds=1)) as pool, pytest.raises(SandboxTimedOut):
        pool.run(b"", {"how": "start a program and sleep", "note": str(note)})
    assert wait_until_gone(*map(int, note.read_text().split()))


def test_a_program_left_by_a_job_ends_with_the_child() -> None:
    with SandboxPool(JOB, 1) as pool:
        pid = pool.run(b"", {"how": "leave a program"})["pid"]
        assert isinstance(pid, int)
        assert _lives(pid)
    assert wait_until_gone(pid)


def test_memory_is_limited(pool: SandboxPool) -> None:
    with pytest.raises(SandboxOutOfMemory):
        pool.run(b"", {"how": "eat memory"})
    assert pool.run(b"ab", {"how": "echo"})["length"] == 2


@pytest.mark.parametrize(("how", "ended"), [("segfault", "signal_11"), ("exit", "exit_7")])
def test_a_crash_is_named(pool: SandboxPool, how: str, ended: str) -> None:
    with pytest.raises(SandboxCrashed) as caught:
        pool.run(b"", {"how": how})
    assert caught.value.how == ended


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refuse", "wrong_usage"),
        ("raise", "unexpected_KeyError"),
        ("no json", "reply_not_json"),
        ("recursion", "unexpected_RecursionError"),
    ],
)
def test_a_refusal_keeps_its_code_and_not_its_message(
    pool: SandboxPool, how: str, reason: str
) -> None:
    with pytest.raises(JobFailed) as caught:
        pool.run(b"", {"how": how})
    assert caught.value.reason == reason
    assert "must not be seen" not in str(caught.value)


def test_an_unknown_job_is_named() -> None:
    with SandboxPool("sandbox_jobs:nothing", 1) as pool, pytest.raises(JobFailed) as caught:
        pool.run(b"")
    assert caught.value.reason == "job_not_importable"


def test_one_poisoned_request_fails_alone(pool: SandboxPool) -> None:
    hows = ["echo", "segfault", "echo", "exit", "echo", "refuse", "echo"]
    results = dict(pool.map(Request(b"abc", {"how": how}) for how in hows))
    assert sorted(results) == list(range(len(hows)))
    for index, how in enumerate(hows):
        result = results[index]
        if how == "echo":
            assert not isinstance(result, Exception)
            assert result["length"] == 3
        else:
            assert isinstance(result, SandboxCrashed | JobFailed)


def test_map_draws_requests_only_as_children_become_free(pool: SandboxPool) -> None:
    drawn = 0

    def requests() -> Iterator[Request]:
        nonlocal drawn
        for _ in range(40):
            drawn += 1
            yield Request(b"", {"how": "echo"})

    results = pool.map(requests())
    next(results)
    assert drawn <= 6
    assert len(list(results)) == 39


def test_many_threads_share_a_pool(pool: SandboxPool) -> None:
    lengths: list[object] = []

    def ask(size: int) -> None:
        lengths.append(pool.run(b"x" * size, {"how": "echo"})["length"])

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, lengths)) == sorted(map(str, range(8)))


def test_a_child_survives_the_thread_that_started_it() -> None:
    with SandboxPool(JOB, 1) as pool:
        pids: list[object] = []
        for _ in range(2):
            thread = threading.Thread(
                target=lambda: pids.append(pool.run(b"", {"how": "echo"})["pid"])
            )
            thread.start()
            thread.join()
            time.sleep(0.2)
        assert pids[0] == pids[1]


def test_a_parent_killed_at_once_leaves_no_process_and_its_scratch_is_swept(
    tmp_path: Path,
) -> None:
    note = tmp_path / "pids"
    script = (
        "from sandbox import SandboxPool\n"
        f"with SandboxPool({JOB!r}, 1) as pool:\n"
        f"    pool.run(b'', {{'how': 'start a program and sleep', 'note': {str(note)!r}}})\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment)
    end = time.monotonic() + 20
    while not (note.exists() and len(note.read_text().split()) == 2):
        assert time.monotonic() < end
        time.sleep(0.05)
    below = [process.pid for process in psutil.Process(parent.pid).children(recursive=True)]
    assert len(below) >= 3
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until_gone(*below)

    left = list(Path(tempfile.gettempdir()).glob(f"saraban-sandbox-{parent.pid}-*"))
    assert left
    with SandboxPool(JOB, 1):
        assert not any(folder.exists() for folder in left)


def test_limits_must_be_positive() -> None:
    with pytest.raises(ValueError, match="wall_seconds"):
        Limits(wall_seconds=0)


def seeds() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children()
        if process.status() != psutil.STATUS_ZOMBIE and "sandbox.seed" in process.cmdline()
    ]


def test_children_of_several_pools_are_forked_from_one_seed(pool: SandboxPool) -> None:
    pool.run(b"", {"how": "echo"})
    before = [process.pid for process in seeds()]
    with SandboxPool(JOB, 1) as other:
        other.run(b"", {"how": "echo"})
        assert [process.pid for process in seeds()] == before


def test_a_seed_that_was_killed_is_sown_again(pool: SandboxPool) -> None:
    pool.run(b"", {"how": "echo"})
    for process in seeds():
        process.kill()
        process.wait(10)
    assert pool.run(b"ab", {"how": "echo"})["length"] == 2  # children live on without it
    with SandboxPool(JOB, 1) as other:
        assert other.run(b"abc", {"how": "echo"})["length"] == 3


def test_a_seed_leaves_when_it_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for process in seeds():
        process.kill()
        process.wait(10)
    monkeypatch.setattr("sandbox.nursery.LINGER_SECONDS", 0.3)
    with SandboxPool(JOB, 1) as pool:
        pool.run(b"", {"how": "echo"})
        (seed,) = seeds()
    assert wait_until_gone(seed.pid)
    with SandboxPool(JOB, 1) as pool:
        assert pool.run(b"a", {"how": "echo"})["length"] == 1


def test_what_the_reading_job_imports_starts_no_thread() -> None:
    # A thread's locks would be held for ever in what is forked from the seed.
    script = "import pipeline.reading_job, os; print(len(os.listdir('/proc/self/task')))"
    environment = dict(
        os.environ, PYTHONPATH=os.pathsep.join(sys.path), OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
