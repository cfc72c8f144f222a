"""Child processes of `serve` and `demo`: started in order, watched, stopped in reverse."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from correspondence.errors import SarabanError

STOP_SECONDS = 20.0


class ChildNotReady(SarabanError):
    """A server of ours did not come up; its log says why."""

    code = "child_not_ready"


class PortTaken(SarabanError):
    """Another program listens where a server of ours would."""

    code = "port_taken"


@dataclass(frozen=True, slots=True)
class Child:
    """A running child process with its own process group and log file.

    `lifeline` is a pipe's writing end: when this process ends in any way, the kernel closes it
    and the child's guard ends the child and all it started.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    lifeline: int

    @property
    def running(self) -> bool:
        """Tell whether it still runs."""
        return self.process.poll() is None


class ProcessSet:
    """Children stopped in the reverse of the order they were started in."""

    def __init__(self, logs: Path) -> None:
        """Keep where log files go."""
        self._logs = logs
        self.children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> ProcessSet:
        """Nothing runs yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> Child:
        """Start a child; its output goes to `<logs>/<name>.log`."""
        log = self._logs / f"{name}.log"
        held, lifeline = os.pipe()
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.guarded", str(held), *command],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(held,),
            )
        os.close(held)
        child = Child(name, process, log, lifeline)
        self.children.append(child)
        return child

    def end(self, child: Child) -> None:
        """Stop one child and forget it."""
        self.children.remove(child)
        stop_child(child)

    def stop(self) -> None:
        """Ask each child to end, last started first; kill its group when it does not."""
        while self.children:
            stop_child(self.children.pop())


def stop_child(child: Child) -> None:
    """Ask one child to end; after STOP_SECONDS it and all it started are killed."""
    _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while child.running and time.monotonic() < deadline:
        time.sleep(0.05)
    os.close(child.lifeline)
    child.process.wait()


def wait_until(
    ready: Callable[[], bool], child: Child, *, seconds: float, every: float = 0.2
) -> None:
    """Wait until `ready()`.

    Raises:
        ChildNotReady: the child ended, or the time is up.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        if not child.running:
            break
        time.sleep(every)
    raise ChildNotReady(
        f"{child.name} did not come up.",
        thai=f"เริ่มบริการ {child.name} ไม่สำเร็จ",
        remedy=f"Read {child.log}.",
    )


def refuse_taken_port(host: str, port: int, variable: str) -> None:
    """Look that a port is free before a server of ours is started on it.

    Another program that answers there would be taken for our own.

    Args:
        host: the address it will listen at.
        port: the port.
        variable: the setting that names another.

    Raises:
        PortTaken: another program has it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(
                f"Port {port} is taken by another program.",
                thai=f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่",
                remedy=f"Stop it (another `saraban serve`?), or set {variable}.",
            ) from None


def answers(url: str) -> bool:
    """Tell whether a local address answers with a success status."""
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(200 <= reply.status < 300)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def program(name: str) -> str:
    """Return the path of a console script of this installation."""
    return str(Path(sys.executable).parent / name)


def _signal_group(child: Child, number: signal.Signals) -> None:
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        child.process.poll()
