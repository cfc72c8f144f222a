"""Passwords that cost little: hundreds are checked in tests, and the cost is not what they test."""

from __future__ import annotations

from functools import cache

import pytest
from argon2 import PasswordHasher

from pipeline import passwords


@cache
def _cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Argon2 run with its least parameters."""
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", _cheap)
