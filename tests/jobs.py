"""Jobs that misbehave, for tests of what stands around the reading child."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from pydantic import JsonValue


def answer_rubbish(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    return {"extraction": "everything is fine"}


def die(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def be_killed(payload: bytes, params: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}
