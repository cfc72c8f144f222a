"""Jobs that misbehave in one way each, for the tests of the sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from correspondence.errors import UsageFault

Params = Mapping[str, JsonValue]


def behave(payload: bytes, params: Params) -> Params:
    match params.get("how"):
        case "echo":
            return {"length": len(payload), "pid": os.getpid()}
        case "print":
            sys.stdout.write("noise on standard output\n")
            sys.stdout.flush()
            os.write(1, b"more noise")
            return {"printed": True}
        case "environment":
            return {"environment": dict(os.environ), "folder": str(Path.cwd())}
        case "sleep":
            time.sleep(60)
        case "spin":
            while True:
                pass
        case "start a program and sleep":
            program = subprocess.Popen(["sleep", "60"], start_new_session=True)
            Path(str(params["note"])).write_text(f"{os.getpid()} {program.pid}")
            time.sleep(60)
        case "leave a program":
            program = subprocess.Popen(["sleep", "60"], start_new_session=True)
            return {"pid": program.pid}
        case "eat memory":
            return {"length": len(bytearray(4 << 30))}
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(7)
        case "refuse":
            raise UsageFault("no")
        case "raise":
            raise KeyError("a name that must not be seen")
        case "no json":
            return {"odd": object()}  # type: ignore[dict-item]
        case "recursion":
            sys.setrecursionlimit(1000)
            return behave(payload, params)
    return {}
