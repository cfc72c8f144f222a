"""The `saraban` command, run as often as a test likes: each time a process of its own.

What a command imports costs more than most commands do. A server has it imported and forks for
each one, so that arguments, environment, files, exit code and memory are its own all the same.
That the command also starts from nothing is shown where the package is installed
(`test_office_installed`) and in the whole house's tests.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Final

# What commands import only when they need it: every room's modules, and what these put off.
_ROOMS: Final = ("cli", "drafting", "extractors", "intake", "pipeline", "registry", "reports")
_LATE: Final = ("classifiers.store", "sklearn.linear_model", "skops.io", "pythainlp.tokenize")
_ROOT: Final = Path(__file__).resolve().parents[2]


Ended = subprocess.CompletedProcess[str]


def saraban(
    home: Path,
    *arguments: object,
    stdin: str | None = None,
    seconds: float = 240,
    **environment: str,
) -> Ended:
    """Run one command to its end in an office of the test.

    Args:
        home: the office's folder.
        arguments: of the command, each turned into a string.
        stdin: what it reads; nothing by default.
        seconds: how long it may take.
        environment: variables besides those of the test; none of the test's own `SARABAN_…`.

    Raises:
        subprocess.TimeoutExpired: it took longer; it is killed.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SARABAN_")}
    with tempfile.TemporaryDirectory(prefix="saraban-command-") as name:
        files = [Path(name) / part for part in ("stdin", "stdout", "stderr")]
        files[0].write_text(stdin or "", encoding="utf-8")
        order = {
            "arguments": [str(argument) for argument in arguments],
            "environment": {**kept, "SARABAN_HOME": str(home), **environment},
            "files": [str(file) for file in files],
        }
        code = _ask(order, seconds)
        said, complained = (file.read_text(encoding="utf-8") for file in files[1:])
    return subprocess.CompletedProcess(order["arguments"], code, said, complained)


def _ask(order: dict[str, object], seconds: float) -> int:
    server = _server()
    _pipe(server.stdin).write(json.dumps(order).encode() + b"\n")
    _pipe(server.stdin).flush()
    if not select.select([server.stdout], [], [], seconds)[0]:
        _end(server)
        raise subprocess.TimeoutExpired(str(order["arguments"]), seconds)
    return int(_pipe(server.stdout).readline())


@cache
def _server() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.servers.commands"],
        cwd=_ROOT,
        env={**os.environ, "COLUMNS": "200"},  # tables read it when they are imported
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    _server.cache_clear()
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def stop_commands() -> None:
    """End the server, where one runs."""
    if _server.cache_info().currsize:
        server = _server()
        _pipe(server.stdin).close()
        server.wait(timeout=30)
        _pipe(server.stdout).close()
        _server.cache_clear()


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None
    return end


def _serve() -> None:
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    for name in (*_modules(), *_LATE):
        importlib.import_module(name)
    fork = multiprocessing.get_context("fork")
    for line in sys.stdin.buffer:
        process = fork.Process(target=_run, args=(json.loads(line),))
        process.start()
        process.join()
        answers.write(f"{process.exitcode}\n".encode())


def _modules() -> list[str]:
    rooms = [importlib.import_module(name) for name in _ROOMS]
    return [
        module.name
        for room in rooms
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}.")
        if not module.ispkg
    ]


def _run(order: dict[str, list[str]]) -> None:
    modes = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (file, mode) in enumerate(zip(order["files"], modes, strict=True)):
        os.dup2(os.open(file, mode), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["saraban", *order["arguments"]]
    sys.modules["__main__"].__package__ = None  # or usage lines call it after this module
    importlib.import_module("cli.main").main()


if __name__ == "__main__":
    _serve()
